"""A backup put back from the window: proven first, the store that was there kept, a bad one changing nothing."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.operations.people import register_person
from wellbeing_desktop.operations.setting_up import set_up_alone
from wellbeing_desktop.storage.backup import backup
from wellbeing_desktop.storage.kdf import FAST_FOR_TESTS
from wellbeing_desktop.storage.places import place_of, stores_on_this_computer
from wellbeing_desktop.storage.records import load_all
from wellbeing_desktop.storage.recovery import RecoveryKit
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.ui.entry.restore import KIT, RestorePage
from wellbeing_desktop.ui.entry.window import EntryWindow

PASSPHRASE = "four quite plain words"
NEW_PASSPHRASE = "teapot lantern brisk meadow"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def kit(home: Path, tmp_path: Path) -> RecoveryKit:
    """A store with one person in its backup, and a second who came after it."""
    store, kit = set_up_alone(home / "one", "Priya's laptop", PASSPHRASE, user_name="Priya", argon=FAST_FOR_TESTS)
    store.write(lambda writer: register_person(writer, Person(family_name="Before")))
    backup(store, tmp_path / "my.backup")
    store.write(lambda writer: register_person(writer, Person(family_name="After")))
    store.close()
    return kit


def restored(page: RestorePage, qtbot: QtBot, **values: str) -> list[Store]:
    qtbot.addWidget(page)
    opened: list[Store] = []
    page.opened.connect(opened.append)
    page.form.set_values(values)
    page.restore()
    qtbot.waitUntil(lambda: bool(opened) or page.button.isEnabled(), timeout=30_000)
    return opened


def names(store: Store) -> list[str]:
    return [person.family_name for person in store.read(lambda reader: load_all(reader, Person))]


def test_a_backup_takes_the_place_of_the_store_which_is_kept(
    home: Path, kit: RecoveryKit, tmp_path: Path, qtbot: QtBot
) -> None:
    page = RestorePage(home / "one", place_of(home / "one"))
    [store] = restored(page, qtbot, file=str(tmp_path / "my.backup"), secret=PASSPHRASE)
    with store:
        assert names(store) == ["Before"]
    kept = [place for place in stores_on_this_computer(home) if "kept from before the restore" in place.label]
    assert len(kept) == 1
    with Store.open(kept[0].folder, PASSPHRASE) as before:
        assert names(before) == ["Before", "After"]


def test_the_recovery_kit_opens_a_backup_on_a_new_computer(kit: RecoveryKit, tmp_path: Path, qtbot: QtBot) -> None:
    folder = tmp_path / "other" / "new"
    values = {"way": KIT, "code": kit.code, "new": NEW_PASSPHRASE, "again": NEW_PASSPHRASE}
    [store] = restored(RestorePage(folder), qtbot, file=str(tmp_path / "my.backup"), **values)
    with store:
        assert names(store) == ["Before"]
    Store.open(folder, NEW_PASSPHRASE).close()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"secret": "not the passphrase"}, "secret"),
        ({"secret": ""}, "secret"),
        ({"secret": PASSPHRASE, "file": "nothing.backup"}, "file"),
        ({"secret": PASSPHRASE, "file": "broken.backup"}, "file"),
        ({"way": KIT, "code": "AAAAA", "new": "a b c d", "again": "a b c d"}, "code"),
        ({"way": KIT, "code": "AAAAA", "new": "a b c d", "again": "another"}, "again"),
    ],
)
def test_what_cannot_be_restored_is_said_beside_its_field_and_changes_nothing(
    home: Path, kit: RecoveryKit, tmp_path: Path, qtbot: QtBot, values: dict[str, str], field: str
) -> None:
    content = bytearray((tmp_path / "my.backup").read_bytes())
    content[len(content) // 2] ^= 0xFF
    (tmp_path / "broken.backup").write_bytes(content)
    page = RestorePage(home / "one", place_of(home / "one"))
    file = str(tmp_path / values.pop("file", "my.backup"))
    assert restored(page, qtbot, file=file, **values) == []
    assert page.form.rows[field].error.text()
    assert [place.folder.name for place in stores_on_this_computer(home)] == ["one"]
    with Store.open(home / "one", PASSPHRASE) as store:
        assert names(store) == ["Before", "After"]


def test_it_is_reached_from_unlock_and_from_the_first_screen(home: Path, kit: RecoveryKit, qtbot: QtBot) -> None:
    from PySide6.QtWidgets import QPushButton

    window = EntryWindow(home)
    qtbot.addWidget(window)
    for show, words in ((window.begin, "Restore from a backup"), (window.show_welcome, "Restore a backup")):
        show()
        button = next(
            each
            for each in window.stack.currentWidget().findChildren(QPushButton)
            if each.text().replace("&", "") == words
        )
        button.click()
        assert isinstance(window.stack.currentWidget(), RestorePage)
