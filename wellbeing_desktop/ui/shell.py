"""The main window. It only places pages: navigation left, the page in front, the sync line below.

shell = Shell()
shell.add_page("today", TodayPage_factory, Section("today", "Today", "sun"))
shell.add_page("person", person_page_factory)          # reached from elsewhere, no row of its own
shell.go("person", person_id)
"""

from collections.abc import Callable
from dataclasses import dataclass

import msgspec
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.clock_notice import ClockNotice
from wellbeing_desktop.ui.commands import KEY_MAP, Command, CommandList, for_page
from wellbeing_desktop.ui.help import HelpPage
from wellbeing_desktop.ui.lock import LOCKED_TITLE, IdleClock, LockCover
from wellbeing_desktop.ui.navigation import Navigation, Section
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.palette import Palette
from wellbeing_desktop.ui.sync_line import SyncLine
from wellbeing_desktop.ui.theme import theme
from wellbeing_desktop.ui.widgets import labels
from wellbeing_desktop.ui.widgets.undo_bar import UndoBar
from wellbeing_desktop.ui.window_settings import WindowSettings

TITLE = LOCKED_TITLE
"""The window's title, always: titles are seen by others, so no person's name is ever in it."""


@dataclass(frozen=True)
class Place:
    """Where the window is or was: a page and the id that it showed."""

    nav_key: str
    argument: str = ""


