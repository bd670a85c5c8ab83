"""PRACTICE W1 and SECURITY 3.4: one check, for the server and for the laptop's store."""

import datetime as dt

import pytest

from wellbeing_desktop.domain import grants
from wellbeing_desktop.domain.definition import Compartment, SubjectKind
from wellbeing_desktop.domain.organisation import Grant
from wellbeing_desktop.domain.registry import RECORD_TYPES

TODAY = dt.date(2026, 11, 20)
PERSON = RECORD_TYPES["person"]
CONTACT = RECORD_TYPES["contact"]


def grant(kind: str, *subjects: str, **more: object) -> Grant:
    return Grant(id="g", subject="me", practitioner_id="me", kind=kind, subjects=subjects, **more)


def held(kind: str, **more: object) -> set[str]:
    return {
        compartment.value
        for compartment in Compartment
        if grants.may_hold([grant(kind, "mary", **more)], "mary", compartment, TODAY)
    }


def test_w1_each_kind_holds_its_own_compartments() -> None:
    assert held("caseload") == {"card", "core", "documents", "clinical"}
    assert held("team") == {"card", "core", "documents", "clinical"}
    assert held("front_desk") == {"card"}
    assert held("office") == {"card", "core", "documents"}
    assert held("return") == {"card", "core"}
    assert held("owner") == {"card", "core", "documents", "clinical", "restricted"}


def test_listing_more_compartments_never_widens_a_kind() -> None:
    everything = tuple(compartment.value for compartment in Compartment)
    assert held("front_desk", compartments=everything) == {"card"}
    assert held("return", compartments=everything) == {"card", "core"}
    assert held("caseload", compartments=everything) == set(everything)


def test_restricted_is_held_only_where_it_is_named() -> None:
    assert "restricted" not in held("caseload")
    assert held("caseload", compartments=("card", "restricted")) == {"card", "restricted"}


def test_a_grant_says_nothing_about_anybody_else() -> None:
    mine = [grant("caseload", "mary")]
    assert not grants.may_hold(mine, "john", "card", TODAY)
    assert grants.visible_body(mine, PERSON, "john", {"family_name": "Jones"}, TODAY) is None


def test_everyone_is_a_star() -> None:
    assert grants.may_hold([grant("front_desk", "*")], "anybody", "card", TODAY)


def test_a_kind_from_a_newer_version_gives_nothing() -> None:
    assert held("auditor") == set()


@pytest.mark.parametrize(
    ("since", "until", "in_force"),
    [
        (None, None, True),
        (TODAY, TODAY, True),
        (TODAY + dt.timedelta(days=1), None, False),
        (None, TODAY - dt.timedelta(days=1), False),
    ],
)
def test_a_grant_holds_from_its_first_day_to_its_last(
    since: dt.date | None, until: dt.date | None, in_force: bool
) -> None:
    dated = [grant("caseload", "mary", since_on=since, until_on=until)]
    assert grants.may_hold(dated, "mary", "card", TODAY) is in_force


def test_two_grants_add_up() -> None:
    both = [grant("caseload", "mary", may_write=True), grant("front_desk", "*")]
    assert grants.may_hold(both, "john", "card", TODAY)
    assert not grants.may_hold(both, "john", "clinical", TODAY)
    assert grants.may_hold(both, "mary", "clinical", TODAY)


def test_writing_needs_the_grant_to_say_so() -> None:
    assert not grants.may_write([grant("caseload", "mary")], "mary", "core", TODAY)
    assert grants.may_write([grant("caseload", "mary", may_write=True)], "mary", "core", TODAY)
    assert not grants.may_write([grant("caseload", "mary", may_write=True)], "mary", "restricted", TODAY)


def test_a_return_grant_changes_nothing_about_a_person_and_keeps_return_runs() -> None:
    manager = [grant("return", "*", may_write=True)]
    assert not grants.may_write(manager, "mary", "core", TODAY, CONTACT)
    assert not grants.may_write(manager, "mary", "card", TODAY, PERSON)
    assert grants.may_write(manager, "org", "core", TODAY, RECORD_TYPES["return_run"], SubjectKind.ORGANISATION)
    assert not grants.may_write(manager, "org", "card", TODAY, RECORD_TYPES["setting"], SubjectKind.ORGANISATION)


def test_w1_the_office_sees_and_changes_appointments_but_no_other_core_and_no_notes() -> None:
    office = [grant("office", "*", may_write=True)]
    appointment = RECORD_TYPES["appointment"]
    assert grants.visible_body(office, appointment, "mary", {"purpose": "Review"}, TODAY) == {"purpose": "Review"}
    assert grants.may_write(office, "mary", "core", TODAY, appointment)
    assert grants.visible_body(office, RECORD_TYPES["score"], "mary", {"value": 3}, TODAY) is None
    assert not grants.may_write(office, "mary", "core", TODAY, RECORD_TYPES["score"])
    assert not grants.may_write(office, "mary", "core", TODAY)
    assert grants.visible_body(office, RECORD_TYPES["note"], "mary", {"text": "words"}, TODAY) is None
    assert grants.visible_body(office, RECORD_TYPES["letter"], "mary", {"body": "Dear"}, TODAY) == {"body": "Dear"}


