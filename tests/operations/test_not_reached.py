"""Not getting through: counted, with what follows the last attempt (PRACTICE W15)."""

import datetime as dt
import json

import pytest

from tests.operations.made import NOW, TODAY, Made
from wellbeing_desktop.domain.contact import Contact
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.organisation import Setting
from wellbeing_desktop.domain.person import ContactPoint
from wellbeing_desktop.domain.safety import Alert
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.domain.work_rules import ATTEMPTS_SETTING, CLINICIAN_SETTING, PATHWAY_SETTING
from wellbeing_desktop.operations.contacts import record_contact
from wellbeing_desktop.operations.not_reached import (
    STEPS,
    attempts_allowed,
    pathway,
    record_attempt,
    standing,
)
from wellbeing_desktop.operations.people import record_death
from wellbeing_desktop.operations.settings import change_setting
from wellbeing_desktop.storage.records import load_all
from wellbeing_desktop.storage.write_door import transaction

HOUR = dt.timedelta(hours=1)


def attempt(made: Made, hours: int, outcome: str = "no_answer", **how: str) -> None:
    at = NOW + hours * HOUR
    contact = Contact(subject=made.mary, happened_at=at, medium="02", direction="out", outcome=outcome)
    record_attempt(made.writer, contact, step=how.get("step", ""), at=at)


def alerted(made: Made) -> None:
    with transaction(made.writer, "raise_alert", at=NOW) as tx:
        alert = Alert(
            subject=made.mary,
            kind="other",
            statement="x",
            what_to_do="y",
            source="z",
            stated_on=TODAY,
            review_on=TODAY + dt.timedelta(days=90),
        )
        tx.create(alert, "clinical")


def test_attempts_are_counted_until_somebody_is_reached(made: Made) -> None:
    attempt(made, 0)
    attempt(made, 1, "wrong_number")
    now = standing(made.writer, made.mary, TODAY)
    assert ([one.outcome for one in now.tries], now.attempts, now.is_last) == (["no_answer", "wrong_number"], 3, True)
    record_contact(
        made.writer,
        Contact(subject=made.mary, happened_at=NOW + 2 * HOUR, medium="02", direction="in", outcome="spoke"),
        at=NOW + 2 * HOUR,
    )
    assert standing(made.writer, made.mary, TODAY).tries == ()


@pytest.mark.parametrize("step", STEPS)
def test_each_step_after_the_last_is_made_with_the_attempt(made: Made, step: str) -> None:
    attempt(made, 0, step=step)
    task = made.only(Task)
    assert (task.title, task.kind, task.due_on, task.state) == (STEPS[step].task, STEPS[step].kind, TODAY, "open")
    assert task.owner_id


def from_elsewhere(made: Made, key: str, value: object) -> None:
    """A value that this version would refuse, as another one wrote it."""
    [kept] = load_all(made.writer, Setting, key=key)
    with transaction(made.writer, "change_setting", at=NOW) as tx:
        tx.change(Setting, kept.id, {"value": json.dumps(value)})


def test_how_many_and_which_steps_are_the_services_own(made: Made) -> None:
    change_setting(made.writer, ATTEMPTS_SETTING, 5, at=NOW)
    change_setting(made.writer, PATHWAY_SETTING, ["welfare_check", "letter", "letter"], at=NOW)
    assert attempts_allowed(made.writer) == 5
    assert pathway(made.writer) == ("welfare_check", "letter")
    with pytest.raises(Refused, match="steps of this service"):
        attempt(made, 0, step="ask_gp")
    for unusable in (0, True, "three", 500):
        from_elsewhere(made, ATTEMPTS_SETTING, unusable)
        assert attempts_allowed(made.writer) == 3
    from_elsewhere(made, PATHWAY_SETTING, ["moon"])
    assert pathway(made.writer) == tuple(STEPS)


def test_no_message_is_left_where_nobody_said_that_one_may_be(made: Made) -> None:
    with pytest.raises(Refused, match="may be left"):
        attempt(made, 0, "message_left")
    with transaction(made.writer, "add_contact_point", at=NOW) as tx:
        point = tx.create(ContactPoint(subject=made.mary, medium="mobile", value="+447700900123"))
    with pytest.raises(Refused, match="Nobody has asked"):
        attempt(made, 0, "message_left")
    with transaction(made.writer, "change_contact_point", at=NOW) as tx:
        tx.change(ContactPoint, point, {"safe_to_leave_message": True})
    attempt(made, 0, "message_left")
    assert len(standing(made.writer, made.mary, TODAY).tries) == 1


def test_with_an_alert_the_last_goes_to_the_named_clinician_once_and_closes_by_hand_alone(made: Made) -> None:
    change_setting(made.writer, CLINICIAN_SETTING, "dr-shah", at=NOW)
    alerted(made)
    attempt(made, 0)
    attempt(made, 1)
    assert made.all(Task) == []
    attempt(made, 2)
    attempt(made, 3)
    task = made.only(Task)
    assert (task.owner_id, task.urgent, task.state) == ("dr-shah", True, "open")
    record_contact(
        made.writer,
        Contact(subject=made.mary, happened_at=NOW + 4 * HOUR, medium="02", direction="out", outcome="spoke"),
        at=NOW + 4 * HOUR,
    )
    record_death(made.writer, made.mary, died_on=TODAY, known_by="The practice", at=NOW + 5 * HOUR)
    assert made.only(Task).state == "open"


def test_without_a_named_clinician_or_a_lead_it_stays_with_whoever_tried(made: Made) -> None:
    alerted(made)
    for hours in range(3):
        attempt(made, hours)
    assert made.only(Task).owner_id


def test_an_attempt_is_one_that_reached_nobody(made: Made) -> None:
    with pytest.raises(Refused, match="how it went"):
        attempt(made, 0, "spoke")
