"""Operations judged together, in memory, in one transaction (SYNC 3.4, 3.5; I1 to I5).

Everything that the batch touches is read first in a few statements, judged in memory with `sync/merge.py`, and
written at the end in a few more. Operations of one `txn` stand or fall together. Nothing in an operation makes the
push fail: what cannot be applied is quarantined with its reason, and the rest goes on.
"""

import datetime as dt
from collections.abc import Sequence
from itertools import groupby
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.operation import Operation, OperationKind
from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.sync.checks import is_id
from wellbeing_desktop.sync.clashes import written_conflict
from wellbeing_desktop.sync.heads import competes, head_clash
from wellbeing_desktop.sync.late_creation import judged
from wellbeing_desktop.sync.outcome import ConflictWrite, Outcome, RecordState, Settings, Verdict
from wellbeing_desktop.sync.protocol.pulling import Version
from wellbeing_desktop.sync.protocol.pushing import PushedOperation, PushResult, operation_hash, read_operation
from wellbeing_desktop.sync.protocol.transfer import encode
from wellbeing_desktop.sync.schemas import SCHEMAS, Schemas
from wellbeing_desktop.sync.server import caseloads, journal, sql
from wellbeing_desktop.sync.server.engine import Transaction
from wellbeing_desktop.sync.server.erased import ERASED, erased_among
from wellbeing_desktop.sync.server.history import moment
from wellbeing_desktop.sync.server.journal import Item
from wellbeing_desktop.sync.server.picture import Picture
from wellbeing_desktop.sync.server.rights import SERVER_DEVICE, Right, right_of

CONFLICT_DAYS: Final = 2
"""Working days, Monday to Friday, that a person has to settle a conflict."""


