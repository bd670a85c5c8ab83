"""PRACTICE W7: dated statements, never a level of risk; a clash shows both."""

import datetime as dt

import pytest

from wellbeing_desktop.domain.alerts import before_visit, cautious_first, check_alert, in_force
from wellbeing_desktop.domain.definition import fields_of
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.safety import Alert, SafetyFact

TODAY = dt.date(2026, 11, 20)


def alert(id: str, **more: object) -> Alert:
    values = {
        "kind": "visiting",
        "statement": "Dog loose in the garden",
        "what_to_do": "Ring first",
        "source": "District nurse",
        "stated_on": dt.date(2026, 10, 1),
        "review_on": dt.date(2027, 4, 1),
        **more,
    }
    return Alert(id=id, subject="mary", **values)


def test_a_replaced_or_ended_alert_is_not_in_force() -> None:
    first = alert("1")
    second = alert("2", supersedes="1", statement="Dog is gone")
    assert [item.alert.id for item in in_force([first, second], TODAY)] == ["2"]
    third = alert("3", supersedes="2", ended=True, end_reason="Moved house")
    assert in_force([first, second, third], TODAY) == ()


def test_w7_when_one_ends_it_and_another_renews_it_both_are_shown_and_it_stays_in_force() -> None:
    first = alert("1")
    ended = alert("2", supersedes="1", ended=True, end_reason="No dog seen")
    renewed = alert("3", supersedes="1", statement="Two dogs now")
    (shown,) = in_force([first, ended, renewed], TODAY)
    assert shown.alert.id == "3"
    assert [rival.id for rival in shown.clashing] == ["2"]


def test_two_separate_statements_of_one_kind_are_no_clash() -> None:
    shown = in_force([alert("1"), alert("2", statement="Broken step")], TODAY)
    assert len(shown) == 2
    assert all(item.clashing == () for item in shown)


def test_what_is_for_before_a_visit_comes_first_then_the_newest() -> None:
    old = alert("old", before_visit=True, stated_on=dt.date(2025, 1, 1))
    new = alert("new", stated_on=dt.date(2026, 11, 1))
    middle = alert("middle")
    assert [item.alert.id for item in in_force([middle, new, old], TODAY)] == ["old", "new", "middle"]
    assert [item.alert.id for item in before_visit([middle, new, old], TODAY)] == ["old"]


def test_an_alert_past_its_review_still_holds_and_says_so() -> None:
    (shown,) = in_force([alert("1", review_on=dt.date(2026, 11, 19))], TODAY)
    assert shown.review_overdue
    (due_today,) = in_force([alert("1", review_on=TODAY)], TODAY)
    assert not due_today.review_overdue


@pytest.mark.parametrize(
    ("field", "values", "first"),
    [
        ("presence", ["none_known", "present"], "present"),
        ("presence", ["none_known", "something new"], "something new"),
        ("safe_to_write", [True, False], False),
        ("safe_to_call", [True, None], None),
        ("two_person_visit", [False, True], True),
        ("statement", ["", "Penicillin"], "Penicillin"),
    ],
)
def test_the_more_cautious_of_two_clashing_values_comes_first(field: str, values: list[object], first: object) -> None:
    assert cautious_first(field, values)[0] == first
    assert sorted(map(str, cautious_first(field, values))) == sorted(map(str, values))


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"kind": ""}, "kind"),
        ({"statement": " "}, "statement"),
        ({"what_to_do": ""}, "what_to_do"),
        ({"source": ""}, "source"),
        ({"stated_on": None}, "stated_on"),
        ({"stated_on": TODAY + dt.timedelta(days=1)}, "stated_on"),
        ({"review_on": None}, "review_on"),
        ({"review_on": dt.date(2026, 9, 1)}, "review_on"),
        ({"ended": True}, "end_reason"),
    ],
)
def test_w7_an_alert_is_a_dated_statement_with_its_source_what_to_do_and_a_review(
    more: dict[str, object], field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        check_alert(alert("1", **more), TODAY)
    assert refusal.value.field == field


def test_w7_no_field_of_an_alert_or_safety_fact_holds_a_level() -> None:
    for struct in (Alert, SafetyFact):
        for field in fields_of(struct):
            assert not {"level", "risk", "severity", "rating", "rag"} & set(field.name.split("_")), field.name
