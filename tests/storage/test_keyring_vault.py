import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

from tests.storage.stores import PASSPHRASE
from wellbeing_desktop.domain.errors import StoreProblem
from wellbeing_desktop.storage.kdf import FAST_FOR_TESTS
from wellbeing_desktop.storage.keyring_vault import KeyringVault
from wellbeing_desktop.storage.keys import DeviceSecret
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.storage.throttle import Throttle

THIEF = """
import os
from pathlib import Path
import keyring.backend
Path(os.environ["LOOT"], "imported").touch()
class Keyring(keyring.backend.KeyringBackend):
    priority = 99
    def set_password(self, service, username, password):
        Path(os.environ["LOOT"], "stolen").write_text(password)
    def get_password(self, service, username):
        Path(os.environ["LOOT"], "asked").touch()
    def delete_password(self, service, username):
        pass
"""

USE_THE_KEYRING = """
import sys
from pathlib import Path
from wellbeing_desktop.storage.keyring_vault import KeyringVault
from wellbeing_desktop.storage.keys import DeviceSecret
vault = KeyringVault.find()
if vault is not None:
    vault.keep("store", DeviceSecret(b"s" * 32))
    vault.fetch("store")
print(type(vault._backend).__module__ if vault else "none")
"""


@pytest.mark.parametrize("way", ["environment", "configuration", "installed package", "null", "property"])
def test_a_hostile_keyring_never_receives_the_secret(tmp_path: Path, way: str) -> None:
    site, loot, home = tmp_path / "site", tmp_path / "loot", tmp_path / "home"
    for folder in (site, loot, home):
        folder.mkdir()
    (site / "thief.py").write_text(THIEF)
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DBUS_", "KEYRING_", "PYTHON_KEYRING"))
    }
    environment |= {
        "PYTHONPATH": os.pathsep.join([os.fspath(site), os.fspath(Path.cwd())]),
        "LOOT": os.fspath(loot),
        "HOME": os.fspath(home),
        "XDG_CONFIG_HOME": os.fspath(home / ".config"),
        "XDG_DATA_HOME": os.fspath(home / ".local"),
    }
    match way:
        case "environment":
            environment["PYTHON_KEYRING_BACKEND"] = "thief.Keyring"
        case "null":
            environment["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
        case "property":
            environment["KEYRING_PROPERTY_APPID"] = "thief"
            environment["KEYRING_PROPERTY_SET_PASSWORD"] = "thief"
        case "configuration":
            settings = home / ".config" / "python_keyring"
            settings.mkdir(parents=True)
            (settings / "keyringrc.cfg").write_text(f"[backend]\ndefault-keyring=thief.Keyring\nkeyring-path={site}\n")
        case _:
            about = site / "thief-1.0.dist-info"
            about.mkdir()
            (about / "METADATA").write_text("Metadata-Version: 2.1\nName: thief\nVersion: 1.0\n")
            (about / "entry_points.txt").write_text("[keyring.backends]\nthief = thief\n")
    ran = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(USE_THE_KEYRING)], env=environment, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.strip() in {"none", "keyring.backends.SecretService", "keyring.backends.kwallet"}
    assert list(loot.iterdir()) == []


def test_the_thief_of_these_tests_would_succeed_against_the_ordinary_way(tmp_path: Path) -> None:
    (tmp_path / "thief.py").write_text(THIEF)
    environment = os.environ | {
        "PYTHONPATH": os.fspath(tmp_path),
        "LOOT": os.fspath(tmp_path),
        "PYTHON_KEYRING_BACKEND": "thief.Keyring",
    }
    subprocess.run(
        [sys.executable, "-c", "import keyring; keyring.set_password('a', 'b', 'secret')"], env=environment, check=True
    )
    assert (tmp_path / "stolen").read_text() == "secret"


def test_only_the_exact_classes_are_taken() -> None:
    from keyring.backends import SecretService, fail, null

    class Lookalike(SecretService.Keyring):
        pass

    Lookalike.__module__, Lookalike.__qualname__ = "keyring.backends.SecretService ", "Keyring"
    for backend in (fail.Keyring(), null.Keyring(), Lookalike(), object()):
        with pytest.raises(TypeError, match="allowed"):
            KeyringVault(backend)


