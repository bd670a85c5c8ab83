"""A push: journalled, judged, written, in one transaction (SYNC 3.4, 3.5; I1 to I5).

Everything that the batch touches is read first in a few statements, judged in memory with `sync/merge.py`, and
written at the end in a few more. Operations of one `txn` stand or fall together. Nothing in an operation makes the
push fail: what cannot be applied is quarantined with its reason, and the rest goes on.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.operation import Operation, OperationKind
from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.sync.checks import is_id
from wellbeing_desktop.sync.heads import competes, head_clash
from wellbeing_desktop.sync.merge import (
    ConflictWrite,
    Outcome,
    RecordState,
    Settings,
    Verdict,
    apply,
    written_conflict,
)
from wellbeing_desktop.sync.protocol import (
    Head,
    PushedOperation,
    PushResult,
    Version,
    encode,
    number_of,
    operation_hash,
    read_operation,
)
from wellbeing_desktop.sync.server import caseloads, sql
from wellbeing_desktop.sync.server.engine import Transaction
from wellbeing_desktop.sync.server.history import moment, new_token
from wellbeing_desktop.sync.server.problems import Forked
from wellbeing_desktop.sync.server.records import record_row, signed_grant
from wellbeing_desktop.sync.server.scope import scope_now, subject_kind_of

SERVER_DEVICE: Final = "server"
CONFLICT_DAYS: Final = 2
"""Working days, Monday to Friday, that a person has to settle a conflict."""

_OWN_SUBJECT: Final = frozenset({"person", "practitioner", "team"})


class Pushed(msgspec.Struct, frozen=True):
    """What a push came to."""

    last_n: int
    results: tuple[PushResult, ...]
    head: Head
    want: int = 0


class _Item(msgspec.Struct):
    """One operation of the batch on its way through."""

    dev: str
    n: int
    raw: bytes
    hash: str
    operation: PushedOperation | None
    result: PushResult | None = None
    why: str = ""
    is_new: bool = True  # False when it has waited in quarantine


def push(
    transaction: Transaction,
    clock: sql.Clock,
    device: sql.Device,
    raws: Sequence[bytes],
    now: dt.datetime,
    signing_key: bytes,
    *,
    trusted: bool = False,
    schema: int = 1,
) -> Pushed:
    """Take a laptop's operations in ascending `n`. The clock row is already locked. Raises Forked, and nothing else.

    `trusted` is the server's own writing: no grant is asked for.
    """
    items, repeated = _sorted_out(transaction, clock.org, device, raws)
    want = 0
    if items and items[0].n > device.last_n + 1:
        want = device.last_n + 1
        items = []
    batch = _Batch(transaction, clock, device, now, signing_key, trusted=trusted)
    batch.take(items)
    last_n = items[-1].n if items else device.last_n
    sql.touch_device(transaction, clock.org, device.dev, last_n, moment(now), schema)
    results = sorted([*repeated, *(item.result for item in items if item.result)], key=lambda result: result.n)
    return Pushed(last_n=last_n, results=tuple(results), head=Head(seq=clock.seq, tok=clock.tok), want=want)


def _sorted_out(
    transaction: Transaction, org: str, device: sql.Device, raws: Sequence[bytes]
) -> tuple[list[_Item], list[PushResult]]:
    """New operations up to the first gap in their numbers, and the results of those that came before (I3)."""
    first = device.last_n + 1
    items: list[_Item] = []
    old: list[_Item] = []
    place = first
    for raw in raws:
        operation = read_operation(raw)
        n = operation.n if operation is not None else number_of(raw)
        if n is None or not 1 <= n < 2**62:  # not even a number: its place in line is its number
            n, operation = place, None
        item = _Item(dev=device.dev, n=n, raw=raw, hash=operation_hash(raw), operation=operation)
        place = n + 1
        if n < first + len(items):
            old.append(item)
        elif n == first + len(items) or not items:
            items.append(item)
            if n != first + len(items) - 1:
                break
        else:
            break
    return items, _earlier_results(transaction, org, device, old, items)


def _earlier_results(
    transaction: Transaction, org: str, device: sql.Device, old: Sequence[_Item], new: Sequence[_Item]
) -> list[PushResult]:
    if not old:
        return []
    known = sql.journalled(transaction, org, device.dev, min(i.n for i in old), max(i.n for i in old))
    in_this_request = {item.n: item.hash for item in new}
    results = []
    for item in old:
        if in_this_request.get(item.n) == item.hash:
            continue
        if item.n not in known or known[item.n][0] != item.hash:
            raise Forked
        first = msgspec.json.decode(known[item.n][1], type=PushResult)
        results.append(msgspec.structs.replace(first, r="duplicate", was_r=first.was_r or first.r))
    return results


class _Batch:
    """One push being judged: what it has read, what it will write."""

    def __init__(
        self,
        transaction: Transaction,
        clock: sql.Clock,
        device: sql.Device,
        now: dt.datetime,
        signing_key: bytes,
        *,
        trusted: bool,
    ) -> None:
        self._transaction = transaction
        self._clock = clock
        self._org = clock.org
        self._device = device
        self._now = now
        self._at = moment(now)
        self._due_on = _working_days_on(now.date(), CONFLICT_DAYS)
        self._signing_key = signing_key
        self._trusted = trusted
        self._scope = scope_now(transaction, self._org, device.user_id, now.date())
        self._seq = clock.seq
        self._held: dict[str, RecordState | None] = {}
        self._about: dict[str, set[str]] = {}
        self._seqs: dict[str, int] = {}
        self._touched: set[str] = set()
        self._versions: list[tuple[Any, ...]] = []
        self._version_bodies: dict[tuple[str, int], Version] = {}
        self._families: dict[tuple[str, str], set[str]] = {}
        self._registered: set[str] = set()
        self._moves: dict[str, tuple[str, str, str]] = {}
        self._allowed: dict[tuple[str, str, str, str, str], bool] = {}
        self._server_items: list[_Item] = []
        self._server_device: sql.Device | None = None
        self._undo: list[tuple[str, RecordState | None, int]] | None = None
        self._created: set[str] = set()

    def take(self, items: list[_Item]) -> None:
        """Judge and write."""
        if not items:
            return
        self._load(item.operation for item in items if item.operation is not None)
        already = self._already_arrived(items)
        for _txn, group in groupby(items, key=lambda item: item.operation.txn if item.operation else f"?{item.n}"):
            self._judge_together(list(group), already)
        late = self._release_waiting()
        self._follow_caseloads()
        self._write(items, late)

    # reading

    def _load(self, operations: Iterable[Operation]) -> None:
        ids = {operation.id for operation in operations if is_id(operation.id)} - self._held.keys()
        if not ids:
            return
        found = sql.records(self._transaction, self._org, ids)
        for id in ids:
            stored = found.get(id)
            self._held[id] = stored.state if stored else None
            if stored:
                self._seqs[id] = stored.seq
        existing = [id for id in ids if self._held[id] is not None]
        for id in ids:
            self._about.setdefault(id, set())
        if existing:
            for stored in sql.records_about(self._transaction, self._org, existing).values():
                self._keep(stored)

    def _keep(self, stored: sql.Stored) -> None:
        """Remember a record that was read, unless this batch has it already."""
        state = stored.state
        if state.id not in self._held or self._held[state.id] is None:
            self._held[state.id] = state
            self._seqs[state.id] = stored.seq
        target = state.body.get("target_id")
        if state.type == "conflict" and target:
            self._about.setdefault(str(target), set()).add(state.id)

    def _family(self, subject: str, type_name: str) -> list[RecordState]:
        """All of a subject's records of a type, this batch's changes included."""
        key = (subject, type_name)
        if key not in self._families:
            ids = set()
            for stored in sql.records_of(self._transaction, self._org, subject, type_name).values():
                self._keep(stored)
                ids.add(stored.state.id)
            ids |= {
                id
                for id, state in self._held.items()
                if state is not None and state.subject == subject and state.type == type_name
            }
            self._families[key] = ids
        return [state for id in self._families[key] if (state := self._held[id]) is not None]

    def _conflicts_about(self, id: str, *, only_open: bool = True) -> list[RecordState]:
        found = [state for key in sorted(self._about.get(id, ())) if (state := self._held.get(key)) is not None]
        return [state for state in found if not only_open or state.body.get("state") == "open"]

    def _already_arrived(self, items: Sequence[_Item]) -> dict[str, PushResult]:
        """Operations that another identity of a laptop, or this very request, brought before (I3)."""
        op_ids = [item.operation.op_id for item in items if item.operation is not None]
        known = sql.journalled_operations(self._transaction, self._org, op_ids)
        return {op_id: msgspec.json.decode(raw, type=PushResult) for op_id, raw in known.items()}

    # judging

    def _judge_together(self, group: list[_Item], already: dict[str, PushResult]) -> None:
        fresh = []
        for item in group:
            if item.operation is None:
                self._refuse(item, "malformed")
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
        self._undo = [] if together else None
        seq, versions = self._seq, len(self._versions)
        moves, registered = (dict(self._moves), set(self._registered)) if together else (self._moves, self._registered)
        failed: _Item | None = None
        for item in fresh:
            self._judge(item)
            if item.why:
                failed = item
                break
        if failed is None:
            self._undo = None
        else:
            for item in fresh:
                if item is not failed:
                    item.why = "held_with_another" if failed.why == "before_creation" else "refused_with_another"
            self._take_back(seq, versions)
            self._moves, self._registered = moves, registered
            for item in fresh:
                self._refuse(item, item.why)
        for item in fresh:
            if item.operation is not None and item.result is not None:
                already[item.operation.op_id] = item.result

    def _take_back(self, seq: int, versions: int) -> None:
        for id, state, old_seq in reversed(self._undo or []):
            self._held[id] = state
            self._seqs[id] = old_seq
            if state is None:
                for ids in self._about.values():
                    ids.discard(id)
        self._undo = None
        self._seq = seq
        for row in self._versions[versions:]:
            self._version_bodies.pop((row[0], row[1]), None)
        del self._versions[versions:]

    def _refuse(self, item: _Item, why: str) -> None:
        waits = why in ("before_creation", "held_with_another")
        item.why = why
        item.result = PushResult(
            n=item.n,
            r=str(Verdict.HELD if waits else Verdict.QUARANTINED),
            op_id=item.operation.op_id if item.operation and is_id(item.operation.op_id) else "",
            h=item.hash,
            why=why,
        )

    def _judge(self, item: _Item) -> None:
        operation = item.operation
        assert operation is not None
        why = self._not_allowed(operation, item.dev)
        if why:
            item.why = why
            return
        record_type = RECORD_TYPES.get(operation.type)
        before = self._held.get(operation.id)
        settings = Settings(device=item.dev, owner_id=self._owner_of(operation.subject), due_on=self._due_on)
        outcome = apply(record_type, before, operation, self._conflicts_about(operation.id), settings)
        if outcome.verdict in (Verdict.QUARANTINED, Verdict.HELD):
            item.why = outcome.why
            return
        state = outcome.state
        assert state is not None
        conflicts = list(outcome.conflicts)
        if outcome.is_new_version or before is None:
            self._put(state)
            self._add_version(state, outcome, operation, item)
            if competes(record_type) and record_type is not None:
                rivals = self._family(state.subject, state.type)
                self._load_about(rivals)
                known = [conflict for rival in rivals for conflict in self._conflicts_about(rival.id, only_open=False)]
                clash = head_clash(record_type, state, rivals, known, operation, settings)
                if clash is not None:
                    conflicts.append(clash)
            if operation.type == "person":
                self._note_coordinator(before, state, operation)
        seq = self._seqs.get(operation.id, 0)
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

    def _load_about(self, rivals: Sequence[RecordState]) -> None:
        missing = [rival.id for rival in rivals if rival.id not in self._about]
        if missing:
            for stored in sql.records_about(self._transaction, self._org, missing).values():
                self._keep(stored)
            for id in missing:
                self._about.setdefault(id, set())

    def _not_allowed(self, operation: Operation, dev: str) -> str:
        if dev == SERVER_DEVICE:
            return ""
        if operation.author != self._device.user_id and not self._trusted:
            return "another_author"
        if operation.type in _OWN_SUBJECT and operation.subject != operation.id:
            return "wrong_subject"
        if operation.type == "grant" and operation.patch.get("practitioner_id", operation.subject) != operation.subject:
            return "wrong_subject"
        if self._trusted:
            return ""
        if operation.subject in self._registered:
            return ""
        held = self._held.get(operation.id)
        record_type = RECORD_TYPES.get(operation.type)
        kind = subject_kind_of(operation.type, held.body if held else operation.patch)
        key = (operation.kind, operation.type, kind, operation.subject, operation.compartment)
        found = self._allowed.get(key)
        if found is None:
            try:
                found = self._scope.may_change(
                    operation.kind, record_type, kind, operation.subject, operation.compartment
                )
            except ValueError:  # a compartment that there is not
                return "bad_compartment"
            self._allowed[key] = found
        if found:
            return ""
        if (
            operation.type == "person"
            and operation.kind is OperationKind.CREATE
            and held is None
            and self._scope.may_register_people()
        ):
            return ""
        return "not_granted"

    def _owner_of(self, subject: str) -> str:
        """Who settles a conflict about this subject: the person's coordinator, if there is one."""
        if subject not in self._held:
            stored = sql.records(self._transaction, self._org, [subject]).get(subject)
            self._held[subject] = stored.state if stored else None
            if stored:
                self._seqs[subject] = stored.seq
        person = self._held[subject]
        return str(person.body.get(caseloads.COORDINATOR) or "") if person is not None else ""

    # what is to be written

    def _put(self, state: RecordState) -> None:
        if self._undo is not None:
            self._undo.append((state.id, self._held.get(state.id), self._seqs.get(state.id, 0)))
        if self._held.get(state.id) is None:
            self._created.add(state.id)
            family = self._families.get((state.subject, state.type))
            if family is not None:
                family.add(state.id)
        self._held[state.id] = state
        self._seq += 1
        self._seqs[state.id] = self._seq
        self._touched.add(state.id)
        self._about.setdefault(state.id, set())
        target = state.body.get("target_id")
        if state.type == "conflict" and target:
            self._about.setdefault(str(target), set()).add(state.id)

    def _add_version(self, state: RecordState, outcome: Outcome, operation: Operation, item: _Item) -> None:
        self._append_version(
            Version(
                id=state.id,
                rev=state.rev,
                seq=self._seq,
                author=operation.author,
                device=item.dev,
                at_claimed=operation.at,
                at_server=self._at,
                patch=outcome.patch,
                was=outcome.was,
                kept=outcome.kept,
                marks=tuple(str(mark) for mark in outcome.marks),
            ),
            state,
            item,
        )

    def _append_version(self, version: Version, state: RecordState, item: _Item) -> None:
        kind = subject_kind_of(state.type, state.body)
        self._version_bodies[(version.id, version.rev)] = version
        self._versions.append(
            (
                state.id,
                state.rev,
                self._seq,
                state.type,
                state.subject,
                str(kind),
                state.compartment,
                item.dev,
                item.n,
                encode(version),
            )
        )

    def _write_conflict(self, write: ConflictWrite, operation: Operation, item: _Item) -> str:
        if write.is_new and write.theirs_rev:
            write = self._dated(write)
        state = written_conflict(self._held.get(write.id), write, operation)
        self._put(state)
        self._append_version(
            Version(
                id=state.id,
                rev=state.rev,
                seq=self._seq,
                author=operation.author,
                device=item.dev,
                at_claimed=operation.at,
                at_server=self._at,
                patch=write.patch,
                was=write.was,
            ),
            state,
            item,
        )
        return state.id

    def _dated(self, write: ConflictWrite) -> ConflictWrite:
        """Say when, by whom and on which laptop the standing value was written."""
        target = str(write.body.get("target_id"))
        version = self._version_bodies.get((target, write.theirs_rev))
        if version is None:
            raw = sql.version_written(self._transaction, self._org, target, write.theirs_rev)
            if raw is None:
                return write
            version = msgspec.json.decode(raw, type=Version)
        body = {**write.body, "theirs_at": version.at_claimed, "theirs_device": version.device}
        body.setdefault("theirs_author", version.author)
        body = {name: value for name, value in body.items() if value}
        return msgspec.structs.replace(write, body=body, patch=body)

    def _note_coordinator(self, before: RecordState | None, after: RecordState, operation: Operation) -> None:
        old = str(before.body.get(caseloads.COORDINATOR) or "") if before is not None else ""
        new = str(after.body.get(caseloads.COORDINATOR) or "")
        creator = "" if before is not None or self._trusted else operation.author
        if before is None and not self._trusted and self._scope.may_register_people():
            self._registered.add(after.id)
        if old != new or creator:
            first = self._moves.get(after.id)
            self._moves[after.id] = (first[0] if first else old, new, first[2] if first else creator)

    def _follow_caseloads(self) -> None:
        """One change for each grant that gains or loses people through this batch."""
        if not self._moves:
            return
        patches: dict[str, dict[str, set[str]]] = {}
        grants: dict[str, list[RecordState]] = {}

        def grants_of_one(practitioner: str) -> list[RecordState]:
            if practitioner not in grants:
                grants[practitioner] = self._family(practitioner, "grant")
            return grants[practitioner]

        teams: list[RecordState] | None = None

        def all_teams() -> list[RecordState]:
            nonlocal teams
            if teams is None:
                teams = [s.state for s in sql.records_of_type(self._transaction, self._org, "team").values()]
            return teams

        for person_id, (before, after, creator) in self._moves.items():
            if self._held.get(person_id) is None:
                continue  # taken back
            for grant_id, move in caseloads.moves_for(
                person_id, before, after, creator, grants_of_one, all_teams
            ).items():
                for key, members in move.items():
                    patches.setdefault(grant_id, {}).setdefault(key, set()).update(members)
        for grant_id, move in sorted(patches.items()):
            self._write_as_server(grant_id, caseloads.as_patch(move))

    def _write_as_server(self, id: str, patch: dict[str, Any]) -> None:
        state = self._held[id]
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
        item = _Item(dev=SERVER_DEVICE, n=operation.n, raw=raw, hash=operation_hash(raw), operation=operation)
        self._server_items.append(item)
        self._judge(item)
        if item.why:
            self._refuse(item, item.why)

    def _release_waiting(self) -> list[_Item]:
        """Operations that waited for a record that has now arrived."""
        late: list[_Item] = []
        asked: set[str] = set()
        while fresh := {id for id in self._created if self._held.get(id) is not None} - asked:
            asked |= fresh
            rows = sql.waiting(self._transaction, self._org, fresh)
            items = [
                _Item(
                    dev=dev,
                    n=n,
                    raw=raw,
                    hash=operation_hash(raw),
                    operation=read_operation(raw),
                    is_new=False,
                )
                for dev, n, raw in rows
                if (dev, n) not in {(item.dev, item.n) for item in late}
            ]
            self._load(item.operation for item in items if item.operation is not None)
            for _key, group in groupby(items, key=lambda item: (item.dev, item.operation and item.operation.txn)):
                members = list(group)
                author = members[0].operation.author if members[0].operation else ""
                with_own_scope = self._scope
                if author != self._device.user_id:
                    self._scope = scope_now(self._transaction, self._org, author, self._now.date())
                    self._allowed.clear()
                mine, self._device = self._device, msgspec.structs.replace(self._device, user_id=author)
                self._judge_together(members, {})
                self._device, self._scope = mine, with_own_scope
                self._allowed.clear()
            late += items
        return late

    # writing

    def _write(self, items: Sequence[_Item], late: Sequence[_Item]) -> None:
        rows = []
        for id in self._touched:
            state = self._held[id]
            if state is None:
                continue
            if state.type == "grant":
                state = signed_grant(state, self._signing_key)
            rows.append(record_row(state, self._seqs[id]))
        taken = [*items, *self._server_items]
        sql.write_journal(
            self._transaction,
            self._org,
            [
                (
                    item.dev,
                    item.n,
                    _journal_id(item),
                    item.hash,
                    self._at,
                    item.raw,
                    encode(item.result),
                    item.result.seq if item.result else 0,
                )
                for item in taken
            ],
        )
        refused = [item for item in taken if item.why]
        if refused:
            sql.write_quarantine(
                self._transaction, self._org, [_quarantine_row(item, self._device, self._at) for item in refused]
            )
        for item in late:
            state_word = "waiting" if item.result and item.result.r == Verdict.HELD else "open" if item.why else "done"
            sql.settle_quarantine(
                self._transaction, self._org, item.dev, item.n, state_word, item.why, encode(item.result)
            )
        if self._server_items and self._server_device is not None:
            sql.touch_device(self._transaction, self._org, SERVER_DEVICE, self._server_items[-1].n, self._at, 1)
        if rows:
            sql.write_records(self._transaction, self._org, rows)
        if self._versions:
            sql.write_versions(self._transaction, self._org, self._versions)
        if self._seq != self._clock.seq:
            self._clock.seq, self._clock.tok = self._seq, new_token()
            sql.move_clock(self._transaction, self._org, self._clock.seq, self._clock.tok, self._at)


def _journal_id(item: _Item) -> str | None:
    """The operation's id, unless the journal has it from elsewhere or it is none."""
    if item.operation is None or item.result is None or item.result.r == "duplicate":
        return None
    return item.operation.op_id if is_id(item.operation.op_id) else None


def _quarantine_row(item: _Item, device: sql.Device, at: str) -> tuple[Any, ...]:
    operation = item.operation
    waits = item.result is not None and item.result.r == Verdict.HELD
    return (
        item.dev,
        item.n,
        operation.id[:64] if operation and is_id(operation.id) else "",
        operation.txn if operation and is_id(operation.txn) else "",
        device.user_id,
        item.why,
        "waiting" if waits else "open",
        at,
    )


def _working_days_on(day: dt.date, count: int) -> dt.date:
    """Monday to Friday only: the server knows no nation's bank holidays, and a due date a day early harms nobody."""
    while count:
        day += dt.timedelta(days=1)
        count -= day.weekday() < 5
    return day
