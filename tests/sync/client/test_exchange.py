"""Two laptops and a server: what one writes the other reads, whichever syncs first (SYNC 7)."""

import datetime as dt

import pytest

from tests.storage.sample_records import filled, save
from tests.sync.client.practice import Fault, Laptop, Practice
from wellbeing_desktop.domain.care_plan import CarePlan, PlanNarrative
from wellbeing_desktop.domain.contact import Note
from wellbeing_desktop.domain.correction import Conflict
from wellbeing_desktop.domain.definition import Compartment, SubjectKind
from wellbeing_desktop.domain.person import ContactPoint, Person
from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.operations.outbox import receipts_of_sync
from wellbeing_desktop.storage import receipts
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.records import load, load_all
from wellbeing_desktop.sync.client.membership import membership_of
from wellbeing_desktop.sync.protocol.pushing import audit_head_message

Pair = tuple[Laptop, Laptop]


def person_on(laptop: Laptop, family_name: str = "Hughes") -> str:
    return laptop.create(Person(family_name=family_name, given_name="Bronwen", born_on=dt.date(1950, 2, 3)))


def shared_plan(ann: Laptop, bob: Laptop) -> tuple[str, str]:
    """A person and the words of a plan, on both laptops."""
    person_id = person_on(ann)
    plan_id = ann.create(CarePlan(subject=person_id, state="draft"))
    narrative_id = ann.create(PlanNarrative(subject=person_id, plan_id=plan_id, most_important="My garden."))
    ann.synced()
    bob.synced()
    return person_id, narrative_id


def words(laptop: Laptop, narrative_id: str) -> str:
    return str(laptop.load(PlanNarrative, narrative_id).most_important)


def everything_said(laptop: Laptop, narrative_id: str) -> str:
    """Every value of the field that this laptop shows anywhere: current, in a conflict, in history."""
    said = [words(laptop, narrative_id)]
    for conflict in laptop.all(Conflict):
        said += [conflict.base, conflict.mine, conflict.theirs, conflict.settled_value]
    said += [patch + was for patch, was in laptop.ask("SELECT patch, was FROM version WHERE id = ?", narrative_id)]
    return "\n".join(said)


@pytest.mark.scenario(1)
def test_what_one_laptop_writes_offline_the_other_has_after_one_sync_each(laptops: Pair) -> None:
    ann, bob = laptops
    person_id = person_on(ann)
    plan_id = ann.create(CarePlan(subject=person_id, state="draft"))
    note_id = ann.create(Note(subject=person_id, written_on=dt.date(2026, 11, 21), text="Tea, talk, roses. £5 ☕"))
    sent = ann.synced()
    assert sent.sent == 3
    assert sent.waiting == 0
    received = bob.synced()
    for struct, id in ((Person, person_id), (CarePlan, plan_id), (Note, note_id)):
        assert bob.load(struct, id) == ann.load(struct, id)
    assert {change.id for change in received.changes.touched} >= {person_id, plan_id, note_id}
    assert ann.synced(verify=True).findings == bob.synced(verify=True).findings == ()


@pytest.mark.capability("P6")
@pytest.mark.fault(15)
def test_different_fields_merge_and_nobody_is_asked(laptops: Pair) -> None:
    ann, bob = laptops
    person_id = person_on(ann)
    ann.synced()
    bob.synced()
    ann.change(Person, person_id, known_as="Bron")
    bob.change(Person, person_id, language="cy")
    ann.synced()
    bob.synced()
    ann.synced()
    for laptop in laptops:
        person = laptop.load(Person, person_id)
        assert (person.known_as, person.language) == ("Bron", "cy")
        assert laptop.conflicts() == []


@pytest.mark.parametrize("first", ["ann", "bob"])
@pytest.mark.scenario(10)
@pytest.mark.fault(14)
def test_both_narratives_are_on_both_laptops_whichever_syncs_first(laptops: Pair, first: str) -> None:
    ann, bob = laptops
    _, narrative_id = shared_plan(ann, bob)
    ann.change(PlanNarrative, narrative_id, most_important="My garden, and my grandson.")
    bob.change(PlanNarrative, narrative_id, most_important="My garden, and chapel on Sundays.")
    order = [ann, bob] if first == "ann" else [bob, ann]
    for laptop in [*order, *order]:
        laptop.synced()
    for laptop in laptops:
        said = everything_said(laptop, narrative_id)
        assert "grandson" in said
        assert "chapel" in said
        [conflict] = laptop.conflicts()
        assert conflict.target_id == narrative_id
        assert conflict.target_type == "plan_narrative"
        assert {"grandson" in conflict.mine + conflict.theirs, "chapel" in conflict.mine + conflict.theirs} == {True}
    assert words(ann, narrative_id) == words(bob, narrative_id)


