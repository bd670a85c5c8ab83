"""What the scenarios begin with."""

import datetime as dt
from typing import Any

from tests.sync.client.practice import Laptop, Practice
from wellbeing_desktop.domain.care_plan import CarePlan, PlanNarrative
from wellbeing_desktop.domain.contact import Note
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.write_door import transaction

DAY = dt.date(2026, 11, 20)


def laptops_of(practice: Practice, *names: str, **how: Any) -> list[Laptop]:
    """A laptop for each name, joined and with everything fetched."""
    made = [practice.laptop(practice.member(name, **how)) for name in names]
    for laptop in made:
        laptop.synced()
    return made


def all_synced(*laptops: Laptop, rounds: int = 2) -> None:
    """Everybody syncs in turn until everybody has everything."""
    for _ in range(rounds):
        for laptop in laptops:
            laptop.synced()


def plan_shared_by(first: Laptop, *others: Laptop, words: str = "My garden.") -> tuple[str, str]:
    """A person and the words of their plan, on every laptop."""
    person_id = first.create(Person(family_name="Hughes", given_name="Bronwen"))
    plan_id = first.create(CarePlan(subject=person_id, state="draft"))
    narrative_id = first.create(PlanNarrative(subject=person_id, plan_id=plan_id, most_important=words))
    all_synced(first, *others, rounds=1)
    return person_id, narrative_id


def person_shared_by(first: Laptop, *others: Laptop) -> str:
    person_id = first.create(Person(family_name="Hughes", given_name="Bronwen"))
    all_synced(first, *others, rounds=1)
    return person_id


def note_about(laptop: Laptop, person_id: str, text: str) -> str:
    return laptop.create(Note(subject=person_id, written_on=DAY, text=text))


def words_of(laptop: Laptop, narrative_id: str) -> str:
    return str(laptop.load(PlanNarrative, narrative_id).most_important)


def change_at(laptop: Laptop, at: dt.datetime, struct: type[Any], id: str, **fields: Any) -> None:
    """A change saved when the laptop's clock said `at`."""

    def run(writer: Writer) -> None:
        with transaction(writer, "test", at=at) as tx:
            tx.change(struct, id, fields)

    laptop.store.write(run)


def same_everywhere(*laptops: Laptop) -> None:
    """Both sides hold the same, on every laptop (I10)."""
    for laptop in laptops:
        assert laptop.waiting() == 0
        laptop.synced(verify=True)
