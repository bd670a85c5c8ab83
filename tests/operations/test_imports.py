"""A list of people: previewed, written whole, run again, changed here since, undone (W10, W20, W22)."""

import datetime as dt
from pathlib import Path

import pytest

from tests.operations.made import NOW, TODAY, Made
from wellbeing_desktop.domain.correction import Alias
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.organisation import ImportRun, Organisation
from wellbeing_desktop.domain.person import Address, ContactPoint, Demographics, Person, Registration
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.exchange.people_list import PeopleList, read_people_file
from wellbeing_desktop.operations import imports, people
from wellbeing_desktop.operations.import_plan import ImportPreview
from wellbeing_desktop.operations.import_preview import preview_people_list
from wellbeing_desktop.operations.import_undo import undo_import
from wellbeing_desktop.operations.imports import ImportDecisions, ImportResult

DATA = Path(__file__).parents[1] / "data"
HEADINGS = "NHS Number,Surname,Forename,Date of Birth,Address Line 1,Town,Postcode,Mobile,Practice Code,Practice Name"
ADA = "943 476 5919,OKAFOR,Ada,02/03/1950,1 High Street,Hull,HU1 1AA,07700900123,B81001,Hill Surgery"
BEN = "401 023 2137,BRIGHT,Ben,04/05/1961,2 Low Road,Hull,HU1 1AB,,B81001,Hill Surgery"


def listed(*rows: str, headings: str = HEADINGS) -> PeopleList:
    text = "\r\n".join((headings, *rows)) + "\r\n"
    return read_people_file(text.encode(), "list.csv", TODAY).people


def preview(made: Made, *rows: str, headings: str = HEADINGS) -> ImportPreview:
    return preview_people_list(made.writer, listed(*rows, headings=headings), source="generic")


def brought(made: Made, *rows: str, decisions: ImportDecisions | None = None, headings: str = HEADINGS) -> ImportResult:
    _, result = imports.import_people(made.writer, preview(made, *rows, headings=headings), decisions, at=NOW)
    return result


def named(made: Made, family: str) -> Person:
    return made.only(Person, family_name=family)


def test_the_preview_writes_nothing(made: Made) -> None:
    before = made.writer.changes
    found = preview(made, ADA, BEN)
    assert (len(found.new), found.updated, found.unchanged) == (2, (), ())
    assert made.writer.changes == before


def test_new_people_come_with_all_that_the_list_says(made: Made) -> None:
    result = brought(made, ADA, BEN)
    assert (result.new, result.updated, result.refused) == (2, 0, 0)
    ada = named(made, "OKAFOR")
    practice = made.only(Organisation, ods_code="B81001")
    assert (ada.given_name, ada.nhs_number, ada.list_state) == ("Ada", "9434765919", "on_list")
    assert ada.practice_id == practice.id
    assert made.only(Address, subject=ada.id).line4 == "Hull"
    assert made.only(ContactPoint, subject=ada.id).value == "+447700900123"
    assert made.only(Registration, subject=ada.id).practice_id == practice.id
    run = made.only(ImportRun)
    assert (run.rows, run.new, run.id) == (2, 2, result.import_id)


def test_running_the_same_list_again_adds_nothing(made: Made) -> None:
    brought(made, ADA, BEN)
    waiting = made.writer.value("SELECT count(*) FROM outbox")
    result = brought(made, ADA, BEN)
    assert (result.new, result.updated, result.unchanged) == (0, 0, 2)
    assert result.import_id == ""
    assert made.writer.value("SELECT count(*) FROM outbox") == waiting


@pytest.mark.parametrize(
    "name",
    [
        "gp-connect/emis-search-layout-derived.csv",
        "gp-connect/patients.csv",
        "patient-list-csv/cohort_import__valid.csv",
    ],
)
def test_every_real_list_comes_in_and_a_second_run_adds_nothing(made: Made, name: str) -> None:
    found = read_people_file((DATA / name).read_bytes(), name, TODAY).people
    first = preview_people_list(made.writer, found)
    _, result = imports.import_people(made.writer, first, at=NOW)
    assert result.new + len(result.left) == len(found.people)
    operations = made.writer.value("SELECT count(*) FROM outbox")
    _, again = imports.import_people(made.writer, preview_people_list(made.writer, found), at=NOW)
    assert again.new == again.updated == 0
    assert made.writer.value("SELECT count(*) FROM outbox") == operations


