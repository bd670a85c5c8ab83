"""A practice for tests: one real server behind real loopback HTTP that can be made to fail, and its real laptops."""

import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

from tests.sync.client.misbehaving_server import Answer, Asked, MisbehavingServer, misbehaving_server
from wellbeing_desktop.domain.correction import Conflict
from wellbeing_desktop.domain.definition import Record
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.operation import OperationKind
from wellbeing_desktop.domain.organisation import Grant
from wellbeing_desktop.domain.registry import type_of
from wellbeing_desktop.domain.wire import body_of
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.kdf import FAST_FOR_TESTS
from wellbeing_desktop.storage.records import load, load_all
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.storage.write_door import Transaction, transaction
from wellbeing_desktop.sync.client.address import server_address
from wellbeing_desktop.sync.client.files import FILES_SECONDS
from wellbeing_desktop.sync.client.pairing import enrol, join, rejoin
from wellbeing_desktop.sync.client.report import Progress, SyncReport, no_progress
from wellbeing_desktop.sync.client.session import never, sync_once, utc_now
from wellbeing_desktop.sync.client.transport import HttpTransport, Limits
from wellbeing_desktop.sync.protocol.comparing import DigestRequest
from wellbeing_desktop.sync.protocol.limits import MAX_REQUEST_BYTES
from wellbeing_desktop.sync.protocol.message import CONTENT_TYPE, PROBLEM_TYPE
from wellbeing_desktop.sync.protocol.oversight import (
    DecideRequest,
    EmergencyRequest,
    QuarantineRequest,
    RegisterRequest,
)
from wellbeing_desktop.sync.protocol.pulling import BucketRequest, PullRequest, SnapshotRequest
from wellbeing_desktop.sync.protocol.pushing import PushedOperation, read_push
from wellbeing_desktop.sync.protocol.restoring import CommonRequest, SalvageRequest
from wellbeing_desktop.sync.protocol.signing_in import (
    NonceRequest,
    PairRequest,
    RekeyRequest,
    ReportRequest,
    SealedRequest,
    SessionRequest,
)
from wellbeing_desktop.sync.protocol.transfer import Unreadable, compress, content_digest, decode, expand
from wellbeing_desktop.sync.server import members
from wellbeing_desktop.sync.server.emergencies import Emergencies
from wellbeing_desktop.sync.server.engine import Engine, EngineBusy, EngineFull
from wellbeing_desktop.sync.server.engine import Transaction as ServerTransaction
from wellbeing_desktop.sync.server.exchange import Exchange
from wellbeing_desktop.sync.server.news import News
from wellbeing_desktop.sync.server.organisations import new_organisation
from wellbeing_desktop.sync.server.oversight import Oversight
from wellbeing_desktop.sync.server.problems import (
    Malformed,
    NotFound,
    SignatureRefused,
    SyncRefusal,
    TooMany,
    Unavailable,
)
from wellbeing_desktop.sync.server.recovery import Recovery
from wellbeing_desktop.sync.server.service import Service, encode_reply
from wellbeing_desktop.sync.server.signatures import SeenHere, Signatures
from wellbeing_desktop.sync.server.signing_in import SigningIn
from wellbeing_desktop.sync.signing import Asked as SignedRequest

PASSPHRASE = "granite pelican umbrella seventeen"
WHOLE = ("card", "core", "documents", "clinical")


class Fault(Enum):
    """What may befall one message."""

    LOST_REQUEST = "lost_request"  # the server never saw it
    LOST_REPLY = "lost_reply"  # the server did it, and nobody heard
    CUT_REPLY = "cut_reply"  # the second half is missing
    BENT_REPLY = "bent_reply"  # one bit is flipped
    PORTAL = "portal"  # a web page of the network's own
    BUSY = "busy"
    FAULT = "fault"  # 500
    TOO_MANY = "too_many"  # 429
    TWICE = "twice"  # a proxy delivers the request again
    LATE = "late"  # a proxy keeps the request back, and delivers it after others
    SERVER_FULL = "server_full"  # no room to commit
    SERVER_KILLED = "server_killed"  # in the middle of the transaction


class ServerDied(Exception):
    """The server's process ends here."""


