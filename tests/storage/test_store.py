import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.storage.stores import add_note, make_store, open_store, whole_notes
from wellbeing_desktop.domain.errors import Refused, StoreProblem
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.kdf import FAST_FOR_TESTS
from wellbeing_desktop.storage.store import Store

pytestmark = pytest.mark.usefixtures("small_schema")


def test_what_was_written_is_there_after_closing_and_opening(tmp_path: Path) -> None:
    store, _ = make_store(tmp_path / "store")
    store.write(lambda writer: add_note(writer, "Mrs Ahmed likes the garden"))
    store.close()
    with open_store(tmp_path / "store") as again:
        assert again.read(whole_notes) == 1
        assert (
            again.read(lambda reader: reader.value("SELECT text FROM jotting LIMIT 1")) == "Mrs Ahmed likes the garden"
        )
        assert again.identity == store.identity
        assert again.about == store.about


def test_the_folder_and_its_files_are_for_their_owner_alone(store: Store) -> None:
    store.write(lambda writer: add_note(writer, "x"))
    assert store.folder.stat().st_mode & 0o777 == 0o700
    for path in store.folder.iterdir():
        assert path.stat().st_mode & 0o077 == 0, path.name


@pytest.mark.fault(35)
def test_a_second_window_is_told_that_the_store_is_open(store: Store) -> None:
    for _ in range(20):
        with pytest.raises(StoreProblem, match="open in another window") as problem:
            open_store(store.folder)
        assert problem.value.kind == "open_elsewhere"
    store.write(lambda writer: add_note(writer, "still works"))


def test_a_closed_store_can_be_opened_again_by_the_same_program(tmp_path: Path) -> None:
    make_store(tmp_path / "store")[0].close()
    for _ in range(3):
        open_store(tmp_path / "store").close()


def test_a_closed_store_says_that_it_is_locked(store: Store) -> None:
    store.close()
    store.close()
    with pytest.raises(StoreProblem, match="locked"):
        store.read(lambda reader: reader.value("SELECT 1"))
    with pytest.raises(StoreProblem, match="locked"):
        store.write(lambda writer: writer.value("SELECT 1"))
    with pytest.raises(StoreProblem, match="locked"):
        _ = store.data_key


def test_closing_finishes_what_was_queued_and_forgets_the_keys(tmp_path: Path) -> None:
    store, _ = make_store(tmp_path / "store")
    key = store.data_key
    futures = [store.submit_write(lambda writer: add_note(writer, "queued")) for _ in range(30)]
    store.close()
    assert [future.result(0) for future in futures] == list(range(1, 31))
    assert key.is_forgotten
    with open_store(tmp_path / "store") as again:
        assert again.read(whole_notes) == 30


def test_a_long_read_does_not_hold_up_a_save(store: Store) -> None:
    started = threading.Event()

    def endless(reader: Reader) -> None:
        started.set()
        reader.value("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT sum(i) FROM n")

    reading = store.submit_read(endless)
    started.wait()
    assert store.write(lambda writer: add_note(writer, "during the return")) == 1
    assert not reading.done()
    while not reading.done():
        store.interrupt_reads()
    with pytest.raises(StoreProblem, match="stopped") as problem:
        reading.result()
    assert problem.value.kind == "interrupted"
    assert store.read(whole_notes) == 1


def test_all_that_one_job_reads_is_of_one_moment(store: Store) -> None:
    counted, saved = threading.Event(), threading.Event()

    def twice(reader: Reader) -> tuple[int, int]:
        before = whole_notes(reader)
        counted.set()
        saved.wait()
        return before, whole_notes(reader)

    reading = store.submit_read(twice)
    counted.wait()
    store.write(lambda writer: add_note(writer, "between the two"))
    saved.set()
    assert reading.result() == (0, 0)
    assert store.read(whole_notes) == 1


def test_drafts_go_before_what_is_already_waiting(store: Store) -> None:
    order: list[str] = []
    gate = threading.Event()
    first = store.submit_write(lambda writer: gate.wait())
    rest = [store.submit_write(lambda writer, n=n: order.append(f"save {n}")) for n in range(3)]
    draft = store.submit_write(lambda writer: order.append("draft"), urgent=True)
    gate.set()
    for future in [first, *rest, draft]:
        future.result()
    assert order == ["draft", "save 0", "save 1", "save 2"]


def test_a_transaction_is_whole_or_not_at_all(store: Store) -> None:
    def fail_halfway(writer: Writer) -> None:
        with writer.immediate():
            writer.execute("INSERT INTO jotting (number, part, text) VALUES (9, 0, 'half')")
            raise Refused("a rule said no")

    with pytest.raises(Refused):
        store.write(fail_halfway)
    assert store.read(whole_notes) == 0
    assert store.write(lambda writer: add_note(writer, "after")) == 1