def test_w1_the_front_desk_adds_a_task_and_a_contact_for_anybody_but_reads_only_the_card() -> None:
    desk = [grant("front_desk", "*", may_write=True)]
    assert grants.may_add(desk, "mary", RECORD_TYPES["task"], TODAY)
    assert grants.may_add(desk, "mary", CONTACT, TODAY)
    assert not grants.may_add(desk, "mary", RECORD_TYPES["note"], TODAY)
    assert grants.visible_body(desk, CONTACT, "mary", {"medium": "02"}, TODAY) is None
    assert grants.may_write(desk, "mary", "card", TODAY, RECORD_TYPES["contact_point"])


def test_w1_a_return_grant_shows_counted_fields_and_no_free_text() -> None:
    manager = [grant("return", "*")]
    seen = grants.visible_body(
        manager,
        CONTACT,
        "mary",
        {
            "happened_on": "2026-10-02",
            "medium": "02",
            "outcome": "5",
            "late_reason": "no signal",
            "present": ["daughter"],
            "unknown_field": "x",
        },
        TODAY,
    )
    assert seen == {"happened_on": "2026-10-02", "medium": "02", "outcome": "5"}
    for name, record_type in RECORD_TYPES.items():
        if record_type.subject_kind is not SubjectKind.PERSON:
            continue
        body = {field.name: "sentinel" for field in record_type.fields if grants.is_free_text(field)}
        if name in ("amendment", "misfiling", "alias"):
            continue
        seen = grants.visible_body(manager, record_type, "mary", body, TODAY, record_type.compartment or "core")
        assert not seen, f"{name} shows free text to a return grant: {seen}"


def test_w1_names_only_if_the_organisation_grants_them_and_never_of_a_restricted_record() -> None:
    body = {"family_name": "Jones", "given_name": "Mary", "born_on": "1940-01-02", "nhs_number": "9990000018"}
    without = grants.visible_body([grant("return", "*")], PERSON, "mary", body, TODAY)
    assert without == {"born_on": "1940-01-02"}
    with_names = [grant("return", "*", with_names=True)]
    assert grants.visible_body(with_names, PERSON, "mary", body, TODAY) == {
        "born_on": "1940-01-02",
        "family_name": "Jones",
        "given_name": "Mary",
    }
    restricted = grants.visible_body(with_names, PERSON, "mary", {**body, "restricted": True}, TODAY)
    assert restricted == {"born_on": "1940-01-02"}


def test_a_return_grant_sees_what_puts_a_counted_value_right_but_not_why() -> None:
    manager = [grant("return", "*")]
    amendment = RECORD_TYPES["amendment"]
    body = {"target_type": "contact", "target_id": "c", "field": "outcome", "value": '"3"', "reason": "I was wrong"}
    seen = grants.visible_body(manager, amendment, "mary", body, TODAY, Compartment.CORE)
    assert seen == {"target_type": "contact", "target_id": "c", "field": "outcome", "value": '"3"'}
    of_text = {**body, "field": "late_reason", "value": '"words"'}
    assert grants.visible_body(manager, amendment, "mary", of_text, TODAY, Compartment.CORE) is None
    misfiled = grants.visible_body(
        manager, RECORD_TYPES["misfiling"], "mary", {"target_id": "c", "reason": "words"}, TODAY, Compartment.CORE
    )
    assert misfiled == {"target_id": "c"}


def test_what_the_organisation_knows_is_added_to_by_everybody_who_may_change_anything_and_approved_by_few() -> None:
    coordinator = [Grant(practitioner_id="me", kind="caseload", may_write=True)]
    only_reading = [Grant(practitioner_id="me", kind="caseload")]
    org = SubjectKind.ORGANISATION

    def may(held: list[Grant], name: str) -> bool:
        return grants.may_write(held, "org", "card", TODAY, RECORD_TYPES[name], org)

    assert may(coordinator, "article")
    assert may(coordinator, "knowledge_report")
    assert may(coordinator, "service")
    assert not may(coordinator, "article_edition")
    assert not may(coordinator, "digital_module")
    assert not may(only_reading, "article")


