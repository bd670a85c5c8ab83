"""The call sheet as the service's settings have it today."""

import datetime as dt

from wellbeing_desktop.documents.call_sheet import CallSheet
from wellbeing_desktop.domain.concern_rules import Link
from wellbeing_desktop.domain.organisation import Organisation
from wellbeing_desktop.domain.risk_script import QUESTIONS
from wellbeing_desktop.operations.concerns import chain, script
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.grants import organisation_of
from wellbeing_desktop.storage.records import load


def call_sheet(reader: Reader, today: dt.date) -> CallSheet:
    """Whom to ring and whom to call next, with what is not set said to be not set."""
    organisation = load(reader, Organisation, organisation_of(reader)) or Organisation()
    return CallSheet(
        service=organisation.name,
        printed_on=today,
        questions=tuple(asks for _step, _name, asks in QUESTIONS),
        script=tuple((line.words, line.telephone) for line in script(reader)),
        chain=tuple((link.role, _who(link), link.telephone) for link in chain(reader)),
    )


def _who(link: Link) -> str:
    return f"{link.name} ({link.hours})" if link.hours else link.name
