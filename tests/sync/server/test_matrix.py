"""Role x endpoint x ownership, as one table, against the running server on both engines (T11; threats 29, 30).

Nothing is allowed by default: a route, a role or a kind of laptop without its row fails here.
"""

import http.client
import json
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest
from laptop import Laptop, signed
from starlette.routing import Route

from wellbeing_desktop.domain.definition import Compartment
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.operation import OperationKind
from wellbeing_desktop.storage.keys import StoreKey
from wellbeing_desktop.sync.protocol.comparing import DigestRequest
from wellbeing_desktop.sync.protocol.file_parts import BlobDoneRequest, WantedRequest
from wellbeing_desktop.sync.protocol.message import Bucket
from wellbeing_desktop.sync.protocol.oversight import (
    DecideRequest,
    EmergencyRequest,
    QuarantineRequest,
    RegisterRequest,
)
from wellbeing_desktop.sync.protocol.pulling import BucketRequest, PullRequest, SnapshotRequest
from wellbeing_desktop.sync.protocol.pushing import PushedOperation, PushRequest
from wellbeing_desktop.sync.protocol.restoring import CommonRequest, SalvageRequest
from wellbeing_desktop.sync.protocol.signing_in import LaptopReport, ReportRequest
from wellbeing_desktop.sync.protocol.transfer import content_digest, encode
from wellbeing_desktop.sync.protocol.waiting import WaitRequest
from wellbeing_desktop.sync.server import auth, history, members
from wellbeing_desktop.sync.server.app import make_app
from wellbeing_desktop.sync.server.engine import Engine
from wellbeing_desktop.sync.server.local import running_server
from wellbeing_desktop.sync.server.organisations import new_organisation
from wellbeing_desktop.sync.server.service import Service
from wellbeing_desktop.sync.server.settings import Settings
from wellbeing_desktop.sync.server.sqlite_engine import SqliteEngine

# What of a person's record each role is sent: card, core (O), documents, clinical (L), restricted. A capital is whole,
# a small letter part, a dash nothing. "own" is cared for by the caller or their team; "restricted" is somebody else's
# person whose whole record is restricted; "foreign" belongs to another organisation on the same database.
READS: dict[str, dict[str, str]] = {
    "coordinator": {"own": "CODL-", "other": "-----", "restricted": "-----", "foreign": "-----"},
    "lead": {"own": "CODL-", "other": "-----", "restricted": "-----", "foreign": "-----"},
    "front_desk": {"own": "C----", "other": "C----", "restricted": "-----", "foreign": "-----"},
    "office": {"own": "CoD--", "other": "CoD--", "restricted": "-----", "foreign": "-----"},
    "manager": {"own": "co---", "other": "co---", "restricted": "co---", "foreign": "-----"},
    "owner": {"own": "CODLR", "other": "CODLR", "restricted": "CODLR", "foreign": "-----"},
    "administrator": {"own": "-----", "other": "-----", "restricted": "-----", "foreign": "-----"},
}

# What each role may write: A is applied, q is quarantined as not granted.
WRITTEN = ("person", "appointment", "contact", "letter", "note", "restricted alert")
WRITES: dict[str, dict[str, str]] = {
    "coordinator": {"own": "AAAAAq", "other": "qqqqqq", "restricted": "qqqqqq"},
    "lead": {"own": "AAAAAq", "other": "qqqqqq", "restricted": "qqqqqq"},
    "front_desk": {"own": "AAAqqq", "other": "AAAqqq", "restricted": "qqqqqq"},
    "office": {"own": "AAqAqq", "other": "AAqAqq", "restricted": "qqqqqq"},
    "manager": {"own": "qqqqqq", "other": "qqqqqq", "restricted": "qqqqqq"},
    "owner": {"own": "AAAAAA", "other": "AAAAAA", "restricted": "AAAAAA"},
    "administrator": {"own": "qqqqqq", "other": "qqqqqq", "restricted": "qqqqqq"},
}

