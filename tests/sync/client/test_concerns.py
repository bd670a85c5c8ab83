"""Concerns, safety answers and the service's own files between laptops, role by role (W6, W12, W19)."""

import datetime as dt

import pytest

from tests.sync.client.practice import Laptop, Member, Practice
from wellbeing_desktop.domain.concern import Concern, ConcernChild, ConcernStep
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.operation import OperationKind
from wellbeing_desktop.domain.organisation import Grant
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.domain.service_file import Complaint
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.operations import assessments, concerns, household, service_files
from wellbeing_desktop.operations.people import register_person
from wellbeing_desktop.operations.watching import words_of
from wellbeing_desktop.storage.concerns import answers_waiting, open_concerns, without_outcome
from wellbeing_desktop.storage.service_files import service_files as listed_files
from wellbeing_desktop.sync.client.session import utc_now


def today() -> dt.date:
    return utc_now().date()


def named_for_restricted(practice: Practice, member: Member) -> Member:
    grant = Grant(id=member.grant_id, subject=member.id)
    practice.write_as_server(OperationKind.CHANGE, grant, "card", compartments={"add": ["restricted"], "remove": []})
    return member


@pytest.fixture
def service(practice: Practice) -> tuple[Laptop, Laptop, Laptop]:
    """The raiser, the lead whom a grant names, and another colleague."""
    raiser = practice.laptop(practice.member("Ann"))
    lead = practice.laptop(named_for_restricted(practice, practice.member("Lee")))
    other = practice.laptop(practice.member("Bob"))
    for laptop in (raiser, lead, other):
        laptop.synced()
    return raiser, lead, other


def person(raiser: Laptop, *others: Laptop) -> str:
    id = new_id()
    raiser.store.write(lambda w: register_person(w, Person(id=id, family_name="Jones", given_name="Mary")))
    for laptop in (raiser, *others, raiser):
        laptop.synced()
    return id


@pytest.mark.capability("D4")
def test_a_concern_reaches_those_who_are_named_and_nobody_else(service: tuple[Laptop, Laptop, Laptop]) -> None:
    raiser, lead, other = service
    mary = person(raiser, lead, other)
    concern = Concern(id=new_id(), subject=mary, path="child", words="Bruises on the arm")
    raiser.store.write(lambda w: concerns.raise_concern(w, concern, (ConcernStep(kind="call_lead"),)))
    assert raiser.store.read(lambda r: words_of(r, concern.id)).startswith("Not yet watched by anyone. ")
    child = ConcernChild(concern_id=concern.id, name="Tom Jones", born_on=dt.date(2019, 3, 1))
    raiser.store.write(lambda w: household.name_child(w, child))
    for laptop in (raiser, lead, other):
        laptop.synced()
    assert lead.store.read(lambda r: words_of(r, concern.id)) == ""
    assert lead.load(Concern, concern.id).words == "Bruises on the arm"
    assert [one.name for one in lead.all(ConcernChild)] == ["Tom Jones"]
    for kind in (Concern, ConcernStep, ConcernChild):
        assert other.all(kind) == []
    assert other.store.read(lambda r: open_concerns(r, today())) == ()
    assert [task.title for task in other.all(Task)] == ["See through what was raised today"]
    lead.store.write(lambda w: concerns.take_concern(w, concern.id))
    for laptop in (lead, raiser, other):
        laptop.synced()
    # whoever raised it sees that it is kept and that their task stands, whatever of it this laptop may still hold
    for row in raiser.store.read(lambda r: open_concerns(r, today())):
        assert not row.may_read
    (task,) = raiser.all(Task, about_id=concern.id)
    assert task.state == "open"
    assert raiser.store.read(lambda r: concerns.was_raised(r, concern.id))
    # and learns from the task that it ended, though nothing of the concern reaches them any more
    answers = {"child_categories": ("physical",), "parents_told": "Yes, at home"}
    lead.store.write(lambda w: concerns.change_concern(w, concern.id, answers))
    lead.store.write(lambda w: concerns.close_concern(w, concern.id, "referred_council", "Told the council"))
    for laptop in (lead, raiser):
        laptop.synced()
    assert raiser.store.read(lambda r: open_concerns(r, today())) == ()


@pytest.mark.capability("D8")
def test_question_9_answered_offline_is_on_the_leads_list_after_sync(service: tuple[Laptop, Laptop, Laptop]) -> None:
    raiser, lead, other = service
    mary = person(raiser, lead, other)
    raiser.store.write(lambda w: assessments.take_assessment(w, mary, "phq9", {"9": 1}))
    assert raiser.store.read(lambda r: without_outcome(r, today())) == 1
    for laptop in (raiser, lead, other):
        laptop.synced()
    assert lead.store.read(lambda r: without_outcome(r, today())) == 1
    for laptop in (raiser, lead, other):  # it came with its concern: nobody is asked a second time
        assert laptop.store.read(answers_waiting) == ()


@pytest.mark.capability("D7")
def test_a_complaint_reaches_those_who_are_named_and_its_number_is_the_one_that_was_given(
    service: tuple[Laptop, Laptop, Laptop],
) -> None:
    raiser, lead, other = service
    made = Complaint(kind="complaint", from_name="Ann Jones", words="Nobody rang back")
    for laptop in (raiser, other):
        laptop.store.write(lambda w: service_files.open_complaint(w, made))
    numbers = {raiser.all(Complaint)[0].number, other.all(Complaint)[0].number}
    for laptop in (raiser, other, lead):
        laptop.synced()
    assert {one.number for one in lead.all(Complaint)} == numbers
    assert len(numbers) == 2
    seen = other.store.read(lambda r: listed_files(r, today(), closed=True))
    assert all(not row.may_read and not row.words and not row.from_name for row in seen)
    (first, _second) = lead.all(Complaint)
    lead.store.write(lambda w: service_files.change_file(w, Complaint, first.id, {"answer": "We are sorry"}))
    lead.synced()
    assert lead.waiting() == 0
    with pytest.raises(Refused):
        other.store.write(lambda w: service_files.change_file(w, Complaint, first.id, {"answer": "Mine"}))
