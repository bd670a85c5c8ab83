"""Messages bent out of shape, by the thousand: the server answers each with a problem or a quarantine, never with a
fault, and acknowledges nothing that it has not kept (SECURITY T7b; faults 3, 22 and 29)."""

import json
import random
import resource
from pathlib import Path
from typing import Any

import pytest
from laptop import Laptop
from line import NOT_READ, Line

from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.sync.protocol.message import CONTENT_TYPE, PROBLEM_TYPE
from wellbeing_desktop.sync.protocol.signing_in import NonceRequest, PairRequest, SessionRequest
from wellbeing_desktop.sync.protocol.transfer import encode
from wellbeing_desktop.sync.server.local import running_server
from wellbeing_desktop.sync.server.requests import SMALL_BYTES
from wellbeing_desktop.sync.server.service import Service
from wellbeing_desktop.sync.server.settings import Settings

MANY = 1_000_000_000
ODD: tuple[Any, ...] = (
    None, True, "", -1, 0, 2**31, 2**63, -(2**63), 10**400, 0.5, 1e308, [], {}, [[]], "\x00", "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
    "\u202e", "a" * 70_000, {"add": ["x"], "remove": ["x"]}, "../../etc/passwd", "'; DROP TABLE rec; --", [None] * 500,
)  # fmt: skip
KEPT = frozenset({"applied", "merged", "conflict", "held", "quarantined", "duplicate"})


def valid_messages(laptop: Laptop) -> dict[str, bytes]:
    """One good message for each endpoint, the push with an operation of every kind."""
    person = laptop.person()
    note = laptop.create("note", person, {"text": "Words", "written_on": "2026-11-20"})
    operations = [msgspec_raw(operation) for operation in laptop.outbox]
    laptop.outbox = []
    common = {"device": laptop.dev, "epoch": laptop.epoch}
    bucket = {"subject": person, "compartment": "clinical"}
    return {
        "push": json.dumps({**common, "schema": 1, "ops": operations}).encode(),
        "pull": json.dumps({**common, "seq": 0, "tok": "", "limit": 50}).encode(),
        "snapshot": json.dumps({**common, "after_id": "", "limit": 50}).encode(),
        "bucket": json.dumps({**common, "bucket": bucket, "what": "rows", "after": note}).encode(),
        "digest": json.dumps({**common, "seq": 1, "slots": [1, 2, 3]}).encode(),
        "pair": encode(PairRequest(code="ABCD-EFGH-JKLM-NPQR", public_key="00" * 32)),
        "nonce": encode(NonceRequest(device=laptop.dev)),
        "session": encode(SessionRequest(device=laptop.dev, nonce="00" * 16, signature="00" * 64)),
    }


def msgspec_raw(operation: Any) -> dict[str, Any]:
    return dict(json.loads(encode(operation)))


def next_push(message: bytes, last_n: int) -> bytes:
    """The push with new operations under the next numbers, so that it is judged and not told to be a fork."""
    content = json.loads(message)
    for at, operation in enumerate(content["ops"]):
        operation.update(n=last_n + 1 + at, op_id=new_id())
    return json.dumps(content).encode()


def bent_inside(message: bytes, by: random.Random) -> bytes:
    """A push of which one value of one operation is wrong: it is read to its end."""
    content = json.loads(message)
    places: list[tuple[Any, Any]] = []
    _walk(by.choice(content["ops"]), places)
    holder, key = by.choice([place for place in places if place[1] != "n"])
    holder[key] = by.choice(ODD)
    return json.dumps(content).encode()


def bent(message: bytes, by: random.Random) -> bytes:
    """The message with one to three things wrong with it, in its bytes or in its values."""
    for _ in range(by.randint(1, 3)):
        message = by.choice((_flipped, _cut, _doubled, _stuffed, _replaced, _replaced, _replaced, _nested))(message, by)
    return message


def _flipped(message: bytes, by: random.Random) -> bytes:
    if not message:
        return message
    at = by.randrange(len(message))
    return message[:at] + bytes([message[at] ^ (1 << by.randrange(8))]) + message[at + 1 :]


def _cut(message: bytes, by: random.Random) -> bytes:
    at, to = sorted((by.randint(0, len(message)), by.randint(0, len(message))))
    return message[:at] + message[to:]


def _doubled(message: bytes, by: random.Random) -> bytes:
    at, to = sorted((by.randint(0, len(message)), by.randint(0, len(message))))
    return message[:to] + message[at:to] * by.randint(1, 4) + message[to:]


