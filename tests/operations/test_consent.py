"""Decisions about sharing, kept and replaced."""

import datetime as dt

import pytest

from tests.operations.made import NOW, TODAY, Made, made_id
from wellbeing_desktop.domain.consent import Consent
from wellbeing_desktop.domain.consent_rules import State, standing
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.operations.consent import record_consent


def decision(made: Made, answer: str, **more: object) -> Consent:
    values = {"purpose": "share_family", "given_by": "person", "given_on": TODAY, **more}
    return Consent(subject=made.mary, decision=answer, **values)


def test_w16_a_later_decision_replaces_the_one_that_stood(made: Made) -> None:
    first = made_id(record_consent(made.writer, decision(made, "agreed"), at=NOW), "consent")
    record_consent(made.writer, decision(made, "objected"), at=NOW)
    both = made.all(Consent)
    assert both[1].supersedes == first
    assert standing(both, "share_family", "", TODAY).state is State.OBJECTED


def test_decisions_about_different_recipients_stand_side_by_side(made: Made) -> None:
    record_consent(made.writer, decision(made, "agreed", recipient="daughter"), at=NOW)
    record_consent(made.writer, decision(made, "objected", recipient="son"), at=NOW)
    assert [one.supersedes for one in made.all(Consent)] == ["", ""]


def test_w16_an_attorney_without_a_document_is_refused(made: Made) -> None:
    with pytest.raises(Refused):
        record_consent(made.writer, decision(made, "agreed", given_by="attorney", given_by_name="Ann"), at=NOW)
    with pytest.raises(Refused):
        record_consent(made.writer, decision(made, "agreed", given_on=TODAY + dt.timedelta(days=1)), at=NOW)
    assert made.all(Consent) == []
