"""Finding a service or an article as one types, by name, need, area, who runs it, or a word of its text.

The index answers first. Only when it has little are the words compared by spelling, with the words of the index that
begin alike. Weighing every match of a short word took a hundred times as long as counting them, so many matches are
put in order by where the words stand and then by name; few are weighed. Whatever is typed is folded to letters and digits, quoted and
bound, so no operator of the search language is ever reached.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from wellbeing_desktop.storage.columns import as_day, as_members
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.statements import fill, json_text

SERVICE: Final = "service"
ARTICLE: Final = "article"
FEW: Final = 5
"""With fewer than so many found as typed, words spelt nearly so are found too."""
_WEIGHED: Final = 250
"""Matches up to which each is weighed by how often and where the words stand in it."""
_COLUMNS: Final = ("{name} : ", "{name known} : ", "")
"""Of many matches, first those with every word in the name, then those with them in what is known, then the rest."""
_LIKE_ENOUGH: Final = 0.75
_LEAST_FOR_SPELLING: Final = 4
"""Letters; shorter words differ too little from one another."""
_MOST_SPELLINGS: Final = 8
_MOST_WORDS: Final = 12


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A service or an article as a list shows it. `id` is the service's, or that of the article itself, not of its
    edition. `checked_on` is the day somebody last stood by it: checked, or approved."""

    kind: str
    id: str
    name: str
    topics: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    organisation: str = ""
    postcode: str = ""
    cost: str = ""
    capacity: str = ""
    capacity_on: dt.date | None = None
    checked_on: dt.date | None = None
    review_on: dt.date | None = None
    state: str = ""


def search_directory(
    reader: Reader, typed: str, limit: int = 100, *, kind: str = "", in_use: bool = False
) -> tuple[list[Found], int]:
    """What every typed word fits, the closest first, and how many there are; everything by name when nothing is typed.

    A word in a name counts most, then needs, areas and who runs it, then the text. `kind` is `service` or `article`
    for one of the two; `in_use` leaves out services that are no more.
    """
    words = plain_words(typed)
    values = {"kind": kind, "in_use": int(in_use), "limit": limit}
    if not words:
        rows = reader.rows(_EVERYTHING, values)
        return _shown(reader, [number for (number,) in rows]), reader.value(_HOW_MANY, values)
    exact = " AND ".join(_beginning(word) for word in words)
    numbers, total = _matching(reader, exact, values)
    if total < min(FEW, limit):
        held = set(numbers)
        numbers += [number for number in _nearly(reader, words, values) if number not in held]
        total, numbers = len(numbers), numbers[:limit]
    return _shown(reader, numbers), total


def service_named(reader: Reader, name: str) -> str:
    """The id of the one service in use with this very name, else empty: of two with one name somebody chooses."""
    found = [id for (id,) in reader.rows(_NAMED, (" ".join(name.split()),))]
    return found[0] if len(found) == 1 else ""


def plain_words(typed: str) -> list[str]:
    """The words typed: letters and digits with their accents, and the marks between them as spaces within a word."""
    words = []
    for part in typed.split():
        kept = "".join(
            character if character.isalnum() or "\u0300" <= character <= "\u036f" else " " for character in part
        )
        if kept.strip():
            words.append(" ".join(kept.split()))
    return words[:_MOST_WORDS]


def _beginning(word: str) -> str:
    return f'"{word}"*'


def _matching(reader: Reader, query: str, values: dict[str, Any]) -> tuple[list[int], int]:
    """The numbers of the best matches and how many there are."""
    total = reader.value(_COUNT, {**values, "query": query})
    if total <= _WEIGHED:
        return [number for (number,) in reader.rows(_WEIGH, {**values, "query": query})], total
    numbers: dict[int, None] = {}
    for columns in _COLUMNS:
        rows = reader.rows(_BY_NAME, {**values, "query": f"{columns}({query})"})
        numbers.update((number, None) for (number,) in rows if number not in numbers)
        if len(numbers) >= values["limit"]:
            break
    return list(numbers)[: values["limit"]], total


def _nearly(reader: Reader, words: Sequence[str], values: dict[str, Any]) -> list[int]:
    """The best matches of the words as they may be meant. A word that is somewhere is taken at its word first: reading
    what comes near a common one takes longest."""
    unknown = [word for word in words if not reader.rows(_IS_A_WORD, (_bare(word), _bare(word) + "\U0010ffff"))]
    numbers: list[int] = []
    for doubtful in (unknown, words if len(unknown) < len(words) else []):
        if not numbers and (near := _spelt_nearly(reader, words, doubtful)):
            numbers, _ = _matching(reader, near, values)
    return numbers