def test_a_message_is_written_by_anybody_and_seen_by_the_two_it_is_between() -> None:
    message = RECORD_TYPES["message"]
    words = {"from_id": "sender", "words": "Ring Mary"}

    def held(by: str) -> list[Grant]:
        return [Grant(practitioner_id=by, kind="caseload", may_write=True)]

    assert grants.may_add(held("sender"), "reader", message, TODAY)
    for who, seen in (("sender", words), ("reader", words), ("third", None)):
        assert grants.visible_body(held(who), message, "reader", words, TODAY) == seen
    practitioner = SubjectKind.PRACTITIONER
    assert grants.may_write(held("reader"), "reader", "card", TODAY, message, practitioner)
    assert not grants.may_write(held("sender"), "reader", "card", TODAY, message, practitioner)


def test_a_concern_is_raised_by_whoever_may_reach_the_person_and_read_by_those_named() -> None:
    concern = RECORD_TYPES["concern"]
    for kind in ("caseload", "front_desk", "office"):
        held = [Grant(practitioner_id="me", kind=kind, subjects=("mary",), may_write=True)]
        assert grants.may_add(held, "mary", concern, TODAY)
        assert not grants.may_add(held, "joe", concern, TODAY)
        assert not grants.may_hold(held, "mary", "restricted", TODAY)
    assert grants.may_add(held, "org", RECORD_TYPES["incident"], TODAY)
    assert not grants.may_add(
        [Grant(practitioner_id="me", kind="caseload", subjects=("mary",))], "mary", concern, TODAY
    )


def test_cards_of_the_organisation_are_for_everyone_with_a_grant() -> None:
    for kind in ("caseload", "front_desk", "office", "return"):
        mine = [grant(kind, "mary")]
        assert grants.may_hold(mine, "org", "card", TODAY, SubjectKind.ORGANISATION)
        seen = grants.visible_body(mine, RECORD_TYPES["organisation"], "org", {"name": "Hill Surgery"}, TODAY)
        assert seen == {"name": "Hill Surgery"}
    assert not grants.may_hold([], "org", "card", TODAY, SubjectKind.ORGANISATION)


def test_a_colleagues_grants_are_not_shown() -> None:
    mine = [grant("caseload", "mary")]
    record_type = RECORD_TYPES["grant"]
    assert grants.visible_body(mine, record_type, "colleague", {"subjects": ["john"]}, TODAY) is None
    assert grants.visible_body(mine, record_type, "me", {"subjects": ["mary"]}, TODAY) == {"subjects": ["mary"]}
    owner = [grant("owner", "*")]
    assert grants.visible_body(owner, record_type, "colleague", {"subjects": ["john"]}, TODAY) is not None


def test_return_runs_are_for_the_return_grant_and_the_owner() -> None:
    run = RECORD_TYPES["return_run"]
    assert grants.visible_body([grant("return", "*")], run, "org", {"month": "2026-10"}, TODAY) == {"month": "2026-10"}
    assert grants.visible_body([grant("caseload", "mary")], run, "org", {"month": "2026-10"}, TODAY) is None


def test_a_type_without_a_compartment_of_its_own_must_say_where_it_is() -> None:
    with pytest.raises(ValueError, match="say which compartment"):
        grants.visible_body([grant("owner", "*")], RECORD_TYPES["alert"], "mary", {}, TODAY)


def test_shows_whole_records_agrees_with_visible_body() -> None:
    body = {"unknown": "kept"}
    for kind in ("caseload", "team", "front_desk", "office", "return", "owner"):
        mine = [grant(kind, "*")]
        for record_type in RECORD_TYPES.values():
            where = record_type.compartment or Compartment.CLINICAL
            if grants.shows_whole_records(mine, "s", where, TODAY, record_type.subject_kind):
                assert grants.visible_body(mine, record_type, "s", body, TODAY, where) == body


def test_w19_the_services_own_files_are_the_owners_and_theirs_who_are_named_for_what_is_restricted() -> None:
    where, kind, complaint = Compartment.RESTRICTED, SubjectKind.ORGANISATION, RECORD_TYPES["complaint"]

    def of_files(kind_of_grant: str, *subjects: str, **more: object) -> tuple[bool, bool, bool]:
        given = [grant(kind_of_grant, *subjects, may_write=True, **more)]
        return (
            grants.may_hold(given, "org", where, TODAY, kind),
            grants.may_write(given, "org", where, TODAY, complaint, kind),
            grants.may_add(given, "org", complaint, TODAY),
        )

    assert of_files("owner", "*") == (True, True, True)
    for each in ("caseload", "team", "front_desk", "office"):
        assert of_files(each, "*") == (False, False, True)
    named = ("core", "restricted")
    assert of_files("team", "*", compartments=named) == (True, True, True)
    assert of_files("caseload", "org", compartments=named) == (True, True, True)
    assert of_files("team", "mary", compartments=named) == (False, False, True)
    for each in ("front_desk", "office", "return"):
        assert of_files(each, "*", compartments=named)[0] is False
