"""The only place that builds and joins objects.

What the unlock window does not need is imported when a store is opened, and beforehand, a module at a time, while
somebody types a passphrase: neither the launch nor the unlocking waits for it.
"""

from wellbeing_desktop.ui.import_cost import meet_what_qt_made  # before the modules that it makes cheaper

# isort: split

import importlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from wellbeing_desktop.storage.durable_file import write_durably
from wellbeing_desktop.storage.process import harden_process
from wellbeing_desktop.ui.entry.window import EntryWindow
from wellbeing_desktop.ui.garbage import Collector
from wellbeing_desktop.ui.theme import theme
from wellbeing_desktop.ui.window_settings import WindowSettings, from_bytes, to_bytes

if TYPE_CHECKING:
    from wellbeing_desktop.domain.changes import Changes
    from wellbeing_desktop.storage.places import StorePlace
    from wellbeing_desktop.storage.store import Store
    from wellbeing_desktop.sync.client.policy import Policy
    from wellbeing_desktop.sync.client.report import SyncReport
    from wellbeing_desktop.ui.entry.unlock import UnlockPanel
    from wellbeing_desktop.ui.session import Session
    from wellbeing_desktop.ui.shell import Place, Shell
    from wellbeing_desktop.ui.sync_desk import SyncDesk

SWITCH_INTERVAL_SECONDS: Final = 0.0002
"""Beside a Python-heavy thread one repaint of a table went from 7 to 300 ms: 966 calls back into Python, each waiting
up to Python's usual 5 ms for the interpreter lock. With this interval it is 30 to 80 ms (DESIGN section 8).
"""
FIRST_PAGE: Final = "today"
_BEFORE_IMPORTS_MS: Final = 300
_BETWEEN_IMPORTS_MS: Final = 10
_LOOK_AFTER_MS: Final = 4_000
"""After a store was opened: the first page is on the screen by then."""
_TELL_AGAIN_MS: Final = 10 * 60_000
"""Between two tries to tell a server that a store here is sealed."""
_NEEDED_SOON: Final = (
    "wellbeing_desktop.storage.write_door",
    "wellbeing_desktop.storage.store",
    "wellbeing_desktop.ui.charts",
    "wellbeing_desktop.ui.palette",
    "wellbeing_desktop.ui.shell",
    "wellbeing_desktop.sync.client.session",
    "wellbeing_desktop.ui.page_list",
    "wellbeing_desktop.ui.pages.today",
    "wellbeing_desktop.ui.sync_desk",
    "wellbeing_desktop.storage.undo",
    "wellbeing_desktop.ui.faults",
    "wellbeing_desktop.ui.palette_finds",
    "wellbeing_desktop.ui.after_opening",
    "wellbeing_desktop.ui.phrases",
    "argon2",
    "platformdirs",
)

MakePractice = Callable[[Path], "Store"]
"""Makes the store of practice mode in a folder, filled with made-up people."""


def share_the_interpreter() -> None:
    """Lets the window's thread get the interpreter lock quickly; called first by whatever opens the window."""
    sys.setswitchinterval(SWITCH_INTERVAL_SECONDS)


def home_folder() -> Path:
    """Where this computer's stores are: the organisation's policy may say. WELLBEING_HOME puts them elsewhere, for
    practice and for tests."""
    chosen = os.environ.get("WELLBEING_HOME")
    if chosen:
        return Path(chosen)
    folder = _policy().folder
    if folder:
        return Path(folder)
    from platformdirs import user_data_path

    # never the roaming profile: a store must not be copied about by the system
    return user_data_path("wellbeing-desktop", appauthor=False, roaming=False)


