"""The window places pages, remembers where it was, and hides everything at lock."""

import pytest
from PySide6.QtCore import Qt

from wellbeing_desktop.ui.commands import KEY_MAP, for_page
from wellbeing_desktop.ui.navigation import Section
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.palette import Found
from wellbeing_desktop.ui.shell import TITLE, Shell
from wellbeing_desktop.ui.sync_line import SyncState
from wellbeing_desktop.ui.theme import theme
from wellbeing_desktop.ui.widgets import buttons, fields, labels
from wellbeing_desktop.ui.window_settings import WindowSettings, from_bytes, to_bytes


class NotePage(Page):
    title = "Note"
    nav_key = "note"

    def __init__(self) -> None:
        super().__init__()
        self.field = fields.note()
        self.body.addWidget(labels.label_for("&Note", self.field))
        self.body.addWidget(self.field)
        self.saves: list[str] = []
        self.drafts: list[str] = []
        self.shown: list[str] = []

    def on_shown(self, argument: str = "") -> None:
        self.shown.append(argument)

    def save_draft(self) -> None:
        self.drafts.append(self.field.value())

    def commands(self):
        return (for_page("save", lambda: self.saves.append(self.field.value()), name="Save contact"),)

    def first_focus(self):
        return self.field


class ListPage(Page):
    title = "List"
    nav_key = "list"


@pytest.fixture
def shell(qtbot):
    made = Shell()
    made.add_page("list", ListPage, Section("list", "Caseload", "users"))
    made.add_page("note", NotePage, Section("note", "Visit notes", "file-text"))
    qtbot.addWidget(made)
    made.go("list")
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def press(qtbot, shell: Shell, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    qtbot.keyClick(shell.focusWidget() or shell, key, modifier)


CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


def test_control_and_a_number_goes_to_a_section_and_back_comes_back(qtbot, shell: Shell) -> None:
    press(qtbot, shell, Qt.Key.Key_2, CTRL)
    assert shell.page().title == "Note"
    press(qtbot, shell, Qt.Key.Key_Left, ALT)
    assert shell.page().title == "List"
    press(qtbot, shell, Qt.Key.Key_Right, ALT)
    assert shell.page().title == "Note"


def test_the_same_page_keeps_one_place_for_each_person(shell: Shell) -> None:
    shell.go("note", "p1")
    shell.go("note", "p2")
    shell.go_back()
    assert shell.pages["note"].shown == ["p1", "p2", "p1"]


@pytest.mark.parametrize("key", [Qt.Key.Key_K])
def test_the_palette_opens_from_inside_a_text_field_and_runs_a_command(qtbot, shell: Shell, key: Qt.Key) -> None:
    shell.go("note")
    shell.pages["note"].field.set_value("kept whole")
    press(qtbot, shell, key, CTRL)
    assert shell.palette_box.isVisible()
    assert shell.pages["note"].field.value() == "kept whole"
    qtbot.keyClicks(shell.palette_box.field, "save")
    assert shell.palette_box.list.currentItem().text().startswith("Save contact")
    qtbot.keyClick(shell.palette_box.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shell.pages["note"].saves == ["kept whole"])
    assert shell.focusWidget() is shell.pages["note"].field


def test_people_stand_above_commands_and_late_answers_are_dropped(qtbot, shell: Shell) -> None:
    waiting = []
    opened = []
    shell.palette_box.add_provider(lambda text, deliver: waiting.append((text, deliver)))
    shell.palette_box.open()
    qtbot.keyClicks(shell.palette_box.field, "go")
    (_, late), (_, now) = waiting
    now([Found("JONES, Bronwen", "14-Mar-1943, CF10 1AA", lambda: opened.append("p1"))])
    late([Found("NOBODY", "", lambda: None)])
    assert shell.palette_box.list.item(0).text().startswith("JONES, Bronwen")
    qtbot.keyClick(shell.palette_box.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: opened == ["p1"])


def test_escape_closes_the_palette_before_it_goes_back(qtbot, shell: Shell) -> None:
    shell.go("note")
    shell.palette_box.open()
    press(qtbot, shell, Qt.Key.Key_Escape)
    assert not shell.palette_box.isVisible()
    assert shell.page().title == "Note"


def test_lock_saves_the_draft_first_hides_all_and_comes_back_to_the_field(qtbot, shell: Shell) -> None:
    shell.go("note")
    page = shell.pages["note"]
    qtbot.keyClicks(page.field, "Bron says")
    order = []
    shell.cover.locked.connect(lambda: order.append(list(page.drafts)))
    press(qtbot, shell, Qt.Key.Key_L, CTRL)
    assert order
    assert order[0][-1] == "Bron says"
    assert not page.isVisible()
    assert not shell.navigation.isVisible()
    assert shell.windowTitle() == TITLE
    press(qtbot, shell, Qt.Key.Key_1, CTRL)
    assert shell.page().title == "Note", "no shortcut works while locked"
    shell.cover.unlock()
    assert page.isVisible()
    assert shell.focusWidget() is page.field
    assert page.field.value() == "Bron says"


def test_the_idle_clock_locks_after_five_minutes_or_fifteen_in_an_open_visit(qtbot, shell: Shell) -> None:
    clock = shell.idle_clock
    assert clock._timer.interval() == 5 * 60_000
    clock.hold_off(shell.pages["list"])
    assert clock._timer.interval() == 15 * 60_000
    clock.let_go(shell.pages["list"])
    assert clock._timer.interval() == 5 * 60_000
    clock._timer.timeout.emit()
    assert shell.cover.is_locked


def test_a_laptop_that_slept_locks_before_the_first_key_is_seen(qtbot, shell: Shell) -> None:
    shell.go("note")
    seconds = [0.0]
    clock = shell.idle_clock
    clock._now = lambda: seconds[0]
    clock.start()
    qtbot.keyClick(shell.windowHandle(), Qt.Key.Key_A)
    seconds[0] = 6 * 60
    qtbot.keyClick(shell.windowHandle(), Qt.Key.Key_B)
    assert shell.cover.is_locked
    assert shell.pages["note"].field.value() == "a"


def test_visit_mode_gives_large_targets_and_hides_the_lists(qtbot, shell: Shell) -> None:
    shell.go("note")
    page = shell.pages["note"]
    button = buttons.primary("&Save contact")
    page.body.addWidget(button)
    press(qtbot, shell, Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: button.height() >= 44)
    assert button.fontInfo().pointSizeF() >= 15.9
    assert not shell.navigation.isVisible()
    press(qtbot, shell, Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: button.height() < 44)
    assert shell.navigation.isVisible()


def test_text_grows_by_key_and_the_choice_is_kept(qtbot, shell: Shell) -> None:
    kept = []
    shell.settings_changed.connect(kept.append)
    press(qtbot, shell, Qt.Key.Key_Equal, CTRL)
    assert theme().percent == 125
    assert from_bytes(to_bytes(kept[-1])).text_percent == 125
    press(qtbot, shell, Qt.Key.Key_0, CTRL)
    assert theme().percent == 100


def test_the_navigation_folds_when_the_window_is_narrow(shell: Shell) -> None:
    shell.resize(1366, 728)
    assert shell.navigation.rows["list"].text() == "Caseload"
    shell.resize(1100, 700)
    assert shell.navigation.rows["list"].text() == ""
    assert shell.navigation.rows["list"].accessibleName() == "Caseload"
    assert "Caseload" in shell.navigation.rows["list"].toolTip()


def test_help_lists_the_keys_of_the_page_it_was_asked_from(qtbot, shell: Shell) -> None:
    shell.go("note")
    press(qtbot, shell, Qt.Key.Key_F1)
    words = [label.text() for label in shell.page().findChildren(type(labels.body()))]
    assert "Help: Note" in words
    assert "Save contact" in words
    assert "Ctrl+S" in words


def test_f6_goes_round_the_panes(qtbot, shell: Shell) -> None:
    shell.go("note")
    seen = []
    for _ in range(3):
        press(qtbot, shell, Qt.Key.Key_F6)
        seen.append(shell.focusWidget().accessibleName())
    assert seen == ["Sync state not known", "Visit notes", "Note"]


def test_every_key_is_used_once() -> None:
    keys = [key for command in KEY_MAP for key in command.keys]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (SyncState("up_to_date", at="10:42"), "Up to date 10:42"),
        (SyncState("sending", sent=3, total=12), "Sending 3 of 12"),
        (
            SyncState("offline", at="today 08:12", waiting=3),
            "Working offline. 3 changes waiting. Last sync today 08:12",
        ),
        (SyncState("offline", waiting=1), "Working offline. 1 change waiting."),
        (SyncState("cannot_send", reason="sign in again"), "Cannot send: sign in again"),
        (SyncState(), "Sync state not known"),
    ],
)
def test_the_sync_line_says_its_state_in_words(qtbot, shell: Shell, state: SyncState, words: str) -> None:
    shell.sync_line.show_state(state)
    assert shell.sync_line.button.text() == words
    assert shell.sync_line.button.accessibleName() == words


