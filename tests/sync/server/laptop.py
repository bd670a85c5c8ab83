"""A laptop reduced to the raw protocol, for tests of the server alone."""

import itertools
from typing import Any

import msgspec
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.operation import OperationKind
from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.sync.protocol.comparing import (
    DigestReply,
    DigestRequest,
    row_hash,
    slot_of,
    sum_hashes,
    sum_text,
)
from wellbeing_desktop.sync.protocol.message import Bucket
from wellbeing_desktop.sync.protocol.pulling import (
    BucketReply,
    BucketRequest,
    PullReply,
    PullRequest,
    Row,
    SnapshotReply,
    SnapshotRequest,
    Version,
)
from wellbeing_desktop.sync.protocol.pushing import PushedOperation, PushReply, PushRequest, PushResult
from wellbeing_desktop.sync.protocol.signing_in import (
    NonceRequest,
    PairReply,
    PairRequest,
    SessionReply,
    SessionRequest,
    session_message,
)
from wellbeing_desktop.sync.protocol.transfer import content_digest, encode
from wellbeing_desktop.sync.server import members
from wellbeing_desktop.sync.server.exchange import Exchange
from wellbeing_desktop.sync.server.service import Service, encode_reply
from wellbeing_desktop.sync.server.signing_in import SigningIn
from wellbeing_desktop.sync.signing import Access

ACCESSES: dict[str, Access] = {}
"""By token: a request of a laptop that has signed in is signed."""


def signed(
    token: str, method: str, path: str, body: bytes = b"", *, digest: str = "", range: str = ""
) -> dict[str, str]:
    """The headers of a request with this token; of one that no laptop here was given, the token alone."""
    access = ACCESSES.get(token)
    if access is None:
        return {"Authorization": f"Bearer {token}"}
    return access.headers(method, path, digest or content_digest(body), range=range)


