"""What is written down of buckets on their way in or out, beyond the rows themselves (SYNC 3.6)."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from itertools import groupby
from typing import Final

import msgspec

from wellbeing_desktop.domain.changes import Change
from wellbeing_desktop.domain.definition import SubjectKind
from wellbeing_desktop.domain.grants import EVERYONE, may_hold
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.domain.organisation import Grant
from wellbeing_desktop.storage import audit, incoming
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.grants import about, organisation_of, user_of
from wellbeing_desktop.storage.incoming import BucketToFetch
from wellbeing_desktop.storage.opener import checkpoint
from wellbeing_desktop.storage.sync_state import sync_number


def fetch_after_leaving(writer: Writer, subject: str, compartment: str) -> None:
    """A bucket of which less may be held now: it is purged whole, and then what remains of it is fetched."""
    writer.execute(
        "INSERT INTO bucket_to_fetch (subject, compartment) VALUES (?, ?)"
        " ON CONFLICT (subject, compartment) DO UPDATE SET after = '', stage = 'rows'",
        (subject, compartment),
    )


def note_all_histories(writer: Writer) -> None:
    """After a first load: the history of everything is to be fetched, in the background."""
    writer.execute(
        "INSERT INTO bucket_to_fetch (subject, compartment, stage)"
        " SELECT DISTINCT subject, compartment, 'versions' FROM record WHERE rev > 0"
        " ON CONFLICT (subject, compartment) DO NOTHING"
    )


def to_fetch(reader: Reader, stage: str, limit: int) -> list[BucketToFetch]:
    """The next buckets at a stage (rows, versions), what was begun first; one that must first be left is not among
    them."""
    return [
        BucketToFetch(subject=subject, compartment=compartment, after=after, stage=found)
        for subject, compartment, after, found in reader.rows(
            "SELECT subject, compartment, after, stage FROM bucket_to_fetch AS f WHERE stage = ? AND NOT EXISTS"
            " (SELECT 1 FROM bucket_to_leave AS l WHERE l.subject = f.subject AND l.compartment = f.compartment)"
            " ORDER BY after = '', subject, compartment LIMIT +?",
            (stage, limit),
        )
    ]


def purge(writer: Writer, subject: str, compartment: str) -> set[Change] | None:
    """Take a bucket that left out of the file, with a line in the audit, which the server is sent: the receipt.

    Answers what went; None, with nothing done, while work in it waits (I8).
    """
    if not is_leaving(writer, subject, compartment):
        return set()  # granted again meanwhile
    if is_anything_waiting(writer, subject):
        return None  # who it was about must not go before what was written about them
    erased = writer.row(_IS_ERASED, (subject, compartment)) is not None
    gone = incoming.purge_bucket(writer, subject, compartment, sync_number(writer, "backed_up_seq"))
    if gone:
        audit.append(
            writer,
            user=user_of(writer),
            action="remove_from_laptop",
            at=dt.datetime.now(dt.UTC),
            subject="" if erased else subject,
            touched={f"purge {name}": count for name, count in sorted(Counter(one.type for one in gone).items())},
        )
    if erased and gone is not None:
        _forget_erased(writer, subject, compartment)
    return gone


_IS_ERASED: Final = "SELECT 1 FROM bucket_to_leave WHERE subject = ? AND compartment = ? AND why = 'erased'"


def _forget_erased(writer: Writer, subject: str, compartment: str) -> None:
    """Of somebody who was erased nothing is kept for a restored server, and the audit no longer leads to them."""
    bucket = (subject, compartment)
    writer.execute("DELETE FROM outbox WHERE subject = ? AND compartment = ?", bucket)
    writer.execute("DELETE FROM salvage WHERE subject = ? AND compartment = ?", bucket)
    writer.execute("DELETE FROM audit_subject WHERE subject = ?", (subject,))


def note_erased(writer: Writer, subjects: Iterable[str]) -> None:
    """With a load beside what is here: whoever was erased meanwhile is taken away."""
    for subject in subjects:
        for (compartment,) in writer.rows("SELECT DISTINCT compartment FROM record WHERE subject = ?", (subject,)):
            incoming.bucket_left(writer, subject, compartment, "erased")


def let_leaving_go(writer: Writer) -> None:
    """What is held in a bucket that leaves is sent after all, so that it is not lost with it."""
    writer.execute(
        "UPDATE outbox SET state = 0, why = NULL WHERE state = 1 AND subject IN (SELECT subject FROM bucket_to_leave)"
    )


def is_anything_waiting(reader: Reader, subject: str) -> bool:
    """Has the server not acknowledged all work about somebody, in whichever compartment?"""
    return reader.row("SELECT 1 FROM outbox WHERE subject = ? AND state < 3 LIMIT 1", (subject,)) is not None


def is_leaving(reader: Reader, subject: str, compartment: str) -> bool:
    """Is this bucket still to be left?"""
    return (
        reader.row("SELECT 1 FROM bucket_to_leave WHERE subject = ? AND compartment = ?", (subject, compartment))
        is not None
    )


def truncate_log(writer: Writer) -> None:
    """What was purged must not live on in the write-ahead log. Outside a transaction."""
    checkpoint(writer.connection)


def buckets_beyond(reader: Reader, grants: Iterable[Grant]) -> list[tuple[str, str]]:
    """What came from the server and may not be held any more, by these grants, all of which are in force."""
    day = local_date(dt.datetime.now(dt.UTC))
    held = [(frozenset(grant.subjects), grant) for grant in grants]
    beyond = []
    buckets = reader.rows(
        "SELECT DISTINCT subject, compartment FROM record WHERE rev > 0 ORDER BY subject, compartment"
    )
    for subject, group in groupby(buckets, key=lambda bucket: str(bucket[0])):
        own = tuple(
            grant if EVERYONE in named else msgspec.structs.replace(grant, subjects=(subject,) * (subject in named))
            for named, grant in held
        )
        mine, kind = about(reader, own, subject), _kind_of(reader, subject)
        beyond += [(subject, where) for _, where in group if not may_hold(mine, subject, where, day, kind)]
    return beyond


def _kind_of(reader: Reader, subject: str) -> SubjectKind:
    found = reader.value("SELECT type FROM record WHERE id = ?", (subject,))
    if found in ("practitioner", "team"):
        return SubjectKind(found)
    return SubjectKind.ORGANISATION if subject == organisation_of(reader) else SubjectKind.PERSON


def people_held(reader: Reader) -> int:
    return int(reader.value("SELECT count(*) FROM record WHERE type = 'person'"))


def people_among(reader: Reader, subjects: Iterable[str]) -> int:
    """How many of these are people held here."""
    return sum(
        reader.row("SELECT 1 FROM record WHERE id = ? AND type = 'person'", (subject,)) is not None
        for subject in set(subjects)
    )
