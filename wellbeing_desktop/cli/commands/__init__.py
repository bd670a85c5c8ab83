"""One file for each command; the list is what `wellbeing --help` shows."""

from typing import Final

from wellbeing_desktop.cli.command import Command
from wellbeing_desktop.cli.commands.backup import BACKUP, RESTORE
from wellbeing_desktop.cli.commands.check import CHECK
from wellbeing_desktop.cli.commands.create import CREATE
from wellbeing_desktop.cli.commands.demo import DEMO
from wellbeing_desktop.cli.commands.emergency import EMERGENCY
from wellbeing_desktop.cli.commands.export_calendar import EXPORT_CALENDAR
from wellbeing_desktop.cli.commands.export_directory import EXPORT_DIRECTORY
from wellbeing_desktop.cli.commands.export_person import EXPORT_PERSON
from wellbeing_desktop.cli.commands.import_calendar import IMPORT_CALENDAR
from wellbeing_desktop.cli.commands.import_directory import IMPORT_DIRECTORY
from wellbeing_desktop.cli.commands.import_email import IMPORT_EMAIL
from wellbeing_desktop.cli.commands.import_fhir import IMPORT_FHIR
from wellbeing_desktop.cli.commands.import_people import IMPORT_PEOPLE
from wellbeing_desktop.cli.commands.letters import LETTERS
from wellbeing_desktop.cli.commands.monthly_return import RETURN
from wellbeing_desktop.cli.commands.organisation_key import ORGANISATION_KEY
from wellbeing_desktop.cli.commands.people import PEOPLE
from wellbeing_desktop.cli.commands.sync import JOIN, SYNC
from wellbeing_desktop.cli.commands.triage_forms import IMPORT_TRIAGE_FORM, TRIAGE_FORMS

COMMANDS: Final[tuple[Command, ...]] = (
    DEMO,
    CREATE,
    JOIN,
    IMPORT_PEOPLE,
    IMPORT_FHIR,
    IMPORT_DIRECTORY,
    IMPORT_CALENDAR,
    IMPORT_EMAIL,
    IMPORT_TRIAGE_FORM,
    TRIAGE_FORMS,
    PEOPLE,
    EXPORT_PERSON,
    EXPORT_CALENDAR,
    EXPORT_DIRECTORY,
    RETURN,
    LETTERS,
    SYNC,
    EMERGENCY,
    CHECK,
    BACKUP,
    RESTORE,
    ORGANISATION_KEY,
)