# What each role may write that is about no person: a setting, a grant to oneself, a team, one's own and a colleague's
# entry.
SHARED = ("setting", "grant", "team", "own practitioner", "colleague")
SHARED_WRITES: dict[str, str] = {
    "coordinator": "qqqAq",
    "lead": "qqqAA",
    "front_desk": "qqqAq",
    "office": "qqqAq",
    "manager": "qqqAq",
    "owner": "AAAAA",
    "administrator": "qqqqq",
}

# What a request is answered by who sends it: nobody, a token that is forged, a laptop that waits for approval, one
# whose person is leaving, a revoked one, an approved coordinator's. None: the route needs no session.
Answers = tuple[int, int, int, int, int, int] | None
CALLERS = ("nobody", "forged", "pending", "leaving", "revoked", "approved")
ROUTES: dict[str, Answers] = {
    "GET /v1/health": None,
    "GET /v1/health/live": None,
    "GET /v1/health/ready": None,
    "GET /v1/openapi.json": None,
    "GET /v1/metrics": None,  # with a token of its own, where the settings name one
    "POST /v1/pair": None,
    "POST /v1/nonce": None,
    "POST /v1/session": None,
    "POST /v1/rekey": None,
    "POST /v1/sealed": None,
    "POST /v1/push": (401, 401, 403, 200, 401, 200),
    "POST /v1/pull": (401, 401, 403, 403, 401, 200),
    "POST /v1/snapshot": (401, 401, 403, 403, 401, 200),
    "POST /v1/bucket": (401, 401, 403, 403, 401, 200),
    "POST /v1/digest": (401, 401, 403, 403, 401, 200),
    "POST /v1/quarantine": (401, 401, 403, 403, 401, 200),
    "POST /v1/decide": (401, 401, 403, 403, 401, 200),
    "POST /v1/emergency": (401, 401, 403, 403, 401, 404),
    "POST /v1/common": (401, 401, 403, 200, 401, 200),
    "POST /v1/salvage": (401, 401, 403, 403, 401, 200),
    "POST /v1/report": (401, 401, 403, 200, 401, 200),
    "POST /v1/register": (401, 401, 403, 403, 401, 403),
    "POST /v1/wait": (401, 401, 403, 200, 401, 200),
    "HEAD /v1/blob/{sha}": (401, 401, 403, 404, 401, 404),
    "GET /v1/blob/{sha}": (401, 401, 403, 404, 401, 404),
    "PUT /v1/blob/{sha}": (401, 401, 403, 404, 401, 404),
    "POST /v1/blob/{sha}/done": (401, 401, 403, 404, 401, 404),
    "POST /v1/wanted": (401, 401, 403, 200, 401, 200),
}

_LETTER = {
    Compartment.CARD: "C",
    Compartment.CORE: "O",
    Compartment.DOCUMENTS: "D",
    Compartment.CLINICAL: "L",
    Compartment.RESTRICTED: "R",
}


class Line:
    """A laptop's service over real HTTP: what `Laptop` calls, with the laptop's own token."""

    def __init__(self, url: str, token: str) -> None:
        parts = urlsplit(url)
        self._place = (parts.hostname or "", parts.port)
        self.token = token

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            digest = named.pop("content-digest", "")
            named |= signed(self.token, method, path, body, digest=digest, range=named.get("range", ""))
        with closing(http.client.HTTPConnection(*self._place, timeout=30)) as connection:  # the server ends idle ones
            connection.request(method, path, body=body, headers=named)
            reply = connection.getresponse()
            return reply.status, reply.read()

    def _good(self, route: str, request: Any) -> dict[str, Any]:
        status, data = self.ask("POST", f"/v1/{route}", encode(request))
        assert status == 200, (route, status, data[:200])
        found: dict[str, Any] = json.loads(data)
        return found

    def push(self, _dev: str, request: Any) -> dict[str, Any]:
        return self._good("push", request)

    def pull(self, _dev: str, request: Any) -> dict[str, Any]:
        return self._good("pull", request)

    def snapshot(self, _dev: str, request: Any) -> dict[str, Any]:
        return self._good("snapshot", request)

    def bucket(self, _dev: str, request: Any) -> dict[str, Any]:
        return self._good("bucket", request)

    def digest(self, _dev: str, request: Any) -> dict[str, Any]:
        return self._good("digest", request)


