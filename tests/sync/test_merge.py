"""The rules of SYNC 3.5, sentence by sentence."""

import itertools
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.operation import Operation, OperationKind
from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.sync.clashes import conflict_id, written_conflict
from wellbeing_desktop.sync.merge import apply
from wellbeing_desktop.sync.outcome import Mark, Outcome, RecordState, Settings, Verdict

ANNA, BEN, CARA = new_id(), new_id(), new_id()


class Record:
    """A server of one record: what it holds, its conflicts, and every value that it remembers."""

    def __init__(self, type_name: str, body: dict[str, Any]) -> None:
        self.type = RECORD_TYPES[type_name]
        self.id, self.subject = new_id(), new_id()
        self.compartment = (self.type.compartment or "clinical").__str__()
        self.state: RecordState | None = None
        self.conflicts: dict[str, RecordState] = {}
        self.remembered: list[Any] = []
        self.send(self.operation(ANNA, OperationKind.CREATE, body))

    def operation(
        self,
        author: str,
        kind: OperationKind = OperationKind.CHANGE,
        patch: dict[str, Any] | None = None,
        was: dict[str, Any] | None = None,
        base: int | None = None,
    ) -> Operation:
        return Operation(
            op_id=new_id(),
            txn=new_id(),
            id=self.id,
            type=self.type.name,
            subject=self.subject,
            compartment=self.compartment,
            kind=kind,
            author=author,
            at="2026-10-05T09:00:00.000000Z",
            base=(self.state.rev if self.state else 0) if base is None else base,
            patch=patch or {},
            was=was or {},
        )

    def change(self, author: str, field: str, was: Any, new: Any, base: int | None = None) -> Outcome:
        return self.send(self.operation(author, patch={field: new}, was={field: was}, base=base))

    def send(self, operation: Operation) -> Outcome:
        outcome = apply(self.type, self.state, operation, self.open(), Settings(device="laptop"))
        if outcome.verdict is Verdict.QUARANTINED:
            self.remembered.append(operation.patch)
        self.state = outcome.state
        self.remembered += [outcome.patch, outcome.kept]
        for write in outcome.conflicts:
            self.conflicts[write.id] = written_conflict(self.conflicts.get(write.id), write, operation)
            self.remembered.append(write.patch)
        return outcome

    def open(self) -> list[RecordState]:
        return [conflict for conflict in self.conflicts.values() if conflict.body["state"] == "open"]

    def body(self) -> dict[str, Any]:
        assert self.state is not None
        return self.state.body

    def remembers(self, value: str) -> bool:
        return json.dumps(value) in json.dumps(self.remembered) or json.dumps(json.dumps(value))[1:-1] in json.dumps(
            self.remembered
        )


def narrative() -> Record:
    return Record("plan_narrative", {"plan_id": new_id(), "support": "T0"})


def test_an_edit_on_top_of_ones_own_unmerged_text_never_overwrites_a_colleagues_unseen_text() -> None:
    record = narrative()
    record.change(BEN, "support", "T0", "Ben's words")
    record.change(ANNA, "support", "T0", "Anna's words", base=1)
    outcome = record.change(ANNA, "support", "Anna's words", "Anna's words, and more", base=1)
    assert outcome.verdict is Verdict.CONFLICT
    assert record.body()["support"] == "Ben's words"
    (conflict,) = record.open()
    assert conflict.body["mine"] == '"Anna\'s words, and more"'
    assert conflict.body["theirs"] == '"Ben\'s words"'
    assert conflict.body["base"] == '"T0"'


