"""E-mails that wait in the queue like a call: who wrote, what they ask, and the files that came with it (A3)."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

import msgspec

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.document import ATTACHMENT, Attachment
from wellbeing_desktop.domain.enquiry import Enquiry
from wellbeing_desktop.domain.file_kinds import size_words, title_from
from wellbeing_desktop.exchange.eml import Email
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.operations.enquiries import add_enquiry
from wellbeing_desktop.storage.attachments import Attachments, keep_file
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.records import load_all
from wellbeing_desktop.storage.write_door import Transaction

MOST_WORDS: Final = 20_000
EMAIL: Final = "05"  # of contact_mediums


class KeptFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file whose bytes are kept, and that no record names yet."""

    title: str
    sha256: str
    size: int
    media_type: str


class ReceivedEmail(msgspec.Struct, frozen=True, kw_only=True):
    """One e-mail without the bytes of its files, which are kept already."""

    email: Email
    files: tuple[KeptFile, ...] = ()


class EmailsKept(msgspec.Struct, frozen=True, kw_only=True):
    """What was written, how many e-mails were here already, how many files came into records and how many could not,
    because whoever brought them in may not write documents."""

    changes: Changes
    here: int
    files: int = 0
    files_not_allowed: int = 0


def keep_files(files: Attachments, email: Email, *, now: dt.datetime) -> ReceivedEmail:
    """Keeps the bytes first, as every document's; what no record names in the end is swept after a day. For a thread
    that may wait."""
    kept = tuple(
        KeptFile(
            title=title_from(one.name) or "File with an e-mail",
            sha256=keep_file(files, one.content, now=now),
            size=one.size,
            media_type=one.media_type,
        )
        for one in email.attached
        if one.media_type
    )
    told = tuple(msgspec.structs.replace(one, content=b"") for one in email.attached)
    return ReceivedEmail(email=msgspec.structs.replace(email, attached=told), files=kept)


def begin_all(writer: Writer, received: Sequence[ReceivedEmail], *, at: dt.datetime) -> EmailsKept:
    """Each e-mail that is not here yet waits for somebody, with its files beside it; about whom it is is said later.
    Several are undone as one."""
    with doing(writer, "begin_enquiry", at=at) as tx:
        here = named = not_allowed = 0
        for one in received:
            if is_here(tx.reader, one.email):
                here += 1
                continue
            tx.begin_group()
            if _name_files(tx, add_enquiry(tx, enquiry_of(one.email, at)), one.files):
                named += len(one.files)
            else:
                not_allowed += len(one.files)
    return EmailsKept(changes=tx.changes, here=here, files=named, files_not_allowed=not_allowed)


def _name_files(tx: Transaction, enquiry_id: str, files: Sequence[KeptFile]) -> bool:
    """They belong to whom the e-mail is about, and go along when that is found out."""
    enquiry = found.found(tx.reader, Enquiry, enquiry_id)
    if not tx.may_add(ATTACHMENT, enquiry.subject):
        return False
    for file in files:
        tx.create(
            Attachment(
                subject=enquiry.subject,
                sha256=file.sha256,
                bytes=file.size,
                media_type=file.media_type,
                title=file.title,
                received_on=enquiry.received_on,
                source=enquiry.caller_name or enquiry.caller_email,
                about_id=enquiry_id,
            )
        )
    return True


def files_with(reader: Reader, enquiry_id: str) -> tuple[Attachment, ...]:
    """The documents that came with an e-mail, by title."""
    return tuple(sorted(load_all(reader, Attachment, about_id=enquiry_id), key=lambda one: (one.title, one.id)))


def enquiry_of(email: Email, at: dt.datetime) -> Enquiry:
    """The enquiry that an e-mail makes. One that says it was sent in the future came now."""
    sent = email.sent_at if email.sent_at is not None and email.sent_at <= at else at
    return Enquiry(
        medium=EMAIL,
        direction="in",
        caller_name=email.sender_name,
        caller_email=email.sender_address,
        words=words_of(email),
        received_at=sent,
    )


def words_of(email: Email) -> str:
    """Subject, text and what came with it; says when it is cut, or when there is no plain text."""
    text = email.text or "This e-mail has no plain text. Read it in the e-mail program."
    ends = []
    if email.attached:
        ends = ["Files that came with it:"]
        ends += [f"- {one.name} ({size_words(one.size)}). {one.why_not}".rstrip(" .") for one in email.attached]
    end = "\n".join(ends)
    head = "\n\n".join(filter(None, (email.subject, text)))
    room = MOST_WORDS - len(end) - 120
    if len(head) > room:
        head = f"{head[:room]}\n\nThe e-mail is longer than this. Read the rest in the e-mail program."
    return "\n\n".join(filter(None, (head, end)))


def is_here(reader: Reader, email: Email) -> bool:
    """This very e-mail was brought in before."""
    if email.sent_at is None:
        return False
    same = load_all(reader, Enquiry, caller_email=email.sender_address, medium=EMAIL)
    return any(one.received_at == email.sent_at and one.words == words_of(email) for one in same)
