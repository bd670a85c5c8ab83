"""What this laptop may hold, as it moves: buckets that enter are fetched whole, those that leave are purged (SYNC 3.6).

Both are written down in the transaction of the cursor that told of them, so that a crash cannot lose one. A bucket
leaves only once nothing in it waits to be acknowledged (I8), and a removal of unusual size waits for a person.
"""

import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Final

import msgspec

from wellbeing_desktop.domain.changes import Change, Changes
from wellbeing_desktop.domain.errors import StoreProblem
from wellbeing_desktop.domain.organisation import Grant
from wellbeing_desktop.domain.removal import MANY_PEOPLE, REASONS, removal_message
from wellbeing_desktop.storage import attachments, incoming, scope_work
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.grants import user_of
from wellbeing_desktop.storage.incoming import BucketToFetch
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.storage.sync_state import set_sync_values, sync_number
from wellbeing_desktop.sync.client.arrivals import store_arrivals
from wellbeing_desktop.sync.client.conversation import BUCKET, Conversation
from wellbeing_desktop.sync.client.facts import cursor_of
from wellbeing_desktop.sync.client.membership import Membership
from wellbeing_desktop.sync.client.portion import Portion
from wellbeing_desktop.sync.client.problems import problem
from wellbeing_desktop.sync.client.report import Progress
from wellbeing_desktop.sync.protocol.limits import BUCKETS_AT_ONCE
from wellbeing_desktop.sync.protocol.message import Bucket
from wellbeing_desktop.sync.protocol.pulling import (
    BucketReply,
    BucketRequest,
    GrantInForce,
    Left,
    PullReply,
    SnapshotReply,
)

MANY_PARTS_OF: Final = 10
"""More people than MANY_PEOPLE, and more than one in ten of the store, is not a change of caseload (SYNC 3.7)."""

STOPPED: Final = "removal_stopped"
"""How many people the server last asked this laptop to give up without saying why; 0 when it did not."""

ROWS_AT_ONCE: Final = 500
HISTORIES_SECONDS: Final = 2.0
"""After a first load, history is fetched in the background: this much of it a sync, then the rest next time."""


def refuse_mass_removal(store: Store, conversation: Conversation, seq: int, reply: PullReply) -> str:
    """Raise SyncProblem mass_removal if a page would take away an unusual number of people, and our server does not
    sign why; the sentence about those that it does, "" for every other page. `seq` is where the page was asked from.

    Then nothing of the page is stored and the cursor stays, so that it is asked again until somebody has looked. How
    many it would be is kept, and told to the server.
    """
    leaving = {left.bucket.subject for left in reply.leave if left.why not in ("narrowed", "erased")}
    if not leaving and not store.read(was_stopped):
        return ""
    unusual = len(leaving) > MANY_PEOPLE and store.read(lambda reader: _is_unusual(reader, leaving))
    if not unusual:
        if store.read(was_stopped):
            store.write(_note_stopped(0))
        return ""
    if not is_because(conversation.membership, conversation.epoch, seq, reply):
        store.write(_note_stopped(len(leaving)))
        raise problem("mass_removal")
    store.write(_note_stopped(0))
    return f"{len(leaving):,} people leave this laptop: {REASONS[reply.reason]}."


def is_because(membership: Membership, epoch: str, seq: int, reply: PullReply | SnapshotReply) -> bool:
    """Did our server sign the reason, for this laptop, this place and these grants?"""
    message = removal_message(membership.organisation, membership.device, epoch, seq, reply.scope_ver, reply.reason)
    return reply.reason in REASONS and membership.is_from_server(message, reply.reason_signature)


def was_stopped(reader: Reader) -> bool:
    return sync_number(reader, STOPPED) > 0


def _note_stopped(people: int) -> Callable[[Writer], None]:
    def note_stopped(writer: Writer) -> None:
        with writer.immediate():
            set_sync_values(writer, {STOPPED: people})

    return note_stopped


def leave_what_is_beyond(writer: Writer, grants: Iterable[GrantInForce], *, because: bool = False) -> None:
    """After everything was fetched beside what is here, in the transaction of its last page: nobody told what left
    scope since the last sync, so the grants that came with that page say it. Those of the sign-in would be older than
    what this very sync has sent. Raises SyncProblem mass_removal as a page would, unless the server signed `because`."""
    user = user_of(writer)
    beyond = scope_work.buckets_beyond(
        writer,
        [
            Grant(practitioner_id=user, kind=one.kind, subjects=one.subjects, compartments=one.compartments)
            for one in grants
        ],
    )
    if not because and _is_unusual(writer, {subject for subject, _ in beyond}):
        raise problem("mass_removal")
    for subject, compartment in beyond:
        incoming.bucket_left(writer, subject, compartment, "ended")


def _is_unusual(reader: Reader, leaving: set[str]) -> bool:
    people = scope_work.people_among(reader, leaving)
    return people > MANY_PEOPLE and people * MANY_PARTS_OF > scope_work.people_held(reader)