@pytest.fixture
def vault(monkeypatch: pytest.MonkeyPatch) -> KeyringVault:
    """The Secret Service class over a dictionary: there is no D-Bus on a computer without a screen."""
    from keyring.backends import SecretService

    kept: dict[tuple[str, str], str] = {}

    def put(self: Any, service: str, username: str, password: str) -> None:
        kept[service, username] = password

    monkeypatch.setattr(SecretService.Keyring, "set_password", put)
    monkeypatch.setattr(SecretService.Keyring, "get_password", lambda self, *entry: kept.get(entry))
    monkeypatch.setattr(SecretService.Keyring, "delete_password", lambda self, *entry: kept.pop(entry))
    return KeyringVault(SecretService.Keyring())


def test_a_secret_is_kept_found_and_dropped(vault: KeyringVault, tmp_path: Path) -> None:
    secret = DeviceSecret.new()
    assert vault.fetch("store") is None
    assert vault.keep("store", secret)
    assert vault.fetch("store") == secret
    assert vault.fetch("another") is None
    Store.create(tmp_path / "s", "T", PASSPHRASE, device_secret=vault.fetch("store"), argon=FAST_FOR_TESTS)[0].close()
    Store.open(tmp_path / "s", PASSPHRASE, device_secret=secret).close()
    vault.drop("store")
    vault.drop("store")
    assert vault.fetch("store") is None


def test_a_store_can_be_bound_to_this_computer_and_freed_again(
    vault: KeyringVault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, kit = Store.create(tmp_path / "s", "T", PASSPHRASE, argon=FAST_FOR_TESTS)
    store.keys.use_keyring(PASSPHRASE, vault, argon=FAST_FOR_TESTS)
    store.close()
    monkeypatch.setattr(KeyringVault, "find", classmethod(lambda cls: None))
    with pytest.raises(StoreProblem, match="keyring") as problem:  # the files alone, on another computer
        Store.open(tmp_path / "s", PASSPHRASE)
    assert problem.value.kind == "device_secret_missing"
    monkeypatch.setattr(KeyringVault, "find", classmethod(lambda cls: vault))
    with pytest.raises(StoreProblem, match="not right"):
        Store.open(tmp_path / "s", "not the passphrase at all")
    with Store.open(tmp_path / "s", PASSPHRASE) as bound:
        bound.keys.change_passphrase(PASSPHRASE, "teapot lantern brisk meadow", argon=FAST_FOR_TESTS)
        bound.keys.stop_using_keyring("teapot lantern brisk meadow", argon=FAST_FOR_TESTS)
    monkeypatch.setattr(KeyringVault, "find", classmethod(lambda cls: None))
    Store.open(tmp_path / "s", "teapot lantern brisk meadow").close()
    Store.recover(tmp_path / "s", kit.code, PASSPHRASE, argon=FAST_FOR_TESTS).close()


def test_a_keyring_that_forgets_changes_nothing(
    vault: KeyringVault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        vault, "_backend", type("Forgetful", (), {"set_password": lambda *_: None, "get_password": lambda *_: None})()
    )
    store, _ = Store.create(tmp_path / "s", "T", PASSPHRASE, argon=FAST_FOR_TESTS)
    with store, pytest.raises(StoreProblem, match="did not keep"):
        store.keys.use_keyring(PASSPHRASE, vault, argon=FAST_FOR_TESTS)
    Store.open(tmp_path / "s", PASSPHRASE).close()


def test_the_wrong_tries_are_remembered_beside_it(vault: KeyringVault, tmp_path: Path) -> None:
    tries = Throttle(tmp_path, mirror=vault.tries_of("store"))
    for _ in range(5):
        tries.begin_try()
    (tmp_path / "tries").unlink()
    assert tries.seconds_to_wait() > 100


@pytest.mark.parametrize("trouble", [OSError("gone"), RuntimeError("locked"), KeyError("x")])
def test_whatever_a_keyring_does_nobody_is_kept_from_their_work(
    vault: KeyringVault, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    from keyring.backends import SecretService

    def fail(self: Any, *entry: str) -> None:
        raise trouble

    for name in ("set_password", "get_password", "delete_password"):
        monkeypatch.setattr(SecretService.Keyring, name, fail)
    assert not vault.keep("store", DeviceSecret.new())
    assert vault.fetch("store") is None
    vault.drop("store")


@pytest.mark.parametrize("kept", ["", "not base64", "c2hvcnQ=", "é"])
def test_what_is_no_secret_is_none(vault: KeyringVault, kept: str) -> None:
    vault._set("store", kept)
    assert vault.fetch("store") is None
