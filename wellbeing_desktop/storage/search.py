"""Finding people as one types, and words in notes.

`find` and `find_part` hold one row for each person: every word that the person is found by (search_words.py).
`text` holds the narrative of every record that has some. Whatever is typed is folded to letters and digits, quoted
and bound, so no operator of the search language is ever reached.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.name_keys import kept_under
from wellbeing_desktop.domain.names import comparison_key, list_name
from wellbeing_desktop.storage import joined
from wellbeing_desktop.storage.columns import as_day
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.search_words import (
    SHORTEST_PART,
    Term,
    date_word,
    joined_words,
    name_words,
    number_words,
    postcode_words,
    terms_of,
)
from wellbeing_desktop.storage.statements import json_text

FOUND_BY: Final = frozenset({"person", "address", "contact_point", "related_person", "alias"})
"""The types whose records say what a person is found by."""

_CHUNK: Final = 2000
_AND: Final = " AND "


class PersonRow(msgspec.Struct, frozen=True, kw_only=True):
    """A person in a list of results. `name` is as staff lists show it; `similar_name` when somebody else in the
    store could be taken for this person (PRACTICE W2)."""

    id: str
    name: str
    known_as: str
    born_on: dt.date | None
    postcode: str
    nhs_number: str
    similar_name: bool
    died: bool
    restricted: bool
    has_alert: bool


class TextHit(msgspec.Struct, frozen=True, kw_only=True):
    """A record whose narrative has the words. The words found stand between U+2068 and U+2069 in `snippet`."""

    id: str
    type: str
    subject: str
    compartment: str
    at: str | None
    snippet: str


def find_people(reader: Reader, typed: str, limit: int = 50) -> list[PersonRow]:
    """People found by what was typed, in the order of their names; at most `limit`.

    Names in any order by their beginnings, with accents and punctuation folded; NHS number, telephone, postcode,
    number in the GP system, birth date. When no word begins so, parts of words of three or more characters are tried.
    One or two letters mean the family name first. Removed people are not found; somebody whose record was joined to
    another is found as the record kept.
    """
    return person_rows(reader, _found(reader, typed, limit))


def find_page(
    reader: Reader, typed: str, most: int, *, descending: bool = False, limit: int, offset: int = 0
) -> tuple[tuple[str, ...], int]:
    """The ids of a page of the same people in the order of their names, and how many there are in all, at most
    `most`; for a list that shows its own columns. Nothing but their order is looked up for those not on the page."""
    numbers = _found(reader, typed, most)
    page = reader.rows(_PAGE_DOWN if descending else _PAGE, (json_text(numbers), limit, offset))
    return tuple(id for (id,) in page), len(numbers)


def _found(reader: Reader, typed: str, limit: int) -> list[int]:
    terms = terms_of(typed)
    if not terms:
        return []
    if len(terms) == 1 and len(terms[0]) == 1 and len(terms[0][0]) < SHORTEST_PART:
        numbers = _by_family(reader, terms[0][0], limit)
    else:
        numbers = _numbers(reader, _FIND, _AND.join(map(_beginning, terms)), limit)
        if not numbers:
            numbers = _by_part(reader, terms, limit)
    return numbers


def search_text(reader: Reader, typed: str, limit: int = 50, *, subject: str | None = None) -> list[TextHit]:
    """Records whose narrative has every word typed, the last one perhaps begun only; newest first."""
    words = _plain_words(typed)
    if not words:
        return []
    query = " ".join([*(f'"{word}"' for word in words[:-1]), f'"{words[-1]}"*'])
    sql = _TEXT_OF_ONE if subject is not None else _TEXT
    values = (query, subject, limit) if subject is not None else (query, limit)
    return [
        TextHit(id=found[0], type=found[1], subject=found[2], compartment=found[3], at=found[4], snippet=found[5])
        for found in reader.rows(sql, values)
    ]


def person_rows(reader: Reader, numbers: Iterable[int]) -> list[PersonRow]:
    """The rows to show for the people with these numbers, in the order of their names."""
    return [_person_row(found) for found in reader.rows(_PEOPLE, (json_text(list(numbers)),))]


def people_to_refresh(type_name: str, subject: str, body: Mapping[str, Any]) -> set[str]:
    """The people whose words may have changed when a record of this type and body was written."""
    if type_name not in FOUND_BY:
        return set()
    if type_name == "alias":
        return {str(body.get("survivor_id", "")), str(body.get("vanished_id", ""))}
    return {subject}


def forget_people(writer: Writer, ids: set[str]) -> None:
    """Take people out of the finding index; for rows about to leave the file."""
    if ids:
        _keep_families(writer, _forget(writer, sorted(ids)))


def refresh_people(writer: Writer, ids: set[str]) -> None:
    """Make the finding index of these people anew, within the transaction that changed them."""
    if not ids:
        return
    survivors = joined.survivors(writer)
    group = _with_joined(ids, survivors)
    ordered = sorted(group)
    families: set[str] = set()
    for start in range(0, len(ordered), _CHUNK):
        families |= _forget(writer, ordered[start : start + _CHUNK])
    kept = sorted({joined.root(id, survivors) for id in group})
    for start in range(0, len(kept), _CHUNK):
        families |= _add(writer, kept[start : start + _CHUNK], survivors)
    _keep_families(writer, families)


def _forget(writer: Writer, ids: Sequence[str]) -> set[str]:
    """Answers the family names that they had."""
    numbers = json_text([found[0] for found in writer.rows(_NUMBERS, (json_text(ids),))])
    families = {family for (family,) in writer.rows(_FAMILIES_OF, (numbers,))}
    for statement in _FORGET:
        writer.execute(statement, (numbers,))
    return families


def _keep_families(writer: Writer, families: set[str]) -> None:
    """These family names stand under their keys as long as somebody has them, each once however many have it."""
    held, keys = [], []
    for family, is_had, is_held in writer.rows(_FAMILIES, (json_text(sorted(families - {""})),)):
        if is_held and not is_had:
            held += [(key, family) for key in kept_under(family)]
        elif is_had and not is_held:
            keys += [(key, family) for key in kept_under(family)]
    writer.executemany("DELETE FROM family_key WHERE key = ? AND family = ?", held)
    writer.insert_all("INSERT INTO family_key (key, family) VALUES (?, ?)", sorted(keys))


def _add(writer: Writer, ids: list[str], survivors: Mapping[str, str]) -> set[str]:
    """Answers the family names that they have."""
    members = {
        member: id for id in ids for member in _with_joined({id}, survivors) if joined.root(member, survivors) == id
    }
    everyone = json_text(sorted(members))
    words: dict[str, list[str]] = {id: [] for id in ids}
    for sql, read in _WORDS:
        for found in writer.rows(sql, (everyone,)):
            words[members[found[0]]] += read(found)
    sorts, kept, firsts = [], [], []
    for number, id, family, given, known_as, born_on in writer.rows(_NAMES, (json_text(ids),)):
        family_key = comparison_key(family or "")
        sort = f"{family_key} {comparison_key(given or '')}".strip() or comparison_key(known_as or "")
        sorts.append((number, sort))
        kept.append((number, family_key, born_on, joined_words(words[id])))
        first_given = (given or "").split()[:1]
        firsts += [
            (family_key, first, number)
            for first in {comparison_key(name) for name in (*first_given, known_as or "")}
            if first
        ]
    writer.insert_all("INSERT INTO person_sort (number, sort) VALUES (?, ?)", sorts)
    writer.insert_all("INSERT INTO person_words (number, family, born_on, words) VALUES (?, ?, ?, ?)", kept)
    writer.insert_all("INSERT OR IGNORE INTO person_first_name (family, first, number) VALUES (?, ?, ?)", firsts)
    for statement in _INDEX:
        writer.execute(statement, (json_text([number for number, _ in sorts]),))
    return {family for family, _first, _number in firsts}


def _person_words(found: tuple[Any, ...]) -> list[str]:
    _, family, given, known_as, former, nhs_number, local_number, born_on = found
    names = [family, given, known_as, *(msgspec.json.decode(former) if former else ())]
    words = [word for name in names if name for word in name_words(name)]
    words += [word for number in (nhs_number, local_number) if number for word in number_words(number)]
    if born_on:
        words.append(date_word(dt.date.fromisoformat(born_on)))
    return words


def _address_words(found: tuple[Any, ...]) -> list[str]:
    _, line1, line2, postcode = found
    words = [word for line in (line1, line2) if line for part in line.split() for word in name_words(part)]
    return words + (postcode_words(postcode) if postcode else [])


def _contact_point_words(found: tuple[Any, ...]) -> list[str]:
    value = found[1] or ""
    return name_words(value) if "@" in value else number_words(value)


def _related_words(found: tuple[Any, ...]) -> list[str]:
    return name_words(found[1] or "") + number_words(found[2] or "")


_WORDS: Final = (
    (
        "SELECT id, family_name, given_name, known_as, former_names, nhs_number, local_number, born_on FROM live_person"
        " WHERE id IN (SELECT value FROM json_each(?))",
        _person_words,
    ),
    (
        "SELECT subject, line1, line2, postcode FROM live_address WHERE subject IN (SELECT value FROM json_each(?))",
        _address_words,
    ),
    (
        "SELECT subject, value FROM live_contact_point WHERE subject IN (SELECT value FROM json_each(?))",
        _contact_point_words,
    ),
    (
        "SELECT subject, name, telephone FROM live_related_person WHERE subject IN (SELECT value FROM json_each(?))",
        _related_words,
    ),
)
_NAMES: Final = (
    "SELECT record.number, p.id, p.family_name, p.given_name, p.known_as, p.born_on FROM live_person AS p"
    " JOIN record ON record.id = p.id WHERE p.id IN (SELECT value FROM json_each(?))"
    # whom nobody knows yet is in the Inbox alone: not in a list, not found, like nobody by name
    " AND p.unidentified IS NOT 1 ORDER BY record.number"
)
_NUMBERS: Final = "SELECT number FROM record WHERE type = 'person' AND id IN (SELECT value FROM json_each(?))"
_FAMILIES_OF: Final = "SELECT DISTINCT family FROM person_first_name WHERE number IN (SELECT value FROM json_each(?))"
_FAMILIES: Final = (
    "SELECT value, EXISTS (SELECT 1 FROM person_first_name AS n WHERE n.family = value),"
    " EXISTS (SELECT 1 FROM family_key AS k WHERE k.key = '^' || value AND k.family = value) FROM json_each(?)"
)
_FORGET: Final = (
    "INSERT INTO find (find, rowid, words) SELECT 'delete', number, words FROM person_words"
    " WHERE number IN (SELECT value FROM json_each(?))",
    "INSERT INTO find_part (find_part, rowid, words) SELECT 'delete', number, words FROM person_words"
    " WHERE number IN (SELECT value FROM json_each(?))",
    "DELETE FROM person_first_name WHERE number IN (SELECT value FROM json_each(?))",
    "DELETE FROM person_words WHERE number IN (SELECT value FROM json_each(?))",
    "DELETE FROM person_sort WHERE number IN (SELECT value FROM json_each(?))",
)
_INDEX: Final = (
    "INSERT INTO find (rowid, words) SELECT number, words FROM person_words"
    " WHERE number IN (SELECT value FROM json_each(?)) ORDER BY number",
    "INSERT INTO find_part (rowid, words) SELECT number, words FROM person_words"
    " WHERE number IN (SELECT value FROM json_each(?)) ORDER BY number",
)
_FIND: Final = (
    "SELECT s.number FROM find JOIN person_sort AS s ON s.number = find.rowid WHERE find MATCH ?"
    " ORDER BY s.sort, s.number LIMIT +?"
)
_FIND_PART: Final = (
    "SELECT s.number FROM find_part JOIN person_sort AS s ON s.number = find_part.rowid WHERE find_part MATCH ?"
    " ORDER BY s.sort, s.number LIMIT +?"
)
_PAGE: Final = (
    "SELECT r.id FROM (SELECT number, sort FROM person_sort WHERE number IN (SELECT value FROM json_each(?))"
    " ORDER BY sort, number LIMIT +? OFFSET +?) AS s JOIN record AS r ON r.number = s.number ORDER BY s.sort, s.number"
)
_PAGE_DOWN: Final = _PAGE.replace("sort, number", "sort DESC, number DESC").replace(
    "s.sort, s.number", "s.sort DESC, s.number DESC"
)
_PEOPLE: Final = """
SELECT p.id, p.family_name, p.given_name, p.known_as, p.born_on,
  (SELECT a.postcode FROM live_address AS a WHERE a.subject = p.id
     ORDER BY a.ended_on IS NOT NULL, a.started_on DESC, a.id DESC LIMIT 1),
  p.nhs_number,
  EXISTS (SELECT 1 FROM person_first_name AS mine JOIN person_first_name AS other
            ON other.family = mine.family AND other.first = mine.first AND other.number <> mine.number
            WHERE mine.number = w.number)
  OR (w.born_on IS NOT NULL AND w.family <> '' AND EXISTS (
     SELECT 1 FROM person_words AS other WHERE other.family = w.family AND other.born_on = w.born_on
       AND other.number <> w.number)),
  p.died_on IS NOT NULL, p.restricted IS 1,
  EXISTS (SELECT 1 FROM live_alert AS alert WHERE alert.subject = p.id AND alert.ended IS NOT 1
     AND NOT EXISTS (SELECT 1 FROM live_alert AS later WHERE later.subject = p.id AND later.supersedes = alert.id))
