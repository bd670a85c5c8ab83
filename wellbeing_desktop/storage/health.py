"""Is this store whole? The order matters: `cipher_integrity_check` reads the main file and ignores the log that may
repair it, and says nothing of a file cut at a page boundary (SECURITY 0, finding 4)."""

import functools
from collections.abc import Callable, Iterable

import msgspec

from wellbeing_desktop.domain.errors import StoreProblem
from wellbeing_desktop.storage import audit, unproven
from wellbeing_desktop.storage.attachments import State, files_problem, has_blobs, in_state, lost_files, unsound
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.envelope import read_recovery_envelope, read_user_envelope
from wellbeing_desktop.storage.opener import (
    checkpoint,
    cipher_findings,
    open_connection,
    structure_findings,
)
from wellbeing_desktop.storage.organisation_key import belief
from wellbeing_desktop.storage.organisation_part import part_is_whole
from wellbeing_desktop.storage.problems import RESTORE
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.storage.store_files import ATTACHMENTS_FILE


class Finding(msgspec.Struct, frozen=True):
    """Something to act on. `kind` is a stable word; `message` and `advice` are sentences without personal data."""

    kind: str
    message: str
    advice: str = ""


Invariant = Callable[[Reader], Iterable[Finding]]
"""A rule of the records that must hold in every store; gives what breaks it."""


def check(store: Store, invariants: Iterable[Invariant] = ()) -> list[Finding]:
    """Everything that is wrong with an open store; empty if nothing is.

    Order: bring in the log, every page's seal, the structure, the audit chain, the invariants handed in, then the files beside. Runs
    on the writer's thread, because a checkpoint in the middle would make the pages' seals look wrong.
    """
    found = store.write(_pages)
    if not found:
        for invariant in (_audit_chain, _grants, *invariants):
            found.extend(store.read(functools.partial(_broken, invariant)))
    found.extend(_attachments(store))
    found.extend(_envelopes(store))
    found.extend(_anchor(store))
    space = store.space()
    if space.is_low:
        found.append(Finding("disk_low", space.warning(), "Free some space on this computer."))
    return found


def _audit_chain(reader: Reader) -> list[Finding]:
    return [
        Finding("audit", broken.sentence, "Tell whoever looks after information governance.")
        for broken in audit.verify(reader)
    ]


def _grants(reader: Reader) -> list[Finding]:
    if reader.value("SELECT 1 FROM sqlite_master WHERE name = 'sync'") is None:
        return []  # a store from before it could sync
    found = unproven.unproven_ids(reader)
    return [Finding("grant_not_signed", unproven.sentence(len(found)), unproven.ADVICE)] if found else []


def _broken(invariant: Invariant, reader: Reader) -> list[Finding]:
    return list(invariant(reader))


def _pages(writer: Writer) -> list[Finding]:
    try:
        brought_in = checkpoint(writer.connection)
    except StoreProblem as problem:
        return [Finding(problem.kind, f"The store could not be checked. {problem.message}", problem.advice)]
    if not brought_in:
        return [Finding("busy", "The store is being read, so it could not be checked.", "Try again in a moment.")]
    seals, structure = cipher_findings(writer.connection), structure_findings(writer.connection)
    found = []
    if seals:
        found.append(Finding("damaged_pages", f"{len(seals)} places in the case store are damaged.", RESTORE))
    if structure:
        found.append(Finding("damaged_structure", "The case store's structure is damaged.", RESTORE))
    return found


def _attachments(store: Store) -> list[Finding]:
    """The file of documents: its pages, then whether every document is what its name says, then what is not here."""
    key = store.data_key.attachment_key(store.identity.store_id)
    try:
        connection = open_connection(store.folder / ATTACHMENTS_FILE, key, role="writer", identity=store.identity)
    except StoreProblem as problem:
        told = files_problem(problem)
        return [Finding(told.kind, told.message, told.advice)]
    try:
        writer = Writer(connection)
        pages = [Finding(found.kind, f"Documents: {found.message}", found.advice) for found in _pages(writer)]
        if pages or not has_blobs(writer):
            return pages
        bad = unsound(writer)
        whole = frozenset(blob.sha for blob in in_state(writer, State.HERE, State.SHARED)) - set(bad)
    finally:
        connection.close()
    found = []
    if bad:
        found.append(Finding("damaged_files", f"{_documents(len(bad))} damaged.", RESTORE))
    lost = store.read(lambda reader: lost_files(reader, whole | set(bad)))
    if lost:
        found.append(Finding("lost_files", f"{_documents(lost)} not on this computer and not on a server.", RESTORE))
    return found


def _documents(count: int) -> str:
    return "1 document is" if count == 1 else f"{count:,} documents are"


def _envelopes(store: Store) -> list[Finding]:
    found = []
    try:
        if read_user_envelope(store.folder).identity != store.identity:
            found.append(_envelope_finding())
    except StoreProblem as problem:
        found.append(Finding(problem.kind, problem.message, "Change your passphrase now: that writes a new key file."))
    try:
        if read_recovery_envelope(store.folder).identity != store.identity:
            found.append(_envelope_finding())
    except StoreProblem:
        found.append(
            Finding("no_recovery", "This store cannot be opened by a recovery kit.", "Print a new recovery kit now.")
        )
    key = store.read(belief).key
    if key and not part_is_whole(store.folder, key, store.identity):
        found.append(
            Finding(
                "organisation_part",
                "Your organisation's recovery key does not open this store: its part is missing or damaged.",
                "Sync: the part is written again. Until then only the recovery kit opens a sealed store.",
            )
        )
    return found


def _envelope_finding() -> Finding:
    return Finding("foreign_envelope", "A key file in the store's folder belongs to another store.", RESTORE)


def _anchor(store: Store) -> list[Finding]:
    if store.anchor_is_lost():
        return [
            Finding(
                "anchor_lost",
                "The note of how far the audit had come was missing or damaged when the store was opened.",
                "Sync, so that the server can compare. A new note has been written.",
            )
        ]
    return []
