"""Sends what waits in the outbox, in order, each operation at most once in effect however often it travels (SYNC I3).

An operation gets its number before it is first sent and keeps it, and a retry sends the same bytes. A reply counts for
an operation only if it names the hash of those bytes. The audit chain goes with it, append only.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from wellbeing_desktop.domain.errors import SyncProblem
from wellbeing_desktop.storage import audit_sending, outbox, receipts
from wellbeing_desktop.storage.audit_sending import AuditPart
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.outbox import Acknowledgement, Queued
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.sync.client import skew
from wellbeing_desktop.sync.client.conversation import PUSH, Conversation
from wellbeing_desktop.sync.client.problems import problem
from wellbeing_desktop.sync.client.report import Progress
from wellbeing_desktop.sync.protocol.limits import MAX_PUSH_BYTES, MAX_PUSH_OPERATIONS
from wellbeing_desktop.sync.protocol.pushing import (
    AuditEntries,
    PushedOperation,
    PushReply,
    PushRequest,
    PushResult,
    audit_head_message,
    operation_hash,
)
from wellbeing_desktop.sync.protocol.transfer import encode

AUDIT_ENTRIES: Final = 500
FEWEST_OPERATIONS: Final = 25


class Pushed(msgspec.Struct, kw_only=True):
    """What a push did so far; kept up as it goes, so that a failure half way still reports its half."""

    sent: int = 0
    conflicts: int = 0
    held: int = 0
    quarantined: int = 0
    receipt: int = 0


class NumbersMissing(SyncProblem):
    """The server expects number `want` next: what it acknowledged it has no longer, whatever its epoch says."""

    def __init__(self, want: int) -> None:
        known = problem("new_history")
        super().__init__(known.kind, known.message, known.advice, retry=True)
        self.want: Final = want


class Pusher:
    """One sync's push."""

    def __init__(
        self,
        store: Store,
        conversation: Conversation,
        *,
        progress: Progress,
        cancelled: Callable[[], bool],
        now: Callable[[], dt.datetime],
    ) -> None:
        self._store = store
        self._conversation = conversation
        self._now = now
        self._progress = progress
        self._cancelled = cancelled
        self._most = MAX_PUSH_OPERATIONS
        self._audit_tries = 0
        self.done = Pushed()

    def push(self) -> None:
        """Send everything that may be sent. Raises SyncProblem; what was acknowledged before stays so."""
        total = self._store.read(outbox.operation_count)
        while not self._cancelled():
            batch = self._store.write(self._take_batch)
            part = self._next_part()
            if not batch and part is None:
                return
            if batch:
                self._progress("sending", self.done.sent, max(total, self.done.sent + len(batch)))
            try:
                self._send(batch, part)
            except SyncProblem as found:
                if found.kind not in ("too_much_at_once", "timed_out") or self._most <= FEWEST_OPERATIONS:
                    raise
                self._most //= 2

    def _next_part(self) -> AuditPart | None:
        if self._audit_tries > 1:
            return None
        return self._store.read(lambda reader: audit_sending.unsent_part(reader, AUDIT_ENTRIES))

    def _take_batch(self, writer: Writer) -> list[Queued]:
        """The next batch, numbered. On the writer's thread whole, so that an undo cannot withdraw what is being sent."""
        batch = skew.next_batch(writer, self._conversation, self._most, MAX_PUSH_BYTES)
        if all(queued.n is not None for queued in batch):
            return batch
        with writer.immediate():
            return outbox.mark_sent(writer, batch)

    def _send(self, batch: Sequence[Queued], part: AuditPart | None) -> None:
        raw = [encoded(queued) for queued in batch]
        request = PushRequest(
            device=self._conversation.membership.device,
            epoch=self._conversation.epoch,
            schema=self._conversation.schema,
            ops=tuple(msgspec.Raw(operation) for operation in raw),
            audit=None if part is None else self._signed(part),
        )
        reply = self._conversation.ask(PUSH, request, PushReply)
        if reply.want:
            raise NumbersMissing(reply.want)
        hashes = {queued.n: operation_hash(operation) for queued, operation in zip(batch, raw, strict=True)}
        answered = [result for result in reply.results if hashes.get(result.n) == result.h]
        self._store.write(lambda writer: self._note(writer, reply, answered, part))
        self._count(answered)
        # A server that was restored asks for earlier entries once; one that takes none is not asked for ever.
        self._audit_tries += part is not None and reply.audit_taken < part.first
        if batch and not answered:
            raise problem("reply_damaged")  # an answer to something else: asking again in this sync would go round

    def _note(self, writer: Writer, reply: PushReply, answered: Sequence[PushResult], part: AuditPart | None) -> None:
        with writer.immediate():
            # Everything that these operations did, rows and conflicts, is in the history up to this head. So until the
            # cursor has passed it they still stand for what people see, and until it is backed up they are kept (I7).
            outbox.acknowledge(
                writer,
                [Acknowledgement(n=result.n, result=_kept_as(result), seq=reply.head.seq) for result in answered],
            )
            self._note_receipt(writer, reply, answered)
            if part is not None:
                self._note_audit(writer, reply, part)

    def _note_receipt(self, writer: Writer, reply: PushReply, answered: Sequence[PushResult]) -> None:
        """With the answer that it tells of, so that what was acknowledged always has its receipt."""
        lines = outbox.sent_lines(writer, [result.n for result in answered])
        if not lines:
            return
        if not self.done.receipt:
            self.done.receipt = receipts.begin(writer, self._now())
        receipts.note_sent(writer, self.done.receipt, lines, (reply.head.seq, reply.head.tok), reply.now)

    def _note_audit(self, writer: Writer, reply: PushReply, part: AuditPart) -> None:
        taken = min(reply.audit_taken, part.last)
        statement = audit_head_message(self._conversation.membership.device, part.last, part.head)
        is_ours = taken == part.last and self._conversation.membership.is_from_server(statement, reply.countersign)
        audit_sending.note_taken(writer, taken, part.head, reply.countersign if is_ours else "")
        if is_ours and self.done.receipt:
            proof = receipts.Countersign(number=taken, head=part.head, signature=reply.countersign)
            receipts.note_countersign(writer, self.done.receipt, proof)

    def _signed(self, part: AuditPart) -> AuditEntries:
        statement = audit_head_message(self._conversation.membership.device, part.last, part.head)
        return AuditEntries(
            first=part.first,
            entries=part.entries,
            head=part.head,
            signature=self._conversation.membership.sign(statement),
        )

    def _count(self, answered: Sequence[PushResult]) -> None:
        self.done.sent += len(answered)
        for result in answered:
            match verdict(result):
                case "conflict":
                    self.done.conflicts += 1
                case "held":
                    self.done.held += 1
                case "quarantined":
                    self.done.quarantined += 1


def encoded(queued: Queued) -> bytes:
    """The operation as it travels: the same bytes each time that it is sent."""
    operation = queued.operation
    fields = {name: getattr(operation, name) for name in operation.__struct_fields__}
    return encode(PushedOperation(n=queued.n or 0, **fields))


def _kept_as(result: PushResult) -> str:
    """`quarantined:not_granted`: what became of it, and for what did not apply the server's word why."""
    return f"{verdict(result)}:{result.why}" if result.why else verdict(result)


def verdict(result: PushResult) -> str:
    """What became of an operation; for one that had arrived before, what became of it then."""
    return result.was_r if result.r == "duplicate" and result.was_r else result.r
