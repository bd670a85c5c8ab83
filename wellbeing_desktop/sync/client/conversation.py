"""Messages to the server as structs, signed in when needed, each reply checked before anybody reads it.

A reply counts only if it decodes strictly, names our protocol, and is of the history that the question was about.
"""

import datetime as dt
import time
from collections.abc import Callable, Mapping
from typing import Final, Protocol, TypeVar

import msgspec

from wellbeing_desktop.domain.errors import SyncProblem
from wellbeing_desktop.sync.client.membership import Membership
from wellbeing_desktop.sync.client.problems import problem, server_said
from wellbeing_desktop.sync.protocol.message import PROTOCOL
from wellbeing_desktop.sync.protocol.signing_in import (
    LaptopReport,
    NonceReply,
    NonceRequest,
    SessionReply,
    SessionRequest,
    session_message,
)
from wellbeing_desktop.sync.protocol.transfer import Unreadable, decode, encode
from wellbeing_desktop.sync.schemas import SCHEMAS, Schemas
from wellbeing_desktop.sync.signing import Access

PAIR: Final = "/v1/pair"
NONCE: Final = "/v1/nonce"
SESSION: Final = "/v1/session"
SEALED: Final = "/v1/sealed"
REKEY: Final = "/v1/rekey"
PUSH: Final = "/v1/push"
PULL: Final = "/v1/pull"
SNAPSHOT: Final = "/v1/snapshot"
BUCKET: Final = "/v1/bucket"
DIGEST: Final = "/v1/digest"
QUARANTINE: Final = "/v1/quarantine"
DECIDE: Final = "/v1/decide"
EMERGENCY: Final = "/v1/emergency"
COMMON: Final = "/v1/common"
SALVAGE: Final = "/v1/salvage"
REPORT: Final = "/v1/report"
WAIT: Final = "/v1/wait"
REGISTER: Final = "/v1/register"
BLOB: Final = "/v1/blob/"
WANTED: Final = "/v1/wanted"


class BlobAnswer(msgspec.Struct, frozen=True):
    """`state` and `have` are what the server says of a file; `body` bytes of it, sound by their digest."""

    state: str
    have: str
    body: bytes


class Transport(Protocol):
    """What the rest of the client asks of the way to the server. Tests put a faulty one in its place."""

    def post(self, path: str, message: bytes, *, access: Access | None = None) -> bytes:
        """Send one JSON message and return the JSON of a good answer. Raises SyncProblem for anything else."""
        ...

    def blob(
        self, method: str, path: str, *, access: Access, body: bytes = b"", headers: Mapping[str, str]
    ) -> BlobAnswer:
        """HEAD, GET or PUT of a file's bytes. Raises SyncProblem for anything but a good answer."""
        ...

    def close(self) -> None: ...


class Stamped(Protocol):
    """What every reply carries."""

    @property
    def epoch(self) -> str: ...
    @property
    def now(self) -> str: ...
    @property
    def protocol(self) -> str: ...
    @property
    def schema(self) -> int: ...


ReplyT = TypeVar("ReplyT", bound=Stamped)


def ask(
    transport: Transport, path: str, message: object, reply_type: type[ReplyT], *, access: Access | None = None
) -> ReplyT:
    """Send one message and decode its reply. Raises SyncProblem."""
    try:
        reply = decode(transport.post(path, encode(message), access=access), reply_type)
    except Unreadable as error:
        raise problem("reply_damaged") from error
    if reply.protocol != PROTOCOL:
        raise problem("not_our_server")
    return reply


