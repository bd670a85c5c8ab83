"""Nothing a clinician wrote may be missing from the page."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.documents.reading import bag, bare, document_text
from wellbeing_desktop.documents.blocks import BulletList, Document, Heading, KeyValues, Paragraph, Strong, Table
from wellbeing_desktop.documents.expected import expected_text
from wellbeing_desktop.documents.pdf import render_pdf
from wellbeing_desktop.documents.print_style import EASY_READ, LARGE_PRINT, STANDARD
from wellbeing_desktop.documents.text_safety import is_right_to_left, normalise, printable

BLNS = json.loads((Path(__file__).parents[1] / "data" / "strings" / "blns.json").read_text(encoding="utf-8"))
CLINICAL = [
    "<Dr Smith>", "<!-- ALLERGY -->", "<img src=x onerror=alert(1)>", "<b>5</b> & 6 < 7 > 3", "&nbsp;&amp;&#x41;",
    "x -> y => z <- w fi fl ffi 1x2", "{{ name }} {% raw %} ${HOME} %s %(x)s \\n", "temp 38.5\u00b0C, 5\u00d710\u2079/L, \u00b5g, \u2265 3",
    "Ll\u0175yd \u0176 T\u0177 Si\u00e2n", "a\u202eb evil", "tab\there\x07bell\x00nul", "soft\u00adhyphen zero\u200bwidth", "e\u0301 a\u0323\u0308",
    "\u0645\u0631\u062d\u0628\u0627 (Dr 5) \u0634\u0643\u0631\u0627", "\u05e9\u05dc\u05d5\u05dd 123", "\u0928\u092e\u0938\u094d\u0924\u0947 \u0939\u093f\u0928\u094d\u0926\u0940 \u0915\u094d\u0937", "\u09ac\u09be\u0982\u09b2\u09be", "\u0a2a\u0a70\u0a1c\u0a3e\u0a2c\u0a40",
    "\u6f22\u5b57\u304b\u306a\ud55c\uad6d", "\u2764\ufe0f \U0001f468\u200d\U0001f469\u200d\U0001f467", "\U00012000 \U0001d11e \ue000 \U000f0000", "W" * 400,
]  # fmt: skip


def assert_complete(text: str, style=STANDARD) -> None:
    document = Document("Completeness", (Paragraph(text),))
    got, want = document_text(render_pdf(document, style).data), expected_text(document)
    if is_right_to_left(want):
        assert bag(got) == bag(want)
    else:
        assert bare(got) == bare(want)


@pytest.mark.parametrize("text", CLINICAL, ids=range(len(CLINICAL)))
def test_what_was_typed_is_on_the_page(text: str) -> None:
    assert_complete(text)


def test_every_naughty_string_is_on_the_page() -> None:
    for text in BLNS:
        assert_complete(text)


def test_naughty_strings_keep_their_place_in_tables_lists_and_headings() -> None:
    tame = [text for text in BLNS if not is_right_to_left(text)]
    blocks = (
        Table(("Number", "Words"), tuple((str(number), text) for number, text in enumerate(tame)), weights=(1, 4)),
        BulletList(tuple(tame)),
        KeyValues(tuple((f"Field {number}", text) for number, text in enumerate(tame))),
        *(Heading(text, 2) for text in tame[:80]),
    )
    document = Document("Tables", blocks)
    for style in (STANDARD, LARGE_PRINT, EASY_READ):
        got = document_text(render_pdf(document, style).data)
        if style is STANDARD:
            assert bare(got) == bare(expected_text(document))
        else:  # large print may turn a wide table into named lines: the words are the same, the headers repeat
            assert all(bare(printable(text).text) in bare(got) for text in tame)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=200))
@example("<Dr Smith> <!-- ALLERGY -->")
@example("\u202e\u2066\u0301")
@example("\u0627\u0301 (a) \u05d0\u05b8")
def test_any_text_is_on_the_page(text: str) -> None:
    assert_complete(text)


@settings(max_examples=300, deadline=None)
@given(st.text())
@example("\u200c\u200c")
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(categories=("L", "N", "P", "S", "Zs"), exclude_characters="\u00ad")))
def test_normalising_keeps_every_letter_number_and_sign_in_order(text: str) -> None:
    assert bare(normalise(text)) == bare(text)


def test_a_bidirectional_override_is_made_visible() -> None:
    assert normalise("a\u202eb") == "a[U+202E]b"
    assert normalise("\u200bx\ufeff") == "[U+200B]x[U+FEFF]"


def test_line_ends_are_kept_and_empty_lines_fold() -> None:
    assert normalise("one \r\n\r\n  two\u2028three\x0b") == "one\ntwo\nthree"


def test_a_character_without_a_glyph_is_printed_as_its_number_and_named() -> None:
    rendered = render_pdf(Document("Cuneiform", (Paragraph("sign \U00012000 here"),)))
    assert "[U+12000]" in document_text(rendered.data)
    assert rendered.missing == ("\U00012000",)


def test_bold_pieces_keep_the_spaces_around_them() -> None:
    text = ("Call ", Strong("01632 960 123"), ", or ", Strong("111"), ".")
    got = document_text(render_pdf(Document("Bold", (Paragraph(text),))).data)
    assert "Call 01632 960 123, or 111." in got
