"""Fault 10: a failover to a replica that missed commits. A test has no second cluster: the replica is played by rows of
an earlier moment under another mark, which is what PostgreSQL's new timeline is to the server."""

from pathlib import Path

import pytest

from tests.sync.client.practice import practice_on
from tests.sync.histories.world import dump, put_back
from tests.sync.scenarios.people import all_synced, laptops_of, person_shared_by, same_everywhere
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.storage.keys import StoreKey
from wellbeing_desktop.sync.server import history
from wellbeing_desktop.sync.server.engine import Engine
from wellbeing_desktop.sync.server.postgres_engine import PostgresEngine
from wellbeing_desktop.sync.server.sqlite_engine import SqliteEngine


@pytest.mark.fault(10)
@pytest.mark.parametrize("on", ["file", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_a_failover_that_missed_commits_is_noticed_at_start_and_loses_nothing(
    on: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine: Engine
    if on == "postgres":
        engine = PostgresEngine(request.getfixturevalue("postgres_address"), create=True)
    else:
        engine = SqliteEngine(tmp_path, StoreKey(bytes(range(32))), create=True)
    with practice_on(engine, tmp_path) as practice:
        org = practice.service.org
        assert history.check_mark_at_start(engine, org)
        ann, bob = laptops_of(practice, "Ann", "Bob")
        person_id = person_shared_by(ann, bob)
        replica = dump(engine, org)
        ann.change(Person, person_id, known_as="Missed by the replica")
        later = bob.create(Person(family_name="Missed too"))
        all_synced(ann, bob)
        put_back(engine, org, replica)
        monkeypatch.setattr(type(engine), "history_mark", lambda self: "another timeline")
        epoch = practice.service.health()["epoch"]
        assert not history.check_mark_at_start(engine, org)
        assert practice.service.health()["epoch"] != epoch
        all_synced(ann, bob)
        for laptop in (ann, bob):
            assert laptop.load(Person, person_id).known_as == "Missed by the replica"
            assert laptop.load(Person, later) is not None
        same_everywhere(ann, bob)
    engine.close()
