import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wellbeing_desktop.documents.faces import REGULAR, resource
from wellbeing_desktop.documents.text_safety import normalise
from wellbeing_desktop.documents.typeset import Line, forget, lines


def said(line: Line) -> str:
    return "".join(part.text for part in line.parts)


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=150), st.integers(4_000, 40_000))
@example("000000000\x195u\u00a5i\u03e2", 4477)  # a bracket and a U stand wider side by side than each alone
def test_no_line_is_wider_than_its_measure(text: str, measure: int) -> None:
    for line in lines(((text, False),), REGULAR, measure):
        # a hundredth of an em is less than a hair at any printed size
        assert line.width <= measure + 10 or len(said(line)) <= 3


@pytest.mark.parametrize("measure", [3_000, 9_000, 20_000, 60_000])
def test_words_are_broken_only_when_longer_than_a_line(measure: int) -> None:
    text = "We would like to meet you at home on Tuesday and talk about what matters"
    got = [said(line) for line in lines(((text, False),), REGULAR, measure)]
    if measure > 5_000:
        assert " ".join(got) == text
    assert "".join(got).replace(" ", "") == text.replace(" ", "")


def test_a_telephone_number_is_not_broken_between_lines() -> None:
    text = "Call us on 01632 960 123 or at home on 01632 960 456 when you can"
    for measure in range(9_000, 30_000, 500):
        got = [said(line) for line in lines(((text, False),), REGULAR, measure)]
        assert sum("01632 960 123" in line for line in got) == 1
        assert sum("01632 960 456" in line for line in got) == 1


def test_a_postcode_is_not_broken_between_lines() -> None:
    text = "23 MARSH LANE, BARTON-UPON-HUMBER, S HUMBERSIDE, DN18 5JD and then on to Flat 2"
    for measure in range(9_000, 40_000, 500):
        got = [said(line) for line in lines(((text, False),), REGULAR, measure)]
        assert sum("DN18 5JD" in line for line in got) == 1


def test_a_number_keeps_its_unit() -> None:
    text = "Waits for a reply (30 days), rang on 2 days of 7, and 3 people came"
    for measure in range(5_500, 30_000, 500):
        got = [said(line) for line in lines(((text, False),), REGULAR, measure)]
        assert " ".join(got) == text
        for whole in ("(30 days),", "2 days", "3 people"):
            assert sum(whole in line for line in got) == 1


def test_a_date_goes_to_the_next_line_whole_and_is_broken_only_where_a_line_is_too_narrow_for_it() -> None:
    text = "The plan was agreed at home on 28 November 2026. We look at it again by 9 January 2027"
    for measure in range(11_000, 40_000, 500):
        got = [said(line) for line in lines(((text, False),), REGULAR, measure)]
        assert " ".join(got) == text
        assert sum("28 November 2026." in line for line in got) == 1
        assert sum("9 January 2027" in line for line in got) == 1
    narrow = [said(line) for line in lines((("28 November 2026", False),), REGULAR, 6_000)]
    assert narrow == ["28", "November", "2026"]


def test_a_full_stop_after_bold_stays_with_it() -> None:
    for measure in range(5_500, 12_000, 300):
        got = [
            said(line)
            for line in lines((("Come on ", False), ("Tuesday", True), (", then rest", False)), REGULAR, measure)
        ]
        assert not any(line.startswith(",") for line in got)


def test_a_telephone_number_keeps_its_order_inside_arabic() -> None:
    (line,) = lines((("\u0627\u062a\u0635\u0644 01632 960 123 \u0634\u0643\u0631\u0627", False),), REGULAR, 60_000)
    drawn = [part.text for part in line.parts]
    assert "".join(drawn).count("01632 960 123") == 1
    assert line.right_to_left


def test_the_shipped_fonts_are_modest_in_size_and_have_their_licences() -> None:
    folder = resource("fonts")
    assert sum(path.stat().st_size for path in folder.iterdir()) < 12_000_000
    for name in ("Inter-OFL.txt", "Noto-OFL.txt"):
        assert "SIL Open Font License" in (folder / name).read_text(encoding="utf-8")


def test_what_was_typeset_can_be_forgotten_at_lock() -> None:
    lines((("secret words", False),), REGULAR, 10_000)
    forget()
    assert lines.cache_info().currsize == 0


def test_typed_line_ends_stay() -> None:
    assert [said(line) for line in lines((("one\ntwo", False),), REGULAR, 50_000)] == ["one", "two"]
    assert normalise("one\ntwo") == "one\ntwo"
