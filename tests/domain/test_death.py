"""PRACTICE W9: what a death stops, what it asks, and what may still be made."""

import datetime as dt

import pytest

from wellbeing_desktop.domain.care_plan import PlanCopy
from wellbeing_desktop.domain.contact import Appointment
from wellbeing_desktop.domain.death import check_death, has_died, may_make_letter, what_stops
from wellbeing_desktop.domain.document import Letter
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.domain.task import Task

TODAY = dt.date(2026, 11, 20)
DIED = Person(id="p", born_on=dt.date(1940, 1, 1), died_on=dt.date(2026, 11, 1), death_known_by="Daughter rang")


def test_a_death_known_without_its_day_is_a_death() -> None:
    assert has_died(Person(death_known_by="Neighbour"))
    assert has_died(Person(died_on=TODAY))
    assert not has_died(Person())


def test_w9_letters_reminders_and_follow_ups_stop_and_visits_are_asked_about() -> None:
    found = what_stops(
        letters=[
            Letter(id="draft", state="draft"),
            Letter(id="printed", state="printed"),
            Letter(id="sent", state="sent"),
            Letter(id="kin", state="draft", to_kind="next_of_kin"),
            Letter(id="sorry", state="draft", template="bereavement", to_kind="related_person"),
        ],
        appointments=[
            Appointment(id="visit", state="booked", starts_on=dt.date(2026, 12, 1)),
            Appointment(id="past", state="booked", starts_on=dt.date(2026, 11, 1)),
            Appointment(id="gone", state="attended", starts_on=dt.date(2026, 12, 1)),
        ],
        tasks=[
            Task(id="call", state="open", kind="call_back"),
            Task(id="tell", state="open", kind="tell_practice"),
            Task(id="done", state="done", kind="call_back"),
        ],
        copies=[PlanCopy(id="copy", state="owed"), PlanCopy(id="given", state="handed")],
        today=TODAY,
    )
    assert found.letters == ("draft", "printed")
    assert found.ask_to_cancel == ("visit",)
    assert found.tasks == ("call",)
    assert found.copies == ("copy",)


def test_w9_only_a_bereavement_or_next_of_kin_letter_can_be_made() -> None:
    assert may_make_letter(DIED, "next_of_kin", "general") is None
    assert may_make_letter(DIED, "related_person", "bereavement-family") is None
    for to_kind, template in (
        ("person", "invitation"),
        ("person", "bereavement"),
        ("gp", "summary"),
        ("related_person", "general"),
    ):
        stop = may_make_letter(DIED, to_kind, template)
        assert stop is not None
        assert stop.detail == "Daughter rang"
    assert may_make_letter(Person(), "person", "invitation") is None


@pytest.mark.parametrize(
    ("died_on", "known_by", "field"),
    [
        (TODAY + dt.timedelta(days=1), "GP", "died_on"),
        (dt.date(1939, 1, 1), "GP", "died_on"),
        (TODAY, "  ", "death_known_by"),
    ],
)
def test_a_death_that_cannot_be_is_refused_beside_its_field(died_on: dt.date, known_by: str, field: str) -> None:
    with pytest.raises(Refused) as refusal:
        check_death(Person(born_on=dt.date(1940, 1, 1)), died_on, known_by, TODAY)
    assert refusal.value.field == field


def test_a_death_is_recorded_once() -> None:
    with pytest.raises(Refused):
        check_death(DIED, TODAY, "GP", TODAY)
    check_death(Person(), None, "GP", TODAY)
