"""From a referral that came to somebody who has it: triage, priority, replies, allocation, waiting."""

import datetime as dt
from typing import Any

import pytest

from tests.operations.made import NOW, TODAY, Made, made_id
from wellbeing_desktop.domain.consent import Consent
from wellbeing_desktop.domain.contact import Contact
from wellbeing_desktop.domain.document import Letter
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.organisation import Practitioner
from wellbeing_desktop.domain.person import Address, Person
from wellbeing_desktop.domain.referral import Episode, Referral
from wellbeing_desktop.domain.screening import Screening
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.domain.training import Training
from wellbeing_desktop.domain.triage_form import form_text, shipped_forms
from wellbeing_desktop.operations import allocation, referrals, tasks, triage, waiting_list
from wellbeing_desktop.operations.consent import record_consent
from wellbeing_desktop.operations.settings import change_setting
from wellbeing_desktop.storage import workload
from wellbeing_desktop.storage.write_door import transaction

WHOLE = {"danger": "no", "within": "month", "knows": "yes"}


def received(made: Made, **fields: Any) -> str:
    values = {
        "received_on": TODAY,
        "source": "gp",
        "reason": "01",
        "urgency": "routine",
        "referrer_name": "Dr Patel",
        "referrer_contact": "01724 000000",
        "subject": made.mary,
        **fields,
    }
    return made_id(referrals.receive_referral(made.writer, Referral(**values), at=NOW), "referral")


def colleague(made: Made, name: str, **fields: Any) -> str:
    with transaction(made.writer, "register_person", at=NOW) as tx:
        return tx.create(Practitioner(name=name, is_user=True, **fields))


def asks_the_example(made: Made) -> None:
    triage.use_form(made.writer, "example", "1", at=NOW)


def accepted(made: Made, **more: Any) -> tuple[str, str]:
    id = received(made, **{key: more.pop(key) for key in ("subject", "source") if key in more})
    referrals.accept_referral(made.writer, id, at=NOW, **more)
    return id, made.only(Episode, referral_id=id).id


def test_without_a_form_in_use_nothing_is_missing(made: Made) -> None:
    id = received(made, reason="")
    assert made.one(Referral, id).state == "new"
    assert triage.missing_of(made.writer, made.one(Referral, id)) == ()


@pytest.mark.capability("B1", "B2")
def test_a_referral_without_the_minimum_data_set_is_kept_says_what_is_missing_and_is_not_accepted(made: Made) -> None:
    asks_the_example(made)
    id = received(made, reason="")
    assert made.one(Referral, id).state == "incomplete"
    with pytest.raises(Refused, match=r"Missing: the reason; the triage form\."):
        referrals.accept_referral(made.writer, id, practitioner_id="bo", at=NOW)
    referrals.complete_referral(made.writer, id, {"reason": "01"}, at=NOW)
    assert made.one(Referral, id).state == "new"
    with pytest.raises(Refused, match=r"Missing: the triage form\."):
        referrals.accept_referral(made.writer, id, practitioner_id="bo", at=NOW)
    triage.take_screening(made.writer, id, {"danger": "no", "within": "today"}, at=NOW)
    assert made.one(Referral, id).state == "incomplete"
    assert triage.missing_of(made.writer, made.one(Referral, id)) == (
        "an answer to “What makes it today, in the referrer's words?”",
        "an answer to “Does the person know about this referral?”",
    )
    triage.take_screening(made.writer, id, WHOLE, at=NOW)
    assert made.one(Referral, id).state == "new"
    referrals.accept_referral(made.writer, id, practitioner_id="bo", at=NOW)
    assert made.one(Referral, id).state == "accepted"


@pytest.mark.capability("B2", "W14")
def test_the_form_suggests_and_a_named_person_signs_with_a_reason_for_less(made: Made) -> None:
    asks_the_example(made)
    id = received(made, urgency="urgent")
    triage.take_screening(made.writer, id, WHOLE, at=NOW)
    referral = made.one(Referral, id)
    assert (referral.suggested_priority, referral.priority) == ("urgent", "")
    with pytest.raises(Refused, match="The form suggests Urgent") as refused:
        triage.sign_priority(made.writer, id, "routine", at=NOW)
    assert refused.value.field == "priority_reason"
    triage.sign_priority(made.writer, id, "routine", "Spoke with the surgery today", at=NOW)
    referral = made.one(Referral, id)
    assert (referral.priority, referral.priority_signed_at) == ("routine", NOW)
    assert referral.priority_signed_by
    triage.sign_priority(made.writer, id, "same_day", at=NOW)
    assert made.one(Referral, id).priority == "same_day"


