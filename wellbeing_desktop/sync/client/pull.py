"""Fetches what changed, page by page: each page and the cursor that follows it are one transaction (SYNC I6).

The next page is asked for while this one is being written. Pages are small, so that Save is never held up for long.
"""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Final

import msgspec

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.storage import outbox, settling
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.storage.sync_state import set_sync_values
from wellbeing_desktop.sync.client import scope
from wellbeing_desktop.sync.client.arrivals import store_arrivals
from wellbeing_desktop.sync.client.conversation import PULL, Conversation
from wellbeing_desktop.sync.client.facts import Cursor, cursor_of, put_cursor
from wellbeing_desktop.sync.client.portion import Portion
from wellbeing_desktop.sync.client.report import Progress
from wellbeing_desktop.sync.protocol.pulling import PullReply, PullRequest

PAGE_ROWS: Final = 500
"""In steady state. The writer has each page for well under the 250 ms that a Save may wait."""


class Pulled(msgspec.Struct, kw_only=True):
    """What a pull did so far; kept up as it goes."""

    received: int = 0
    changes: Changes = Changes()
    head: int = 0
    findings: tuple[str, ...] = ()


class Puller:
    """One sync's pull."""

    def __init__(
        self,
        store: Store,
        conversation: Conversation,
        *,
        progress: Progress,
        cancelled: Callable[[], bool],
    ) -> None:
        self._store = store
        self._conversation = conversation
        self._progress = progress
        self._cancelled = cancelled
        self._portion = Portion(PAGE_ROWS)
        self._writing: Future[Changes] | None = None
        self.done = Pulled()

    def pull(self) -> None:
        """Fetch everything up to the server's head. Raises SyncProblem; what was stored before stays."""
        cursor = self._store.read(cursor_of)
        try:
            more = True
            while more and not self._cancelled():
                reply = self._ask(cursor)
                self._finish_writing()
                said = scope.refuse_mass_removal(self._store, self._conversation, cursor.head.seq, reply)
                if said:
                    self.done.findings = (*self.done.findings, said)
                if self._says_nothing_new(reply, cursor):
                    break
                self._writing = self._store.submit_write(_storing(reply))
                self.done.received += len(reply.changes)
                self._progress("fetching", self.done.received, 0)
                cursor = Cursor(head=reply.next, scope_ver=reply.scope_ver, is_loaded=True, scope_on=reply.scope_on)
                more = reply.more
        finally:
            self._finish_writing()
            self.done.head = cursor.head.seq

    def _ask(self, cursor: Cursor) -> PullReply:
        return self._portion.ask(
            lambda rows: self._conversation.ask(
                PULL,
                PullRequest(
                    device=self._conversation.device,
                    epoch=self._conversation.epoch,
                    seq=cursor.head.seq,
                    tok=cursor.head.tok,
                    scope_ver=cursor.scope_ver,
                    scope_on=cursor.scope_on,
                    limit=rows,
                    schema=self._conversation.schema,
                ),
                PullReply,
            )
        )

    def _finish_writing(self) -> None:
        """Wait for the page before. If it could not be stored, the cursor has not moved, and nothing after it counts."""
        if self._writing is None:
            return
        writing, self._writing = self._writing, None
        self.done.changes = self.done.changes.joined_with(writing.result())

    def _says_nothing_new(self, reply: PullReply, cursor: Cursor) -> bool:
        """An empty sync writes nothing; but operations may have been backed up, which lets this laptop drop them."""
        quiet = not (reply.changes or reply.versions or reply.enter or reply.leave or reply.more)
        if not quiet or reply.next != cursor.head or reply.scope_ver != cursor.scope_ver:
            return False
        if reply.scope_on != cursor.scope_on:
            return False  # another day: what a grant gives until a day is counted from here
        seq = cursor.head.seq
        return not self._store.read(
            lambda reader: settling.can_trim(reader, min(reply.backed_up_seq, seq)) or settling.settled_ids(reader, seq)
        )


def _storing(reply: PullReply) -> Callable[[Writer], Changes]:
    def store(writer: Writer) -> Changes:
        with writer.immediate():
            changes = store_arrivals(writer, reply.changes, reply.versions, reflected_seq=reply.next.seq)
            scope.note(writer, reply.enter, reply.leave)
            put_cursor(writer, reply.next, reply.scope_ver, reply.scope_on)
            set_sync_values(writer, {"backed_up_seq": reply.backed_up_seq})
            # Only what shows already: an operation beyond this page still stands for what people see.
            outbox.trim(writer, min(reply.backed_up_seq, reply.next.seq))
            return changes

    return store
