"""PRACTICE W20: who is no longer on a list."""

import datetime as dt

from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.domain.practice_list import is_suspiciously_short, no_longer_on_list


def person(id: str, **more: object) -> Person:
    return Person(id=id, **{"practice_id": "hill", "list_state": "on_list", **more})


def test_w20_only_people_who_came_from_this_practices_list_are_moved() -> None:
    people = [
        person("seen"),
        person("gone"),
        person("elsewhere", practice_id="vale"),
        person("ours", list_state="added_here"),
        person("moved already", list_state="not_on_list"),
        person("died", died_on=dt.date(2026, 1, 1)),
    ]
    assert [found.id for found in no_longer_on_list(people, "hill", {"seen"})] == ["gone"]


def test_a_list_cut_short_is_noticed() -> None:
    assert is_suspiciously_short(100, 20)
    assert not is_suspiciously_short(100, 10)
    assert not is_suspiciously_short(10, 10)
    assert not is_suspiciously_short(1000, 30)
