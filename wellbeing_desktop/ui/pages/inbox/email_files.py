"""E-mail files chosen or dropped on the Inbox: read one by one, with a reason for each that is no good."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.exchange.eml import LARGEST_BYTES, Email, read_email
from wellbeing_desktop.ui.pages.today_parts.day import things
from wellbeing_desktop.ui.saving_files import read_chosen

MOST_FILES = 50


class EmailsRead(msgspec.Struct, frozen=True):
    """What could be read, and why the others could not. A file is named by its place: names hold people's names."""

    emails: tuple[Email, ...]
    refused: tuple[str, ...]


def read_files(paths: Sequence[Path]) -> EmailsRead:
    """Runs off the GUI thread. Raises Refused for more files than anybody chooses by hand."""
    if len(paths) > MOST_FILES:
        raise Refused(f"Choose at most {MOST_FILES} e-mail files at once.")
    emails, refused = [], []
    for place, path in enumerate(paths, 1):
        try:
            emails.append(read_email(read_chosen(path, LARGEST_BYTES, lambda _done, _of: None)))
        except Refused as refusal:
            refused.append(f"File {place}: {refusal.message}")
    return EmailsRead(tuple(emails), tuple(refused))


def told(read: EmailsRead, here: int) -> tuple[str, str]:
    """What happened, and the reasons."""
    added = len(read.emails) - here
    said = (
        f"{things(added, 'e-mail')} {'waits' if added == 1 else 'wait'} in the queue."
        if added
        else "Nothing was added."
    )
    already = f"{things(here, 'e-mail')} {'was' if here == 1 else 'were'} here already. " if here else ""
    return said, already + " ".join(read.refused)
