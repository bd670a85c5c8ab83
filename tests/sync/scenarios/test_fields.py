"""Same field, different field: scenarios 8, 9, 11 to 16 and 18; 10 and 17 are in tests/sync/client."""

import datetime as dt
import itertools
import queue

import pytest

from tests.sync.client.practice import Laptop, Practice
from tests.sync.scenarios.people import (
    all_synced,
    change_at,
    laptops_of,
    person_shared_by,
    plan_shared_by,
    same_everywhere,
    words_of,
)
from wellbeing_desktop.domain.care_plan import PlanNarrative
from wellbeing_desktop.domain.correction import Conflict
from wellbeing_desktop.domain.errors import WellbeingError
from wellbeing_desktop.domain.person import Address, ContactPoint, Person
from wellbeing_desktop.operations.conflicts import settle_conflict
from wellbeing_desktop.storage import outbox
from wellbeing_desktop.storage.refused import refused_work
from wellbeing_desktop.sync.client import facts
from wellbeing_desktop.sync.client.line import SyncLine
from wellbeing_desktop.sync.client.report import SyncReport
from wellbeing_desktop.sync.client.runner import Runner
from wellbeing_desktop.sync.client.session import sync_once

NOON = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)
PATIENCE = 60.0


def settle(laptop: Laptop, conflict: Conflict, choice: str, value: str | None = None) -> None:
    laptop.store.write(lambda writer: settle_conflict(writer, conflict.id, choice, value))


def clash(first: Laptop, second: Laptop, *others: Laptop) -> tuple[str, str]:
    """Two texts of one field written offline: on the record "A's words", in a conflict "B's words"."""
    person_id, narrative_id = plan_shared_by(first, second, *others)
    first.change(PlanNarrative, narrative_id, most_important="A's words")
    second.change(PlanNarrative, narrative_id, most_important="B's words")
    return person_id, narrative_id


@pytest.mark.scenario(8)
def test_a_phone_and_an_address_changed_apart_both_survive(practice: Practice) -> None:
    """A changes the phone, B changes the address of one case offline: both survive, no conflict shown."""
    ann, bob = laptops_of(practice, "Ann", "Bob")
    person_id = person_shared_by(ann, bob)
    phone = ann.create(ContactPoint(subject=person_id, medium="phone", value="+447700900001", note="Home"))
    home = ann.create(Address(subject=person_id, line1="1 High Street"))
    all_synced(ann, bob)
    ann.change(ContactPoint, phone, value="+447700900002")
    bob.change(Address, home, line1="2 Low Road")
    bob.change(ContactPoint, phone, note="Ring twice")
    all_synced(ann, bob)
    for laptop in (ann, bob):
        point = laptop.load(ContactPoint, phone)
        assert (point.value, point.note) == ("+447700900002", "Ring twice")
        assert laptop.load(Address, home).line1 == "2 Low Road"
        assert laptop.conflicts() == []
    same_everywhere(ann, bob)


@pytest.mark.scenario(9)
def test_the_same_phone_from_both_is_not_a_conflict(practice: Practice) -> None:
    """A and B both change the phone to the same value: not a conflict."""
    ann, bob = laptops_of(practice, "Ann", "Bob")
    person_id, narrative_id = plan_shared_by(ann, bob)
    phone = ann.create(ContactPoint(subject=person_id, medium="phone", value="+447700900001"))
    all_synced(ann, bob)
    for laptop in (ann, bob):
        laptop.change(ContactPoint, phone, value="+447700900002")
        laptop.change(PlanNarrative, narrative_id, most_important="The same words.")
    all_synced(ann, bob)
    for laptop in (ann, bob):
        assert laptop.load(ContactPoint, phone).value == "+447700900002"
        assert laptop.conflicts() == []
        versions = laptop.ask("SELECT count(*) FROM version WHERE id IN (?, ?) AND rev > 1", phone, narrative_id)
        assert versions == [(2,)], "the same words are one version"