def test_five_offline_saves_of_one_narrative_are_one_conflict() -> None:
    record = narrative()
    record.change(BEN, "support", "T0", "B")
    texts = ["T0", "a1", "a2", "a3", "a4", "a5"]
    for was, new in itertools.pairwise(texts):
        record.change(ANNA, "support", was, new, base=1)
    (conflict,) = record.open()
    assert conflict.body["mine"] == '"a5"'
    assert len(conflict.body["operations"]) == 5
    assert record.body()["support"] == "B"


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_both_narratives_are_kept_whoever_syncs_first(order: tuple[int, int]) -> None:
    record = narrative()
    edits = [(ANNA, "A"), (BEN, "B")]
    for index in order:
        author, text = edits[index]
        record.change(author, "support", "T0", text, base=1)
    (conflict,) = record.open()
    first, second = edits[order[0]], edits[order[1]]
    assert record.body()["support"] == first[1]
    assert conflict.body["mine"] == json.dumps(second[1])
    assert conflict.body["mine_author"] == second[0]
    assert conflict.body["theirs"] == json.dumps(first[1])
    assert conflict.body["theirs_author"] == first[0]


def test_different_fields_merge_and_are_labelled() -> None:
    record = Record("person", {"family_name": "Ellis", "given_name": "Joan"})
    assert record.change(ANNA, "known_as", None, "Joanie", base=1).verdict is Verdict.APPLIED
    outcome = record.change(BEN, "usual_gp", None, "Dr Shah", base=1)
    assert outcome.verdict is Verdict.MERGED
    assert outcome.marks == (Mark.AT_SAME_TIME,)
    assert record.body()["known_as"] == "Joanie"
    assert record.body()["usual_gp"] == "Dr Shah"
    assert record.open() == []


def test_the_same_value_from_both_is_no_conflict() -> None:
    record = narrative()
    record.change(ANNA, "support", "T0", "same", base=1)
    rev = record.state.rev if record.state else 0
    assert record.change(BEN, "support", "T0", "same", base=1).verdict is Verdict.APPLIED
    assert record.open() == []
    assert record.state is not None
    assert record.state.rev == rev


def test_an_ordinary_field_takes_the_last_accepted_and_history_keeps_the_other() -> None:
    record = Record("person", {"family_name": "Ellis"})
    record.change(ANNA, "usual_gp", None, "Dr A", base=1)
    outcome = record.change(BEN, "usual_gp", None, "Dr B", base=1)
    assert outcome.verdict is Verdict.MERGED
    assert outcome.was == {"usual_gp": "Dr A"}
    assert record.body()["usual_gp"] == "Dr B"
    assert record.remembers("Dr A")


def test_a_safety_field_is_never_settled_by_the_machine() -> None:
    record = Record("person", {"family_name": "Ellis", "born_on": "1950-01-02"})
    record.change(ANNA, "born_on", "1950-01-02", "1950-02-01", base=1)
    outcome = record.change(BEN, "born_on", "1950-01-02", "1951-01-02", base=1)
    assert outcome.verdict is Verdict.CONFLICT
    assert record.body()["born_on"] == "1950-02-01"


@pytest.mark.parametrize(
    ("type_name", "field"), [("referral", "allocated_to"), ("enquiry", "claimed_by"), ("task", "owner_id")]
)
def test_two_people_who_give_one_thing_to_two_owners_are_a_clash_and_never_two_owners_in_silence(
    type_name: str, field: str
) -> None:
    record = Record(type_name, {})
    record.change(ANNA, field, None, "owner-1", base=1)
    outcome = record.change(BEN, field, None, "owner-2", base=1)
    assert outcome.verdict is Verdict.CONFLICT
    assert record.body()[field] == "owner-1"
    (clash,) = record.open()
    assert (clash.body["mine"], clash.body["theirs"]) == ('"owner-2"', '"owner-1"')
    assert record.change(CARA, field, "owner-1", "owner-1", base=2).verdict is Verdict.APPLIED


def test_a_state_that_goes_further_stands_in_either_order() -> None:
    for order in (("not_attended", "attended"), ("attended", "not_attended")):
        record = Record("appointment", {"state": "booked"})
        record.change(ANNA, "state", "booked", order[0], base=1)
        record.change(BEN, "state", "booked", order[1], base=1)
        assert record.body()["state"] == "attended"
        assert record.open() == []
        assert record.remembers("not_attended")


def test_two_different_end_states_wait_for_a_person() -> None:
    record = Record("task", {"state": "open"})
    record.change(ANNA, "state", "open", "done", base=1)
    assert record.change(BEN, "state", "open", "cancelled", base=1).verdict is Verdict.CONFLICT
    assert record.body()["state"] == "done"


