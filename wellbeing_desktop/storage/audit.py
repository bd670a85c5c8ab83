"""Who did what, when, to whose record: a chain in which no entry can be changed or taken out unseen (SECURITY 3.5).

Entries hold no clinical text: an action, how many records of which type, and a hash of the operations. Whose record
it was is a pseudonym; `audit_subject` leads back from it, and is what erasure removes.
"""

import datetime as dt
import hashlib
import hmac
import secrets
import time
from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.domain.wire import canonical, to_wire
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.joined import ids_of
from wellbeing_desktop.storage.statements import fill
from wellbeing_desktop.storage.sync_state import sync_value

ENTRY_VERSION: Final = 1


class Entry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One entry as it is hashed. `at` is the laptop's clock, `ticks` its clock that only goes forward, in
    milliseconds since it was switched on, `server_at` the server's clock when it last answered."""

    version: int
    number: int
    store: str
    device: str = ""
    user: str
    role: str = ""
    at: str
    ticks: int
    server_at: str = ""
    action: str
    subject: str = ""
    touched: dict[str, int] = {}
    """Kind of change and record type to how many: `{"create contact": 1}`."""
    detail: str = ""
    """SHA-256 of what was done, in the canonical form; the content itself is elsewhere, or erased."""
    previous: str


class AuditLine(msgspec.Struct, frozen=True, kw_only=True):
    """An entry for people: `person_id` is empty if it was nobody's record, or if that record was erased."""

    number: int
    at: str
    user: str
    person_id: str
    sentence: str
    action: str = ""
    done: str = ""
    """What was touched, in words: `1 contact and 1 note added`; empty when something was only looked at."""


class Finding(msgspec.Struct, frozen=True):
    """Where the chain does not hold, and in words why."""

    number: int
    sentence: str


def append(
    writer: Writer,
    *,
    user: str,
    action: str,
    at: dt.datetime,
    subject: str = "",
    role: str = "",
    touched: Mapping[str, int] | None = None,
    detail: Any = None,
) -> tuple[int, str]:
    """Add an entry within the transaction that it tells of; answers the new head."""
    return append_all(writer, [(subject, touched or {}, detail)], user=user, action=action, at=at, role=role)


def append_all(
    writer: Writer,
    parts: Iterable[tuple[str, Mapping[str, int], Any]],
    *,
    user: str,
    action: str,
    at: dt.datetime,
    role: str = "",
) -> tuple[int, str]:
    """Add an entry for each (subject, touched, detail), in order, as `append` does for one; answers the new head."""
    number, previous = head(writer)
    store = str(writer.value("SELECT store_id FROM identity"))
    device, server_at = sync_value(writer, "device"), sync_value(writer, "server_at")
    secret = b""
    pseudonyms: dict[str, str] = {}
    rows: list[tuple[int, str | None, str, str]] = []
    for subject, touched, detail in parts:
        if subject and subject not in pseudonyms:
            secret = secret or _secret(writer)
            pseudonyms[subject] = hmac.new(secret, subject.encode(), hashlib.sha256).hexdigest()[:32]
        number += 1
        entry = Entry(
            version=ENTRY_VERSION,
            number=number,
            store=store,
            device=device,
            user=user,
            role=role,
            at=to_wire(at),
            ticks=time.monotonic_ns() // 1_000_000,
            server_at=server_at,
            action=action,
            subject=pseudonyms.get(subject, ""),
            touched=dict(touched),
            detail="" if detail is None else hashlib.sha256(canonical(detail)).hexdigest(),
            previous=previous,
        )
        text = canonical(entry)
        previous = hashlib.sha256(text).hexdigest()
        rows.append((number, entry.subject or None, text.decode(), previous))
    writer.insert_all(
        "INSERT OR IGNORE INTO audit_subject (pseudonym, subject) VALUES (?, ?)",
        [(pseudonym, subject) for subject, pseudonym in pseudonyms.items()],
    )
    writer.insert_all("INSERT INTO audit (number, subject, entry, hash) VALUES (?, ?, ?, ?)", rows)
    return number, previous


def head(reader: Reader) -> tuple[int, str]:
    """Number and hash of the newest entry; 0 and nothing before the first."""
    found = reader.row("SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1")
    return (0, "") if found is None else (int(found[0]), str(found[1]))


def hash_at(reader: Reader, number: int) -> str | None:
    """The hash of one entry; None if there is no such entry."""
    found = reader.value("SELECT hash FROM audit WHERE number = ?", (number,))
    return None if found is None else str(found)


