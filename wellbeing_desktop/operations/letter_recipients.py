"""To whom a batch of letters about people goes: the person, the GP practice, next of kin; or why not (W9, W10, W16).

A batch goes out unread, so it is held to more than a letter that somebody writes: family needs the person's recorded
agreement, whatever the letter says, and an address that was recorded as unsafe for the person is unsafe for whoever
lives there.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Final

import msgspec

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.dates import staff_date
from wellbeing_desktop.domain.document import Letter
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.domain.names import letter_name
from wellbeing_desktop.domain.organisation import Organisation
from wellbeing_desktop.domain.person import Address, Person, RelatedPerson
from wellbeing_desktop.domain.stop import Stop
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.operations.letter_sharing import not_to_share
from wellbeing_desktop.operations.letters import UNSAFE_HOME, add_letter, address_block, is_unsafe_home, where_to_write
from wellbeing_desktop.operations.organisations import address_gap
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.records import load
from wellbeing_desktop.storage.write_door import Transaction

PERSON: Final = "person"
GP: Final = "gp"
NEXT_OF_KIN: Final = "next_of_kin"
RECIPIENTS: Final = ((PERSON, "The person"), (GP, "Their GP practice"), (NEXT_OF_KIN, "Their next of kin"))
KINDS: Final = {PERSON: ("person",), GP: ("professional",), NEXT_OF_KIN: ("family", "bereavement")}
"""The kinds of template that may go to each."""
_GONE: Final = frozenset({"cancelled", "returned"})


class Recipient(msgspec.Struct, frozen=True):
    """Somebody who would get a letter, or the `stop`. `to_know` is for whoever looks at the list before it is made."""

    name: str
    address: str = ""
    stop: Stop | None = None
    to_know: str = ""


def recipients_of(reader: Reader, person: Person, to_kind: str, template: str, today: dt.date) -> tuple[Recipient, ...]:
    """Everybody of this kind whom a letter about this person could go to; one with a stop where there is nobody."""
    where = where_to_write(reader, person, to_kind, template, today)
    if isinstance(where, Stop):
        return (Recipient("", stop=where),)
    if isinstance(where, Address):
        return (Recipient(letter_name(person.family_name, person.given_name, person.title), address_block(where)),)
    if to_kind == GP:
        return (_practice(reader, person, today),)
    kin = [one for one in found.every(reader, RelatedPerson, person.id) if "next_of_kin" in one.roles]
    if not kin:
        return (Recipient("", stop=Stop("no_recipient", "No next of kin is recorded.")),)
    return tuple(_relative(reader, person, one, today) for one in sorted(kin, key=lambda one: (one.name, one.id)))


def letters_before(reader: Reader, person_id: str, template: str, to_kind: str, to_name: str) -> str:
    """When this very letter was last made for this recipient, in words; "" when it never was."""
    had = [
        letter
        for letter in found.every(reader, Letter, person_id, template=template, to_kind=to_kind)
        if letter.to_name == to_name and letter.state not in _GONE
    ]
    if not had:
        return ""
    last = max(had, key=lambda letter: (letter.sent_on or letter.written_on or dt.date.min, letter.id))
    on = last.sent_on or last.written_on
    state = label_of("letter_states", last.state).lower()
    return f"Has this letter already: {state}{f', {staff_date(on)}' if on else ''}."


def make_batch(writer: Writer, letters: Iterable[Letter], *, at: dt.datetime | None = None) -> Changes:
    """The letters, ready to print, all or none: each is looked at again, for what was looked at may have changed."""
    with doing(writer, "make_letters", at=at) as tx:
        for letter in letters:
            tx.begin_group()
            _refuse_changed(tx, letter)
            id = add_letter(tx, letter)
            tx.change(Letter, id, {"state": "ready"})
    return tx.changes


def _refuse_changed(tx: Transaction, letter: Letter) -> None:
    person = found.survivor(tx.reader, letter.subject)
    now = recipients_of(tx.reader, person, letter.to_kind, letter.template, local_date(tx.at))
    same = next((one for one in now if one.stop is None and one.name == letter.to_name), None)
    if same is None or (letter.to_kind != PERSON and same.address != letter.to_address):
        raise Refused("Something changed since this list was made, so nothing was made. Look at the list again.")


def practice_without_address(reader: Reader, person: Person) -> str:
    """The id of the person's GP practice if nobody has written its address yet, or its postcode."""
    practice = load(reader, Organisation, person.practice_id) if person.practice_id else None
    return practice.id if practice is not None and address_gap(practice.address, practice.postcode) else ""


def _practice(reader: Reader, person: Person, today: dt.date) -> Recipient:
    practice = load(reader, Organisation, person.practice_id) if person.practice_id else None
    if practice is None:
        return Recipient("", stop=Stop("no_recipient", "No GP practice is recorded."))
    if person.list_state == "not_on_list":
        return Recipient(practice.name, stop=Stop("not_on_list", "The person is not on this practice's list any more."))
    if practice.closed_on is not None and practice.closed_on <= today:
        closed = f"The GP practice closed on {staff_date(practice.closed_on)}. Choose the new one in the details."
        return Recipient(practice.name, stop=Stop("closed", closed))
    if gap := address_gap(practice.address, practice.postcode):
        return Recipient(practice.name, stop=Stop("no_address", f"The GP practice has no {gap}."))
    stop = not_to_share(reader, person, GP, (practice.id, practice.name), today)
    return Recipient(practice.name, "\n".join(filter(None, (practice.address.strip(), practice.postcode))), stop)


def _relative(reader: Reader, person: Person, kin: RelatedPerson, today: dt.date) -> Recipient:
    stop = not_to_share(reader, person, NEXT_OF_KIN, (kin.id, kin.name), today)
    if stop is None and not kin.address.strip():
        stop = Stop("no_address", "No address is recorded for them.")
    if stop is None and is_unsafe_home(reader, person, kin.address, lives_there=kin.lives_with_person is True):
        stop = Stop("unsafe_address", UNSAFE_HOME)
    to_know = " ".join(f"Not to be told: {kin.not_to_be_told}".split()) if kin.not_to_be_told.strip() else ""
    return Recipient(kin.name, kin.address, stop, to_know)
