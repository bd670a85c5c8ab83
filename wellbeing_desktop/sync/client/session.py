"""One sync from beginning to end: sign in, push, pull, what entered and left, compare (SYNC 3.8).

Each step that fails is reported and the others go on: push failing never prevents pull. One sync at a time in a
store. It may be stopped at any moment, by a person or by a flat battery, and goes on from there.
"""

import contextlib
import datetime as dt
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from wellbeing_desktop.domain.errors import StoreProblem, SyncProblem
from wellbeing_desktop.storage import (
    attachments,
    incoming,
    lease,
    outbox,
    passed_places,
    receipts,
    scope_work,
    unproven,
)
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.passed_places import Place
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.storage.sync_findings import note_findings
from wellbeing_desktop.storage.sync_state import set_sync_values
from wellbeing_desktop.sync.client import (
    digest,
    facts,
    organisation_key,
    pairing,
    reconcile,
    repair,
    salvaging,
    sealing,
    standing,
    unapplied,
)
from wellbeing_desktop.sync.client.conversation import Conversation, Transport
from wellbeing_desktop.sync.client.files import FILES_SECONDS, Files
from wellbeing_desktop.sync.client.membership import Membership, membership_of
from wellbeing_desktop.sync.client.problems import ServerSaid, problem
from wellbeing_desktop.sync.client.pull import Puller
from wellbeing_desktop.sync.client.push import NumbersMissing, Pusher
from wellbeing_desktop.sync.client.report import Progress, SyncReport, no_progress
from wellbeing_desktop.sync.client.scope import ScopeWork
from wellbeing_desktop.sync.client.snapshot import Loader
from wellbeing_desktop.sync.schemas import SCHEMAS, Schemas

VERIFY_EVERY: Final = dt.timedelta(days=7)
COPIED: Final = (
    "Another copy of this laptop's store has been used. This laptop has a new identity now, and what it keeps was sent "
    "again. Your team lead is told."
)
_NEW_HISTORIES_AT_ONCE: Final = 3


def utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def never() -> bool:
    """For those who do not cancel."""
    return False


def sync_once(
    store: Store,
    transport: Transport,
    *,
    progress: Progress = no_progress,
    cancelled: Callable[[], bool] = never,
    now: Callable[[], dt.datetime] = utc_now,
    verify: bool = False,
    files_seconds: float = FILES_SECONDS,
    schemas: Schemas = SCHEMAS,
) -> SyncReport:
    """Push and pull once. What went wrong on the way is in `problems`; only a StoreProblem is raised, and
    SyncProblem already_running. `verify` compares both sides even if that is not due. Files come last, for about
    `files_seconds`; what is left of them says `more`."""
    with _alone(store):
        membership = store.read(membership_of)
        if membership is None:
            return SyncReport(problems=(problem("not_joined"),), waiting=store.read(outbox.waiting_count))
        return _Sync(store, transport, membership, progress, cancelled, now, verify, files_seconds, schemas).run()


_running: Final[set[Path]] = set()
_running_lock: Final = threading.Lock()


def _let_leaving_go(writer: Writer) -> None:
    with writer.immediate():
        scope_work.let_leaving_go(writer)


@contextmanager
def _alone(store: Store) -> Iterator[None]:
    with _running_lock:
        if store.folder in _running:
            raise problem("already_running")
        _running.add(store.folder)
    try:
        yield
    finally:
        with _running_lock:
            _running.discard(store.folder)


