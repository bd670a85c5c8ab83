"""A made-up practice of any size: eleven records for each person, in the order in which a service makes them.

Names, streets and words are drawn from short lists by a fixed seed, so every run measures the same people. NHS numbers
begin with 999, which the NHS keeps for tests; telephones are Ofcom's numbers for drama.
"""

import datetime as dt
import random
import uuid
from collections.abc import Iterator
from typing import Final

from wellbeing_desktop.domain.assessment import Score
from wellbeing_desktop.domain.care_plan import CarePlan
from wellbeing_desktop.domain.contact import Contact, Note
from wellbeing_desktop.domain.definition import Record
from wellbeing_desktop.domain.organisation import Practitioner
from wellbeing_desktop.domain.person import Address, ContactPoint, Person
from wellbeing_desktop.domain.referral import Episode, Referral
from wellbeing_desktop.domain.registry import type_of
from wellbeing_desktop.domain.wire import body_of
from wellbeing_desktop.storage.records import StoredRow

SEED: Final = 20261121
RECORDS_EACH: Final = 11
TODAY: Final = dt.date(2026, 11, 21)

FAMILIES: Final = (
    "Ahmed Ali Allen Bailey Baker Begum Bennett Bevan Brown Carter Chapman Clarke Collins Cooper Cox Davies Edwards"
    " Ellis Evans Fisher Foster Grant Gray Green Griffiths Hall Harris Harrison Hughes Hussain Iqbal Jackson James"
    " Jenkins Johnson Jones Kaur Kelly Khan King Knight Lee Lewis Llewellyn Marshall Mason Matthews Miller Mitchell"
    " Moore Morgan Morris Murphy Murray Nowak O'Brien Owen Palmer Parker Patel Pearson Phillips Powell Price Reid"
    " Richards Roberts Robinson Rogers Russell Scott Shah Shaw Simpson Singh Smith Stevens Stewart Taylor Thomas"
    " Thompson Turner Walker Walsh Ward Watson Webb White Wilkinson Williams Wilson Wood Wright Young"
).split()
GIVEN: Final = (
    "Aisha Alan Alice Amir Andrew Angela Ann Anwen Arthur Barbara Brian Bronwen Carol Charles Christine David Dilys"
    " Doreen Dorothy Edith Edward Elsie Emily Eric Fatima Florence Frank George Glenys Grace Gwen Harold Hassan Helen"
    " Ivy James Janet Jean Joan John Joyce Kathleen Kenneth Lakshmi Leonard Lily Margaret Maria Mary Maureen Mohammed"
    " Nadia Norman Olive Omar Pamela Patricia Paul Peter Priya Raymond Rita Robert Rose Ruth Sandra Sarah Shirley"
    " Stanley Susan Sylvia Thomas Vera Violet Walter Wendy William Winifred Yusuf"
).split()
STREETS: Final = "High Station Church Park Victoria Mill Chapel Green Manor School Bridge Castle Orchard Meadow".split()
TOWNS: Final = (
    ("Leeds", "LS"),
    ("Swansea", "SA"),
    ("Bristol", "BS"),
    ("Derby", "DE"),
    ("Norwich", "NR"),
    ("York", "YO"),
)
WORDS: Final = (
    "garden daughter walking stairs kitchen weekly neighbour lunch club chair sleep better worried hospital knee music"
    " church bus telephone visit shopping lonely tablets appetite reading television photographs brother bathroom rail"
    " letters benefit heating cold window cat allotment friend Tuesday morning cooking family talked agreed try phone"
    " doctor blood pressure glasses hearing aid afternoon memory quiet cheerful tired breath slow steps garden centre"
).split()


class Ids:
    """Identifiers as `new_id` makes them, UUIDv7 in rising order, from a seed instead of the clock."""

    def __init__(self, chance: random.Random, begins: dt.datetime = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)) -> None:
        self._chance = chance
        self._next = int(begins.timestamp() * 1000) << 12

    def __call__(self) -> str:
        self._next += 1 + self._chance.getrandbits(6)
        millis, counter = self._next >> 12, self._next & 0xFFF
        tail = self._chance.getrandbits(62)
        return str(uuid.UUID(int=millis << 80 | 0x7 << 76 | counter << 64 | 0b10 << 62 | tail))


def stored(record: Record, compartment: str = "", *, seq: int = 0) -> StoredRow:
    """A record as it travels; `compartment` where its type declares none."""
    record_type = type_of(record)
    return StoredRow(
        type=record_type.name,
        id=record.id,
        subject=record.subject or record.id,
        compartment=str(record_type.compartment or compartment),
        body=body_of(record_type, record),
        seq=seq,
        rev=1 if seq else 0,
    )


def practice_rows(people: int, coordinator_id: str, *, seed: int = SEED) -> Iterator[StoredRow]:
    """`people` times RECORDS_EACH rows, in id order."""
    chance = random.Random(seed)
    ids = Ids(chance)
    for _, nhs_number in zip(range(people), nhs_numbers(), strict=False):
        for record in _of_one(nhs_number, coordinator_id, chance, ids):
            yield stored(record)


