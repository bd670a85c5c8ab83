"""One store on two laptops: each takes an identity of its own by itself, and nothing is lost or doubled (fault 12)."""

import shutil
from pathlib import Path

import pytest

from tests.sync.client.practice import PASSPHRASE, Fault, Laptop, Practice
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.sync.client.desk import fetch_register
from wellbeing_desktop.sync.client.membership import Membership, membership_of
from wellbeing_desktop.sync.client.session import COPIED
from wellbeing_desktop.sync.server import acts, auth, members, sql
from wellbeing_desktop.sync.server.engine import Transaction

Pair = tuple[Laptop, Laptop]


def image_of(laptop: Laptop) -> Path:
    """A copy of the laptop's disk, as an administrator makes one."""
    folder = laptop.store.folder
    image = folder.with_name(f"image-{new_id()}")
    laptop.store.close()
    shutil.copytree(folder, image)
    laptop.store = Store.open(folder, PASSPHRASE)
    return image


def clone_of(practice: Practice, laptop: Laptop) -> Laptop:
    """A second laptop that was set up from the first one's disk."""
    clone = Laptop(Store.open(image_of(laptop), PASSPHRASE), practice.transport(), laptop.member)
    practice.laptops.append(clone)
    return clone


def membership(laptop: Laptop) -> Membership:
    found = laptop.store.read(membership_of)
    assert found is not None
    return found


def state_of(practice: Practice, dev: str) -> str:
    def look(transaction: Transaction) -> str:
        found = sql.device(transaction, practice.service.org, dev)
        return found.state if found is not None else ""

    return practice.engine.read(look)


def names(laptop: Laptop) -> list[str | None]:
    return sorted(person.family_name or "" for person in laptop.all(Person))


def devices(practice: Practice, laptop: Laptop) -> list[str]:
    return [found.device for found in members.laptops(practice.service) if found.user_id == laptop.member.id]


def forked(practice: Practice, ann: Laptop) -> Laptop:
    """Ann's clone, after both have worked and Ann has sent hers: its next push is a fork."""
    ann.create(Person(family_name="Both"))
    ann.synced()
    clone = clone_of(practice, ann)
    ann.create(Person(family_name="First"))
    ann.synced()
    clone.create(Person(family_name="Second"))
    return clone


@pytest.mark.fault(12)
def test_two_clones_each_get_an_identity_of_their_own_and_no_work_is_lost_or_doubled(
    practice: Practice, laptops: Pair
) -> None:
    ann, bob = laptops
    clone = forked(practice, ann)
    old = membership(ann)
    report = clone.sync()
    assert ([found.kind for found in report.problems], report.findings, clone.waiting()) == ([], (COPIED,), 0)
    ann.create(Person(family_name="Third"))
    report = ann.sync()
    assert ([found.kind for found in report.problems], report.findings, ann.waiting()) == ([], (COPIED,), 0)
    for laptop in (clone, ann, bob):
        laptop.synced()
    for laptop in (clone, ann, bob):
        assert names(laptop) == ["Both", "First", "Second", "Third"]
        laptop.synced(verify=True)
    assert len({old.device, membership(ann).device, membership(clone).device}) == 3
    assert len({old.device_key, membership(ann).device_key, membership(clone).device_key}) == 3
    assert state_of(practice, old.device) == auth.FORKED
    assert {state_of(practice, membership(laptop).device) for laptop in (ann, clone)} == {auth.APPROVED}


@pytest.mark.fault(12)
def test_clones_that_work_in_turns_lose_nothing(practice: Practice, laptops: Pair) -> None:
    ann, bob = laptops
    clone = forked(practice, ann)
    expected = {"Both", "First", "Second"}
    for turn in range(4):
        for laptop in (clone, ann):
            name = f"{turn} {'clone' if laptop is clone else 'ann'}"
            laptop.create(Person(family_name=name))
            expected.add(name)
            assert laptop.sync().problems == ()
    for laptop in (ann, clone, bob):
        laptop.synced()
        assert names(laptop) == sorted(expected)


@pytest.mark.fault(12)
def test_a_lead_is_told_of_a_copied_store(practice: Practice, laptops: Pair) -> None:
    ann, bob = laptops
    clone = forked(practice, ann)
    clone.sync()
    rows = [row for row in fetch_register(bob.store, bob.transport) if row.practitioner_name == "Ann"]
    assert [(row.device, row.late) for row in rows] == [(membership(clone).device, "copied")]
    told = practice.engine.read(lambda transaction: acts.acts(transaction, practice.service.org))
    assert (told[0].act, told[0].target) == ("copied, new identity", membership(clone).device)


@pytest.mark.fault(12)
@pytest.mark.parametrize("fault", [Fault.LOST_REPLY, Fault.LOST_REQUEST, Fault.TWICE, Fault.SERVER_KILLED])
def test_trouble_on_the_way_to_a_new_identity_leaves_no_second_one_behind(
    practice: Practice, laptops: Pair, fault: Fault
) -> None:
    ann, bob = laptops
    clone = forked(practice, ann)
    practice.fault = lambda path, count: fault if path == "/v1/rekey" else None
    report = clone.sync()
    assert clone.waiting() == 1 or not report.problems
    practice.fault = lambda path, count: None
    clone.reopen()
    clone.sync()
    clone.synced()
    bob.synced()
    assert names(bob) == ["Both", "First", "Second"]
    assert len(devices(practice, ann)) == 2


@pytest.mark.fault(12)
@pytest.mark.parametrize("state", [auth.REVOKED, auth.LEAVING, auth.PENDING])
def test_a_laptop_that_is_not_in_use_gets_no_new_identity(practice: Practice, laptops: Pair, state: str) -> None:
    ann, _bob = laptops
    clone = forked(practice, ann)
    members.set_laptop_state(practice.service, membership(ann).device, state)
    report = clone.sync()
    assert report.problems
    assert COPIED not in report.findings
    assert clone.waiting() == 1
    assert devices(practice, ann) == [membership(ann).device]
    assert "Second" in names(clone)


@pytest.mark.fault(12)
def test_who_has_left_or_was_revoked_takes_no_new_identity_with_an_older_copy(
    practice: Practice, laptops: Pair
) -> None:
    ann, _bob = laptops
    clone = forked(practice, ann)
    old = membership(ann).device
    third = clone_of(practice, ann)
    clone.sync()
    members.set_laptop_state(practice.service, membership(clone).device, auth.REVOKED)
    assert state_of(practice, old) == auth.REVOKED
    report = third.sync()
    assert [found.kind for found in report.problems] == ["revoked"]
    assert len(devices(practice, ann)) == 2
