"""Two sheets of the organisation's key open a sealed store in the real window, by keyboard; each mistake has its words."""

import datetime as dt
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.accessibility import check_page
from tests.ui.test_program import PASSPHRASE, home, kit, program
from tests.ui.test_restore_page import restored
from wellbeing_desktop import app as program_module
from wellbeing_desktop.domain.six_groups import six_groups
from wellbeing_desktop.operations.audit_trail import what_words
from wellbeing_desktop.storage import audit
from wellbeing_desktop.storage.backup import backup
from wellbeing_desktop.storage.organisation_key import FROM_POLICY, Belief, keep_belief
from wellbeing_desktop.storage.places import place_of
from wellbeing_desktop.storage.recovery import RecoveryKey, RecoveryKit
from wellbeing_desktop.storage.recovery_sheets import code_of_sheet, sheets_of
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.ui.entry.kit import KitPage
from wellbeing_desktop.ui.entry.making import Made
from wellbeing_desktop.ui.entry.recover import RecoverPage
from wellbeing_desktop.ui.entry.recovery_ways import SHEETS
from wellbeing_desktop.ui.entry.restore import RestorePage
from wellbeing_desktop.ui.entry.unlock import UnlockPanel

__all__ = ["home", "kit", "program"]

WORDS = "another four plain words"


@pytest.fixture
def key(kit: RecoveryKit, home: Path) -> RecoveryKey:
    """The organisation's key, that the closed store of `home` is opened by too."""
    key = RecoveryKey.new()
    with Store.open(home / "one", PASSPHRASE) as store:
        store.write(lambda writer: keep_belief(writer, Belief(key.public(), FROM_POLICY)))
        store.keys.use_recovery_key_of_organisation(key.public())
    return key


@pytest.fixture
def sealed(key: RecoveryKey, home: Path) -> RecoveryKey:
    with Store.open(home / "one", PASSPHRASE) as store:
        store.seal("Riverside Surgery", dt.datetime(2026, 11, 21, tzinfo=dt.UTC))
    return key


def codes_of(key: RecoveryKey) -> list[str]:
    return [code_of_sheet(sheet) for sheet in sheets_of(key)]


def test_two_people_open_a_sealed_store_with_their_sheets_by_keyboard_and_print_a_new_kit(
    program: program_module.Program, sealed: RecoveryKey, kit: RecoveryKit, qtbot: QtBot
) -> None:
    program.begin()
    panel = program.entry.findChild(UnlockPanel)
    assert panel is not None
    assert "recovery kit open it no more" in panel.sealed.text()
    assert six_groups(sealed.public()) in panel.sealed.text()
    assert panel.recovery.text().replace("&", "") == "Use recovery sheets"
    QTest.keyClick(panel.recovery, Qt.Key.Key_Space)
    page = program.entry.stack.currentWidget()
    assert isinstance(page, RecoverPage)
    one, _two, three = codes_of(sealed)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is page.form.rows["sheet_one"].field)
    for text in (three.lower().replace("-", " "), one, WORDS, WORDS):
        typed = QApplication.focusWidget()
        assert isinstance(typed, QWidget)
        QTest.keyClicks(typed, text)
        QTest.keyClick(typed, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is page.button
    QTest.keyClick(page.button, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: isinstance(program.entry.stack.currentWidget(), KitPage), timeout=30_000)
    kit_page = program.entry.stack.currentWidget()
    assert isinstance(kit_page, KitPage)
    assert kit_page._kit.code != kit.code
    assert program.shell is None
    kit_page.safe.click()
    kit_page.go_on.click()
    qtbot.waitUntil(lambda: program.shell is not None, timeout=30_000)
    done = [what_words(line.action) for line in program.session_now().store.read(audit.entries)]
    assert "Opened this store by the organisation's recovery key, for a new passphrase" in done[:2]


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        (lambda ours, theirs: ("", ours[0]), "sheet_one", "Enter the groups of the first sheet"),
        (lambda ours, theirs: (ours[0], ours[1][:-1] + ("7" if ours[1][-1] != "7" else "8")), "sheet_two", "group 15"),
        (lambda ours, theirs: (ours[2], ours[2]), "sheet_two", "This is sheet 3 twice"),
        (lambda ours, theirs: (ours[0], theirs[1]), "sheet_two", "This is sheet 2 of another key"),
        (lambda ours, theirs: (theirs[0], theirs[1]), "sheet_one", "This is sheet 1 of another key"),
    ],
    ids=["none", "typing error", "twice", "mixed up", "another key"],
)
def test_a_wrong_sheet_is_told_at_its_own_field(
    sealed: RecoveryKey, home: Path, qtbot: QtBot, typed, field: str, words: str
) -> None:
    page = RecoverPage(place_of(home / "one"))
    qtbot.addWidget(page)
    one, two = typed(codes_of(sealed), codes_of(RecoveryKey.new()))
    page.form.set_values({"sheet_one": one, "sheet_two": two, "passphrase": WORDS, "again": WORDS})
    page.recover()
    assert words in page.form.rows[field].error.text()
    assert page.button.isEnabled()


def test_the_page_with_both_ways_and_with_sheets_alone_passes_the_checklist(
    key: RecoveryKey, home: Path, qtbot: QtBot
) -> None:
    page = RecoverPage(place_of(home / "one"))
    check_page(page, qtbot)
    assert page.way == "kit"
    page.form.set_values({"way": SHEETS})
    page._show_way()
    check_page(page, qtbot)
    assert page.form.rows["code"].holder.isHidden()
    with Store.open(home / "one", PASSPHRASE) as store:
        store.seal("Riverside Surgery", dt.datetime(2026, 11, 21, tzinfo=dt.UTC))
    alone = RecoverPage(place_of(home / "one"))
    check_page(alone, qtbot)
    assert "way" not in alone.form.rows


def test_two_sheets_open_a_backup_on_a_new_computer_and_give_it_a_new_kit(
    key: RecoveryKey, home: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    with Store.open(home / "one", PASSPHRASE) as store:
        backup(store, tmp_path / "my.backup")
    page = RestorePage(tmp_path / "other" / "new")
    made: list[Made] = []
    page.made.connect(made.append)
    one, two, _three = codes_of(RecoveryKey.new())
    values = {"way": SHEETS, "sheet_one": one, "sheet_two": two, "new": WORDS, "again": WORDS}
    assert restored(page, qtbot, file=str(tmp_path / "my.backup"), **values) == []
    assert six_groups(key.public()) in page.form.rows["sheet_two"].error.text()
    one, two, _three = codes_of(key)
    page.form.set_values({"sheet_one": one, "sheet_two": two})
    page.restore()
    qtbot.waitUntil(lambda: bool(made), timeout=30_000)
    assert made[0].kit is not None
    made[0].store.close()
    Store.recover(tmp_path / "other" / "new", made[0].kit.code, PASSPHRASE).close()
