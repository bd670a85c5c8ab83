"""How alike two people's names are, and why, in words (LESSONS 17).

Spelling is Jaro-Winkler and the count of slips (rapidfuzz); sound is Soundex with the letters that English does not
say taken out first; short names come from resources/names. The limits are a product choice, tried on the labelled set
in tests/operations/duplicates: they aim to offer a few too many, because a person only looks at them.
"""

import csv
import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from typing import Final

import msgspec

from wellbeing_desktop.domain.name_keys import name_sound
from wellbeing_desktop.domain.names import comparison_key
from wellbeing_desktop.domain.resources import resource

SPELLED_ALIKE: Final = 0.90
SOUND_HELPS_FROM: Final = 0.65
A_SLIP_FROM_LETTERS: Final = 5
"""In shorter names one other letter is another name: Mark and Mary, Joan and Jean."""

PART_FROM_LETTERS: Final = 3

_JOINED_BY: Final = re.compile(r"[\s\-‐‑‒–—]+")


class Name(msgspec.Struct, frozen=True):
    """One person's names as they are compared: keys without case, accents or marks. Parts of a double-barrelled or
    Spanish family name stand apart in `families`, every given name in `givens`."""

    families: tuple[str, ...] = ()
    givens: tuple[str, ...] = ()
    known_as: str = ""
    former: tuple[str, ...] = ()

    @property
    def family(self) -> str:
        return "".join(self.families)

    @property
    def firsts(self) -> tuple[str, ...]:
        """What the person may be called: the first given name and the one they go by."""
        return tuple(dict.fromkeys(name for name in (*self.givens[:1], self.known_as) if name))


class NameLikeness(msgspec.Struct, frozen=True):
    """`family` and `first` are 0 (two names) to 1 (one name); `missing` says that one of them is not known or but an
    initial. `reasons` are words without a name in them."""

    family: float
    first: float
    reasons: tuple[str, ...]
    missing: bool = False
    turned: bool = False

    @property
    def same(self) -> bool:
        """Both names are one, and known: neither is nearly one, missing, or but an initial."""
        return self.family == 1.0 and self.first == 1.0 and not self.missing

    @property
    def alike(self) -> bool:
        return self.family > 0 and self.first > 0


def name_of(family: str, given: str, known_as: str = "", former: Iterable[str] = ()) -> Name:
    """From names as they are written."""
    return Name(
        families=_parts(family),
        givens=_parts(given),
        known_as=comparison_key(known_as),
        former=tuple(key for key in map(comparison_key, former) if key),
    )


def names_alike(one: Name, other: Name) -> NameLikeness:
    """Both ways round: people give their family name first on one form and last on the next."""
    if not (one.families or one.firsts) or not (other.families or other.firsts):
        return NameLikeness(0.5, 0.5, ("a name is not known",), missing=True)
    straight = _compared(one, other)
    if not straight.alike and (_was(one, other) or _was(other, one)):
        return NameLikeness(0.92, 0.92, ("a former name is the same",))
    if straight.alike or not (one.families and other.families and one.givens and other.givens):
        return straight
    family = max(alike(one.family, given)[0] for given in (other.givens[0], "".join(other.givens)))
    first = max(alike(given, other.family)[0] for given in (one.givens[0], "".join(one.givens)))
    if family and first:
        reason = "first and family name the other way round"
        return NameLikeness(family * 0.97, first * 0.97, (reason,), turned=True)
    return straight


def _compared(one: Name, other: Name) -> NameLikeness:
    family, family_reason = _families(one, other)
    first, first_reason, first_missing = _firsts(one, other)
    missing = first_missing or bool(one.families) != bool(other.families)
    if family == 1.0 and first == 1.0 and not missing:
        return NameLikeness(1.0, 1.0, ("same name",))
    return NameLikeness(family, first, tuple(reason for reason in (family_reason, first_reason) if reason), missing)


def _families(one: Name, other: Name) -> tuple[float, str]:
    if not one.families and not other.families:
        return 1.0, ""  # some people have one name only
    if not one.families or not other.families:
        return 0.5, "a family name is not known"
    if one.family == other.family:
        return 1.0, "same family name"
    if sorted(one.families) == sorted(other.families):
        return 0.97, "the parts of the family name the other way round"
    likeness, how = alike(one.family, other.family)
    if likeness:
        return likeness, f"family name {how}"
    longer, shorter = sorted((one.families, other.families), key=len, reverse=True)
    if len(longer) > 1 and any(alike(part, "".join(shorter))[0] for part in longer if len(part) >= PART_FROM_LETTERS):
        return 0.92, "one family name is part of the other"
    if set(one.former) & {other.family, *other.former} or one.family in other.former:
        return 0.92, "a former family name is the same"
    return 0.0, "different family names"


