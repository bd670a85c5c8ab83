"""PRACTICE W16 and W17."""

import datetime as dt

import pytest

from wellbeing_desktop.domain.consent import Consent
from wellbeing_desktop.domain.consent_rules import (
    Override,
    Standing,
    State,
    check_consent,
    may_be_told,
    may_share,
    standing,
)
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.person import RelatedPerson

TODAY = dt.date(2026, 11, 20)


def decision(id: str, decision: str, **more: object) -> Consent:
    values = {"purpose": "share_family", "given_by": "person", "given_on": dt.date(2026, 1, 1), **more}
    return Consent(id=id, subject="mary", decision=decision, **values)


def test_w16_nothing_recorded_is_not_recorded_and_never_refused() -> None:
    found = standing([], "share_family", "daughter", TODAY)
    assert found.state is State.NOT_RECORDED
    assert found.label == "Not recorded"
    for purpose in ("share_professionals", "share_family", "photograph"):
        assert "refused" not in may_share(purpose, found).sentence.lower()


@pytest.mark.capability("D1", "W16")
def test_w16_professionals_go_ahead_unless_objected_and_others_need_agreement() -> None:
    nothing = Standing(State.NOT_RECORDED)
    assert may_share("share_professionals", nothing).allowed
    for purpose in ("share_family", "share_organisation", "photograph", "story", "a-purpose-of-tomorrow"):
        answer = may_share(purpose, nothing)
        assert not answer.allowed
        assert answer.needs_override
    objected = Standing(State.OBJECTED)
    assert not may_share("share_professionals", objected).allowed
    assert may_share("photograph", Standing(State.AGREED)).allowed


@pytest.mark.capability("D1", "W16")
def test_w16_danger_or_law_overrides_with_one_reasoned_step() -> None:
    objected = Standing(State.OBJECTED)
    answer = may_share("share_professionals", objected, Override("danger", "Said they would harm themselves tonight"))
    assert answer.allowed
    for bad in (
        Override("danger", ""),
        Override("danger", "needed"),
        Override("convenience", "it is quicker this way"),
    ):
        with pytest.raises(Refused):
            may_share("share_professionals", objected, bad)


def test_the_newest_decision_is_the_one_that_nothing_replaces() -> None:
    agreed = decision("1", "agreed")
    objected = decision("2", "objected", supersedes="1", given_on=dt.date(2026, 2, 1))
    assert standing([agreed, objected], "share_family", "", TODAY).state is State.OBJECTED
    assert standing([objected, agreed], "share_family", "", TODAY).state is State.OBJECTED


def test_two_live_decisions_clash_and_the_objection_holds_meanwhile() -> None:
    found = standing([decision("1", "agreed", given_on=TODAY), decision("2", "objected")], "share_family", "", TODAY)
    assert found.clashes
    assert found.state is State.OBJECTED
    assert [head.id for head in found.heads] == ["2", "1"]


def test_a_decision_about_this_recipient_counts_before_one_about_all() -> None:
    both = [decision("1", "agreed"), decision("2", "objected", recipient="brother")]
    assert standing(both, "share_family", "brother", TODAY).state is State.OBJECTED
    assert standing(both, "share_family", "daughter", TODAY).state is State.AGREED


def test_agreement_runs_out_and_an_objection_does_not() -> None:
    past = dt.date(2026, 6, 1)
    assert standing([decision("1", "agreed", expires_on=past)], "share_family", "", TODAY).state is State.NOT_RECORDED
    assert standing([decision("1", "agreed", expires_on=TODAY)], "share_family", "", TODAY).state is State.AGREED
    assert standing([decision("1", "objected", expires_on=past)], "share_family", "", TODAY).state is State.OBJECTED


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"purpose": ""}, "purpose"),
        ({"given_by": ""}, "given_by"),
        ({"given_on": None}, "given_on"),
        ({"given_on": TODAY + dt.timedelta(days=1)}, "given_on"),
        ({"expires_on": dt.date(2025, 1, 1)}, "expires_on"),
        ({"given_by": "parent"}, "given_by_name"),
        ({"given_by": "attorney", "given_by_name": "Ann Jones"}, "document_seen"),
    ],
)
def test_w16_a_decision_says_who_gave_it_and_an_attorney_shows_the_document(
    more: dict[str, object], field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        check_consent(decision("1", "agreed", **more), TODAY)
    assert refusal.value.field == field


def test_a_whole_decision_stands() -> None:
    check_consent(decision("1", "agreed"), TODAY)
    check_consent(
        decision("1", "objected", given_by="deputy", given_by_name="A", document_seen="Court order 12"), TODAY
    )
    with pytest.raises(Refused):
        check_consent(decision("1", "maybe"), TODAY)


@pytest.mark.capability("A4", "D3", "W17")
def test_w17_may_i_tell_the_daughter() -> None:
    daughter = RelatedPerson(name="Ann", may_be_told="visit times, equipment", not_to_be_told="mental health.")
    assert may_be_told(daughter) == (
        "May be told: visit times, equipment. Not: mental health. You may listen to anyone."
    )
    for related in (RelatedPerson(), RelatedPerson(may_be_told="x"), RelatedPerson(not_to_be_told="x"), daughter):
        assert may_be_told(related).endswith("You may listen to anyone.")
    assert "Ask the person first" in may_be_told(RelatedPerson())
