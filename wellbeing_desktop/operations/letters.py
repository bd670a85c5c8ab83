"""Letters from draft to post. One stops at death and at an unsafe address, by name and reason (W9, W10, W26)."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.correction import Conflict
from wellbeing_desktop.domain.death import may_make_letter
from wellbeing_desktop.domain.document import Letter
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.domain.names import letter_name
from wellbeing_desktop.domain.person import Address, Person, RelatedPerson
from wellbeing_desktop.domain.safe_to_reach import address_to_write_to, may_write_to
from wellbeing_desktop.domain.stop import Stop
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.operations.letter_sharing import objected_since
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.records import load
from wellbeing_desktop.storage.write_door import Transaction

SAVED_A_COPY: Final = "save_copy_of_letter"
"""What the audit calls a letter that left the program as a file, through `looking.opened_record`."""
UNSAFE_HOME: Final = "It is not safe to write to this address."
_FAMILY: Final = frozenset({"next_of_kin", "related_person"})
_LEFT_TO_FILL: Final = re.compile(r"\{\{[^}]*\}\}|\[\[[^\]]*\]\]")


class LetterPlan(msgspec.Struct, frozen=True):
    """What a batch would do with one person: the address it would go to, or what stops it."""

    person_id: str
    name: str
    address: Address | None
    stop: Stop | None
    missing: tuple[str, ...] = ()


def plan_letters(
    reader: Reader,
    person_ids: Iterable[str],
    to_kind: str,
    template: str,
    today: dt.date,
    missing_fields: Callable[[Person], tuple[str, ...]] | None = None,
) -> tuple[LetterPlan, ...]:
    """N people give N plans, in the order given; a person twice in the list gets one letter.

    Nothing is written. Each stop is by name and reason; `missing_fields` names merge fields that have no value.
    """
    plans = []
    for person_id in dict.fromkeys(person_ids):
        person = load(reader, Person, person_id)
        if person is None:
            stop = Stop("not_here", "This person's record is not on this laptop.")
            plans.append(LetterPlan(person_id, "", None, stop))
            continue
        where = where_to_write(reader, person, to_kind, template, today)
        plans.append(
            LetterPlan(
                person_id,
                letter_name(person.family_name, person.given_name, person.title),
                where if isinstance(where, Address) else None,
                where if isinstance(where, Stop) else None,
                missing_fields(person) if missing_fields else (),
            )
        )
    return tuple(plans)


def where_to_write(
    reader: Reader, person: Person, to_kind: str, template: str, today: dt.date
) -> Address | Stop | None:
    """The person's address for a letter to them, what stops any letter about them, or None for another recipient."""
    if stop := may_make_letter(person, to_kind, template):
        return stop
    if to_kind != "person":
        return None
    addresses = found.every(reader, Address, person.id)
    return address_to_write_to(person, addresses, today, clashing_fields(reader, person.id))


def clashing_fields(reader: Reader, person_id: str) -> Mapping[str, frozenset[str]]:
    """Record id to the fields about which an open clash stands."""
    fields: dict[str, set[str]] = {}
    for conflict in found.every(reader, Conflict, person_id, state="open"):
        fields.setdefault(conflict.target_id, set()).add(conflict.field)
    return {id: frozenset(names) for id, names in fields.items()}


def draft_letter(writer: Writer, letter: Letter, *, at: dt.datetime | None = None) -> Changes:
    """A draft, its words already merged from the template. For the person, the safe address is taken from the record."""
    with doing(writer, "draft_letter", at=at) as tx:
        add_letter(tx, letter)
    return tx.changes


def draft_letters(writer: Writer, letters: Iterable[Letter], *, at: dt.datetime | None = None) -> Changes:
    """A batch, all or none; each person's letter travels by itself."""
    with doing(writer, "draft_letter", at=at) as tx:
        for letter in letters:
            tx.begin_group()
            add_letter(tx, letter)
    return tx.changes