def test_writing_outside_a_transaction_and_nesting_are_faults(store: Store) -> None:
    with pytest.raises(RuntimeError, match="immediate"):
        store.write(lambda writer: writer.execute("DELETE FROM jotting"))

    def nested(writer: Writer) -> None:
        with writer.immediate(), writer.immediate():
            pass

    with pytest.raises(RuntimeError, match="nesting"):
        store.write(nested)


def test_a_job_that_waits_for_its_own_thread_fails_instead_of_waiting_for_ever(store: Store) -> None:
    with pytest.raises(RuntimeError, match="own thread"):
        store.write(lambda writer: store.write(lambda inner: None))
    assert store.write(lambda writer: store.read(lambda reader: reader.value("SELECT 7"))) == 7


def test_the_reader_cannot_write(store: Store) -> None:
    with pytest.raises(StoreProblem, match="written to"):
        store.read(lambda reader: reader.rows("INSERT INTO jotting (number, part, text) VALUES (1, 1, 'x')"))


def test_rows_can_be_read_by_name(store: Store) -> None:
    store.write(lambda writer: add_note(writer, "by name"))
    rows = store.read(lambda reader: reader.named("SELECT number, text FROM jotting WHERE part = :part", {"part": 3}))
    assert [(row.number, row["text"], row[1], row.keys()) for row in rows] == [
        (1, "by name", "by name", ["number", "text"])
    ]
    with pytest.raises(AttributeError, match="no column age"):
        _ = rows[0].age


def test_many_callers_at_once_all_get_their_own_answer(store: Store) -> None:
    with ThreadPoolExecutor(8) as callers:
        numbers = list(callers.map(lambda n: store.write(lambda writer: add_note(writer, str(n))), range(40)))
        texts = list(
            callers.map(
                lambda number: store.read(
                    lambda reader: reader.value("SELECT text FROM jotting WHERE number = ? LIMIT 1", (number,))
                ),
                numbers,
            )
        )
    assert sorted(numbers) == list(range(1, 41))
    assert texts == [str(n) for n in range(40)]


@pytest.mark.usefixtures("stores_made_in_full")
@pytest.mark.parametrize("before", ["absent", "empty"])
def test_a_store_is_made_in_a_new_or_an_empty_folder(tmp_path: Path, before: str, passphrase: str) -> None:
    folder = tmp_path / "deep" / "store"
    if before == "empty":
        folder.mkdir(parents=True)
    store, kit = Store.create(folder, "Tests", passphrase, argon=FAST_FOR_TESTS)
    store.close()
    assert kit.store_id == store.identity.store_id
    assert not list(folder.parent.glob("*.making"))


def test_a_folder_that_holds_something_is_never_used_for_a_new_store(
    store: Store, tmp_path: Path, passphrase: str
) -> None:
    with pytest.raises(StoreProblem, match="already a case store"):
        Store.create(store.folder, "Tests", passphrase, argon=FAST_FOR_TESTS)
    other = tmp_path / "photographs"
    other.mkdir()
    (other / "dog.jpg").write_bytes(b"woof")
    with pytest.raises(StoreProblem, match="other files"):
        Store.create(other, "Tests", passphrase, argon=FAST_FOR_TESTS)
    assert (other / "dog.jpg").read_bytes() == b"woof"


def test_a_weak_passphrase_makes_no_store(tmp_path: Path) -> None:
    with pytest.raises(Refused):
        Store.create(tmp_path / "store", "Tests", "password12345678", argon=FAST_FOR_TESTS)
    assert not (tmp_path / "store").exists()


def test_a_folder_without_a_store_is_named_as_that(tmp_path: Path, passphrase: str) -> None:
    with pytest.raises(StoreProblem) as problem:
        Store.open(tmp_path, passphrase)
    assert problem.value.kind == "no_store"
    assert not any(tmp_path.iterdir())


def test_locking_does_not_wait_for_long_or_waiting_reads(store: Store) -> None:
    started = threading.Event()

    def stubborn(reader: Reader) -> int:
        """Begins again whenever it is stopped, ten times."""
        started.set()
        stopped = 0
        while stopped < 10:
            try:
                reader.value("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT sum(i) FROM n")
            except StoreProblem:
                stopped += 1
        return stopped

    running = store.submit_read(stubborn)
    waiting = [store.submit_read(stubborn) for _ in range(5)]
    started.wait()
    store.close()
    assert running.result(0) == 10
    for future in waiting:
        with pytest.raises(StoreProblem, match="locked"):
            future.result(0)
