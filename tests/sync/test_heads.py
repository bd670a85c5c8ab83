"""Two consents, alerts, plans or amendments that stand at once are shown to a person."""

import datetime as dt
import json
from typing import Any

import pytest

from wellbeing_desktop.domain.alerts import in_force
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.operation import Operation, OperationKind
from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.domain.safety import Alert
from wellbeing_desktop.sync.heads import competes, head_clash, live_heads
from wellbeing_desktop.sync.outcome import ConflictWrite, RecordState, Settings

SUBJECT, AUTHOR = new_id(), new_id()


def record(type_name: str, **body: Any) -> RecordState:
    return RecordState(
        id=new_id(),
        type=type_name,
        subject=SUBJECT,
        compartment="core",
        body=body,
        rev=1,
        field_rev=dict.fromkeys(body, (1, AUTHOR)),
    )


def clash(records: list[RecordState], conflicts: list[RecordState] | None = None) -> ConflictWrite | None:
    """As though the last record had just been written."""
    written = records[-1]
    operation = Operation(
        op_id=new_id(),
        txn=new_id(),
        id=written.id,
        type=written.type,
        subject=SUBJECT,
        compartment="core",
        kind=OperationKind.CREATE,
        author=AUTHOR,
        at="",
    )
    return head_clash(RECORD_TYPES[written.type], written, records, conflicts or [], operation, Settings())


def test_two_consents_that_replace_one_consent_are_a_conflict() -> None:
    first = record("consent", purpose="sharing", decision="agreed")
    one = record("consent", purpose="sharing", decision="objected", supersedes=first.id)
    other = record("consent", purpose="sharing", decision="agreed", supersedes=first.id)
    found = clash([first, one, other])
    assert found is not None
    assert found.body["field"] == "supersedes"
    assert found.body["target_id"] == one.id
    assert json.loads(found.body["mine"]) == other.id
    assert json.loads(found.body["theirs"]) == one.id


def test_a_chain_of_consents_has_one_head() -> None:
    first = record("consent", purpose="sharing")
    second = record("consent", purpose="sharing", supersedes=first.id)
    third = record("consent", purpose="sharing", supersedes=second.id)
    assert clash([first, second, third]) is None
    assert live_heads([first, second, third]) == [third]


def test_consents_for_different_purposes_do_not_compete() -> None:
    assert clash([record("consent", purpose="sharing"), record("consent", purpose="photographs")]) is None


def test_two_separate_alerts_of_one_kind_are_two_facts() -> None:
    assert clash([record("alert", kind="visiting"), record("alert", kind="visiting")]) is None
    assert clash([record("alert", kind="visiting", ended=True), record("alert", kind="visiting")]) is None


@pytest.mark.parametrize(
    ("one", "other", "rivals"),
    [
        ({}, {}, True),
        ({"ended": True}, {}, True),
        ({}, {"ended": True}, True),
        ({"ended": True}, {"ended": True}, False),
    ],
)
def test_two_alerts_that_replace_one_alert_are_rivals_unless_both_end_it(
    one: dict[str, Any], other: dict[str, Any], rivals: bool
) -> None:
    first = record("alert", kind="visiting")
    both = [record("alert", kind="visiting", supersedes=first.id, **more) for more in (one, other)]
    assert (clash([first, *both]) is not None) is rivals


def test_the_screens_show_beside_each_other_what_the_merge_calls_rivals() -> None:
    first, apart = record("alert", kind="visiting"), record("alert", kind="visiting")
    one, other = (record("alert", kind="visiting", supersedes=first.id) for _ in range(2))
    family = [first, apart, one, other]
    shown = in_force([Alert(id=state.id, **state.body) for state in family], dt.date(2026, 11, 21))
    beside = {item.alert.id: {rival.id for rival in item.clashing} for item in shown}
    assert beside == {apart.id: set(), one.id: {other.id}, other.id: {one.id}}
    assert clash(family) is not None
    assert clash([first, one, other, apart]) is None


def test_two_current_plans_compete_and_an_ended_one_does_not() -> None:
    assert clash([record("care_plan", state="agreed"), record("care_plan", state="draft")]) is not None
    assert clash([record("care_plan", state="ended"), record("care_plan", state="draft")]) is None


def test_two_amendments_of_one_field_are_a_clash_and_of_two_fields_are_not() -> None:
    target = new_id()
    one = record("amendment", target_id=target, field="place", value='"home"')
    assert clash([one, record("amendment", target_id=target, field="place", value='"ward"')]) is not None
    assert clash([one, record("amendment", target_id=target, field="medium", value='"01"')]) is None


def test_a_settled_conflict_takes_its_loser_out_and_a_pair_is_asked_about_once() -> None:
    one, other = record("consent", purpose="sharing"), record("consent", purpose="sharing")
    found = clash([one, other])
    assert found is not None
    conflict = RecordState(id=found.id, type="conflict", subject=SUBJECT, compartment="core", body=found.body)
    assert clash([one, other], [conflict]) is None
    settled = RecordState(
        id=found.id,
        type="conflict",
        subject=SUBJECT,
        compartment="core",
        body={**found.body, "state": "settled", "settled_value": json.dumps(one.id)},
    )
    assert live_heads([one, other], [settled]) == [one]


def test_only_records_that_supersede_compete() -> None:
    assert not competes(RECORD_TYPES["person"])
    assert not competes(None)
    assert competes(RECORD_TYPES["alert"])
