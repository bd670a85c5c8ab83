"""Laptops as the server sees them: they pair, sign in and push prepared work with the client's own conversation."""

import datetime as dt
import random
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec

from wellbeing_desktop.domain.errors import SyncProblem
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.operation import OperationKind
from wellbeing_desktop.sync.client.address import server_address
from wellbeing_desktop.sync.client.conversation import PULL, PUSH, Conversation
from wellbeing_desktop.sync.client.pairing import enrol
from wellbeing_desktop.sync.client.problems import ServerSaid
from wellbeing_desktop.sync.client.transport import HttpTransport
from wellbeing_desktop.sync.protocol.limits import MAX_PUSH_BYTES, MAX_PUSH_OPERATIONS
from wellbeing_desktop.sync.protocol.pulling import PullReply, PullRequest
from wellbeing_desktop.sync.protocol.pushing import PushedOperation, PushReply, PushRequest
from wellbeing_desktop.sync.protocol.transfer import encode
from wellbeing_desktop.sync.server import members
from wellbeing_desktop.sync.server.service import Service


class Told(msgspec.Struct):
    """What a laptop's sync came to. `seconds` run from the moment all set out together."""

    seconds: float
    pushed: int
    asked_to_wait: int
    failures: list[str]


class Laptop:
    """One coordinator's laptop with work that waits."""

    def __init__(self, address: str, service: Service, name: str) -> None:
        member = members.add_member(service, name, ("coordinator",))
        code, _ends = members.invite(service, member, approved=True)
        where = server_address(address)
        self.transport = HttpTransport(where)
        self.membership = enrol(self.transport, where, code, laptop_name=name).membership
        self.member = member
        self._n = 0

    def conversation(self) -> Conversation:
        return Conversation(self.transport, self.membership, lambda: dt.datetime.now(dt.UTC))

    def work(self, operations: int, words: int) -> list[PushRequest]:
        """New people, and notes about them of about `words` bytes each, in requests as the client cuts them."""
        made: list[bytes] = []
        person = ""
        text = "She said that the garden helps, and that Thursday is hard. " * (words // 59 + 1)
        for at in range(operations):
            if at % 60 == 0:
                person = new_id()
                made.append(self._created("person", person, person, "card", {"family_name": f"Made up {at}"}))
            else:
                body = {"text": text[:words], "written_on": "2026-11-20", "author_id": self.member}
                made.append(self._created("note", new_id(), person, "clinical", body))
        requests, batch, size = [], list[msgspec.Raw](), 0
        for raw in made:
            if batch and (len(batch) == MAX_PUSH_OPERATIONS or size + len(raw) > MAX_PUSH_BYTES):
                requests.append(self._request(batch))
                batch, size = [], 0
            batch.append(msgspec.Raw(raw))
            size += len(raw)
        return [*requests, self._request(batch)]

    def sync(self, requests: Sequence[PushRequest], begin: threading.Event, longest: float = 600.0) -> Told:
        """Push everything and pull once, as a laptop that was away does: told to wait, it waits and comes again."""
        begin.wait()
        start = time.monotonic()
        told = Told(0.0, 0, 0, [])
        talk = self.conversation()
        for request in requests:
            reply = self._insist(talk, lambda: talk.ask(PUSH, request, PushReply), told, start + longest)  # noqa: B023
            told.pushed += sum(1 for result in reply.results if result.r in ("applied", "duplicate")) if reply else 0
        pull = PullRequest(device=self.membership.device, epoch=self.membership.epoch)
        self._insist(talk, lambda: talk.ask(PULL, pull, PullReply), told, start + longest)
        told.seconds = time.monotonic() - start
        return told

    def _insist(self, talk: Conversation, ask: Callable[[], Any], told: Told, until: float) -> Any:
        backoff = 1.0
        while time.monotonic() < until:
            try:
                if not talk.token:
                    talk.sign_in()
                return ask()
            except SyncProblem as found:
                wait = found.retry_after_seconds if isinstance(found, ServerSaid) else 0.0
                if wait:
                    told.asked_to_wait += 1
                else:
                    told.failures.append(found.kind)
                time.sleep(max(wait, backoff) * random.uniform(0.5, 1.5))
                backoff = min(backoff * 2, 30.0)
        told.failures.append("gave_up")
        return None

    def _created(self, type_name: str, id: str, subject: str, compartment: str, body: dict[str, Any]) -> bytes:
        self._n += 1
        return encode(
            PushedOperation(
                n=self._n,
                op_id=new_id(),
                txn=new_id(),
                id=id,
                type=type_name,
                subject=subject,
                compartment=compartment,
                kind=OperationKind.CREATE,
                author=self.member,
                at="2026-11-20T09:00:00.000000Z",
                patch=body,
            )
        )

    def _request(self, batch: list[msgspec.Raw]) -> PushRequest:
        return PushRequest(device=self.membership.device, epoch=self.membership.epoch, ops=tuple(batch))


def resident_mb(pid: int) -> float:
    """Memory of a process now, in MB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def all_at_once(laptops: Sequence[Laptop], work: Sequence[Sequence[PushRequest]]) -> list[Told]:
    """Every laptop's sync, begun in the same moment."""
    begin = threading.Event()
    with ThreadPoolExecutor(len(laptops)) as pool:
        running = [pool.submit(one.sync, requests, begin) for one, requests in zip(laptops, work, strict=True)]
        begin.set()
        return [each.result() for each in running]