def test_a_step_that_its_author_could_not_take_is_quarantined() -> None:
    record = Record("task", {"state": "done"})
    outcome = record.change(ANNA, "state", "done", "cancelled")
    assert (outcome.verdict, outcome.why) == (Verdict.QUARANTINED, "not_a_step")


def test_immutable_and_superseding_records_do_not_change() -> None:
    for type_name, body, field in (
        ("contact", {"medium": "01"}, "medium"),
        ("consent", {"purpose": "sharing"}, "decision"),
    ):
        outcome = Record(type_name, body).change(ANNA, field, None, "other")
        assert (outcome.verdict, outcome.why) == (Verdict.QUARANTINED, "immutable")


def test_an_edit_of_a_note_that_was_signed_meanwhile_is_kept_beside_it() -> None:
    record = Record("note", {"text": "draft"})
    record.change(ANNA, "signed_at", None, "2026-10-05T10:00:00.000000Z", base=1)
    outcome = record.change(BEN, "text", "draft", "draft, with more", base=1)
    assert outcome.verdict is Verdict.CONFLICT
    assert record.body()["text"] == "draft"
    assert record.remembers("draft, with more")


def test_nobody_signs_words_that_they_have_not_seen() -> None:
    record = Record("note", {"text": "draft"})
    record.change(BEN, "text", "draft", "Ben's words", base=1)
    signature = {"signed_at": "2026-10-05T10:00:00.000000Z", "signed_by": ANNA}
    outcome = record.send(record.operation(ANNA, patch=signature, base=1))
    assert outcome.verdict is Verdict.CONFLICT
    assert not {"signed_at", "signed_by"} & record.body().keys()
    assert [conflict.body["field"] for conflict in record.open()] == ["signed_at"]
    assert record.open()[0].body["mine_author"] == ANNA


def test_a_second_signature_asks_nobody_and_stays_in_history() -> None:
    record = Record("note", {"text": "draft"})
    first = {"signed_at": "2026-10-05T10:00:00.000000Z", "signed_by": BEN}
    second = {"signed_at": "2026-10-05T10:30:00.000000Z", "signed_by": ANNA}
    record.send(record.operation(BEN, patch=first, base=1))
    outcome = record.send(record.operation(ANNA, patch=second, base=1))
    assert outcome.conflicts == ()
    assert outcome.kept == second
    assert Mark.OVERTAKEN in outcome.marks
    assert record.body() == {"text": "draft", **first}


def test_an_edit_wins_over_a_removal_in_either_order_and_a_person_is_asked() -> None:
    for removed_first in (True, False):
        record = Record("note", {"text": "draft"})
        removal = record.operation(BEN, OperationKind.REMOVE, {"reason": "in error"}, base=1)
        edit = record.operation(ANNA, patch={"text": "more"}, was={"text": "draft"}, base=1)
        for operation in (removal, edit) if removed_first else (edit, removal):
            outcome = record.send(operation)
        assert outcome.verdict is Verdict.CONFLICT
        assert record.state is not None
        assert not record.state.deleted
        assert record.body() == {"text": "more"}
        assert [conflict.body["field"] for conflict in record.open()] == ["removed"]
        assert record.remembers("in error")


def test_a_record_that_two_made_stands_when_one_takes_theirs_back_and_ones_own_sent_again_stays_gone() -> None:
    body = {"referral_id": "r", "opened_on": "2026-10-05", "state": "open"}
    record = Record("episode", body)
    record.send(record.operation(ANNA, OperationKind.REMOVE, {"reason": "Undone"}))
    again = record.send(record.operation(ANNA, OperationKind.CREATE, body, base=0))
    assert again.verdict is Verdict.APPLIED
    assert record.state is not None
    assert record.state.deleted
    other = record.send(record.operation(BEN, OperationKind.CREATE, body, base=0))
    assert other.verdict is Verdict.CONFLICT
    assert not record.state.deleted
    assert [one.body["field"] for one in record.open()] == ["removed"]


