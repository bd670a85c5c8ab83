"""Faults of the server: 6 (it stalls), 7 (it is killed), 28 (its disk is full)."""

import os
import random
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.killable import Killable
from tests.sync.client.practice import Laptop, practice_on
from tests.sync.faults.serving_child import serve
from tests.sync.scenarios.people import laptops_of, same_everywhere
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.storage.keys import StoreKey
from wellbeing_desktop.sync.client import push
from wellbeing_desktop.sync.client.address import server_address
from wellbeing_desktop.sync.client.transport import HttpTransport
from wellbeing_desktop.sync.server import postgres_engine as postgres
from wellbeing_desktop.sync.server import sql
from wellbeing_desktop.sync.server.engine import Engine, EngineBusy
from wellbeing_desktop.sync.server.postgres_engine import PostgresEngine
from wellbeing_desktop.sync.server.service import Service
from wellbeing_desktop.sync.server.sqlite_engine import SqliteEngine

KEY = StoreKey(bytes(range(32)))
ENGINES = ["file", pytest.param("postgres", marks=pytest.mark.postgres)]
PATIENCE = 60.0


# 7: killed ----------------------------------------------------------------------------------------------------------


def serving(folder: Path, org: str, database: str) -> tuple[Killable, str]:
    process = Killable(serve, os.fspath(folder), KEY.material().hex(), org, database)
    url = process.heard()
    assert url is not None
    return process, url


