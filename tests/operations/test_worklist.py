"""My list: what is due to whom, and counts that are the lengths of the lists, whatever is in the store."""

import datetime as dt
from collections import Counter

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.operations.made import NOW, TODAY, Made
from wellbeing_desktop.domain.care_plan import Action, CarePlan, PlanCopy
from wellbeing_desktop.domain.contact import Appointment
from wellbeing_desktop.domain.definition import Compartment, Record
from wellbeing_desktop.domain.enquiry import Enquiry, Message, Request
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.onward import Cover, OnwardReferral
from wellbeing_desktop.domain.organisation import Team
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.domain.registry import type_of
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.domain.wire import body_of
from wellbeing_desktop.operations.overdue import lead_for, raised_before, wanted
from wellbeing_desktop.storage.grants import user_of
from wellbeing_desktop.storage.records import StoredRow, store_body
from wellbeing_desktop.storage.worklist import KINDS, Wanted, worklist
from wellbeing_desktop.storage.write_door import transaction

DAY = dt.timedelta(days=1)
ANN, BOB, SAM = "ann", "bob", "sam"


def create(made: Made, *records: Record) -> list[str]:
    """Put into the store as a sync would: in any state."""
    ids = []
    with made.writer.immediate():
        for record in records:
            record_type, id = type_of(record), new_id()
            body = body_of(record_type, record)
            subject = record.subject or id
            where = (record_type.compartment or Compartment.CORE).value
            store_body(
                made.writer, StoredRow(type=record_type.name, id=id, subject=subject, compartment=where, body=body)
            )
            ids.append(id)
    return ids


def team(**fields: object) -> Team:
    return Team(**{"name": "North", "members": (ANN, BOB), "lead_id": SAM, "deputy_id": BOB, **fields})


def seen_by(made: Made, who: str, *, kind: str = "", until: dt.date = TODAY) -> list[tuple[str, str]]:
    asked = Wanted(who=who, on=TODAY, until=until, raised_before=TODAY - DAY, kind=kind)
    return [(item.kind, item.what) for item in worklist(made.writer, asked).items]


people = st.sampled_from(["", ANN, BOB, SAM])
days = st.none() | st.integers(-20, 20).map(lambda ahead: TODAY + ahead * DAY)
moments = st.none() | st.integers(-500, 500).map(lambda hours: NOW + dt.timedelta(hours=hours))


@st.composite
def anything_due(draw: st.DrawFn, person_id: str, plan_id: str) -> Record:
    """One record of any type that the list reads, in any state."""
    who, day, moment = draw(people), draw(days), draw(moments)
    on = day or TODAY
    return draw(
        st.sampled_from(
            [
                Task(
                    subject=person_id,
                    title="A task",
                    owner_id=who,
                    due_on=day,
                    due_at=moment,
                    state=draw(st.sampled_from(["open", "to_review", "done", "cancelled"])),
                    kind=draw(st.sampled_from(["", "call_back", "follow_up"])),
                    rule=draw(st.sampled_from(["", "repeats", "six_weeks"])),
                    urgent=draw(st.sampled_from([None, True])),
                    delegated_by=draw(people),
                    escalated_to=draw(people),
                ),
                Request(
                    subject=person_id,
                    kind=draw(st.sampled_from(["call_back", "letter"])),
                    asked_on=TODAY,
                    due_at=moment,
                    owner_id=who,
                    state=draw(st.sampled_from(["open", "with_clinician", "instructed", "done"])),
                ),
                Appointment(
                    subject=person_id,
                    starts_at=NOW,
                    starts_on=on,
                    practitioner_id=who,
                    second_worker_id=draw(people),
                    state=draw(st.sampled_from(["booked", "cancelled"])),
                ),
                Message(subject=who or ANN, from_id=BOB, words="Words", sent_at=NOW, state="sent"),
                Enquiry(
                    subject=person_id,
                    medium="02",
                    received_at=NOW,
                    received_on=TODAY,
                    claimed_by=who,
                    state="claimed" if who else "new",
                ),
                OnwardReferral(
                    subject=person_id,
                    kind="signpost",
                    to_name="x",
                    sent_on=TODAY,
                    chase_on=day,
                    owner_id=who,
                    state="sent",
                ),
                Action(subject=person_id, plan_id=plan_id, what="Walk", due_on=day, practitioner_id=who, state="to_do"),
                CarePlan(subject=person_id, practitioner_id=who, review_on=day, state="agreed"),
                PlanCopy(subject=person_id, plan_id=plan_id, state="owed"),
            ]
        )
    )


