"""What a network, a server and a flat battery do in the middle of a sync, and that nothing is lost or doubled (SYNC 4)."""

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.sync.client.practice import Fault, Laptop, Practice, practice_on
from wellbeing_desktop.domain.contact import Contact, Note
from wellbeing_desktop.domain.errors import StoreProblem, SyncProblem
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.storage import incoming
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.keys import StoreKey
from wellbeing_desktop.storage.records import erase_row
from wellbeing_desktop.storage.refused import refused_work
from wellbeing_desktop.sync.client import facts
from wellbeing_desktop.sync.client.desk import fetch_register
from wellbeing_desktop.sync.client.membership import membership_of
from wellbeing_desktop.sync.client.repair import copy_beside
from wellbeing_desktop.sync.client.session import COPIED, sync_once
from wellbeing_desktop.sync.server.service import Service
from wellbeing_desktop.sync.server.sqlite_engine import SqliteEngine

Pair = tuple[Laptop, Laptop]


def visit(laptop: Laptop, person_id: str, text: str) -> tuple[str, str]:
    """A contact and its note, saved together."""

    def work(tx: object) -> tuple[str, str]:
        contact_id = tx.create(
            Contact(
                subject=person_id,
                happened_at=dt.datetime(2026, 11, 20, 10, 0, tzinfo=dt.UTC),
                happened_on=dt.date(2026, 11, 20),
                medium="home_visit",
                outcome="seen",
                practitioner_id=laptop.member.id,
            )
        )
        note_id = tx.create(Note(subject=person_id, about_id=contact_id, written_on=dt.date(2026, 11, 20), text=text))
        return contact_id, note_id

    made: tuple[str, str] = laptop.do(work, "record_contact")
    return made


def on_path(path: str, fault: Fault, *, times: int = 1) -> Callable[[str, int], Fault | None]:
    """This fault for the first so many messages to a path."""
    left = [times]

    def find(asked: str, count: int) -> Fault | None:
        if asked == path and left[0]:
            left[0] -= 1
            return fault
        return None

    return find


def cursor(laptop: Laptop) -> facts.Cursor:
    return laptop.store.read(facts.cursor_of)


@pytest.mark.scenario(23, 32)
@pytest.mark.fault(2)
def test_a_lost_reply_sends_nothing_twice(practice: Practice, laptops: Pair) -> None:
    ann, bob = laptops
    person_id = ann.create(Person(family_name="Hughes"))
    visit(ann, person_id, "Seen at home.")
    practice.fault = on_path("/v1/push", Fault.LOST_REPLY)
    report = ann.sync()
    assert [found.kind for found in report.problems] == ["connection_lost"]
    assert ann.waiting() == 3, "what was not acknowledged is not counted as sent"
    assert ann.synced().sent == 3
    bob.synced()
    assert len(bob.all(Note)) == len(bob.all(Contact)) == 1
    assert bob.ask("SELECT count(*), max(rev) FROM version WHERE id = ?", person_id) == [(1, 1)]


@pytest.mark.parametrize(
    "fault", [Fault.CUT_REPLY, Fault.BENT_REPLY, Fault.PORTAL, Fault.LOST_REPLY, Fault.LOST_REQUEST]
)
@pytest.mark.fault(3, 30)
def test_a_damaged_answer_moves_no_cursor_and_loses_nothing(file_practice: Practice, fault: Fault) -> None:
    ann, bob = file_practice.laptop(file_practice.member("Ann")), file_practice.laptop(file_practice.member("Bob"))
    ann.synced()
    bob.synced()
    names = set()
    for number, path in enumerate(("/v1/nonce", "/v1/session", "/v1/push", "/v1/pull")):
        bob.create(Person(family_name=f"Bobs {number}", local_number="x" * 3000))
        bob.synced()
        ann.create(Person(family_name=f"Anns {number}"))
        names |= {f"Bobs {number}", f"Anns {number}"}
        before = cursor(ann)
        file_practice.fault = on_path(path, fault, times=100)
        report = ann.sync()
        assert len(report.problems) >= 1, path
        assert all(found.message and found.advice for found in report.problems)
        if path == "/v1/push":
            assert report.received > 0, "push failing prevented pull"
        else:
            assert cursor(ann) == before, path
            assert report.received == 0
        file_practice.fault = lambda path, count: None
        ann.synced()
        bob.synced()
        for laptop in (ann, bob):
            assert {person.family_name for person in laptop.all(Person)} == names


