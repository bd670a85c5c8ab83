"""One file for each command; the list is what `wellbeing --help` shows."""

from typing import Final

from wellbeing_desktop.cli.command import Command

COMMANDS: Final[tuple[Command, ...]] = ()
