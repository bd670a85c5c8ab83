"""Two consents, alerts, plans or amendments that stand at once are shown to a person."""

import json
from typing import Any

from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.operation import Operation, OperationKind
from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.sync.heads import competes, head_clash, live_heads
from wellbeing_desktop.sync.merge import ConflictWrite, RecordState, Settings

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
    assert live_heads(RECORD_TYPES["consent"], [first, second, third]) == [third]


def test_consents_for_different_purposes_do_not_compete() -> None:
    assert clash([record("consent", purpose="sharing"), record("consent", purpose="photographs")]) is None


def test_an_ended_alert_competes_for_nothing() -> None:
    assert clash([record("alert", kind="dog", ended=True), record("alert", kind="dog")]) is None
    assert clash([record("alert", kind="dog"), record("alert", kind="dog")]) is not None


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
    assert live_heads(RECORD_TYPES["consent"], [one, other], [settled]) == [one]


def test_only_records_that_supersede_compete() -> None:
    assert not competes(RECORD_TYPES["person"])
    assert not competes(None)
    assert competes(RECORD_TYPES["alert"])