def note(writer: Writer, enter: Iterable[Bucket], leave: Iterable[Left]) -> None:
    """Write down what a page told, in its transaction."""
    for bucket in enter:
        incoming.bucket_entered(writer, bucket.subject, bucket.compartment)
    for left in leave:
        incoming.bucket_left(writer, left.bucket.subject, left.bucket.compartment, left.why)
        if left.why == "narrowed":
            scope_work.fetch_after_leaving(writer, left.bucket.subject, left.bucket.compartment)


class ScopeWork:
    """One sync's share of what is written down."""

    def __init__(
        self,
        store: Store,
        conversation: Conversation,
        *,
        progress: Progress,
        cancelled: Callable[[], bool],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._conversation = conversation
        self._progress = progress
        self._cancelled = cancelled
        self._monotonic = monotonic
        self._portion = Portion(ROWS_AT_ONCE)
        self.received = 0
        self.changes = Changes()

    def fetch_entered(self) -> None:
        """Fetch every bucket that entered, all rows and then their history. Raises SyncProblem; goes on from there next
        time."""
        entered: list[BucketToFetch] = []
        while buckets := self._to_fetch("rows"):
            self._fetch(buckets)
            if self._cancelled():
                return
            entered += buckets
        for at in range(0, len(entered), BUCKETS_AT_ONCE):
            self._fetch([_with_history_to_come(bucket) for bucket in entered[at : at + BUCKETS_AT_ONCE]])

    def fetch_histories(self) -> None:
        """Fetch some of the history that is still to come."""
        end = self._monotonic() + HISTORIES_SECONDS
        while not self._cancelled() and self._monotonic() < end:
            buckets = self._to_fetch("versions")
            if not buckets:
                return
            self._fetch(buckets)

    def leave(self) -> None:
        """Purge every bucket that left and in which nothing waits."""
        buckets = self._store.read(incoming.buckets_to_leave)
        purged = False
        files = self._store.read(attachments.named_in) if buckets else frozenset()
        for subject, compartment, _why in buckets:
            if self._cancelled():
                return
            gone = self._store.write(_purging(subject, compartment))
            if gone is not None:
                purged = True
                self.changes = self.changes.joined_with(Changes(frozenset(gone)))
        if purged:
            self._store.write(scope_work.truncate_log)
            self._forget_files(files)

    def _forget_files(self, before: frozenset[str]) -> None:
        """The bytes that only what left had named go with it. Where the file of documents cannot be opened, they go
        with the sweep after it was put right."""
        gone = before - self._store.read(attachments.named_in)
        if gone:
            with suppress(StoreProblem):
                self._store.files.call(lambda writer: attachments.forget(writer, gone))

    def _to_fetch(self, stage: str) -> list[BucketToFetch]:
        return self._store.read(lambda reader: scope_work.to_fetch(reader, stage, BUCKETS_AT_ONCE))

    def _fetch(self, buckets: list[BucketToFetch]) -> None:
        """Buckets at one stage, to its end; the first goes on from where it was left."""
        while buckets and not self._cancelled():
            reply = self._ask(buckets)
            whole, buckets = buckets[: reply.done], buckets[reply.done :]
            if buckets:
                if not whole and reply.next in ("", buckets[0].after):
                    raise problem("reply_damaged")  # it would be asked for again, for ever
                buckets[0] = msgspec.structs.replace(buckets[0], after=reply.next)
            changes = self._store.write(_storing(whole, buckets[:1], reply))
            self.changes = self.changes.joined_with(changes)
            if reply.changes:
                self.received += len(reply.changes)
                self._progress("fetching", self.received, 0)

    def _ask(self, buckets: list[BucketToFetch]) -> BucketReply:
        return self._portion.ask(
            lambda rows: self._conversation.ask(
                BUCKET,
                BucketRequest(
                    device=self._conversation.device,
                    epoch=self._conversation.epoch,
                    buckets=tuple(Bucket(subject=each.subject, compartment=each.compartment) for each in buckets),
                    what=buckets[0].stage,
                    after=buckets[0].after,
                    limit=rows,
                ),
                BucketReply,
            )
        )


def _with_history_to_come(bucket: BucketToFetch) -> BucketToFetch:
    return msgspec.structs.replace(bucket, after="", stage="versions")


def _storing(whole: list[BucketToFetch], begun: list[BucketToFetch], reply: BucketReply) -> Callable[[Writer], Changes]:
    def store(writer: Writer) -> Changes:
        with writer.immediate():
            # These rows may be newer than the cursor: what they show of one's own work is not yet all that there is.
            reflected = cursor_of(writer).head.seq
            changes = store_arrivals(writer, reply.changes, reply.versions, reflected_seq=reflected)
            for bucket in whole:
                if bucket.stage == "rows":
                    incoming.bucket_came(writer, bucket.subject, bucket.compartment, "", "versions")
                else:
                    incoming.bucket_is_here(writer, bucket.subject, bucket.compartment)
            for bucket in begun:
                incoming.bucket_came(writer, bucket.subject, bucket.compartment, bucket.after, bucket.stage)
            return changes

    return store


def _purging(subject: str, compartment: str) -> Callable[[Writer], set[Change] | None]:
    def purge(writer: Writer) -> set[Change] | None:
        with writer.immediate():
            return scope_work.purge(writer, subject, compartment)

    return purge