class Program(QObject):
    """One run of the window, from unlock to close. Locking closes the store; unlocking opens it again."""

    def __init__(
        self,
        home: Path,
        *,
        only: Path | None = None,
        make_practice: MakePractice | None = None,
        record_fault: Callable[[str], object] | None = None,
    ) -> None:
        """`only` names the one store to open. `record_fault` gets one line, without anybody's words, for every error
        that nothing caught; standard error unless given."""
        super().__init__()
        self._collector = Collector(self)
        self._home = home
        self._settings_file = home / "window.json"
        kept = self._kept_settings()
        theme().choose(kept.theme)
        theme().set_percent(kept.text_percent)
        self.entry = EntryWindow(home, only, make_practice)
        self.entry.opened.connect(self.open)
        self.shell: Shell | None = None
        self._shell_beforehand: Shell | None = None
        self._has_met_qt = False
        self.session: Session | None = None
        self.sync: SyncDesk | None = None
        self._hears_changes = False
        self._last_undo = ""
        self._place: Place | None = None
        self._folder: Path | None = None
        self._beforehand: Iterator[str] = iter(())
        self._import_timer = QTimer(self, interval=_BETWEEN_IMPORTS_MS)
        self._import_timer.timeout.connect(self._import_next)
        self._seal_timer = QTimer(self, interval=_TELL_AGAIN_MS)
        self._seal_timer.timeout.connect(self.confirm_seals)
        self._record_fault = record_fault or _to_standard_error

    def begin(self) -> None:
        self.entry.begin()
        self.entry.show()
        self._beforehand = _needed_soon()
        QTimer.singleShot(_BEFORE_IMPORTS_MS, self._import_timer.start)  # the unlock window is painted first

    def _import_next(self) -> None:
        """One module of those that unlocking will need, then the window itself. On this thread: Qt's classes are made
        as they are imported, and two threads that make them at once end the program."""
        name = next(self._beforehand, "")
        if name:
            importlib.import_module(name)
        elif not self._has_met_qt:
            self._has_met_qt = True
            meet_what_qt_made()
        elif self.shell is None and self._shell_beforehand is None:
            self._shell_beforehand = self._new_shell()
        else:
            self._import_timer.stop()
            self.confirm_seals()

    def _new_shell(self) -> "Shell":
        """The window with its navigation and keys: nothing in it needs a store before its first page is made."""
        from wellbeing_desktop.ui.page_list import add_pages
        from wellbeing_desktop.ui.shell import Shell

        shell = Shell(self._kept_settings())
        shell.idle_clock.stop()  # it stands idle behind the unlock window
        add_pages(shell, self.session_now)
        return shell

    def confirm_seals(self) -> None:
        """A server that has not heard that a store here is sealed is told again, until it has."""
        from wellbeing_desktop.sync.client.sealing import confirm_all
        from wellbeing_desktop.ui.waiting import run_waiting

        run_waiting(self, partial(confirm_all, self._home), self._confirmed_seals)

    def _confirmed_seals(self, left: int) -> None:
        if left:
            self._seal_timer.start()
        else:
            self._seal_timer.stop()

    def open(self, store: "Store") -> "Shell":
        """Build the window around an open store and show Today."""
        from wellbeing_desktop.ui import background
        from wellbeing_desktop.ui.faults import Faults
        from wellbeing_desktop.ui.palette_finds import PaletteFinds

        shell, self._shell_beforehand = self._shell_beforehand or self._new_shell(), None
        self.shell = shell
        shell.idle_clock.start()
        shell.settings_changed.connect(self._keep_settings)
        shell.undo_asked.connect(self._undo)
        shell.sync_asked.connect(self._sync_now)
        shell.closing.connect(self._sign_out)
        shell.closing.connect(self.close_store)
        shell.cover.locked.connect(self._locked)
        finds = PaletteFinds(lambda: self.shell, self.session_now)
        shell.palette_box.add_provider(finds.people)
        shell.palette_box.add_provider(finds.documents)
        if not self._hears_changes:
            background.on_changed(self._changed)
            self._hears_changes = True
        Faults(shell, self._record_fault).install()
        self._use(store, shell)
        self.entry.hide()
        shell.show()
        if not self._is_closed():
            shell.go(FIRST_PAGE)
        return shell

    def session_now(self) -> "Session":
        """The session that pages are made with."""
        if self.session is None:
            raise RuntimeError("a page was asked for while the store is locked")
        return self.session

    def close_store(self) -> None:
        """The window locks or closes: stop sync, end the worker, lock the store."""
        if self.session is None:
            return
        if self.sync is not None:
            self.sync.stop()
            self.sync = None
        from wellbeing_desktop.ui.worker import end_worker

        end_worker()
        self.session.store.close()
        self.session = None
        self._collector.let_go()

    def _sign_out(self) -> None:
        """Closing the window, as the system does at its own sign-out too, ends the quick PIN; locking does not."""
        if self._folder is not None:
            from wellbeing_desktop.storage.quick_pin import forget

            forget(self._folder)

    def _use(self, store: "Store", shell: "Shell") -> None:
        from wellbeing_desktop.sync.client.membership import membership_of
        from wellbeing_desktop.ui.session import Session, utc_now
        from wellbeing_desktop.ui.sync_desk import SyncDesk

        self.sync = SyncDesk(shell, store, shell.sync_line, utc_now)
        self.sync.reported.connect(self._reported)
        self.session = Session(
            store=store,
            user_id=store.identity.user_id,
            user_name=store.about.user_name,
            organisation_id=store.identity.organisation_id,
            sync=self.sync if store.read(membership_of) is not None else None,
        )
        shell.clock_notice.watch(store, self.session.clock)
        self.sync.reported.connect(shell.clock_notice.look)
        QTimer.singleShot(_LOOK_AFTER_MS, shell, self._look_after)
        QTimer.singleShot(_LOOK_AFTER_MS, shell, self._collector.keep)
        self._folder = folder = store.folder
        shell.cover.set_unlock(lambda: self._unlock_panel(folder))
        self._use_settings()
        self._count_at_risk()

    def _locked(self) -> None:
        if self.shell is not None:
            self._place = self.shell.place
            self.shell.forget_pages()
            self.shell.clock_notice.stop()
        self._last_undo = ""  # the undo stack ends at lock
        self.close_store()

    def _unlock_panel(self, folder: Path) -> "UnlockPanel":
        from wellbeing_desktop.storage.places import place_of
        from wellbeing_desktop.ui.entry.unlock import UnlockPanel

        panel = UnlockPanel([place_of(folder)], locked=True)
        panel.opened.connect(self._unlocked)
        panel.recovery_asked.connect(self._recover)
        return panel

    def _recover(self, place: "StorePlace") -> None:
        """The recovery kit opens a store in the first window; the locked one ends, its drafts are kept in the store."""
        shell, self.shell = self.shell, None
        self.entry.show_recovery(place)
        self.entry.show()
        if shell is not None:
            shell.close()
            shell.deleteLater()

    def _unlocked(self, store: "Store") -> None:
        if self.shell is not None:
            self._use(store, self.shell)
            self.shell.cover.unlock()
            if self._is_closed():
                pass
            elif self._place is None:
                self.shell.go(FIRST_PAGE)
            else:
                self.shell.go(self._place.nav_key, self._place.argument)

    def _is_closed(self) -> bool:
        """Close the window down to one page while the lease is over, and open it up again when it is not."""
        from wellbeing_desktop.domain.lease import Standing
        from wellbeing_desktop.storage import lease
        from wellbeing_desktop.ui.pages.closed import NAV_KEY

        if self.shell is None or self.session is None:
            return False
        closed = self.session.store.read(lease.terms).standing is Standing.LOCKED
        if closed:
            self.shell.close_down(NAV_KEY)
        elif self.shell.is_closed_down:
            self.shell.open_up()
        return closed

    def _reported(self, report: "SyncReport") -> None:
        """After each sync, or try of one: the lease may have run out, or been renewed, or the store been sealed."""
        if self.shell is None or self.session is None or self.shell.cover.is_locked:
            return
        if report.sealed:
            self.shell.lock()
            self._seal_timer.start()
            return
        self._look_after()
        was_closed = self.shell.is_closed_down
        if not self._is_closed() and was_closed:
            self.shell.go(FIRST_PAGE)

    def _look_after(self) -> None:
        from wellbeing_desktop.ui.after_opening import look_after

        if self.shell is not None and self.session is not None and not self.shell.cover.is_locked:
            look_after(self.shell, self.session, self.sync)

    def _use_settings(self) -> None:
        from wellbeing_desktop.ui.after_opening import end_pin_if_off, use_idle_minutes

        if self.shell is not None and self.session is not None:
            use_idle_minutes(self.shell, self.session, _policy().lock_minutes)
            if self._folder is not None:
                end_pin_if_off(self.shell, self.session, self._folder)

    def _count_at_risk(self) -> None:
        from wellbeing_desktop.ui.after_opening import count_at_risk

        if self.shell is not None and self.session is not None:
            count_at_risk(self.shell, self.session)

    def _changed(self, changes: "Changes") -> None:
        if changes.touches("concern"):
            self._count_at_risk()
        if changes.touches("setting"):
            self._use_settings()
        if changes.undo_id:
            self._last_undo = changes.undo_id
            if self.sync is not None:
                self.sync.nudge()

    def _sync_now(self) -> None:
        if self.sync is not None:
            self.sync.sync_now()

    def _undo(self) -> None:
        undo_id, self._last_undo = self._last_undo, ""
        if undo_id and self.shell is not None:
            from wellbeing_desktop.storage.undo import undo
            from wellbeing_desktop.ui import background

            background.operate(self.shell, self.session_now().store, lambda writer: undo(writer, undo_id))

    def _kept_settings(self) -> WindowSettings:
        try:
            return from_bytes(self._settings_file.read_bytes())
        except OSError:
            return WindowSettings()

    def _keep_settings(self, settings: WindowSettings) -> None:
        self._home.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_durably(self._settings_file, to_bytes(settings))


