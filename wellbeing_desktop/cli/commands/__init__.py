"""One file for each command; the list is what `wellbeing --help` shows."""

from typing import Final

from wellbeing_desktop.cli.command import Command
from wellbeing_desktop.cli.commands.backup import BACKUP, RESTORE
from wellbeing_desktop.cli.commands.check import CHECK
from wellbeing_desktop.cli.commands.create import CREATE

COMMANDS: Final[tuple[Command, ...]] = (CREATE, CHECK, BACKUP, RESTORE)