def _firsts(one: Name, other: Name) -> tuple[float, str, bool]:
    if not one.firsts and not other.firsts:
        return 1.0, "", False
    if not one.firsts or not other.firsts:
        return 0.5, "a first name is not known", True
    if one.givens[:1] == other.givens[:1]:
        seconds = one.givens[1:2] + other.givens[1:2]
        if len(seconds) == 2 and not _either_begins(*seconds) and not alike(*seconds)[0]:
            return 0.95, "same first name, second first names differ", False
        return 1.0, "same first name", False
    if set(one.firsts) & set(other.firsts):
        return 0.98, "known by the same first name", False
    if "".join(one.givens) == "".join(other.givens):
        return 0.98, "first name written as one word or two", False
    best, how = max((alike(a, b) for a in one.firsts for b in other.firsts), key=lambda found: found[0])
    if best:
        return best, f"first name {how}", False
    if any(is_short_for(a, b) for a in one.firsts for b in other.firsts):
        return 0.94, "one first name is short for the other", False
    if any(_begins(a, b) or _begins(b, a) for a in one.firsts for b in other.firsts):
        return 0.92, "one first name begins with the other", False
    if set(one.givens) & set(other.firsts) or set(other.givens) & set(one.firsts):
        return 0.92, "one's first name is the other's second", False
    if any(_either_begins(a, b) for a in one.givens[:1] for b in other.givens[:1]):
        return 0.5, "only an initial of the first name is known", True
    return 0.0, "different first names", False


def _was(one: Name, other: Name) -> bool:
    """The other's whole name is one that this person had."""
    return any(
        f"{first}{other.family}" in one.former or f"{other.family}{first}" in one.former for first in other.firsts
    )


def _begins(longer: str, shorter: str) -> bool:
    return len(shorter) >= PART_FROM_LETTERS and longer.startswith(shorter)


def _either_begins(one: str, other: str) -> bool:
    return min(len(one), len(other)) == 1 and one[0] == other[0]


@lru_cache(maxsize=100_000)
def alike(one: str, other: str) -> tuple[float, str]:
    """How alike two keys are spelled or sound, 0 when they are two names, and how to say it."""
    if not one or not other:
        return 0.0, ""
    if one == other:
        return 1.0, "is the same"
    similarity, distance = _measures()
    spelled = similarity(one, other)
    slips = distance(one, other, score_cutoff=2)
    longer = max(len(one), len(other))
    if (
        spelled >= SOUND_HELPS_FROM
        and (slips == 1 or longer >= A_SLIP_FROM_LETTERS)
        and name_sound(one) == name_sound(other)
    ):
        return max(spelled, SPELLED_ALIKE), "sounds alike"
    if slips == 1 and longer >= A_SLIP_FROM_LETTERS:
        return max(spelled, SPELLED_ALIKE), "differs by a slip"
    if slips == 1 and sorted(one) == sorted(other):
        return max(spelled, SPELLED_ALIKE), "has two letters swapped"
    if slips == 2 and longer >= 8 and spelled >= SPELLED_ALIKE:
        return spelled, "is spelled nearly alike"
    return 0.0, ""


@cache
def _measures() -> tuple[Callable[..., float], Callable[..., int]]:
    """Imported when names are first compared, and not at each of a hundred thousand pairs."""
    from rapidfuzz.distance import OSA, JaroWinkler

    return JaroWinkler.similarity, OSA.distance


def is_short_for(one: str, other: str) -> bool:
    """One is used for the other, or both for a third: Bill, Will and William."""
    longs = _long_forms()
    mine, theirs = longs.get(one, frozenset()), longs.get(other, frozenset())
    return other in mine or one in theirs or bool(mine & theirs)


def spelled_alike(family: str, known: Sequence[str]) -> set[str]:
    """Which of the family names (keys) that are there could be this one, written otherwise."""
    from rapidfuzz import process
    from rapidfuzz.distance import JaroWinkler

    near = process.extract(
        family, known, scorer=JaroWinkler.similarity, score_cutoff=SOUND_HELPS_FROM, limit=None, processor=None
    )
    return {key for key, _likeness, _place in near if alike(family, key)[0]}


def names_to_look_for(name: Name) -> tuple[str, ...]:
    """The family name whole, and each of its parts that is long enough to be one by itself."""
    return tuple(dict.fromkeys((name.family, *(part for part in name.families if len(part) > PART_FROM_LETTERS))))


@cache
def _long_forms() -> dict[str, frozenset[str]]:
    """Short name to the names that it stands for."""
    longs: dict[str, set[str]] = {}
    with resource("names/nicknames.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            longs.setdefault(comparison_key(row["name2"]), set()).add(comparison_key(row["name1"]))
    return {short: frozenset(names) for short, names in longs.items()}


def _parts(name: str) -> tuple[str, ...]:
    return tuple(key for key in map(comparison_key, _JOINED_BY.split(name.strip())) if key)
