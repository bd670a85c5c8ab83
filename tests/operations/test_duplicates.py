"""Possible duplicates: offered with reasons, never joined alone."""

import datetime as dt

import pytest

from tests.operations.made import Made
from wellbeing_desktop.operations.duplicates import (
    DuplicateIndex,
    compare,
    known,
    name_sound,
    possible_duplicates,
)

BORN = dt.date(1940, 5, 1)
MARY = known("mary", "Jones", "Mary Ann", "", BORN, "9434765919", "HU1 1AA")


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (known("x", "Jones", "Mary", "", BORN, "", "HU1 1AA"), "same name"),
        (known("x", "JONES", "Marie", "", BORN), "similar name"),
        (known("x", "Jonse", "Mary", "", BORN), "similar name"),
        (known("x", "Mary", "Jones", "", BORN), "similar name"),
        (known("x", "Jones", "Mary", "", dt.date(1940, 1, 5), "", "HU1 1AA"), "date of birth differs by a slip"),
        (known("x", "Jones", "Mary", "", dt.date(1941, 5, 1)), "date of birth differs by a slip"),
        (known("x", "Smith", "Mary", "", dt.date(1950, 1, 1), "9434765919"), "same NHS number"),
        (known("x", "Jones", "Mary", "", None, "", "HU1 1AA"), "same postcode"),
        (known("x", "Jones", "Mary", "", BORN, "9434756919"), "NHS number differs by a slip"),
        (known("x", "Jones", "Mary", "", BORN, "4010232137", "HU1 1AA"), "different NHS numbers"),
        (known("x", "Jones", "M", "", BORN), "same date of birth"),
    ],
)
def test_a_likely_pair_is_offered_with_its_reason(other, reason: str) -> None:  # type: ignore[no-untyped-def]
    offer = compare(MARY, other)
    assert offer is not None
    assert reason in offer.reasons
    assert 0 <= offer.alike <= 100


@pytest.mark.parametrize(
    "other",
    [
        known("twin", "Jones", "Gareth", "", BORN, "", "HU1 1AA"),
        known("twin", "Jones", "Gareth", "", BORN, "4010232137", "HU1 1AA"),
        known("namesake", "Jones", "Mary", "", BORN, "4010232137", "LS1 1AA"),
        known("mother", "Jones", "Mary", "", dt.date(1915, 2, 9), "", "HU1 1AA"),
        known("other", "Smith", "Mary", "", BORN),
    ],
)
def test_two_people_are_not_offered_as_one(other) -> None:  # type: ignore[no-untyped-def]
    assert compare(MARY, other) is None


def test_each_block_finds_its_pair_and_a_person_is_not_their_own_duplicate() -> None:
    index = DuplicateIndex([MARY])
    assert index.like(MARY) == ()
    for other in (
        known("x", "Jones", "Mary", "", BORN),
        known("x", "Jones", "Mary", "", dt.date(1940, 1, 5)),
        known("x", "Johnes", "Mary", "", dt.date(1940, 6, 1), "", ""),
        known("x", "Brown", "Ivy", "", dt.date(1950, 1, 1), "9434765919"),
        known("x", "Jones", "Mary", "", None, "", "hu11aa"),
    ):
        assert [offer.person_id for offer in index.like(other)] == ["mary"], other


def test_names_that_sound_alike_share_a_block() -> None:
    for one, other in (("clark", "klark"), ("vaughan", "vaughn"), ("jones", "johns"), ("smith", "smyth")):
        assert name_sound(one) == name_sound(other)
    assert name_sound("") == ""
    assert name_sound("محمد") == "محمد"


def test_pairs_in_the_store_are_listed_once_and_joined_ones_not_at_all(made: Made) -> None:
    from tests.operations.made import NOW
    from wellbeing_desktop.operations.aliases import join_people

    twin = made.person("Jones", "Mary", born_on=BORN)
    made.person("Smith", "Alan", born_on=BORN)
    pairs = possible_duplicates(made.writer)
    assert len(pairs) == 1
    assert {pairs[0][0], pairs[0][1].person_id} == {made.mary, twin}
    join_people(made.writer, made.mary, twin, "same", at=NOW)
    assert possible_duplicates(made.writer) == []
