"""The program as a whole: set up, work, lock, unlock, close; in the real window on a real store."""

import datetime as dt
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from wellbeing_desktop import app as program_module
from wellbeing_desktop.operations.setting_up import set_up_alone
from wellbeing_desktop.storage.kdf import FAST_FOR_TESTS
from wellbeing_desktop.storage.places import stores_on_this_computer
from wellbeing_desktop.storage.recovery import RecoveryKit
from wellbeing_desktop.storage.sealed import Unconfirmed, confirmed, put_mark
from wellbeing_desktop.sync.client.report import SyncReport
from wellbeing_desktop.ui.entry.kit import KitPage
from wellbeing_desktop.ui.entry.new_store import NewStorePage
from wellbeing_desktop.ui.entry.recover import RecoverPage
from wellbeing_desktop.ui.entry.unlock import UnlockPanel
from wellbeing_desktop.ui.entry.welcome import WelcomePage
from wellbeing_desktop.ui.shell import Shell

PASSPHRASE = "four quite plain words"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def kit(home: Path) -> RecoveryKit:
    """A store on this computer, closed, and its recovery kit."""
    store, kit = set_up_alone(home / "one", "Priya's laptop", PASSPHRASE, user_name="Priya Shah", argon=FAST_FOR_TESTS)
    store.close()
    return kit


@pytest.fixture
def program(home: Path, qtbot: QtBot) -> Iterator[program_module.Program]:
    faults: list[str] = []
    hook = sys.excepthook
    made = program_module.Program(home, record_fault=faults.append)
    qtbot.addWidget(made.entry)
    yield made
    made.close_store()
    if made.shell is not None:
        made.shell.deleteLater()
    sys.excepthook = hook
    assert faults == [], "nothing may fail unseen"


def unlock(program: program_module.Program, qtbot: QtBot, passphrase: str = PASSPHRASE) -> Shell:
    """From the start to the window."""
    program.begin()
    return type_passphrase(program, qtbot, passphrase)


def type_passphrase(program: program_module.Program, qtbot: QtBot, passphrase: str = PASSPHRASE) -> Shell:
    """Type the passphrase and press Enter; waits for the window."""
    panel = program.entry.findChild(UnlockPanel)
    assert panel is not None
    QTest.keyClicks(panel.passphrase, passphrase)
    QTest.keyClick(panel.passphrase, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: program.shell is not None, timeout=20_000)
    assert program.shell is not None
    return program.shell


@pytest.mark.usefixtures("kit")
def test_the_passphrase_opens_the_window_on_today(program: program_module.Program, qtbot: QtBot) -> None:
    shell = unlock(program, qtbot)
    assert shell.place is not None
    assert shell.place.nav_key == "today"
    assert shell.isVisible()
    assert not program.entry.isVisible()
    assert "Priya" not in shell.windowTitle()


@pytest.mark.usefixtures("kit")
def test_the_window_is_made_while_the_passphrase_is_typed_and_does_not_lock_behind_it(
    program: program_module.Program, qtbot: QtBot
) -> None:
    program.begin()
    qtbot.waitUntil(lambda: any(isinstance(each, Shell) for each in QApplication.topLevelWidgets()), timeout=60_000)
    (made,) = (each for each in QApplication.topLevelWidgets() if isinstance(each, Shell))
    assert not made.isVisible()
    assert not made.idle_clock.is_running()
    assert made.has_page("caseload")
    shell = type_passphrase(program, qtbot)
    assert shell is made
    assert shell.idle_clock.is_running()


@pytest.mark.usefixtures("kit")
def test_a_wrong_passphrase_says_so_and_keeps_the_store(program: program_module.Program, qtbot: QtBot) -> None:
    program.begin()
    panel = program.entry.findChild(UnlockPanel)
    assert panel is not None
    QTest.keyClicks(panel.passphrase, "not the passphrase at all")
    QTest.keyClick(panel.passphrase, Qt.Key.Key_Return)
    error = panel.form.rows["passphrase"].error
    qtbot.waitUntil(lambda: not error.isHidden(), timeout=20_000)
    assert "not right" in error.text()
    assert program.shell is None
    QTest.keyClicks(panel.passphrase, PASSPHRASE)
    QTest.keyClick(panel.passphrase, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: program.shell is not None, timeout=20_000)


@pytest.mark.usefixtures("kit")
def test_a_damaged_store_is_never_called_a_wrong_passphrase(
    program: program_module.Program, home: Path, qtbot: QtBot
) -> None:
    (home / "one" / "store.db").write_bytes(b"")
    program.begin()
    panel = program.entry.findChild(UnlockPanel)
    assert panel is not None
    QTest.keyClicks(panel.passphrase, PASSPHRASE)
    shown: list[BaseException] = []
    from wellbeing_desktop.ui.widgets import messages

    with messages.replaced_by(lambda _owner, problem: shown.append(problem)):
        QTest.keyClick(panel.passphrase, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: bool(shown), timeout=20_000)
    assert "passphrase" not in str(shown[0]).lower()
    assert program.shell is None


