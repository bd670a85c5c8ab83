"""P16: who may be the person typed, among 100,000, against the bare queries; and a new contact checked and saved.

The bare queries are the same blocks asked for exactly: NHS number, birth date, postcode, family and first name. They
know no slip of the pen, no sound, no other order of names, and compare nobody. A new contact is a call from somebody
new: who they may be, then the enquiry, its person, contact and note to durable; its reference asks those bare queries
and puts as many rows of as many bytes into plain tables.
"""

import datetime as dt
import random
from collections.abc import Iterator
from typing import Final

from benchmarks.measure import Measured, in_turn, percentile, seconds
from benchmarks.practice import FAMILIES, GIVEN, SEED, new_contact
from benchmarks.stores import copy_of, opened
from wellbeing_desktop.domain.enquiry import Enquiry
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.operations.duplicates import who_may_be
from wellbeing_desktop.operations.enquiries import Ending, begin_enquiry
from wellbeing_desktop.operations.likeness import Known, known
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.statements import json_text
from wellbeing_desktop.storage.store import Store

_BARE: Final = (
    "SELECT p.id, p.family_name, p.given_name, p.born_on FROM person AS p WHERE p.gone = 0 AND (p.nhs_number = :number"
    " OR p.id IN (SELECT subject FROM address WHERE postcode = :postcode)"
    " OR p.id IN (SELECT r.id FROM person_first_name AS n JOIN record AS r ON r.number = n.number"
    "   WHERE n.family = :family AND n.first = :first)"
    " OR p.id IN (SELECT r.id FROM person_words AS w JOIN record AS r ON r.number = w.number WHERE w.born_on = :born_on))"
)


def run(quick: bool = False) -> Iterator[Measured]:
    people, rounds = (300, 5) if quick else (100_000, 100)
    chance = random.Random(SEED)
    with opened(copy_of(people, "p16", "finding")) as store:
        everybody = store.read(lambda reader: [id for (id,) in reader.rows("SELECT id FROM person ORDER BY id")])
        typed = [_typed(store, chance.choice(everybody), chance) for _ in range(rounds + 1)]
        asked, bare = iter(typed * 2), iter(typed * 2)

        def ours() -> float:
            one = next(asked)
            return seconds(lambda: store.read(lambda reader: who_may_be(reader, one)))

        def reference() -> float:
            one = next(bare)
            return seconds(lambda: store.read(lambda reader: _exactly(reader, one)))

        mine, theirs = in_turn(ours, reference, rounds=rounds)
        store.write(_make_plain_table)
        saved, plain = in_turn(
            lambda: seconds(lambda: _saved(store, chance)), lambda: seconds(lambda: _bare(store, chance)), rounds=rounds
        )
    yield Measured(
        id="P16",
        what=f"who may be the person typed, with a slip in it, among {people:,}",
        reference_is="the same blocks asked for exactly, nobody compared",
        unit="s",
        ours=percentile(mine, 0.5),
        reference=percentile(theirs, 0.5),
        reach=10.0,
        rounds=len(mine),
        notes="family names by spelling and sound, both orders of names, some hundreds of first names compared",
    )
    yield Measured(
        id="P16 p95",
        what="the same, the slowest of twenty",
        reference_is="a pause in typing",
        unit="s",
        ours=percentile(mine, 0.95),
        reference=0.250,
        reach=1.0,
        rounds=len(mine),
    )
    yield Measured(
        id="P16 save",
        what="a new contact from somebody new, checked and saved to durable",
        reference_is="the bare queries and a bare transaction",
        unit="s",
        ours=percentile(saved, 0.5),
        reference=percentile(plain, 0.5),
        reach=10.0,
        rounds=len(saved),
        notes="enquiry, person, contact, note; outbox, audit chain, search",
    )


def _typed(store: Store, id: str, chance: random.Random) -> Known:
    """Somebody of the store with two letters of the family name swapped, one time in two without the number."""
    row = store.read(
        lambda reader: reader.row(
            "SELECT p.family_name, p.given_name, p.born_on, p.nhs_number, a.postcode FROM person AS p"
            " JOIN address AS a ON a.subject = p.id WHERE p.id = ?",
            (id,),
        )
    )
    if row is None:
        raise LookupError(id)
    family, given, born_on, number, postcode = row
    at = chance.randrange(1, len(family) - 1)
    slip = family[: at - 1] + family[at] + family[at - 1] + family[at + 1 :]
    number = number if chance.random() < 0.5 else ""
    return known("", slip, given, "", dt.date.fromisoformat(born_on), number, postcode)


def _exactly(reader: Reader, one: Known) -> list[object]:
    values = {
        "number": one.nhs_number,
        "postcode": f"{one.postcode[:-3]} {one.postcode[-3:]}",
        "family": one.name.family,
        "first": one.name.firsts[0],
        "born_on": one.born_on.isoformat() if one.born_on else "",
    }
    return list(reader.rows(_BARE, values))


def _somebody_new(chance: random.Random) -> Person:
    born_on = dt.date(1930, 1, 1) + dt.timedelta(days=chance.randrange(30_000))
    return Person(id=new_id(), family_name=chance.choice(FAMILIES), given_name=chance.choice(GIVEN), born_on=born_on)


def _saved(store: Store, chance: random.Random) -> None:
    person, now = _somebody_new(chance), dt.datetime.now(dt.UTC)
    typed = known("", person.family_name, person.given_name, "", person.born_on)
    store.read(lambda reader: who_may_be(reader, typed))
    contact, note = new_contact(person.id, chance, now)
    ending = Ending(outcome="answered", contact=contact, note=note)
    enquiry = Enquiry(id=new_id(), medium="02", words=note.text[:80], claimed_by=store.identity.user_id)
    store.write(lambda writer: begin_enquiry(writer, enquiry, person=person, ending=ending, at=now))


def _bare(store: Store, chance: random.Random) -> None:
    person, now = _somebody_new(chance), dt.datetime.now(dt.UTC)
    typed = known("", person.family_name, person.given_name, "", person.born_on)
    store.read(lambda reader: _exactly(reader, typed))
    _contact, note = new_contact(person.id, chance, now)
    store.write(lambda writer: _insert(writer, note.text))


def _make_plain_table(writer: Writer) -> None:
    with writer.immediate():
        writer.execute("CREATE TABLE plain_row (number INTEGER PRIMARY KEY, body TEXT)")
        writer.execute("CREATE VIRTUAL TABLE plain_text USING fts5(body, tokenize = 'unicode61 remove_diacritics 2')")


def _insert(writer: Writer, words: str) -> None:
    """Four records, each with its row, envelope, outbox operation and audit entry; the note's words in the search."""
    with writer.immediate():
        for body in [words, *[json_text({"body": words[:300]})] * 15]:
            writer.execute("INSERT INTO plain_row (body) VALUES (?)", (body,))
        writer.execute("INSERT INTO plain_text (body) VALUES (?)", (words,))
