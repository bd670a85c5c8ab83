"""The lists that screens show: who and what is in them, in which order, and what is never in any of them."""

import datetime as dt
import re
from pathlib import Path

import pytest

from tests.storage.sample_records import add_person
from wellbeing_desktop import storage
from wellbeing_desktop.domain.assessment import Score
from wellbeing_desktop.domain.care_plan import Action, CarePlan, PlanCopy
from wellbeing_desktop.domain.contact import Appointment, Contact, Note
from wellbeing_desktop.domain.correction import Alias, Conflict, Misfiling
from wellbeing_desktop.domain.organisation import Organisation, Practitioner
from wellbeing_desktop.domain.person import Address, Person
from wellbeing_desktop.domain.referral import Episode
from wellbeing_desktop.domain.safety import AccessNote, Alert
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.storage.caseload import CaseloadFilter, CaseloadSort, caseload, caseload_count, caseload_found
from wellbeing_desktop.storage.conflicts import Wanted, clash_count, clashes, open_conflicts
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.drafts import save_draft
from wellbeing_desktop.storage.history import history, values_of
from wellbeing_desktop.storage.incoming import Version, store_versions
from wellbeing_desktop.storage.joined import ids_of, survivor_of
from wellbeing_desktop.storage.scores import scores
from wellbeing_desktop.storage.similar import row_of
from wellbeing_desktop.storage.timeline import timeline
from wellbeing_desktop.storage.today import today, week
from wellbeing_desktop.storage.write_door import transaction

DAY = dt.date(2026, 11, 21)
NOW = dt.datetime(2026, 11, 21, 9, 30, tzinfo=dt.UTC)
LATER = dt.timedelta(days=1)


def add(writer: Writer, *records, compartment=None) -> list[str]:
    with transaction(writer, "add_records") as tx:
        return [tx.create(record, compartment) for record in records]


def contact_of(person_id: str, day: dt.date = DAY, **fields) -> Contact:
    at = dt.datetime.combine(day, dt.time(9), dt.UTC)
    values = {"medium": "visit", "outcome": "happened", "practitioner_id": "w", **fields}
    return Contact(subject=person_id, happened_at=at, happened_on=day, **values)


@pytest.fixture
def worker(writer: Writer) -> str:
    return add(writer, Practitioner(name="Sian Rees"))[0]


# Caseload ---------------------------------------------------------------------------------------------------------


def test_the_caseload_shows_what_comes_next_for_each_person(writer: Writer, worker: str) -> None:
    [practice] = add(writer, Organisation(name="Bridge Street Surgery", ods_code="A81001"))
    person_id = add_person(writer, coordinator_id=worker, practice_id=practice, born_on=dt.date(1950, 3, 2))
    plan_id, *_ = add(
        writer,
        CarePlan(subject=person_id, state="draft", practitioner_id=worker, review_on=DAY + LATER),
        Address(subject=person_id, line1="1 High Street", postcode="LS11 7JJ"),
        Episode(subject=person_id, opened_on=DAY - LATER, state="open", practitioner_id=worker),
        contact_of(person_id, DAY - 3 * LATER),
        contact_of(person_id, DAY - 5 * LATER),
        Appointment(subject=person_id, starts_at=NOW + LATER, starts_on=DAY + LATER, state="booked"),
        Appointment(subject=person_id, starts_at=NOW - LATER, starts_on=DAY - LATER, state="booked"),
        Task(subject=person_id, title="Ring back", state="open"),
    )
    with transaction(writer, "agree_plan") as tx:
        tx.change(CarePlan, plan_id, {"state": "agreed", "agreed_on": DAY})
        tx.create(PlanCopy(subject=person_id, plan_id=plan_id, state="owed", version=1))
    [row] = caseload(writer, CaseloadFilter(coordinator_id=worker, supported_only=True), DAY).rows
    assert (row.name, row.postcode, row.coordinator, row.practice) == (
        "HUGHES, Bronwen",
        "LS11 7JJ",
        "Sian Rees",
        "Bridge Street Surgery",
    )
    assert (row.opened_on, row.last_contact_on, row.next_appointment_on, row.review_on) == (
        DAY - LATER,
        DAY - 3 * LATER,
        DAY + LATER,
        DAY + LATER,
    )
    assert (row.tasks_open, row.copy_owed, row.has_alert, row.similar_name) == (1, True, False, False)