class _Sync:
    def __init__(
        self,
        store: Store,
        transport: Transport,
        membership: Membership,
        progress: Progress,
        cancelled: Callable[[], bool],
        now: Callable[[], dt.datetime],
        verify: bool,
        files_seconds: float,
        schemas: Schemas,
    ) -> None:
        self._store = store
        self._transport = transport
        self._now = now
        self._begun_at = now()
        self._cancelled = cancelled
        self._progress = progress
        self._verify = verify
        self._conversation = Conversation(
            transport, membership, now, report=lambda: standing.report_on(store), schemas=schemas
        )
        self._pusher = Pusher(store, self._conversation, progress=progress, cancelled=cancelled, now=now)
        self._puller = Puller(store, self._conversation, progress=progress, cancelled=cancelled)
        self._scope = ScopeWork(store, self._conversation, progress=progress, cancelled=cancelled)
        self._files = Files(
            store, self._conversation, progress=progress, cancelled=cancelled, now=now, seconds=files_seconds
        )
        self._problems: list[SyncProblem] = []
        self._findings: list[str] = []
        self._loaded = False
        self._refetching = False
        self._new_histories = 0
        self._has_new_identity = False
        self._sealed = False

    def run(self) -> SyncReport:
        if self._step(self._begin):
            self._keep_first_lease()
            self._settle_recovery_key()
            self._step(self._push)
            if self._step(self._fetch) and not self._cancelled():
                self._step(self._scope.fetch_entered)
                self._leave()
                self._step(self._settle_unapplied)
                self._step(self._offer_salvage)
                self._step(self._compare)
                self._step(self._scope.fetch_histories)
                self._files.exchange()
        self._tell_unproven_grants()
        if self._cancelled():
            self._problems.append(problem("cancelled"))
        return self._finished()

    def _begin(self) -> None:
        self._conversation.sign_in(begins_sync=True)

    def _step(self, step: Callable[[], object]) -> bool:
        """Run one step to its end. Answers False, with the problem noted, if it could not."""
        while True:
            try:
                step()
            except NumbersMissing as missing:
                if not self._again():
                    self._problems.append(missing)
                    return False
                reconcile.send_from(self._store, missing.want)
            except SyncProblem as found:
                if found.kind == "new_history" and isinstance(found, ServerSaid) and found.epoch and self._again():
                    self._begin_new_history(found.epoch)
                elif found.kind == "resync" and self._again():
                    reconcile.fetch_everything_again(self._store)
                elif found.kind == "revoked":
                    self._problems.append(self._refused(found))
                    return False
                elif found.kind == "forked" and not self._has_new_identity:
                    if not self._step(self._take_new_identity):
                        return False
                    self._step(self._push)
                else:
                    if not any(known.kind == found.kind for known in self._problems):
                        self._problems.append(found)
                    return False
            else:
                return True

    def _refused(self, found: SyncProblem) -> SyncProblem:
        """This laptop has no access any more. If its server orders it in so many words, its store is sealed."""
        order = sealing.proven_order(self._store, self._conversation, found)
        if order is None:
            return found
        self._sealed = True
        sealing.obey(self._store, self._transport, self._conversation.membership, order)
        return problem("sealed")

    def _again(self) -> bool:
        self._new_histories += 1
        return self._new_histories <= _NEW_HISTORIES_AT_ONCE

    def _begin_new_history(self, epoch: str) -> None:
        """The server was restored. What is kept from above the last common place is sent again before anything is
        fetched."""
        known, self._conversation.epoch = self._conversation.epoch, epoch
        common = reconcile.last_common_place(self._store, self._conversation, known)
        reconcile.begin_new_history(self._store, known, epoch, common, self._now())
        with suppress(StoreProblem):  # a damaged file of documents holds up no record
            self._store.files.call(attachments.offer_again)
        self._step(self._push)

    def _take_new_identity(self) -> None:
        """Another copy of this store has been used under the same name: this one goes on under a name of its own."""
        self._has_new_identity = True
        self._conversation.become(
            pairing.take_new_identity(self._store, self._transport, self._conversation.membership)
        )
        self._findings.append(COPIED)

    def _push(self) -> None:
        self._pusher.push()

    def _fetch(self) -> None:
        """What is new; for a store that has nothing yet, everything first."""
        if not self._store.read(facts.cursor_of).is_loaded:
            loader = Loader(
                self._store, self._conversation, self._puller.done, progress=self._progress, cancelled=self._cancelled
            )
            if not loader.load():
                return
            self._loaded = self._verify = True
        self._puller.pull()

    def _leave(self) -> None:
        """Work in a bucket that left is sent first; then the bucket is purged (I8)."""
        if not self._store.read(incoming.buckets_to_leave):
            return
        self._store.write(_let_leaving_go)
        self._step(self._push)
        self._scope.leave()
        self._step(self._push)  # the receipt goes with the audit

    def _tell_unproven_grants(self) -> None:
        """What is not signed by our server gives nothing; each is told when it comes, and noted in the audit."""
        if self._store.read(unproven.is_news):
            count = self._store.write(unproven.note)
            if count:
                self._findings.append(f"{unproven.sentence(count)} {unproven.ADVICE}")

    def _offer_salvage(self) -> None:
        salvaging.offer(self._store, self._conversation)

    def _settle_unapplied(self) -> None:
        unapplied.settle(self._store, self._conversation)

    def _compare(self) -> None:
        if not self._is_comparing_due():
            return
        self._progress("checking", 0, 0)
        found = digest.compare(self._store, self._conversation)
        if not found.is_meaningful:
            return
        if found.only_here and not self._store.read(lambda reader: facts.is_new_history(reader, self._now())):
            self._findings.append(
                f"{len(found.only_here):,} records on this laptop are not on the server. They are kept."
            )
        if not found.differing:
            repair.agreed(self._store)
            self._store.write(self._note_verified)
            return
        self._findings.append(
            f"{len(found.differing):,} records were not the same here as on the server. They are being fetched again."
        )
        if repair.repair(self._store, found):
            self._step(self._scope.fetch_entered)
        self._refetching = True  # and compared again: what was put right must prove it

    def _is_comparing_due(self) -> bool:
        if self._problems or self._cancelled():
            return False
        last = self._store.read(facts.verified_at)
        return self._verify or last is None or abs(self._now() - last) >= VERIFY_EVERY

    def _note_verified(self, writer: Writer) -> None:
        with writer.immediate():
            set_sync_values(writer, {"verified_at": self._now().astimezone(dt.UTC).isoformat()})

    def _finished(self) -> SyncReport:
        pushed, pulled = self._pusher.done, self._puller.done
        exchanged = pushed.sent or pulled.received or self._scope.received or self._loaded
        complete = not self._problems
        skew = self._conversation.skew_seconds
        stopped = any(found.kind == "mass_removal" for found in self._problems)
        if self._conversation.token and (
            exchanged or stopped or self._store.read(lambda reader: facts.is_worth_keeping(reader, self._now(), skew))
        ):
            self._store.write(lambda writer: self._keep_end(writer, complete, bool(exchanged)))
            with contextlib.suppress(SyncProblem):  # the work is done; the register may be a little behind
                standing.tell(self._store, self._conversation)
        findings = (*self._findings, *pulled.findings, *self._files.findings)
        with contextlib.suppress(StoreProblem):  # on a full disk the next sync says it
            if findings:
                self._store.write(lambda writer: note_findings(writer, findings, self._now()))
        return SyncReport(
            sent=pushed.sent,
            received=pulled.received + self._scope.received,
            conflicts=pushed.conflicts,
            held=pushed.held,
            quarantined=pushed.quarantined,
            head=pulled.head or self._store.read(facts.cursor_of).head.seq,
            waiting=self._store.read(outbox.waiting_count),
            problems=tuple(self._problems),
            findings=findings,
            skew_seconds=skew,
            changes=pulled.changes.joined_with(self._scope.changes).joined_with(self._files.changes),
            more=self._refetching or self._files.more,
            loaded=self._loaded,
            files_sent=self._files.sent,
            files_received=self._files.received,
            files_left=self._files.left,
            file_problem=self._files.problem,
            sealed=self._sealed,
        )

    def _keep_end(self, writer: Writer, complete: bool, exchanged: bool) -> None:
        with writer.immediate():
            if exchanged:
                receipts.finish(
                    writer,
                    self._pusher.done.receipt or receipts.begin(writer, self._begun_at),
                    at=self._now(),
                    received=self._puller.done.received + self._scope.received,
                    waiting=outbox.waiting_count(writer),
                    problems=[found.kind for found in self._problems],
                    head_seq=self._puller.done.head,
                )
            place = facts.cursor_of(writer).head
            passed_places.note(writer, self._conversation.epoch, Place(place.seq, place.tok), self._now())
            facts.keep_end(
                writer,
                now=self._now(),
                server_at=self._conversation.server_at,
                skew_seconds=self._conversation.skew_seconds,
                complete=complete,
            )
            self._keep_lease(writer)

    def _keep_first_lease(self) -> None:
        """Before anything is fetched: a store that holds records without a lease may only add to them."""
        if self._store.read(lease.held_lease) is None:
            self._store.write(self._keep_lease_alone)

    def _settle_recovery_key(self) -> None:
        """Before anything is fetched: what comes then is in the organisation's reach too."""
        self._findings += organisation_key.settle(
            self._store, self._conversation.membership, self._conversation.session
        )

    def _keep_lease_alone(self, writer: Writer) -> None:
        with writer.immediate():
            self._keep_lease(writer)

    def _keep_lease(self, writer: Writer) -> None:
        """The server was met: from here the lease is counted anew, and by its clock."""
        session = self._conversation.session
        if session is None:
            return
        if session.lease and not lease.keep_lease(writer, session.lease, session.lease_signature):
            self._findings.append("The server's lease for this laptop was not signed by it, so the old one stands.")
            return
        with contextlib.suppress(ValueError):
            lease.keep_clock(writer, dt.datetime.fromisoformat(self._conversation.server_at))
