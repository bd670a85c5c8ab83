"""A concern is raised at once, somebody is found, and it is not closed without an outcome."""

import datetime as dt

import pytest

from tests.operations.made import NOW, Made, made_id
from wellbeing_desktop.domain.concern import Concern, ConcernStep
from wellbeing_desktop.domain.enquiry import Enquiry
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.operations import concerns
from wellbeing_desktop.operations.settings import change_setting
from wellbeing_desktop.storage.grants import user_of

LATER = NOW + dt.timedelta(minutes=20)


def raised(made: Made, path: str = "adult", **fields: object) -> str:
    concern = Concern(subject=made.mary, path=path, words="Money is missing again", **fields)
    return made_id(concerns.raise_concern(made.writer, concern, at=NOW), "concern")


def test_a_concern_needs_nothing_but_its_path_and_asks_its_raiser_to_see_it_through(made: Made) -> None:
    id = raised(made)
    concern = made.one(Concern, id)
    assert (concern.state, concern.raised_by) == ("open", user_of(made.writer))
    assert concern.respond_by == NOW + dt.timedelta(minutes=15)
    task = made.only(Task, about_id=id)
    assert task.urgent
    assert "concern" not in task.title.lower()
    with pytest.raises(Refused, match="adult, a child"):
        raised(made, "")


@pytest.mark.capability("D4")
def test_the_next_in_the_chain_is_tried_when_one_does_not_answer(made: Made) -> None:
    chain = [{"role": "Named lead", "name": "Sam"}, {"role": "Deputy", "name": "Jo", "telephone": "01632 960002"}]
    change_setting(made.writer, "escalation.chain", chain, at=NOW)
    change_setting(made.writer, "escalation.minutes", 10, at=NOW)
    id = raised(made)
    first = concerns.escalation_of(made.writer, id)
    assert first.following is not None
    assert (first.following.name, first.is_due(NOW)) == ("Sam", True)
    step = ConcernStep(concern_id=id, kind="call_lead", tried="Sam", answered=False)
    concerns.add_step(made.writer, step, at=NOW)
    second = concerns.escalation_of(made.writer, id)
    assert second.following is not None
    assert (second.following.name, second.try_at) == ("Jo", NOW + dt.timedelta(minutes=10))
    assert not second.is_due(NOW + dt.timedelta(minutes=9))
    answered = ConcernStep(concern_id=id, kind="call_deputy", tried="Jo", answered=True)
    concerns.add_step(made.writer, answered, at=LATER)
    assert concerns.escalation_of(made.writer, id).answered_by == "Jo"
    assert made.one(Concern, id).state == "open"  # answering is not taking
    concerns.take_concern(made.writer, id, at=LATER)
    assert made.one(Concern, id).state == "with_lead"


@pytest.mark.capability("D4", "W12")
def test_an_adult_concern_is_closed_with_the_three_questions_consent_and_an_outcome(made: Made) -> None:
    id = raised(made, abuse_types=("financial",))
    with pytest.raises(Refused, match="section 42"):
        concerns.close_concern(made.writer, id, "lead_advice", "Bank rung", at=LATER)
    answers = {"has_care_needs": "yes", "at_risk_of_abuse": "yes", "cannot_protect_self": "unsure"}
    concerns.change_concern(made.writer, id, answers, at=LATER)
    with pytest.raises(Refused, match="has not agreed"):
        concerns.close_concern(made.writer, id, "lead_advice", "Bank rung", at=LATER)
    concerns.change_concern(made.writer, id, {"consent": "agreed"}, at=LATER)
    with pytest.raises(Refused, match="without an outcome"):
        concerns.close_concern(made.writer, id, "", "Bank rung", at=LATER)
    concerns.close_concern(made.writer, id, "lead_advice", "Bank rung with Mary", at=LATER)
    assert made.one(Concern, id).state == "closed"
    assert made.only(Task, about_id=id).state == "done"
    concerns.reopen_concern(made.writer, id, at=LATER)
    assert made.one(Concern, id).outcome == "lead_advice"


@pytest.mark.capability("D4", "W12")
def test_a_child_concern_asks_about_categories_and_parents(made: Made) -> None:
    id = raised(made, "child", child_categories=("neglect",))
    with pytest.raises(Refused, match="parents"):
        concerns.close_concern(made.writer, id, "referred_council", "Told the council", at=LATER)


def test_a_chain_that_cannot_be_read_is_nobody_and_says_so(made: Made) -> None:
    change_setting(made.writer, "escalation.chain", "ring Sam", at=NOW)
    id = raised(made)
    assert concerns.escalation_of(made.writer, id).following is None


def test_a_call_about_somebody_at_risk_makes_the_enquiry_the_concern_and_its_steps_as_one(made: Made) -> None:
    enquiry = Enquiry(medium="02", received_at=NOW, words="On the bridge", urgent=True)
    concern = Concern(path="at_risk_now", raised_at=NOW, where_now="On the bridge")
    step = ConcernStep(kind="call_999", at=NOW)
    changes = concerns.raise_from_call(made.writer, enquiry, concern, (step,), at=LATER)
    kept = made.one(Concern, made_id(changes, "concern"))
    assert (kept.state, kept.raised_at) == ("open", NOW)
    assert made.one(Enquiry, kept.enquiry_id).subject == kept.subject
    assert made.one(Person, kept.subject).unidentified
    assert made.only(ConcernStep, concern_id=kept.id).at == NOW


def test_a_call_that_ended_well_is_closed_with_its_outcome_and_never_without_words(made: Made) -> None:
    enquiry = Enquiry(subject=made.mary, medium="02", received_at=NOW)
    half = Concern(path="at_risk_now", outcome="person_safe")
    with pytest.raises(Refused, match="what came of it"):
        concerns.raise_from_call(made.writer, enquiry, half, at=NOW)
    whole = Concern(path="at_risk_now", outcome="person_safe", outcome_words="Her sister came")
    kept = made_id(concerns.raise_from_call(made.writer, enquiry, whole, at=NOW), "concern")
    assert made.one(Concern, kept).state == "closed"


def test_the_call_is_finished_with_its_concern_where_that_is_wanted(made: Made) -> None:
    enquiry = Enquiry(subject=made.mary, medium="02", received_at=NOW)
    about = Concern(path="at_risk_now", outcome="person_safe", outcome_words="Her sister came")
    concerns.raise_from_call(made.writer, enquiry, about, finish_call=True, at=NOW)
    assert made.only(Enquiry).state == "finished"
    later = Concern(path="at_risk_now")
    changes = concerns.raise_from_call(made.writer, enquiry, later, at=NOW)
    id = made_id(changes, "concern")
    call = concerns.call_of(made.writer, id)
    assert call is not None
    concerns.close_concern(made.writer, id, "person_safe", "Seen", finish_call=True, at=LATER)
    assert made.one(Enquiry, call.id).state == "finished"
    assert concerns.call_of(made.writer, id) is None


def test_the_crisis_line_is_not_made_up_and_999_cannot_be_set_away(made: Made) -> None:
    usual = concerns.script(made.writer)
    assert [line.telephone for line in usual] == ["999", "111", ""]
    change_setting(made.writer, "risk.script", [{"step": "call_crisis", "words": "Crisis team"}], at=NOW)
    assert [line.telephone for line in concerns.script(made.writer)] == ["999", ""]
    change_setting(made.writer, "risk.script", "ring somebody", at=NOW)
    assert concerns.script(made.writer) == usual