def add_letter(tx: Transaction, letter: Letter) -> str:
    """Within a transaction: a draft with its address as it is today, its author and a reference; answers its id. Refused
    in words where nobody may write there (an unsafe address, a death)."""
    person = found.survivor(tx.reader, letter.subject)
    today = local_date(tx.at)
    where = where_to_write(tx.reader, person, letter.to_kind, letter.template, today)
    if isinstance(where, Stop):
        raise Refused(where.sentence, "to_kind")
    id = letter.id or new_id()
    changes: dict[str, Any] = {
        "id": id,
        "state": "draft",
        "written_on": letter.written_on or today,
        "author_id": letter.author_id or tx.author,
        "reference": letter.reference or _reference(id),
    }
    if isinstance(where, Address):
        changes |= {
            "address_id": where.id,
            "to_address": address_block(where),
            "to_name": letter.to_name or letter_name(person.family_name, person.given_name, person.title),
        }
    return tx.create(msgspec.structs.replace(letter, **changes))


def change_letter(
    writer: Writer,
    letter_id: str,
    fields: Mapping[str, Any],
    seen: Mapping[str, Any],
    *,
    at: dt.datetime | None = None,
) -> Changes:
    """Words of a draft."""
    with doing(writer, "change_letter", at=at) as tx:
        letter = found.found(tx.reader, Letter, letter_id)
        if letter.state != "draft":
            raise Refused("Make the letter a draft again before changing it.", "state")
        # of a letter to the person the address is the record's, so that an unsafe one can never be typed in
        to_person = "person" in (letter.to_kind, fields.get("to_kind", letter.to_kind))
        if {"state", "address_id"} & set(fields) or (to_person and "to_address" in fields):
            raise Refused("The address comes from the person's record. Put it right there.", "to_address")
        tx.change(Letter, letter_id, fields, seen)
    return tx.changes


def ready_letter(writer: Writer, letter_id: str, *, at: dt.datetime | None = None) -> Changes:
    """To the print queue. Everything that stops a letter is looked at again: the record may have changed."""
    with doing(writer, "ready_letter", at=at) as tx:
        letter = found.found(tx.reader, Letter, letter_id)
        if not letter.body.strip():
            raise Refused("The letter has no words yet.", "body")
        if unfilled := _LEFT_TO_FILL.search(letter.body):
            raise Refused(f"Something is still to be filled in: {unfilled[0]}", "body")
        _refuse_stopped(tx, letter)
        tx.change(Letter, letter_id, {"state": "ready", **_fresh_address(tx, letter)})
    return tx.changes


def back_to_draft(writer: Writer, letter_id: str, *, at: dt.datetime | None = None) -> Changes:
    """From the print queue, or after it was cancelled: to write on."""
    with doing(writer, "change_letter", at=at) as tx:
        tx.change(Letter, letter_id, {"state": "draft", "cancel_reason": ""})
    return tx.changes


def stop_at_print(reader: Reader, letter_id: str, today: dt.date) -> Stop | None:
    """What stops this letter now, asked for each one as it is printed, in a batch too."""
    letter = load(reader, Letter, letter_id)
    if letter is None:
        return Stop("not_here", "This letter is not on this laptop any more.")
    return _stop(reader, letter, today)


def record_printed(writer: Writer, letter_ids: Iterable[str], *, at: dt.datetime | None = None) -> Changes:
    """These are on paper. Refused as a whole if one of them may not be printed: the printer asks `stop_at_print`."""
    with doing(writer, "record_printed", at=at) as tx:
        for letter_id in letter_ids:
            tx.begin_group()
            letter = found.found(tx.reader, Letter, letter_id)
            _refuse_stopped(tx, letter)
            tx.change(Letter, letter_id, {"state": "printed"})
    return tx.changes


def record_sent(
    writer: Writer,
    letter_ids: Iterable[str],
    how: str,
    *,
    sent_on: dt.date | None = None,
    at: dt.datetime | None = None,
) -> Changes:
    """Posted, handed over, or sent another way: `how` in words."""
    with doing(writer, "record_sent", at=at) as tx:
        if not how.strip():
            raise Refused("Say how it was sent.", "sent_how")
        on = sent_on or local_date(tx.at)
        if on > local_date(tx.at):
            raise Refused("A letter cannot have been sent in the future.", "sent_on")
        for letter_id in letter_ids:
            tx.begin_group()
            _refuse_stopped(tx, found.found(tx.reader, Letter, letter_id))
            tx.change(Letter, letter_id, {"state": "sent", "sent_on": on, "sent_how": how})
    return tx.changes