def test_the_sync_line_is_whole_at_large_text_and_what_is_elsewhere_too_gives_way(qtbot, shell: Shell) -> None:
    shell.resize(1366, 728)
    line, state = shell.sync_line, SyncState("offline", at="today 08:12", waiting=3)
    line.show_state(state)
    line.show_at_risk(1)
    line.draft.setText("Draft saved on this laptop 10:42")
    qtbot.waitUntil(lambda: line.hints.isVisible() and line.draft.isVisible())
    theme().set_percent(200)
    qtbot.waitUntil(lambda: line.hints.isHidden() and line.draft.isHidden())
    assert line.button.text() == state.words()
    qtbot.waitUntil(lambda: line.button.width() >= line.button.sizeHint().width())
    line.show_state(SyncState("cannot_send", reason="a very long reason " * 12))
    qtbot.waitUntil(lambda: line.button.text().endswith("\u2026"))
    assert line.button.toolTip() == line.button.accessibleName() == line.state.words()
    assert line.width() <= 1366
    theme().set_percent(100)


def test_a_page_behind_never_takes_the_keyboard(qtbot, shell: Shell) -> None:
    shell.go("note")
    behind = shell.pages["note"]
    shell.go("list")
    typed_in = shell.focusWidget()
    assert typed_in is not None
    behind.field.setFocus()
    assert shell.focusWidget() is typed_in


def test_settings_that_cannot_be_read_are_the_usual_ones() -> None:
    assert from_bytes(b"\xff\x00") == WindowSettings()
    assert from_bytes(b'{"theme": "neon", "text_percent": 999}') == WindowSettings(text_percent=200)
