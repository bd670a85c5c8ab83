"""Finding a service of the directory by name, need, area or who runs it, even when it is spelt a little wrong.

Every word of the directory is compared once, not every service: ten thousand services share few words.
"""

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

import msgspec

from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.search_words import name_words

_LIKE_ENOUGH: Final = 0.75
_LEAST_FOR_SPELLING: Final = 4
"""Letters; shorter words differ too little from one another."""
_ROWS: Final = (
    "SELECT s.id, s.name, s.topics, s.areas, o.name, s.cost, s.capacity, s.capacity_on, s.checked_on, s.state"
    " FROM live_service AS s LEFT JOIN live_organisation AS o ON o.id = s.organisation_id"
    " ORDER BY s.name COLLATE NOCASE, s.id"
)


class ServiceFound(msgspec.Struct, frozen=True, kw_only=True):
    """One service as a list shows it."""

    id: str
    name: str
    topics: tuple[str, ...]
    areas: tuple[str, ...]
    organisation: str
    cost: str
    capacity: str
    capacity_on: dt.date | None
    checked_on: dt.date | None
    state: str


def search_services(reader: Reader, typed: str, limit: int = 100) -> tuple[list[ServiceFound], int]:
    """The services that every typed word fits, the closest first, and how many there are; all of them by name when
    nothing is typed."""
    rows = reader.rows(_ROWS)
    terms = sorted({word for part in typed.split() for word in name_words(part)[:1]})
    if not terms:
        return [_service(row) for row in rows[:limit]], len(rows)
    words = [_words(row[1:5]) for row in rows]
    closeness = [_closeness(term, set().union(*words)) for term in terms]
    ranked = []
    for at, own in enumerate(words):
        best = [max((close.get(word, 0.0) for word in own), default=0.0) for close in closeness]
        if all(best):
            ranked.append((-sum(best), at))
    ranked.sort()
    return [_service(rows[at]) for _, at in ranked[:limit]], len(ranked)


def _closeness(term: str, vocabulary: Iterable[str]) -> dict[str, float]:
    """How well each word that fits a typed word fits it: 1 where it begins with it."""
    from rapidfuzz.distance import OSA

    found: dict[str, float] = {}
    for word in vocabulary:
        if word.startswith(term):
            found[word] = 1.0
        elif len(term) >= _LEAST_FOR_SPELLING and abs(len(word) - len(term)) < len(term):
            # a word that is not typed to its end yet is compared with as much of it
            close = max(OSA.normalized_similarity(term, word), OSA.normalized_similarity(term, word[: len(term)]))
            if close >= _LIKE_ENOUGH:
                found[word] = close * 0.9
    return found


def _words(texts: Iterable[str | None]) -> set[str]:
    return {word for text in texts if text for word in _words_of(text)}


@lru_cache(maxsize=65_536)
def _words_of(text: str) -> tuple[str, ...]:
    """Kept while the program runs, so that the next letter typed is answered sooner; a directory names no person."""
    return tuple(name_words(text))


def _service(row: tuple[str | None, ...]) -> ServiceFound:
    return ServiceFound(
        id=row[0] or "",
        name=row[1] or "",
        topics=_members(row[2]),
        areas=_members(row[3]),
        organisation=row[4] or "",
        cost=row[5] or "",
        capacity=row[6] or "",
        capacity_on=_day(row[7]),
        checked_on=_day(row[8]),
        state=row[9] or "",
    )


def _members(kept: str | None) -> tuple[str, ...]:
    return msgspec.json.decode(kept, type=tuple[str, ...]) if kept else ()


def _day(kept: str | None) -> dt.date | None:
    return dt.date.fromisoformat(kept) if kept else None
