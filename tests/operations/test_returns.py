"""The monthly return: counted, kept, recounted, opened, and honest about what is missing (DESIGN 7, W27)."""

import csv
import datetime as dt
import io

import msgspec
import openpyxl
import pytest

from tests.operations.made import Made, made_id
from wellbeing_desktop.documents.return_report import return_report_document
from wellbeing_desktop.domain.care_plan import Goal
from wellbeing_desktop.domain.contact import Appointment, Contact, Note
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.onward import OnwardReferral
from wellbeing_desktop.domain.organisation import Organisation, ReturnRun
from wellbeing_desktop.domain.person import Demographics, Person
from wellbeing_desktop.domain.referral import Episode, Referral
from wellbeing_desktop.domain.return_definition import Month, shipped_definition
from wellbeing_desktop.domain.scoring import GAD7_ITEMS
from wellbeing_desktop.domain.working_days import BankHolidays
from wellbeing_desktop.operations import (
    aliases,
    appointments,
    assessments,
    care_plans,
    contacts,
    plan_contents,
    referrals,
    return_document,
    returns,
)
from wellbeing_desktop.operations.return_results import Device, ReturnResult
from wellbeing_desktop.storage.day_end import day_end
from wellbeing_desktop.storage.grants import user_of
from wellbeing_desktop.storage.write_door import transaction

DEFINITION = shipped_definition()
OCTOBER = Month(2026, 10)
NO_HOLIDAYS = BankHolidays({}, 2020, 2030)
LATER = dt.datetime(2026, 11, 20, 14, 0, tzinfo=dt.UTC)


def day(number: int, month: int = 10, hour: int = 10) -> dt.datetime:
    return dt.datetime(2026, month, number, hour, tzinfo=dt.UTC)


def contact(made: Made, person_id: str, at: dt.datetime, medium: str = "home_visit", outcome: str = "5") -> str:
    changes = contacts.record_contact(
        made.writer,
        Contact(subject=person_id, happened_at=at, medium=medium, outcome=outcome, practitioner_id="bo"),
        gp_record="",
        at=at + dt.timedelta(hours=1),
    )
    return made_id(changes, "contact")


def referred(made: Made, person_id: str, at: dt.datetime, **fields: object) -> str:
    values = {"received_on": at.date(), "source": "gp", **fields}
    changes = referrals.receive_referral(made.writer, Referral(subject=person_id, **values), at=at)
    return made_id(changes, "referral")


def accepted(made: Made, person_id: str, at: dt.datetime) -> str:
    id = referred(made, person_id, at)
    changes = referrals.accept_referral(made.writer, id, practitioner_id="bo", at=at)
    return made_id(changes, "episode")


def october(made: Made, **more: object) -> ReturnResult:
    return returns.run_return(made.writer, DEFINITION, OCTOBER, holidays=NO_HOLIDAYS, at=LATER, **more)


def cells(result: ReturnResult, measure: str, by: str) -> dict[str, int]:
    split = next(split for split in result.measure(measure).splits if split.by == by)
    return {cell.label: cell.count for cell in split.cells}


def test_an_empty_month_is_nought_everywhere(made: Made) -> None:
    result = october(made)
    assert all(measure.count == 0 for measure in result.measures)
    assert result.facts == ()
    assert not result.provisional


def test_referrals_by_source_practice_and_age_band(made: Made) -> None:
    with transaction(made.writer, "x") as tx:
        hill = tx.create(Organisation(name="Hill Surgery", ods_code="B81001", kind="practice"))
    child = made.person("Young", born_on=dt.date(2008, 10, 16), practice_id=hill)
    referred(made, child, day(15))  # the day before turning 18
    referred(made, child, day(16), source="self")
    referred(made, made.mary, day(31, hour=23))
    referred(made, made.person("Unknown"), day(1))
    referred(made, made.mary, day(30, month=9))
    result = october(made)
    assert result.measure("referrals").count == 4
    assert cells(result, "referrals", "source") == {"GP or practice staff": 3, "The person": 1}
    assert cells(result, "referrals", "age_band") == {"0 to 17": 1, "18 to 24": 1, "85 and over": 1, "Not known": 1}
    assert cells(result, "referrals", "practice") == {"Hill Surgery": 2, "Not known": 2}


