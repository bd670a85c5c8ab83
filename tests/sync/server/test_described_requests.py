"""Requests made from the server's own description by schemathesis: none makes a fault (issue of a health service's
trust; SECURITY T7b). A 503 that says when to come again is an answer, not a fault."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from laptop import Laptop, signed

from wellbeing_desktop.sync.server.local import running_server
from wellbeing_desktop.sync.server.openapi import describe
from wellbeing_desktop.sync.server.service import Service
from wellbeing_desktop.sync.server.settings import Settings

MANY = 1_000_000_000
_NOT_BY_MACHINE = frozenset({"/v1/wait"})
"""A long poll answers after a minute; its own tests ask it."""


def _open_settings() -> Settings:
    return Settings(
        folder=Path(),
        pair_attempts_a_minute=MANY,
        session_attempts_a_minute=MANY,
        laptop_requests_a_minute=MANY,
        stranger_requests_a_minute=MANY,
    )


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("each", [2, pytest.param(240, marks=pytest.mark.soak)])
def test_no_request_that_fits_the_description_or_nearly_fits_it_makes_a_fault(service: Service, each: int) -> None:
    import schemathesis
    from schemathesis import GenerationMode

    laptop = Laptop(service, "Ann", "owner")
    laptop.person()
    laptop.push()
    statuses: Counter[tuple[str, int]] = Counter()
    with running_server(service, _open_settings()) as url:
        schema = schemathesis.openapi.from_dict(describe())
        schema.config.base_url = url
        token = laptop.sign_in().token
        for found in schema.get_all_operations():
            operation = found.ok()
            if operation.path in _NOT_BY_MACHINE:
                continue
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                if mode is GenerationMode.NEGATIVE and not list(operation.iter_parameters()) and not operation.body:
                    continue  # nothing of it can be bent
                own = {"device": laptop.dev, "epoch": laptop.epoch}
                _ask(operation.as_strategy(generation_mode=mode), each, statuses, token, own)
            token = laptop.sign_in().token
    asked = sum(statuses.values())
    told: Counter[int] = Counter()
    for (_path, status), count in statuses.items():
        told[status] += count
    print(f"{asked:,} requests: {dict(told)}")
    faults = {key: count for key, count in statuses.items() if key[1] >= 500}
    assert not faults
    assert asked > each * 20


def _ask(
    cases: st.SearchStrategy[Any],
    each: int,
    statuses: Counter[tuple[str, int]],
    token: str,
    own: dict[str, str],
) -> None:
    """Every case from the laptop that is signed in: another's name is refused before anything is read."""

    def sign(request: Any) -> Any:
        body = request.body or b""
        body = body if isinstance(body, bytes) else str(body).encode()
        given = request.headers.get("Content-Digest", ""), request.headers.get("Range", "")
        own = signed(token, request.method, request.path_url, body, digest=given[0], range=given[1])
        request.headers.update(own)
        return request

    @seed(20261128)
    @settings(
        max_examples=each,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def one(case: Any) -> None:
        if isinstance(case.body, dict):
            case.body |= {name: value for name, value in own.items() if name in case.body}
        reply = case.call(auth=sign, timeout=30)
        told = reply.status_code
        if told == 503 and reply.headers.get("retry-after"):
            told = 429  # told to wait
        statuses[case.operation.path, told] += 1

    one()