@pytest.mark.scenario(11)
@pytest.mark.fault(15, 17)
def test_an_edit_on_an_older_version_of_other_fields_is_applied_and_labelled(practice: Practice) -> None:
    """A's edit was based on version 3 while the server is at 5, touching other fields: "soft" conflict - applied, and
    marked for review."""
    ann, bob = laptops_of(practice, "Ann", "Bob")
    person_id = person_shared_by(ann, bob)
    for number in range(2):
        ann.change(Person, person_id, usual_gp=f"Dr {number}")
        all_synced(ann, bob, rounds=1)
    assert ann.ask("SELECT rev FROM record WHERE id = ?", person_id) == [(3,)]
    for number in range(5):  # a chain of five offline edits, with a colleague's two between
        ann.change(Person, person_id, known_as=f"Bron {number}")
    for language in ("cy", "en"):
        bob.change(Person, person_id, language=language)
        bob.synced()
    assert bob.ask("SELECT rev FROM record WHERE id = ?", person_id) == [(5,)]
    all_synced(ann, bob)
    for laptop in (ann, bob):
        person = laptop.load(Person, person_id)
        assert (person.known_as, person.language, person.usual_gp) == ("Bron 4", "en", "Dr 1")
        assert laptop.conflicts() == []
        marks = laptop.ask("SELECT rev, kind FROM version WHERE id = ? AND rev > 5 ORDER BY rev", person_id)
        assert [(rev, kind) for rev, kind in marks] == [(rev, "at_same_time") for rev in range(6, 11)]
    same_everywhere(ann, bob)


@pytest.mark.scenario(12)
def test_a_conflict_settled_on_a_third_laptop_is_settled_everywhere_and_a_stale_screen_is_refused(
    practice: Practice,
) -> None:
    """The conflict is resolved on C: A and B learn it is resolved and stop showing it; a second resolver with a stale
    screen is refused, not obeyed."""
    ann, bob, cerys = laptops_of(practice, "Ann", "Bob", "Cerys")
    _, narrative_id = clash(ann, bob, cerys)
    all_synced(ann, bob, cerys)
    [conflict] = cerys.conflicts()
    settle(cerys, conflict, "both")
    settle(bob, conflict, "mine")  # his screen still shows it open
    cerys.synced()
    stale = bob.synced()
    assert stale.quarantined == 2
    ann.synced()
    assert {work.id for work in bob.store.read(refused_work)} == {conflict.id, narrative_id}
    for laptop in (ann, bob, cerys):
        assert laptop.conflicts() == []
        assert words_of(laptop, narrative_id) == "A's words\n\nB's words"
    same_everywhere(ann, bob, cerys)


@pytest.mark.scenario(13)
def test_settling_without_a_change_makes_no_new_version(practice: Practice) -> None:
    """Resolving without changing any data clears the flag and makes no new version."""
    ann, bob = laptops_of(practice, "Ann", "Bob")
    _, narrative_id = clash(ann, bob)
    all_synced(ann, bob)
    before = bob.ask("SELECT rev FROM record WHERE id = ?", narrative_id)
    [conflict] = bob.conflicts()
    settle(bob, conflict, "theirs")
    all_synced(bob, ann)
    for laptop in (ann, bob):
        assert laptop.conflicts() == []
        assert words_of(laptop, narrative_id) == "A's words"
        assert laptop.ask("SELECT rev FROM record WHERE id = ?", narrative_id) == before
    same_everywhere(ann, bob)