class Matrix:
    """Two organisations on one database behind two running servers; in the first, somebody of every role."""

    def __init__(self, engine: Engine, stack: ExitStack) -> None:
        self._stack = stack
        self.service, self.url = self._served(engine, "Test practice")
        self.foreign, self.foreign_url = self._served(engine, "Another practice")
        self.callers = {role: Laptop(self.service, role, role) for role in READS}
        self.colleague = Laptop(self.service, "Colleague", "coordinator")
        members.create_as_server(
            self.service,
            "team",
            "",
            {"name": "North", "lead_id": self.callers["lead"].user, "members": [self.callers["coordinator"].user]},
        )
        stranger = Laptop(self.foreign, "Stranger", "owner")
        self.ids: dict[str, set[str]] = {}
        self.people: dict[str, str] = {
            "own": self._person(self.callers["coordinator"], "own"),
            "other": self._person(self.colleague, "other"),
            "restricted": self._person(self.colleague, "restricted", restricted=True),
            "foreign": self._person(stranger, "foreign"),
        }
        for laptop in self.callers.values():
            laptop.line = self.line(laptop)

    def _served(self, engine: Engine, name: str) -> tuple[Service, str]:
        service = Service(engine, new_organisation(engine, name, history.server_now()))
        settings = Settings(folder=Path(), session_attempts_a_minute=10_000)
        return service, self._stack.enter_context(running_server(service, settings))

    def line(self, laptop: Laptop) -> Line:
        return Line(self.url, laptop.sign_in().token)

    def _person(self, laptop: Laptop, name: str, **body: object) -> str:
        """One record in every compartment, each with words that say which; the restricted one by the server's hand."""
        person = laptop.person(f"secret card {name}", **body)
        made = {person}
        made.add(laptop.create("address", person, {"line1": f"secret card {name}"}))
        made.add(laptop.create("referral", person, {"referrer_name": f"secret core {name}", "source": "gp"}))
        made.add(laptop.create("appointment", person, {"place": "home"}))
        made.add(laptop.create("letter", person, {"body": f"secret documents {name}"}))
        made.add(laptop.create("note", person, {"text": f"secret clinical {name}"}))
        assert {result.r for result in laptop.sync().results} == {"applied"}
        made.add(self._restricted(laptop, person, {"kind": "dog", "statement": f"secret restricted {name}"}))
        self.ids[name] = made
        return person

    @staticmethod
    def _restricted(laptop: Laptop, person: str, body: dict[str, str]) -> str:
        id = new_id()
        operation = PushedOperation(
            n=0, op_id=new_id(), txn=new_id(), id=id, type="alert", subject=person, compartment="restricted",
            kind=OperationKind.CREATE, author="", at="", patch=body,
        )  # fmt: skip
        members.write_as_server(laptop.service, [operation])
        return id

    def operations(self, laptop: Laptop, person: str) -> None:
        """One of each of WRITTEN, into the laptop's outbox."""
        laptop.operation("person", person, person, patch={"known_as": "Jo"}, was={"known_as": None})
        laptop.create("appointment", person, {"place": "home"})
        laptop.create("contact", person, {"medium": "telephone"})
        laptop.create("letter", person, {"body": "words"})
        laptop.create("note", person, {"text": "words"})
        laptop.create("alert", person, {"kind": "dog", "statement": "a dog"}, compartment="restricted")


@pytest.fixture(scope="module", params=["sqlcipher", pytest.param("postgresql", marks=pytest.mark.postgres)])
def matrix(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Matrix]:
    with ExitStack() as stack:
        if request.param == "postgresql":
            yield Matrix(request.getfixturevalue("postgres_engine"), stack)
        else:
            engine = SqliteEngine(tmp_path_factory.mktemp("matrix"), StoreKey.new(), create=True)
            stack.callback(engine.close)
            yield Matrix(engine, stack)


def letters(words: str, ownership: str, ids: dict[Compartment, set[str]]) -> str:
    """What of a person shows in what was sent: whole, part or nothing of each compartment."""
    found = ""
    for compartment, letter in _LETTER.items():
        if f"secret {compartment.value} {ownership}" in words:
            found += letter
        else:
            found += letter.lower() if any(id in words for id in ids[compartment]) else "-"
    return found


