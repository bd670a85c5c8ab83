"""What the server does for one request, without HTTP: each method is one transaction, plain messages in and out."""

import datetime as dt
import secrets
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.definition import Compartment
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.operation import SCHEMA
from wellbeing_desktop.sync.protocol.comparing import DigestRequest
from wellbeing_desktop.sync.protocol.limits import MAX_PUSH_OPERATIONS, TOKEN_SECONDS
from wellbeing_desktop.sync.protocol.message import PROTOCOL, Bucket, Head
from wellbeing_desktop.sync.protocol.pulling import BucketRequest, Left, PullRequest, SnapshotRequest
from wellbeing_desktop.sync.protocol.pushing import PushRequest
from wellbeing_desktop.sync.protocol.signing_in import (
    NonceRequest,
    PairRequest,
    RekeyRequest,
    SealedRequest,
    SessionRequest,
)
from wellbeing_desktop.sync.protocol.waiting import RunOut
from wellbeing_desktop.sync.schemas import SCHEMAS, Schemas
from wellbeing_desktop.sync.server import (
    acts,
    audit,
    auth,
    history,
    leases,
    reading,
    register,
    removals,
    seals,
    sql,
    watch,
)
from wellbeing_desktop.sync.server.engine import Engine, Transaction
from wellbeing_desktop.sync.server.erased import ERASED, erased_since
from wellbeing_desktop.sync.server.judge import push
from wellbeing_desktop.sync.server.problems import (
    EpochChanged,
    NotSignedIn,
    PullRefused,
    RequestTooLarge,
    Revoked,
    UnknownLaptop,
    UpgradeNeeded,
)
from wellbeing_desktop.sync.server.scope import Scope, moved_buckets, scope_now, scope_then, scope_version

Clock = Callable[[], dt.datetime]
Reply = dict[str, Any]
"""A reply ready to be encoded: the fields of a message of `protocol`, rows still as the bytes they were stored as."""