def test_contacts_by_medium_and_outcome_with_did_not_attend_apart(made: Made) -> None:
    for outcome, medium in (("5", "home_visit"), ("6", "home_visit"), ("spoke", "02"), ("5", "02")):
        contact(made, made.mary, day(5), medium, outcome)
    contact(made, made.mary, day(6), "home_visit", "3")
    contact(made, made.mary, day(6), "02", "7")
    contact(made, made.mary, day(6), "02", "no_answer")
    contact(made, made.mary, day(6), "02", "2")
    result = october(made)
    assert result.measure("contacts").count == 4
    assert cells(result, "contacts", "medium") == {"Home visit": 2, "Telephone call": 2}
    assert result.measure("did_not_attend").count == 2
    assert result.measure("no_reply").count == 1
    assert result.measure("contacts_cancelled").count == 1
    assert result.measure("did_not_attend").figures == (
        ("Rate", "40.0 % of 5 attended or missed (codes 3 and 7 over 3, 5, 6 and 7)"),
    )


def test_a_contact_counts_on_its_local_date(made: Made) -> None:
    contact(made, made.mary, dt.datetime(2026, 9, 30, 23, 30, tzinfo=dt.UTC))  # 00:30 on 1 October by the wall clock
    contact(made, made.mary, dt.datetime(2026, 10, 31, 23, 30, tzinfo=dt.UTC))  # winter time: still October
    assert october(made).measure("contacts").count == 2


def test_an_amended_contact_counts_as_it_reads_now(made: Made) -> None:
    moved = contact(made, made.mary, day(5))
    turned = contact(made, made.mary, day(6))
    brought = contact(made, made.mary, day(1, month=11))
    contacts.amend_contact(made.writer, moved, "happened_at", day(28, month=9), "Wrong month", at=LATER)
    contacts.amend_contact(made.writer, turned, "outcome", "3", "She was not in", at=LATER)
    contacts.amend_contact(made.writer, brought, "happened_at", day(31), "It was the day before", at=LATER)
    result = october(made)
    assert result.measure("contacts").count == 1
    assert result.measure("did_not_attend").count == 1


def test_w8_a_misfiled_contact_counts_once_where_it_belongs(made: Made) -> None:
    john = made.person("Smith", "John")
    id = contact(made, made.mary, day(5))
    contacts.mark_written_in_wrong_record(made.writer, id, right_person_id=john, reason="John's", at=LATER)
    result = october(made)
    assert result.measure("contacts").count == 1
    (behind,) = returns.people_behind(made.writer, result, "contacts")
    assert behind.person_id == john


def test_first_contact_in_working_days_with_median_and_nine_in_ten(made: Made) -> None:
    for number, (came, reached) in enumerate([(1, 2), (1, 8), (1, 30)]):
        person = made.person("P", str(number))
        referred(made, person, day(came))
        contact(made, person, day(came), outcome="no_answer", medium="02")
        contact(made, person, day(reached))
        contact(made, person, day(31))
    old = made.person("Old")
    referred(made, old, day(1))
    contact(made, old, day(30, month=9))  # before the referral came
    measure = october(made).measure("first_contacts")
    assert measure.count == 3
    assert measure.figures == (("Median", "5 working days"), ("9 in 10 within", "21 working days"))
    assert cells(october(made), "first_contacts", "waiting_band") == {"0 to 5": 2, "21 and over": 1}


def test_a_first_contact_in_an_earlier_month_is_not_counted_again(made: Made) -> None:
    referred(made, made.mary, day(1, month=9))
    contact(made, made.mary, day(20, month=9))
    contact(made, made.mary, day(5))
    assert october(made).measure("first_contacts").count == 0


def test_a_first_contact_found_through_an_amendment_or_a_join(made: Made) -> None:
    referred(made, made.mary, day(1))
    id = contact(made, made.mary, day(5), outcome="no_answer", medium="02")
    assert october(made).measure("first_contacts").count == 0
    contacts.amend_contact(made.writer, id, "outcome", "spoke", "She did answer", at=LATER)
    assert october(made).measure("first_contacts").count == 1
    twin, other = made.person("Twin"), made.person("Twin")
    referred(made, twin, day(1))
    contact(made, other, day(8))
    aliases.join_people(made.writer, twin, other, "one person", at=LATER)
    assert october(made).measure("first_contacts").count == 2


