"""The bytes of files, after the records and apart from them (SYNC 3.4, 3.9).

What is here goes first, so that no document is only on one laptop for long; then what is named and not here, the
people of today and tomorrow first. A part at a time in both directions, from where it stopped, for a few seconds of
each sync: a file that does not come holds up no record, and a record that was saved meanwhile goes before the next part.
"""

import datetime as dt
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.errors import StoreProblem, SyncProblem
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.storage import attachments, outbox
from wellbeing_desktop.storage.attachments import Blob, State
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.files_to_share import Named, files_in_order, known_to_server, records_of
from wellbeing_desktop.storage.space import RESERVE_BYTES
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.sync.client.conversation import BLOB, WANTED, Conversation
from wellbeing_desktop.sync.client.problems import problem
from wellbeing_desktop.sync.client.report import Progress
from wellbeing_desktop.sync.protocol.file_parts import (
    PART_BYTES,
    BlobDoneReply,
    BlobDoneRequest,
    WantedReply,
    WantedRequest,
    part_size,
    parts_of,
    read_ranges,
)
from wellbeing_desktop.sync.protocol.transfer import Unreadable, content_digest

FILES_SECONDS: Final = 5.0
"""Of one sync; what is left goes on in the next, which begins at once."""
TRIES: Final = 3
"""For one part that arrives damaged."""
_DAMAGED: Final = frozenset({"reply_damaged", "reply_cut_short", "part_damaged"})
_OF_ONE_FILE: Final = frozenset({"file_not_there", "file_too_large", "files_full", "request_refused"})
"""These stop one file; anything else is the way to the server, and stops them all."""


def unsent_files(store: Store) -> int:
    """How many documents are, as far as this laptop knows, nowhere else. Not for the window's thread."""
    named = store.read(attachments.named_in)
    if not named:
        return 0
    try:
        here = store.files.call(lambda writer: attachments.in_state(writer, State.HERE))
    except StoreProblem as problem:
        if problem.kind == "store_closed":
            raise
        return 0
    return sum(blob.sha in named for blob in here)


class _LaterThen(Exception):
    """Time is up, or a record waits: the files go on after the next sync."""