class Service:
    """One organisation's server over an engine. Thread-safe: holds nothing that changes."""

    def __init__(
        self, engine: Engine, org: str = "", clock: Clock = history.server_now, schemas: Schemas = SCHEMAS
    ) -> None:
        """`org` may be left out when the database holds one organisation. Raises LookupError if there is none."""
        self.engine: Final = engine
        self._clock = clock
        self.schemas: Final = schemas

        def look(transaction: Transaction) -> tuple[Any, ...] | None:
            if org:
                return transaction.one("SELECT org, name, secret FROM organisation WHERE org = ?", (org,))
            return transaction.one("SELECT org, name, secret FROM organisation ORDER BY org LIMIT 1")

        row = engine.read(look)
        if row is None:
            raise LookupError("no such organisation")
        self.org: Final = str(row[0])
        self.name: Final = str(row[1])
        self.keys: Final = auth.secrets_from(bytes(row[2]))

    def now(self) -> dt.datetime:
        return self._clock()

    # who is calling

    def health(self) -> Reply:
        epoch = self.engine.read(lambda transaction: sql.clock(transaction, self.org).epoch)
        return self.reply(epoch, organisation=self.org, status="ok")

    def pair(self, request: PairRequest) -> Reply:
        now = self.now()

        def work(transaction: Transaction) -> Reply:
            clock = sql.locked_clock(transaction, self.org)
            paired = auth.pair(
                transaction, self.org, request.code, request.public_key, request.name, request.schema, self.keys, now
            )
            return self.reply(
                clock.epoch,
                device=paired.dev,
                organisation=self.org,
                organisation_name=self.name,
                practitioner_id=paired.user_id,
                practitioner_name=paired.user_name,
                state=paired.state,
                fingerprint=auth.fingerprint(request.public_key),
                server_key=self.keys.public_key,
            )

        return self.engine.write(work)

    def nonce(self, request: NonceRequest) -> Reply:
        now = self.now()

        def work(transaction: Transaction) -> Reply:
            clock = sql.locked_clock(transaction, self.org)
            if sql.device(transaction, self.org, request.device) is None:
                raise UnknownLaptop
            return self.reply(clock.epoch, nonce=auth.new_nonce(transaction, self.org, request.device, now))

        return self.engine.write(work)

    def session(self, request: SessionRequest) -> Reply:
        """Raises Revoked with the order to seal, for a revoked laptop that proves itself."""
        now = self.now()

        def work(transaction: Transaction) -> Reply:
            clock = sql.locked_clock(transaction, self.org)
            device = auth.begin_session(transaction, self.org, request.device, request.nonce, request.signature, now)
            session = auth.session_number(transaction, self.org, device.dev, begins_sync=request.begins_sync)
            register.note_seen(transaction, self.org, device.dev, now)
            if request.report is not None:
                register.keep_report(transaction, self.org, device.dev, request.report)
            member = transaction.one("SELECT roles FROM member WHERE org = ? AND id = ?", (self.org, device.user_id))
            lease, lease_signature = "", ""
            if device.state != auth.LEAVING:
                lease, lease_signature = leases.issue(transaction, self.org, device, self.keys, now)
            return self.reply(
                clock.epoch,
                lease=lease,
                lease_signature=lease_signature,
                token=auth.new_token(device.dev, session, self.keys, now),
                seconds=TOKEN_SECONDS,
                practitioner_id=device.user_id,
                roles=str(member[0]).split() if member else [],
                files_wanted=sql.any_file_wanted(transaction, self.org),
            )

        try:
            return self.engine.write(work)
        except Revoked as refusal:
            if not refusal.device:
                raise
            raise seals.give(self.engine, self.org, refusal.device, request.nonce, self.keys, now) from None

    def sealed(self, request: SealedRequest) -> Reply:
        """A laptop says that it did as it was told. What it says of an order that was withdrawn since is heard, so that
        it stops, and noted nowhere."""
        now = self.now()

        def work(transaction: Transaction) -> Reply:
            clock = sql.locked_clock(transaction, self.org)
            auth.check_sealed(transaction, self.org, request.device, request.ordered_at, request.signature)
            if seals.confirm(transaction, self.org, request.device, request.ordered_at, now):
                acts.note(transaction, self.org, self.keys, acts.THE_LAPTOP, "sealed its store", request.device, now)
            return self.reply(clock.epoch)

        return self.engine.write(work)

    def rekey(self, request: RekeyRequest) -> Reply:
        """A laptop whose store was copied takes an identity of its own (SYNC 3.7); noted for whoever looks after it."""
        now = self.now()

        def work(transaction: Transaction) -> Reply:
            clock = sql.locked_clock(transaction, self.org)
            device, is_new = auth.rekey(
                transaction,
                self.org,
                request.device,
                request.nonce,
                request.public_key,
                request.signature,
                request.new_signature,
                request.schema,
                now,
            )
            if is_new:
                acts.note(transaction, self.org, self.keys, acts.THE_LAPTOP, "copied, new identity", device.dev, now)
            return self.reply(
                clock.epoch,
                device=device.dev,
                organisation=self.org,
                practitioner_id=device.user_id,
                state=device.state,
                fingerprint=auth.fingerprint(device.public_key),
            )

        return self.engine.write(work)

    def device_of(self, token: str) -> str:
        """The laptop whose session this is. Raises NotSignedIn, also when a later sync of the same laptop has begun."""
        return self.session_of(token)[0]

    def session_of(self, token: str) -> tuple[str, str]:
        """The same laptop, and its public key, which its requests are signed with."""
        dev, session = auth.device_of(token, self.keys, self.now())

        def work(transaction: Transaction) -> sql.Device | None:
            known = sql.device(transaction, self.org, dev)
            return known if auth.is_last_session(transaction, self.org, dev, session) else None

        known = self.engine.read(work)
        if known is None:
            raise NotSignedIn
        return known.dev, known.public_key

    # the exchange

    def push(self, dev: str, request: PushRequest) -> Reply:
        self.same_device(dev, request.device)
        if len(request.ops) > MAX_PUSH_OPERATIONS:
            raise RequestTooLarge
        now = self.now()

        def work(transaction: Transaction) -> Reply:
            clock = sql.locked_clock(transaction, self.org)
            device = auth.known_device(transaction, self.org, dev)
            if request.epoch != clock.epoch:
                raise EpochChanged(clock.epoch, rolled_back=False)
            pushed = push(
                transaction,
                clock,
                msgspec.structs.replace(device, schema=request.schema),
                [bytes(raw) for raw in request.ops],
                now,
                self.keys.signing_key,
                schemas=self.schemas,
            )
            taken, countersign = audit.take(transaction, self.org, device, request.audit, self.keys, now)
            return self.reply(
                clock.epoch,
                last_n=pushed.last_n,
                results=pushed.results,
                head=self._vouched(clock, pushed.head),
                want=pushed.want,
                backed_up_seq=clock.backed_up_seq,
                audit_taken=taken,
                countersign=countersign,
            )

        return self.engine.write(work)

    def pull(self, dev: str, request: PullRequest) -> Reply:
        self.same_device(dev, request.device)
        now = self.now()

        def work(transaction: Transaction) -> Reply:
            clock, device, scope = self._reader(transaction, dev, request.schema, now)
            history.check_place(transaction, clock, request.epoch, request.seq, request.tok, self.keys.history_key)
            page = reading.changes_since(transaction, clock, scope, request)
            enter: tuple[Bucket, ...] = ()
            leave: tuple[Left, ...] = ()
            reason, scope_ver = "", scope_version(transaction, self.org, device.user_id)
            if request.seq:
                commit = sql.commit_containing(transaction, self.org, request.seq)
                then_on = dt.date.fromisoformat(commit[2][:10]) if commit and commit[2] else now.date()
                then_on = _later_day(request.scope_on, then_on, now.date())
                then = scope_then(transaction, self.org, device.user_id, request.seq, then_on)
                enter, leave = moved_buckets(transaction, self.org, then, scope)
                reason = removals.reason_for(transaction, self.org, device.user_id, then, scope, leave)
                leave = (*leave, *_of_erased(erased_since(transaction, self.org, request.seq)))
            return self.reply(
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
        self.same_device(dev, request.device)
        now = self.now()

        def work(transaction: Transaction) -> Reply:
            clock, device, scope = self._reader(transaction, dev, request.schema, now)
            self._check_epoch(transaction, clock, request.epoch or clock.epoch)
            page = reading.snapshot(transaction, clock, scope, request)
            total = 0
            if not request.after_id:
                row = transaction.one("SELECT COUNT(*) FROM rec WHERE org = ?", (self.org,))
                total = int(row[0]) if row and scope.sees_everyone() else 0
            scope_ver = scope_version(transaction, self.org, device.user_id)
            reason = "" if page.more else removals.standing_reason(transaction, self.org, device.user_id, now.date())
            return self.reply(
                clock.epoch,
                head=self._vouched(clock, Head(seq=clock.seq, tok=clock.tok)),
                changes=page.changes,
                next=page.next,
                more=page.more,
                total=total,
                erased=() if request.after_id else erased_since(transaction, self.org, -1),
                scope_ver=scope_ver,
                grants=() if page.more else scope.in_force(),
                **self._because(clock, dev, clock.seq, scope_ver, reason),
            )

        return self._read_checked(work, request.epoch)

    def bucket(self, dev: str, request: BucketRequest) -> Reply:
        self.same_device(dev, request.device)
        now = self.now()

        def work(transaction: Transaction) -> Reply:
            clock, _device, scope = self._reader(transaction, dev, self.schemas.current, now)
            self._check_epoch(transaction, clock, request.epoch)
            read = reading.bucket_versions if request.what == "versions" else reading.bucket_rows
            page = read(transaction, clock, scope, request)
            return self.reply(
                clock.epoch,
                at_seq=clock.seq,
                changes=page.changes,
                versions=page.versions,
                next=page.next,
                more=page.more,
            )

        return self._read_checked(work, request.epoch)

    def digest(self, dev: str, request: DigestRequest) -> Reply:
        self.same_device(dev, request.device)
        now = self.now()

        def work(transaction: Transaction) -> Reply:
            clock, _device, scope = self._reader(transaction, dev, self.schemas.current, now)
            self._check_epoch(transaction, clock, request.epoch)
            sums, rows, places = reading.digest(transaction, clock, scope, request)
            return self.reply(clock.epoch, seq=clock.seq, sums=sums, rows=rows, places=places)

        return self._read_checked(work, request.epoch)

    def wait(self, dev: str) -> Reply:
        """Where the history stands and which clocks have run out, for a laptop that may ask. One that is leaving is
        told of no clock. The waiting itself is `waiters.py`."""
        now = self.now()

        def work(transaction: Transaction) -> Reply:
            device = auth.known_device(transaction, self.org, dev)
            clock = sql.clock(transaction, self.org)
            told: tuple[RunOut, ...] = ()
            watchers = 0
            if device.state != auth.LEAVING:
                told, watchers = watch.told_to(transaction, self.org, device.user_id, now)
            mark = watch.mark_of(told, watchers)
            return self.reply(clock.epoch, seq=clock.seq, run_out=told, watchers=watchers, mark=mark)

        return self.engine.read(work)

    def news(self) -> tuple[int, str]:
        """The last sequence number, and a word that differs when another clock has run out."""
        now = self.now()

        def work(transaction: Transaction) -> tuple[int, str]:
            return sql.clock(transaction, self.org).seq, watch.tick(transaction, self.org, now)

        return self.engine.read(work)

    def _reader(
        self, transaction: Transaction, dev: str, schema: int, now: dt.datetime
    ) -> tuple[sql.Clock, sql.Device, Scope]:
        clock = sql.clock(transaction, self.org)
        device = auth.known_device(transaction, self.org, dev)
        if device.state == auth.LEAVING:
            raise PullRefused
        if not self.schemas.serves(schema):
            raise UpgradeNeeded
        return clock, device, scope_now(transaction, self.org, device.user_id, now.date())

    def _because(self, clock: sql.Clock, dev: str, seq: int, scope_ver: int, reason: str) -> Reply:
        """Why many people leave at once, signed."""
        if not reason:
            return {}
        word = removals.signature(self.keys, self.org, dev, clock.epoch, seq, scope_ver, reason)
        return {"reason": reason, "reason_signature": word}

    def _vouched(self, clock: sql.Clock, head: Head) -> Head:
        return history.vouched(clock.epoch, head, self.keys.history_key)

    def _check_epoch(self, transaction: Transaction, clock: sql.Clock, epoch: str) -> None:
        history.check_place(transaction, clock, epoch, 0, "", self.keys.history_key)

    def _read_checked(self, work: Callable[[Transaction], Reply], epoch: str) -> Reply:
        """A laptop that proves that we told it a later or another history makes us begin a new epoch (SYNC 3.7)."""
        try:
            return self.engine.read(work)
        except EpochChanged as changed:
            if not changed.rolled_back:
                raise
            raise EpochChanged(history.begin_new_epoch(self.engine, self.org, epoch), rolled_back=True) from changed

    def same_device(self, dev: str, claimed: str) -> None:
        """A message must name the laptop whose session it came in. Raises NotSignedIn."""
        if dev != claimed:
            raise NotSignedIn

    def reply(self, epoch: str, **fields: Any) -> Reply:
        """A reply with what every reply carries."""
        return {
            "epoch": epoch,
            "now": history.moment(self.now()),
            "schema": self.schemas.current,
            "min_client": self.schemas.oldest,
            "protocol": PROTOCOL,
            **fields,
        }


def new_organisation(engine: Engine, name: str, now: dt.datetime, org: str = "") -> str:
    """Begin an organisation's history. Returns its id."""
    org = org or new_id()

    def work(transaction: Transaction) -> None:
        at = history.moment(now)
        transaction.run(
            "INSERT INTO organisation (org, name, made_at, secret) VALUES (?, ?, ?, ?)",
            (org, name, at, secrets.token_bytes(32)),
        )
        transaction.run(
            "INSERT INTO org_clock (org, epoch, seq, tok, backed_up_seq, schema, mark) VALUES (?, ?, 0, '', 0, ?, '')",
            (org, history.new_epoch(), SCHEMA),
        )
        transaction.run("INSERT INTO commit_log (org, seq, tok, at) VALUES (?, 0, '', ?)", (org, at))
        transaction.run(
            "INSERT INTO device (org, dev, user_id, name, public_key, last_n, last_seen, state, schema, paired_at) "
            "VALUES (?, 'server', ?, 'wellbeing-server', '', 0, ?, 'server', ?, ?)",
            (org, org, at, SCHEMA, at),
        )

    engine.write(work)
    return org


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


def encode_reply(reply: Reply) -> bytes:
    return msgspec.json.encode(reply)