def _stuffed(message: bytes, by: random.Random) -> bytes:
    at = by.randint(0, len(message))
    return message[:at] + by.randbytes(by.randint(1, 40)) + message[at:]


def _nested(message: bytes, by: random.Random) -> bytes:
    deep = by.choice((5, 60, 1200, 100_000))
    return b"[" * deep + message + b"]" * deep if by.random() < 0.5 else message[:-1] + b',"x":' + b'{"a":' * deep


def _replaced(message: bytes, by: random.Random) -> bytes:
    try:
        content = json.loads(message)
    except (ValueError, RecursionError):
        return _flipped(message, by)
    places: list[tuple[Any, Any]] = []
    _walk(content, places)
    if not places:
        return _stuffed(message, by)
    holder, key = by.choice(places)
    if isinstance(holder, dict) and by.random() < 0.2:
        del holder[key]
    elif isinstance(holder, dict) and by.random() < 0.2:
        holder[by.choice(("n", "op_id", "txn", "extra", "kind", "\u0000"))] = by.choice(ODD)
    elif key in ("op_id", "id") and by.random() < 0.5:
        holder[key] = new_id()
    else:
        holder[key] = by.choice(ODD)
    return json.dumps(content).encode()


def _walk(value: Any, places: list[tuple[Any, Any]]) -> None:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in list(pairs):
        places.append((value, key))
        _walk(inner, places)


def memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@pytest.mark.slow
@pytest.mark.parametrize("count", [600, pytest.param(50_000, marks=pytest.mark.soak)])
def test_no_bent_message_makes_a_fault_or_a_false_acknowledgement(service: Service, count: int) -> None:
    seed = 20261128 if count == 600 else random.SystemRandom().randrange(2**32)
    print(f"seed {seed}, {count:,} messages")
    by = random.Random(seed)
    laptop = Laptop(service, "Ann", "owner")
    laptop.push()
    messages = valid_messages(laptop)
    settings = Settings(
        folder=Path(),
        pair_attempts_a_minute=MANY,
        session_attempts_a_minute=MANY,
        laptop_requests_a_minute=MANY,
        stranger_requests_a_minute=MANY,
    )
    statuses: dict[tuple[int, str], int] = {}
    acknowledged: set[tuple[str, int]] = set()
    last_n = 2
    with running_server(service, settings) as url:
        line = Line(url)
        line.token = laptop.sign_in().token
        for at in range(count):
            if at % 2_000 == 1_999:
                line.token = laptop.sign_in().token
            if at == 200:
                before = memory_mb()
            route = by.choice((*messages, *["push"] * 8))
            message = messages[route]
            if route == "push":
                message = next_push(message, last_n)
            message = bent_inside(message, by) if route == "push" and by.random() < 0.7 else bent(message, by)
            encoding = {"content_encoding": by.choice(("zstd", "gzip", "br"))} if by.random() < 0.03 else {}
            status, kind, reply = line.ask("POST", f"/v1/{route}", message, **encoding)
            if status == NOT_READ:
                assert len(message) > SMALL_BYTES, f"seed {seed}, message {at} to {route}: not read"
                continue
            word = "" if status == 200 else json.loads(reply)["type"].rpartition(":")[2]
            statuses[status, word] = statuses.get((status, word), 0) + 1
            if word in ("forked", "epoch"):  # this laptop's numbers or its history are spoilt: another takes its place
                laptop = Laptop(service, "Bob", "owner")
                messages, last_n = valid_messages(laptop), 0
                line.token = laptop.sign_in().token
            assert status < 500 or line.retry_after, f"seed {seed}, message {at} to {route}: {status} {message[:300]!r}"
            assert kind in (CONTENT_TYPE, PROBLEM_TYPE), f"seed {seed}, message {at}: {kind}"
            if route == "push" and status == 200:
                answer = json.loads(reply)
                last_n, results = answer["last_n"], answer.get("results", [])
                assert {result["r"] for result in results} <= KEPT
                acknowledged |= {(laptop.dev, result["n"]) for result in results}
        line.connection.close()
    kept = service.engine.read(
        lambda transaction: transaction.all("SELECT dev, n FROM journal WHERE org = ?", (service.org,))
    )
    assert acknowledged <= {(row[0], int(row[1])) for row in kept}, f"seed {seed}: acknowledged and not kept"
    assert statuses.get((200, ""), 0) > count / 5, "hardly any message got as far as being read"
    assert memory_mb() - before < 300
    print(f"{count:,} messages: {statuses}")
