import io
import re

import pypdfium2
import pytest
from pypdf import PdfReader

from tests.documents.reading import bag, bare, document_text, pages_text
from tests.documents.samples import letter, plan
from wellbeing_desktop.documents.blocks import Chart, Document, Heading, Paragraph, Series, Table
from wellbeing_desktop.documents.care_plan import care_plan_document
from wellbeing_desktop.documents.expected import expected_text
from wellbeing_desktop.documents.letter import letter_document
from wellbeing_desktop.documents.pdf import render_batch, render_pdf
from wellbeing_desktop.documents.print_style import EASY_READ, LARGE_PRINT, MM, SMALL, STANDARD
from wellbeing_desktop.documents.strip import PAGE_HEIGHT, PAGE_WIDTH

STYLES = (STANDARD, LARGE_PRINT, SMALL, EASY_READ)


def outline_titles(entries: list) -> list[str]:
    found: list[str] = []
    for entry in entries:
        found += outline_titles(entry) if isinstance(entry, list) else [entry.title]
    return found


def sized_lines(data: bytes) -> list[list[tuple[float, float, float, str]]]:
    """For each page, (top in points from the top, right edge, height, words) of each run of text, by pdfium."""
    pages = []
    for page in pypdfium2.PdfDocument(data):
        text = page.get_textpage()
        rows = []
        for place in range(text.count_rects()):
            left, bottom, right, top = text.get_rect(place)
            rows.append((PAGE_HEIGHT - top, right, top - bottom, text.get_text_bounded(left, bottom, right, top)))
        pages.append(rows)
    return pages


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
def test_every_sheet_says_its_page_of_how_many_and_the_reference(style) -> None:
    rendered = render_pdf(care_plan_document(plan()), style)
    texts = pages_text(rendered.data, artifacts=True)
    assert len(texts) == rendered.pages > 1
    for number, text in enumerate(texts, 1):
        assert f"Page {number} of {rendered.pages}" in text
        assert "Plan 7F3K-9Q" in text


def test_the_same_document_gives_the_same_bytes() -> None:
    document = care_plan_document(plan())
    first = render_pdf(document).data
    render_pdf(Document("Other", (Paragraph("Something else \u0645\u0631\u062d\u0628\u0627 in between"),)))
    assert render_pdf(document).data == first


def test_title_and_language_are_set_and_no_author_or_time_is() -> None:
    reader = PdfReader(io.BytesIO(render_pdf(Document("Cynllun", (Paragraph("Helo"),), language="cy")).data))
    assert reader.metadata["/Title"] == "Cynllun"
    assert reader.trailer["/Root"]["/Lang"] == "cy"
    assert not reader.metadata.get("/Author")
    assert reader.metadata["/CreationDate"].startswith("D:2000")


def test_headings_are_bookmarks() -> None:
    reader = PdfReader(io.BytesIO(render_pdf(care_plan_document(plan())).data))
    titles = outline_titles(reader.outline)
    assert titles[0] == "My care and support plan"
    assert "1. Goal number 1" in titles


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
def test_no_heading_is_left_at_the_foot_of_a_sheet(style) -> None:
    blocks = []
    for number in range(40):
        blocks += [
            Heading(f"Heading {number}", 2),
            Paragraph("Some words for a line or two of text. " * (number % 7 + 1)),
        ]
    for text in pages_text(render_pdf(Document("Orphans", tuple(blocks)), style).data):
        last = [line for line in text.strip().split("\n") if line.strip()][-1]
        assert not last.startswith("Heading")


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
def test_nothing_runs_off_the_sheet_or_into_the_foot(style) -> None:
    long = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch" * 3
    rows = tuple((long, "2", "words " * 30, long) for _ in range(6))
    document = Document("Wide", (Paragraph(long), Table(("A", "B", "C", "D"), rows), Heading(long, 1)))
    rendered = render_pdf(document, style)
    for page in sized_lines(rendered.data):
        foot = max(top for top, _, _, _ in page)
        for top, right, height, _ in page:
            assert right <= PAGE_WIDTH - style.margin + 1
            assert top == pytest.approx(foot, abs=6) or top + height < foot
    assert bare(document_text(rendered.data)).count(bare(long)) == 2 + 12


def test_a_table_over_pages_repeats_its_header_once_for_each() -> None:
    rows = tuple((f"Need {number}", "An action that takes a line") for number in range(60))
    rendered = render_pdf(Document("Long", (Table(("Need", "Action"), rows),)))
    assert rendered.pages > 1
    assert all("Need" in text.split("\n")[1] for text in pages_text(rendered.data, artifacts=True))
    assert document_text(rendered.data).count("Action") == 1  # as text it is read once


def test_a_row_taller_than_a_sheet_flows_on() -> None:
    story = "One two three four five six seven. " * 400
    document = Document("Tall", (Table(("What", "Words"), (("Story", story),)),))
    rendered = render_pdf(document)
    assert rendered.pages > 3
    assert document_text(rendered.data).count("seven.") == 400


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
def test_the_whole_plan_is_on_the_page(style) -> None:
    document = care_plan_document(plan())
    got = bag(document_text(render_pdf(document, style).data))
    missing = list(bag(expected_text(document)))
    for char in got:
        if char in missing:
            missing.remove(char)
    assert missing == []


def test_the_plan_takes_about_four_sheets() -> None:
    assert render_pdf(care_plan_document(plan())).pages in (3, 4)


