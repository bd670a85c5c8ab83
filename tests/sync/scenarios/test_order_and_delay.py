"""Order and delay: scenarios 22 and 24."""

import pytest

from tests.sync.client.practice import Fault, Practice
from tests.sync.client.test_faults import visit
from tests.sync.scenarios.people import all_synced, laptops_of, person_shared_by, plan_shared_by, same_everywhere
from wellbeing_desktop.domain.care_plan import PlanNarrative
from wellbeing_desktop.domain.contact import Contact, Note
from wellbeing_desktop.domain.operation import OperationKind
from wellbeing_desktop.domain.organisation import Grant
from wellbeing_desktop.domain.person import ContactPoint
from wellbeing_desktop.storage.refused import refused_work
from wellbeing_desktop.sync.client import push


@pytest.mark.scenario(22)
@pytest.mark.fault(17)
def test_offline_edits_between_a_colleagues_keep_their_order_and_only_true_clashes_are_marked(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A's offline edits 1, 2, 3 interleave with B's online edits: 1..3 keep their order and only true clashes are
    marked."""
    monkeypatch.setattr(push, "MAX_PUSH_OPERATIONS", 1)
    ann, bob = laptops_of(practice, "Ann", "Bob")
    _, narrative_id = plan_shared_by(ann, bob)
    ann.change(PlanNarrative, narrative_id, wellness="One")
    ann.change(PlanNarrative, narrative_id, wellness="Two")
    ann.change(PlanNarrative, narrative_id, wellness="Three", most_important="Ann's words")
    pushes: list[int] = []

    def bob_comes_between(path: str, count: int) -> Fault | None:
        if path != "/v1/push":
            return None
        pushes.append(count)
        return Fault.LOST_REQUEST if len(pushes) == 2 else None

    practice.fault = bob_comes_between
    assert ann.sync().problems, "her line broke after the first edit"
    practice.fault = lambda path, count: None
    bob.change(PlanNarrative, narrative_id, most_important="Bob's words")
    bob.synced()
    all_synced(ann, bob)
    for laptop in (ann, bob):
        narrative = laptop.load(PlanNarrative, narrative_id)
        assert (narrative.wellness, narrative.most_important) == ("Three", "Bob's words")
        [conflict] = laptop.conflicts()
        assert (conflict.field, conflict.mine) == ("most_important", '"Ann\'s words"')
        edits = [patch for (patch,) in laptop.ask("SELECT patch FROM version WHERE id = ? ORDER BY rev", narrative_id)]
        order = [word for patch in edits for word in ("One", "Two", "Three") if f'"{word}"' in patch]
        assert order == ["One", "Two", "Three"]
    same_everywhere(ann, bob)


@pytest.mark.scenario(24)
def test_a_note_and_its_visit_are_stored_in_one_step_or_not_at_all(practice: Practice) -> None:
    """A note arrives before the visit it hangs on: both are stored in one step or neither."""
    ann, cerys = laptops_of(practice, "Ann", "Cerys")
    person_id = person_shared_by(ann, cerys)
    whole, _ = visit(cerys, person_id, "Both parts arrive.")
    cerys.synced()
    # Her access to clinical words ends while she is away; a visit is core, its note clinical.
    grant = Grant(id=cerys.member.grant_id, subject=cerys.member.id)
    practice.write_as_server(OperationKind.CHANGE, grant, "card", compartments={"remove": ["clinical"]})
    visit(cerys, person_id, "Only half of this would be allowed.")
    alone = cerys.create(ContactPoint(subject=person_id, medium="phone", value="+447700900001"))
    report = cerys.sync()
    assert report.quarantined == 2
    why = {work.type: work.why for work in cerys.store.read(refused_work)}
    assert set(why) == {"contact", "note"}
    ann.synced()
    assert [contact.id for contact in ann.all(Contact)] == [whole]
    assert [point.id for point in ann.all(ContactPoint)] == [alone]
    assert [note.text for note in ann.all(Note)] == ["Both parts arrive."]
    same_everywhere(ann)
