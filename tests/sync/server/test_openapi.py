"""The description of the protocol is true: every route is in it, and what really travels fits it."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
from laptop import Laptop
from starlette.routing import Route
from test_app import Line

from wellbeing_desktop.sync.protocol.comparing import DigestRequest
from wellbeing_desktop.sync.protocol.message import CONTENT_TYPE, Bucket
from wellbeing_desktop.sync.protocol.pulling import BucketRequest, PullRequest, SnapshotRequest
from wellbeing_desktop.sync.protocol.pushing import PushRequest
from wellbeing_desktop.sync.protocol.signing_in import NonceRequest, PairRequest, SessionRequest, session_message
from wellbeing_desktop.sync.protocol.transfer import encode
from wellbeing_desktop.sync.protocol.waiting import WaitRequest
from wellbeing_desktop.sync.server.app import make_app
from wellbeing_desktop.sync.server.local import running_server
from wellbeing_desktop.sync.server.openapi import describe, text
from wellbeing_desktop.sync.server.service import Service
from wellbeing_desktop.sync.server.settings import Settings

ROOT = Path(__file__).parents[3]


def test_every_route_is_described_and_nothing_else(service: Service) -> None:
    served = {
        (method, route.path)
        for route in make_app(service, Settings(folder=Path())).routes
        if isinstance(route, Route)
        for method in route.methods or ()
        if method != "HEAD" or route.path.startswith("/v1/blob/")
    }
    described = {(method.upper(), path) for path, methods in describe()["paths"].items() for method in methods}
    assert described == served


def test_the_page_in_docs_is_the_one_that_is_served(service: Service) -> None:
    assert (ROOT / "docs" / "openapi.json").read_text("utf-8") == text(), "run: make docs"
    with running_server(service) as url:
        line = Line(url)
        status, kind, data = line.ask("GET", "/v1/openapi.json")
        assert (status, kind, data.decode()) == (200, "application/json", text())
        line.connection.close()


class Checked(Line):
    """A line that holds everything that travels against the description."""

    described = describe()

    def say(self, path: str, message: Any, method: str = "POST") -> dict[str, Any]:
        operation = self.described["paths"][path][method.lower()]
        body = encode(message) if message is not None else b""
        if body:
            self._fits(json.loads(body), operation["requestBody"]["content"][CONTENT_TYPE]["schema"])
        status, kind, data = self.ask(method, path, body)
        found: dict[str, Any] = json.loads(data)
        self._fits(found, operation["responses"][str(status)]["content"][kind]["schema"])
        return found

    def _fits(self, value: Any, schema: dict[str, Any]) -> None:
        whole = schema | {"components": self.described["components"]}
        jsonschema.Draft202012Validator(whole).validate(value)


def test_real_traffic_fits_the_description(service: Service) -> None:
    anna = Laptop(service, "Anna")
    person = anna.person("Ellis", given_name="Jo")
    anna.create("note", person, {"text": "Words"})
    with running_server(service) as url:
        line = Checked(url)
        line.say("/v1/health", None, "GET")
        assert line.say("/v1/push", PushRequest(device=anna.dev, epoch=anna.epoch))["status"] == 401
        line.token = anna.sign_in().token
        ops = tuple(msgspec.Raw(encode(operation)) for operation in anna.outbox)
        pushed = line.say("/v1/push", PushRequest(device=anna.dev, epoch=anna.epoch, ops=ops))
        assert len(pushed["results"]) == 2
        pulled = line.say("/v1/pull", PullRequest(device=anna.dev, epoch=anna.epoch))
        assert {row["type"] for row in pulled["changes"]} >= {"person", "note"}
        line.say("/v1/snapshot", SnapshotRequest(device=anna.dev, epoch=anna.epoch))
        bucket = Bucket(subject=person, compartment="clinical")
        line.say("/v1/bucket", BucketRequest(device=anna.dev, epoch=anna.epoch, buckets=(bucket,)))
        line.say("/v1/digest", DigestRequest(device=anna.dev, epoch=anna.epoch, slots=(1,)))
        line.say("/v1/wait", WaitRequest(device=anna.dev, seq=0))
        assert line.say("/v1/pull", PullRequest(device=anna.dev, epoch="another"))["status"] == 409
        nonce = line.say("/v1/nonce", NonceRequest(device=anna.dev))["nonce"]
        signature = anna.key.sign(session_message(anna.dev, nonce)).hex()
        line.say("/v1/session", SessionRequest(device=anna.dev, nonce=nonce, signature=signature))
        assert line.say("/v1/pair", PairRequest(code="0", public_key="0"))["status"] == 400
        line.connection.close()


def test_a_message_that_does_not_fit_is_found_by_this_test() -> None:
    line = Checked("http://127.0.0.1:1")
    with pytest.raises(jsonschema.ValidationError):
        line._fits({"device": 7}, {"$ref": "#/components/schemas/NonceRequest"})