@given(st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_count_is_the_length_of_its_list(made: Made, data: st.DataObject) -> None:
    if not made.all(CarePlan):
        create(made, CarePlan(subject=made.mary, practitioner_id=ANN, state="agreed"))
        create(made, team(), Cover(subject=SAM, cover_id=ANN, kind="leave", since_on=TODAY, until_on=TODAY))
    plan_id = made.all(CarePlan)[0].id
    create(made, *(data.draw(anything_due(made.mary, plan_id)) for _ in range(3)))
    asked = Wanted(
        who=data.draw(st.sampled_from([ANN, BOB, SAM])),
        on=TODAY,
        until=TODAY + data.draw(st.integers(0, 7)) * DAY,
        raised_before=TODAY - data.draw(st.integers(0, 5)) * DAY,
        now=NOW,
    )
    everything = worklist(made.writer, asked)
    late = [item for item in everything.items if item.kind != "to_look_at" and item.is_late(TODAY, NOW)]
    assert everything.late == len(late)
    assert everything.total == len(everything.items) == len({item.id for item in everything.items})
    assert Counter(item.kind for item in everything.items) == everything.counts
    assert set(everything.counts) <= set(KINDS)
    for kind in KINDS:
        some = worklist(made.writer, msgspec.structs.replace(asked, kind=kind))
        assert some.counts == everything.counts
        assert some.total == len(some.items) == everything.counts.get(kind, 0)
        assert set(some.items) == {item for item in everything.items if item.kind == kind}


@pytest.mark.capability("H3")
def test_what_a_colleague_left_too_long_is_the_leads_and_the_deputys_while_the_lead_is_away(made: Made) -> None:
    create(
        made,
        team(),
        Task(subject=made.mary, title="Late", owner_id=ANN, due_on=TODAY - 3 * DAY, state="open"),
        Task(subject=made.mary, title="A day late", owner_id=ANN, due_on=TODAY - DAY, state="open"),
        Task(subject=made.mary, title="Another's", owner_id="eve", due_on=TODAY - 3 * DAY, state="open"),
    )
    assert seen_by(made, SAM) == [("raised", "Late")]
    assert seen_by(made, BOB) == []
    assert lead_for(made.writer, ANN, TODAY) == SAM
    create(made, Cover(subject=SAM, cover_id="eve", kind="leave", since_on=TODAY, until_on=TODAY + DAY))
    assert seen_by(made, BOB) == [("raised", "Late")]
    assert ("raised", "Late") in seen_by(made, "eve")
    assert lead_for(made.writer, ANN, TODAY) == BOB
    assert lead_for(made.writer, BOB, TODAY) == "eve"
    assert lead_for(made.writer, "nobody", TODAY) == ""


def test_a_task_of_the_team_or_of_nobody_is_in_somebodys_list(made: Made) -> None:
    (team_id,) = create(made, team())
    with transaction(made.writer, "change_person", at=NOW) as tx:
        tx.change(Person, made.mary, {"coordinator_id": "eve"})
    create(
        made,
        Task(subject=made.mary, title="The team's", team_id=team_id, due_on=TODAY, state="open"),
        Task(subject=made.mary, title="Nobody's", due_on=TODAY, state="open"),
    )
    assert seen_by(made, ANN) == seen_by(made, BOB) == [("task", "The team's")]
    assert seen_by(made, "eve") == [("task", "Nobody's")]


def test_late_before_today_before_later_and_urgent_first(made: Made) -> None:
    create(
        made,
        Task(subject=made.mary, title="later", owner_id=ANN, due_on=TODAY + 3 * DAY, state="open"),
        Task(subject=made.mary, title="no day", owner_id=ANN, state="open"),
        Task(subject=made.mary, title="urgent", owner_id=ANN, due_on=TODAY + 9 * DAY, urgent=True, state="open"),
        Task(subject=made.mary, title="today", owner_id=ANN, due_on=TODAY, state="open"),
        Task(subject=made.mary, title="late", owner_id=ANN, due_on=TODAY - DAY, state="open"),
    )
    assert [what for _kind, what in seen_by(made, ANN)] == ["urgent", "late", "today", "no day"]
    assert ("task", "later") in seen_by(made, ANN, until=TODAY + 3 * DAY)


@pytest.mark.parametrize(
    ("now", "before"),
    [
        (dt.datetime(2026, 11, 20, 16, 59, tzinfo=dt.UTC), dt.date(2026, 11, 19)),  # Friday, a minute before closing
        (dt.datetime(2026, 11, 20, 17, 0, tzinfo=dt.UTC), dt.date(2026, 11, 20)),
        (dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC), dt.date(2026, 11, 20)),  # nobody works on Sunday
    ],
)
def test_long_enough_is_counted_in_working_time(made: Made, now: dt.datetime, before: dt.date) -> None:
    assert raised_before(made.writer, now) == before
    assert wanted(made.writer, user_of(made.writer), now, days=7).until == now.date() + 7 * DAY