class Conversation:
    """One sync's talk with the server. `epoch` is the history that this laptop's cursor belongs to."""

    def __init__(
        self,
        transport: Transport,
        membership: Membership,
        now: Callable[[], dt.datetime],
        *,
        token: str = "",
        report: Callable[[], LaptopReport] | None = None,
        schemas: Schemas = SCHEMAS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`report` says how this laptop stands, when it signs in."""
        self._monotonic = monotonic
        self._server_seconds = 0.0
        self._server_seconds_at = 0.0
        self._transport = transport
        self._membership = membership
        self._now = now
        self._report = report
        self.schemas: Final = schemas
        self._server_schema = schemas.current
        self.token = token
        self.session: SessionReply | None = None
        self.signed_nonce = ""
        self.epoch = membership.epoch
        self.skew_seconds: int | None = None
        self.server_at = ""

    @property
    def device(self) -> str:
        return self._membership.device

    @property
    def membership(self) -> Membership:
        return self._membership

    @property
    def access(self) -> Access:
        """What each request of this session shows: the token, and a signature at the server's time."""
        return Access(self.device, self.token, self._membership.sign, self._server_clock)

    def _server_clock(self) -> int:
        return int(self._server_seconds + self._monotonic() - self._server_seconds_at)

    def become(self, membership: Membership) -> None:
        """Go on as another device; it signs in with the next message."""
        self._membership = membership
        self.token, self.session = "", None

    @property
    def schema(self) -> int:
        """What both ends know: this program's, or the server's where that is older."""
        return min(self.schemas.current, self._server_schema)

    def sign_in(self, *, begins_sync: bool = False) -> SessionReply:
        """Show that this laptop holds its key, and get a token for a quarter of an hour. When a sync begins, what an
        earlier one left behind may do nothing more.

        Raises ServerSaid new_history if the server has another history than the cursor, and every other SyncProblem.
        """
        nonce = ask(self._transport, NONCE, NonceRequest(device=self.device), NonceReply)
        self._note_clock(nonce.now)
        signature = self._membership.sign(session_message(self.device, nonce.nonce))
        report = self._report() if self._report is not None else None
        if report is not None and self.skew_seconds is not None:
            report = msgspec.structs.replace(report, skew_seconds=self.skew_seconds)
        request = SessionRequest(
            device=self.device, nonce=nonce.nonce, signature=signature, report=report, begins_sync=begins_sync
        )
        self.signed_nonce = nonce.nonce
        reply = ask(self._transport, SESSION, request, SessionReply)
        self.token = reply.token
        self.session = reply
        self._server_schema = reply.schema
        self._refuse_other_history(reply)
        return reply

    def ask(self, path: str, message: object, reply_type: type[ReplyT]) -> ReplyT:
        """Send one message in a session; a token that ran out meanwhile is renewed once."""
        if not self.token:
            self.sign_in()
        try:
            reply = ask(self._transport, path, message, reply_type, access=self.access)
        except SyncProblem as found:
            if found.kind != "sign_in_again":
                raise
            self.sign_in()
            reply = ask(self._transport, path, message, reply_type, access=self.access)
        self._note_clock(reply.now)
        self._server_schema = reply.schema
        self._refuse_other_history(reply)
        return reply

    def blob(self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> BlobAnswer:
        """HEAD, GET or PUT of a file's bytes in a session; a token that ran out meanwhile is renewed once."""
        if not self.token:
            self.sign_in()
        try:
            return self._transport.blob(method, path, access=self.access, body=body, headers=headers or {})
        except SyncProblem as found:
            if found.kind != "sign_in_again":
                raise
        self.sign_in()
        return self._transport.blob(method, path, access=self.access, body=body, headers=headers or {})

    def _refuse_other_history(self, reply: Stamped) -> None:
        if self.epoch and reply.epoch != self.epoch:
            raise server_said("new_history", epoch=reply.epoch)

    def _note_clock(self, server_now: str) -> None:
        """How far this laptop's clock is ahead. It is shown, and never decides an order (I9)."""
        try:
            server = dt.datetime.fromisoformat(server_now)
        except ValueError:
            return
        if server.tzinfo is not None:
            self.server_at = server_now
            self._server_seconds, self._server_seconds_at = server.timestamp(), self._monotonic()
            self.skew_seconds = round((self._now() - server).total_seconds())