def test_five_offline_saves_of_one_narrative_are_one_conflict(laptops: Pair) -> None:
    ann, bob = laptops
    _, narrative_id = shared_plan(ann, bob)
    bob.change(PlanNarrative, narrative_id, most_important="Chapel.")
    for number in range(5):
        ann.change(PlanNarrative, narrative_id, most_important=f"Grandson, draft {number}.")
    bob.synced()
    assert ann.synced().sent == 5
    bob.synced()
    for laptop in laptops:
        [conflict] = laptop.conflicts()
        assert conflict.mine == '"Grandson, draft 4."'
        assert conflict.theirs == '"Chapel."'


def test_an_edit_on_top_of_ones_own_unmerged_text_never_overwrites_unseen_text(laptops: Pair) -> None:
    ann, bob = laptops
    _, narrative_id = shared_plan(ann, bob)
    bob.change(PlanNarrative, narrative_id, most_important="Chapel.")
    bob.synced()
    ann.change(PlanNarrative, narrative_id, most_important="Grandson.")
    ann.synced()
    for laptop in laptops:
        laptop.synced()
    [conflict] = ann.conflicts()
    assert conflict.mine == '"Grandson."'
    # Ann writes on from what she had, which is no longer what the record says.
    ann.do(
        lambda tx: tx.change(
            PlanNarrative, narrative_id, {"most_important": "Grandson and his dog."}, {"most_important": "Grandson."}
        )
    )
    ann.synced()
    bob.synced()
    for laptop in laptops:
        assert words(laptop, narrative_id) == "Chapel."
        [conflict] = laptop.conflicts()
        assert conflict.mine == '"Grandson and his dog."'


def test_ones_own_words_stand_until_the_servers_judgement_has_arrived(laptops: Pair) -> None:
    ann, bob = laptops
    _, narrative_id = shared_plan(ann, bob)
    bob.change(PlanNarrative, narrative_id, most_important="Chapel.")
    bob.synced()
    ann.change(PlanNarrative, narrative_id, most_important="Grandson.")
    seen = []

    def as_it_stands(reader: Reader) -> tuple[str, int]:
        """Both in one read: a page may be stored between two."""
        narrative = load(reader, PlanNarrative, narrative_id)
        return str(narrative.most_important), len(load_all(reader, Conflict, state="open"))

    def look(step: str, done: int, total: int) -> None:
        seen.append(ann.store.read(as_it_stands))

    ann.synced(progress=look)
    seen.append(ann.store.read(as_it_stands))
    assert ("Grandson.", 0) in seen
    assert seen[-1] == ("Chapel.", 1)
    assert set(seen) == {("Grandson.", 0), ("Chapel.", 1)}, "the words went before the conflict came"


def test_a_colleagues_change_arrives_beneath_unsent_words(laptops: Pair, practice: Practice) -> None:
    ann, bob = laptops
    _, narrative_id = shared_plan(ann, bob)
    bob.change(PlanNarrative, narrative_id, most_important="Chapel.", wellness="Sleeps badly.")
    bob.synced()
    ann.change(PlanNarrative, narrative_id, most_important="Grandson.")
    practice.fault = lambda path, count: Fault.BUSY if path == "/v1/push" else None
    report = ann.sync()
    assert [found.kind for found in report.problems] == ["unavailable"]
    assert report.received > 0, "push failing prevented pull"
    narrative = ann.load(PlanNarrative, narrative_id)
    assert (narrative.most_important, narrative.wellness) == ("Grandson.", "Sleeps badly.")
    practice.fault = lambda path, count: None
    ann.synced()
    assert words(ann, narrative_id) == "Chapel."
    assert ann.conflicts()[0].mine == '"Grandson."'


def test_a_conflict_that_one_settles_is_settled_for_all_and_a_stale_screen_is_refused(laptops: Pair) -> None:
    ann, bob = laptops
    _, narrative_id = shared_plan(ann, bob)
    ann.change(PlanNarrative, narrative_id, most_important="Grandson.")
    bob.change(PlanNarrative, narrative_id, most_important="Chapel.")
    for laptop in (ann, bob, ann):
        laptop.synced()
    [conflict] = ann.conflicts()

    def settle(laptop: Laptop, value: str, choice: str) -> None:
        def work(tx: object) -> None:
            tx.change(PlanNarrative, narrative_id, {"most_important": value})
            tx.change(Conflict, conflict.id, {"state": "settled", "choice": choice})

        laptop.do(work, "settle_conflict")

    settle(ann, "Grandson. Chapel.", "both")
    settle(bob, "Chapel only.", "theirs")
    ann.synced()
    refused = bob.synced()
    ann.synced()
    assert refused.quarantined + refused.conflicts > 0
    for laptop in laptops:
        assert words(laptop, narrative_id) == "Grandson. Chapel."
        [settled] = [one for one in laptop.all(Conflict) if one.id == conflict.id]
        assert settled.state == "settled"


