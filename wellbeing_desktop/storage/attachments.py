"""The bytes of files: a second encrypted file beside the store, on a thread of its own (SYNC 3.2, SECURITY 3.1).

A blob is named by the SHA-256 of all its bytes and kept in parts of 1 MiB. Parts are committed first; the record that
names them is saved in the store afterwards, and goes before them. What no record names is swept after a day, so a
crash between the two leaves nothing half there and nothing for ever. Nothing is ever written down outside this file.

The file is opened when it is first asked for, and the store works without it: a damaged one is told in words when
somebody wants a document.
"""

import datetime as dt
import hashlib
import threading
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from typing import Final, TypeVar

import msgspec
from sqlcipher3 import dbapi2

from wellbeing_desktop.domain.errors import StoreProblem
from wellbeing_desktop.domain.wire import to_wire
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.opener import checkpoint
from wellbeing_desktop.storage.owner import Owner, store_is_closed
from wellbeing_desktop.storage.statements import json_text
from wellbeing_desktop.storage.sync_state import has_organisation

T = TypeVar("T")

PART_BYTES: Final = 1 << 20
ORPHAN_AFTER: Final = dt.timedelta(days=1)


class State(StrEnum):
    """How much of a blob is here, and whether the server has it."""

    ARRIVING = "arriving"  # some parts, or none: being added, or on its way from the server
    HERE = "here"  # whole, and as far as this laptop knows nowhere else
    SHARED = "shared"  # whole, here and on the server


class Blob(msgspec.Struct, frozen=True, kw_only=True):
    """`have` of `size` bytes are here."""

    sha: str
    size: int
    have: int
    state: State

    @property
    def is_whole(self) -> bool:
        return self.state is not State.ARRIVING


class Attachments:
    """The file of one open store. Jobs run one at a time, each short: a part, never a whole file."""

    def __init__(self, open_it: Callable[[], dbapi2.Connection]) -> None:
        self._open_it = open_it
        self._lock = threading.Lock()
        self._owner: Owner[Writer] | None = None
        self._is_closed = False

    def call(self, job: Callable[[Writer], T]) -> T:
        """Run a job on the file's thread and wait for it. Raises StoreProblem files_damaged, files_missing and what
        the job raises. Not for the window's thread: the first call opens the file."""
        with self._lock:
            if self._is_closed:
                raise store_is_closed()
            if self._owner is None:
                self._owner = Owner("store-attachments", self._opened, Writer)
            owner = self._owner
        try:
            return owner.call(job)
        except StoreProblem as problem:
            raise files_problem(problem) from problem

    def close(self) -> None:
        """Finish what is queued, bring the log in and close. Safe to repeat."""
        with self._lock:
            self._is_closed = True
            owner, self._owner = self._owner, None
        if owner is not None:
            try:
                owner.call(lambda writer: checkpoint(writer.connection))
            except StoreProblem:
                pass  # what could not be brought in now stays in the log
            finally:
                owner.stop()

    def reopen(self) -> None:
        """After the file was replaced: the next call opens the new one."""
        self.close()
        with self._lock:
            self._is_closed = False

    def _opened(self) -> dbapi2.Connection:
        try:
            return self._open_it()
        except StoreProblem as problem:
            raise files_problem(problem) from problem


def files_problem(problem: StoreProblem) -> StoreProblem:
    """What is wrong with the attachments file in its own words; any other trouble stays as it is."""
    if problem.kind in _MISSING:
        return StoreProblem("files_missing", f"The file that holds the documents is missing. {_STAYS}", _ADVICE)
    if problem.kind in _DAMAGED:
        return StoreProblem("files_damaged", f"The file that holds the documents is damaged. {_STAYS}", _ADVICE)
    return problem


_MISSING: Final = frozenset({"missing_store"})
_DAMAGED: Final = frozenset({"damaged_store", "empty_store", "shortened_store", "plaintext_store", "foreign_store"})
_STAYS: Final = "Records are whole, and work goes on; documents cannot be opened until it is put right."
_ADVICE: Final = (
    "Restore the latest backup beside this store, or begin a new file for documents on a person's Documents tab: then "
    "those that were sent come back from the server."
)