def test_caseload_open_opened_and_closed_with_reason(made: Made) -> None:
    accepted(made, made.mary, day(10))
    earlier, gone = made.person("Earlier"), made.person("Gone")
    accepted(made, earlier, day(10, month=8))
    episode = accepted(made, gone, day(10, month=8))
    referrals.close_episode(made.writer, episode, reason="goals_met", closed_on=dt.date(2026, 10, 31), at=LATER)
    november = made.person("November")
    accepted(made, november, day(2, month=11))
    result = october(made)
    assert result.measure("caseload_open").count == 2
    assert result.measure("caseload_opened").count == 1
    assert cells(result, "caseload_closed", "close_reason") == {"Goals met": 1}


def test_two_joined_records_are_one_person_in_the_caseload(made: Made) -> None:
    twin = made.person("Jones", "Mary")
    accepted(made, made.mary, day(10))
    accepted(made, twin, day(11))
    assert october(made).measure("caseload_open").count == 2
    aliases.join_people(made.writer, made.mary, twin, "one person", at=LATER)
    result = october(made)
    assert result.measure("caseload_open").count == 1
    (behind,) = returns.people_behind(made.writer, result, "caseload_open")
    assert (behind.person_id, len(behind.record_ids)) == (made.mary, 2)


def test_plans_agreed_and_reviewed(made: Made) -> None:
    plan_id = made_id(care_plans.start_plan(made.writer, made.mary, at=day(1)), "care_plan")
    plan_contents.write_narrative(made.writer, plan_id, {"most_important": "Garden"}, {}, at=day(1))
    plan_contents.set_goal(made.writer, Goal(plan_id=plan_id, what="Walk"), at=day(1))
    care_plans.agree_plan(made.writer, plan_id, agreed_with="Mary", review_on=dt.date(2026, 10, 20), at=day(2))
    care_plans.review_plan(made.writer, plan_id, review_on=dt.date(2027, 1, 1), at=day(20))
    result = october(made)
    assert (result.measure("plans_agreed").count, result.measure("plans_reviewed").count) == (1, 1)


@pytest.mark.capability("F3", "W27")
def test_w27_paired_ons4_is_a_distribution_and_a_mean_change_with_n(made: Made) -> None:
    for number, (before, after) in enumerate([(3, 5), (4, 4), (9, 8), (2, 6)]):
        person = made.person("P", str(number))
        episode = accepted(made, person, day(1, month=7))
        for when, value in ((day(2, month=7), before), (day(15), after)):
            assessments.take_assessment(
                made.writer, person, "ons4", {"happy": value}, episode_id=episode, taken_at=when, at=LATER
            )
    once = made.person("Once")
    assessments.take_assessment(made.writer, once, "ons4", {"happy": 1}, taken_at=day(3), at=LATER)
    result = october(made)
    measure = result.measure("ons4_happy")
    assert measure.count == 4
    assert measure.figures == (("Mean change, first to latest", "+1.3 (n = 4)"),)
    assert cells(result, "ons4_happy", "first_band") == {"Low": 3, "Very high": 1}
    assert cells(result, "ons4_happy", "latest_band") == {"Low": 1, "Medium": 2, "High": 1}
    assert result.measure("ons4_satisfied").count == 0


def test_a_fall_and_no_change_are_said_plainly(made: Made) -> None:
    for when, value in ((day(1), 7), (day(20), 6)):
        assessments.take_assessment(
            made.writer, made.mary, "ons4", {"happy": value, "anxious": 3}, taken_at=when, at=LATER
        )
    result = october(made)
    assert result.measure("ons4_happy").figures[0][1] == "-1.0 (n = 1)"
    assert result.measure("ons4_anxious").figures[0][1] == "0.0 (n = 1)"


def busy_october(made: Made) -> ReturnResult:
    for number in range(12):
        person = made.person("P", str(number))
        referred(made, person, day(1 + number))
        contact(made, person, day(2 + number), "home_visit" if number < 9 else "02", "5" if number % 4 else "3")
    return october(made)


@pytest.mark.capability("O1")
def test_a_kept_run_counted_again_agrees_to_the_digit(made: Made) -> None:
    result = busy_october(made)
    run_id = made_id(returns.keep_return(made.writer, result, at=LATER), "return_run")
    assert returns.recount(made.writer, run_id) == returns.Recounted(True)
    assert october(made).hash == result.hash
    assert [person.person_id for person in returns.people_behind_run(made.writer, run_id, "referrals")] == [
        person.person_id for person in returns.people_behind(made.writer, result, "referrals")
    ]


