"""The monthly return on paper: how complete it is first, then each number with its definition in plain English.

Rules: PRACTICE W27 (completeness on page one; no "improved" count; no cause claimed), DESIGN 7, reference 7.
"""

import msgspec

from wellbeing_desktop.documents import blocks as b
from wellbeing_desktop.documents.chart_paint import number_text


class Breakdown(msgspec.Struct, frozen=True):
    title: str
    """What the numbers are split by, for example "By practice"."""
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    """Cells as they may be shown: suppressed ones already replaced."""
    suppression: str = ""
    """The rule that hid small numbers, in words; printed under the table."""
    chart_finding: str = ""
    """A chart of the first number column is drawn under this title when it is given."""
    chart_values: tuple[float | None, ...] = ()
    """None where a number is hidden: a hidden number is not drawn."""


class MeasureReport(msgspec.Struct, frozen=True):
    title: str
    value: str
    definition: str
    """In plain English: who and what is counted, from which date."""
    breakdowns: tuple[Breakdown, ...] = ()
    notes: str = ""


class LateArrival(msgspec.Struct, frozen=True):
    measure: str
    month: str
    count: int


class ReturnReport(msgspec.Struct, frozen=True):
    title: str
    month: str
    """In words: October 2026."""
    organisation: str
    state: str
    """Provisional or final, in words, with why."""
    completeness: tuple[tuple[str, str], ...]
    """(what, how many): devices not synced since month end, appointments with no outcome and so on."""
    measures: tuple[MeasureReport, ...]
    late: tuple[LateArrival, ...] = ()
    as_of: str = ""
    definition_name: str = ""
    definition_version: str = ""
    code_version: str = ""
    hash: str = ""


def return_report_document(report: ReturnReport) -> b.Document:
    """The return as a document."""
    made: list[b.Block] = [
        b.Heading(f"{report.title}, {report.month}", 1),
        b.Paragraph(report.organisation, tone="lead"),
        b.Paragraph(
            (b.Strong(f"{report.state} "), f"Counted as of {report.as_of}." if report.as_of else ""), tone="notice"
        ),
        b.Heading("How complete this return is", 2),
    ]
    if report.completeness:
        made.append(b.KeyValues(report.completeness))
    else:
        made.append(b.Paragraph("Completeness was not checked for this run."))
    made += [
        b.Heading("The numbers", 2),
        b.Table(
            ("Measure", "Number"),
            tuple((measure.title, measure.value) for measure in report.measures),
            weights=(4, 1),
            numeric=(1,),
        ),
    ]
    for measure in report.measures:
        made += _measure(measure)
    if report.late:
        made += [
            b.Heading("Arrived late", 2),
            b.Paragraph(
                "These were entered or synced after their own month was counted. They are not in the numbers above."
            ),
            b.Table(
                ("Measure", "Month it belongs to", "Count"),
                tuple((late.measure, late.month, number_text(late.count)) for late in report.late),
                weights=(3, 2, 1),
                numeric=(2,),
            ),
        ]
    made += [
        b.Heading("How to read this return", 2),
        b.Paragraph(
            "Scores before and after are compared only for people who have both. A change does not show what caused it."
        ),
        b.Heading("How it was made", 2),
        b.KeyValues(
            tuple(
                (name, value)
                for name, value in (
                    (
                        "Definition",
                        " ".join(part for part in (report.definition_name, report.definition_version) if part),
                    ),
                    ("Program version", report.code_version),
                    ("Fingerprint of the counts and definitions", report.hash),
                )
                if value
            )
        ),
    ]
    return b.Document(
        f"{report.title}, {report.month}", tuple(made), reference=report.definition_name, purpose=report.month
    )


def _measure(measure: MeasureReport) -> list[b.Block]:
    made: list[b.Block] = [
        b.Heading(measure.title, 2),
        b.Paragraph((b.Strong(f"{measure.value}. "), measure.definition)),
    ]
    for split in measure.breakdowns:
        numeric = tuple(range(1, len(split.header)))
        made.append(b.Table(split.header, split.rows, (3, *(1.0 for _ in numeric)), numeric, split.title))
        if split.suppression:
            made.append(b.Paragraph(split.suppression, tone="quiet"))
        if split.chart_finding and split.chart_values:
            made.append(
                b.Chart(
                    "bar",
                    split.chart_finding,
                    f"{split.title}: the first column of the table above.",
                    tuple(row[0] for row in split.rows[: len(split.chart_values)]),
                    (b.Series(split.header[1] if len(split.header) > 1 else measure.title, split.chart_values),),
                    gap="hidden",
                )
            )
    if measure.notes:
        made.append(b.Paragraph(measure.notes, tone="quiet"))
    return made