def test_a_red_flag_is_kept_with_what_was_done_and_a_colleagues_answers_are_not_replaced_unseen(made: Made) -> None:
    asks_the_example(made)
    id = received(made)
    triage.take_screening(made.writer, id, {"danger": "yes"}, at=NOW)
    first = made.only(Screening, referral_id=id)
    assert (first.flags, first.suggested_priority) == (("danger",), "same_day")
    with pytest.raises(Refused, match="A colleague has filled in"):
        triage.take_screening(made.writer, id, WHOLE, replaces=(), at=NOW)
    triage.take_screening(
        made.writer, id, {**WHOLE, "danger": "yes"}, followed="Rang 999 at 14:05", replaces=(first.id,), at=NOW
    )
    standing = triage.triage_of(made.writer, made.one(Referral, id))
    assert [one.followed for one in standing.screenings] == ["Rang 999 at 14:05"]
    assert standing.priority == "same_day"


def test_a_form_of_our_own_comes_in_once_by_version_and_old_answers_keep_their_words(made: Made) -> None:
    asks_the_example(made)
    id = received(made)
    triage.take_screening(made.writer, id, WHOLE, at=NOW)
    example = form_text(shipped_forms()[0])
    with pytest.raises(Refused, match="here already"):
        triage.import_form(made.writer, example, at=NOW)
    triage.import_form(made.writer, example.replace('"version":"1"', '"version":"2"'), at=NOW)
    triage.use_form(made.writer, "example", "2", at=NOW)
    standing = triage.triage_of(made.writer, made.one(Referral, id))
    assert standing.form is not None
    assert standing.form.version == "2"
    assert [form.version for form in standing.read_with.values()] == ["1"]
    assert standing.missing == ()


@pytest.mark.capability("B4", "W21")
def test_accepting_and_declining_draft_the_reply_that_the_referrer_may_have(made: Made) -> None:
    id, _episode = accepted(made, practitioner_id="bo", reply=True)
    letter = made.one(Letter, made.one(Referral, id).reply_letter_id)
    assert (letter.state, letter.to_kind, letter.to_name) == ("draft", "referrer", "Dr Patel")
    assert "We have accepted it" in letter.body
    ann = made.person("Leach", "Ann", address=Address(line1="1 High Street", postcode="DN18 5JD"))
    other = received(made, subject=ann)
    referrals.decline_referral(made.writer, other, reason="out_of_area", reply=True, at=NOW)
    assert "lives outside our area" in made.one(Letter, made.one(Referral, other).reply_letter_id).body


@pytest.mark.capability("B4", "W21")
@pytest.mark.parametrize("source", ["family", "voluntary", "other", "not_known"])
def test_family_and_neighbours_get_received_thank_you_alone_unless_the_person_agreed(made: Made, source: str) -> None:
    id = received(made, source=source, referrer_name="Helen Leach")
    referrals.thank_referrer(made.writer, id, at=NOW)
    referrals.accept_referral(made.writer, id, practitioner_id="bo", reply=True, at=NOW)
    (letter,) = made.all(Letter)
    assert (letter.template, letter.to_kind, letter.to_name) == ("thank-you", "related_person", "Helen Leach")
    assert "Jones" not in letter.body
    assert "accept" not in letter.body
    assert made.one(Referral, id).reply_letter_id == ""


def test_with_the_persons_agreement_family_hears_what_was_decided(made: Made) -> None:
    agreed = Consent(subject=made.mary, purpose="share_family", decision="agreed", given_by="person", given_on=TODAY)
    record_consent(made.writer, agreed, at=NOW)
    id, _episode = accepted(made, source="family", practitioner_id="bo", reply=True)
    assert made.one(Letter, made.one(Referral, id).reply_letter_id).template == "referral-decision"


def test_an_unsafe_address_stops_the_letter_and_never_the_decision(made: Made) -> None:
    id = received(made, source="self")
    referrals.decline_referral(made.writer, id, reason="02", reply=True, at=NOW)
    assert made.one(Referral, id).state == "declined"
    assert made.all(Letter) == []


def test_a_referral_goes_to_a_role_first_and_then_to_a_person_with_the_support(made: Made) -> None:
    bo = colleague(made, "Bo")
    id, episode = accepted(made)
    assert made.one(Person, made.mary).coordinator_id == ""
    allocation.allocate_referral(made.writer, id, role="Link worker", at=NOW)
    assert made.one(Referral, id).allocated_role == "Link worker"
    allocation.allocate_referral(made.writer, id, practitioner_id=bo, at=NOW)
    assert made.one(Episode, episode).practitioner_id == bo
    assert made.one(Person, made.mary).coordinator_id == bo
    with pytest.raises(Refused, match="Choose a person or a role"):
        allocation.allocate_referral(made.writer, id, at=NOW)


