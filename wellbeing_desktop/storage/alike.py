"""Who in the store shares something with a person: what comparing two people begins with. Every question is answered
from an index, so that one look among a hundred thousand people reads a few hundred rows."""

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any, Final, NamedTuple

import msgspec

from wellbeing_desktop.storage import joined
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.statements import json_text

MOST: Final = 500
"""How many are read for one thing shared: a postcode of a large care home, a telephone number of a ward."""


class Facts(NamedTuple):
    """One record of a person as it stands. Of somebody whose whereabouts are protected, place and numbers are left
    out: what is typed must not be confirmed by a likeness."""

    id: str
    family: str
    given: str
    known_as: str
    former: tuple[str, ...]
    born_on: dt.date | None
    nhs_number: str
    postcode: str
    line1: str
    telephones: tuple[str, ...]


def families(reader: Reader) -> list[str]:
    """Every family name that somebody has, as a comparison key, each once."""
    return [family for (family,) in reader.rows("SELECT DISTINCT family FROM person_first_name")]


def of_families(reader: Reader, names: Iterable[str]) -> list[tuple[int, str]]:
    """Number and first name (key) of everybody with one of these family names; a person known by two first names is
    there twice. From one index alone: the commonest names have a thousand people."""
    return [
        (number, first)
        for number, first in reader.rows(
            "SELECT number, first FROM person_first_name WHERE family IN (SELECT value FROM json_each(?))",
            (json_text(sorted(names)),),
        )
    ]


def born(reader: Reader, numbers: Iterable[int]) -> list[tuple[str, dt.date | None]]:
    """The id and birth date of the people with these numbers."""
    return [
        (id, dt.date.fromisoformat(born_on) if born_on else None)
        for id, born_on in reader.rows(
            "SELECT r.id, w.born_on FROM person_words AS w JOIN record AS r ON r.number = w.number"
            " WHERE w.number IN (SELECT value FROM json_each(?))",
            (json_text(sorted(numbers)),),
        )
    ]


def sharing(
    reader: Reader,
    *,
    nhs_numbers: Collection[str] = (),
    born_on: Collection[dt.date] = (),
    postcode: str = "",
    telephones: Collection[str] = (),
) -> set[str]:
    """The ids of everybody who has one of these."""
    found: set[str] = set()
    for sql, value in (
        (_BY_NUMBER, json_text(sorted(nhs_numbers))),
        (_BY_BIRTH, json_text(sorted(day.isoformat() for day in born_on))),
        (_BY_PLACE, json_text([postcode] if postcode else [])),
        (_BY_TELEPHONE, json_text(sorted(telephones))),
    ):
        if value != "[]":
            found |= {id for (id,) in reader.rows(sql, (value, MOST))}
    return found


def facts_of(reader: Reader, ids: Iterable[str] | None = None) -> list[Facts]:
    """What is known of these people, or of everybody; joined records are in it with what they say, those whom nobody
    knows yet are not."""
    chosen, values = "", {}
    if ids is not None:
        chosen, values = " AND p.id IN (SELECT value FROM json_each(:ids))", {"ids": json_text(sorted(ids))}
    return [_facts(row) for row in reader.rows(_FACTS + chosen, values)]


def roots(reader: Reader, ids: Iterable[str]) -> dict[str, str]:
    """Each id to the record that this person is known by."""
    joins = joined.survivors(reader)
    return {id: joined.root(id, joins) for id in ids}


def _facts(row: tuple[Any, ...]) -> Facts:
    id, family, given, known_as, former, born_on, number, restricted, place, telephones = row
    line1, _, postcode = ("" if restricted or not place else place).partition("\n")
    return Facts(
        id=id,
        family=family or "",
        given=given or "",
        known_as=known_as or "",
        former=tuple(msgspec.json.decode(former)) if former else (),
        born_on=dt.date.fromisoformat(born_on) if born_on else None,
        nhs_number=number or "",
        postcode=postcode,
        line1=line1,
        telephones=tuple((telephones or "").split("\n")) if telephones and not restricted else (),
    )


_FACTS: Final = """
SELECT p.id, p.family_name, p.given_name, p.known_as, p.former_names, p.born_on, p.nhs_number, p.restricted,
  (SELECT coalesce(a.line1, '') || char(10) || coalesce(a.postcode, '') FROM live_address AS a
     WHERE a.subject = p.id AND a.ended_on IS NULL ORDER BY a.id DESC LIMIT 1),
  (SELECT group_concat(c.value, char(10)) FROM live_contact_point AS c WHERE c.subject = p.id AND c.medium <> 'email')
FROM live_person AS p WHERE p.unidentified IS NOT 1"""
_BY_NUMBER: Final = "SELECT id FROM person WHERE nhs_number IN (SELECT value FROM json_each(?)) AND gone = 0 LIMIT +?"
_BY_BIRTH: Final = (
    "SELECT r.id FROM person_words AS w JOIN record AS r ON r.number = w.number"
    " WHERE w.born_on IN (SELECT value FROM json_each(?)) LIMIT +?"
)
_BY_PLACE: Final = (
    "SELECT subject FROM address WHERE postcode IN (SELECT value FROM json_each(?)) AND gone = 0 AND ended_on IS NULL"
    " LIMIT +?"
)
_BY_TELEPHONE: Final = (
    "SELECT subject FROM contact_point WHERE value IN (SELECT value FROM json_each(?)) AND gone = 0 LIMIT +?"
)