def verify(reader: Reader) -> list[Finding]:
    """Every place where the chain does not hold; empty if it does."""
    findings = []
    expected, previous = 1, ""
    for number, text, hash in reader.each("SELECT number, entry, hash FROM audit ORDER BY number"):
        if number != expected:
            findings.append(Finding(expected, f"Entries {expected} to {number - 1} are missing."))
        if hashlib.sha256(text.encode()).hexdigest() != hash:
            findings.append(Finding(number, f"Entry {number} has been changed."))
        try:
            entry = msgspec.json.decode(text, type=Entry)
        except msgspec.DecodeError:
            findings.append(Finding(number, f"Entry {number} cannot be read."))
        else:
            if entry.number != number:
                findings.append(Finding(number, f"Entry {number} stands in the place of another."))
            elif number == expected and entry.previous != previous:
                findings.append(Finding(number, f"Entry {number} does not follow the one before it."))
        expected, previous = number + 1, hash
    return findings


def entries(
    reader: Reader,
    *,
    limit: int = 100,
    before: int | None = None,
    person_id: str | None = None,
    between: tuple[dt.datetime, dt.datetime] | None = None,
) -> list[AuditLine]:
    """The newest entries first, from below number `before` if given; `person_id` for those of one person, read
    through joined records; `between` for those from one moment (UTC) until before another, by this laptop's clock."""
    first, last = (to_wire(between[0]), to_wire(between[1])) if between is not None else ("", "\U0010ffff")
    chosen = {"below": before if before is not None else _BEYOND, "limit": limit, "first": first, "last": last}
    if person_id is None:
        found = reader.rows(_ENTRIES, chosen)
    else:
        people = msgspec.json.encode(ids_of(reader, person_id)).decode()
        found = reader.rows(_ENTRIES_OF_ONE, chosen | {"people": people})
    return [_line(msgspec.json.decode(text, type=Entry), subject or "") for text, subject in found]


def sentence(entry: Entry) -> str:
    """What an entry says: `Record contact: 1 contact and 1 note added.`"""
    done = in_words(entry.touched)
    said = entry.action.replace("_", " ").strip()
    said = said[:1].upper() + said[1:]
    return f"{said}: {done}." if done else f"{said}."


def in_words(touched: Mapping[str, int]) -> str:
    """`1 contact and 2 notes added, 1 person changed`."""
    parts = []
    for kind, verb in _VERBS.items():
        counted = [
            _counted(name.partition(" ")[2], count)
            for name, count in sorted(touched.items())
            if name.partition(" ")[0] == kind
        ]
        if counted:
            *most, last = counted
            parts.append(f"{', '.join(most)} and {last} {verb}" if most else f"{last} {verb}")
    return ", ".join(parts)


_VERBS: Final = {
    "create": "added",
    "change": "changed",
    "remove": "removed as entered in error",
    "restore": "brought back",
    "withdraw": "taken back before it was sent",
}
_BEYOND: Final = 2**62
_CHOSEN: Final = (
    " a.number < :below AND json_extract(a.entry, '$.at') >= :first AND json_extract(a.entry, '$.at') < :last"
    " ORDER BY a.number DESC LIMIT +:limit"
)
_ENTRIES: Final = fill(
    "SELECT a.entry, s.subject FROM audit AS a LEFT JOIN audit_subject AS s ON s.pseudonym = a.subject WHERE {chosen}",
    chosen=_CHOSEN,
)
_ENTRIES_OF_ONE: Final = fill(
    "SELECT a.entry, s.subject FROM audit_subject AS s JOIN audit AS a ON a.subject = s.pseudonym"
    " WHERE s.subject IN (SELECT value FROM json_each(:people)) AND {chosen}",
    chosen=_CHOSEN,
)


def _counted(type_name: str, count: int) -> str:
    record_type = RECORD_TYPES.get(type_name)
    if record_type is None:
        return f"{count} {type_name.replace('_', ' ')}"
    label = record_type.label if count == 1 else record_type.plural
    label = label if label[:2].isupper() else label[:1].lower() + label[1:]
    return label if label.startswith("words ") else f"{count} {label}"  # nobody counts the words of a plan


def _line(entry: Entry, subject: str) -> AuditLine:
    return AuditLine(
        number=entry.number,
        at=entry.at,
        user=entry.user,
        person_id=subject,
        sentence=sentence(entry),
        action=entry.action,
        done=in_words(entry.touched),
    )


def _secret(writer: Writer) -> bytes:
    """The key of this store's own under which whose record it was is hidden (HMAC-SHA-256): nobody outside can try
    ids against it."""
    secret = writer.value("SELECT secret FROM audit_key")
    if secret is None:
        secret = secrets.token_bytes(32)
        writer.execute("INSERT INTO audit_key (only_one, secret) VALUES (1, ?)", (secret,))
    return bytes(secret)