def test_a_number_changed_by_hand_in_a_kept_run_is_found(made: Made) -> None:
    run_id = made_id(returns.keep_return(made.writer, busy_october(made), at=LATER), "return_run")
    run = made.one(ReturnRun, run_id)
    counts = msgspec.json.decode(run.counts)
    counts["contacts"] += 1
    with made.writer.immediate():
        made.writer.execute(
            "UPDATE return_run SET counts = ? WHERE id = ?", (msgspec.json.encode(counts).decode(), run_id)
        )
    found = returns.recount(made.writer, run_id)
    assert not found.agrees
    assert any(line.startswith("contacts: kept") for line in found.differences)


def test_the_hash_follows_the_counts_and_not_the_people(made: Made) -> None:
    contact(made, made.mary, day(5))
    first = october(made)
    contact(made, made.mary, day(6))
    assert october(made).hash != first.hash
    assert len(first.hash) == 64


@pytest.mark.capability("O1")
def test_late_arrivals_are_listed_apart_and_the_kept_numbers_stay(made: Made) -> None:
    first = contact(made, made.mary, day(5))
    contact(made, made.mary, day(6))
    run_id = made_id(returns.keep_return(made.writer, october(made), at=LATER), "return_run")
    contact(made, made.mary, day(29))
    referred(made, made.mary, day(30))
    contacts.mark_written_in_wrong_record(made.writer, first, right_person_id="", reason="Not Mary's", at=LATER)
    late = {one.measure: (one.added, one.taken_out) for one in returns.late_arrivals(made.writer, run_id, NO_HOLIDAYS)}
    assert late["contacts"] == (1, 1)
    assert late["referrals"] == (1, 0)
    assert returns.recount(made.writer, run_id).agrees
    november = returns.run_return(
        made.writer, DEFINITION, Month(2026, 11), holidays=NO_HOLIDAYS, at=dt.datetime(2026, 12, 3, tzinfo=dt.UTC)
    )
    assert [(one.month, one.measure) for one in november.late if one.measure == "contacts"] == [("2026-10", "contacts")]
    assert november.measure("contacts").count == 0


@pytest.mark.capability("W27")
def test_w27_a_return_says_what_is_missing_and_is_provisional_until_it_has_come(made: Made) -> None:
    referred(made, made.mary, day(3))
    accepted(made, made.person("No practice"), day(4))
    appointments.book_appointment(made.writer, Appointment(subject=made.mary, starts_at=day(9)), at=day(8))
    devices = [
        Device("Laptop 1", dt.datetime(2026, 11, 2, tzinfo=dt.UTC)),
        Device("Laptop 2", dt.datetime(2026, 10, 30, tzinfo=dt.UTC)),
        Device("Laptop 3", None),
    ]
    result = october(made, devices=devices)
    assert result.provisional
    complete = result.completeness
    assert complete.devices_not_synced == ("Laptop 2", "Laptop 3")
    assert (complete.undecided_referrals, complete.appointments_without_outcome) == (1, 1)
    assert complete.people_without_practice == 1
    running = returns.run_return(made.writer, DEFINITION, Month(2026, 11), holidays=NO_HOLIDAYS, at=LATER)
    assert running.provisional


def test_w27_closing_needs_what_is_missing_to_be_seen(made: Made) -> None:
    run_id = made_id(returns.keep_return(made.writer, october(made), at=LATER), "return_run")
    with pytest.raises(Refused, match="how complete"):
        returns.close_return(made.writer, run_id, completeness_seen=False, at=LATER)
    returns.close_return(made.writer, run_id, completeness_seen=True, at=LATER)
    assert made.one(ReturnRun, run_id).closed_on == dt.date(2026, 11, 20)
    provisional = october(made, devices=[Device("Laptop", None)])
    other = made_id(returns.keep_return(made.writer, provisional, at=LATER), "return_run")
    with pytest.raises(Refused, match="provisional"):
        returns.close_return(made.writer, other, completeness_seen=True, at=LATER)


@pytest.mark.capability("O3")
def test_every_number_opens_the_people_behind_it(made: Made) -> None:
    result = busy_october(made)
    for measure in result.measures:
        for split in measure.splits:
            for cell in split.cells:
                behind = returns.people_behind(made.writer, result, cell.id)
                counted = sum(len(person.record_ids) for person in behind)
                assert counted >= cell.count > 0, cell.id
    with pytest.raises(Refused):
        returns.people_behind(made.writer, result, "nonsense")