def cancel_letter(writer: Writer, letter_id: str, *, at: dt.datetime | None = None) -> Changes:
    """It is not to go after all. It can be made a draft again; a letter that was sent is refused."""
    with doing(writer, "cancel_letter", at=at) as tx:
        tx.change(Letter, letter_id, {"state": "cancelled"})
    return tx.changes


def letter_came_back(
    writer: Writer, letter_id: str, *, returned_on: dt.date | None = None, at: dt.datetime | None = None
) -> Changes:
    """The post brought it back, today unless `returned_on` says. Refused unless it was sent."""
    with doing(writer, "letter_came_back", at=at) as tx:
        letter, today = found.found(tx.reader, Letter, letter_id), local_date(tx.at)
        on = returned_on or today
        if on > today:
            raise Refused("A letter cannot come back in the future.", "returned_on")
        if letter.sent_on is not None and on < letter.sent_on:
            raise Refused("A letter cannot come back before it was sent.", "returned_on")
        tx.change(Letter, letter_id, {"state": "returned", "returned_on": on})
    return tx.changes


def address_block(address: Address) -> str:
    """The lines for the window of an envelope, the postcode last."""
    lines = (address.line1, address.line2, address.line3, address.line4, address.line5, address.postcode)
    return "\n".join(line.strip() for line in lines if line.strip())


def _stop(reader: Reader, letter: Letter, today: dt.date) -> Stop | None:
    person = load(reader, Person, letter.subject)
    if person is None:
        return Stop("not_here", "This person's record is not on this laptop.")
    if stop := may_make_letter(person, letter.to_kind, letter.template):
        return stop
    if stop := objected_since(reader, person, letter, today):
        return stop
    if letter.to_kind in _FAMILY:
        kin = found.every(reader, RelatedPerson, person.id, name=letter.to_name)
        lives_there = any(one.lives_with_person is True for one in kin)
        unsafe = is_unsafe_home(reader, person, letter.to_address, lives_there=lives_there)
        return Stop("unsafe_address", UNSAFE_HOME) if unsafe else None
    if letter.to_kind != "person":
        return None
    if letter.address_id:
        address = load(reader, Address, letter.address_id)
        if address is None:
            return Stop("no_address", "The address of this letter was removed.")
        return may_write_to(address, today, clashing_fields(reader, person.id).get(address.id, frozenset()))
    where = where_to_write(reader, person, letter.to_kind, letter.template, today)
    return where if isinstance(where, Stop) else None


def is_unsafe_home(reader: Reader, person: Person, address: str, *, lives_there: bool) -> bool:
    """Is this an address at which it is not safe to write to the person, or about which two answers clash? A letter to
    the family at that door is read by whoever it was unsafe because of."""
    clashing, written = clashing_fields(reader, person.id), _bare(address)
    for one in found.every(reader, Address, person.id):
        unsafe = one.safe_to_write is False or "safe_to_write" in clashing.get(one.id, ())
        same = lives_there or (bool(one.postcode) and _bare(one.postcode) in written and _bare(one.line1) in written)
        if unsafe and same:
            return True
    return False


def _bare(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _refuse_stopped(tx: Transaction, letter: Letter) -> None:
    if stop := _stop(tx.reader, letter, local_date(tx.at)):
        raise Refused(stop.sentence, "to_address")


def _fresh_address(tx: Transaction, letter: Letter) -> dict[str, Any]:
    """The address as the record has it now: it may have been put right since the draft."""
    if letter.to_kind != "person" or not letter.address_id:
        return {}
    address = load(tx.reader, Address, letter.address_id)
    block = address_block(address) if address else letter.to_address
    return {"to_address": block} if block != letter.to_address else {}


def _reference(letter_id: str) -> str:
    """Short, and no clue to whom the letter is about: the tail of its id."""
    return f"L-{letter_id.replace('-', '')[-8:].upper()}"
