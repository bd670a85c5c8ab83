"""The protocol as an OpenAPI 3.1 description, made from the messages of `protocol/`; served at /v1/openapi.json.

`python -m wellbeing_desktop.sync.server.openapi` prints it for docs/openapi.json. A test holds that every route is here
and that real traffic fits.
"""

import sys
from typing import Any, Final

import msgspec

from wellbeing_desktop.sync import signing
from wellbeing_desktop.sync.protocol.comparing import DigestReply, DigestRequest
from wellbeing_desktop.sync.protocol.file_parts import (
    BYTES_TYPE,
    BlobDoneReply,
    BlobDoneRequest,
    WantedReply,
    WantedRequest,
)
from wellbeing_desktop.sync.protocol.message import CONTENT_TYPE, PROBLEM_TYPE, PROTOCOL, Health, Problem
from wellbeing_desktop.sync.protocol.oversight import (
    DecideReply,
    DecideRequest,
    EmergencyReply,
    EmergencyRequest,
    QuarantineReply,
    QuarantineRequest,
    RegisterReply,
    RegisterRequest,
)
from wellbeing_desktop.sync.protocol.pulling import (
    BucketReply,
    BucketRequest,
    PullReply,
    PullRequest,
    SnapshotReply,
    SnapshotRequest,
)
from wellbeing_desktop.sync.protocol.pushing import PushedOperation, PushReply, PushRequest
from wellbeing_desktop.sync.protocol.restoring import CommonReply, CommonRequest, SalvageReply, SalvageRequest
from wellbeing_desktop.sync.protocol.signing_in import (
    NonceReply,
    NonceRequest,
    PairReply,
    PairRequest,
    RekeyReply,
    RekeyRequest,
    ReportReply,
    ReportRequest,
    SealedReply,
    SealedRequest,
    SessionReply,
    SessionRequest,
)
from wellbeing_desktop.sync.protocol.waiting import WaitReply, WaitRequest
from wellbeing_desktop.sync.server import problems

_REF: Final = "#/components/schemas/{name}"


class Described(msgspec.Struct, frozen=True):
    """One route. `reply` None: the answer is bytes, or text, as `returns` says; `signed_in` is False before a session."""

    method: str
    path: str
    summary: str
    request: Any = None
    reply: Any = None
    signed_in: bool = True
    returns: str = CONTENT_TYPE


ROUTES: Final = (
    Described("GET", "/v1/health", "Who is serving, and the server's clock.", None, Health, signed_in=False),
    Described("GET", "/v1/health/live", "Is the process alive?", signed_in=False, returns="text/plain"),
    Described("GET", "/v1/health/ready", "Can it serve? 503 if not.", signed_in=False, returns="text/plain"),
    Described("GET", "/v1/metrics", "Figures for a monitor, to loopback or by token.", returns="text/plain"),
    Described("GET", "/v1/openapi.json", "This description.", signed_in=False, returns="application/json"),
    Described("POST", "/v1/pair", "A code becomes a laptop.", PairRequest, PairReply, False),
    Described("POST", "/v1/nonce", "A number to sign.", NonceRequest, NonceReply, False),
    Described("POST", "/v1/session", "Begin a session.", SessionRequest, SessionReply, False),
    Described("POST", "/v1/rekey", "A copied laptop's own key.", RekeyRequest, RekeyReply, False),
    Described("POST", "/v1/sealed", "A revoked laptop is sealed.", SealedRequest, SealedReply, False),
    Described("POST", "/v1/push", "Send operations; never fails for one's content.", PushRequest, PushReply),
    Described("POST", "/v1/pull", "Receive what changed.", PullRequest, PullReply),
    Described("POST", "/v1/snapshot", "First load.", SnapshotRequest, SnapshotReply),
    Described("POST", "/v1/bucket", "One bucket whole.", BucketRequest, BucketReply),
    Described("POST", "/v1/digest", "Do both sides hold the same?", DigestRequest, DigestReply),
    Described("POST", "/v1/quarantine", "What could not be applied.", QuarantineRequest, QuarantineReply),
    Described("POST", "/v1/decide", "What becomes of it.", DecideRequest, DecideReply),
    Described("POST", "/v1/emergency", "Emergency access.", EmergencyRequest, EmergencyReply),
    Described("POST", "/v1/common", "After a restore: what is common.", CommonRequest, CommonReply),
    Described("POST", "/v1/salvage", "After a restore: lost rows.", SalvageRequest, SalvageReply),
    Described("POST", "/v1/report", "What a laptop says of itself.", ReportRequest, ReportReply),
    Described("POST", "/v1/register", "Laptops and their standing.", RegisterRequest, RegisterReply),
    Described("POST", "/v1/wait", "Waits until something changes. A hint.", WaitRequest, WaitReply),
    Described("HEAD", "/v1/blob/{sha}", "Which parts of a file are here.", returns=BYTES_TYPE),
    Described("GET", "/v1/blob/{sha}", "Bytes of a file, by Range.", returns=BYTES_TYPE),
    Described("PUT", "/v1/blob/{sha}", "A part of a file.", returns=BYTES_TYPE),
    Described("POST", "/v1/blob/{sha}/done", "Every part was sent.", BlobDoneRequest, BlobDoneReply),
    Described("POST", "/v1/wanted", "Files that the server lacks.", WantedRequest, WantedReply),
)


