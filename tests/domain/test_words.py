"""PRACTICE W31: the service's own words."""

import pytest

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.words import SUPERSEDED, Words, check_word, words_from


def test_w31_the_words_for_people_and_worker_are_a_setting() -> None:
    chosen = words_from({"words.person": "patient", "words.worker": "key worker"})
    assert chosen == Words("patient", "patients", "key worker", "key workers")
    assert words_from({}) == Words("person", "people", "care coordinator", "care coordinators")
    assert words_from({"words.person": "guest"}).people == "guests"


def test_a_sentence_is_filled_in_and_starts_with_a_capital() -> None:
    words = words_from({"words.person": "client"})
    assert words.fill("{People} on the list: every {person} and their {worker}.") == (
        "Clients on the list: every client and their care coordinator."
    )


def test_a_word_must_fit_a_sentence() -> None:
    assert check_word("  Service   user ") == "service user"
    for bad in ("", "x", "person<b>", "a" * 31, "p3rson"):
        with pytest.raises(Refused):
            check_word(bad)


def test_w31_old_words_have_a_present_one() -> None:
    assert SUPERSEDED["CCG"] == "integrated care board"
    assert SUPERSEDED["CRB"] == "DBS"
