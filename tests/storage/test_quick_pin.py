import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.storage.stores import PASSPHRASE
from wellbeing_desktop.domain.errors import Refused, StoreProblem
from wellbeing_desktop.domain.idle_lock import PIN_SETTING
from wellbeing_desktop.operations.settings import change_setting
from wellbeing_desktop.storage import kdf, quick_pin
from wellbeing_desktop.storage.envelope import USER_FILE, read_user_envelope
from wellbeing_desktop.storage.kdf import FAST_FOR_TESTS
from wellbeing_desktop.storage.keyring_vault import KeyringVault
from wellbeing_desktop.storage.store import Store

PIN = "480276"
TODAY = dt.date(2026, 11, 28)
NEW = "teapot lantern brisk meadow"


@pytest.fixture
def kept() -> dict[tuple[str, str], str]:
    """What the keyring holds."""
    return {}


@pytest.fixture
def vault(monkeypatch: pytest.MonkeyPatch, kept: dict[tuple[str, str], str]) -> KeyringVault:
    """The Secret Service class over a dictionary, and the one that this computer has."""
    from keyring.backends import SecretService

    def put(self: Any, service: str, username: str, password: str) -> None:
        kept[service, username] = password

    monkeypatch.setattr(SecretService.Keyring, "set_password", put)
    monkeypatch.setattr(SecretService.Keyring, "get_password", lambda self, *entry: kept.get(entry))
    monkeypatch.setattr(SecretService.Keyring, "delete_password", lambda self, *entry: kept.pop(entry))
    backend: Any = SecretService.Keyring
    vault = KeyringVault(backend())
    monkeypatch.setattr(KeyringVault, "find", classmethod(lambda cls: vault))
    return vault


@pytest.fixture
def folder(tmp_path: Path, vault: KeyringVault) -> Iterator[Path]:
    """A closed store with a PIN for today; whatever a test did, the passphrase still opens it afterwards."""
    store, _ = Store.create(tmp_path / "s", "T", PASSPHRASE, argon=FAST_FOR_TESTS)
    store.keys.set_pin(PIN, vault, TODAY)
    store.close()
    yield tmp_path / "s"
    try:
        Store.open(tmp_path / "s", PASSPHRASE).close()
    except StoreProblem:
        Store.open(tmp_path / "s", NEW).close()


def refused(folder: Path, pin: str, vault: KeyringVault, today: dt.date = TODAY) -> StoreProblem:
    with pytest.raises(StoreProblem) as problem:
        Store.open_by_pin(folder, pin, vault, today)
    return problem.value


def test_the_pin_opens_the_store_as_often_as_asked_on_its_day(folder: Path, vault: KeyringVault) -> None:
    identity = read_user_envelope(folder).identity
    for _ in range(7):
        with Store.open_by_pin(folder, PIN, vault, TODAY) as store:
            assert store.identity == identity
    assert quick_pin.is_ready(folder, vault, TODAY)


def test_five_wrong_tries_end_the_pin_and_nothing_else(folder: Path, vault: KeyringVault) -> None:
    said = [refused(folder, "111222", vault) for _ in range(5)]
    assert [problem.kind for problem in said] == ["wrong_pin"] * 4 + ["pin_gone"]
    assert "4 tries are left" in said[0].advice
    assert "1 try is left" in said[3].advice
    assert refused(folder, PIN, vault).kind == "pin_gone"
    assert not quick_pin.is_ready(folder, vault, TODAY)


def test_tries_are_counted_across_restarts_and_putting_the_files_back_gains_none(
    folder: Path, vault: KeyringVault, tmp_path: Path
) -> None:
    shutil.copytree(folder, tmp_path / "copy")
    for _ in range(4):
        refused(folder, "111222", vault)
        shutil.rmtree(folder)
        shutil.copytree(tmp_path / "copy", folder)
    assert refused(folder, "111222", KeyringVault(vault._backend)).kind == "pin_gone"
    assert refused(folder, PIN, vault).kind == "pin_gone"


def test_a_try_is_counted_before_it_is_made(folder: Path, vault: KeyringVault, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object) -> bytes:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(kdf, "stretch", killed)
        for _ in range(5):
            with pytest.raises(KeyboardInterrupt):
                Store.open_by_pin(folder, "111222", vault, TODAY)
    assert refused(folder, PIN, vault).kind == "pin_gone"


