import json
from html.parser import HTMLParser
from pathlib import Path

from tests.documents.reading import bare
from tests.documents.samples import letter, plan
from wellbeing_desktop.documents.blocks import QR, Chart, Document, Paragraph, Series, Table
from wellbeing_desktop.documents.care_plan import care_plan_document
from wellbeing_desktop.documents.html import render_html
from wellbeing_desktop.documents.letter import letter_document
from wellbeing_desktop.documents.text import render_text
from wellbeing_desktop.documents.text_safety import normalise

BLNS = json.loads((Path(__file__).parents[1] / "data" / "strings" / "blns.json").read_text(encoding="utf-8"))


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    return reader


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