def test_each_filter_gives_its_own_list_and_the_same_count(writer: Writer, worker: str) -> None:
    mine = add_person(writer, family_name="Adams", coordinator_id=worker)
    other = add_person(writer, family_name="Brown", practice_id="practice", list_state="not_on_list")
    died = add_person(writer, family_name="Clark", died_on=DAY)
    alert = Alert(
        subject=other, kind="dog", statement="Dog", what_to_do="Ring", source="Daughter", stated_on=DAY, review_on=DAY
    )
    add(writer, alert, compartment="card")
    add(writer, Episode(subject=other, opened_on=DAY, state="open", practitioner_id=worker, team_id="team"))
    add(writer, contact_of(mine))
    cases = (
        (CaseloadFilter(), {mine, other, died}),
        (CaseloadFilter(coordinator_id=worker), {mine, other}),
        (CaseloadFilter(team_id="team"), {other}),
        (CaseloadFilter(practice_id="practice"), {other}),
        (CaseloadFilter(list_state="not_on_list"), {other}),
        (CaseloadFilter(supported_only=True), {other}),
        (CaseloadFilter(with_alert=True), {other}),
        (CaseloadFilter(living_only=True), {mine, other}),
        (CaseloadFilter(quiet_since=DAY), {other, died}),
        (CaseloadFilter(reviews_by=DAY), set()),
        (CaseloadFilter(copy_owed=True), set()),
    )
    for narrowed, expected in cases:
        page = caseload(writer, narrowed, DAY)
        assert {row.id for row in page.rows} == expected, narrowed
        assert page.total == caseload_count(writer, narrowed) == len(expected)


@pytest.mark.parametrize("sort", CaseloadSort)
def test_pages_of_every_order_hold_everybody_once(writer: Writer, sort: CaseloadSort) -> None:
    people = {add_person(writer, family_name=f"Person {number}") for number in range(7)}
    for number, person_id in enumerate(sorted(people)[:4]):
        add(writer, contact_of(person_id, DAY - number * LATER))
    pages = [caseload(writer, CaseloadFilter(), DAY, sort=sort, limit=3, offset=offset) for offset in (0, 3, 6)]
    listed = [row.id for page in pages for row in page.rows]
    assert sorted(listed) == sorted(people)
    assert {page.total for page in pages} == {7}


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("sort", CaseloadSort)
def test_pages_of_those_found_are_the_pages_of_a_list_of_them(
    writer: Writer, sort: CaseloadSort, descending: bool
) -> None:
    people = [add_person(writer, family_name="Probert", given_name=f"Ann{chr(97 + n)}") for n in range(7)]
    add_person(writer, family_name="Someone else")
    for number, person_id in enumerate(people[:4]):
        add(writer, contact_of(person_id, DAY - number * LATER))
    order = {"sort": sort, "descending": descending}
    whole = caseload(writer, CaseloadFilter(only=tuple(people)), DAY, **order)
    pages = [caseload_found(writer, "prob", DAY, most=50, limit=3, offset=first, **order) for first in (0, 3, 6)]
    assert tuple(row for page in pages for row in page.rows) == whole.rows
    assert {page.total for page in pages} == {7}
    assert caseload_found(writer, "prob", DAY, most=5, limit=3, **order).total == 5


def test_no_statement_of_the_store_binds_its_limit_bare() -> None:
    """SQLite plans a statement anew at every run when its limit is a bare value: 2,000 allocations for the Caseload's,
    each locked and wiped, where running it takes 250. With a plus sign before it, the plan is kept."""
    for file in Path(storage.__file__).parent.glob("*.py"):
        assert not re.search(r"(LIMIT|OFFSET) [?:]", file.read_text("utf-8")), file.name


def test_those_not_seen_longest_come_first_and_those_never_seen_last(writer: Writer) -> None:
    seen, never, long_ago = (add_person(writer, family_name=name) for name in ("Adams", "Brown", "Clark"))
    add(writer, contact_of(seen, DAY), contact_of(long_ago, DAY - 30 * LATER))
    page = caseload(writer, CaseloadFilter(), DAY, sort=CaseloadSort.LAST_CONTACT)
    assert [row.id for row in page.rows] == [long_ago, seen, never]


# Today ------------------------------------------------------------------------------------------------------------


