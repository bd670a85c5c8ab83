"""The numbers of a filled-in questionnaire, by named functions (reference/04, data of November 2026).

ONS4: four scales of 0 to 10, reported apart and never summed (CORC). Bands from the Office for National Statistics.
GAD-7: seven answers of 0 to 3, total 0 to 21; bands 0-4, 5-9, 10-14, 15-21 (CamCOPS); 8 is the caseness cut-off and 4
points the reliable change (NHS Talking Therapies manual as quoted by cbtwatch.com and onlinecbtresources.co.uk).
PHQ-9: nine answers of 0 to 3, total 0 to 27; bands 0-4, 5-9, 10-14, 15-19, 20-27 (CamCOPS; the word for 0 to 4 is from
memory); 10 is the caseness cut-off and 6 points the reliable change (the same manual). Its tenth question, how difficult
it made things, is kept and not scored. An answer above 0 to question 9 leads to *Somebody is at risk now* (PRACTICE W6):
a design rule, not a published threshold.

A total needs every item: otherwise there is none, and the sentence says how many were answered. A band is a word for
a range of the score. It is not a diagnosis and not a level of risk (PRACTICE W7).
"""

from collections.abc import Callable, Mapping
from typing import Final

import msgspec

Answers = Mapping[str, object]

ONS4_SCALES: Final = ("satisfied", "worthwhile", "happy", "anxious")
GAD7_ITEMS: Final = ("1", "2", "3", "4", "5", "6", "7")
PHQ9_ITEMS: Final = (*GAD7_ITEMS, "8", "9")
SAFETY_ITEMS: Final[Mapping[str, str]] = {"phq9": "9"}
"""Of each questionnaire the question whose answer above 0 is looked at now, whatever the total."""

_WELL: Final = ((0, 4, "low"), (5, 6, "medium"), (7, 8, "high"), (9, 10, "very high"))
_ANXIOUS: Final = ((0, 1, "very low"), (2, 3, "low"), (4, 5, "medium"), (6, 10, "high"))
_GAD7: Final = ((0, 4, "none or minimal"), (5, 9, "mild"), (10, 14, "moderate"), (15, 21, "severe"))
_PHQ9: Final = (
    (0, 4, "minimal"),
    (5, 9, "mild"),
    (10, 14, "moderate"),
    (15, 19, "moderately severe"),
    (20, 27, "severe"),
)


class Scale(msgspec.Struct, frozen=True):
    """One number of a questionnaire. `reliable_change` is in points; None where no threshold is published."""

    tool: str
    id: str
    label: str
    lowest: int
    highest: int
    bands: tuple[tuple[int, int, str], ...]
    higher_is_better: bool
    reliable_change: int | None = None
    threshold_source: str = ""

    def band(self, value: int) -> str:
        """The word for the range that `value` is in. Raises ValueError outside the scale."""
        for low, high, word in self.bands:
            if low <= value <= high:
                return word
        raise ValueError(f"{value} is outside {self.lowest} to {self.highest}")


class ScaleScore(msgspec.Struct, frozen=True):
    scale: str
    value: int
    band: str


class Scored(msgspec.Struct, frozen=True):
    """What a filled-in questionnaire comes to. `scores` leaves out what cannot be given."""

    scores: tuple[ScaleScore, ...]
    answered: int
    items: int

    @property
    def is_complete(self) -> bool:
        """Every item has an answer; only then is there a total."""
        return self.answered == self.items


def _ons4(scale: str, label: str) -> Scale:
    anxious = scale == "anxious"
    return Scale(
        tool="ons4",
        id=scale,
        label=label,
        lowest=0,
        highest=10,
        bands=_ANXIOUS if anxious else _WELL,
        higher_is_better=not anxious,
    )