@pytest.fixture(scope="module")
def placed(matrix: Matrix) -> dict[str, dict[Compartment, set[str]]]:
    """The ids of each person's records by compartment."""
    found: dict[str, dict[Compartment, set[str]]] = {}
    for ownership, ids in matrix.ids.items():
        service = matrix.foreign if ownership == "foreign" else matrix.service
        rows = service.engine.read(
            lambda transaction, org=service.org, person=matrix.people[ownership]: transaction.all(
                "SELECT id, compartment FROM rec WHERE org = ? AND subject = ?", (org, person)
            )
        )
        found[ownership] = {compartment: set() for compartment in Compartment}
        for id, compartment in rows:
            if id in ids:
                found[ownership][Compartment(compartment)].add(id)
    return found


@pytest.mark.capability("Q1", "W1")
@pytest.mark.parametrize("role", READS)
def test_every_way_of_reading_gives_what_the_role_may_hold_and_no_more(
    matrix: Matrix, placed: dict[str, dict[Compartment, set[str]]], role: str
) -> None:
    laptop = matrix.callers[role]
    laptop.seq, laptop.tok, laptop.rows, laptop.history = 0, "", {}, []
    rows = str(laptop.pull())
    versions = str(laptop.history)
    laptop.rows = {}
    laptop.load()
    snapshot = str(laptop.rows)
    digest = str(laptop.server_digest(*range(256)).rows)
    for ownership, expected in READS[role].items():
        person, ids = matrix.people[ownership], placed[ownership]
        buckets = [Bucket(subject=person, compartment=compartment) for compartment in Compartment]
        whole_only = "".join(letter if letter.isupper() else "-" for letter in expected)
        told = {
            "pull": letters(rows, ownership, ids),
            "snapshot": letters(snapshot, ownership, ids),
            "bucket": letters(str([laptop.bucket(bucket).changes for bucket in buckets]), ownership, ids),
        }
        assert told == dict.fromkeys(told, expected), (role, ownership)
        history_told = {
            "pull": letters(versions, ownership, ids),
            "bucket": letters(str([laptop.bucket(bucket, "versions").versions for bucket in buckets]), ownership, ids),
        }
        assert history_told == dict.fromkeys(history_told, whole_only), (role, ownership)
        summed = letters(digest, ownership, ids)
        assert summed == expected.lower(), (role, ownership, "digest")


@pytest.mark.parametrize("role", WRITES)
def test_every_push_is_taken_as_far_as_the_role_may_write(matrix: Matrix, role: str) -> None:
    laptop = matrix.callers[role]
    for ownership, expected in WRITES[role].items():
        matrix.operations(laptop, matrix.people[ownership])
        results = laptop.push().results
        told = "".join("q" if result.why == "not_granted" else "A" for result in results)
        assert told == expected, (role, ownership, [(result.r, result.why) for result in results])
        assert {result.why for result in results} <= {"", "not_granted"}


@pytest.mark.parametrize("role", SHARED_WRITES)
def test_what_is_about_nobody_is_written_by_whom_the_table_says(matrix: Matrix, role: str) -> None:
    laptop = matrix.callers[role]
    laptop.create("setting", matrix.service.org, {"key": f"test.{role}", "value": "1"})
    laptop.create("grant", laptop.user, {"practitioner_id": laptop.user, "kind": "return", "subjects": ["x"]})
    laptop.create("team", "", {"name": f"Team of {role}"})
    for practitioner in (laptop.user, matrix.colleague.user):
        laptop.operation("practitioner", practitioner, practitioner, patch={"telephone": role}, was={"telephone": None})
    results = laptop.push().results
    told = "".join("q" if result.why == "not_granted" else "A" for result in results)
    assert told == SHARED_WRITES[role], [(result.r, result.why) for result in results]


def test_every_route_has_its_row(matrix: Matrix) -> None:
    app = make_app(matrix.service, Settings(folder=Path()))
    found = {
        f"{method} {route.path}"
        for route in app.routes
        if isinstance(route, Route)
        for method in route.methods or ()
        if not (method == "HEAD" and "HEAD" not in _named(route))
    }
    assert found == set(ROUTES)