def describe() -> dict[str, Any]:
    """The whole description, as plain data."""
    messages = [kind for route in ROUTES for kind in (route.request, route.reply) if kind is not None]
    # an operation is read apart from the push that carries it, so that one bad one never fails the rest
    every = [*messages, PushedOperation, Problem]
    _roots, components = msgspec.json.schema_components(every, ref_template=_REF)
    components["PushRequest"]["properties"]["ops"]["items"] = {"$ref": _REF.format(name="PushedOperation")}
    paths: dict[str, Any] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Wellbeing server",
            "version": PROTOCOL,
            "description": "Sync between laptops. sync/README.md says what the messages mean and what always holds.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "session": {"type": "http", "scheme": "bearer"},
                "signature": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "Signature",
                    "description": " ".join(signing.__doc__.split()) if signing.__doc__ else "",
                },
            },
        },
    }


def _operation(route: Described) -> dict[str, Any]:
    found: dict[str, Any] = {
        "summary": route.summary,
        "operationId": f"{route.method.lower()}_{route.path.removeprefix('/v1/').replace('/', '_').strip('{}')}",
        "security": [{"session": [], "signature": []}] if route.signed_in else [],
        "responses": {"200": _content(route.returns, route.reply)}
        | {
            str(status): {"description": " ".join(words), "content": _of(PROBLEM_TYPE, Problem)}
            for status, words in _refusals().items()
        },
    }
    if route.request is not None:
        found["requestBody"] = {"required": True, "content": _of(CONTENT_TYPE, route.request)}
    if "{sha}" in route.path:
        found["parameters"] = [
            {"name": "sha", "in": "path", "required": True, "schema": {"type": "string", "pattern": "^[0-9a-f]{64}$"}}
        ]
    if route.method == "GET" and "{sha}" in route.path:
        found["responses"]["206"] = found["responses"].pop("200")
    return found


def _content(media: str, reply: Any) -> dict[str, Any]:
    if reply is None:
        return {"description": "Done.", "content": {media: {}}}
    return {"description": "Done.", "content": _of(media, reply)}


def _of(media: str, kind: Any) -> dict[str, Any]:
    return {media: {"schema": {"$ref": _REF.format(name=kind.__name__)}}}


def _refusals() -> dict[int, list[str]]:
    """Every status with the stable words that its `type` may end in."""
    found: dict[int, list[str]] = {}
    for kind in _kinds(problems.SyncRefusal):
        words = found.setdefault(kind.status, [])
        if kind.word not in words:
            words.append(kind.word)
    return {status: sorted(words) for status, words in sorted(found.items())}


def _kinds(kind: type[problems.SyncRefusal]) -> list[type[problems.SyncRefusal]]:
    return [kind, *(below for child in kind.__subclasses__() for below in _kinds(child))]


def text() -> str:
    return msgspec.json.format(msgspec.json.encode(describe(), order="deterministic")).decode() + "\n"


if __name__ == "__main__":
    sys.stdout.write(text())