def many_contacts(people: int, each: int, coordinator_id: str, *, seed: int = SEED + 1) -> Iterator[StoredRow]:
    """`each` contacts more for everybody of `practice_rows`, over five years to today, in id order."""
    chance = random.Random(seed)
    ids = Ids(chance, begins=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    everybody = [row.id for row in practice_rows(people, coordinator_id) if row.type == "person"]
    for visit in range(each):
        day = TODAY - dt.timedelta(days=round(1_800 * (1 - visit / each)))
        for id in everybody:
            yield stored(_contact(ids(), id, day - dt.timedelta(days=chance.randrange(18)), coordinator_id, "", chance))


def coordinator(id: str, name: str = "Bronwen Hughes") -> StoredRow:
    return stored(Practitioner(id=id, subject=id, name=name, is_user=True))


def narrative(chance: random.Random, words: int = 55) -> str:
    """About 330 characters: what a note of a visit is like in length."""
    return " ".join(chance.choices(WORDS, k=words)).capitalize() + "."


def nhs_numbers() -> Iterator[str]:
    """Every test number with a right check digit, in order: about 909,000; then none for the rest."""
    for candidate in range(1_000_000):
        digits = f"999{candidate:06d}"
        check = 11 - sum(int(digit) * (10 - place) for place, digit in enumerate(digits)) % 11
        if check != 10:
            yield digits + str(check % 11)
    while True:
        yield ""


def _of_one(nhs_number: str, coordinator_id: str, chance: random.Random, ids: Ids) -> list[Record]:
    id = ids()
    family, given = chance.choice(FAMILIES), chance.choice(GIVEN)
    if chance.random() < 0.25:
        family = f"{family}-{chance.choice(FAMILIES)}"
    if chance.random() < 0.5:
        given = f"{given} {chance.choice(GIVEN)}"
    town, area = chance.choice(TOWNS)
    received = TODAY - dt.timedelta(days=chance.randrange(30, 700))
    opened = received + dt.timedelta(days=chance.randrange(1, 21))
    person = Person(
        id=id,
        subject=id,
        family_name=family,
        given_name=given,
        born_on=dt.date(1926, 1, 1) + dt.timedelta(days=chance.randrange(27_000)),
        nhs_number=nhs_number,
        nhs_number_status="01",
        coordinator_id=coordinator_id,
        list_state="on_list",
    )
    referral = Referral(
        id=ids(),
        subject=id,
        received_on=received,
        source=chance.choice(("gp", "self", "community_health", "hospital")),
        reason=chance.choice(("loneliness", "long_term_condition", "low_mood")),
        state="accepted",
        decided_on=opened,
    )
    closed = chance.random() < 0.3
    episode = Episode(
        id=ids(),
        subject=id,
        referral_id=referral.id,
        opened_on=opened,
        practitioner_id=coordinator_id,
        state="closed" if closed else "open",
        closed_on=min(TODAY, opened + dt.timedelta(days=120)) if closed else None,
    )
    records: list[Record] = [
        person,
        Address(
            id=ids(),
            subject=id,
            line1=f"{chance.randrange(1, 200)} {chance.choice(STREETS)} Street",
            line4=town,
            postcode=f"{area}{chance.randrange(1, 20)} {chance.randrange(1, 9)}{chance.choice('ABDEFGH')}{chance.choice('JLNPQRS')}",
            started_on=dt.date(2015, 4, 1),
        ),
        ContactPoint(id=ids(), subject=id, medium="mobile", value=f"+447700900{chance.randrange(1000):03d}"),
        referral,
        episode,
    ]
    day = opened
    for visit in range(2):
        day = min(TODAY, day + dt.timedelta(days=chance.randrange(5, 40)))
        contact = _contact(ids(), id, day, coordinator_id, episode.id, chance)
        records += [contact, _note(ids(), contact, coordinator_id, chance)]
        if visit == 0:
            records.append(
                CarePlan(
                    id=ids(),
                    subject=id,
                    episode_id=episode.id,
                    state="agreed",
                    agreed_on=day,
                    review_on=day + dt.timedelta(days=180),
                    practitioner_id=coordinator_id,
                )
            )
    records.append(
        Score(
            id=ids(),
            subject=id,
            tool="ONS4",
            scale="satisfaction",
            value=chance.randrange(11),
            taken_on=opened,
            episode_id=episode.id,
        )
    )
    return records


def _contact(
    id: str, person_id: str, day: dt.date, coordinator_id: str, episode_id: str, chance: random.Random
) -> Contact:
    at = dt.datetime(day.year, day.month, day.day, chance.randrange(9, 17), chance.randrange(60), tzinfo=dt.UTC)
    return Contact(
        id=id,
        subject=person_id,
        happened_at=at,
        happened_on=day,
        written_at=at + dt.timedelta(minutes=40),
        medium=chance.choice(("home_visit", "02", "01")),
        direction="out",
        outcome=chance.choice(("5", "5", "5", "7")),
        duration_minutes=chance.randrange(10, 70),
        place="home",
        practitioner_id=coordinator_id,
        episode_id=episode_id,
    )


def _note(id: str, contact: Contact, coordinator_id: str, chance: random.Random) -> Note:
    return Note(
        id=id,
        subject=contact.subject,
        about_id=contact.id,
        written_on=contact.happened_on,
        text=narrative(chance),
        author_id=coordinator_id,
        signed_at=contact.written_at,
        signed_by=coordinator_id,
    )


def new_contact(person_id: str, chance: random.Random, now: dt.datetime) -> tuple[Contact, Note]:
    """What a coordinator writes after a visit that has just ended."""
    contact = Contact(
        subject=person_id,
        happened_at=now - dt.timedelta(minutes=45),
        happened_on=(now - dt.timedelta(minutes=45)).date(),
        medium="home_visit",
        outcome="5",
        duration_minutes=35,
        place="home",
    )
    return contact, Note(subject=person_id, text=narrative(chance))
