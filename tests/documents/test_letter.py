import pytest

from tests.documents.reading import pages_text
from tests.documents.samples import letter
from wellbeing_desktop.documents.blocks import Paragraph
from wellbeing_desktop.documents.letter import letter_document
from wellbeing_desktop.documents.letter_layout import address_lines, check_postable
from wellbeing_desktop.documents.pdf import render_pdf
from wellbeing_desktop.documents.print_style import LARGE_PRINT, STANDARD
from wellbeing_desktop.domain.errors import Refused


@pytest.mark.capability("L5")
def test_a_letter_to_a_person_says_all_it_must() -> None:
    text = "".join(pages_text(render_pdf(letter_document(letter(nhs_number="9991234567"))).data))
    for words in ("Saturday 21 November 2026", "Dear Mrs Jones", "call us on 01632 960 123", "Copies of this letter go to",
                  "With this letter", "Yours sincerely", "Sam Example", "Our reference: CC-000000"):  # fmt: skip
        assert words in text
    assert "999 123 4567" not in text  # the NHS number is for professionals


@pytest.mark.parametrize("style", [STANDARD, LARGE_PRINT], ids=lambda style: style.name)
def test_other_formats_are_offered_on_the_first_sheet(style) -> None:
    assert "large print, easy read" in " ".join(
        pages_text(render_pdf(letter_document(letter()), style).data)[0].split()
    )


def test_a_name_never_stands_alone_on_the_last_sheet() -> None:
    for paragraphs in range(8, 16):  # the text grows line by line over the end of the first sheet
        body = tuple(Paragraph(f"We would like to meet you. This is line {number}.") for number in range(paragraphs))
        made = letter(body=body, copies_to=(), enclosures=())
        pages = pages_text(render_pdf(letter_document(made)).data)
        assert "If you have a question" in next(page for page in pages if "Yours sincerely" in page)


def test_a_letter_to_a_professional_says_whom_it_is_about() -> None:
    made = letter(
        to_person=False, about="Bronwen Jones, born 2 April 1938", nhs_number="9991234567", greeting="Dr Patel"
    )
    text = "".join(pages_text(render_pdf(letter_document(made)).data))
    assert "Bronwen Jones, born 2 April 1938" in text
    assert "999 123 4567" in text
    assert "easy read" not in text


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (("Mrs Jones", "HR9 9ZZ"), "at least 3 lines"),
        (("a", "b", "c", "d", "e", "f", "g", "HR9 9ZZ"), "at most 7 lines"),
        (("Mr Jones", "No fixed abode", "HR9 9ZZ"), "no fixed address"),
        (("Mr Jones", "N.F.A.", "HR9 9ZZ"), "no fixed address"),
        (("Mr Jones", "nfa", "HR9 9ZZ"), "no fixed address"),
        (("Mr Jones", "--", "HR9 9ZZ"), "needs a letter or a number"),
        (("Mr Jones", "(rear) 1 High Street", "HR9 9ZZ"), "sign that the post refuses"),
        (("Mr Jones", "1 High Street", "Hereford"), "must be the postcode"),
    ],
)
def test_an_address_that_cannot_be_posted_is_refused_in_words(lines: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence) as refused:
        address_lines(lines)
    assert refused.value.field == "address"
    assert "Jones" not in refused.value.message


def test_empty_lines_and_trailing_commas_leave_the_address() -> None:
    given = ("Mrs Jones", "", "1  Heol y Bryn,", "hr99zz")
    assert address_lines(given) == ("Mrs Jones", "1 Heol y Bryn", "HR9 9ZZ")


def test_an_address_abroad_ends_with_its_country() -> None:
    assert address_lines(("Mme Durand", "1 rue Haute", "Paris", "France"), abroad=True)[-1] == "France"
    assert letter_document(letter(address=("1 rue Haute", "Paris", "France"), abroad=True)).blocks


@pytest.mark.parametrize(
    ("change", "field"), [({"greeting": " "}, "greeting"), ({"telephone": ""}, "telephone"), ({"body": ()}, "body")]
)
def test_a_letter_without_its_essentials_is_refused(change: dict, field: str) -> None:
    with pytest.raises(Refused) as refused:
        letter_document(letter(**change))
    assert refused.value.field == field


def test_a_letter_too_thick_for_its_envelope_is_refused_with_its_page_count() -> None:
    check_postable(10, 2_000_000)
    with pytest.raises(Refused, match="11 pages"):
        check_postable(11, 1)
    with pytest.raises(Refused, match="2 MB"):
        check_postable(1, 2_000_001)
