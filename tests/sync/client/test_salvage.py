"""A restored server gets back what only another laptop still holds, through a person's decision (SYNC 3.7, fault 8)."""

import datetime as dt
import shutil
from pathlib import Path

import pytest

from tests.sync.client.practice import practice_on
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.storage.keys import StoreKey
from wellbeing_desktop.sync.client.desk import decide, fetch_quarantine
from wellbeing_desktop.sync.protocol.oversight import Decision
from wellbeing_desktop.sync.server import salvage, sql, upkeep
from wellbeing_desktop.sync.server.service import Service
from wellbeing_desktop.sync.server.sqlite_engine import SqliteEngine


@pytest.mark.fault(8)
@pytest.mark.parametrize("author_returns", [True, False])
def test_what_a_restored_server_lacks_comes_back_from_another_laptop_if_its_author_does_not(
    tmp_path: Path, author_returns: bool
) -> None:
    folder, key = tmp_path / "server", StoreKey(bytes(range(32)))
    folder.mkdir()
    engine = SqliteEngine(folder, key, create=True)
    with practice_on(engine, tmp_path) as practice:
        ann, bob = practice.laptop(practice.member("Ann")), practice.laptop(practice.member("Bob"))
        ann.synced()
        kept = ann.create(Person(family_name="Hughes", known_as="Bron"))
        ann.synced()
        bob.synced()
        engine.close()
        shutil.copytree(folder, tmp_path / "backup")
        practice.engine = engine = SqliteEngine(folder, key)
        practice.service = Service(engine, practice.service.org)
        ann.change(Person, kept, known_as="Bronwen")
        later = ann.create(Person(family_name="Later"))
        ann.synced()
        bob.synced()
        engine.close()
        shutil.rmtree(folder)
        shutil.copytree(tmp_path / "backup", folder)
        practice.engine = engine = SqliteEngine(folder, key)
        practice.service = Service(engine, practice.service.org)
        engine.write(lambda transaction: sql.set_epoch(transaction, practice.service.org, "0" * 32))
        before = len(practice.wire)
        bob.synced()
        sent = b"".join(practice.wire[before:])
        assert b"Later" in sent
        assert bob.ask("SELECT count(*) FROM salvage") == [(0,)]
        if author_returns:
            ann.synced()
        then = dt.datetime.now(dt.UTC) + dt.timedelta(days=salvage.WAIT_DAYS, minutes=1)
        done = upkeep.upkeep(Service(engine, practice.service.org, clock=lambda: then))
        assert done.salvaged == (0 if author_returns else 2)
        items = fetch_quarantine(bob.store, bob.transport).items
        assert len(items) == done.salvaged
        for item in items:
            assert item.why == "salvaged"
            mark = Decision(device=item.device, n=item.n, what="apply")
            assert decide(bob.store, bob.transport, [mark])[0].state == "applied"
        bob.synced()
        assert bob.load(Person, later).family_name == "Later"
        assert bob.load(Person, kept).known_as == "Bronwen"
        bob.synced(verify=True)
        for laptop in (ann, bob):
            laptop.store.close()
    engine.close()