class Breakable:
    """An engine whose next writing transaction can be made to end before its commit."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.break_next: Exception | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def write(self, work: Callable[[ServerTransaction], Any]) -> Any:
        trouble, self.break_next = self.break_next, None

        def doomed(transaction: ServerTransaction) -> Any:
            answer = work(transaction)
            if trouble is not None:
                raise trouble
            return answer

        return self._engine.write(doomed)


@dataclass
class Practice:
    """`fault` is asked before each message: its path, and how many came before. `wire` is all that travelled. `bend`
    may put another answer in the place of the server's own."""

    service: Service
    engine: Engine
    http: MisbehavingServer
    folder: Path
    fault: Callable[[str, int], Fault | None] = lambda path, count: None
    bend: Callable[[str, bytes], bytes] = lambda path, reply: reply
    wire: list[bytes] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    laptops: list["Laptop"] = field(default_factory=list)
    late: list[Asked] = field(default_factory=list)
    seen: SeenHere = field(default_factory=SeenHere)

    # On the server ---------------------------------------------------------------------------------------------

    def answer(self, asked: Asked) -> Answer:
        count = len(self.paths)
        self.paths.append(asked.path)
        fault = self.fault(asked.path, count)
        if fault is Fault.LOST_REQUEST:
            return Answer(hang_up=True)
        if fault is Fault.PORTAL:
            return Answer(headers={"Content-Type": "text/html"}, body=b"<html>Welcome to the cafe</html>")
        if fault is Fault.BUSY:
            return Answer(status=503, headers={"Content-Type": "text/html"}, body=b"busy")
        if fault is Fault.FAULT:
            return Answer(status=500, headers={"Content-Type": "text/plain"}, body=b"Internal Server Error")
        if fault is Fault.TOO_MANY:
            return _refusal(TooMany(1))
        kept_back, self.late = self.late, [asked] if fault is Fault.LATE else []
        if fault is Fault.LATE:
            return Answer(hang_up=True)
        answer = self._answered(asked, fault)
        for old in kept_back:
            self._served(old)
        if fault is Fault.LOST_REPLY:
            return Answer(hang_up=True)
        if fault is Fault.CUT_REPLY:
            return Answer(answer.status, answer.headers, answer.body[: len(answer.body) // 2], len(answer.body))
        if fault is Fault.BENT_REPLY:
            place = len(answer.body) // 2
            bent = answer.body[:place] + bytes([answer.body[place] ^ 0x80]) + answer.body[place + 1 :]
            return Answer(answer.status, answer.headers, bent)
        return answer

    def _answered(self, asked: Asked, fault: Fault | None) -> Answer:
        if fault is Fault.TWICE:
            self._served(asked)
        if fault not in (Fault.SERVER_FULL, Fault.SERVER_KILLED):
            return self._served(asked)
        breakable = Breakable(self.engine)
        breakable.break_next = ServerDied() if fault is Fault.SERVER_KILLED else EngineFull()
        whole, self.service = self.service, Service(breakable, self.service.org)
        try:
            return self._served(asked)
        finally:
            self.service = whole

    def _served(self, asked: Asked) -> Answer:
        try:
            body = expand(asked.body, asked.headers.get("content-encoding", ""), MAX_REQUEST_BYTES)
            self.wire.append(body)
            reply = encode_reply(self._reply(asked, body))
        except Unreadable:
            return _refusal(Malformed())
        except SyncRefusal as refusal:
            return _refusal(refusal)
        except (EngineBusy, EngineFull):
            return _refusal(Unavailable(5))
        except ServerDied:
            return Answer(hang_up=True)
        self.wire.append(reply)
        reply = self.bend(asked.path, reply)
        packed, encoding = compress(reply, asked.headers.get("accept-encoding", ""))
        headers = {"Content-Type": CONTENT_TYPE, "Content-Encoding": encoding, "Content-Digest": content_digest(packed)}
        return Answer(headers=headers, body=packed)

    def _reply(self, asked: Asked, body: bytes) -> Mapping[str, Any]:
        service = self.service
        match asked.path:
            case "/v1/pair":
                return SigningIn(service).pair(decode(body, PairRequest))
            case "/v1/nonce":
                return SigningIn(service).nonce(decode(body, NonceRequest))
            case "/v1/session":
                return SigningIn(service).session(decode(body, SessionRequest))
            case "/v1/rekey":
                return SigningIn(service).rekey(decode(body, RekeyRequest))
            case "/v1/sealed":
                return SigningIn(service).sealed(decode(body, SealedRequest))
        dev = self._signed_by(asked)
        match asked.path:
            case "/v1/push":
                return Exchange(service).push(dev, read_push(body))
            case "/v1/pull":
                return Exchange(service).pull(dev, decode(body, PullRequest))
            case "/v1/snapshot":
                return Exchange(service).snapshot(dev, decode(body, SnapshotRequest))
            case "/v1/bucket":
                return Exchange(service).bucket(dev, decode(body, BucketRequest))
            case "/v1/digest":
                return Exchange(service).digest(dev, decode(body, DigestRequest))
            case "/v1/quarantine":
                return self.oversight.quarantine(dev, decode(body, QuarantineRequest))
            case "/v1/decide":
                return self.oversight.decide(dev, decode(body, DecideRequest))
            case "/v1/common":
                return Recovery(service).common(dev, decode(body, CommonRequest))
            case "/v1/salvage":
                return Recovery(service).salvage(dev, decode(body, SalvageRequest))
            case "/v1/emergency":
                return Emergencies(service).ask(dev, decode(body, EmergencyRequest))
            case "/v1/wait":
                return News(service).wait(dev)
            case "/v1/report":
                return self.oversight.report(dev, decode(body, ReportRequest))
            case "/v1/register":
                return self.oversight.register(dev, decode(body, RegisterRequest))
        raise NotFound

    def _signed_by(self, asked: Asked) -> str:
        """As the server's own HTTP face does."""
        told = SignedRequest(
            method="POST",
            path=asked.path,
            digest=asked.headers.get("content-digest", ""),
            authorization=asked.headers.get("authorization", ""),
        )
        given, signature = asked.headers.get("signature-input", ""), asked.headers.get("signature", "")
        dev = Signatures(self.service, self.seen).device(told, given, signature)
        if content_digest(asked.body) != told.digest:
            raise SignatureRefused
        return dev

    @property
    def oversight(self) -> Oversight:
        return Oversight(self.service)

    def write_as_server(self, kind: OperationKind, record: Record, compartment: str, **fields: Any) -> None:
        """A change by the server's own hand. `fields` is the patch of a CHANGE."""
        record_type = type_of(record)
        operation = PushedOperation(
            n=0,
            op_id=new_id(),
            txn=new_id(),
            id=record.id,
            type=record_type.name,
            subject=record.subject,
            compartment=compartment,
            kind=kind,
            author="",
            at="",
            patch=fields or body_of(record_type, record),
        )
        members.write_as_server(self.service, [operation])

    def member(self, name: str, *, kind: str = "team", subjects: tuple[str, ...] = ("*",)) -> "Member":
        """A practitioner with one grant that lets them write."""
        id, grant_id = members.add_member(self.service, name, ("administrator",)), new_id()
        grant = Grant(
            id=grant_id,
            subject=id,
            practitioner_id=id,
            kind=kind,
            subjects=subjects,
            compartments=WHOLE,
            may_write=True,
        )
        self.write_as_server(OperationKind.CREATE, grant, "card")
        return Member(id, grant_id, name)

    def move(self, member: "Member", *, add: tuple[str, ...] = (), remove: tuple[str, ...] = ()) -> None:
        """Change whom a member's grant covers."""
        grant = Grant(id=member.grant_id, subject=member.id)
        change = {"add": sorted(add), "remove": sorted(remove)}
        self.write_as_server(OperationKind.CHANGE, grant, "card", subjects=change)

    def code_for(self, member: "Member", *, approved: bool = True) -> str:
        return members.invite(self.service, member.id, approved=approved)[0]

    # Laptops ---------------------------------------------------------------------------------------------------

    def transport(self) -> HttpTransport:
        return HttpTransport(server_address(self.http.url), limits=Limits(connect_seconds=5, read_seconds=20))

    def laptop(self, member: "Member") -> "Laptop":
        """A new laptop of this member, joined, with nothing fetched yet."""
        folder = self.folder / f"laptop-{len(self.laptops)}"
        transport = self.transport()
        enrolment = enrol(transport, server_address(self.http.url), self.code_for(member), laptop_name=member.name)
        store, _kit = Store.create(
            folder,
            member.name,
            PASSPHRASE,
            organisation_id=enrolment.membership.organisation,
            user_id=enrolment.practitioner_id,
            argon=FAST_FOR_TESTS,
        )
        join(store, enrolment)
        laptop = Laptop(store, transport, member)
        self.laptops.append(laptop)
        return laptop


@dataclass(frozen=True)
class Member:
    id: str
    grant_id: str
    name: str


@dataclass
class Laptop:
    store: Store
    transport: HttpTransport
    member: Member

    def sync(
        self,
        *,
        progress: Progress = no_progress,
        cancelled: Callable[[], bool] = never,
        now: Callable[[], dt.datetime] = utc_now,
        verify: bool = False,
        files_seconds: float = FILES_SECONDS,
    ) -> SyncReport:
        return sync_once(
            self.store,
            self.transport,
            progress=progress,
            cancelled=cancelled,
            now=now,
            verify=verify,
            files_seconds=files_seconds,
        )

    def synced(self, **how: Any) -> SyncReport:
        """A sync that must go well."""
        report = self.sync(**how)
        assert [found.kind for found in report.problems] == []
        assert report.findings == (), report.findings
        return report

    def do(self, work: Callable[[Transaction], Any], action: str = "test") -> Any:
        """One piece of work through the write door."""

        def run(writer: Writer) -> Any:
            with transaction(writer, action) as tx:
                return work(tx)

        return self.store.write(run)

    def create(self, record: Record, compartment: str | None = None) -> str:
        return str(self.do(lambda tx: tx.create(record, compartment)))

    def change(self, struct: type[Record], id: str, **fields: Any) -> None:
        self.do(lambda tx: tx.change(struct, id, fields))

    def load(self, struct: type[Any], id: str) -> Any:
        return self.store.read(lambda reader: load(reader, struct, id))

    def all(self, struct: type[Any], **equals: Any) -> list[Any]:
        return self.store.read(lambda reader: load_all(reader, struct, **equals))

    def conflicts(self) -> list[Conflict]:
        return self.all(Conflict, state="open")

    def ask(self, sql_text: str, *values: Any) -> list[tuple[Any, ...]]:
        def run(reader: Reader) -> list[tuple[Any, ...]]:
            return reader.rows(sql_text, values)

        return self.store.read(run)

    def waiting(self) -> int:
        return int(self.ask("SELECT count(*) FROM outbox WHERE state < 3")[0][0])

    def join_again(self, practice: "Practice") -> None:
        """As a new device, with a new invitation."""
        address = server_address(practice.http.url)
        rejoin(self.store, enrol(self.transport, address, practice.code_for(self.member)))

    def reopen(self) -> None:
        """Close and open the store again, as after a crash or the night."""
        folder = self.store.folder
        self.store.close()
        self.store = Store.open(folder, PASSPHRASE)

    def close(self) -> None:
        self.transport.close()
        self.store.close()


def _refusal(refusal: SyncRefusal) -> Answer:
    body = json.dumps(_fields(refusal)).encode()
    return Answer(status=refusal.status, headers={"Content-Type": PROBLEM_TYPE}, body=body)


def _fields(refusal: SyncRefusal) -> dict[str, Any]:
    problem = refusal.body()
    return {name: getattr(problem, name) for name in problem.__struct_fields__}


@contextmanager
def practice_on(engine: Engine, folder: Path) -> Iterator[Practice]:
    """A practice of its own on an engine that others may share: every key begins with the organisation."""
    org = new_organisation(engine, "Test practice", dt.datetime.now(dt.UTC))
    with misbehaving_server(Answer()) as http:
        practice = Practice(Service(engine, org), engine, http, folder)
        http.answer = practice.answer
        try:
            yield practice
        finally:
            for laptop in practice.laptops:
                laptop.close()
