"""A few histories with each `make test`; thousands with `make soak`."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.sync.histories.machine import Histories
from tests.sync.histories.world import Scene, scene_on
from wellbeing_desktop.sync.server.engine import Engine

HISTORIES = 6


@pytest.fixture(params=["file", pytest.param("postgres", marks=pytest.mark.postgres)])
def scene(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Scene]:
    engine: Engine = request.getfixturevalue(f"{request.param}_engine")
    with scene_on(engine, tmp_path) as made:
        yield made


@pytest.mark.slow
def test_random_histories_converge_lose_nothing_and_show_nobody_what_is_not_theirs(scene: Scene) -> None:
    machine = type("HistoriesHere", (Histories,), {"scene": scene})
    small = settings(
        max_examples=HISTORIES,
        stateful_step_count=25,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=small)
