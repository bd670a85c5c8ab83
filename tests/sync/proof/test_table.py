"""Every scenario and every fault has its test, and docs/sync-proof.md says which."""

import pytest

from tests.sync.proof import table

WITHOUT_A_SERVER = {33, 45, 51, 52}
"""Scenarios in which the laptop is alone: a power cut, a newer store, a flipped byte, a passphrase changed."""

STILL_MISSING: dict[str, set[int]] = {
    "scenario": {
        5,
        6,
        8,
        9,
        11,
        12,
        13,
        14,
        15,
        16,
        18,
        20,
        21,
        22,
        24,
        25,
        26,
        27,
        28,
        29,
        30,
        31,
        34,
        35,
        40,
        41,
        44,
        46,
        47,
        58,
    },
    "fault": {33, 36, 6, 7, 10, 13, 17, 24, 28, 29},
}


@pytest.mark.parametrize("kind", table.NUMBERS)
def test_every_number_has_its_words_and_its_test(kind: str) -> None:
    numbers = set(table.NUMBERS[kind])
    assert set(table.written()[kind]) == numbers
    assert numbers - set(table.shown(kind)) == STILL_MISSING[kind], "no test carries these"
    assert set(table.shown(kind)) <= numbers, "there is no such number"


def test_every_scenario_with_a_server_is_shown_on_both_engines() -> None:
    shown = table.shown("scenario")
    alone = {number for number, tests in shown.items() if all(test.where != "both" for test in tests)}
    assert alone - WITHOUT_A_SERVER == {39, 50}


def test_the_page_says_what_the_tests_say() -> None:
    page = table.PAGE.read_text(encoding="utf-8")
    assert page == table.rewritten(page), "write it again: python -m tests.sync.proof.table"