def test_today_has_the_visits_in_order_and_what_to_know_before_knocking(writer: Writer, worker: str) -> None:
    first, second = add_person(writer, family_name="Adams"), add_person(writer, family_name="Brown")
    add(
        writer,
        Appointment(
            subject=second, starts_at=NOW + dt.timedelta(hours=2), starts_on=DAY, practitioner_id=worker, state="booked"
        ),
        Appointment(subject=first, starts_at=NOW, starts_on=DAY, practitioner_id=worker, state="booked"),
        Appointment(
            subject=first, starts_at=NOW - LATER, starts_on=DAY - LATER, second_worker_id=worker, state="booked"
        ),
        Appointment(subject=first, starts_at=NOW, starts_on=DAY, practitioner_id="somebody else", state="booked"),
        Address(subject=first, line1="1 High Street", line4="Leeds", postcode="LS11 7JJ"),
        AccessNote(subject=first, instructions="Round the back", two_person_visit=True),
    )
    alert = Alert(
        subject=first,
        kind="dog",
        statement="Dog",
        what_to_do="Ring first",
        source="Son",
        stated_on=DAY,
        review_on=DAY,
        before_visit=True,
    )
    add(writer, alert, compartment="clinical")
    day = today(writer, worker, DAY)
    assert [visit.person_id for visit in day.visits] == [first, second]
    assert day.visits[0].address == "1 High Street, Leeds, LS11 7JJ"
    assert day.visits[0].two_person
    assert day.visits[0].before_visit
    assert not day.visits[1].before_visit
    assert [visit.starts_on for visit in day.without_outcome] == [DAY - LATER]
    assert len(week(writer, worker, DAY - LATER)) == 3


def test_today_has_what_is_due_late_owed_and_half_typed(writer: Writer, worker: str) -> None:
    person_id = add_person(writer)
    plan_id = add(writer, CarePlan(subject=person_id, state="draft", practitioner_id=worker, review_on=DAY + LATER))[0]
    with transaction(writer, "agree_plan") as tx:
        tx.change(CarePlan, plan_id, {"state": "agreed", "agreed_on": DAY})
    add(
        writer,
        Task(subject=person_id, title="Late", owner_id=worker, due_on=DAY - LATER, state="open"),
        Task(subject=person_id, title="Not yet", owner_id=worker, due_on=DAY + LATER, state="open"),
        Task(subject=person_id, title="Urgent", owner_id=worker, due_on=DAY + LATER, urgent=True, state="open"),
        Task(subject=person_id, title="Of somebody else", owner_id="other", due_on=DAY, state="open"),
        Action(
            subject=person_id,
            plan_id=plan_id,
            what="Ring the library",
            practitioner_id=worker,
            due_on=DAY,
            state="to_do",
        ),
        PlanCopy(subject=person_id, plan_id=plan_id, version=1, state="owed"),
    )
    save_draft(writer, "note/1", person_id, {"text": "She sa"})
    day = today(writer, worker, DAY)
    assert [due.what for due in day.tasks] == ["Late", "Urgent"]
    assert [due.what for due in day.late(DAY)] == ["Late"]
    assert [due.what for due in day.actions] == ["Ring the library"]
    assert [due.due_on for due in day.reviews] == [DAY + LATER]
    assert [due.what for due in day.copies_owed] == ["Copy of the plan, version 1"]
    assert [draft.key for draft in day.drafts] == ["note/1"]
    assert day.unsent > 0
    assert day.conflicts == 0


# Timeline ---------------------------------------------------------------------------------------------------------


def test_the_timeline_has_pages_newest_first_as_things_read_now(writer: Writer) -> None:
    person_id = add_person(writer)
    ids = [add(writer, contact_of(person_id, DAY - number * LATER, duration_minutes=10))[0] for number in range(5)]
    with transaction(writer, "amend_contact") as tx:
        tx.amend(Contact, ids[0], "duration_minutes", 25, "Two calls")
    first = timeline(writer, person_id, limit=3)
    second = timeline(writer, person_id, limit=3, before=first.before)
    assert [entry.id for page in (first, second) for entry in page.entries] == ids
    assert second.before is None
    assert first.entries[0].record.duration_minutes == 25
    assert first.entries[0].amended == {"duration_minutes"}
    assert timeline(writer, person_id, compartments=["clinical"]).entries == ()


