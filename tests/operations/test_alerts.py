"""Alerts, safety facts and how to get in."""

import datetime as dt

import pytest

from tests.operations.made import NOW, TODAY, Made, made_id
from wellbeing_desktop.domain.alerts import in_force
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.safety import AccessNote, Alert, SafetyFact
from wellbeing_desktop.operations import alerts
from wellbeing_desktop.storage.records import envelope_of


def alert(made: Made, **fields: object) -> Alert:
    values = {
        "kind": "visiting",
        "statement": "Dog loose",
        "what_to_do": "Ring first",
        "source": "District nurse",
        "stated_on": TODAY,
        "review_on": dt.date(2027, 5, 1),
        **fields,
    }
    return Alert(subject=made.mary, **values)


@pytest.mark.capability("C4", "W7")
def test_w7_an_alert_is_raised_where_its_reader_may_see_it(made: Made) -> None:
    id = made_id(alerts.raise_alert(made.writer, alert(made), "card", at=NOW), "alert")
    envelope = envelope_of(made.writer, id)
    assert envelope is not None
    assert envelope.compartment == "card"
    with pytest.raises(Refused):
        alerts.raise_alert(made.writer, alert(made, review_on=None), "card", at=NOW)


def test_replacing_and_ending_leave_history_and_stay_in_place(made: Made) -> None:
    first = made_id(alerts.raise_alert(made.writer, alert(made), "restricted", at=NOW), "alert")
    second = made_id(alerts.replace_alert(made.writer, first, alert(made, statement="Two dogs"), at=NOW), "alert")
    envelope = envelope_of(made.writer, second)
    assert envelope is not None
    assert envelope.compartment == "restricted"
    alerts.end_alert(made.writer, second, "Dogs rehomed", source="Mary", at=NOW)
    assert in_force(made.all(Alert), TODAY) == ()
    assert len(made.all(Alert)) == 3
    with pytest.raises(Refused):
        alerts.replace_alert(made.writer, first, alert(made), at=NOW)


def test_ending_says_why(made: Made) -> None:
    id = made_id(alerts.raise_alert(made.writer, alert(made), "clinical", at=NOW), "alert")
    with pytest.raises(Refused) as refusal:
        alerts.end_alert(made.writer, id, " ", at=NOW)
    assert refusal.value.field == "end_reason"


@pytest.mark.capability("W11")
def test_w11_a_safety_fact_is_typed_dated_and_sourced(made: Made) -> None:
    fact = SafetyFact(
        subject=made.mary, kind="allergy", statement="Penicillin", reaction="Rash", presence="present", source="Mary"
    )
    id = made_id(alerts.record_safety_fact(made.writer, fact, at=NOW), "safety_fact")
    with pytest.raises(Refused):
        alerts.record_safety_fact(made.writer, SafetyFact(subject=made.mary, kind="allergy", statement="x"), at=NOW)
    alerts.change_safety_fact(made.writer, id, {"reaction": "Swelling"}, {"reaction": "Rash"}, at=NOW)
    assert made.one(SafetyFact, id).reaction == "Swelling"


def test_w11_how_to_get_in_is_one_note(made: Made) -> None:
    alerts.record_access_note(made.writer, made.mary, {"instructions": "Side door", "key_safe": "1940"}, at=NOW)
    alerts.record_access_note(made.writer, made.mary, {"key_safe": "1941"}, {"key_safe": "1940"}, at=NOW)
    kept = made.only(AccessNote, subject=made.mary)
    assert (kept.instructions, kept.key_safe) == ("Side door", "1941")