class Batch:
    """Operations being judged in one transaction, under the right of one device's user."""

    def __init__(
        self,
        transaction: Transaction,
        clock: sql.Clock,
        device: sql.Device,
        now: dt.datetime,
        signing_key: bytes,
        right: Right,
        *,
        forcing: bool = False,
        schemas: Schemas = SCHEMAS,
    ) -> None:
        """With `forcing`, edits whose record never came make it (`late_creation.py`)."""
        self._transaction = transaction
        self._clock = clock
        self._org = clock.org
        self._device = device
        self._now = now
        self._at = moment(now)
        self._due_on = _working_days_on(now.date(), CONFLICT_DAYS)
        self._signing_key = signing_key
        self._right = right
        self._forcing = forcing
        self._schemas = schemas
        self._erased: frozenset[str] = frozenset()
        self._picture = Picture(transaction, clock)
        self._moves: caseloads.Coordinators = {}
        self._server_items: list[Item] = []
        self._server_device: sql.Device | None = None

    def take(self, items: list[Item]) -> None:
        """Judge and write what a laptop brought."""
        if not items:
            return
        self._load(items)
        already = self._already_arrived(items)
        for _txn, group in groupby(items, key=lambda item: item.operation.txn if item.operation else f"?{item.n}"):
            self._judge_together(list(group), already)
        late = self._release_waiting()
        self._follow_caseloads()
        self._write(items, late)

    def decide(self, items: list[Item]) -> None:
        """Judge again what was journalled before and has waited for somebody to decide."""
        self._load(items)
        for _key, group in groupby(items, key=lambda item: (item.dev, item.operation and item.operation.txn)):
            self._judge_together(list(group), {})
        late = self._release_waiting(items)
        self._follow_caseloads()
        self._write([], [*items, *late])

    # reading

    def _load(self, items: Sequence[Item]) -> None:
        for item in items:
            if item.operation is not None:
                item.operation = self._schemas.lifted(item.operation)
        operations = [item.operation for item in items if item.operation is not None]
        self._picture.load(operation.id for operation in operations)
        self._picture.look_up(operation.subject for operation in operations)
        subjects = {operation.subject for operation in operations if is_id(operation.subject)}
        self._erased |= erased_among(self._transaction, self._org, subjects)

    def _already_arrived(self, items: Sequence[Item]) -> dict[str, PushResult]:
        """Operations that another identity of a laptop, or this very request, brought before (I3)."""
        op_ids = [item.operation.op_id for item in items if item.operation is not None]
        known = sql.journalled_operations(self._transaction, self._org, op_ids)
        return {op_id: msgspec.json.decode(raw, type=PushResult) for op_id, raw in known.items()}

    # judging

    def _judge_together(self, group: list[Item], already: dict[str, PushResult]) -> None:
        fresh = []
        for item in group:
            if item.operation is None:
                item.refuse("malformed")
                continue
            first = already.get(item.operation.op_id)
            if first is not None:
                item.result = msgspec.structs.replace(
                    first, n=item.n, r="duplicate", was_r=first.was_r or first.r, h=item.hash
                )
                continue
            fresh.append(item)
        if not fresh:
            return
        together = len(fresh) > 1
        moves, registered = dict(self._moves), set(self._right.registered)
        if together:
            self._picture.begin_group()
        failed: Item | None = None
        for item in fresh:
            self._judge(item)
            if item.why:
                failed = item
                break
        if failed is None:
            self._picture.end_group()
        else:
            why = "held_with_another" if failed.why in journal.WAITING else "refused_with_another"
            for item in fresh:
                if item is not failed:
                    item.why = why
            if together:
                self._picture.take_back()
            self._moves, self._right.registered = moves, registered
            for item in fresh:
                item.refuse(item.why)
        for item in fresh:
            if item.operation is not None and item.result is not None:
                already[item.operation.op_id] = item.result

    def _judge(self, item: Item) -> None:
        operation = item.operation
        assert operation is not None
        record_type = RECORD_TYPES.get(operation.type)
        before = self._picture.state(operation.id)
        gone = operation.subject in self._erased
        item.why = ERASED if gone else self._right.refusal(operation, before, item.dev)
        if item.why:
            return
        settings = Settings(device=item.dev, owner_id=self._owner_of(operation.subject), due_on=self._due_on)
        conflicts_now = self._picture.conflicts_about(operation.id)
        outcome = judged(record_type, before, operation, conflicts_now, settings, forcing=self._forcing)
        if outcome.verdict in (Verdict.QUARANTINED, Verdict.HELD):
            item.why = outcome.why
            return
        state = outcome.state
        assert state is not None
        conflicts = list(outcome.conflicts)
        if outcome.is_new_version or before is None:
            self._picture.put(state)
            self._add_version(state, outcome, operation, item)
            if competes(record_type) and record_type is not None:
                rivals = self._picture.family(state.subject, state.type)
                known = self._picture.conflicts_about_all(rivals)
                clash = head_clash(record_type, state, rivals, known, operation, settings)
                if clash is not None:
                    conflicts.append(clash)
            if operation.type == "person":
                self._note_coordinator(before, state, operation)
        seq = self._picture.seq_of(operation.id)
        written = [self._write_conflict(write, operation, item) for write in conflicts]
        verdict = Verdict.CONFLICT if conflicts and any(w.is_new for w in conflicts) else outcome.verdict
        item.result = PushResult(
            n=item.n,
            r=str(verdict),
            op_id=operation.op_id,
            seq=seq,
            rev=state.rev,
            h=item.hash,
            conflicts=tuple(written),
        )

    def _owner_of(self, subject: str) -> str:
        """Who settles a conflict about this subject: the person's coordinator, if there is one."""
        person = self._picture.looked_up(subject)
        return str(person.body.get(caseloads.COORDINATOR) or "") if person is not None else ""

    # what is to be written

    def _add_version(self, state: RecordState, outcome: Outcome, operation: Operation, item: Item) -> None:
        version = Version(
            id=state.id,
            rev=state.rev,
            seq=self._picture.seq,
            author=operation.author,
            device=item.dev,
            at_claimed=operation.at,
            at_server=self._at,
            patch=outcome.patch,
            was=outcome.was,
            kept=outcome.kept,
            marks=(*(str(mark) for mark in outcome.marks), *item.marks),
        )
        self._picture.add_version(version, state, item.n)

    def _write_conflict(self, write: ConflictWrite, operation: Operation, item: Item) -> str:
        if write.is_new and write.theirs_rev:
            write = self._dated(write)
        state = written_conflict(self._picture.state(write.id), write, operation)
        self._picture.put(state)
        version = Version(
            id=state.id,
            rev=state.rev,
            seq=self._picture.seq,
            author=operation.author,
            device=item.dev,
            at_claimed=operation.at,
            at_server=self._at,
            patch=write.patch,
            was=write.was,
        )
        self._picture.add_version(version, state, item.n)
        return state.id

    def _dated(self, write: ConflictWrite) -> ConflictWrite:
        """Say when, by whom and on which laptop the standing value was written."""
        target = str(write.body.get("target_id"))
        version = self._picture.version(target, write.theirs_rev)
        if version is None:
            return write
        body = {**write.body, "theirs_at": version.at_claimed, "theirs_device": version.device}
        body.setdefault("theirs_author", version.author)
        body = {name: value for name, value in body.items() if value}
        return msgspec.structs.replace(write, body=body, patch=body)

    def _note_coordinator(self, before: RecordState | None, after: RecordState, operation: Operation) -> None:
        creator = "" if before is not None or self._right.trusted else operation.author
        if before is None:
            self._right.note_new_person(after.id)
        caseloads.note_coordinator(self._moves, before, after, creator)

    def _follow_caseloads(self) -> None:
        """One change for each grant that gains or loses people through this batch."""
        there = {id: move for id, move in self._moves.items() if self._picture.state(id) is not None}  # or taken back
        if not there:
            return

        def grants_of(practitioner: str) -> list[RecordState]:
            return self._picture.family(practitioner, "grant")

        def teams() -> list[RecordState]:
            return [stored.state for stored in sql.records_of_type(self._transaction, self._org, "team").values()]

        for grant_id, patch in caseloads.patches_for(there, grants_of, teams):
            self._write_as_server(grant_id, patch)

    def _write_as_server(self, id: str, patch: dict[str, Any]) -> None:
        state = self._picture.state(id)
        assert state is not None
        if self._server_device is None:
            self._server_device = sql.device(self._transaction, self._org, SERVER_DEVICE)
            if self._server_device is None:
                raise LookupError("the server has no identity of its own")
        operation = PushedOperation(
            n=self._server_device.last_n + len(self._server_items) + 1,
            op_id=new_id(),
            txn=new_id(),
            id=id,
            type=state.type,
            subject=state.subject,
            compartment=state.compartment,
            kind=OperationKind.CHANGE,
            author=self._org,
            at=self._at,
            base=state.rev,
            patch=patch,
        )
        raw = encode(operation)
        item = Item(dev=SERVER_DEVICE, n=operation.n, raw=raw, hash=operation_hash(raw), operation=operation)
        self._server_items.append(item)
        self._judge(item)
        if item.why:
            item.refuse(item.why)

    def _release_waiting(self, judged_already: Sequence[Item] = ()) -> list[Item]:
        """Operations that waited for a record that has now arrived."""
        late: list[Item] = []
        asked: set[str] = set()
        while fresh := self._picture.created() - asked:
            asked |= fresh
            rows = sql.waiting(self._transaction, self._org, fresh)
            items = [
                Item(
                    dev=dev,
                    n=n,
                    raw=raw,
                    hash=operation_hash(raw),
                    operation=read_operation(raw),
                    is_new=False,
                )
                for dev, n, raw in rows
                if (dev, n) not in {(item.dev, item.n) for item in (*late, *judged_already)}
            ]
            self._load(items)
            for _key, group in groupby(items, key=lambda item: (item.dev, item.operation and item.operation.txn)):
                members = list(group)
                author = members[0].operation.author if members[0].operation else ""
                whose = self._right
                if author != whose.author:
                    self._right = right_of(self._transaction, self._org, author, self._now.date())
                self._judge_together(members, {})
                self._right = whose
            late += items
        return late

    # writing

    def _write(self, items: Sequence[Item], late: Sequence[Item]) -> None:
        journal.write(self._transaction, self._org, [*items, *self._server_items], self._device.user_id, self._at)
        for item in late:
            journal.settle(self._transaction, self._org, item)
        if self._server_items and self._server_device is not None:
            sql.touch_device(self._transaction, self._org, SERVER_DEVICE, self._server_items[-1].n, self._at, 1)
        self._picture.write(self._at, self._signing_key)


def _working_days_on(day: dt.date, count: int) -> dt.date:
    """Monday to Friday only: the server knows no nation's bank holidays, and a due date a day early harms nobody."""
    while count:
        day += dt.timedelta(days=1)
        count -= day.weekday() < 5
    return day