class Files:
    """One sync's share of the files. `problem` is what stopped them, if anything did."""

    def __init__(
        self,
        store: Store,
        conversation: Conversation,
        *,
        progress: Progress,
        cancelled: Callable[[], bool],
        now: Callable[[], dt.datetime],
        seconds: float,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._files = store.files
        self._conversation = conversation
        self._progress = progress
        self._cancelled = cancelled
        self._now = now
        self._seconds = seconds
        self._monotonic = monotonic
        self._end = 0.0
        self._waiting = 0
        self.sent = 0
        self.received = 0
        self.left = 0
        self.more = False
        self.changes = Changes()
        self.problem: SyncProblem | None = None
        self.findings: list[str] = []

    def exchange(self) -> None:
        """Send and fetch for a while. Raises only StoreProblem store_closed, when the store was locked meanwhile."""
        self._end = self._monotonic() + self._seconds
        try:
            self._waiting = self._store.read(outbox.waiting_count)
            fetching = self._store.read(lambda reader: files_in_order(reader, local_date(self._now())))
            if not fetching and not self._wants_ours():
                return  # nobody keeps documents: the file of documents is not even opened
            named = self._store.read(attachments.named_in)
            self._files.call(lambda writer: attachments.sweep(writer, named, now=self._now()))
            sending = self._to_send()
            held = self._files.call(lambda writer: attachments.blobs_of(writer, [one.sha for one in fetching]))
            fetching = [one for one in fetching if one.sha not in held or not held[one.sha].is_whole]
            self.left = len(sending) + len(fetching)
            self._one_by_one(sending, fetching)
        except _LaterThen:
            self.more = not self._cancelled()
        except SyncProblem as found:
            self.problem = found
        except StoreProblem as found:
            if found.kind == "store_closed":
                raise
            self.findings.append(found.message)

    def _wants_ours(self) -> bool:
        return self._conversation.session is not None and self._conversation.session.files_wanted

    def _to_send(self) -> list[Blob]:
        """What is only here, and what the server asks for again, where it knows a record that names it."""
        found = {blob.sha: blob for blob in self._files.call(lambda writer: attachments.in_state(writer, State.HERE))}
        if self._wants_ours():
            device, epoch = self._conversation.device, self._conversation.epoch
            asked = self._conversation.ask(WANTED, WantedRequest(device=device, epoch=epoch), WantedReply)
            held = self._files.call(lambda writer: attachments.blobs_of(writer, asked.shas))
            found |= {sha: blob for sha, blob in held.items() if blob.is_whole}
        known = self._store.read(lambda reader: known_to_server(reader, found))
        return [blob for sha, blob in found.items() if sha in known]

    def _one_by_one(self, sending: Sequence[Blob], fetching: Sequence[Named]) -> None:
        for blob in sending:
            self.left -= self._is_done(partial(self._send, blob))
        for named in fetching:
            if self._store.space().free_bytes < named.size + RESERVE_BYTES:
                self.findings.append("This computer's disk is nearly full, so documents are not fetched.")
                return
            self.left -= self._is_done(partial(self._fetch, named))

    def _is_done(self, work: Callable[[], bool]) -> bool:
        """Do one file. False if it is not done, for a reason that is only its own."""
        try:
            return work()
        except SyncProblem as found:
            if found.kind not in _OF_ONE_FILE:
                raise
            if found.kind != "file_not_there":
                self.problem = self.problem or found
            return False

    # Sending --------------------------------------------------------------------------------------------------

    def _send(self, blob: Blob) -> bool:
        self._pause()
        told = self._conversation.blob("HEAD", BLOB + blob.sha)
        if told.state != "whole":
            try:
                there = read_ranges(told.have, parts_of(blob.size))
            except Unreadable as error:
                raise problem("reply_damaged") from error
            for i in range(parts_of(blob.size)):
                if i not in there:
                    self._put(blob, i)
            request = BlobDoneRequest(device=self._conversation.device, epoch=self._conversation.epoch)
            state = self._conversation.ask(f"{BLOB}{blob.sha}/done", request, BlobDoneReply).state
            if state != "whole":
                if state == "damaged" and not attachments.is_sound(self._files, blob):
                    self.findings.append("A document on this laptop is damaged and could not be sent.")
                return False
        self._files.call(lambda writer: attachments.set_state(writer, blob.sha, State.SHARED))
        self.sent += 1
        self._changed(blob.sha)
        return True

    def _put(self, blob: Blob, i: int) -> None:
        self._pause()
        data = self._files.call(lambda writer: attachments.part(writer, blob.sha, i))
        if data is None:  # never fetched, or damaged: nothing empty is sent in its place
            raise problem("file_not_there")
        headers = {"Content-Digest": content_digest(data)}
        self._again_if_damaged(lambda: self._conversation.blob("PUT", f"{BLOB}{blob.sha}?part={i}", data, headers))
        self._progress("sending_file", min((i + 1) * PART_BYTES, blob.size), blob.size)

    # Fetching -------------------------------------------------------------------------------------------------

    def _fetch(self, named: Named) -> bool:
        sha, size = named.sha, named.size
        for i in self._files.call(lambda writer: attachments.missing_parts(writer, sha, size)):
            data = self._part(named, i)
            self._files.call(self._keeping(named, i, data))
            self._progress("fetching_file", min((i + 1) * PART_BYTES, size), size)
        blob = self._files.call(lambda writer: attachments.blob_of(writer, sha))
        if blob is None or not attachments.is_sound(self._files, blob):
            # Every part was what its digest said: then the server's own copy is not what its name says. It looks itself.
            self._files.call(lambda writer: attachments.forget(writer, [sha]))
            request = BlobDoneRequest(device=self._conversation.device, epoch=self._conversation.epoch)
            self._conversation.ask(f"{BLOB}{sha}/done", request, BlobDoneReply)
            return False
        self._files.call(lambda writer: attachments.set_state(writer, sha, State.SHARED))
        self.received += 1
        self._changed(sha)
        return True

    def _part(self, named: Named, i: int) -> bytes:
        self._pause()
        start, length = i * PART_BYTES, part_size(named.size, i)
        if length == 0:
            return b""
        headers = {"Range": f"bytes={start}-{start + length - 1}"}
        return self._again_if_damaged(lambda: self._whole_part(named.sha, headers, length))

    def _whole_part(self, sha: str, headers: dict[str, str], length: int) -> bytes:
        body = self._conversation.blob("GET", BLOB + sha, headers=headers).body
        if len(body) != length:
            raise problem("reply_damaged")
        return body

    def _keeping(self, named: Named, i: int, data: bytes) -> Callable[[Writer], None]:
        return lambda writer: attachments.keep_part(writer, named.sha, named.size, i, data, now=self._now())

    # Both -----------------------------------------------------------------------------------------------------

    def _again_if_damaged(self, work: Callable[[], "bytes | object"]) -> bytes:
        for left in range(TRIES - 1, -1, -1):
            try:
                found = work()
            except SyncProblem as told:
                if told.kind not in _DAMAGED or not left:
                    raise
            else:
                return found if isinstance(found, bytes) else b""
        raise problem("reply_damaged")

    def _pause(self) -> None:
        """Between parts: stop when told to, when time is up, and when somebody has saved something."""
        if self._cancelled() or self._monotonic() > self._end:
            raise _LaterThen
        if self._store.read(outbox.waiting_count) > self._waiting:
            raise _LaterThen

    def _changed(self, sha: str) -> None:
        touched = self._store.read(lambda reader: records_of(reader, sha))
        self.changes = self.changes.joined_with(Changes(frozenset(touched)))