def test_what_changed_on_the_list_is_brought_up_to_date(made: Made) -> None:
    brought(made, ADA)
    result = brought(made, ADA.replace("OKAFOR", "OKAFOR-HILL").replace("07700900123", "07700900124"))
    assert result.updated == 1
    ada = named(made, "OKAFOR-HILL")
    assert {point.value for point in made.all(ContactPoint, subject=ada.id)} == {"+447700900123", "+447700900124"}


def test_a_house_move_on_the_list_ends_the_old_address(made: Made) -> None:
    brought(made, ADA)
    brought(made, ADA.replace("1 High Street", "9 New Road"))
    ada = named(made, "OKAFOR")
    old, new = made.all(Address, subject=ada.id)
    assert (old.line1, old.ended_on) == ("1 High Street", TODAY)
    assert (new.line1, new.ended_on, new.started_on) == ("9 New Road", None, TODAY)


@pytest.mark.capability("R2", "W22")
def test_w22_a_field_changed_here_since_is_kept_listed_and_a_task(made: Made) -> None:
    brought(made, ADA)
    ada = named(made, "OKAFOR")
    people.change_person(made.writer, ada.id, {"given_name": "Adaeze"}, at=NOW)
    found = preview(made, ADA.replace("Ada,", "Adah,"))
    (plan,) = found.differing
    assert [(one.label, one.listed, one.here) for one in plan.differences] == [("First name", "Adah", "Adaeze")]
    imports.import_people(made.writer, found, at=NOW)
    assert made.one(Person, ada.id).given_name == "Adaeze"
    task = made.only(Task, subject=ada.id, kind="tell_practice")
    assert "First name" in task.detail
    assert "Adaeze" in task.detail
    brought(made, ADA.replace("Ada,", "Adah,"))
    assert len(made.all(Task, subject=ada.id, kind="tell_practice")) == 1


def test_w22_a_number_taken_out_here_is_not_brought_back(made: Made) -> None:
    brought(made, ADA)
    ada = named(made, "OKAFOR")
    people.remove_contact_point(made.writer, made.only(ContactPoint, subject=ada.id).id, "Not hers", at=NOW)
    brought(made, ADA)
    assert made.all(ContactPoint, subject=ada.id) == []


def test_an_empty_cell_removes_nothing(made: Made) -> None:
    brought(made, ADA)
    result = brought(made, "943 476 5919,OKAFOR,,02/03/1950,,,,,,")
    ada = named(made, "OKAFOR")
    assert result.unchanged == 1
    assert (ada.given_name, made.only(Address, subject=ada.id).line1) == ("Ada", "1 High Street")


def test_w10_an_import_never_replaces_an_address_with_safety_on_it(made: Made) -> None:
    brought(made, ADA)
    ada = named(made, "OKAFOR")
    address = made.only(Address, subject=ada.id)
    people.change_address(
        made.writer, address.id, {"safe_to_write": False, "safety_reason": "Partner opens post"}, at=NOW
    )
    brought(made, ADA.replace("1 High Street", "Flat 1 High Street"))
    kept = made.only(Address, subject=ada.id)
    assert (kept.id, kept.safe_to_write, kept.ended_on) == (address.id, False, None)
    assert made.only(Task, subject=ada.id).kind == "tell_practice"


def test_a_restricted_record_without_an_address_never_erases_one(made: Made) -> None:
    brought(made, ADA)
    headings = "NHS Number,Surname,Forename,Date of Birth,Address Line 1,Postcode,Restricted"
    brought(made, "943 476 5919,OKAFOR,Ada,02/03/1950,,,Yes", headings=headings)
    ada = named(made, "OKAFOR")
    assert ada.restricted is True
    assert made.only(Address, subject=ada.id).ended_on is None
    brought(made, "943 476 5919,OKAFOR,Ada,02/03/1950,,,No", headings=headings)
    assert named(made, "OKAFOR").restricted is True