def _named(route: Route) -> set[str]:
    """Starlette adds HEAD to every GET; only the file routes mean it."""
    return {"HEAD"} if "{sha}" in route.path else set()


@pytest.mark.parametrize("route", [route for route, answers in ROUTES.items() if answers is not None])
def test_every_route_answers_each_kind_of_caller_as_the_table_says(matrix: Matrix, route: str) -> None:
    method, path = route.split(" ")
    path = path.replace("{sha}", "0" * 64) + ("?part=0" if method == "PUT" else "")
    expected = dict(zip(CALLERS, ROUTES[route] or (), strict=True))
    for caller in CALLERS:
        laptop = Laptop(matrix.service, caller, "coordinator")
        line = matrix.line(laptop)
        if caller in auth.STATES and caller != "approved":
            members.set_laptop_state(matrix.service, laptop.dev, caller)
        if caller == "nobody":
            line.token = ""
        if caller == "forged":
            line.token = line.token[:-4] + "AAAA"
        body = _body(route, laptop)
        named = {"range": "bytes=0-9"} if method == "GET" else {"content_digest": content_digest(body)}
        status, _data = line.ask(method, path, body, **named)
        assert status == expected[caller], (route, caller)


def _body(route: str, laptop: Laptop) -> bytes:
    """The smallest sound request of a route."""
    dev, epoch = laptop.dev, laptop.epoch
    messages: dict[str, Any] = {
        "push": PushRequest(device=dev, epoch=epoch),
        "pull": PullRequest(device=dev, epoch=epoch),
        "snapshot": SnapshotRequest(device=dev, epoch=epoch),
        "bucket": BucketRequest(device=dev, epoch=epoch, buckets=(Bucket(subject=laptop.user, compartment="card"),)),
        "digest": DigestRequest(device=dev, epoch=epoch),
        "quarantine": QuarantineRequest(device=dev),
        "decide": DecideRequest(device=dev, decisions=()),
        "emergency": EmergencyRequest(
            device=dev, nhs_number="9434765919", reason="safety_now", words="He is not answering"
        ),
        "common": CommonRequest(device=dev, places=()),
        "salvage": SalvageRequest(device=dev, epoch=epoch, rows=()),
        "report": ReportRequest(device=dev, report=LaptopReport()),
        "register": RegisterRequest(device=dev),
        "wait": WaitRequest(device=dev),
        "done": BlobDoneRequest(device=dev, epoch=epoch),
        "wanted": WantedRequest(device=dev, epoch=epoch),
    }
    message = messages.get(route.rpartition("/")[2])
    return b"" if message is None else encode(message)


def test_one_organisations_laptop_is_nobody_at_anothers_server(matrix: Matrix) -> None:
    """Nothing of the foreign organisation's shows, and nothing is written there, with any role's token."""
    before = matrix.foreign.engine.read(
        lambda transaction: transaction.one("SELECT COUNT(*) FROM journal WHERE org = ?", (matrix.foreign.org,))
    )
    for role in READS:
        laptop = matrix.callers[role]
        line = Line(matrix.foreign_url, laptop.sign_in().token)
        for route, answers in ROUTES.items():
            if answers is None:
                continue
            method, path = route.split(" ")
            status, data = line.ask(method, path.replace("{sha}", "0" * 64), _body(route, laptop))
            assert status == 401, (role, route)
            assert not any(id.encode() in data for id in matrix.ids["foreign"])
    assert before == matrix.foreign.engine.read(
        lambda transaction: transaction.one("SELECT COUNT(*) FROM journal WHERE org = ?", (matrix.foreign.org,))
    )


def test_every_role_has_its_rows() -> None:
    assert set(READS) == set(WRITES) == set(SHARED_WRITES) == set(members.ROLES)
    for role, row in READS.items():
        assert set(row) == {"own", "other", "restricted", "foreign"}, role
        assert all(len(cell) == len(Compartment) for cell in row.values())
    assert all(len(cell) == len(WRITTEN) for row in WRITES.values() for cell in row.values())
    assert all(len(row) == len(SHARED) for row in SHARED_WRITES.values())
    assert msgspec.json.encode(sorted(auth.STATES)) == b'["approved","leaving","pending","revoked"]'
