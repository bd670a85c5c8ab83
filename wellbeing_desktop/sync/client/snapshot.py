"""The first load: every row in id order into a usable store with search, resumable, with a count and Cancel.

Id order appends to the tables and indexes (4 times faster than shuffled, SYNC 5.2). Each page goes in with the id it
came to; the next is fetched while this one is written. Rows that change meanwhile come again by the pull that
follows from the first page's head.
"""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Final

from wellbeing_desktop.storage import scope_work
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.sync.client.arrivals import store_arrivals
from wellbeing_desktop.sync.client.conversation import SNAPSHOT, Conversation
from wellbeing_desktop.sync.client.facts import Loading, finish_loading, is_loading_again, loading_of, put_loading
from wellbeing_desktop.sync.client.portion import Portion
from wellbeing_desktop.sync.client.pull import Pulled
from wellbeing_desktop.sync.client.report import Progress
from wellbeing_desktop.sync.client.scope import is_because, leave_what_is_beyond
from wellbeing_desktop.sync.protocol.message import Head
from wellbeing_desktop.sync.protocol.pulling import SnapshotReply, SnapshotRequest

LOAD_ROWS: Final = 500
"""Rows in one page, one transaction: a Save waits for no more than the page that is being written. Of 5,000 it waited
three quarters of a second, of 500 a tenth, and the whole load takes a third more processor time."""


class Loader:
    """One sync's part of a first load."""

    def __init__(
        self,
        store: Store,
        conversation: Conversation,
        done: Pulled,
        *,
        progress: Progress,
        cancelled: Callable[[], bool],
    ) -> None:
        self._store = store
        self._conversation = conversation
        self._progress = progress
        self._cancelled = cancelled
        self._portion = Portion(LOAD_ROWS)
        self._total = 0
        self._writing: Future[None] | None = None
        self.done: Final = done

    def load(self) -> bool:
        """Go on with the first load; True once it is whole. Raises SyncProblem; what was stored before stays."""
        loading = self._store.read(loading_of)
        try:
            while not self._cancelled():
                reply = self._ask("" if loading is None else loading.after_id)
                self._finish_writing()
                loading = _after(loading, reply)
                because = is_because(self._conversation.membership, self._conversation.epoch, reply.head.seq, reply)
                self._writing = self._store.submit_write(_storing(reply, loading, because=because))
                self.done.received += len(reply.changes)
                self._total = max(self._total, reply.total)  # told with the first page only
                self._progress("loading", loading.done, max(self._total, loading.done) if self._total else 0)
                if not reply.more:
                    self._finish_writing()
                    return True
            return False
        finally:
            self._finish_writing()

    def _ask(self, after_id: str) -> SnapshotReply:
        return self._portion.ask(
            lambda rows: self._conversation.ask(
                SNAPSHOT,
                SnapshotRequest(
                    device=self._conversation.device,
                    epoch=self._conversation.epoch,
                    after_id=after_id,
                    limit=rows,
                    schema=self._conversation.schema,
                ),
                SnapshotReply,
            )
        )

    def _finish_writing(self) -> None:
        if self._writing is None:
            return
        writing, self._writing = self._writing, None
        writing.result()


def _after(loading: Loading | None, reply: SnapshotReply) -> Loading:
    head: Head = reply.head if loading is None else loading.head
    return Loading(
        after_id=reply.next,
        done=(0 if loading is None else loading.done) + len(reply.changes),
        head=head,
        scope_ver=reply.scope_ver if loading is None else loading.scope_ver,
    )


def _storing(reply: SnapshotReply, loading: Loading, *, because: bool) -> Callable[[Writer], None]:
    def store(writer: Writer) -> None:
        with writer.immediate():
            store_arrivals(writer, reply.changes, (), reflected_seq=loading.head.seq)
            scope_work.note_erased(writer, reply.erased)
            if reply.more:
                put_loading(writer, loading)
            else:
                if is_loading_again(writer):
                    leave_what_is_beyond(writer, reply.grants, because=because)
                finish_loading(writer, loading)
                scope_work.note_all_histories(writer)

    return store
