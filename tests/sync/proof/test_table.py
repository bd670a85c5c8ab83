"""Every scenario and every fault has its test, and docs/sync-proof.md says which."""

import pytest

from tests.sync.proof import table

WITHOUT_A_SERVER = {33, 45, 51, 52}
"""Scenarios in which the laptop is alone: a power cut, a newer store, a flipped byte, a passphrase changed."""

STILL_MISSING: dict[str, set[int]] = {"scenario": set(), "fault": set()}
"""None."""


@pytest.mark.parametrize("kind", table.NUMBERS)
def test_every_number_has_its_words_and_its_test(kind: str) -> None:
    numbers = set(table.NUMBERS[kind])
    assert set(table.written()[kind]) == numbers
    assert numbers - set(table.shown(kind)) == STILL_MISSING[kind], "no test carries these"
    assert set(table.shown(kind)) <= numbers, "there is no such number"


def test_every_scenario_with_a_server_is_shown_on_both_engines() -> None:
    shown = table.shown("scenario")
    alone = {number for number, tests in shown.items() if all(each.where != "both" for each in tests)}
    assert alone - WITHOUT_A_SERVER == set()


def test_the_page_says_what_the_tests_say() -> None:
    page = table.PAGE.read_text(encoding="utf-8")
    assert page == table.rewritten(page), "write it again: python -m tests.sync.proof.table"