class Shell(QWidget):
    """Pages are made on first visit. The application gives what needs a store: unlock, sync, undo, people search."""

    sync_asked = Signal()
    undo_asked = Signal()
    redo_asked = Signal()
    settings_changed = Signal(object)
    """A WindowSettings to keep."""
    closing = Signal()

    def __init__(self, settings: WindowSettings | None = None) -> None:
        super().__init__()
        self.setObjectName("window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(TITLE)
        self.settings = settings or WindowSettings()
        self.commands = CommandList()
        self.navigation = Navigation()
        self.stack = QStackedWidget()
        self.undo_bar = UndoBar()
        self.clock_notice = ClockNotice()
        self.sync_line = SyncLine()
        self._lay_out()
        self.palette_box = Palette(self, self.commands)
        self.cover = LockCover(self)
        self.idle_clock = IdleClock(self)
        self._factories: dict[str, Callable[[], Page]] = {}
        self.pages: dict[str, Page] = {}
        self._back: list[Place] = []
        self._forward: list[Place] = []
        self.place: Place | None = None
        self.visit_mode = False
        self._only = ""
        self.add_page("help", HelpPage)
        self.navigation.chosen.connect(self.go)
        self.sync_line.button.clicked.connect(self.sync_asked)
        self.sync_line.at_risk.clicked.connect(lambda: self.go("concerns"))
        self.idle_clock.idle.connect(self.lock)
        self.cover.unlocked.connect(self.idle_clock.start)
        self.cover.locked.connect(self.idle_clock.stop)
        theme().changed.connect(self._text_or_theme_changed)
        background.on_changed(self._changed)
        self.commands.add(self._own_commands())
        self._install_shortcuts()
        self._use_settings()
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._keep_keyboard_in_front)

    def _keep_keyboard_in_front(self, old: QWidget | None, now: QWidget | None) -> None:
        """A page behind may fill itself anew when something is saved, and give the keyboard to its first field: what is
        typed then would go into words that nobody sees."""
        front = self.stack.currentWidget()
        if now is None or front is None or not self.stack.isAncestorOf(now) or front.isAncestorOf(now) or now is front:
            return
        if old is not None and old.isVisibleTo(self) and self.isAncestorOf(old):
            old.setFocus(Qt.FocusReason.OtherFocusReason)
        elif isinstance(front, Page):
            (front.first_focus() or front).setFocus(Qt.FocusReason.OtherFocusReason)

    def add_page(self, nav_key: str, make: Callable[[], Page], section: Section | None = None) -> None:
        """Names a page. With a section it gets a row of the navigation and the next of Ctrl+1 to Ctrl+9."""
        self._factories[nav_key] = make
        if section is None:
            return
        self.navigation.add_section(section)
        number = len(self.navigation.rows)
        keys = (f"Ctrl+{number}",) if number <= 9 else ()

        def go_there() -> None:
            self.go(nav_key)

        self.commands.add([Command(f"go_{nav_key}", f"Go to {section.words}", keys, run=go_there)])
        if keys:
            self._shortcut(keys[0], f"go_{nav_key}")

    def has_page(self, nav_key: str) -> bool:
        return nav_key in self._factories

    def go(self, nav_key: str, argument: str = "") -> bool:
        """Brings a page to the front; False when the page in front has a reason to stay."""
        if self._only and nav_key not in (self._only, "help"):
            return False
        place = Place(nav_key, argument)
        if place == self.place:
            self._show(place)
            return True
        if not self._may_leave():
            return False
        if self.place is not None:
            self._back.append(self.place)
            del self._back[:-100]
        self._forward.clear()
        self._show(place)
        return True

    @property
    def is_closed_down(self) -> bool:
        return bool(self._only)

    def close_down(self, nav_key: str) -> None:
        """Only this page and help can be reached from now on, and nothing of the others is kept."""
        self._only = nav_key
        self.palette_box.hide()
        self.undo_bar.hide()
        self.save_drafts()
        self.forget_pages()
        self.go(nav_key)

    def open_up(self) -> None:
        """The other pages can be reached again."""
        self._only = ""
        self.forget_pages()

    def go_back(self) -> None:
        self._step(self._back, self._forward)

    def go_forward(self) -> None:
        self._step(self._forward, self._back)

    def page(self) -> Page | None:
        """The page in front."""
        return self.pages.get(self.place.nav_key) if self.place is not None else None

    def lock(self) -> None:
        """Saves every draft, hides everything, tells `cover.locked`."""
        self.palette_box.hide()
        self.undo_bar.hide()
        self.cover.lock(self.save_drafts)

    def save_drafts(self) -> None:
        for page in self.pages.values():
            page.save_draft()

    def forget_pages(self) -> None:
        """Drops every page and the history: after lock, another person may sign in."""
        for page in self.pages.values():
            self.stack.removeWidget(page)
            page.deleteLater()
        self.pages, self.place = {}, None
        self._back.clear()
        self._forward.clear()
        self.commands.set_page(())

    def set_visit_mode(self, on: bool) -> None:
        """One column, large targets, no side lists (UX section 2)."""
        self.visit_mode = on
        self.navigation.setVisible(not on)
        self.stack.setProperty("visit", "true" if on else "false")
        for widget in (self.stack, *self.stack.findChildren(QWidget)):
            labels.repolish(widget)  # a rule on an ancestor's property reaches a widget only when it is looked at again
        page = self.page()
        if page is not None:
            page.on_visit_mode(on)

    def remember(self, settings: WindowSettings) -> None:
        """New settings, used now and handed to whoever keeps them."""
        self.settings = settings
        self.settings_changed.emit(settings)

    def set_text_percent(self, percent: int) -> None:
        theme().set_percent(percent)
        self._remember_look()

    def choose_theme(self, choice: str) -> None:
        theme().choose(choice)
        self._remember_look()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.navigation.fold_for(self.width())
        if self.cover.is_locked:
            self.cover.setGeometry(self.rect())
        if self.palette_box.isVisible():
            self.palette_box.place()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.save_drafts()
        size = self.normalGeometry()
        self.remember(_with(self.settings, width=size.width(), height=size.height(), maximised=self.isMaximized()))
        self.closing.emit()
        super().closeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.ActivationChange and not self.isActiveWindow():
            self.save_drafts()

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.navigation)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.clock_notice)
        right.addWidget(self.stack, 1)
        right.addWidget(self.undo_bar)
        middle.addLayout(right, 1)
        outer.addLayout(middle, 1)
        outer.addWidget(self.sync_line)
        self.setMinimumSize(1024, 600)

    def _use_settings(self) -> None:
        theme().choose(self.settings.theme)
        theme().set_percent(self.settings.text_percent)
        screen = QApplication.primaryScreen()
        room = screen.availableSize() if screen is not None else self.size()
        self.resize(
            min(self.settings.width, max(1024, room.width())), min(self.settings.height, max(600, room.height()))
        )
        if self.settings.maximised:
            self.setWindowState(Qt.WindowState.WindowMaximized)

    def _remember_look(self) -> None:
        self.remember(_with(self.settings, theme=theme().choice, text_percent=theme().percent))

    def _text_or_theme_changed(self) -> None:
        self.navigation.fold_for(self.width())

    def _show(self, place: Place) -> None:
        page = self.pages.get(place.nav_key)
        if page is None:
            page = self._factories[place.nav_key]()
            self.pages[place.nav_key] = page
            page.go.connect(self.go)
            page.draft_state.connect(self.sync_line.draft.setText)
            self.stack.addWidget(page)
        self.place = place
        self.stack.setCurrentWidget(page)
        self.sync_line.draft.setText("")
        self.navigation.light(page.section_key or place.nav_key)
        self.commands.set_page(page.commands())
        page.on_shown(place.argument)
        first = page.first_focus()
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)
        elif not _within(self.navigation, self.focusWidget() or page):
            # someone going through the navigation by key stays there until Tab or F6
            page.first_control_focus()

    def _may_leave(self) -> bool:
        page = self.page()
        if page is None:
            return True
        page.save_draft()
        return page.can_leave()

    def _step(self, source: list[Place], target: list[Place]) -> None:
        if not source or not self._may_leave():
            return
        if self.place is not None:
            target.append(self.place)
        self._show(source.pop())

    def _changed(self, changes: Changes) -> None:
        for page in self.pages.values():
            page.refresh(changes)

    def _own_commands(self) -> tuple[Command, ...]:
        return (
            for_page("palette", self.palette_box.open),
            for_page("next_pane", lambda: self._pane(1)),
            for_page("previous_pane", lambda: self._pane(-1)),
            for_page("undo", self._undo),
            for_page("redo", self.redo_asked.emit),
            for_page("back", self.go_back),
            for_page("forward", self.go_forward),
            for_page("close", self._escape),
            for_page("sync", self.sync_asked.emit),
            for_page("visit_mode", lambda: self.set_visit_mode(not self.visit_mode)),
            for_page("lock", self.lock),
            for_page("larger_text", lambda: self._step_text(1)),
            for_page("smaller_text", lambda: self._step_text(-1)),
            for_page("usual_text", lambda: self.set_text_percent(100)),
            for_page("help", self._help),
            Command("theme_light", "Use light colours", run=lambda: self.choose_theme("light")),
            Command("theme_dark", "Use dark colours", run=lambda: self.choose_theme("dark")),
            Command("theme_high", "Use high contrast", run=lambda: self.choose_theme("high contrast")),
            Command("theme_system", "Use the colours of the system", run=lambda: self.choose_theme("system")),
        )

    def _install_shortcuts(self) -> None:
        for command in KEY_MAP:
            for keys in command.keys:
                self._shortcut(keys, command.key)

    def _shortcut(self, keys: str, command_key: str) -> None:
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.setContext(Qt.ShortcutContext.WindowShortcut)

        def run() -> None:
            if not self.cover.is_locked:
                self.commands.run(command_key)

        shortcut.activated.connect(run)

    def _step_text(self, steps: int) -> None:
        theme().step_percent(steps)
        self._remember_look()

    def _undo(self) -> None:
        if self.undo_bar.isVisible():
            self.undo_bar.undo_button.click()
        else:
            self.undo_asked.emit()

    def _escape(self) -> None:
        if self.palette_box.isVisible():
            self.palette_box.close_palette()
        else:
            self.go_back()

    def _help(self) -> None:
        page = self.page()
        if page is None or isinstance(page, HelpPage):
            return
        commands = self.commands.available()
        if self.go("help"):
            shown = self.pages["help"]
            if isinstance(shown, HelpPage):
                shown.show_help(page.title, page.help_key or page.nav_key, commands)

    def _pane(self, step: int) -> None:
        page = self.page()
        panes = [self.navigation, *(page.panes() if page is not None else ()), self.sync_line]
        panes = [pane for pane in panes if pane.isVisible()]
        now = self.focusWidget()
        at = next((n for n, pane in enumerate(panes) if now is not None and _within(pane, now)), -1 if step > 0 else 0)
        # the innermost pane wins where one holds another
        for n, pane in enumerate(panes):
            if now is not None and _within(pane, now) and _within(panes[at], pane):
                at = n
        for distance in range(1, len(panes) + 1):
            if _focus_first(panes[(at + step * distance) % len(panes)]):
                return


def _within(pane: QWidget, widget: QWidget) -> bool:
    return pane is widget or pane.isAncestorOf(widget)


def _focus_first(pane: QWidget) -> bool:
    """Gives the keyboard to the first control of `pane` in Tab order, a lit or chosen one first."""
    candidates = [pane, *pane.findChildren(QWidget)]
    able = [
        each
        for each in candidates
        if each.isVisible() and each.isEnabled() and each.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    chosen = [each for each in able if each.property("checked")]
    for each in (*chosen, *able):
        each.setFocus(Qt.FocusReason.TabFocusReason)
        return True
    return False


def _with(settings: WindowSettings, **changed: object) -> WindowSettings:
    return msgspec.structs.replace(settings, **changed)