@pytest.mark.capability("W20")
def test_w20_who_is_no_longer_on_the_list_is_moved_with_a_task_and_never_deleted(made: Made) -> None:
    brought(made, ADA, BEN)
    result = brought(made, ADA)
    assert result.not_on_list == 1
    ben = named(made, "BRIGHT")
    assert ben.list_state == "not_on_list"
    assert made.only(Task, subject=ben.id).kind == "practice_list"
    assert brought(made, ADA).not_on_list == 0
    assert made.one(Person, made.mary).list_state == "added_here"
    brought(made, ADA, BEN)
    assert named(made, "BRIGHT").list_state == "on_list"


def test_w20_a_list_cut_short_moves_nobody_unless_somebody_says_so(made: Made) -> None:
    rows = [
        f",PERSON{n},Number,{n % 28 + 1:02}/01/19{n:02},{n} Street,Hull,HU1 1AA,,B81001,Hill" for n in range(10, 40)
    ]
    brought(made, *rows)
    found = preview(made, rows[0])
    assert (found.short_list, len(found.not_on_list)) == (True, 29)
    assert brought(made, rows[0]).not_on_list == 0
    assert brought(made, rows[0], decisions=ImportDecisions(move_not_on_list=True)).not_on_list == 29


def test_a_possible_duplicate_is_offered_and_never_joined_alone(made: Made) -> None:
    row = ",JONES,Mary,01/05/1940,5 Mill Lane,Hull,HU2 2AA,,B81001,Hill Surgery"
    people.add_address(made.writer, Address(subject=made.mary, line1="1 Sea View", postcode="HU9 9ZZ", use="1"), at=NOW)
    (offer,) = preview(made, row).possible_duplicates
    assert [candidate.person_id for candidate in offer.candidates] == [made.mary]
    result = brought(made, row)
    assert (result.new, result.possible_duplicates) == (1, 1)
    added = next(person for person in made.all(Person, family_name="JONES") if person.id != made.mary)
    assert made.only(Task, subject=added.id).kind == "check_duplicate"
    assert made.all(Alias) == []
    again = brought(made, row)
    assert (again.new, again.possible_duplicates) == (0, 0)


@pytest.mark.parametrize(("decision", "people_after"), [("leave", 1), ("new", 2), ("same", 1)])
def test_each_decision_about_a_possible_duplicate(made: Made, decision: str, people_after: int) -> None:
    row = ",JONES,Mary,01/05/1940,5 Mill Lane,Hull,HU2 2AA,,B81001,Hill Surgery"
    people.add_address(made.writer, Address(subject=made.mary, line1="1 Sea View", postcode="HU9 9ZZ", use="1"), at=NOW)
    chosen = f"same:{made.mary}" if decision == "same" else decision
    result = brought(made, row, decisions=ImportDecisions({2: chosen}))
    assert len(made.all(Person)) == people_after
    assert result.left == ((2,) if decision == "leave" else ())
    if decision == "same":
        assert made.one(Person, made.mary).practice_id
        assert [address.line1 for address in made.all(Address, subject=made.mary)] == ["1 Sea View"]
    with pytest.raises(Refused):
        brought(made, ",JONES,Mari,01/05/1940,,,HU3 3AA,,,", decisions=ImportDecisions({2: "same:nobody"}))


def test_another_persons_nhs_number_waits_for_a_decision(made: Made) -> None:
    brought(made, ADA)
    result = brought(made, "943 476 5919,GREEN,Ivy,09/09/1999,8 Elm Road,Hull,HU5 5AA,,B81001,Hill Surgery")
    assert (result.new, result.left) == (0, (2,))


def test_the_same_person_twice_in_one_list_is_offered(made: Made) -> None:
    found = preview(made, ADA, ",OKAFOR,Ada,02/03/1950,7 Elm Road,Leeds,LS1 1AA,,B81001,Hill Surgery")
    assert (len(found.new), len(found.possible_duplicates)) == (1, 1)


