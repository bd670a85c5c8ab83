import pytest

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.resources import resource
from wellbeing_desktop.storage.words import (
    check_own_choice,
    common_passwords,
    generate_passphrase,
    normalise_passphrase,
    word_list,
)


def test_the_word_list_is_whole() -> None:
    words = word_list()
    assert len(words) == len(set(words)) == 7776
    assert (words[0], words[-1]) == ("abacus", "zoom")


def test_four_words_are_drawn_from_the_list_and_differ_each_time() -> None:
    drawn = [generate_passphrase() for _ in range(50)]
    assert len(set(drawn)) == 50
    assert all(len(passphrase.split(" ")) == 4 for passphrase in drawn)
    assert {word for passphrase in drawn for word in passphrase.split(" ")} <= set(word_list())


def test_fewer_than_four_words_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 4"):
        generate_passphrase(3)


def test_both_lists_say_their_licence() -> None:
    notice = resource("wordlists/NOTICE.txt").read_text("utf-8")
    assert "CC BY 3.0" in notice
    assert "MIT License" in notice
    assert len(common_passwords()) > 10_000


@pytest.mark.parametrize(
    "typed",
    [
        "correct horse battery staple",
        "marmalade on Tuesdays only",
        "Rwy'n hoffi coffi du a bara brith",
        "teapot lantern brisk meadow",
        "яблоко под старым мостом",
    ],
)
def test_a_long_unusual_passphrase_is_taken(typed: str) -> None:
    check_own_choice(typed)


@pytest.mark.parametrize("typed", ["", "short", "fourteen chars", "a b c d e f g", "    fourteen chars    "])
def test_fewer_than_fifteen_characters_are_refused_with_the_reason(typed: str) -> None:
    with pytest.raises(Refused, match="15") as refused:
        check_own_choice(typed)
    assert refused.value.field == "passphrase"


@pytest.mark.parametrize(
    "typed",
    [
        "passwordpassword",
        "password12345678",
        "Password Password 2026",
        "qwertyuiopasdfghjkl",
        "123456789012345",
        "abcdefghijklmnop",
        "aaaaaaaaaaaaaaaaaaaa",
        "abcabcabcabcabcabc",
        "tigger tigger tigger",
        "football baseball",
        "1q2w3e4r5t6y7u8i",
        "letmein letmein 1",
        "0987654321 0987654321",
        "zxcvbnm123456789",
    ],
)
def test_a_common_password_a_repeat_or_a_row_of_keys_is_refused(typed: str) -> None:
    with pytest.raises(Refused, match="too easily guessed"):
        check_own_choice(typed)


def test_spacing_and_composed_letters_do_not_matter_but_capitals_do() -> None:
    assert normalise_passphrase("  café\t au  lait ") == normalise_passphrase("cafe\u0301 au lait")
    assert normalise_passphrase("A b") != normalise_passphrase("a b")
