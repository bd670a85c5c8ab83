"""What the record asks for that paper is not: by the codes of the shipped lists."""

import pytest

from tests.operations.made import NOW, Made
from wellbeing_desktop.domain.code_lists import code_list
from wellbeing_desktop.domain.person import ContactPoint, Person
from wellbeing_desktop.operations import other_form, people
from wellbeing_desktop.operations.other_form import asked_of


def asked(made: Made, of_the_letter: str = "", **fields: object) -> other_form.Asked | None:
    person_id = made.person("Price", "Sian", **fields)
    return asked_of(made.writer, made.one(Person, person_id), of_the_letter)


def test_the_codes_are_those_of_the_shipped_lists() -> None:
    known = {entry.code for name in ("letter_format", "communication_needs") for entry in code_list(name).entries}
    assert known >= other_form._ON_SCREEN | other_form._NOT_MADE_HERE


@pytest.mark.capability("C3")
@pytest.mark.parametrize(
    ("fields", "form", "is_web_page"),
    [
        ({"letter_format": "electronic"}, "electronic text", True),
        ({"letter_format": "email"}, "e-mail", True),
        ({"communication_needs": ("hearing_aid", "electronic_text")}, "electronic text", True),
        ({"communication_needs": ("email_only",), "letter_format": "large_print"}, "e-mail only", True),
        ({"letter_format": "braille"}, "braille", False),
        ({"communication_needs": ("audio", "email_only")}, "audio", False),
    ],
)
def test_a_need_that_paper_does_not_meet_is_said_in_its_own_words(made: Made, fields, form, is_web_page) -> None:
    found = asked(made, **fields)
    assert found is not None
    assert (found.form, found.is_web_page) == (form, is_web_page)
    assert f"asks for {form}" in found.sentence


def test_paper_is_enough_for_whoever_asks_for_nothing_or_for_print(made: Made) -> None:
    assert asked(made) is None
    assert asked(made, letter_format="large_print", communication_needs=("easy_read", "bsl")) is None
    assert asked(made, "standard", letter_format="email") is None


def test_where_no_email_may_be_written_the_advice_says_so_first(made: Made) -> None:
    person_id = made.person("Price", "Sian", letter_format="email")

    def advice() -> str:
        found = asked_of(made.writer, made.one(Person, person_id))
        assert found is not None
        return found.advice

    assert advice().startswith("No e-mail address is recorded.")
    point = ContactPoint(subject=person_id, medium="email", value="sian@example.org", safe_to_text=False)
    people.add_contact_point(made.writer, point, at=NOW)
    assert advice().startswith("It is not safe to write to this e-mail address.")
    other = ContactPoint(subject=person_id, medium="email", value="price@example.org", safe_to_text=True)
    people.add_contact_point(made.writer, other, at=NOW)
    assert advice() == other_form.SENDS_NOTHING
