"""The quick PIN as people use it: chosen at unlock or in Settings, and the lock cover that takes it."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.accessibility import check_page
from wellbeing_desktop import app as program_module
from wellbeing_desktop.domain.idle_lock import PIN_SETTING
from wellbeing_desktop.operations.setting_up import set_up_alone
from wellbeing_desktop.operations.settings import change_setting
from wellbeing_desktop.storage import quick_pin
from wellbeing_desktop.storage.kdf import FAST_FOR_TESTS
from wellbeing_desktop.storage.keyring_vault import KeyringVault
from wellbeing_desktop.storage.places import place_of
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.ui.entry.unlock import UnlockPanel
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.settings_parts.quick_pin import QuickPinPart
from wellbeing_desktop.ui.session import local_today
from wellbeing_desktop.ui.shell import Shell

PASSPHRASE = "four quite plain words"
PIN = "480276"


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, str], str]:
    """What this computer's keyring holds: the Secret Service class over a dictionary."""
    from keyring.backends import SecretService

    kept: dict[tuple[str, str], str] = {}

    def put(self: Any, service: str, username: str, password: str) -> None:
        kept[service, username] = password

    monkeypatch.setattr(SecretService.Keyring, "set_password", put)
    monkeypatch.setattr(SecretService.Keyring, "get_password", lambda self, *entry: kept.get(entry))
    monkeypatch.setattr(SecretService.Keyring, "delete_password", lambda self, *entry: kept.pop(entry))
    backend: Any = SecretService.Keyring
    vault = KeyringVault(backend())
    monkeypatch.setattr(KeyringVault, "find", classmethod(lambda cls: vault))
    return kept


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    store, _ = set_up_alone(
        tmp_path / "home" / "one", "Priya's laptop", PASSPHRASE, user_name="Priya Shah", argon=FAST_FOR_TESTS
    )
    store.close()
    return tmp_path / "home" / "one"


def shown(panel: UnlockPanel) -> list[str]:
    return [name for name, row in panel.form.rows.items() if not row.holder.isHidden()]


def enter(field: Any, text: str) -> None:
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


@pytest.mark.capability("Q3", "W5")
def test_a_pin_chosen_at_unlock_opens_the_lock_until_the_window_closes(
    kept: dict[tuple[str, str], str], folder: Path, qtbot: QtBot
) -> None:
    program = program_module.Program(folder.parent)
    qtbot.addWidget(program.entry)
    program.begin()
    panel = program.entry.findChild(UnlockPanel)
    assert panel is not None
    qtbot.waitUntil(lambda: shown(panel) == ["passphrase", "new_pin"], timeout=20_000)
    QTest.keyClicks(panel.passphrase, PASSPHRASE)
    enter(panel.new_pin, PIN)
    qtbot.waitUntil(lambda: program.shell is not None, timeout=20_000)
    shell = program.shell
    assert isinstance(shell, Shell)
    shell.lock()
    cover = shell.cover.findChild(UnlockPanel)
    assert cover is not None
    qtbot.waitUntil(lambda: shown(cover) == ["pin"], timeout=20_000)
    enter(cover.pin, "111222")
    qtbot.waitUntil(lambda: "4 tries are left" in cover.form.rows["pin"].error.text(), timeout=20_000)
    enter(cover.pin, PIN)
    qtbot.waitUntil(lambda: not shell.cover.is_locked, timeout=20_000)
    assert kept
    shell.close()
    assert kept == {}, "closing the window is signing out"
    program.close_store()
    shell.deleteLater()


def test_after_five_wrong_tries_the_passphrase_is_asked_for(
    kept: dict[tuple[str, str], str], folder: Path, qtbot: QtBot
) -> None:
    panel = locked_panel(folder, qtbot)
    for left in (4, 3, 2, 1):
        enter(panel.pin, "111222")
        words = f"{left} tr"
        qtbot.waitUntil(lambda words=words: words in panel.form.rows["pin"].error.text(), timeout=20_000)
    enter(panel.pin, "111222")
    qtbot.waitUntil(lambda: not panel.takes_pin, timeout=20_000)
    assert "Unlock with the passphrase" in panel.form.rows["passphrase"].error.text()
    with qtbot.waitSignal(panel.opened, timeout=20_000) as opened:
        enter(panel.passphrase, PASSPHRASE)
    opened.args[0].close()


def test_the_passphrase_is_one_link_away(kept: dict[tuple[str, str], str], folder: Path, qtbot: QtBot) -> None:
    panel = locked_panel(folder, qtbot)
    panel.by_passphrase.click()
    assert "passphrase" in shown(panel)
    assert "pin" not in shown(panel)
    with qtbot.waitSignal(panel.opened, timeout=20_000) as opened:
        enter(panel.passphrase, PASSPHRASE)
    opened.args[0].close()


def test_the_panel_with_a_pin_passes_the_checklist(
    kept: dict[tuple[str, str], str], folder: Path, qtbot: QtBot
) -> None:
    panel = locked_panel(folder, qtbot)
    page = Page()
    page.body.addWidget(panel)
    check_page(page, qtbot)
    panel.use_passphrase()
    check_page(page, qtbot)


def test_in_settings_a_pin_is_set_with_the_passphrase_and_turned_off(
    kept: dict[tuple[str, str], str], folder: Path, qtbot: QtBot
) -> None:
    with Store.open(folder, PASSPHRASE) as store:
        page = Page()
        part = QuickPinPart(store)
        page.body.addWidget(part)
        qtbot.addWidget(page)
        page.show()
        part.show_state()
        qtbot.waitUntil(part.isVisible, timeout=20_000)
        part.form.set_values({"passphrase": PASSPHRASE, "pin": PIN, "again": "480277"})
        part.set()
        assert "not the same" in part.form.rows["again"].error.text()
        part.form.set_values({"passphrase": "something else entirely", "again": PIN})
        part.set()
        qtbot.waitUntil(lambda: "not right" in part.form.rows["passphrase"].error.text(), timeout=20_000)
        assert kept == {}
        part.form.set_values({"passphrase": PASSPHRASE})
        part.set()
        qtbot.waitUntil(lambda: part.state.text().startswith("On"), timeout=20_000)
        assert part.form.values() == {"passphrase": "", "pin": "", "again": ""}
        part.end()
        qtbot.waitUntil(lambda: part.state.text() == "Off.", timeout=20_000)
        assert kept == {}


def test_the_organisation_ends_every_pin_when_the_store_opens(
    kept: dict[tuple[str, str], str], folder: Path, qtbot: QtBot
) -> None:
    panel = locked_panel(folder, qtbot)
    panel.deleteLater()
    with Store.open(folder, PASSPHRASE) as store:
        store.write(lambda writer: change_setting(writer, PIN_SETTING, False))
    program = program_module.Program(folder.parent)
    qtbot.addWidget(program.entry)
    shell = program.open(Store.open(folder, PASSPHRASE))
    qtbot.waitUntil(lambda: kept == {}, timeout=20_000)
    program.close_store()
    shell.deleteLater()


def locked_panel(folder: Path, qtbot: QtBot) -> UnlockPanel:
    """A lock panel on a store that has a PIN for today."""
    vault = KeyringVault.find()
    assert vault is not None
    with Store.open(folder, PASSPHRASE) as store:
        store.keys.set_pin(PIN, vault, local_today())
    assert quick_pin.is_ready(folder, vault, local_today())
    panel = UnlockPanel([place_of(folder)], locked=True)
    qtbot.addWidget(panel)
    panel.show()
    qtbot.waitUntil(lambda: panel.takes_pin, timeout=20_000)
    return panel