def test_the_right_pin_forgets_the_wrong_tries(folder: Path, vault: KeyringVault) -> None:
    for _ in range(2):
        for _ in range(4):
            refused(folder, "111222", vault)
        Store.open_by_pin(folder, PIN, vault, TODAY).close()


def test_a_keyring_that_cannot_count_opens_nothing(
    folder: Path, vault: KeyringVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    from keyring.backends import SecretService

    monkeypatch.setattr(SecretService.Keyring, "set_password", lambda self, *entry: None)
    assert refused(folder, PIN, vault).kind == "pin_gone"


@pytest.mark.parametrize("days", [1, -1])
def test_the_pin_ends_with_its_day(
    folder: Path, vault: KeyringVault, kept: dict[tuple[str, str], str], days: int
) -> None:
    assert not quick_pin.is_ready(folder, vault, TODAY + dt.timedelta(days=days))
    assert kept == {}, "the key itself is gone, so setting the clock does not bring it back"
    assert refused(folder, PIN, vault).kind == "pin_gone"


def test_the_day_cannot_be_written_forward_in_the_keyring(
    folder: Path, vault: KeyringVault, kept: dict[tuple[str, str], str]
) -> None:
    for entry in kept:
        kept[entry] = kept[entry].replace("2026-11-28", "2026-11-29")
    assert refused(folder, PIN, vault, TODAY + dt.timedelta(days=1)).kind == "wrong_pin"


def test_a_changed_passphrase_ends_the_pin_even_with_the_old_files(folder: Path, vault: KeyringVault) -> None:
    old = (folder / USER_FILE).read_bytes()
    with Store.open(folder, PASSPHRASE) as store:
        store.keys.change_passphrase(PASSPHRASE, NEW, argon=FAST_FOR_TESTS)
    assert refused(folder, PIN, vault).kind == "pin_gone"
    new = (folder / USER_FILE).read_bytes()
    (folder / USER_FILE).write_bytes(old)
    assert refused(folder, PIN, vault).kind == "pin_gone"
    (folder / USER_FILE).write_bytes(new)


def test_forgetting_leaves_no_key_behind(folder: Path, vault: KeyringVault, kept: dict[tuple[str, str], str]) -> None:
    quick_pin.forget(folder)
    assert kept == {}
    assert refused(folder, PIN, vault).kind == "pin_gone"


def test_without_the_keyring_the_files_and_the_pin_open_nothing(
    folder: Path, vault: KeyringVault, kept: dict[tuple[str, str], str]
) -> None:
    kept.clear()
    assert refused(folder, PIN, vault).kind == "pin_gone"


def test_a_pin_replaces_the_one_before(folder: Path, vault: KeyringVault) -> None:
    with Store.open(folder, PASSPHRASE) as store:
        store.keys.set_pin("907315", vault, TODAY)
    assert refused(folder, PIN, vault).kind == "wrong_pin"
    Store.open_by_pin(folder, "907315", vault, TODAY).close()


def test_an_organisation_that_turned_it_off_has_no_pin(folder: Path, vault: KeyringVault) -> None:
    with Store.open(folder, PASSPHRASE) as store:
        store.write(lambda writer: change_setting(writer, PIN_SETTING, False))
        with pytest.raises(Refused, match="turned the quick PIN off"):
            store.keys.set_pin(PIN, vault, TODAY)


def test_a_keyring_that_forgets_keeps_no_pin(
    folder: Path, vault: KeyringVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    from keyring.backends import SecretService

    monkeypatch.setattr(SecretService.Keyring, "set_password", lambda self, *entry: None)
    with Store.open(folder, PASSPHRASE) as store, pytest.raises(StoreProblem, match="did not keep"):
        store.keys.set_pin(PIN, vault, TODAY)


@pytest.mark.parametrize("pin", ["", "12345", "1234567890123", "000000", "123456", "987654", "12a456", "１２３４５７"])
def test_a_weak_pin_is_refused(pin: str) -> None:
    with pytest.raises(Refused):
        quick_pin.check_pin(pin)
