"""Two records of one person."""

import pytest

from tests.operations.made import NOW, Made
from wellbeing_desktop.domain.correction import Alias
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.operations.aliases import (
    final_survivor,
    join_people,
    joins_of,
    survivor_of,
    take_people_apart,
)


def test_joining_makes_an_alias_in_both_records_and_ending_it_undoes_it(made: Made) -> None:
    twin = made.person("Jones", "Mary")
    join_people(made.writer, made.mary, twin, "Same NHS number", at=NOW)
    assert {alias.subject for alias in made.all(Alias)} == {made.mary, twin}
    assert survivor_of(made.writer) == {twin: made.mary}
    assert joins_of(made.writer, twin)[0].survivor_id == made.mary
    take_people_apart(made.writer, made.mary, twin, at=NOW)
    assert survivor_of(made.writer) == {}
    with pytest.raises(Refused):
        take_people_apart(made.writer, made.mary, twin, at=NOW)


def test_what_cannot_be_joined_is_refused(made: Made) -> None:
    twin, other = made.person("Jones", "Mary"), made.person("Jones", "Marie")
    for survivor, vanished, reason in (
        (made.mary, made.mary, "same"),
        (made.mary, twin, ""),
        (made.mary, "unknown", "same"),
    ):
        with pytest.raises(Refused):
            join_people(made.writer, survivor, vanished, reason, at=NOW)
    join_people(made.writer, made.mary, twin, "same", at=NOW)
    with pytest.raises(Refused, match="joined to another"):
        join_people(made.writer, other, twin, "same", at=NOW)
    with pytest.raises(Refused, match="other way round"):
        join_people(made.writer, twin, made.mary, "same", at=NOW)


def test_joins_of_joins_end_at_one_record_even_in_a_ring() -> None:
    assert final_survivor({"c": "b", "b": "a"}, "c") == "a"
    ring = {"a": "b", "b": "a"}
    assert final_survivor(ring, "a") == final_survivor(ring, "b") == "a"