def test_somebody_who_is_not_here_any_more_is_counted_and_not_shown(made: Made) -> None:
    contact(made, made.mary, day(5))
    result = october(made)
    with made.writer.immediate():
        made.writer.execute("DELETE FROM person WHERE id = ?", (made.mary,))
    (behind,) = returns.people_behind(made.writer, result, "contacts")
    assert (behind.person_id, behind.name) == ("", "")


def test_what_leaves_the_team_hides_small_numbers_and_says_the_rule(made: Made) -> None:
    result = busy_october(made)
    rule = return_document.suppression_rule(DEFINITION)
    text = return_document.return_csv(result, rule=rule).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    contacts_rows = [row for row in rows if row[0] == "Contacts"]
    assert ["Contacts", "By how", "Telephone call", "*", ""] in contacts_rows
    assert ["Contacts", "By how", "Home visit", "*", ""] in contacts_rows
    assert contacts_rows[0][3] == "9"
    assert any(row[2] == "Small numbers" and row[3].startswith("Numbers from 1 to 4") for row in rows)
    inside = return_document.return_csv(result, rule=None).decode("utf-8-sig")
    assert "must not leave the team" in inside
    assert '"Telephone call","3"' in inside


def test_the_workbook_says_how_complete_it_is_on_its_first_sheet(made: Made) -> None:
    result = busy_october(made)
    book = openpyxl.load_workbook(
        io.BytesIO(return_document.return_xlsx(result, rule=return_document.suppression_rule(DEFINITION)))
    )
    assert book.sheetnames[0] == "About"
    about = {row[0]: row[1] for row in book["About"].iter_rows(values_only=True)}
    assert about["Referrals with no decision"] == "12"
    numbers = list(book["Numbers"].iter_rows(values_only=True))
    assert any(row[:4] == ("Referrals received", None, "All", 12) for row in numbers)


def test_the_report_for_paper_can_be_laid_out(made: Made) -> None:
    report = return_document.return_report(
        busy_october(made), "North Team", rule=return_document.suppression_rule(DEFINITION, 8)
    )
    assert report.month == "October 2026"
    assert report.completeness[0] == ("Laptops not synced since the month ended", "none")
    shown = {measure.title: measure.value for measure in report.measures}
    assert shown["Referrals received"] == "10"
    document = return_report_document(report)
    assert document.blocks


def test_w28_the_end_of_the_day_in_counts(made: Made) -> None:
    me = user_of(made.writer)
    visit = Contact(subject=made.mary, happened_at=day(20, month=11), medium="home_visit", outcome="5")
    contacts.record_contact(made.writer, visit, Note(text="Went well"), at=LATER)
    contacts.record_contact(
        made.writer, msgspec.structs.replace(visit, medium="02", outcome="spoke"), gp_record="not_needed", at=LATER
    )
    appointments.book_appointment(made.writer, Appointment(subject=made.mary, starts_at=LATER), at=LATER)
    counts = day_end(made.writer, me, dt.date(2026, 11, 20))
    assert (counts.visits, counts.calls, counts.other_contacts, counts.notes) == (1, 1, 0, 1)
    assert [(one.person_id, one.kind) for one in counts.to_copy] == [(made.mary, "contact")]
    assert (counts.without_outcome, counts.copies_owed, counts.drafts) == (1, 0, 0)
    assert counts.unsent > 0


@pytest.mark.capability("W1")
def test_w1_a_return_grant_without_names_opens_a_number_to_birth_dates_alone(made: Made) -> None:
    from tests.storage.signing import join_organisation
    from wellbeing_desktop.domain.organisation import Grant

    contact(made, made.mary, day(5))
    result = october(made)
    join_organisation(made.writer, Grant(kind="return", subjects=("*",)))
    (behind,) = returns.people_behind(made.writer, result, "contacts")
    assert (behind.name, behind.born_on) == ("", dt.date(1940, 5, 1))
    assert made.all(Grant)
    assert made.all(Person)
    assert made.all(Episode) == []


def test_referrals_are_split_by_reason_gender_and_ethnicity(made: Made) -> None:
    with transaction(made.writer, "x") as tx:
        tx.create(Demographics(subject=made.mary, stated_gender="2", ethnicity="A"))
        tx.create(Demographics(subject=made.mary, stated_gender="2", ethnicity="A"))  # two, as after a join
    referred(made, made.mary, day(5), reason="loneliness")
    referred(made, made.person("Unknown"), day(6))
    result = october(made)
    assert result.measure("referrals").count == 2
    for by in ("gender", "ethnicity", "asked_for"):
        found = cells(result, "referrals", by)
        assert found.pop("Not known") == 1, by
        assert list(found.values()) == [1], by