@pytest.mark.fault(7)
@pytest.mark.slow
@pytest.mark.parametrize("on", ENGINES)
def test_a_server_killed_in_the_middle_of_pushes_keeps_all_or_nothing_of_each(
    on: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(push, "MAX_PUSH_OPERATIONS", 5)
    chance = random.Random(20261121)
    (tmp_path / "server").mkdir()
    database = request.getfixturevalue("postgres_address") if on == "postgres" else ""
    engine: Engine = (
        PostgresEngine(database, create=True) if database else SqliteEngine(tmp_path / "server", KEY, create=True)
    )
    with practice_on(engine, tmp_path) as practice:
        [ann] = laptops_of(practice, "Ann")
        org = practice.service.org
        engine.close()
        names = set()
        for round in range(6):
            for number in range(25):
                names.add(f"Round {round} number {number}")
                ann.create(Person(family_name=f"Round {round} number {number}"))
            process, url = serving(tmp_path / "server", org, database)
            ann.transport.close()
            ann.transport = HttpTransport(server_address(url))
            killer = threading.Timer(chance.uniform(0.02, 0.4), process.kill)
            killer.start()
            ann.sync()
            killer.join()
            process.ended()
        engine = PostgresEngine(database) if database else SqliteEngine(tmp_path / "server", KEY)
        practice.engine, practice.service = engine, Service(engine, org)
        ann.transport.close()
        ann.transport = practice.transport()
        [bob] = laptops_of(practice, "Bob")
        ann.synced()
        bob.synced()
        assert sorted(person.family_name for person in bob.all(Person)) == sorted(names)
        assert bob.ask("SELECT max(rev) FROM record WHERE type = 'person'") == [(1,)]
        same_everywhere(ann, bob)
    engine.close()


# 28: full -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "disk"
    place.mkdir()
    size = "size=48m"
    if subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", place], capture_output=True).returncode:
        pytest.skip("FULL SERVER DISK NOT TESTED: a small disk can only be mounted by root")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


@pytest.fixture
def postgres_on_a_small_disk(postgres_address: str, small_disk: Path, tmp_path: Path) -> Iterator[str]:
    """A database whose tables live on the small disk; the cluster's own files are elsewhere."""
    with psycopg.connect(postgres_address, autocommit=True) as connection:
        [data] = connection.execute("SHOW data_directory").fetchone() or ("",)
        owner = Path(data).stat()
        (small_disk / "tables").mkdir(mode=0o700)
        os.chown(small_disk / "tables", owner.st_uid, owner.st_gid)
        for parent in (small_disk, *small_disk.parents):
            if os.access(parent, os.W_OK) and any(part.startswith("pytest-of-") for part in parent.parts):
                parent.chmod(parent.stat().st_mode | 0o011)
        connection.execute(f"CREATE TABLESPACE small LOCATION '{small_disk / 'tables'}'")
        connection.execute("CREATE DATABASE small TABLESPACE small")
        try:
            yield postgres_address.replace("/postgres?", "/small?")
        finally:
            connection.execute("DROP DATABASE small")
            connection.execute("DROP TABLESPACE small")


def filled(disk: Path) -> Path:
    path = disk / "filling"
    with path.open("ab", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue
    return path


@pytest.mark.fault(28)
@pytest.mark.slow
@pytest.mark.parametrize("on", ENGINES)
def test_a_server_with_a_full_disk_acknowledges_nothing_that_it_does_not_have(
    on: str, request: pytest.FixtureRequest, small_disk: Path, tmp_path: Path
) -> None:
    engine: Engine
    if on == "postgres":
        engine = PostgresEngine(request.getfixturevalue("postgres_on_a_small_disk"), create=True)
    else:
        engine = SqliteEngine(small_disk, KEY, create=True)
    (tmp_path / "laptops").mkdir()
    with practice_on(engine, tmp_path / "laptops") as practice:
        ann, bob = laptops_of(practice, "Ann", "Bob")
        filling = filled(small_disk)
        for number in range(400):
            ann.create(Person(family_name=f"Person {number:03}", local_number="x" * 900))
            report = ann.sync()
            if report.problems:
                break
        assert [found.kind for found in report.problems] == ["unavailable"], "the disk was never full"
        assert report.problems[0].retry
        assert ann.waiting() >= 1
        acknowledged = {id for (id,) in ann.ask("SELECT id FROM outbox WHERE state = 3")}
        held = engine.read(
            lambda transaction: transaction.all("SELECT id FROM rec WHERE org = ?", (practice.service.org,))
        )
        assert acknowledged <= {id for (id,) in held}
        filling.unlink()
        ann.synced()
        bob.synced()
        assert len(bob.all(Person)) == number + 1
        same_everywhere(ann, bob)
    engine.close()


# 6: stalled ---------------------------------------------------------------------------------------------------------


@pytest.mark.fault(6)
@pytest.mark.postgres
def test_a_writer_that_stalls_with_the_clock_row_is_ended_and_the_others_go_on(
    postgres_address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "IDLE_TIMEOUT_SECONDS", 1)
    engine = PostgresEngine(postgres_address, create=True)
    with practice_on(engine, tmp_path) as practice:
        [ann] = laptops_of(practice, "Ann")
        holding, release = threading.Event(), threading.Event()
        told: list[BaseException] = []

        def stall(transaction: Any) -> None:
            sql.locked_clock(transaction, practice.service.org)
            holding.set()
            release.wait(PATIENCE)
            transaction.one("SELECT 1")

        def stalled() -> None:
            try:
                engine.write(stall)
            except EngineBusy as busy:
                told.append(busy)

        writer = threading.Thread(target=stalled)
        writer.start()
        assert holding.wait(PATIENCE)
        ann.create(Person(family_name="Hughes"))
        until_through(ann)
        release.set()
        writer.join()
        assert told, "the stalled writer was let go on"
        same_everywhere(ann)
    engine.close()


@pytest.mark.fault(6)
@pytest.mark.parametrize("on", ENGINES)
def test_while_another_holds_the_clock_row_a_push_is_put_off_and_nothing_is_lost(
    on: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "LOCK_TIMEOUT_SECONDS", 1)
    engine: Engine
    other: Engine
    if on == "postgres":
        address = request.getfixturevalue("postgres_address")
        engine, other = PostgresEngine(address, create=True), PostgresEngine(address)
    else:
        engine, other = SqliteEngine(tmp_path, KEY, create=True), SqliteEngine(tmp_path, KEY)
    with practice_on(engine, tmp_path) as practice:
        [ann] = laptops_of(practice, "Ann")
        ann.create(Person(family_name="Hughes"))
        holding, release = threading.Event(), threading.Event()

        def hold(transaction: Any) -> None:
            sql.locked_clock(transaction, practice.service.org)
            holding.set()
            release.wait(PATIENCE)

        holder = threading.Thread(target=lambda: other.write(hold))
        holder.start()
        assert holding.wait(PATIENCE)
        report = ann.sync()
        assert [found.kind for found in report.problems] == ["unavailable"]
        assert report.waiting == 1
        release.set()
        holder.join()
        assert ann.synced().sent == 1
        same_everywhere(ann)
    other.close()
    engine.close()


def until_through(laptop: Laptop) -> None:
    for _ in range(20):
        report = laptop.sync()
        if report.is_complete:
            return
        assert {found.kind for found in report.problems} == {"unavailable"}
    raise AssertionError("it never got through")
