"""The call sheet is one page, and says what is not set instead of leaving it blank."""

import datetime as dt

from tests.documents.reading import pages_text
from wellbeing_desktop.documents.call_sheet import CallSheet, call_sheet_document
from wellbeing_desktop.documents.pdf import render_pdf
from wellbeing_desktop.documents.print_style import SMALL

LONG = tuple((f"Role {number}", f"Somebody Longname-{number}", f"01632 960 0{number:02}") for number in range(4))


def pages(sheet: CallSheet) -> list[str]:
    return pages_text(render_pdf(call_sheet_document(sheet), SMALL).data, artifacts=True)


def sheet(chain: tuple[tuple[str, str, str], ...]) -> CallSheet:
    return CallSheet(
        service="Marsh Lane Wellbeing",
        printed_on=dt.date(2026, 11, 18),
        questions=("Where are you?", "What number can I call back?", "Who is with you?"),
        script=(("Somebody's life is in danger", "999"), ("Local crisis line", "")),
        chain=chain,
    )


def test_four_in_the_chain_fit_one_page_with_every_question() -> None:
    (page,) = pages(sheet(LONG))
    for words in (
        "Where are you?",
        "Who is with you?",
        "999",
        "Somebody Longname-3",
        "Called at",
        "Numbers of Wednesday 18 November 2026",
    ):
        assert words in " ".join(page.split())


def test_what_is_not_set_is_said() -> None:
    (page,) = pages(sheet((("Named lead", "Sam Hill", ""),)))
    assert " ".join(page.split()).count("Not set: ask your manager") == 2
    (alone,) = pages(sheet(()))
    assert "Nobody is set to be called" in alone