def _spelt_nearly(reader: Reader, words: Sequence[str], doubtful: Sequence[str]) -> str:
    """The query with the spellings that come near each doubtful word; empty if that is no other question."""
    groups, differs = [], False
    for word in words:
        bare = _bare(word)
        near = _near(reader, bare) if word in doubtful and len(bare) >= _LEAST_FOR_SPELLING else []
        differs = differs or bool(near)
        spellings = [_beginning(word), *(f'"{term}"' for term in near)]
        groups.append(f"({' OR '.join(spellings)})")
    return " AND ".join(groups) if differs else ""


def _bare(word: str) -> str:
    return word.replace(" ", "").casefold()


def _near(reader: Reader, word: str) -> list[str]:
    """The words of the index spelt most nearly so. Those that begin with either of its first two letters come first,
    since a slip is seldom in the first letter; all of them are read only when those have nothing."""
    beginnings = sorted({word[0], word[1]})
    begun = [term for letter in beginnings for (term,) in reader.rows(_BEGUN, (letter, letter + "\U0010ffff"))]
    return _nearest(word, begun) or _nearest(word, [term for (term,) in reader.rows(_WORDS)])


def _nearest(word: str, held: list[str]) -> list[str]:
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    near: dict[str, float] = {}
    # a word that is not typed to its end yet is compared with as much of it
    for begun in (held, [term[: len(word)] for term in held]):
        scorer, like = OSA.normalized_similarity, _LIKE_ENOUGH
        for _, score, at in process.extract(word, begun, scorer=scorer, score_cutoff=like, limit=50):
            near[held[at]] = max(near.get(held[at], 0.0), score)
    return sorted(near, key=lambda term: (-near[term], term))[:_MOST_SPELLINGS]


def _shown(reader: Reader, numbers: Sequence[int]) -> list[Found]:
    rows = {row[0]: row for row in reader.rows(_ROWS, (json_text(list(numbers)),))}
    return [_found(rows[number]) for number in numbers if number in rows]


def _found(row: Sequence[Any]) -> Found:
    return Found(
        kind=row[1],
        id=row[2] or "",
        name=row[3] or "",
        topics=as_members(row[4]),
        areas=as_members(row[5]),
        organisation=row[6] or "",
        postcode=row[7] or "",
        cost=row[8] or "",
        capacity=row[9] or "",
        capacity_on=as_day(row[10]),
        checked_on=as_day(row[11]),
        review_on=as_day(row[12]),
        state=row[13] or "",
    )


_IS_WANTED: Final = (
    "(:kind = '' OR e.kind = :kind) AND (:in_use = 0 OR NOT EXISTS"
    " (SELECT 1 FROM service AS s WHERE s.id = e.id AND s.state = 'defunct'))"
)
_EVERYTHING: Final = fill(
    "SELECT e.number FROM directory_entry AS e WHERE {wanted} ORDER BY e.sort, e.number LIMIT +:limit",
    wanted=_IS_WANTED,
)
_HOW_MANY: Final = fill("SELECT count(*) FROM directory_entry AS e WHERE {wanted}", wanted=_IS_WANTED)
_MATCHING: Final = fill(
    "FROM directory JOIN directory_entry AS e ON e.number = directory.rowid WHERE directory MATCH :query AND {wanted}",
    wanted=_IS_WANTED,
)
_WEIGH: Final = fill(
    "SELECT e.number {matching} ORDER BY bm25(directory, 10.0, 4.0, 1.0), e.sort, e.number LIMIT +:limit",
    matching=_MATCHING,
)
_BY_NAME: Final = fill("SELECT e.number {matching} ORDER BY e.sort, e.number LIMIT +:limit", matching=_MATCHING)
_COUNT: Final = fill("SELECT count(*) {matching}", matching=_MATCHING)
_WORDS: Final = "SELECT term FROM directory_word"
_IS_A_WORD: Final = "SELECT 1 FROM directory_word WHERE term >= ? AND term < ? LIMIT 1"
_BEGUN: Final = "SELECT term FROM directory_word WHERE term >= ? AND term < ?"
_ROWS: Final = (
    "SELECT e.number, e.kind, coalesce(a.article_id, s.id), coalesce(a.title, s.name), coalesce(a.services, s.topics),"
    " coalesce(a.localities, s.areas), o.name, s.postcode, s.cost, s.capacity, s.capacity_on,"
    " coalesce(a.approved_on, s.checked_on), a.review_on, s.state FROM directory_entry AS e"
    " LEFT JOIN service AS s ON s.id = e.id LEFT JOIN article_edition AS a ON a.id = e.id"
    " LEFT JOIN live_organisation AS o ON o.id = s.organisation_id"
    " WHERE e.number IN (SELECT value FROM json_each(?))"
)
_NAMED: Final = (
    "SELECT s.id FROM live_service AS s WHERE coalesce(s.state, '') <> 'defunct' AND s.name = ? COLLATE NOCASE LIMIT 2"
)