@pytest.mark.scenario(14)
def test_a_still_older_edit_raises_the_conflict_again(practice: Practice) -> None:
    """After a conflict was resolved, a still older offline edit arrives: conflict is raised again, with both
    versions."""
    ann, bob, cerys = laptops_of(practice, "Ann", "Bob", "Cerys")
    _, narrative_id = clash(ann, bob, cerys)
    cerys.change(PlanNarrative, narrative_id, most_important="C's words, written before any of it")
    all_synced(ann, bob)
    [conflict] = ann.conflicts()
    settle(ann, conflict, "both")
    all_synced(ann, bob, cerys, ann, bob, rounds=1)
    for laptop in (ann, bob, cerys):
        [again] = laptop.conflicts()
        assert again.id != conflict.id
        assert again.mine == '"C\'s words, written before any of it"'
        assert "A's words" in again.theirs
        assert "B's words" in again.theirs
        assert words_of(laptop, narrative_id) == "A's words\n\nB's words"
    same_everywhere(ann, bob, cerys)


@pytest.mark.scenario(15)
def test_three_laptops_end_with_one_winner_whatever_order_they_sync_in(practice: Practice) -> None:
    """Three devices edit one field; whatever order they sync in, all end with the same winner."""
    three = laptops_of(practice, "Ann", "Bob", "Cerys")
    for order in itertools.permutations(range(3)):
        person_id = person_shared_by(*three)
        for number, laptop in enumerate(three):
            laptop.change(Person, person_id, usual_gp=f"Dr {number}")
        all_synced(*(three[number] for number in order))
        found = {laptop.load(Person, person_id).usual_gp for laptop in three}
        assert found == {f"Dr {order[-1]}"}, "the last accepted stands"
        for laptop in three:
            said = "".join(patch for (patch,) in laptop.ask("SELECT patch FROM version WHERE id = ?", person_id))
            assert all(f"Dr {number}" in said for number in range(3))
    same_everywhere(*three)


@pytest.mark.scenario(16)
def test_equal_clocks_are_no_tie(practice: Practice) -> None:
    """Two edits with equal clocks: all devices break the tie the same way."""
    three = ann, bob, _cerys = laptops_of(practice, "Ann", "Bob", "Cerys")
    for first, second in ((ann, bob), (bob, ann)):
        person_id = person_shared_by(*three)
        change_at(ann, NOON, Person, person_id, usual_gp="Dr Ann")
        change_at(bob, NOON, Person, person_id, usual_gp="Dr Bob")
        first.synced()
        second.synced()
        all_synced(*three)
        assert {laptop.load(Person, person_id).usual_gp for laptop in three} == {f"Dr {second.member.name}"}
    same_everywhere(*three)


@pytest.mark.scenario(18)
def test_a_conflict_travels_alike_in_a_live_sync_and_in_one_that_is_asked_for(practice: Practice) -> None:
    """A conflict travels in a live sync and in a one-shot sync alike."""
    ann, bob, cerys = laptops_of(practice, "Ann", "Bob", "Cerys")
    _, narrative_id = clash(ann, bob, cerys)
    reports: queue.Queue[SyncReport] = queue.Queue()
    lines: list[SyncLine] = []
    troubles: list[WellbeingError] = []
    runner = Runner(
        lambda progress, cancelled: sync_once(cerys.store, cerys.transport, progress=progress, cancelled=cancelled),
        joined=lambda: True,
        waiting=lambda: cerys.store.read(outbox.waiting_count),
        last_sync_at=lambda: cerys.store.read(facts.last_sync_at),
        on_line=lines.append,
        on_report=reports.put,
        on_trouble=troubles.append,
        now=lambda: dt.datetime.now().astimezone(),
    )
    runner.start()
    reports.get(timeout=PATIENCE)
    ann.synced()
    bob.synced()
    runner.sync_now()
    while not cerys.conflicts():
        reports.get(timeout=PATIENCE)
    ann.synced()
    assert runner.stop(PATIENCE)
    assert troubles == []
    assert cerys.conflicts() == ann.conflicts() == bob.conflicts()
    assert len(ann.conflicts()) == 1
    assert {words_of(laptop, narrative_id) for laptop in (ann, bob, cerys)} == {"A's words"}
    same_everywhere(ann, bob, cerys)
