"""E-mail files chosen or dropped on the Inbox: read and kept one by one, with a reason for each that is no good."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import msgspec

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.exchange.eml import LARGEST_BYTES, read_email
from wellbeing_desktop.operations.emails import EmailsKept, ReceivedEmail, keep_files
from wellbeing_desktop.storage.attachments import Attachments
from wellbeing_desktop.ui.pages.today_parts.day import things
from wellbeing_desktop.ui.saving_files import read_chosen

MOST_FILES = 50
_FILES_ELSEWHERE = "You may not write documents, so the files that came with them stay in the e-mail program. "


class EmailsRead(msgspec.Struct, frozen=True):
    """What could be read, and why the others could not. A file is named by its place: names hold people's names."""

    emails: tuple[ReceivedEmail, ...]
    refused: tuple[str, ...]


def read_files(paths: Sequence[Path], files: Attachments, now: dt.datetime) -> EmailsRead:
    """Runs off the GUI thread; the bytes of one e-mail are held at a time. Raises Refused for more files than anybody
    chooses by hand."""
    if len(paths) > MOST_FILES:
        raise Refused(f"Choose at most {MOST_FILES} e-mail files at once.")
    emails, refused = [], []
    for place, path in enumerate(paths, 1):
        try:
            email = read_email(read_chosen(path, LARGEST_BYTES, lambda _done, _of: None))
            emails.append(keep_files(files, email, now=now))
        except Refused as refusal:
            refused.append(f"File {place}: {refusal.message}")
    return EmailsRead(tuple(emails), tuple(refused))


def told(read: EmailsRead, kept: EmailsKept) -> tuple[str, str]:
    """What happened, and the reasons."""
    here, added = kept.here, len(read.emails) - kept.here
    said = (
        f"{things(added, 'e-mail')} {'waits' if added == 1 else 'wait'} in the queue."
        if added
        else "Nothing was added."
    )
    already = f"{things(here, 'e-mail')} {'was' if here == 1 else 'were'} here already. " if here else ""
    came = f"{things(kept.files, 'file')} that came with them {'is' if kept.files == 1 else 'are'} kept. "
    files = (came if kept.files else "") + (_FILES_ELSEWHERE if kept.files_not_allowed else "")
    return said, (already + files + " ".join(read.refused)).strip()
