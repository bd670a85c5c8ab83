import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.storage.recovery import RecoveryKey, RecoveryKit, code_of, key_from_code


@given(st.binary(min_size=32, max_size=32))
def test_a_printed_code_gives_its_key_back(material: bytes) -> None:
    code = code_of(RecoveryKey(material))
    assert [len(group) for group in code.split("-")] == [5] * 14
    assert key_from_code(code).material() == material
    assert key_from_code(code.lower().replace("-", " ")).material() == material


def test_letters_easily_confused_are_read_as_the_digits_they_look_like() -> None:
    code = code_of(RecoveryKey(bytes(32)))
    assert "0" in code
    assert key_from_code(code.replace("0", "O").replace("1", "l")).material() == bytes(32)


def test_every_single_wrong_character_is_named_by_its_group() -> None:
    code = code_of(RecoveryKey(bytes(range(32))))
    for place, right in enumerate(code):
        if right == "-":
            continue
        wrong = "7" if right != "7" else "8"
        with pytest.raises(Refused, match=rf"group {place // 6 + 1}\."):
            key_from_code(code[:place] + wrong + code[place + 1 :])


def test_every_swap_of_neighbours_within_a_group_is_named() -> None:
    code = code_of(RecoveryKey(bytes(range(100, 132))))
    swapped = 0
    for place, (one, two) in enumerate(itertools.pairwise(code)):
        if "-" in one + two or one == two:
            continue
        swapped += 1
        with pytest.raises(Refused, match=rf"group {place // 6 + 1}\."):
            key_from_code(code[:place] + two + one + code[place + 2 :])
    assert swapped > 40


def test_swapped_groups_are_noticed() -> None:
    groups = code_of(RecoveryKey(bytes(range(32)))).split("-")
    groups[2], groups[9] = groups[9], groups[2]
    with pytest.raises(Refused, match="groups 3 and 10"):
        key_from_code("-".join(groups))


@pytest.mark.parametrize("typed", ["", "ABCDE", "U" * 70, "é" * 70, "0" * 71])
def test_what_is_no_recovery_key_is_refused_in_words(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        key_from_code(typed)
    assert refused.value.field == "recovery_key"


def test_the_kit_does_not_print_its_secret_by_accident() -> None:
    code = code_of(RecoveryKey(b"s" * 32))
    assert code not in repr(RecoveryKit("store", "Name", code))
