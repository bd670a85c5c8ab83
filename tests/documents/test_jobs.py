import multiprocessing

import pytest

from tests.documents.samples import letter, plan
from wellbeing_desktop.documents import jobs
from wellbeing_desktop.documents.care_plan import care_plan_document
from wellbeing_desktop.documents.letter import letter_document
from wellbeing_desktop.documents.pdf import render_pdf
from wellbeing_desktop.documents.print_style import EASY_READ, LARGE_PRINT, SMALL, STANDARD, VERY_LARGE_PRINT, style_for


def ignore(done: int, total: int) -> None:
    pass


@pytest.mark.slow
def test_another_process_makes_the_same_bytes() -> None:
    document = care_plan_document(plan())
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        answer = pool.apply(jobs.render, ((document, "large print"), ignore))
    assert jobs.read_rendered(answer) == render_pdf(document, LARGE_PRINT)


def test_many_are_counted_as_they_are_done() -> None:
    told: list[tuple[int, int]] = []
    documents = [letter_document(letter(number)) for number in range(3)]
    answer = jobs.render_many((documents, ["standard", "large print", "small"], True), lambda *done: told.append(done))
    batch = jobs.read_batch(answer)
    assert (batch.letters, told) == (3, [(1, 3), (2, 3), (3, 3)])


def test_what_the_report_raises_stops_the_job() -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        jobs.render_many(([letter_document(letter())] * 2, ["small"] * 2, True), stop)


@pytest.mark.parametrize(
    ("needs", "letter_format", "style"),
    [
        ((), "", STANDARD),
        (("hearing_loop",), "large_print", LARGE_PRINT),
        (("large_print", "very_large_print"), "", VERY_LARGE_PRINT),
        (("easy_read",), "standard", EASY_READ),
        ((), "small_print", SMALL),
        (("braille",), "", STANDARD),
    ],
)
def test_the_recorded_need_chooses_the_print(needs: tuple[str, ...], letter_format: str, style) -> None:
    assert style_for(needs, letter_format) is style