SCALES: Final[Mapping[str, tuple[Scale, ...]]] = {
    "ons4": (
        _ons4("satisfied", "Satisfied with life"),
        _ons4("worthwhile", "Things done are worthwhile"),
        _ons4("happy", "Happy yesterday"),
        _ons4("anxious", "Anxious yesterday"),
    ),
    "gad7": (
        Scale(
            tool="gad7",
            id="total",
            label="GAD-7 total",
            lowest=0,
            highest=21,
            bands=_GAD7,
            higher_is_better=False,
            reliable_change=4,
            threshold_source="NHS Talking Therapies manual",
        ),
    ),
    "phq9": (
        Scale(
            tool="phq9",
            id="total",
            label="PHQ-9 total",
            lowest=0,
            highest=27,
            bands=_PHQ9,
            higher_is_better=False,
            reliable_change=6,
            threshold_source="NHS Talking Therapies manual",
        ),
    ),
}


def scale(tool: str, scale_id: str) -> Scale:
    """KeyError when there is none."""
    for found in SCALES[tool]:
        if found.id == scale_id:
            return found
    raise KeyError(scale_id)


def score_ons4(answers: Answers) -> Scored:
    """One score for each answer given. Raises ValueError for an answer outside 0 to 10."""
    given = _whole_numbers(answers, ONS4_SCALES, 0, 10)
    return Scored(
        scores=tuple(ScaleScore(item, value, scale("ons4", item).band(value)) for item, value in given.items()),
        answered=len(given),
        items=len(ONS4_SCALES),
    )


def score_gad7(answers: Answers) -> Scored:
    """A total when all seven are answered. Raises ValueError for an answer outside 0 to 3."""
    return _summed("gad7", GAD7_ITEMS, answers)


def score_phq9(answers: Answers) -> Scored:
    """A total when all nine are answered; how difficult it made things is not part of it."""
    return _summed("phq9", PHQ9_ITEMS, answers)


def _summed(tool: str, items: tuple[str, ...], answers: Answers) -> Scored:
    given = _whole_numbers(answers, items, 0, 3)
    scores: tuple[ScaleScore, ...] = ()
    if len(given) == len(items):
        total = sum(given.values())
        scores = (ScaleScore("total", total, scale(tool, "total").band(total)),)
    return Scored(scores=scores, answered=len(given), items=len(items))


SCORERS: Final[Mapping[str, Callable[[Answers], Scored]]] = {
    "ons4": score_ons4,
    "gad7": score_gad7,
    "phq9": score_phq9,
}


def asks_for_safety(tool: str, answers: Answers) -> bool:
    """Was the safety question of this questionnaire answered above 0? Then somebody asks now, whatever the total; an
    answer that cannot be read as a number counts as one."""
    value = answers.get(SAFETY_ITEMS.get(tool, ""))
    if value in (None, "", False):
        return False
    return not isinstance(value, int) or value > 0


def score(tool: str, answers: Answers) -> Scored:
    """Score by the tool's named function; a tool without one (added by a service) has no scores."""
    if tool in SCORERS:
        return SCORERS[tool](answers)
    return Scored(scores=(), answered=len(answers), items=len(answers))


def change_sentence(tool: str, scale_id: str, first: int, latest: int) -> str:
    """First to latest, with the threshold named: `down 7, more than the 4 points counted as reliable`.

    Where no threshold is published the sentence says so, and nothing is called better or worse.
    """
    found = scale(tool, scale_id)
    moved = latest - first
    if moved == 0:
        return f"no change, {latest} both times"
    words = f"{'up' if moved > 0 else 'down'} {abs(moved)}"
    if found.reliable_change is None:
        return f"{words}, from {first} to {latest}; no threshold is published for this scale"
    points = f"the {found.reliable_change} points counted as reliable"
    if abs(moved) > found.reliable_change:
        return f"{words}, more than {points}"
    if abs(moved) == found.reliable_change:
        return f"{words}, just {points}"
    return f"{words}, within what can happen by chance"


def _whole_numbers(answers: Answers, items: tuple[str, ...], lowest: int, highest: int) -> dict[str, int]:
    given: dict[str, int] = {}
    for item in items:
        value = answers.get(item)
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
            raise ValueError(f"the answer to {item} is not a whole number from {lowest} to {highest}")
        given[item] = value
    return given