def test_a_death_on_the_list_stops_what_a_death_stops(made: Made) -> None:
    brought(made, ADA)
    ada = named(made, "OKAFOR")
    from wellbeing_desktop.operations.tasks import add_task

    add_task(made.writer, Task(subject=ada.id, title="Ring", kind="call_back"), at=NOW)
    brought(made, ADA + ",01/10/2026", headings=HEADINGS + ",Date of Death")
    assert made.one(Person, ada.id).died_on == dt.date(2026, 10, 1)
    assert made.only(Task, subject=ada.id).outcome == "The person has died."


def test_an_import_is_whole_or_not_at_all(made: Made) -> None:
    found = preview(made, ADA, BEN)
    made.writer.connection.execute(
        "CREATE TEMP TRIGGER stop BEFORE INSERT ON main.import_run BEGIN SELECT RAISE(ABORT, 'no'); END"
    )
    with pytest.raises(Exception, match="no"):
        imports.import_people(made.writer, found, at=NOW)
    assert len(made.all(Person)) == 1
    assert made.writer.value("SELECT count(*) FROM organisation") == 0


def test_each_person_of_an_import_is_sent_as_a_group_of_their_own(made: Made) -> None:
    brought(made, ADA, BEN)
    groups = made.writer.rows("SELECT txn, count(DISTINCT subject) FROM outbox GROUP BY txn")
    assert all(subjects == 1 for _, subjects in groups)


@pytest.mark.capability("R2")
def test_undo_takes_back_new_people_and_lists_those_changed_since(made: Made) -> None:
    result = brought(made, ADA, BEN)
    ben = named(made, "BRIGHT")
    people.change_person(made.writer, ben.id, {"known_as": "Benny"}, at=NOW)
    _, undone = undo_import(made.writer, result.import_id, at=NOW)
    assert (undone.removed, undone.changed_since) == (1, (ben.id,))
    assert {person.family_name for person in made.all(Person)} == {"Jones", "BRIGHT"}
    with pytest.raises(Refused, match="already"):
        undo_import(made.writer, result.import_id, at=NOW)


def test_undo_puts_updated_people_back(made: Made) -> None:
    brought(made, ADA)
    second = brought(made, ADA.replace("Ada,", "Adaeze,").replace("1 High Street", "9 New Road"))
    ada = named(made, "OKAFOR")
    assert ada.given_name == "Adaeze"
    _, undone = undo_import(made.writer, second.import_id, at=NOW)
    assert undone.put_back == 1
    assert made.one(Person, ada.id).given_name == "Ada"
    address = made.only(Address, subject=ada.id)
    assert (address.line1, address.ended_on) == ("1 High Street", None)
    assert brought(made, ADA).unchanged == 1


def test_undo_leaves_a_person_who_has_new_work(made: Made) -> None:
    from wellbeing_desktop.operations.tasks import add_task

    result = brought(made, ADA)
    ada = named(made, "OKAFOR")
    add_task(made.writer, Task(subject=ada.id, title="Ring Ada"), at=NOW)
    _, undone = undo_import(made.writer, result.import_id, at=NOW)
    assert undone.changed_since == (ada.id,)
    assert made.one(Person, ada.id)


def test_words_for_gender_are_what_somebody_confirmed(made: Made) -> None:
    headings = "Surname,Forename,Date of Birth,Gender"
    found = listed("OKAFOR,Ada,02/03/1950,Woman", headings=headings)
    planned = preview_people_list(made.writer, found, genders={"Woman": "2"})
    imports.import_people(made.writer, planned, at=NOW)
    assert made.only(Demographics, subject=named(made, "OKAFOR").id).stated_gender == "2"


def test_a_person_changed_between_preview_and_import_is_left_as_they_are(made: Made) -> None:
    brought(made, ADA)
    ada = named(made, "OKAFOR")
    planned = preview(made, ADA.replace("Ada,", "Adaeze,"))
    people.change_person(made.writer, ada.id, {"given_name": "Addy"}, at=NOW)
    _, result = imports.import_people(made.writer, planned, at=NOW)
    assert (result.updated, made.one(Person, ada.id).given_name) == (0, "Addy")