@pytest.mark.capability("B3")
def test_who_could_take_it_stands_in_the_stated_order_with_reasons(made: Made) -> None:
    change_setting(made.writer, allocation.TRAINING_SETTING, ["Induction"], at=NOW)
    near = colleague(made, "Near", districts=("DN18",))
    busy = colleague(made, "Busy", districts=("DN18",))
    speaks = colleague(made, "Speaks", languages=("Polish",))
    untrained = colleague(made, "Untrained", districts=("DN18",), languages=("Polish",))
    for one in (near, busy, speaks):
        allocation.record_training(
            made.writer, Training(subject=one, kind="induction", done_on=TODAY - dt.timedelta(days=9)), at=NOW
        )
    accepted(made, practitioner_id=busy)
    tasks.add_task(made.writer, Task(subject=made.mary, title="Call", owner_id=busy, due_on=TODAY), at=NOW)
    ann = made.person("Leach", "Ann", language="polish", address=Address(line1="1 High Street", postcode="dn18 5jd"))
    id, _episode = accepted(made, subject=ann)
    found = allocation.who_could_take(made.writer, made.one(Referral, id), TODAY)
    ours = [one for one in found if one.practitioner_id in (near, busy, speaks, untrained)]
    assert [one.name for one in ours] == ["Near", "Busy", "Speaks", "Untrained"]
    assert ours[1].reasons == ("Works in DN18", "1 person, 1 task due")
    assert ours[2].reasons == ("No area recorded", "Speaks polish", "0 people, 0 tasks due")
    assert ours[3].reasons[0] == "Training not in date: Induction"
    with pytest.raises(Refused, match="Training is not in date: Induction"):
        allocation.allocate_referral(made.writer, id, practitioner_id=untrained, at=NOW)
    allocation.allocate_referral(
        made.writer, id, practitioner_id=untrained, although="Works beside Near this month", at=NOW
    )
    assert made.one(Referral, id).allocation_reason == "Works beside Near this month"


def test_every_count_of_work_is_the_length_of_its_list(made: Made) -> None:
    bo, ada = colleague(made, "Bo"), colleague(made, "Ada")
    for number in range(3):
        accepted(made, subject=made.person(f"Jones{number}", "Mary"), practitioner_id=bo)
        due = TODAY + dt.timedelta(days=number - 1)
        tasks.add_task(made.writer, Task(subject=made.mary, title="Call", owner_id=bo, due_on=due), at=NOW)
    loads = workload.loads(made.writer, TODAY)
    for who in (bo, ada):
        load = loads.get(who, workload.Load())
        assert load.people == len(workload.supported(made.writer, who))
        assert load.tasks == len(workload.tasks_due(made.writer, who, TODAY))
    assert loads[bo] == workload.Load(3, 2)


@pytest.mark.capability("B5")
def test_somebody_waits_with_check_ins_until_support_begins(made: Made) -> None:
    change_setting(made.writer, waiting_list.WEEKS_SETTING, 2, at=NOW)
    _id, episode = accepted(made, practitioner_id="bo", waits=True)
    assert made.one(Episode, episode).check_in_due_on == TODAY + dt.timedelta(weeks=2)
    later = NOW + dt.timedelta(weeks=2)
    waiting_list.check_in(made.writer, episode, "no_answer", at=later)
    assert made.one(Episode, episode).check_in_due_on == later.date() + dt.timedelta(days=7)
    waiting_list.check_in(made.writer, episode, "spoke", "Managing, daughter visits", at=later)
    assert made.one(Episode, episode).check_in_due_on == later.date() + dt.timedelta(weeks=2)
    assert sorted(one.outcome for one in made.all(Contact, episode_id=episode)) == ["no_answer", "spoke"]
    waiting_list.start_support(made.writer, episode, at=later)
    begun = made.one(Episode, episode)
    assert (begun.waiting_since, begun.started_on, begun.check_in_due_on) == (TODAY, later.date(), None)
    with pytest.raises(Refused, match="not on the waiting list"):
        waiting_list.check_in(made.writer, episode, "spoke", at=later)
    waiting_list.put_on_waiting_list(made.writer, episode, at=later)
    assert waiting_list.is_waiting(made.one(Episode, episode))