def run_window(arguments: Sequence[str] = (), make_practice: MakePractice | None = None) -> int:
    """Open the window and stay until it is closed; answers the exit code. `--store PATH` opens that store alone."""
    import argparse

    parser = argparse.ArgumentParser(prog="wellbeing")
    parser.add_argument("--store", type=Path, metavar="PATH", help="open the store in this folder")
    chosen = parser.parse_args(list(arguments))
    application, program = start(home_folder(), only=chosen.store, make_practice=make_practice)
    program.begin()
    return application.exec()


def start(
    home: Path, *, only: Path | None = None, make_practice: MakePractice | None = None
) -> tuple[QApplication, Program]:
    """The application and the program, with nothing shown yet."""
    harden_process()
    share_the_interpreter()
    running = QApplication.instance()
    application = running if isinstance(running, QApplication) else QApplication(sys.argv[:1])
    application.setApplicationName("Wellbeing Desktop")
    application.setDesktopFileName("wellbeing-desktop")
    return application, Program(home, only=only, make_practice=make_practice)


def _policy() -> "Policy":
    """What the organisation set for this computer; a file that cannot be read stops the network, never the window."""
    from wellbeing_desktop.domain.errors import Refused
    from wellbeing_desktop.sync.client.policy import Policy, read_policy

    try:
        return read_policy()
    except Refused:
        return Policy()


def _needed_soon() -> Iterator[str]:
    """The modules that unlocking needs, in small steps: what they themselves import comes first."""
    import pkgutil

    yield from _NEEDED_SOON
    pages = importlib.import_module("wellbeing_desktop.ui.pages")
    for page in pkgutil.walk_packages(pages.__path__, f"{pages.__name__}."):
        yield page.name


def _to_standard_error(line: str) -> None:
    sys.stderr.write(line + "\n")
