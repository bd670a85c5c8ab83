"""The exchange of records: a push taken, and what a laptop may hold given, page by page or summed up."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator

import msgspec

from wellbeing_desktop.domain.definition import Compartment
from wellbeing_desktop.sync.protocol.comparing import DigestRequest
from wellbeing_desktop.sync.protocol.limits import MAX_PUSH_OPERATIONS
from wellbeing_desktop.sync.protocol.message import Bucket, Head
from wellbeing_desktop.sync.protocol.pulling import BucketRequest, Left, PullRequest, SnapshotRequest
from wellbeing_desktop.sync.protocol.pushing import PushRequest
from wellbeing_desktop.sync.server import audit, auth, history, reading, removals, sql
from wellbeing_desktop.sync.server.changes import changes_since
from wellbeing_desktop.sync.server.engine import Transaction
from wellbeing_desktop.sync.server.erased import ERASED, erased_since
from wellbeing_desktop.sync.server.problems import EpochChanged, PullRefused, RequestTooLarge, UpgradeNeeded
from wellbeing_desktop.sync.server.pushing import push
from wellbeing_desktop.sync.server.scope import Scope, moved_buckets, scope_now, scope_then, scope_version
from wellbeing_desktop.sync.server.service import Reply, Service


class Exchange:
    """Over a service: its engine, its clock, its keys."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def push(self, dev: str, request: PushRequest) -> Reply:
        self._service.same_device(dev, request.device)
        if len(request.ops) > MAX_PUSH_OPERATIONS:
            raise RequestTooLarge
        now = self._service.now()

        def work(transaction: Transaction) -> Reply:
            clock = sql.locked_clock(transaction, self._service.org)
            device = auth.known_device(transaction, self._service.org, dev)
            if request.epoch != clock.epoch:
                raise EpochChanged(clock.epoch, rolled_back=False)
            pushed = push(
                transaction,
                clock,
                msgspec.structs.replace(device, schema=request.schema),
                [bytes(raw) for raw in request.ops],
                now,
                self._service.keys.signing_key,
                schemas=self._service.schemas,
            )
            taken, countersign = audit.take(
                transaction, self._service.org, device, request.audit, self._service.keys, now
            )
            return self._service.reply(
                clock.epoch,
                last_n=pushed.last_n,
                results=pushed.results,
                head=self._vouched(clock, pushed.head),
                want=pushed.want,
                backed_up_seq=clock.backed_up_seq,
                audit_taken=taken,
                countersign=countersign,
            )

        return self._service.engine.write(work)

    def pull(self, dev: str, request: PullRequest) -> Reply:
        self._service.same_device(dev, request.device)
        now = self._service.now()

        def work(transaction: Transaction) -> Reply:
            clock, device, scope = self._reader(transaction, dev, request.schema, now)
            history.check_place(
                transaction, clock, request.epoch, request.seq, request.tok, self._service.keys.history_key
            )
            page = changes_since(transaction, clock, scope, request)
            enter: tuple[Bucket, ...] = ()
            leave: tuple[Left, ...] = ()
            reason, scope_ver = "", scope_version(transaction, self._service.org, device.user_id)
            if request.seq:
                commit = sql.commit_containing(transaction, self._service.org, request.seq)
                then_on = dt.date.fromisoformat(commit[2][:10]) if commit and commit[2] else now.date()
                then_on = _later_day(request.scope_on, then_on, now.date())
                then = scope_then(transaction, self._service.org, device.user_id, request.seq, then_on)
                enter, leave = moved_buckets(transaction, self._service.org, then, scope)
                reason = removals.reason_for(transaction, self._service.org, device.user_id, then, scope, leave)
                leave = (*leave, *_of_erased(erased_since(transaction, self._service.org, request.seq)))
            return self._service.reply(
                clock.epoch,
                changes=page.changes,
                versions=page.versions,
                enter=enter,
                leave=leave,
                next=self._vouched(clock, reading.head_of(transaction, clock, page.seq)),
                more=page.more,
                backed_up_seq=clock.backed_up_seq,
                scope_ver=scope_ver,
                scope_on=now.date().isoformat(),
                **self._because(clock, dev, request.seq, scope_ver, reason),
            )

        return self._read_checked(work, request.epoch)

    def snapshot(self, dev: str, request: SnapshotRequest) -> Reply:
        self._service.same_device(dev, request.device)
        now = self._service.now()

        def work(transaction: Transaction) -> Reply:
            clock, device, scope = self._reader(transaction, dev, request.schema, now)
            self._check_epoch(transaction, clock, request.epoch or clock.epoch)
            page = reading.snapshot(transaction, clock, scope, request)
            total = 0
            if not request.after_id and scope.sees_everyone():
                row = transaction.one("SELECT COUNT(*) FROM rec WHERE org = ?", (self._service.org,))
                total = int(row[0]) if row else 0
            scope_ver = scope_version(transaction, self._service.org, device.user_id)
            reason = (
                ""
                if page.more
                else removals.standing_reason(transaction, self._service.org, device.user_id, now.date())
            )
            return self._service.reply(
                clock.epoch,
                head=self._vouched(clock, Head(seq=clock.seq, tok=clock.tok)),
                changes=page.changes,
                next=page.next,
                more=page.more,
                total=total,
                erased=() if request.after_id else erased_since(transaction, self._service.org, -1),
                scope_ver=scope_ver,
                grants=() if page.more else scope.in_force(),
                **self._because(clock, dev, clock.seq, scope_ver, reason),
            )

        return self._read_checked(work, request.epoch)

    def bucket(self, dev: str, request: BucketRequest) -> Reply:
        self._service.same_device(dev, request.device)
        now = self._service.now()

        def work(transaction: Transaction) -> Reply:
            clock, _device, scope = self._reader(transaction, dev, self._service.schemas.current, now)
            self._check_epoch(transaction, clock, request.epoch)
            page, done = reading.buckets(transaction, clock, scope, request)
            return self._service.reply(
                clock.epoch,
                at_seq=clock.seq,
                changes=page.changes,
                versions=page.versions,
                done=done,
                next=page.next,
            )

        return self._read_checked(work, request.epoch)

    def digest(self, dev: str, request: DigestRequest) -> Reply:
        self._service.same_device(dev, request.device)
        now = self._service.now()

        def work(transaction: Transaction) -> Reply:
            clock, _device, scope = self._reader(transaction, dev, self._service.schemas.current, now)
            self._check_epoch(transaction, clock, request.epoch)
            sums, rows, places = reading.digest(transaction, clock, scope, request)
            return self._service.reply(clock.epoch, seq=clock.seq, sums=sums, rows=rows, places=places)

        return self._read_checked(work, request.epoch)

    def _reader(
        self, transaction: Transaction, dev: str, schema: int, now: dt.datetime
    ) -> tuple[sql.Clock, sql.Device, Scope]:
        clock = sql.clock(transaction, self._service.org)
        device = auth.known_device(transaction, self._service.org, dev)
        if device.state == auth.LEAVING:
            raise PullRefused
        if not self._service.schemas.serves(schema):
            raise UpgradeNeeded
        return clock, device, scope_now(transaction, self._service.org, device.user_id, now.date())

    def _because(self, clock: sql.Clock, dev: str, seq: int, scope_ver: int, reason: str) -> Reply:
        """Why many people leave at once, signed."""
        if not reason:
            return {}
        word = removals.signature(self._service.keys, self._service.org, dev, clock.epoch, seq, scope_ver, reason)
        return {"reason": reason, "reason_signature": word}

    def _vouched(self, clock: sql.Clock, head: Head) -> Head:
        return history.vouched(clock.epoch, head, self._service.keys.history_key)

    def _check_epoch(self, transaction: Transaction, clock: sql.Clock, epoch: str) -> None:
        history.check_place(transaction, clock, epoch, 0, "", self._service.keys.history_key)

    def _read_checked(self, work: Callable[[Transaction], Reply], epoch: str) -> Reply:
        """A laptop that proves that we told it a later or another history makes us begin a new epoch (SYNC 3.7)."""
        try:
            return self._service.engine.read(work)
        except EpochChanged as changed:
            if not changed.rolled_back:
                raise
            raise EpochChanged(
                history.begin_new_epoch(self._service.engine, self._service.org, epoch), rolled_back=True
            ) from changed


def _later_day(told: str, commit_on: dt.date, today: dt.date) -> dt.date:
    """The day on which a laptop last learnt what it may hold: what it was told then, where that can be."""
    try:
        day = dt.date.fromisoformat(told)
    except ValueError:
        return commit_on
    return min(max(day, commit_on), today)


def _of_erased(subjects: Iterable[str]) -> Iterator[Left]:
    """Every bucket of somebody who was erased leaves, wherever it is held."""
    for subject in subjects:
        for compartment in Compartment:
            yield Left(bucket=Bucket(subject=subject, compartment=compartment.value), why=ERASED)