@pytest.mark.usefixtures("kit")
def test_lock_closes_the_store_and_unlock_comes_back_to_the_same_page(
    program: program_module.Program, qtbot: QtBot
) -> None:
    shell = unlock(program, qtbot)
    shell.go("sync")
    assert program.session is not None
    store = program.session.store
    shell.lock()
    assert not store.is_open
    assert not shell.stack.isVisible()
    panel = shell.cover.findChild(UnlockPanel)
    assert panel is not None
    QTest.keyClicks(panel.passphrase, PASSPHRASE)
    QTest.keyClick(panel.passphrase, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not shell.cover.is_locked, timeout=20_000)
    assert shell.place is not None
    assert shell.place.nav_key == "sync"
    assert program.session is not None
    assert program.session.store.is_open


def test_the_recovery_kit_opens_the_store_with_a_new_passphrase(
    program: program_module.Program, kit: RecoveryKit, qtbot: QtBot
) -> None:
    program.begin()
    panel = program.entry.findChild(UnlockPanel)
    assert panel is not None
    panel.recovery_asked.emit(panel.place())
    page = program.entry.stack.currentWidget()
    assert isinstance(page, RecoverPage)
    wrong = kit.code[:-1] + ("A" if kit.code[-1] != "A" else "B")
    page.form.set_values({"code": wrong, "passphrase": "another four plain words", "again": "another four plain words"})
    page.recover()
    assert "14" in page.form.rows["code"].error.text(), "the group with the typing error is named"
    page.form.set_values({"code": kit.code.lower().replace("-", " ")})
    page.recover()
    qtbot.waitUntil(lambda: program.shell is not None, timeout=30_000)


def test_a_store_that_is_sealed_under_the_window_locks_it_and_only_the_recovery_kit_opens_it_again(
    program: program_module.Program, kit: RecoveryKit, qtbot: QtBot
) -> None:
    shell = unlock(program, qtbot)
    store = program.session_now().store
    store.seal("Riverside Surgery", dt.datetime(2026, 11, 21, tzinfo=dt.UTC))
    program._reported(SyncReport(sealed=True))
    assert not store.is_open
    panel = shell.cover.findChild(UnlockPanel)
    assert panel is not None
    assert "Riverside Surgery ended this laptop's access on 21-Nov-2026" in panel.sealed.text()
    assert "Nothing in it was deleted" in panel.sealed.text()
    assert panel.passphrase.isHidden() or panel.form.rows["passphrase"].holder.isHidden()
    panel.recovery.click()
    page = program.entry.stack.currentWidget()
    assert isinstance(page, RecoverPage)
    assert program.entry.isVisible()
    words = "another four plain words"
    page.form.set_values({"code": kit.code, "passphrase": words, "again": words})
    page.recover()
    qtbot.waitUntil(lambda: program.shell is not None, timeout=30_000)
    assert program.session_now().store.is_open


def test_a_seal_that_the_server_has_not_heard_of_is_told_again_until_it_has(
    program: program_module.Program, kit: RecoveryKit, home: Path, qtbot: QtBot
) -> None:
    program.confirm_seals()
    qtbot.waitUntil(lambda: not program._seal_timer.isActive())
    [place] = stores_on_this_computer(home)
    nobody = Unconfirmed(
        server="http://127.0.0.1:9", device="0" * 32, ordered_at="2026-11-21T09:00:00Z", signature="00"
    )
    put_mark(place.folder, "Riverside Surgery", dt.datetime(2026, 11, 21, tzinfo=dt.UTC), nobody)
    program.confirm_seals()
    qtbot.waitUntil(program._seal_timer.isActive)
    confirmed(place.folder)
    program.confirm_seals()
    qtbot.waitUntil(lambda: not program._seal_timer.isActive())


@pytest.mark.capability("S4")
@pytest.mark.slow
def test_a_new_user_sets_up_a_store_of_their_own(
    program: program_module.Program, home: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    program.begin()
    welcome = program.entry.stack.currentWidget()
    assert isinstance(welcome, WelcomePage)
    welcome.alone_asked.emit()
    page = program.entry.stack.currentWidget()
    assert isinstance(page, NewStorePage)
    page.form.set_values(
        {"user_name": "Sam Lee", "organisation_name": "Kington", "label": "Sam", "passphrase": page.words}
    )
    page.make()
    assert "again" in page.form.rows["again"].error.text().lower() or page.form.rows["again"].error.text()
    page.form.set_values({"again": page.words})
    page.make()
    qtbot.waitUntil(lambda: isinstance(program.entry.stack.currentWidget(), KitPage), timeout=60_000)
    kit = program.entry.stack.currentWidget()
    assert isinstance(kit, KitPage)
    assert not kit.go_on.isEnabled(), "the window opens only after the kit is said to be safe"
    kit.save_to(tmp_path / "kit.pdf")
    qtbot.waitUntil((tmp_path / "kit.pdf").exists, timeout=20_000)
    kit.safe.setChecked(True)
    kit.go_on.click()
    assert program.shell is not None
    assert [place.label for place in stores_on_this_computer(home)] == ["Sam"]


def test_settings_of_the_window_name_nobody(
    program: program_module.Program, home: Path, kit: RecoveryKit, qtbot: QtBot
) -> None:
    shell = unlock(program, qtbot)
    shell.choose_theme("dark")
    shell.set_text_percent(125)
    kept = (home / "window.json").read_text("utf-8")
    assert "dark" in kept
    assert "Priya" not in kept
    app = QApplication.instance()
    assert app is not None
