import json
import re
from datetime import date, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.documents.reading import bare
from tests.documents.samples import letter, plan
from wellbeing_desktop.documents.blocks import (
    QR,
    AddressWindow,
    BulletList,
    Chart,
    Document,
    KeyValues,
    Paragraph,
    Series,
    Table,
)
from wellbeing_desktop.documents.call_sheet import CallSheet, call_sheet_document
from wellbeing_desktop.documents.care_plan import care_plan_document
from wellbeing_desktop.documents.expected import texts
from wellbeing_desktop.documents.html import render_html
from wellbeing_desktop.documents.jobs import web_page
from wellbeing_desktop.documents.letter import letter_document
from wellbeing_desktop.documents.person_export import ExportEntry, ExportSection, PersonExport, person_export_document
from wellbeing_desktop.documents.print_style import EASY_READ, INK, LARGE_PRINT, QUIET, STANDARD, STYLES
from wellbeing_desktop.documents.text import render_text
from wellbeing_desktop.documents.text_safety import normalise
from wellbeing_desktop.documents.visit_sheet import VisitSheet, visit_sheet_document

BLNS = json.loads((Path(__file__).parents[1] / "data" / "strings" / "blns.json").read_text(encoding="utf-8"))


class Reader(HTMLParser):
    """Reads a page as strictly as one may: every element that opens is closed in its place."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list) -> None:
        assert len(attrs) == len(dict(attrs)), f"an attribute twice in {tag}"
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "br", "col"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open and "title" not in self.open:
            self.words.append(data)


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader


HOSTILE = "<script>alert(1)</script> \"'><img src=x onerror=y> javascript:z </td></table> ${7*7} {{7*7}} <!--"
TYPED = {
    "letter": letter_document(letter(body=(Paragraph(HOSTILE), BulletList((HOSTILE, "Two"))), subject=HOSTILE)),
    "plan": care_plan_document(plan(matters=HOSTILE, name=HOSTILE)),
    "visit sheet": visit_sheet_document(
        VisitSheet(
            person_line=HOSTILE,
            starts_at=datetime(2026, 11, 25, 10, 30),
            place=HOSTILE,
            reference="R-1",
            before_knocking=(HOSTILE,),
            open_actions=((HOSTILE, "Me", "12 January 2027"),),
        )
    ),
    "call sheet": call_sheet_document(
        CallSheet(HOSTILE, date(2026, 11, 24), (HOSTILE,), ((HOSTILE, "999"),), (("Lead", HOSTILE, ""),))
    ),
    "record": person_export_document(
        PersonExport(
            organisation=HOSTILE,
            made_on=date(2026, 11, 21),
            reference="E-1",
            person=(("Name", HOSTILE),),
            sections=(ExportSection("Contacts", (ExportEntry("Contact", (("Note", HOSTILE),)),)),),
        )
    ),
}


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("kind", TYPED)
def test_every_word_is_on_the_web_page_and_hostile_words_are_words(kind: str, style: str) -> None:
    document = TYPED[kind]
    html = web_page((document, style), lambda _done, _total: None).decode("utf-8")
    page = read(html)
    shown = bare("".join(page.words))
    at = 0
    in_order = not any(isinstance(block, AddressWindow | Chart) for block in document.blocks)
    for text in texts(document):
        words = bare(normalise(text))
        if re.fullmatch("\u2022|[0-9]+[.]", words):
            continue  # the browser draws what stands before an item
        found = shown.find(words, at if in_order else 0)
        assert found >= 0, text
        at = found + len(words)
    assert bare(HOSTILE) in shown
    assert {tag for tag, _ in page.tags}.isdisjoint({"script", "img", "link", "iframe", "object", "form", "a", "base"})
    for tag, attrs in page.tags:
        assert not any(name.startswith("on") or name in ("src", "href") for name in attrs), tag
        assert re.fullmatch("width:[0-9]+%", attrs.get("style") or "width:1%"), tag
    assert not re.search("url\\(|@import|expression\\(", html)


def test_the_web_page_has_the_size_spacing_and_colours_of_its_paper() -> None:
    document = letter_document(letter())
    for style in STYLES.values():
        html = render_html(document, style)
        assert f"font-size:{style.body / 12:.3f}rem;line-height:{style.leading:g};color:{INK};background:#fff" in html
        for level in (1, 2, 3):
            assert f"h{level}{{font-size:{style.heading(level) / style.body:.3f}em}}" in html
        assert f"color:{QUIET}" in html
        assert not re.search("italic|underline|justify|uppercase", html)


def test_easy_read_gives_each_sentence_a_row_of_its_own() -> None:
    document = Document("T", (Paragraph("We can meet. It is free! Is that right?"),))
    rows = [tag for tag, _ in read(render_html(document, EASY_READ)).tags if tag == "p"]
    assert len(rows) == 3
    assert render_html(document, LARGE_PRINT).count("<p>") == 1


def test_dates_telephone_numbers_and_postcodes_are_never_broken_over_two_lines() -> None:
    said = "Ring 01632 960 123 by 12 January 2027, or write to HR9 9ZZ."
    table = KeyValues((("Born", "2 April 1938"),))
    html = render_html(Document("T", (Paragraph(said), table)), STANDARD)
    whole = re.findall('<span class="whole">(.*?)</span>', html)
    assert whole == ["01632 960 123", "12 January 2027", "HR9 9ZZ", "2 April 1938"]
    assert ".whole{white-space:nowrap}" in html


def test_every_naughty_string_is_shown_and_none_becomes_markup() -> None:
    document = Document("T", (*(Paragraph(text) for text in BLNS), Table(tuple(BLNS[:3]), (tuple(BLNS[3:6]),))))
    page = read(render_html(document))
    shown = bare("".join(page.words))
    assert all(bare(normalise(text)) in shown for text in BLNS)
    allowed = {
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "main",
        "h1",
        "p",
        "br",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "strong",
        "span",
    }
    assert {tag for tag, _ in page.tags} <= allowed
    assert not any(name.startswith("on") or name in ("src", "href") for _, attrs in page.tags for name in attrs)


def test_the_twin_has_language_headings_scopes_and_nothing_from_outside() -> None:
    html = render_html(care_plan_document(plan(language="cy")))
    page = read(html)
    assert ("html", {"lang": "cy"}) in page.tags
    assert sum(tag == "h1" for tag, _ in page.tags) == 1
    assert all(attrs.get("scope") in ("col", "row") for tag, attrs in page.tags if tag == "th")
    assert "http://" not in html.replace("http://www.w3.org/2000/svg", "")
    assert "https://" not in html
    assert "default-src 'none'" in html


def test_a_chart_has_a_picture_with_words_and_a_table() -> None:
    chart = Chart(
        "line", "It <rose>", "From 4 to 7", ("May", "June"), (Series("Satisfied", (4, 7)), Series("Anxious", (8, None)))
    )
    page = read(render_html(Document("Chart", (chart, QR("CODE", "A code")))))
    words = "".join(page.words)
    assert {"svg", "desc", "figcaption", "table"} <= {tag for tag, _ in page.tags}
    assert "It <rose>" in words
    assert "not recorded" in words


def test_plain_text_holds_every_word_and_no_markup() -> None:
    text = render_text(care_plan_document(plan()))
    for words in ("My care and support plan", "<b>Not bold</b> & so on.", "What we will do: Lend a walking frame", "Satisfied with life 7", "Anxious yesterday not recorded"):  # fmt: skip
        assert words in text
    assert "Mrs Bronwen Jones" in render_text(letter_document(letter()))