class Laptop:
    """One person's laptop: makes operations, pushes, pulls, remembers rows, conflicts and history."""

    def __init__(self, service: Service, name: str, *roles: str, member: str = "", approved: bool = True) -> None:
        self.service = service
        self.line: Exchange | None = None
        """What stands for the server's exchange, over HTTP for instance; None: the exchange itself."""
        self.user = member or members.add_member(service, name, roles or ("coordinator",))
        code, _ends = members.invite(service, self.user, approved=approved)
        self.key = Ed25519PrivateKey.generate()
        self.pair_with(code)
        self.n = itertools.count(1)
        self.rows: dict[str, Row] = {}
        self.history: list[Version] = []
        self.seq, self.tok, self.scope_on = 0, "", ""
        self.entered: list[Bucket] = []
        self.left: list[Bucket] = []
        self.outbox: list[PushedOperation] = []

    def pair_with(self, code: str) -> None:
        public = self.key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw).hex()
        reply = self._as(
            PairReply, SigningIn(self.service).pair(PairRequest(code=code, public_key=public, name="Laptop"))
        )
        self.dev, self.epoch, self.state = reply.device, reply.epoch, reply.state
        self.pair_reply = reply

    def sign_in(self) -> SessionReply:
        nonce = SigningIn(self.service).nonce(NonceRequest(device=self.dev))["nonce"]
        signature = self.key.sign(session_message(self.dev, nonce)).hex()
        reply: SessionReply = self._as(
            SessionReply,
            SigningIn(self.service).session(SessionRequest(device=self.dev, nonce=nonce, signature=signature)),
        )
        ACCESSES[reply.token] = self.access(reply.token)
        return reply

    def access(self, token: str) -> Access:
        service = self.service
        return Access(
            self.dev, token, lambda message: self.key.sign(message).hex(), lambda: int(service.now().timestamp())
        )

    @staticmethod
    def _as(kind: type[Any], reply: dict[str, Any]) -> Any:
        return msgspec.json.decode(encode_reply(reply), type=kind)

    # writing

    def operation(
        self,
        type_name: str,
        id: str,
        subject: str,
        kind: OperationKind = OperationKind.CHANGE,
        patch: dict[str, Any] | None = None,
        was: dict[str, Any] | None = None,
        *,
        txn: str = "",
        compartment: str = "",
        base: int | None = None,
        author: str = "",
    ) -> PushedOperation:
        held = self.rows.get(id)
        record_type = RECORD_TYPES.get(type_name)
        fixed = record_type.compartment if record_type else None
        operation = PushedOperation(
            n=next(self.n),
            op_id=new_id(),
            txn=txn or new_id(),
            id=id,
            type=type_name,
            subject=subject,
            compartment=compartment or str(fixed or (held.compartment if held else "clinical")),
            kind=kind,
            author=author or self.user,
            at="2026-11-21T09:00:00.000000Z",
            base=(held.rev if held else 0) if base is None else base,
            patch=patch or {},
            was=was or {},
        )
        self.outbox.append(operation)
        return operation

    def create(self, type_name: str, subject: str = "", body: dict[str, Any] | None = None, **more: Any) -> str:
        id = new_id()
        self.operation(type_name, id, subject or id, OperationKind.CREATE, body, **more)
        return id

    def person(self, name: str = "Ellis", **body: Any) -> str:
        return self.create("person", "", {"family_name": name, "coordinator_id": self.user, **body})

    def change(self, id: str, **patch: Any) -> PushedOperation:
        """A change on top of what this laptop last pulled."""
        row = self.rows[id]
        was = {name: row.body.get(name) for name, value in patch.items() if not isinstance(value, dict)}
        return self.operation(row.type, id, row.subject, OperationKind.CHANGE, patch, was, compartment=row.compartment)

    def push(self, operations: list[PushedOperation] | None = None) -> PushReply:
        if operations is None:
            operations, self.outbox = self.outbox, []
        return self.push_raw([encode(operation) for operation in operations])

    def push_raw(self, raws: list[bytes], **more: Any) -> PushReply:
        request = PushRequest(device=self.dev, epoch=self.epoch, ops=tuple(msgspec.Raw(raw) for raw in raws), **more)
        reply: PushReply = self._as(PushReply, self.exchange.push(self.dev, request))
        return reply

    # reading

    def pull(self, limit: int = 5_000) -> list[Row]:
        """To the head, page by page; the rows that came."""
        came: list[Row] = []
        while True:
            reply: PullReply = self._as(
                PullReply,
                self.exchange.pull(
                    self.dev,
                    PullRequest(
                        device=self.dev,
                        epoch=self.epoch,
                        seq=self.seq,
                        tok=self.tok,
                        scope_on=self.scope_on,
                        limit=limit,
                    ),
                ),
            )
            came += reply.changes
            self._keep(reply.changes)
            self.history += reply.versions
            for bucket in reply.enter:
                self.entered.append(bucket)
                self.fetch(bucket)
            for left in reply.leave:
                self.left.append(left.bucket)
                if left.why == "ended":
                    self.rows = {
                        id: row
                        for id, row in self.rows.items()
                        if (row.subject, row.compartment) != (left.bucket.subject, left.bucket.compartment)
                    }
            self.seq, self.tok, self.scope_on = reply.next.seq, reply.next.tok, reply.scope_on
            if not reply.more:
                return came

    def _keep(self, rows: tuple[Row, ...]) -> None:
        for row in rows:
            held = self.rows.get(row.id)
            if held is None or held.seq <= row.seq:
                self.rows[row.id] = row

    def fetch(self, bucket: Bucket) -> None:
        for row in self.bucket(bucket).changes:
            self._keep((row,))

    @property
    def exchange(self) -> Exchange:
        return self.line or Exchange(self.service)

    def bucket(self, bucket: Bucket, what: str = "rows", after: str = "", limit: int = 5_000) -> BucketReply:
        return self.buckets((bucket,), what, after, limit)

    def buckets(
        self, buckets: tuple[Bucket, ...], what: str = "rows", after: str = "", limit: int = 5_000
    ) -> BucketReply:
        request = BucketRequest(device=self.dev, epoch=self.epoch, buckets=buckets, what=what, after=after, limit=limit)
        reply: BucketReply = self._as(BucketReply, self.exchange.bucket(self.dev, request))
        return reply

    def load(self, limit: int = 5_000) -> int:
        """First load by snapshot; the number of pages."""
        after, pages = "", 0
        while True:
            reply: SnapshotReply = self._as(
                SnapshotReply,
                self.exchange.snapshot(
                    self.dev, SnapshotRequest(device=self.dev, epoch=self.epoch, after_id=after, limit=limit)
                ),
            )
            self._keep(reply.changes)
            if not pages:
                self.seq, self.tok = reply.head.seq, reply.head.tok
            pages += 1
            after = reply.next
            if not reply.more:
                return pages

    def sync(self) -> PushReply:
        reply = self.push()
        self.pull()
        return reply

    def digest(self) -> tuple[str, ...]:
        sums = [0] * 256
        for row in self.rows.values():
            slot = slot_of(row.subject, row.compartment)
            sums[slot] = sum_hashes(sums[slot], row_hash(row.id, row.type, row.rev, row.deleted, row.body))
        return tuple(sum_text(total) for total in sums)

    def server_digest(self, *slots: int) -> DigestReply:
        request = DigestRequest(device=self.dev, epoch=self.epoch, seq=self.seq, slots=slots)
        reply: DigestReply = self._as(DigestReply, self.exchange.digest(self.dev, request))
        return reply

    def conflicts(self, state: str = "open") -> list[Row]:
        return [row for row in self.rows.values() if row.type == "conflict" and row.body.get("state") == state]


def only(reply: PushReply) -> PushResult:
    (result,) = reply.results
    return result