def test_two_removals_agree() -> None:
    record = Record("note", {"text": "draft"})
    for author, reason in ((ANNA, "wrong person"), (BEN, "twice")):
        outcome = record.send(record.operation(author, OperationKind.REMOVE, {"reason": reason}, base=1))
        assert outcome.verdict is Verdict.APPLIED
        assert record.remembers(reason)
    assert record.open() == []


def test_an_older_removal_does_not_undo_a_restoring() -> None:
    record = Record("note", {"text": "draft"})
    record.send(record.operation(ANNA, OperationKind.REMOVE, {"reason": "x"}))
    record.send(record.operation(ANNA, OperationKind.RESTORE))
    outcome = record.send(record.operation(BEN, OperationKind.REMOVE, {"reason": "y"}, base=1))
    assert record.state is not None
    assert not record.state.deleted
    assert outcome.marks == (Mark.OVERTAKEN,)


def test_a_stale_resolver_is_refused() -> None:
    record = narrative()
    record.change(BEN, "support", "T0", "B", base=1)
    record.change(ANNA, "support", "T0", "A", base=1)
    (conflict,) = record.open()

    def settle(by: str, base: int, choice: str) -> Operation:
        return Operation(
            op_id=new_id(),
            txn=new_id(),
            id=conflict.id,
            type="conflict",
            subject=record.subject,
            compartment=record.compartment,
            kind=OperationKind.CHANGE,
            author=by,
            at="",
            base=base,
            patch={"state": "settled", "choice": choice, "settled_value": '"x"'},
            was={"state": "open", "choice": None, "settled_value": None},
        )

    conflict_type = RECORD_TYPES["conflict"]
    record.change(ANNA, "support", "A", "A2", base=1)
    changed = record.conflicts[conflict.id]
    assert apply(conflict_type, changed, settle(BEN, 1, "mine")).why == "changed_since"
    settled = apply(conflict_type, changed, settle(CARA, changed.rev, "theirs"))
    assert settled.verdict is Verdict.APPLIED
    assert apply(conflict_type, settled.state, settle(BEN, changed.rev, "mine")).why == "already_settled"


def test_an_older_edit_after_a_settled_conflict_raises_it_again() -> None:
    record = narrative()
    record.change(BEN, "support", "T0", "B", base=1)
    record.change(ANNA, "support", "T0", "A", base=1)
    for conflict_key, conflict in record.conflicts.items():
        record.conflicts[conflict_key] = RecordState(
            id=conflict.id,
            type="conflict",
            subject=conflict.subject,
            compartment=conflict.compartment,
            body={**conflict.body, "state": "settled"},
            rev=2,
        )
    assert record.change(CARA, "support", "T0", "C", base=1).verdict is Verdict.CONFLICT
    assert [conflict.body["mine"] for conflict in record.open()] == ['"C"']


def test_a_signed_or_unknown_extra_field_survives_verbatim() -> None:
    record = Record("person", {"family_name": "Ellis", "from_the_future": {"a": [1, None, "x"]}})
    record.change(BEN, "known_as", None, "Jo")
    assert record.body()["from_the_future"] == {"a": [1, None, "x"]}


def test_an_unknown_type_is_kept_raw() -> None:
    operation = Record("person", {"family_name": "x"}).operation(ANNA, OperationKind.CREATE, {"anything": [1]})
    import msgspec

    outcome = apply(None, None, msgspec.structs.replace(operation, type="from_the_future"))
    assert outcome.state is not None
    assert outcome.state.body == {"anything": [1]}


def test_an_edit_before_the_creation_is_held() -> None:
    record = Record("person", {"family_name": "x"})
    operation = record.operation(ANNA, patch={"known_as": "y"})
    assert apply(record.type, None, operation).verdict is Verdict.HELD


