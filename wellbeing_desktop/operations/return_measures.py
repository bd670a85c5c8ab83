"""From facts to the numbers of a return. They follow from the facts alone, so a kept run can be counted again."""

import statistics
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Any, Final, TypeAlias

from wellbeing_desktop.domain.code_lists import code_list, label_of
from wellbeing_desktop.domain.return_definition import BreakdownBy, Measure, ReturnDefinition, band_label
from wellbeing_desktop.domain.scoring import scale
from wellbeing_desktop.operations.return_counting import DAYS, FIRST, LATEST
from wellbeing_desktop.operations.return_results import Cell, Fact, MeasureResult, Split

PracticeName: TypeAlias = Callable[[str], str]
_EMPTY: Final = "Not known"


def measures_of(
    definition: ReturnDefinition,
    facts: Sequence[Fact],
    practice_name: PracticeName,
) -> tuple[MeasureResult, ...]:
    """Every measure of the definition, counted with its splits from facts alone, so that kept facts can be counted again."""
    made = []
    for measure in definition.measures:
        own = [fact for fact in facts if fact.measure == measure.id]
        made.append(
            MeasureResult(
                id=measure.id,
                title=measure.title,
                definition=measure.definition,
                count=_count(measure, own),
                splits=tuple(_split(definition, measure, split, own, practice_name) for split in measure.breakdowns),
                figures=_figures(measure, facts),
            )
        )
    return tuple(made)


def _split(
    definition: ReturnDefinition, measure: Measure, split: BreakdownBy, own: Sequence[Fact], practice_name: PracticeName
) -> Split:
    grouped: dict[str, list[Fact]] = {}
    for fact in own:
        grouped.setdefault(fact.keys.get(split.by, ""), []).append(fact)
    codes = sorted(grouped, key=_order(definition, measure, split))
    cells = [
        Cell(cell_id(measure.id, split.by, code), _label(split, code, practice_name), _count(measure, grouped[code]))
        for code in codes
    ]
    return Split(split.by, split.title, tuple(cells))


def _figures(measure: Measure, facts: Sequence[Fact]) -> tuple[tuple[str, str], ...]:
    """What is said beyond the count, from the facts alone."""
    own = [fact for fact in facts if fact.measure == measure.id]
    if measure.query in ("first_attempts", "first_contacts", "first_plans"):
        waited = [int(fact.keys[DAYS]) for fact in own for _ in range(fact.size)]
        if not waited:
            return ()
        return (
            ("Median", f"{statistics.median(waited):g} working days"),
            ("9 in 10 within", f"{_ninetieth(waited)} working days"),
        )
    if measure.query == "paired_score":
        changes = [int(fact.keys[LATEST]) - int(fact.keys[FIRST]) for fact in own for _ in range(fact.size)]
        if not changes:
            return ()
        mean = _rounded(Fraction(sum(changes), len(changes)))
        sign = "+" if sum(changes) > 0 and mean != "0.0" else ""
        return (("Mean change, first to latest", f"{sign}{mean} (n = {len(changes)})"),)
    if measure.outcome_kinds == ("did_not_attend",):
        coded: dict[str, int] = {}
        for fact in facts:
            if "outcome" in fact.keys:
                coded[fact.keys["outcome"]] = coded.get(fact.keys["outcome"], 0) + fact.size
        due = sum(coded.get(code, 0) for code in ("3", "5", "6", "7"))
        if not due:
            return ()
        rate = _rounded(Fraction(100 * (coded.get("3", 0) + coded.get("7", 0)), due))
        return (("Rate", f"{rate} % of {due} attended or missed (codes 3 and 7 over 3, 5, 6 and 7)"),)
    return ()


def cell_id(measure_id: str, by: str, code: str) -> str:
    """One cell of a split, by which kept counts are compared with new ones."""
    return f"{measure_id}/{by}={code}"


def _label(split: BreakdownBy, code: str, practice_name: PracticeName) -> str:
    if not code:
        return _EMPTY
    if split.code_list:
        return label_of(split.code_list, code)
    if split.by == "practice":
        return practice_name(code)
    return code[:1].upper() + code[1:]


def _order(definition: ReturnDefinition, measure: Measure, split: BreakdownBy) -> Callable[[str], tuple[int, str]]:
    known: list[str] = []
    if split.code_list:
        known = [entry.code for entry in code_list(split.code_list).entries]
    elif split.by == "age_band":
        known = [band_label(definition.age_bands, low) for low, _ in definition.age_bands]
    elif split.by == "waiting_band":
        known = [band_label(definition.waiting_bands, low) for low, _ in definition.waiting_bands]
    elif split.by == "length_band":
        known = [band_label(definition.length_bands, low) for low, _ in definition.length_bands]
    elif split.by == "change":
        known = ["better", "about the same", "worse"]
    elif split.by in ("first_band", "latest_band"):
        known = [word for _, _, word in scale(measure.tool, measure.scale).bands]
    places = {code: place for place, code in enumerate(known)}
    return lambda code: (places.get(code, len(places)), code) if code else (len(places) + 1, "")


def _count(measure: Measure, facts: Iterable[Fact]) -> int:
    if measure.counts == "people":
        return len({line.partition(" ")[2] for fact in facts for line in fact.members.split("\n") if line})
    return sum(fact.size for fact in facts)


def counts_of(measures: Iterable[MeasureResult]) -> dict[str, Any]:
    """Every number of these measures under its own id: the measure's, its cells' (`cell_id`), its figures' (`#`)."""
    counts: dict[str, Any] = {}
    for measure in measures:
        counts[measure.id] = measure.count
        for split in measure.splits:
            for cell in split.cells:
                counts[cell.id] = cell.count
        for label, text in measure.figures:
            counts[f"{measure.id}#{label}"] = text
    return counts


def counts_of_facts(definition: ReturnDefinition, facts: Sequence[Fact]) -> dict[str, Any]:
    """The same numbers from facts, without the measures' words; a cell in which nobody is has no entry."""
    counts: dict[str, Any] = {}
    for measure in definition.measures:
        own = [fact for fact in facts if fact.measure == measure.id]
        counts[measure.id] = _count(measure, own)
        for split in measure.breakdowns:
            for code in {fact.keys.get(split.by, "") for fact in own}:
                chosen = [fact for fact in own if fact.keys.get(split.by, "") == code]
                counts[cell_id(measure.id, split.by, code)] = _count(measure, chosen)
        for label, text in _figures(measure, facts):
            counts[f"{measure.id}#{label}"] = text
    return counts


def _ninetieth(values: Sequence[int]) -> int:
    """The smallest number of days within which at least nine in ten were reached (nearest rank)."""
    ordered = sorted(values)
    return ordered[-(-9 * len(ordered) // 10) - 1]


def _rounded(value: Fraction) -> str:
    """One decimal, halves away from zero: `-0.3`."""
    tenths = abs(value) * 10
    whole = int(tenths + Fraction(1, 2))
    sign = "-" if value < 0 and whole else ""
    return f"{sign}{whole // 10}.{whole % 10}"
