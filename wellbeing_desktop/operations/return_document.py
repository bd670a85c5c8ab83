"""A return on its way out: the document for paper, CSV and XLSX, with small numbers hidden where it leaves the team.

What stays in the team shows true numbers and says that it must not leave (reference/07).
"""

from typing import Final

from wellbeing_desktop.documents.return_report import Breakdown, LateArrival, MeasureReport, ReturnReport
from wellbeing_desktop.domain.dates import MONTHS, staff_moment
from wellbeing_desktop.domain.return_definition import Month, ReturnDefinition
from wellbeing_desktop.domain.suppression import HIDDEN, Rule, shown, shown_table
from wellbeing_desktop.exchange.csv_out import Cell as OutCell
from wellbeing_desktop.exchange.csv_out import csv_bytes
from wellbeing_desktop.exchange.xlsx_out import Sheet, xlsx_bytes
from wellbeing_desktop.operations.return_results import MeasureResult, ReturnResult, Split

INSIDE_ONLY: Final = "These are true numbers, small ones included. This must not leave the team."
_HEADERS: Final = ("Measure", "Split by", "Value", "Count", "Definition")


def suppression_rule(definition: ReturnDefinition, below: int | None = None) -> Rule:
    """The rule of the definition, or another of its choices (5 or 8) that the service set."""
    chosen = definition.suppression.below if below is None else below
    choice = definition.suppression.choices[str(chosen)]
    return Rule(chosen, choice.round_to)


def return_report(
    result: ReturnResult, organisation: str, *, rule: Rule | None, code_version: str = ""
) -> ReturnReport:
    """For `documents.return_report`. Without a rule it is the team's own, with true numbers."""
    state = _state(result)
    if rule is None:
        state = f"{state} {INSIDE_ONLY}"
    return ReturnReport(
        title=result.definition.title,
        month=month_in_words(result.month),
        organisation=organisation,
        state=state,
        completeness=result.completeness.lines(),
        measures=tuple(_measure(measure, rule) for measure in result.measures),
        late=tuple(
            LateArrival(late.title, month_in_words(Month(*map(int, late.month.split("-")))), late.added)
            for late in result.late
            if late.added
        ),
        as_of=_as_of(result),
        definition_name=result.definition.id,
        definition_version=result.definition.version,
        code_version=code_version or result.code_version,
        hash=result.hash,
    )


def return_csv(result: ReturnResult, *, rule: Rule | None) -> bytes:
    """One row for each number. Hidden numbers are *; the rule and completeness stand below."""
    rows = _rows(result, rule)
    rows += [("", "", "", "", "")]
    rows += [("About this return", "", what, text, "") for what, text in _about(result, rule)]
    return csv_bytes(_HEADERS, rows)


def return_xlsx(result: ReturnResult, *, rule: Rule | None) -> bytes:
    """How complete it is first, then the numbers, then what arrived late."""
    about = Sheet("About", ("What", "Value"), tuple(_about(result, rule)))
    numbers = Sheet("Numbers", _HEADERS, tuple(_rows(result, rule)), notes=(_state(result),))
    sheets = [about, numbers]
    if result.late:
        sheets.append(
            Sheet(
                "Arrived late",
                ("Month", "Measure", "Added", "No longer counted"),
                tuple((late.month, late.title, late.added, late.taken_out) for late in result.late),
            )
        )
    return xlsx_bytes(sheets, title=f"{result.definition.title}, {month_in_words(result.month)}")


def month_in_words(month: Month) -> str:
    return f"{MONTHS[month.number - 1]} {month.year}"


def _rows(result: ReturnResult, rule: Rule | None) -> list[tuple[OutCell, ...]]:
    rows: list[tuple[OutCell, ...]] = []
    for measure in result.measures:
        rows.append((measure.title, "", "All", _number(_one(measure.count, rule)), measure.definition))
        rows += [(measure.title, label, "", text, "") for label, text in _figures(measure, rule)]
        for split in measure.splits:
            for cell, text in zip(split.cells, _cells(split, rule), strict=True):
                rows.append((measure.title, split.title, cell.label, _number(text), ""))
    return rows


def _about(result: ReturnResult, rule: Rule | None) -> list[tuple[str, str]]:
    return [
        ("Return", result.definition.title),
        ("Month", month_in_words(result.month)),
        ("State", _state(result)),
        ("Counted as of", _as_of(result)),
        *result.completeness.lines(),
        ("Small numbers", rule.sentence if rule else INSIDE_ONLY),
        *((f"Counting rule {place}", text) for place, text in enumerate(result.definition.counting_rules, 1)),
        ("Definition", f"{result.definition.id} {result.definition.version}"),
        ("Program version", result.code_version),
        ("Fingerprint of the counts and definitions", result.hash),
    ]


def _measure(measure: MeasureResult, rule: Rule | None) -> MeasureReport:
    return MeasureReport(
        title=measure.title,
        value=_one(measure.count, rule),
        definition=measure.definition,
        breakdowns=tuple(_breakdown(split, rule) for split in measure.splits if split.cells),
        notes=". ".join(f"{label}: {text}" for label, text in _figures(measure, rule)),
    )


def _breakdown(split: Split, rule: Rule | None) -> Breakdown:
    cells, what = _cells(split, rule), split.title.removeprefix("By ")
    largest = max(split.cells, key=lambda cell: cell.count)
    draws = len(split.cells) > 1 and cells[split.cells.index(largest)] != HIDDEN
    return Breakdown(
        title=split.title,
        header=(what[:1].upper() + what[1:], "Number"),
        rows=tuple((cell.label, text) for cell, text in zip(split.cells, cells, strict=True)),
        suppression=rule.sentence if rule and HIDDEN in cells else "",
        chart_finding=f"Most: {largest.label}" if draws else "",
        chart_values=tuple(None if text == HIDDEN else float(text) for text in cells) if draws else (),
    )


def _figures(measure: MeasureResult, rule: Rule | None) -> tuple[tuple[str, str], ...]:
    """A median or a mean of a few people says as much as a small count: hidden with it."""
    if rule is not None and 0 < measure.count < rule.below:
        return tuple((label, HIDDEN) for label, _ in measure.figures)
    return measure.figures


def _cells(split: Split, rule: Rule | None) -> list[str]:
    counts = [cell.count for cell in split.cells]
    return [str(count) for count in counts] if rule is None else shown_table(counts, rule)


def _one(count: int, rule: Rule | None) -> str:
    return str(count) if rule is None else shown(count, rule)


def _number(text: str) -> OutCell:
    return int(text) if text != HIDDEN else text


def _state(result: ReturnResult) -> str:
    if not result.provisional:
        return "Final."
    why = []
    if not result.completeness.month_is_over:
        why.append("the month is not over")
    if result.completeness.devices_not_synced:
        count = len(result.completeness.devices_not_synced)
        why.append(f"{count} laptop{'' if count == 1 else 's'} not synced since the month ended")
    if result.completeness.not_sent:
        why.append("work on this laptop is not sent yet")
    return f"Provisional: {'; '.join(why)}."


def _as_of(result: ReturnResult) -> str:
    said = staff_moment(result.computed_at)
    return f"{said}, sequence {result.as_of_seq}" if result.as_of_seq else said
