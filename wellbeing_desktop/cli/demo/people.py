"""The list of people that the demo imports: the shipped EMIS layout, and as many more rows as asked for.

Everybody is made up. NHS numbers begin with 999, the range that is never issued; telephone numbers are those that
Ofcom keeps for drama (reference 10).
"""

import csv
import datetime as dt
import io
import random
from collections.abc import Iterator
from typing import Final

from wellbeing_desktop.domain.nhs_number import has_valid_check_digit
from wellbeing_desktop.domain.resources import resource
from wellbeing_desktop.exchange.practices import PracticeRow

LEAST_PEOPLE: Final = 24
USUAL_PEOPLE: Final = 60
PRACTICES: Final = tuple(
    PracticeRow(
        line=0,
        code=f"Z9999{place}",
        name=f"{name} (made up)",
        address=(f"{place} {street}", "Kington"),
        postcode="HR5 9ZZ",
    )
    for place, (name, street) in enumerate(
        (
            ("Arrow Valley Surgery", "Bridge Street"),
            ("Hergest Medical Practice", "Church Road"),
            ("The Meads Health Centre", "The Meads"),
            ("Station Road Surgery", "Station Road"),
        ),
        1,
    )
)
"""No practice has these codes."""

_FAMILY: Final = [
    "Abbott",
    "Ahmed",
    "Bailey",
    "Begum",
    "Bennett",
    "Bevan",
    "Brennan",
    "Carter",
    "Chowdhury",
    "Clarke",
    "Davies",
    "Dunne",
    "Edwards",
    "Evans",
    "Farah",
    "Flynn",
    "Gill",
    "Griffiths",
    "Hall",
    "Harris",
    "Hughes",
    "Iqbal",
    "Jenkins",
    "Jones",
    "Kaur",
    "Kelly",
    "Khan",
    "Lewis",
    "Lloyd",
    "Mahmood",
    "Marsh",
    "Morgan",
    "Nowak",
    "O'Brien",
    "Okafor",
    "Owen",
    "Parry",
    "Patel",
    "Powell",
    "Price",
    "Pritchard",
    "Quinn",
    "Rees",
    "Roberts",
    "Rogers",
    "Shah",
    "Singh",
    "Smith-Jones",
    "Taylor",
    "Thomas",
    "Tudor",
    "Vaughan",
    "Walker",
    "Watkins",
    "Williams",
    "Wojcik",
    "Wright",
    "Yilmaz",
    "Young",
]
_GIVEN: Final = [
    "Aisha",
    "Alan",
    "Amina",
    "Anwen",
    "Arthur",
    "Beryl",
    "Bronwen",
    "Carys",
    "Catrin",
    "David",
    "Derek",
    "Dilip",
    "Doris",
    "Edith",
    "Elin",
    "Emrys",
    "Ewan",
    "Fatima",
    "Frank",
    "George",
    "Gwen",
    "Gwyn",
    "Harold",
    "Hassan",
    "Ifan",
    "Ioan",
    "Irene",
    "Ivy",
    "Jean",
    "Joyce",
    "Kamal",
    "Leila",
    "Mabel",
    "Maria",
    "Megan",
    "Mohammed",
    "Nasreen",
    "Nerys",
    "Olive",
    "Owain",
    "Patrick",
    "Peggy",
    "Rajesh",
    "Rhian",
    "Ruth",
    "Sian",
    "Stanley",
    "Sunita",
    "Tomos",
    "Vera",
    "Winifred",
    "Zofia",
]
_STREETS: Final = (
    "Bridge Street",
    "Church Road",
    "Duke Street",
    "Mill Lane",
    "Orchard Close",
    "Park View",
    "The Meads",
)


def practice_list(count: int, *, seed: int = 20261121) -> bytes:
    """A people list as an EMIS search gives it, cp1252, with `count` people: the shipped ones first.

    The same count and seed give the same bytes.
    """
    shipped = resource("demo/emis-search.csv").read_bytes().decode("cp1252")
    rows = list(csv.reader(io.StringIO(shipped)))
    header, people = rows[0], rows[1 : count + 1]
    chance = random.Random(seed)  # made-up people, not secrets
    for place, row in enumerate(people):  # the shipped list names no practice: letters to the GP need one
        practice = PRACTICES[place % len(PRACTICES)]
        row[1:4] = [practice.code, practice.name, f"Dr {_FAMILY[place]}"]
    numbers = _made_up_numbers()
    while len(people) < count:
        people.append(_row(len(people) + 1, chance, next(numbers)))
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(people)
    return out.getvalue().encode("cp1252")


def _made_up_numbers() -> Iterator[str]:
    for middle in range(100_000, 1_000_000):
        first_nine = f"999{middle}"
        for check in "0123456789":
            if has_valid_check_digit(first_nine + check):
                yield first_nine + check


def _row(number: int, chance: random.Random, nhs_number: str) -> list[str]:
    practice = chance.choice(PRACTICES)
    born = dt.date(1926, 1, 1) + dt.timedelta(days=chance.randrange(365 * 75))
    female = chance.random() < 0.6
    return [
        str(number),
        practice.code,
        practice.name,
        f"Dr {chance.choice(_FAMILY)}",
        f"{nhs_number[:3]} {nhs_number[3:6]} {nhs_number[6:]}",
        "",
        chance.choice(_FAMILY).upper(),
        chance.choice(_GIVEN),
        "",
        born.strftime("%d-%b-%Y"),
        "Female" if female else "Male",
        "",
        f"{chance.randrange(1, 180)} {chance.choice(_STREETS)}",
        "",
        "Kington",
        "Herefordshire",
        f"HR5 {chance.randrange(1, 9)}{chance.choice('ABDEFGHJLNPQRSTUWXYZ')}{chance.choice('ABDEFGHJLNPQRSTUWXYZ')}",
        f"01632 960{chance.randrange(1000):03d}",
        f"07700 900{chance.randrange(1000):03d}" if chance.random() < 0.5 else "",
        "",
        "",
    ]
