"""The organisation's key on three sheets: any two give it back, and every mistake is told from every other."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.six_groups import six_groups
from wellbeing_desktop.storage.organisation_public import public_from, text_of
from wellbeing_desktop.storage.recovery import RecoveryKey, code_of, key_from_code
from wellbeing_desktop.storage.recovery_sheets import code_of_sheet, key_from_sheets, sheet_from_code, sheets_of

ONE, TWO = ([code_of_sheet(sheet) for sheet in sheets_of(RecoveryKey(byte * 32))] for byte in (b"1", b"2"))


@settings(max_examples=25, deadline=None)
@given(st.binary(min_size=32, max_size=32))
def test_any_two_of_three_printed_sheets_give_the_key(material: bytes) -> None:
    codes = [code_of_sheet(sheet) for sheet in sheets_of(RecoveryKey(material))]
    assert all([len(group) for group in code.split("-")] == [5] * 15 for code in codes)
    for one, two in itertools.permutations(codes, 2):
        typed = one.lower().replace("-", " ")
        assert key_from_sheets(sheet_from_code(typed), sheet_from_code(two)).material() == material


def test_every_single_wrong_character_of_a_sheet_is_named_by_its_group() -> None:
    code = code_of_sheet(sheets_of(RecoveryKey.new())[1])
    for place, right in enumerate(code):
        if right != "-":
            wrong = "7" if right != "7" else "8"
            with pytest.raises(Refused, match=rf"group {place // 6 + 1}\."):
                sheet_from_code(code[:place] + wrong + code[place + 1 :])


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 14), st.integers(1, 3))
def test_a_share_that_was_changed_in_whole_groups_is_found_by_its_checksum(at: int, number: int) -> None:
    """Groups of another sheet are right by themselves: only the checksum of the whole finds them."""
    one, two = ONE[number - 1].split("-"), TWO[number - 1].split("-")
    tampered = [*one[:at], two[at], *one[at + 1 :]]
    if tampered in (one, two):
        return
    with pytest.raises(Refused, match="more than one typing error"):
        sheet_from_code("-".join(tampered))


def test_the_same_sheet_twice_sheets_of_two_keys_and_of_two_days_are_three_sentences() -> None:
    key = RecoveryKey.new()
    one, two, _three = sheets_of(key)
    other = sheets_of(RecoveryKey.new())[1]
    with pytest.raises(Refused, match="sheet 1 twice"):
        key_from_sheets(one, one)
    with pytest.raises(Refused, match="two different keys"):
        key_from_sheets(one, other)
    with pytest.raises(Refused, match="not made together"):
        key_from_sheets(one, sheets_of(key)[1])
    assert key_from_sheets(one, two) == key


def test_a_kit_and_a_sheet_are_not_taken_for_each_other() -> None:
    key = RecoveryKey.new()
    with pytest.raises(Refused, match="as a recovery kit has"):
        sheet_from_code(code_of(key))
    with pytest.raises(Refused, match="as a sheet of the organisation's recovery key has"):
        key_from_code(code_of_sheet(sheets_of(key)[0]))
    with pytest.raises(Refused, match="0 of 75"):
        sheet_from_code("")


def test_a_sheet_does_not_print_its_share_by_accident() -> None:
    sheet = sheets_of(RecoveryKey.new())[0]
    assert repr(sheet) == "<Sheet 1>"


@settings(max_examples=25, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.integers(0, 71))
def test_a_public_half_that_was_copied_wrongly_is_never_taken(material: bytes, place: int) -> None:
    public = RecoveryKey(material).public()
    text = text_of(public)
    assert public_from(f" {text.upper()} \n") == public
    wrong = "0" if text[place] != "0" else "1"
    with pytest.raises(Refused, match="not copied whole"):
        public_from(text[:place] + wrong + text[place + 1 :])


@pytest.mark.parametrize("text", ["", "abc", "zz" * 36, text_of(bytes(32)), text_of(b"\x01" + bytes(31))])
def test_what_is_no_public_key_is_refused_in_words(text: str) -> None:
    with pytest.raises(Refused, match="recovery_key"):
        public_from(text)


def test_keys_are_told_apart_by_six_groups_of_four_digits() -> None:
    one, two = six_groups(b"1" * 32), six_groups(b"2" * 32)
    assert one != two
    assert [len(group) for group in one.split()] == [4] * 6