def test_people_reached_are_new_or_continuing_and_counted_once(made: Made) -> None:
    accepted(made, made.mary, day(20, month=9))
    new, nobody = made.person("New"), made.person("No reply")
    accepted(made, new, day(2))
    for person in (made.mary, made.mary, new):
        contact(made, person, day(8))
    contact(made, nobody, day(8), "02", "no_answer")
    result = october(made)
    assert result.measure("people_seen").count == 2
    assert cells(result, "people_seen", "seen") == {"Continuing": 1, "New": 1}


def test_an_attempt_counts_before_somebody_is_reached(made: Made) -> None:
    referred(made, made.mary, day(1))
    contact(made, made.mary, day(5), "02", "2")  # cancelled beforehand: no attempt
    contact(made, made.mary, day(6), "02", "no_answer")
    contact(made, made.mary, day(9))
    result = october(made)
    assert dict(result.measure("first_attempts").figures)["Median"] == "3 working days"
    assert dict(result.measure("first_contacts").figures)["Median"] == "6 working days"


def test_plans_offered_not_wanted_overdue_and_first(made: Made) -> None:
    other = made.person("Declines")
    care_plans.decline_plan(made.writer, other, declined_on=day(7).date(), at=day(7))
    referred(made, made.mary, day(1))
    plan_id = made_id(care_plans.start_plan(made.writer, made.mary, at=day(5)), "care_plan")
    plan_contents.write_narrative(made.writer, plan_id, {"most_important": "My garden"}, {}, at=day(5))
    plan_contents.set_goal(made.writer, Goal(plan_id=plan_id, what="Walk"), at=day(5))
    care_plans.agree_plan(made.writer, plan_id, agreed_with="Mary", review_on=day(20).date(), at=day(8))
    result = october(made)
    counts = {
        id: result.measure(id).count for id in ("plans_offered", "plans_declined", "plans_overdue", "first_plans")
    }
    assert counts == {"plans_offered": 2, "plans_declined": 1, "plans_overdue": 1, "first_plans": 1}
    assert dict(result.measure("first_plans").figures)["Median"] == "5 working days"


def test_length_of_support_in_weeks_and_what_is_not_recorded(made: Made) -> None:
    accepted(made, made.mary, day(1, month=9))
    ended = made.person("Ended")
    episode = accepted(made, ended, day(1))
    referrals.close_episode(made.writer, episode, reason="goals_met", closed_on=dt.date(2026, 10, 20), at=LATER)
    result = october(made)
    assert cells(result, "caseload_open", "length_band") == {"5 to 12": 1}
    assert cells(result, "caseload_closed", "length_band") == {"0 to 4": 1}
    assert cells(result, "not_recorded", "missing") == {"Ethnicity": 1, "Practice": 1}
    assert result.measure("not_recorded").count == 1, "people, not gaps"


def test_onward_referrals_by_how_they_stand_and_those_still_waiting(made: Made) -> None:
    with transaction(made.writer, "x") as tx:
        for sent, ended in ((5, None), (6, 20)):
            tx.create(
                OnwardReferral(
                    subject=made.mary,
                    kind="signpost",
                    state="sent",
                    sent_on=day(sent).date(),
                    ended_on=day(ended).date() if ended else None,
                )
            )
    result = october(made)
    assert (result.measure("onward").count, result.measure("onward_waiting").count) == (2, 1)


def test_a_change_of_gad7_is_named_by_its_published_threshold(made: Made) -> None:
    def answered(person: str, at: dt.datetime, each: int) -> None:
        answers = dict.fromkeys(GAD7_ITEMS, each)
        assessments.take_assessment(made.writer, person, "gad7", answers, taken_at=at, at=at)

    for person, first, latest in ((made.mary, 2, 1), (made.person("Worse"), 1, 2), (made.person("Same"), 1, 1)):
        answered(person, day(2), first)
        answered(person, day(20), latest)
    result = october(made)
    assert cells(result, "gad7", "change") == {"Better": 1, "About the same": 1, "Worse": 1}
    assert all(split.by != "change" for id in ("ons4_happy", "ons4_anxious") for split in result.measure(id).splits)
