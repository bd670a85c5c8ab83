"""Who in the store shares something with a person: what comparing two people begins with. Every question is answered
from an index, so that one look among a hundred thousand people reads a few hundred rows."""

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any, Final, NamedTuple

import msgspec

from wellbeing_desktop.domain.name_keys import begins_with, ends_with, looked_for_under
from wellbeing_desktop.storage import joined
from wellbeing_desktop.storage.columns import as_day
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


def families_near(reader: Reader, names: Iterable[str], parts: Iterable[str]) -> set[str]:
    """The family names that somebody has (comparison keys) which may sound like one of `names` or be a slip away from
    it, and those that begin or end with one of `parts`: kept as one word, they no longer show where their parts meet.
    Some are neither: comparing decides."""
    keys = {key for name in names for key in looked_for_under(name)}
    spans = [span for part in parts for span in (begins_with(part), ends_with(part))]
    return {family for (family,) in reader.rows(_NEAR, (json_text(sorted(keys)), json_text(spans)))}


def of_families(reader: Reader, names: Iterable[str]) -> list[tuple[int, str, str]]:
    """Number, family name and first name (keys) of everybody with one of these family names; a person known by two
    first names is there twice. From one index alone: the commonest names have a thousand people."""
    return [
        (number, family, first)
        for number, family, first in reader.rows(
            "SELECT n.number, n.family, n.first FROM json_each(?) AS wanted CROSS JOIN person_first_name AS n"
            " WHERE n.family = wanted.value",
            (json_text(sorted(names)),),
        )
    ]


def born(reader: Reader, numbers: Iterable[int]) -> list[tuple[str, dt.date | None]]:
    """The id and birth date of the people with these numbers."""
    return [
        (id, as_day(born_on))
        for id, born_on in reader.rows(
            "SELECT r.id, w.born_on FROM json_each(?) AS wanted CROSS JOIN person_words AS w ON w.number = wanted.value"
            " JOIN record AS r ON r.number = w.number",
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
    values = {
        "numbers": json_text(sorted(nhs_numbers)),
        "born_on": json_text(sorted(day.isoformat() for day in born_on)),
        "postcodes": json_text([postcode] if postcode else []),
        "telephones": json_text(sorted(telephones)),
        "most": MOST,
    }
    return {id for (id,) in reader.rows(_SHARING, values)}


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
        born_on=as_day(born_on),
        nhs_number=number or "",
        postcode=postcode,
        line1=line1,
        telephones=tuple((telephones or "").split("\n")) if telephones and not restricted else (),
    )


_NEAR: Final = (
    "SELECT k.family FROM json_each(?) AS asked CROSS JOIN family_key AS k WHERE k.key = asked.value"
    " UNION ALL SELECT k.family FROM json_each(?) AS span CROSS JOIN family_key AS k"
    " WHERE k.key >= json_extract(span.value, '$[0]') AND k.key < json_extract(span.value, '$[1]')"
)
_FACTS: Final = """
SELECT p.id, p.family_name, p.given_name, p.known_as, p.former_names, p.born_on, p.nhs_number, p.restricted,
  (SELECT coalesce(a.line1, '') || char(10) || coalesce(a.postcode, '') FROM live_address AS a
     WHERE a.subject = p.id AND a.ended_on IS NULL ORDER BY a.id DESC LIMIT 1),
  (SELECT group_concat(c.value, char(10)) FROM live_contact_point AS c WHERE c.subject = p.id AND c.medium <> 'email')
FROM live_person AS p WHERE p.unidentified IS NOT 1"""
_SHARING: Final = """
SELECT * FROM (SELECT p.id FROM json_each(:numbers) AS wanted CROSS JOIN person AS p
  WHERE p.nhs_number = wanted.value AND p.gone = 0 LIMIT +:most)
UNION ALL SELECT * FROM (SELECT r.id FROM json_each(:born_on) AS wanted CROSS JOIN person_words AS w
  JOIN record AS r ON r.number = w.number WHERE w.born_on = wanted.value LIMIT +:most)
UNION ALL SELECT * FROM (SELECT a.subject FROM json_each(:postcodes) AS wanted CROSS JOIN address AS a
  WHERE a.postcode = wanted.value AND a.gone = 0 AND a.ended_on IS NULL LIMIT +:most)
UNION ALL SELECT * FROM (SELECT c.subject FROM json_each(:telephones) AS wanted CROSS JOIN contact_point AS c
  WHERE c.value = wanted.value AND c.gone = 0 LIMIT +:most)"""