@pytest.mark.fault(4, 27)
def test_a_page_that_cannot_be_stored_leaves_the_cursor(
    file_practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, bob = file_practice.laptop(file_practice.member("Ann")), file_practice.laptop(file_practice.member("Bob"))
    ann.synced()
    bob.synced()
    ann.create(Person(family_name="Hughes"))
    ann.synced()
    before = cursor(bob)

    def full(writer: Writer, versions: object) -> None:
        raise StoreProblem("disk_full", "The disk is full.", "Make room on the disk.")

    with monkeypatch.context() as patch:
        patch.setattr(incoming, "store_versions", full)  # after the rows, before the cursor
        with pytest.raises(StoreProblem):
            bob.sync()
    assert cursor(bob) == before
    assert bob.all(Person) == []
    bob.synced()
    assert len(bob.all(Person)) == 1


@pytest.mark.scenario(36)
def test_an_edit_made_during_a_sync_goes_next_time(practice: Practice, laptops: Pair) -> None:
    ann, bob = laptops
    person_id = ann.create(Person(family_name="Hughes"))
    edited = []

    def edit_meanwhile(path: str, count: int) -> Fault | None:
        if path == "/v1/pull" and not edited:
            edited.append(True)
            ann.change(Person, person_id, known_as="Bron")
        return None

    practice.fault = edit_meanwhile
    assert ann.synced().sent == 1
    assert ann.waiting() == 1
    assert ann.load(Person, person_id).known_as == "Bron"
    assert ann.synced().sent == 1
    bob.synced()
    assert bob.load(Person, person_id).known_as == "Bron"


@pytest.mark.scenario(2)
def test_an_empty_sync_writes_nothing(laptops: Pair) -> None:
    ann, _bob = laptops
    ann.synced()
    before = ann.store.write(lambda writer: writer.changes)
    files = {path: path.read_bytes() for path in ann.store.folder.glob("store.db*")}
    report = ann.synced()
    assert (report.sent, report.received, report.changes.touched) == (0, 0, frozenset())
    assert ann.store.write(lambda writer: writer.changes) == before
    assert {path: path.read_bytes() for path in ann.store.folder.glob("store.db*")} == files


@pytest.mark.scenario(37)
@pytest.mark.fault(35)
def test_two_syncs_at_once_are_one(practice: Practice, laptops: Pair) -> None:
    ann, _bob = laptops
    found: list[str] = []

    def again(path: str, count: int) -> Fault | None:
        if path == "/v1/pull":
            with pytest.raises(SyncProblem) as raised:
                sync_once(ann.store, practice.transport())
            found.append(raised.value.kind)
        return None

    practice.fault = again
    ann.synced()
    assert found == ["already_running"]


@pytest.mark.fault(22)
def test_one_refused_operation_does_not_hold_up_the_others(practice: Practice) -> None:
    """Cerys may write about one person only; she has another's record from before."""
    ann = practice.laptop(practice.member("Ann"))
    ann.synced()
    hers, other = ann.create(Person(family_name="Hughes")), ann.create(Person(family_name="Jones"))
    ann.synced()
    member = practice.member("Cerys", subjects=(hers, other))
    cerys = practice.laptop(member)
    cerys.synced()
    practice.move(member, remove=(other,))
    cerys.change(Person, other, known_as="Not mine")
    for number in range(3):
        cerys.change(Person, hers, known_as=f"Mine {number}")
    report = cerys.sync()
    assert (report.sent, report.quarantined) == (4, 1)
    [refused] = cerys.store.read(refused_work)
    assert (refused.id, refused.why) == (other, "You had no access to this part of the record when it arrived.")
    ann.synced()
    assert ann.load(Person, hers).known_as == "Mine 2"
    assert ann.load(Person, other).known_as == ""


@pytest.mark.scenario(7)
@pytest.mark.fault(11)
def test_a_wrong_or_empty_server_touches_nothing(practice: Practice, laptops: Pair, tmp_path: Path) -> None:
    ann, _bob = laptops
    person_id = ann.create(Person(family_name="Hughes"))
    ann.synced()
    ann.change(Person, person_id, known_as="Bron")
    before = cursor(ann)
    with practice_on(practice.engine, tmp_path / "other") as other:
        practice.http.answer = other.answer
        report = ann.sync()
        practice.http.answer = practice.answer
    assert [found.kind for found in report.problems] == ["another_organisation"]
    assert ann.load(Person, person_id).known_as == "Bron"
    assert cursor(ann) == before
    assert ann.waiting() == 1
    assert ann.synced().sent == 1


@pytest.mark.parametrize("notices_at_start", [True, False])
@pytest.mark.parametrize("grown", [True, False])
@pytest.mark.fault(8, 9)
def test_a_server_put_back_from_an_older_backup_is_sent_everything_again(
    tmp_path: Path, notices_at_start: bool, grown: bool
) -> None:
    folder, key = tmp_path / "server", StoreKey(bytes(range(32)))
    folder.mkdir()
    engine = SqliteEngine(folder, key, create=True)
    with practice_on(engine, tmp_path) as practice:
        ann, bob = practice.laptop(practice.member("Ann")), practice.laptop(practice.member("Bob"))
        dee = practice.laptop(practice.member("Dee"))
        for laptop in (ann, bob, dee):
            laptop.synced()
        kept = ann.create(Person(family_name="Hughes"))
        ann.synced()
        bob.synced()
        engine.close()
        shutil.copytree(folder, tmp_path / "backup")

        practice.engine = engine = SqliteEngine(folder, key)
        practice.service = Service(engine, practice.service.org)
        ann.change(Person, kept, known_as="Bron")
        later = ann.create(Person(family_name="Later"))
        bobs = bob.create(Person(family_name="Bobs"))
        ann.synced()
        bob.synced()
        ann.synced()
        engine.close()

        shutil.rmtree(folder)
        shutil.copytree(tmp_path / "backup", folder)
        practice.engine = engine = SqliteEngine(folder, key)
        practice.service = Service(engine, practice.service.org)
        if notices_at_start:
            from wellbeing_desktop.sync.server import sql

            engine.write(lambda transaction: sql.set_epoch(transaction, practice.service.org, "0" * 32))
        if grown:  # the server takes other work before any of the two comes back
            for number in range(20):
                dee.create(Person(family_name=f"Dee {number}"))
            dee.synced()
        for _ in range(2):
            for laptop in (ann, bob, dee):
                laptop.synced()
        names = {"Hughes", "Later", "Bobs"} | ({f"Dee {number}" for number in range(20)} if grown else set())
        for laptop in (ann, bob, dee):
            assert {person.family_name for person in laptop.all(Person)} == names
            assert laptop.load(Person, kept).known_as == "Bron"
            assert laptop.load(Person, later) is not None
            assert laptop.load(Person, bobs) is not None
            assert laptop.waiting() == 0
            laptop.synced(verify=True)
        for laptop in (ann, bob, dee):
            laptop.store.close()
    engine.close()


@pytest.mark.scenario(38)
@pytest.mark.fault(12)
def test_a_laptop_put_back_from_a_copy_is_told_so_and_overwrites_nothing(practice: Practice, laptops: Pair) -> None:
    ann, bob = laptops
    person_id = ann.create(Person(family_name="Hughes"))
    ann.synced()
    folder = ann.store.folder
    ann.store.close()
    shutil.copytree(folder, folder.with_name("image"))
    ann.reopen()
    ann.change(Person, person_id, known_as="First")
    ann.synced()
    ann.store.close()
    shutil.rmtree(folder)
    shutil.copytree(folder.with_name("image"), folder)
    from tests.sync.client.practice import PASSPHRASE
    from wellbeing_desktop.storage.store import Store

    ann.store = Store.open(folder, PASSPHRASE, accept_shortened=True)
    ann.change(Person, person_id, language="cy")
    report = ann.sync()
    assert ([found.kind for found in report.problems], report.findings) == ([], (COPIED,))
    assert ann.waiting() == 0
    ann.synced()
    bob.synced()
    assert (bob.load(Person, person_id).known_as, bob.load(Person, person_id).language) == ("First", "cy")


@pytest.mark.fault(34)
def test_a_laptop_away_for_longer_than_the_server_remembers_fetches_everything_again(
    practice: Practice, laptops: Pair
) -> None:
    ann, bob = laptops
    person_id = ann.create(Person(family_name="Hughes"))
    ann.synced()
    bob.synced()
    seq = cursor(bob).head.seq
    for number in range(3):
        ann.change(Person, person_id, known_as=f"Bron {number}")
        ann.synced()
    bob.change(Person, person_id, language="cy")
    membership = bob.store.read(membership_of)
    practice.engine.write(
        lambda transaction: transaction.run(
            "DELETE FROM commit_log WHERE org = ? AND seq <= ?", (practice.service.org, seq + 1)
        )
    )
    report = bob.synced()
    assert (report.sent, report.loaded) == (1, True)
    assert bob.store.read(membership_of) == membership, "everybody's history was begun anew"
    assert (bob.load(Person, person_id).known_as, bob.load(Person, person_id).language) == ("Bron 2", "cy")
    ann.synced()
    for laptop in laptops:
        laptop.synced(verify=True)


@pytest.mark.fault(32)
def test_a_silent_difference_is_found_and_put_right(practice: Practice, laptops: Pair) -> None:
    ann, bob = laptops
    person_id = ann.create(Person(family_name="Hughes", known_as="Bron"))
    lost_id = ann.create(Person(family_name="Lost"))
    ann.synced()
    bob.synced()

    def spoil(writer: Writer) -> None:
        with writer.immediate():
            writer.execute("UPDATE person SET known_as = 'Wrong' WHERE id = ?", (person_id,))
            erase_row(writer, "person", lost_id)

    bob.store.write(spoil)
    before = len(practice.paths)
    report = bob.sync(verify=True)
    assert report.findings == ("2 records were not the same here as on the server. They are being fetched again.",)
    assert report.more
    assert "/v1/snapshot" not in practice.paths[before:], "only the buckets that differ are fetched"
    assert bob.load(Person, person_id).known_as == "Bron"
    assert bob.load(Person, lost_id).family_name == "Lost"
    bob.synced()
    assert bob.ask("SELECT v FROM sync WHERE k = 'verified_at'") != [("",)], "what was put right is compared again"
    rows = {row.practitioner_name: row for row in fetch_register(ann.store, ann.transport)}
    assert (rows["Bob"].report.repairs, rows["Ann"].report.repairs) == (1, 0)


@pytest.mark.fault(32)
def test_what_differs_twice_in_a_row_is_fetched_whole_beside_a_copy_that_stays_until_both_agree(
    practice: Practice, laptops: Pair
) -> None:
    ann, bob = laptops
    person_id = ann.create(Person(family_name="Hughes", known_as="Bron"))
    ann.synced()
    bob.synced()

    def spoil(writer: Writer) -> None:
        with writer.immediate():
            writer.execute("UPDATE person SET known_as = 'Wrong' WHERE id = ?", (person_id,))

    bob.store.write(spoil)
    bob.sync(verify=True)
    bob.store.write(spoil)
    before = len(practice.paths)
    report = bob.sync()
    assert report.more
    assert copy_beside(bob.store.folder).is_file()
    bob.synced()
    assert "/v1/snapshot" in practice.paths[before:]
    assert bob.load(Person, person_id).known_as == "Bron"
    assert not copy_beside(bob.store.folder).exists()
    bob.synced(verify=True)


@pytest.mark.scenario(17)
@pytest.mark.fault(21)
def test_a_wrong_clock_is_measured_and_orders_nothing(laptops: Pair) -> None:
    ann, bob = laptops
    person_id = ann.create(Person(family_name="Hughes"))
    ann.synced()
    bob.synced()
    year = dt.timedelta(days=365)

    def ahead() -> dt.datetime:
        return dt.datetime.now(dt.UTC) + year

    def edit(writer: Writer) -> None:
        from wellbeing_desktop.storage.write_door import transaction

        with transaction(writer, "test", at=ahead()) as tx:
            tx.change(Person, person_id, {"known_as": "From next year"})

    ann.store.write(edit)
    report = ann.synced(now=ahead)
    assert report.skew_seconds is not None
    assert abs(report.skew_seconds - year.total_seconds()) < 60
    assert ann.store.read(facts.lease_of).skew_seconds == report.skew_seconds
    bob.synced()
    bob.change(Person, person_id, known_as="Later, by a right clock")
    bob.synced()
    ann.synced()
    for laptop in laptops:
        assert laptop.load(Person, person_id).known_as == "Later, by a right clock"


def test_the_audit_chain_is_sent_and_countersigned(practice: Practice, laptops: Pair) -> None:
    ann, _bob = laptops
    ann.create(Person(family_name="Hughes"))
    ann.synced()
    [(number, head)] = ann.ask("SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1")
    kept = dict(ann.ask("SELECT k, v FROM sync WHERE k LIKE 'audit_%'"))
    assert (kept["audit_sent"], kept["audit_head"]) == (str(number), head)
    assert len(kept["audit_countersign"]) == 128
    held = practice.engine.read(
        lambda transaction: transaction.all("SELECT entry FROM audit WHERE org = ?", (practice.service.org,))
    )
    assert [entry for (entry,) in held] == [entry for (entry,) in ann.ask("SELECT entry FROM audit ORDER BY number")]
