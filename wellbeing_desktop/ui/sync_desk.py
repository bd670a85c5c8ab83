"""Joins the sync thread to the window: its words to the sync line, what it changed to every open view."""

import datetime as dt
from collections.abc import Callable
from typing import Final

import msgspec
from PySide6.QtCore import QObject, Signal

from wellbeing_desktop.domain.changes import Change, Changes
from wellbeing_desktop.domain.errors import StoreProblem
from wellbeing_desktop.domain.lease import Standing
from wellbeing_desktop.domain.london_time import local_time
from wellbeing_desktop.operations.watching import run_out_count
from wellbeing_desktop.storage import lease, outbox, run_out
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.sync.client.address import server_address
from wellbeing_desktop.sync.client.conversation import Conversation, Transport
from wellbeing_desktop.sync.client.facts import cursor_of, last_sync_at
from wellbeing_desktop.sync.client.files import unsent_files
from wellbeing_desktop.sync.client.hints import Listener, waiting_for_news
from wellbeing_desktop.sync.client.line import SyncLine as Line
from wellbeing_desktop.sync.client.line import SyncState as LineState
from wellbeing_desktop.sync.client.line import lease_words
from wellbeing_desktop.sync.client.membership import membership_of
from wellbeing_desktop.sync.client.problems import problem
from wellbeing_desktop.sync.client.report import Progress, SyncReport
from wellbeing_desktop.sync.client.runner import Runner
from wellbeing_desktop.sync.client.session import sync_once
from wellbeing_desktop.sync.client.way import open_way
from wellbeing_desktop.sync.protocol.waiting import WaitReply
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.sync_line import State, SyncLine, SyncState
from wellbeing_desktop.ui.widgets import messages

_STATES: Final[dict[LineState, State]] = {
    LineState.NOT_JOINED: "local_only",
    LineState.NOT_KNOWN: "not_known",
    LineState.UP_TO_DATE: "up_to_date",
    LineState.WAITING: "up_to_date",
    LineState.SENDING: "sending",
    LineState.FETCHING: "sending",
    LineState.LOADING: "sending",
    LineState.CHECKING: "sending",
    LineState.OFFLINE: "offline",
    LineState.PUSH_ONLY: "offline",
    LineState.STOPPED: "offline",
}


class SyncDesk(QObject):
    """One for each open store. The runner's callbacks come from its own thread: signals bring them to this one."""

    reported = Signal(object)
    """A SyncReport, after every sync that reached the server or tried to."""
    _line_changed = Signal(object)
    _troubled = Signal(object)
    _clocks_changed = Signal()

    def __init__(self, owner: QObject, store: Store, line: SyncLine, clock: Callable[[], dt.datetime]) -> None:
        super().__init__(owner)
        self._window = owner
        self._store = store
        self._line = line
        self._clock = clock
        self._transport: Transport | None = None
        self._line_changed.connect(self._show)
        self.reported.connect(self._take)
        self._troubled.connect(self._trouble)
        self._clocks_changed.connect(self._announce_clocks)
        self.runner = Runner(
            self._sync,
            joined=lambda: store.read(membership_of) is not None,
            waiting=lambda: store.read(outbox.waiting_count),
            last_sync_at=lambda: store.read(last_sync_at),
            files_waiting=lambda: unsent_files(store),
            run_out=lambda: store.read(run_out_count),
            lease=self._lease_words,
            on_line=self._line_changed.emit,
            on_report=self.reported.emit,
            on_trouble=self._troubled.emit,
            now=lambda: local_time(clock()),
        )
        self.runner.start()
        self._hint_transport: Transport | None = None
        self._listener = Listener(
            waiting_for_news(self._talk_of_hints, self._keep_clocks),
            joined=lambda: store.read(membership_of) is not None,
            seq_here=lambda: store.read(cursor_of).head.seq,
            on_news=self.runner.nudge,
        )
        self._listener.start()

    def nudge(self) -> None:
        self.runner.nudge()

    def sync_now(self) -> None:
        self.runner.sync_now()

    def stop(self) -> None:
        """Before the store closes. Waits for a page in hand to be stored, not for the network."""
        self._listener.stop()
        self.runner.stop()
        if self._hint_transport is not None:
            self._hint_transport.close()
        if self._transport is not None:
            self._transport.close()

    def _sync(self, progress: Progress, cancelled: Callable[[], bool]) -> SyncReport:
        if self._transport is None:
            membership = self._store.read(membership_of)
            if membership is None:
                return SyncReport()
            self._transport = open_way(server_address(membership.server), self._store.folder.parent)
        return sync_once(self._store, self._transport, progress=progress, cancelled=cancelled)

    def _talk_of_hints(self) -> Conversation:
        """A session of its own for the listening thread, over a connection of its own."""
        membership = self._store.read(membership_of)
        if membership is None:
            raise problem("not_joined")
        if self._hint_transport is None:
            self._hint_transport = open_way(server_address(membership.server), self._store.folder.parent)
        return Conversation(self._hint_transport, membership, lambda: dt.datetime.now(dt.UTC))

    def _keep_clocks(self, reply: WaitReply) -> None:
        """From the listening thread: what the server says of clocks that ran out."""
        clocks = tuple(run_out.ToldClock(**msgspec.structs.asdict(one)) for one in reply.run_out)
        at = self._clock()
        self._store.write(lambda writer: run_out.keep(writer, clocks, reply.watchers, at))
        self._clocks_changed.emit()
        self.runner.nudge()

    def _lease_words(self) -> str:
        """From the day of the lease's warning, by when this laptop must meet its server."""
        found = self._store.read(lambda reader: lease.terms(reader, self._clock()))
        if found.lease is None or found.standing is Standing.FULL:
            return ""
        return lease_words(found.lease.adding_at, found.lease.locks_at, local_time(self._clock()))

    def _announce_clocks(self) -> None:
        background.announce(Changes(frozenset({Change("run_out", "", "")})))

    def _show(self, line: Line) -> None:
        state: State = "cannot_send" if line.needs_attention else _STATES[line.state]
        self._line.show_state(SyncState(state, said=line.words))

    def _take(self, report: SyncReport) -> None:
        changes = msgspec.structs.replace(report.changes, everything=True) if report.loaded else report.changes
        if report.findings:
            changes = changes.joined_with(Changes(frozenset({Change("sync_finding", "", "")})))
        if changes != Changes():
            background.announce(changes)

    def _trouble(self, problem: object) -> None:
        """The store failed under a sync (a full disk): offline is calm, this is said."""
        if isinstance(problem, StoreProblem):
            messages.show(self._window, problem)