def parts_of(size: int) -> int:
    """How many parts a blob of this size has; one at least."""
    return max(1, -(-size // PART_BYTES))


def part_size(size: int, i: int) -> int:
    """How many bytes part `i` has."""
    return min(PART_BYTES, size - i * PART_BYTES)


# Jobs: each is given to `Attachments.call`, and is one transaction or one question ---------------------------------


def blob_of(reader: Reader, sha: str) -> Blob | None:
    """What is known here of one blob."""
    return next(iter(blobs_of(reader, [sha]).values()), None)


def blobs_of(reader: Reader, shas: Iterable[str]) -> dict[str, Blob]:
    """What is known here of these blobs, by name; those of which nothing is here are left out."""
    rows = reader.rows(
        "SELECT sha, size, have, state FROM blob WHERE sha IN (SELECT value FROM json_each(?))",
        (json_text(sorted(set(shas))),),
    )
    return {sha: Blob(sha=sha, size=size, have=have, state=State(state)) for sha, size, have, state in rows}


def in_state(reader: Reader, *states: State) -> list[Blob]:
    """Every blob in one of these states, the one touched first first."""
    rows = reader.rows(
        "SELECT sha, size, have, state FROM blob WHERE state IN (SELECT value FROM json_each(?))"
        " ORDER BY touched_at, sha",
        (json_text([str(state) for state in states]),),
    )
    return [Blob(sha=sha, size=size, have=have, state=State(state)) for sha, size, have, state in rows]


def missing_parts(reader: Reader, sha: str, size: int) -> list[int]:
    """The numbers of the parts that are not here."""
    held = {int(i) for (i,) in reader.rows("SELECT i FROM blob_part WHERE sha = ?", (sha,))}
    return [i for i in range(parts_of(size)) if i not in held]


def part(reader: Reader, sha: str, i: int) -> bytes | None:
    """The bytes of one part; None if it is not here."""
    found = reader.value("SELECT data FROM blob_part WHERE sha = ? AND i = ?", (sha, i))
    return None if found is None else bytes(found)


def keep_part(writer: Writer, sha: str, size: int, i: int, data: bytes, *, now: dt.datetime) -> None:
    """Keep one part of a blob that is not whole yet; for one that is, only note that somebody wants it again."""
    with writer.immediate():
        writer.execute(
            "INSERT INTO blob (sha, size, have, state, touched_at) VALUES (?, ?, 0, 'arriving', ?)"
            " ON CONFLICT (sha) DO UPDATE SET touched_at = excluded.touched_at",
            (sha, size, to_wire(now)),
        )
        if writer.value("SELECT state FROM blob WHERE sha = ?", (sha,)) != State.ARRIVING:
            return
        writer.execute("INSERT OR REPLACE INTO blob_part (sha, i, data) VALUES (?, ?, ?)", (sha, i, data))
        writer.execute(
            "UPDATE blob SET have = (SELECT sum(length(data)) FROM blob_part WHERE sha = :sha) WHERE sha = :sha",
            {"sha": sha},
        )


def set_state(writer: Writer, sha: str, state: State) -> None:
    """Say where a blob is now."""
    with writer.immediate():
        writer.execute("UPDATE blob SET state = ? WHERE sha = ?", (str(state), sha))


def offer_again(writer: Writer) -> None:
    """The server may lack what it had: everything whole is to be offered to it again."""
    with writer.immediate():
        writer.execute("UPDATE blob SET state = 'here' WHERE state = 'shared'")


def forget(writer: Writer, shas: Iterable[str]) -> None:
    """Take blobs out of the file: overwritten by the profile's secure_delete, and gone from the log."""
    names = json_text(sorted(set(shas)))
    with writer.immediate():
        writer.execute("DELETE FROM blob WHERE sha IN (SELECT value FROM json_each(?))", (names,))
        writer.execute("DELETE FROM blob_part WHERE sha IN (SELECT value FROM json_each(?))", (names,))
    checkpoint(writer.connection)


def sweep(writer: Writer, named: frozenset[str], *, now: dt.datetime) -> int:
    """Forget what no record names and nobody has touched for a day; answers how many."""
    before = to_wire(now - ORPHAN_AFTER)
    old = [sha for (sha,) in writer.rows("SELECT sha FROM blob WHERE touched_at < ?", (before,)) if sha not in named]
    if old:
        forget(writer, old)
    return len(old)


def lost_files(reader: Reader, here: frozenset[str]) -> int:
    """In the store itself: how many documents are named and not here, where no server could still bring them."""
    if reader.value("SELECT 1 FROM sqlite_master WHERE name = 'live_attachment'") is None or has_organisation(reader):
        return 0
    named = reader.rows("SELECT DISTINCT sha256 FROM live_attachment WHERE sha256 IS NOT NULL")
    return sum(sha not in here for (sha,) in named)


def named_in(reader: Reader) -> frozenset[str]:
    """In the store itself: the blobs that some record names, removed ones too, for they can be brought back."""
    return frozenset(sha for (sha,) in reader.rows("SELECT DISTINCT sha256 FROM attachment WHERE sha256 IS NOT NULL"))


def has_blobs(reader: Reader) -> bool:
    """False for a file that was made before there were documents and has not been opened for one since."""
    return reader.value("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'blob'") is not None


def unsound(reader: Reader) -> list[str]:
    """The whole blobs whose bytes are not what their name says, found in one go: for backups and checks."""
    found = []
    for sha, size in reader.rows("SELECT sha, size FROM blob WHERE state <> 'arriving' ORDER BY sha"):
        digest = hashlib.sha256()
        for i in range(parts_of(size)):
            digest.update(part(reader, sha, i) or b"")
        if digest.hexdigest() != sha:
            found.append(str(sha))
    return found


# Whole files, a part at a time: for a thread that may wait ---------------------------------------------------------


Report = Callable[[int, int], None]
"""Told how many bytes of how many are done; may raise, to stop."""


def unwatched(done: int, total: int) -> None:
    """For those who do not watch."""


def keep_file(files: Attachments, data: bytes, *, now: dt.datetime, report: Report = unwatched) -> str:
    """Keep a whole file; answers its name. What was kept before it was stopped is swept after a day."""
    sha = hashlib.sha256(data).hexdigest()
    size = len(data)
    for i in range(parts_of(size)):
        report(i * PART_BYTES, size)
        piece = data[i * PART_BYTES : (i + 1) * PART_BYTES]
        files.call(_keeping(sha, size, i, piece, now))
    report(size, size)
    found = files.call(lambda writer: blob_of(writer, sha))
    if found is None or not found.is_whole:
        files.call(lambda writer: set_state(writer, sha, State.HERE))
    return sha


def pieces(files: Attachments, blob: Blob) -> Iterator[bytes]:
    """The parts of a whole blob in order. Raises StoreProblem files_damaged if one is not there."""
    for i in range(parts_of(blob.size)):
        found = files.call(_reading(blob.sha, i))
        if found is None:
            raise files_problem(StoreProblem("damaged_store", ""))
        yield found


def is_sound(files: Attachments, blob: Blob) -> bool:
    """Do the parts that are here make the file that the name says?"""
    digest = hashlib.sha256()
    for i in range(parts_of(blob.size)):
        found = files.call(_reading(blob.sha, i))
        if found is None:
            return False
        digest.update(found)
    return digest.hexdigest() == blob.sha


def read_file(files: Attachments, sha: str, report: Report = unwatched) -> bytes | None:
    """All the bytes of a blob, proven by their hash; None if it is not whole here. Raises StoreProblem files_damaged,
    and from then on it counts as on its way: the server is asked for it again."""
    blob = files.call(lambda writer: blob_of(writer, sha))
    if blob is None or not blob.is_whole:
        return None
    whole = bytearray()
    for piece in pieces(files, blob):
        whole += piece
        report(len(whole), blob.size)
    if hashlib.sha256(whole).hexdigest() != sha:
        if blob.state is State.SHARED:
            files.call(lambda writer: forget(writer, [sha]))
        raise files_problem(StoreProblem("damaged_store", ""))
    return bytes(whole)


def _keeping(sha: str, size: int, i: int, data: bytes, now: dt.datetime) -> Callable[[Writer], None]:
    return lambda writer: keep_part(writer, sha, size, i, data, now=now)


def _reading(sha: str, i: int) -> Callable[[Reader], bytes | None]:
    return lambda reader: part(reader, sha, i)
