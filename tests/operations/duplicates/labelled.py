"""A labelled set: people of the test files and of the made-up practice, each typed again with one slip that people
really make; and people who are not the same though much agrees. Seeded, so every run asks the same."""

import datetime as dt
import random
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from benchmarks.practice import FAMILIES, GIVEN, nhs_numbers
from tests.operations.duplicates.people import DATA, listed, pds
from wellbeing_desktop.operations.likeness import Known, known

SEED: Final = 20261128
MADE_UP: Final = 600


class Written(NamedTuple):
    """Somebody as written down, before it is tidied for comparing."""

    family: str
    given: str
    born_on: dt.date
    number: str
    postcode: str


class Asked(NamedTuple):
    """What is typed, who it is (none: somebody new), and what went wrong."""

    typed: Known
    is_id: str
    slip: str


def everybody() -> list[Known]:
    """Whom the service knows: everybody of the files once, and the made-up practice."""
    people: dict[object, Known] = {}
    for path in sorted((DATA / "patient-list-csv").glob("*.csv")):
        for one in listed(path.stem):
            people.setdefault((one.name.family, one.name.givens, one.born_on), one)
    for folder in ("searches", "patients"):
        for path in sorted((DATA / "pds-sandbox" / folder).glob("*.json")):
            for one in pds(f"{folder}/{path.stem}"):
                people.setdefault(one.id, one)
    return [*people.values(), *(_known(f"made {number}", one) for number, one in enumerate(_made_up()))]


def questions() -> list[Asked]:
    chance = random.Random(SEED)
    asked = []
    for number, one in enumerate(_made_up()):
        for slip, change in SLIPS.items():
            if (changed := change(one, chance)) is not None and chance.random() < 0.3:
                asked.append(Asked(_known("typed", changed), f"made {number}", slip))
        for kind, make in OTHERS.items():
            if chance.random() < 0.3:
                asked.append(Asked(_known("typed", make(one, chance)), "", kind))
    return asked


def _made_up() -> Iterator[Written]:
    chance = random.Random(SEED)
    numbers = nhs_numbers()
    for _ in range(MADE_UP):
        family = chance.choice(FAMILIES)
        if chance.random() < 0.15:
            family = f"{family}-{chance.choice(FAMILIES)}"
        given = " ".join(chance.sample(GIVEN, chance.choice((1, 2))))
        born_on = dt.date(1930, 1, 1) + dt.timedelta(days=chance.randrange(30_000))
        for _ in range(chance.randrange(1, 40)):
            number = next(numbers)
        postcode = f"LS{chance.randrange(1, 29)} {chance.randrange(1, 9)}{''.join(chance.sample('ABDEFGHJLN', 2))}"
        yield Written(family, given, born_on, number, postcode)


def _known(id: str, one: Written) -> Known:
    return known(id, one.family, one.given, "", one.born_on, one.number, one.postcode)


def _swapped(text: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(text) - 2) if len(text) > 3 else 0
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :] if len(text) > 1 else text


def _dropped(text: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(text)) if len(text) > 1 else 0
    return text[:at] + text[at + 1 :] if len(text) > 4 else f"{text}e"


def _other_digit(day: dt.date, chance: random.Random) -> dt.date | None:
    year = day.year + chance.choice((-10, 10, -1, 1))
    return None if (day.month, day.day) == (2, 29) else day.replace(year=year)


def _turned(day: dt.date) -> dt.date | None:
    return day.replace(month=day.day, day=day.month) if day.day <= 12 and day.day != day.month else None


def _another(names: list[str], *, than: str, chance: random.Random) -> str:
    return chance.choice([name for name in names if name[:1] != than[:1] and name not in than.split()])


Change = Callable[[Written, random.Random], Written | None]

SLIPS: Final[dict[str, Change]] = {
    "as it is": lambda one, chance: one,
    "no number": lambda one, chance: one._replace(number=""),
    "letters swapped in the family name": lambda one, chance: one._replace(
        family=_swapped(one.family, chance), number=""
    ),
    "a letter left out of the family name": lambda one, chance: one._replace(
        family=_dropped(one.family, chance), number=""
    ),
    "letters swapped in the first name": lambda one, chance: one._replace(given=_swapped(one.given, chance), number=""),
    "first and family name turned": lambda one, chance: one._replace(
        family=one.given.split()[0], given=one.family, number=""
    ),
    "one part of the family name": lambda one, chance: (
        one._replace(family=one.family.split("-")[-1], number="") if "-" in one.family else None
    ),
    "second first name left out": lambda one, chance: one._replace(given=one.given.split()[0], number=""),
    "called by the second first name": lambda one, chance: (
        one._replace(given=one.given.split()[1], number="") if " " in one.given else None
    ),
    "an initial": lambda one, chance: one._replace(given=one.given[0], number=""),
    "married, at the same address": lambda one, chance: one._replace(
        family=_another(FAMILIES, than=one.family, chance=chance), number=""
    ),
    "moved": lambda one, chance: one._replace(postcode="SA1 1AA", number=""),
    "day and month turned": lambda one, chance: (
        one._replace(born_on=day, number="") if (day := _turned(one.born_on)) else None
    ),
    "a digit of the birth date": lambda one, chance: (
        one._replace(born_on=day, number="") if (day := _other_digit(one.born_on, chance)) else None
    ),
    "digits swapped in the number": lambda one, chance: one._replace(
        number=one.number[:6] + one.number[7] + one.number[6] + one.number[8:]
    ),
    "married, with the number": lambda one, chance: one._replace(
        family=_another(FAMILIES, than=one.family, chance=chance), postcode=""
    ),
}

OTHERS: Final[dict[str, Callable[[Written, random.Random], Written]]] = {
    "twin": lambda one, chance: one._replace(given=_another(GIVEN, than=one.given, chance=chance), number=""),
    "parent of the same name": lambda one, chance: one._replace(
        born_on=one.born_on - dt.timedelta(days=chance.randrange(7_000, 12_000)), number=""
    ),
    "somebody at the same postcode": lambda one, chance: one._replace(
        family=_another(FAMILIES, than=one.family, chance=chance),
        given=_another(GIVEN, than=one.given, chance=chance),
        born_on=one.born_on + dt.timedelta(days=chance.randrange(500, 5_000)),
        number="",
    ),
    "somebody born that day": lambda one, chance: one._replace(
        family=_another(FAMILIES, than=one.family, chance=chance), postcode="SA1 1AB", number=""
    ),
    "namesake with a number of their own": lambda one, chance: one._replace(number="4010232137", postcode="SA1 1AB"),
}
