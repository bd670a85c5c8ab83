from pathlib import Path

import pytest

from tests.storage.stores import PASSPHRASE, make_store, open_store
from wellbeing_desktop.domain.errors import StoreProblem
from wellbeing_desktop.storage.kdf import FAST_FOR_TESTS
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.storage.throttle import THROTTLE_FILE, Throttle

pytestmark = pytest.mark.usefixtures("small_schema")


class Clock:
    """Seconds since the computer was started."""

    def __init__(self) -> None:
        self.now = 10_000.0

    def __call__(self) -> float:
        return self.now


class Memory:
    def __init__(self) -> None:
        self.text: str | None = None

    def read(self) -> str | None:
        return self.text

    def write(self, text: str) -> None:
        self.text = text


def test_a_hundred_tries_keep_to_the_schedule_across_restarts(tmp_path: Path) -> None:
    clock, waits = Clock(), []
    for number in range(100):
        throttle = Throttle(tmp_path, monotonic=clock)  # a new one each time: the program was ended and started
        wait = throttle.seconds_to_wait()
        waits.append(wait / 60)
        if wait:
            with pytest.raises(StoreProblem, match="Try again in") as problem:
                throttle.begin_try()
            assert problem.value.kind == "wait"
            clock.now += wait - 1
            with pytest.raises(StoreProblem, match="1 seconds"):
                Throttle(tmp_path, monotonic=clock).begin_try()
            clock.now += 1
        Throttle(tmp_path, monotonic=clock).begin_try()
        if number % 10 == 9:
            clock.now = 5.0  # the computer was started again: its clock begins at nought
    assert waits[:10] == [0, 0, 0, 0, 0, 2, 4, 8, 15, 15]
    assert all(wait > 14.9 for wait in waits[9:])


def test_starting_the_computer_again_grants_only_the_time_since_then(tmp_path: Path) -> None:
    clock = Clock()
    throttle = Throttle(tmp_path, monotonic=clock)
    for _ in range(5):
        throttle.begin_try()
    clock.now = 30.0
    assert throttle.seconds_to_wait() == 90.0


def test_the_right_passphrase_forgets_the_tries(tmp_path: Path) -> None:
    throttle = Throttle(tmp_path, monotonic=Clock())
    for _ in range(4):
        throttle.begin_try()
    throttle.succeeded()
    assert throttle.seconds_to_wait() == 0
    assert not (tmp_path / THROTTLE_FILE).exists()


def test_deleting_the_file_does_not_help_where_the_keyring_remembers(tmp_path: Path) -> None:
    memory = Memory()
    throttle = Throttle(tmp_path, monotonic=Clock(), mirror=memory)
    for _ in range(5):
        throttle.begin_try()
    (tmp_path / THROTTLE_FILE).unlink()
    assert throttle.seconds_to_wait() == 120
    throttle.succeeded()
    assert throttle.seconds_to_wait() == 0


@pytest.mark.parametrize("content", [b"", b"{", b'{"failures":-9,"at":0}', b'{"failures":"x","at":0}', b"\xff" * 100])
def test_a_damaged_count_never_locks_a_person_out(tmp_path: Path, content: bytes) -> None:
    (tmp_path / THROTTLE_FILE).write_bytes(content)
    assert Throttle(tmp_path, monotonic=Clock()).seconds_to_wait() == 0


def test_the_sixth_wrong_passphrase_waits_and_nothing_is_wiped(tmp_path: Path) -> None:
    store, kit = make_store(tmp_path / "store")
    store.close()
    before = {path.name: path.read_bytes() for path in store.folder.iterdir()}
    for _ in range(5):
        with pytest.raises(StoreProblem, match="That passphrase is not right"):
            Store.open(store.folder, "not the passphrase at all")
    with pytest.raises(StoreProblem, match="Try again in 2 minutes") as problem:
        open_store(store.folder)  # even the right one waits
    assert "recovery key" in problem.value.advice
    after = {path.name: path.read_bytes() for path in store.folder.iterdir() if path.name != THROTTLE_FILE}
    assert after == before
    # the recovery key is no guess: it opens at once, and forgets the tries
    Store.recover(store.folder, kit.code, PASSPHRASE, argon=FAST_FOR_TESTS).close()
    open_store(store.folder).close()