@pytest.mark.parametrize(
    ("patch", "why"),
    [
        ({"born_on": "tomorrow"}, "wrong_kind"),
        ({"born_on": 5}, "wrong_kind"),
        ({"family_name": ["a"]}, "wrong_kind"),
        ({"family_name": "x" * 300_000}, "too_long"),
        ({"restricted": "yes"}, "wrong_kind"),
        ({"former_names": ["a"]}, "wrong_kind"),
        ({"former_names": {"add": ["a"], "remove": ["a"]}}, "added_and_removed"),
        ({"unknown": 1.5}, "float"),
        ({"unknown": 2**70}, "too_large"),
        ({"DROP TABLE": 1}, "bad_field_name"),
        ({"family_name": "\ud800"}, "wrong_kind"),
    ],
)
def test_hostile_values_are_quarantined_with_a_reason(patch: dict[str, Any], why: str) -> None:
    record = Record("person", {"family_name": "Ellis"})
    before = record.state
    outcome = record.send(record.operation(ANNA, patch=patch))
    assert (outcome.verdict, outcome.why) == (Verdict.QUARANTINED, why)
    assert record.state == before


def test_deep_nesting_is_quarantined() -> None:
    value: Any = "x"
    for _ in range(100):
        value = [value]
    record = Record("person", {"family_name": "Ellis"})
    assert record.send(record.operation(ANNA, patch={"unknown": value})).why == "too_deep"


def test_a_conflict_has_the_same_id_on_every_machine() -> None:
    op_id = new_id()
    assert conflict_id(op_id, "support") == conflict_id(op_id, "support")
    assert conflict_id(op_id, "support") != conflict_id(op_id, "needs")
    assert conflict_id(op_id, "support")[:13] == op_id[:13]
    assert conflict_id(op_id, "support")[14] == "7"


members = st.sampled_from(["a", "b", "c", "d"])
set_steps = st.lists(st.tuples(st.booleans(), members), min_size=1, max_size=5)


@settings(deadline=None)
@given(st.data(), set_steps, set_steps)
def test_set_operations_of_two_people_commute(
    data: st.DataObject, of_anna: list[tuple[bool, str]], of_ben: list[tuple[bool, str]]
) -> None:
    results = []
    for anna_first in (True, False):
        record = Record("person", {"family_name": "x", "former_names": ["a", "b"]})
        queues = {ANNA: of_anna, BEN: of_ben}
        for author in (ANNA, BEN) if anna_first else (BEN, ANNA):
            held = {"a", "b"}
            for add, member in queues[author]:
                if add == (member in held):
                    continue  # a person adds what is not there, and removes what is
                held ^= {member}
                record.send(
                    record.operation(author, patch={"former_names": {"add" if add else "remove": [member]}}, base=1)
                )
        results.append(record.body().get("former_names"))
    assert results[0] == results[1]


edit = st.tuples(st.sampled_from([ANNA, BEN, CARA]), st.sampled_from(["support", "needs", "advance_statement"]))


@settings(deadline=None, max_examples=200)
@given(st.lists(st.tuples(edit, st.booleans()), max_size=14))
def test_no_typed_value_is_lost(steps: list[tuple[tuple[str, str], bool]]) -> None:
    """I5: people edit what they last saw or wrote; sometimes they pull first."""
    record = narrative()
    seen: dict[str, dict[str, Any]] = {author: {"support": "T0"} for author in (ANNA, BEN, CARA)}
    base = dict.fromkeys((ANNA, BEN, CARA), 1)
    typed: list[str] = []
    for number, ((author, field), pulls) in enumerate(steps):
        if pulls and record.state is not None:
            seen[author] = dict(record.body())
            base[author] = record.state.rev
        value = f"value {number}"
        typed.append(value)
        record.change(author, field, seen[author].get(field), value, base=base[author])
        seen[author][field] = value
        open_keys = [(c.body["field"], c.body["mine_author"]) for c in record.open()]
        assert len(open_keys) == len(set(open_keys))
        assert all(record.remembers(value) for value in typed)


@settings(deadline=None, max_examples=60)
@given(st.permutations([ANNA, BEN, CARA]))
def test_three_people_and_one_narrative_end_with_all_three_texts(order: list[str]) -> None:
    record = narrative()
    for author in order:
        record.change(author, "support", "T0", f"by {author}", base=1)
    shown = {record.body()["support"], *(json.loads(conflict.body["mine"]) for conflict in record.open())}
    assert shown == {f"by {author}" for author in (ANNA, BEN, CARA)}