def test_chart_values_and_a_gap_are_printed() -> None:
    chart = Chart("bar", "Most came from GPs", "By source.", ("GP", "Self"), (Series("Referrals", (1203, None)),))
    text = document_text(render_pdf(Document("Chart", (chart,))).data)
    assert "1,203" in text
    assert "not recorded" in text


def test_many_people_give_as_many_letters_each_on_a_new_sheet() -> None:
    documents = [letter_document(letter(number)) for number in range(5)]
    done: list[int] = []
    batch = render_batch(documents, [STANDARD, LARGE_PRINT, STANDARD, SMALL, STANDARD], progress=done.append)
    texts = pages_text(batch.data, artifacts=True)
    assert (batch.letters, done, batch.failures) == (5, [1, 2, 3, 4, 5], ())
    assert len(texts) == batch.pages
    for number, first in enumerate(batch.first_pages):
        assert first % 2 == 0
        assert f"This is letter {number}." in "".join(texts[first : first + 2])
        assert re.search(r"Page 1 of \d", texts[first])


def test_without_duplex_no_blank_backs_are_added() -> None:
    batch = render_batch([letter_document(letter())] * 3, [SMALL] * 3, duplex=False)
    assert batch.pages == 3
    assert all(text.strip() for text in pages_text(batch.data))


def test_one_letter_that_cannot_be_made_is_listed_and_the_rest_go_on() -> None:
    from wellbeing_desktop.documents.blocks import AddressWindow

    bad = Document("Bad", (AddressWindow(("One line only",)), Paragraph("Dear nobody")))
    batch = render_batch([letter_document(letter(1)), bad, letter_document(letter(2))], [STANDARD] * 3)
    assert batch.letters == 2
    assert [failure.index for failure in batch.failures] == [1]
    assert "3 lines" in batch.failures[0].sentence
    assert batch.first_pages[1] is None
    assert "One line only" not in batch.failures[0].sentence


def test_a_batch_can_be_stopped_and_keeps_what_is_done() -> None:
    answers = iter([False, False, True])
    batch = render_batch(
        [letter_document(letter(number)) for number in range(9)], [SMALL] * 9, cancelled=lambda: next(answers)
    )
    assert batch.cancelled
    assert batch.letters == 2
    assert batch.first_pages[2:] == (None,) * 7


def test_a_batch_of_nothing_is_empty() -> None:
    batch = render_batch([], [])
    assert (batch.data, batch.letters, batch.pages) == (b"", 0, 0)


@pytest.mark.parametrize("style", [STANDARD, LARGE_PRINT], ids=lambda style: style.name)
def test_the_address_is_inside_the_window_and_nothing_else_is(style) -> None:
    lines = (
        "Mrs Bronwen Jones",
        "Flat 2, The Old Malthouse",
        "1 Heol y Bryn",
        "Tref Newydd",
        "Nr Hereford",
        "Herefordshire",
        "HR9 9ZZ",
    )
    page = pypdfium2.PdfDocument(
        render_pdf(letter_document(letter(recipient=lines[0], address=lines[1:])), style).data
    )[0]
    left, top, width, height = 24.6 * MM, 39.5 * MM, 95.4 * MM, 26.8 * MM
    text = page.get_textpage()
    inside = text.get_text_bounded(left, PAGE_HEIGHT - top - height, left + width, PAGE_HEIGHT - top)
    assert inside.split("\r\n") == list(lines)
    for place in range(text.count_rects()):
        x, bottom, right, upper = text.get_rect(place)
        words = text.get_text_bounded(x, bottom, right, upper).strip()
        if words in lines:
            assert x >= left - 0.5
            assert right <= left + width
            assert PAGE_HEIGHT - upper >= top
            assert PAGE_HEIGHT - bottom <= top + height


def test_blocks_with_nothing_in_them_break_nothing() -> None:
    from wellbeing_desktop.documents import blocks as b
    from wellbeing_desktop.documents.html import render_html
    from wellbeing_desktop.documents.text import render_text

    empty = (
        b.Heading(""), b.Paragraph(""), b.Paragraph(()), b.BulletList(()), b.BulletList(("",)), b.NumberedList(()),
        b.Table((), ()), b.Table(("A",), ()), b.Table(("A", "B"), ((),)), b.KeyValues(()), b.KeyValues((("", ""),)),
        b.Chart("line", "", "", (), ()), b.Chart("bar", "", "", ("x",), (b.Series("", ()),)),
        b.Chart("stacked", "", "", ("x",), (b.Series("", (None,)), b.Series("y", (-3,)))),
        b.Signature(""), b.WriteIn("", 0), b.PageBreak(), b.PageBreak(), b.QR("", "caption"),
    )  # fmt: skip
    for block in empty:
        document = Document("Empty", (block,))
        assert render_pdf(document).pages >= 1
        assert "<h1>" in render_html(document)
        assert render_text(document).endswith("\n")
    assert render_pdf(Document("Nothing at all", ())).pages == 1


def test_a_long_reference_and_purpose_are_not_cut_from_the_foot() -> None:
    document = Document("Foot", (Paragraph("Words"),), reference="REF " * 30 + "END", purpose="for " * 30 + "LAST")
    for style in STYLES:
        text = pages_text(render_pdf(document, style).data, artifacts=True)[0]
        assert "END" in text
        assert "LAST" in text


def test_a_line_end_in_a_heading_or_title_does_not_break_the_bookmarks() -> None:
    reader = PdfReader(io.BytesIO(render_pdf(Document("Two\nlines", (Heading("One\ntwo (three)", 3),))).data))
    assert reader.metadata["/Title"] == "Two lines"
    assert outline_titles(reader.outline) == ["One two (three)"]
