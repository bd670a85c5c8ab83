"""E-mails that wait in the queue like a call: who wrote, what they ask, which files came with it (A3)."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

import msgspec

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.enquiry import Enquiry
from wellbeing_desktop.exchange.eml import Email
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.operations.enquiries import add_enquiry
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.records import load_all

MOST_WORDS: Final = 20_000
EMAIL: Final = "05"  # of contact_mediums


class EmailsKept(msgspec.Struct, frozen=True):
    """What was written, and how many e-mails were here already."""

    changes: Changes
    here: int


def begin_all(writer: Writer, emails: Sequence[Email], *, at: dt.datetime) -> EmailsKept:
    """Each e-mail that is not here yet waits for somebody; about whom it is is said later. Several are undone as one."""
    with doing(writer, "begin_enquiry", at=at) as tx:
        here = 0
        for email in emails:
            if is_here(tx.reader, email):
                here += 1
            else:
                tx.begin_group()
                add_enquiry(tx, enquiry_of(email, at))
    return EmailsKept(tx.changes, here)


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
        ends = ["Files that came with it, to be read in the e-mail program:"]
        ends += [f"- {one.name} ({max(1, one.size // 1024):,} KB)" for one in email.attached]
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
