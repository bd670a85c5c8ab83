"""PRACTICE W20: who is no longer on a list."""

import datetime as dt

from wellbeing_desktop.domain.person import Person, Registration
from wellbeing_desktop.domain.practice_list import is_suspiciously_short, no_longer_on_list, responsible_on


def person(id: str, **more: object) -> Person:
    return Person(id=id, **{"practice_id": "hill", "list_state": "on_list", **more})  # type: ignore[arg-type]


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


def test_w20_the_practice_responsible_on_a_day() -> None:
    entries = [
        Registration(id="1", practice_id="hill", ended_on=dt.date(2026, 6, 30)),
        Registration(id="2", practice_id="vale", started_on=dt.date(2026, 7, 1)),
    ]
    before = responsible_on(entries, dt.date(2026, 6, 30))
    after = responsible_on(entries, dt.date(2026, 7, 1))
    assert before is not None
    assert before.practice_id == "hill"
    assert after is not None
    assert after.practice_id == "vale"
    assert responsible_on([], dt.date(2026, 7, 1)) is None
