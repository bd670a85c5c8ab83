"""The outbox that people read: what waits to be sent, by person; hold a visit, sign its note, send the rest (P5).

Holding and letting go change no record: they are noted in the audit and say nothing to the server.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Final

import msgspec

from wellbeing_desktop.domain.contact import Note
from wellbeing_desktop.domain.contact_rules import check_note
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.names import list_name
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.catalogue import ACTIONS
from wellbeing_desktop.operations.notes import sign_note
from wellbeing_desktop.storage import audit, holding, outbox, receipts
from wellbeing_desktop.storage.audit import in_words
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.grants import user_of
from wellbeing_desktop.storage.outbox import SentLine, State
from wellbeing_desktop.storage.receipts import Receipt
from wellbeing_desktop.storage.records import load_many

HELD_BY_ME: Final = "Held by you"
BEHIND: Final = "Waits for something that you hold"


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """One saved piece of work about one person: `undo_id` names it. `unsigned` are the notes in it without a signature.
    `can_hold` is False once any of it was sent."""

    undo_id: str
    person_id: str
    sentence: str
    at: str
    state: State
    why: str
    unsigned: tuple[str, ...]
    can_hold: bool


class PersonWaiting(msgspec.Struct, frozen=True, kw_only=True):
    """What waits about one person, newest first; `person_id` and `name` are empty for what is nobody's record."""

    person_id: str
    name: str
    pieces: tuple[Piece, ...]

    @property
    def held(self) -> int:
        return sum(piece.state is State.HELD for piece in self.pieces)


class SentPiece(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a receipt. `became` says what the server made of it, empty when all of it was simply taken."""

    person: str
    sentence: str
    at: str
    became: str


class PrintedReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """A receipt of a sync as plain words and numbers, ready to be shown or printed. Names are as this laptop knows
    them now."""

    number: int
    begun_at: str
    ended_at: str
    server_at: str
    sent: tuple[SentPiece, ...]
    sent_count: int
    received: int
    waiting: int
    head: str
    audit_entry: int
    countersign: str
    is_complete: bool


def waiting_by_person(reader: Reader, limit: int = 500) -> list[PersonWaiting]:
    """What the server does not have yet, by person, whoever was worked on last first."""
    behind = holding.behind_held(reader)
    lines = outbox.waiting(reader, limit)
    names = _names(reader, (line.person_id for line in lines))
    people: dict[str, list[Piece]] = {}
    for line in lines:
        queue = holding.piece(reader, line.undo_id, line.person_id)
        waits_behind = line.state is State.WAITING and line.undo_id in behind
        people.setdefault(line.person_id if line.person_id in names else "", []).append(
            Piece(
                undo_id=line.undo_id,
                person_id=line.person_id,
                sentence=f"{_said(line.action)}: {line.counted}.",
                at=line.at,
                state=State.HELD if waits_behind else line.state,
                why=BEHIND if waits_behind else line.why,
                unsigned=holding.unsigned_notes(reader, queue),
                can_hold=not waits_behind and all(queued.state is State.WAITING for queued in queue),
            )
        )
    return [
        PersonWaiting(person_id=person_id, name=names.get(person_id, ""), pieces=tuple(pieces))
        for person_id, pieces in people.items()
    ]


def hold_work(
    writer: Writer, undo_id: str, person_id: str, why: str = HELD_BY_ME, *, at: dt.datetime | None = None
) -> None:
    """Keep a piece of work back until it is let go; the rest is sent. Raises Refused once any of it was sent."""
    with writer.immediate():
        queue = holding.piece(writer, undo_id, person_id)
        if not queue:
            raise Refused("This has been sent already.")
        if any(queued.state is State.SENT for queued in queue):
            raise Refused("Part of this is on its way already, so it cannot be held.")
        if not holding.hold(writer, undo_id, person_id, why.strip() or HELD_BY_ME):
            raise Refused("This is held already.")
        _note(writer, "hold_work", person_id, at)


def release_work(writer: Writer, undo_id: str, person_id: str, *, at: dt.datetime | None = None) -> None:
    """Let a held piece of work go with the next sync. Raises Refused if it is not held."""
    with writer.immediate():
        if not holding.release(writer, undo_id, person_id):
            raise Refused("This is not held.")
        _note(writer, "release_work", person_id, at)


def sign_and_release(writer: Writer, undo_id: str, person_id: str, *, at: dt.datetime | None = None) -> tuple[str, ...]:
    """Sign every unsigned note in a held piece of work, then let it go; answers the notes signed.

    Raises Refused, with nothing let go, if a note may not be signed by whoever asks.
    """
    notes = holding.unsigned_notes(writer, holding.piece(writer, undo_id, person_id))
    for note_id in notes:  # all are looked at before the first is signed
        note = found.found(writer, Note, note_id)
        if note.countersign_needed and note.author_id == user_of(writer):
            raise Refused("This note is signed by the person who supervises its author.", "signed_by")
        check_note(note)
    for note_id in notes:
        sign_note(writer, note_id, at=at)
    release_work(writer, undo_id, person_id, at=at)
    return notes


def receipts_of_sync(reader: Reader, limit: int = 50) -> list[PrintedReceipt]:
    """The newest first."""
    return [_printed(reader, receipt) for receipt in receipts.newest(reader, limit)]


def receipt_of_sync(reader: Reader, number: int) -> PrintedReceipt | None:
    """The receipt with this number as it is printed; None if it is not kept any more."""
    receipt = receipts.one(reader, number)
    return None if receipt is None else _printed(reader, receipt)


def _printed(reader: Reader, receipt: Receipt) -> PrintedReceipt:
    names = _names(reader, (line.person_id for line in receipt.sent))
    return PrintedReceipt(
        number=receipt.number,
        begun_at=receipt.begun_at,
        ended_at=receipt.ended_at,
        server_at=receipt.server_at,
        sent=tuple(
            SentPiece(person=names.get(line.person_id, ""), sentence=_sentence(line), at=line.at, became=_became(line))
            for line in receipt.sent
        ),
        sent_count=receipt.sent_count,
        received=receipt.received,
        waiting=receipt.waiting,
        head="/".join(part for part in (str(receipt.head_seq), receipt.head_tok) if part) if receipt.head_seq else "",
        audit_entry=receipt.countersign.number if receipt.countersign else 0,
        countersign=receipt.countersign.signature if receipt.countersign else "",
        is_complete=bool(receipt.ended_at) and not receipt.problems,
    )


def _sentence(line: SentLine) -> str:
    return f"{_said(line.action)}: {in_words(line.counted)}."


def _said(action: str) -> str:
    known = ACTIONS.get(action)
    return known.done if known is not None else action.replace("_", " ").capitalize()


_BECAME: Final = {
    "conflict": "{} waiting for somebody to choose between two versions",
    "held": "{} waiting for the record it belongs to",
    "quarantined": "{} could not be applied, and kept",
}


def _became(line: SentLine) -> str:
    return "; ".join(words.format(line.results[word]) for word, words in _BECAME.items() if line.results.get(word))


def _names(reader: Reader, ids: Iterable[str]) -> dict[str, str]:
    people = load_many(reader, Person, sorted({id for id in ids if id}))
    return {person.id: list_name(person.family_name, person.given_name, person.known_as) for person in people.values()}


def _note(writer: Writer, action: str, person_id: str, at: dt.datetime | None) -> None:
    audit.append(writer, user=user_of(writer), action=action, at=at or dt.datetime.now(dt.UTC), subject=person_id)