@pytest.mark.scenario(4)
def test_four_saves_leave_the_last_and_all_versions(laptops: Pair) -> None:
    ann, bob = laptops
    person_id = person_on(ann)
    point_id = ann.create(ContactPoint(subject=person_id, medium="phone", value="+447700900001"))
    ann.synced()
    for last in (2, 3, 4):
        ann.change(ContactPoint, point_id, value=f"+44770090000{last}")
    ann.synced()
    bob.synced()
    assert bob.load(ContactPoint, point_id).value == "+447700900004"
    versions = bob.ask("SELECT rev, patch FROM version WHERE id = ? ORDER BY rev", point_id)
    assert [rev for rev, _ in versions] == [1, 2, 3, 4]
    assert [f"00{last}" in patch for last, (_, patch) in zip((1, 2, 3, 4), versions, strict=True)] == [True] * 4


def test_the_same_value_from_both_is_no_conflict(laptops: Pair) -> None:
    ann, bob = laptops
    _, narrative_id = shared_plan(ann, bob)
    for laptop in laptops:
        laptop.change(PlanNarrative, narrative_id, most_important="Chapel.")
    for laptop in (ann, bob, ann):
        laptop.synced()
    assert ann.conflicts() == bob.conflicts() == []


@pytest.mark.fault(16)
def test_a_removal_and_an_edit_keep_the_edit(laptops: Pair) -> None:
    ann, bob = laptops
    person_id = person_on(ann)
    point_id = ann.create(ContactPoint(subject=person_id, medium="phone", value="+447700900001"))
    ann.synced()
    bob.synced()
    ann.do(lambda tx: tx.remove(ContactPoint, point_id, "Wrong number"))
    bob.change(ContactPoint, point_id, note="Daughter's")
    for laptop in (ann, bob, ann):
        laptop.synced()
    for laptop in laptops:
        assert laptop.load(ContactPoint, point_id).note == "Daughter's"
        assert len(laptop.conflicts()) == 1


@pytest.mark.scenario(3)
def test_every_record_type_with_every_field_travels_unchanged(laptops: Pair) -> None:
    ann, bob = laptops
    person_id = person_on(ann)
    made = {}
    for name, record_type in RECORD_TYPES.items():
        if record_type.compartment is Compartment.RESTRICTED:
            continue  # reaches only those who are named: tests/sync/server/test_restricted.py
        if record_type.subject_kind is SubjectKind.PERSON and name not in ("person", "conflict"):
            made[name] = str(ann.do(lambda tx, of=record_type: save(tx, of, filled(of, person_id))))
    ann.synced()
    bob.synced()
    for name, id in made.items():
        struct = RECORD_TYPES[name].struct
        assert bob.load(struct, id) == ann.load(struct, id) is not None, name
    assert bob.synced(verify=True).is_complete


def test_a_receipt_says_what_was_sent_and_bears_the_servers_countersign(laptops: Pair) -> None:
    ann, bob = laptops
    before = len(ann.store.read(receipts_of_sync))
    person_id = person_on(ann)
    ann.create(Note(subject=person_id, written_on=dt.date(2026, 11, 21), text="Tea"))
    ann.synced()
    newest = ann.store.read(receipts_of_sync)[0]
    assert [(line.person, line.became) for line in newest.sent] == [("HUGHES, Bronwen", "")] * 2
    assert newest.sent[1].sentence == "Test: 1 note added."
    assert (newest.sent_count, newest.waiting, newest.is_complete) == (2, 0, True)
    message = audit_head_message(
        ann.store.read(membership_of).device, newest.audit_entry, ann.store.read(receipts.newest)[0].countersign.head
    )
    assert ann.store.read(membership_of).is_from_server(message, newest.countersign)
    ann.synced()
    assert len(ann.store.read(receipts_of_sync)) == before + 1, "a sync with nothing to do leaves no receipt"
    bob.synced()
    assert bob.store.read(receipts_of_sync)[0].received >= 2