def test_what_was_removed_or_written_in_the_wrong_record_is_in_no_list(writer: Writer, worker: str) -> None:
    person_id = add_person(writer)
    wrong, misfiled, kept = add(writer, *(contact_of(person_id, DAY - number * LATER) for number in range(3)))
    with transaction(writer, "put_right") as tx:
        tx.remove(Contact, wrong, "Another person's")
        tx.create(Misfiling(target_type="contact", target_id=misfiled, reason="Another person's"))
    assert [entry.id for entry in timeline(writer, person_id).entries] == [kept]
    [row] = caseload(writer, CaseloadFilter(), DAY).rows
    assert row.last_contact_on == DAY - 2 * LATER


def test_a_removed_person_is_in_no_list(writer: Writer) -> None:
    person_id = add_person(writer)
    with transaction(writer, "remove_person") as tx:
        tx.remove(Person, person_id, "Registered twice")
    assert caseload(writer, CaseloadFilter(), DAY).total == 0
    assert row_of(writer, person_id) is None


def test_joined_records_are_read_as_one_and_parted_again(writer: Writer) -> None:
    kept, joined = add_person(writer, family_name="Rees"), add_person(writer, family_name="Rhys")
    contact = add(writer, contact_of(joined))[0]
    score = Score(subject=joined, assessment_id="a", tool="ons4", scale="happy", value=7, taken_on=DAY)
    add(writer, score)
    alias = add(writer, Alias(subject=joined, survivor_id=kept, vanished_id=joined, state="active"))[0]
    assert survivor_of(writer, joined) == kept
    assert ids_of(writer, joined) == (kept, joined)
    assert [entry.id for entry in timeline(writer, kept).entries] == [contact]
    assert [point.value for point in scores(writer, kept, "ons4")] == [7]
    assert [row.id for row in caseload(writer, CaseloadFilter(), DAY).rows] == [kept]
    with transaction(writer, "part_records") as tx:
        tx.change(Alias, alias, {"state": "ended"})
    assert ids_of(writer, kept) == (kept,)
    assert timeline(writer, kept).entries == ()
    assert caseload(writer, CaseloadFilter(), DAY).total == 2


def test_two_records_joined_to_each_other_are_still_read(writer: Writer) -> None:
    one, two = add_person(writer, family_name="Rees"), add_person(writer, family_name="Rhys")
    add(writer, Alias(subject=two, survivor_id=one, vanished_id=two, state="active"))
    add(writer, Alias(subject=one, survivor_id=two, vanished_id=one, state="active"))
    assert set(ids_of(writer, one)) == {one, two}


# Clashes and history ----------------------------------------------------------------------------------------------


def test_an_open_clash_shows_both_values_and_who_wrote_them(writer: Writer) -> None:
    person_id = add_person(writer)
    note = add(writer, Note(subject=person_id, written_on=DAY, text="One"))[0]
    clash = Conflict(
        target_type="note", target_id=note, field="text", base='"Nought"', mine='"One"', theirs='"Two"',
        mine_author="a", theirs_author="b", state="open", due_on=DAY,
    )  # fmt: skip
    conflict = add(writer, clash)[0]
    [shown] = open_conflicts(writer, "a")
    assert (shown.id, shown.person_id, shown.what) == (conflict, person_id, "Note: Note")
    assert (shown.base, shown.kept_apart.value, shown.standing.value) == ("Nought", "One", "Two")
    assert shown.kept_apart.is_own
    assert clash_count(writer, Wanted()) == 1
    assert [one.id for one in clashes(writer, Wanted(person_id=person_id))] == [conflict]
    assert clashes(writer, Wanted(person_id="another")) == []
    with transaction(writer, "settle") as tx:
        tx.change(Conflict, conflict, {"state": "settled", "choice": "mine"})
    assert open_conflicts(writer, "a") == []
    assert clash_count(writer, Wanted()) == 0


def test_every_value_ever_saved_is_in_the_history_once(writer: Writer) -> None:
    person_id = add_person(writer, known_as="Bron")
    with transaction(writer, "change_person") as tx:
        tx.change(Person, person_id, {"known_as": "Bronnie"})
    created = history(writer, person_id)[0]
    with writer.immediate():
        store_versions(
            writer,
            [
                Version(id=person_id, rev=1, author=created.author, dev="d", at_claimed=created.at_claimed, at_server="s", kind="create", patch=created.patch),
                Version(id=person_id, rev=2, author="other", dev="e", at_claimed="t", at_server="s", patch={"known_as": "B"}),
            ],
        )  # fmt: skip
    assert [value for _, _, value in values_of(writer, person_id, "known_as")] == ["Bron", "B", "Bronnie"]
    assert [line.rev for line in history(writer, person_id)] == [1, 2, None]