FROM person_sort AS s JOIN person_words AS w ON w.number = s.number JOIN record AS r ON r.number = s.number
  JOIN live_person AS p ON p.id = r.id
WHERE s.number IN (SELECT value FROM json_each(?)) ORDER BY s.sort, s.number
"""
_TEXT: Final = (
    "SELECT r.id, r.type, r.subject, r.compartment, r.at, snippet(text, 0, char(0x2068), char(0x2069), '…', 16)"
    " FROM text JOIN record AS r ON r.number = text.rowid WHERE text MATCH ? ORDER BY r.at DESC, r.number DESC LIMIT +?"
)
_TEXT_OF_ONE: Final = (
    "SELECT r.id, r.type, r.subject, r.compartment, r.at, snippet(text, 0, char(0x2068), char(0x2069), '…', 16)"
    " FROM text JOIN record AS r ON r.number = text.rowid WHERE text MATCH ? AND r.subject = ?"
    " ORDER BY r.at DESC, r.number DESC LIMIT +?"
)


def _person_row(found: tuple[Any, ...]) -> PersonRow:
    return PersonRow(
        id=found[0],
        name=list_name(found[1] or "", found[2] or "", found[3] or ""),
        known_as=found[3] or "",
        born_on=as_day(found[4]),
        postcode=found[5] or "",
        nhs_number=found[6] or "",
        similar_name=bool(found[7]),
        died=bool(found[8]),
        restricted=bool(found[9]),
        has_alert=bool(found[10]),
    )


def _by_family(reader: Reader, letters: str, limit: int) -> list[int]:
    """Ranking a third of everybody for one letter took longer than typing it: walk the names in their order."""
    after = letters + "\U0010ffff"
    numbers = [
        found[0]
        for found in reader.rows(
            "SELECT number FROM person_sort WHERE sort >= ? AND sort < ? ORDER BY sort, number LIMIT +?",
            (letters, after, limit),
        )
    ]
    if len(numbers) < limit:
        held = set(numbers)
        others = _numbers(reader, _FIND, _beginning((letters,)), limit + len(numbers))
        numbers += [number for number in others if number not in held][: limit - len(numbers)]
    return numbers


def _by_part(reader: Reader, terms: tuple[Term, ...], limit: int) -> list[int]:
    parts = [tuple(part for part in term if len(part) >= SHORTEST_PART) for term in terms]
    parts = [term for term in parts if term]
    if not parts:
        return []
    return _numbers(reader, _FIND_PART, _AND.join(_either(f'"{part}"' for part in term) for term in parts), limit)


def _numbers(reader: Reader, sql: str, query: str, limit: int) -> list[int]:
    return [found[0] for found in reader.rows(sql, (query, limit))]


def _beginning(term: Term) -> str:
    return _either(f'"{alternative}"*' for alternative in term)


def _either(quoted: Iterator[str]) -> str:
    return f"({' OR '.join(quoted)})"


def _plain_words(typed: str) -> list[str]:
    return "".join(
        character if character.isalnum() or "\u0300" <= character <= "\u036f" else " " for character in typed
    ).split()[:12]


def _with_joined(ids: set[str], survivors: Mapping[str, str]) -> set[str]:
    if not survivors:
        return set(ids)
    roots = {joined.root(id, survivors) for id in ids}
    return ids | roots | {vanished for vanished in survivors if joined.root(vanished, survivors) in roots}
