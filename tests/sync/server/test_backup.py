"""A backup is proven before it counts, damage is named, and a restored server begins a new epoch."""

import datetime as dt
import secrets
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from laptop import Laptop, only

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.storage.keys import StoreKey
from wellbeing_desktop.sync.server import history
from wellbeing_desktop.sync.server.backup import NotABackup, make_backup, read_backup, restore_backup
from wellbeing_desktop.sync.server.check import check
from wellbeing_desktop.sync.server.problems import EpochChanged
from wellbeing_desktop.sync.server.service import Service
from wellbeing_desktop.sync.server.sqlite_engine import SqliteEngine

KEY = secrets.token_bytes(32)
NOW = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)


def test_a_backup_of_either_engine_fills_a_new_server_and_laptops_notice(service: Service, tmp_path: Path) -> None:
    a = Laptop(service, "Anna")
    person = a.person("Sentinel surname")
    a.sync()
    head = a.seq
    path = tmp_path / "server.backup"
    made = make_backup(service.engine, KEY, path, NOW)
    assert made.heads[service.org] == head
    assert a.push().backed_up_seq == head
    assert b"Sentinel" not in path.read_bytes()
    assert read_backup(path, KEY) == made
    folder = tmp_path / "restored"
    folder.mkdir()
    engine = SqliteEngine(folder, StoreKey.new(), create=True)
    restore_backup(engine, KEY, path)
    restored = Service(engine, service.org)
    assert check(restored).wrong == []
    a.service = restored
    with pytest.raises(EpochChanged) as changed:
        a.pull()
    a.epoch, a.seq, a.tok = changed.value.epoch, 0, ""
    a.rows.clear()
    a.load()
    a.change(person, known_as="Jo")
    assert only(a.push()).r == "applied"
    with pytest.raises(Refused, match="not empty"):
        restore_backup(engine, KEY, path)
    engine.close()


def test_a_backup_never_replaces_a_file_and_a_wrong_key_is_named(service: Service, tmp_path: Path) -> None:
    path = tmp_path / "server.backup"
    make_backup(service.engine, KEY, path, NOW)
    with pytest.raises(Refused, match="already"):
        make_backup(service.engine, KEY, path, NOW)
    with pytest.raises(NotABackup, match="another key"):
        read_backup(path, secrets.token_bytes(32))


def test_any_flipped_or_missing_byte_is_found(service: Service, tmp_path: Path) -> None:
    path = tmp_path / "server.backup"
    Laptop(service, "Anna")
    make_backup(service.engine, KEY, path, NOW)
    whole = path.read_bytes()
    damaged = tmp_path / "damaged"

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(st.integers(0, len(whole) - 1), st.booleans())
    def try_it(place: int, cut: bool) -> None:
        data = whole[:place] if cut else whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
        damaged.write_bytes(data)
        with pytest.raises(NotABackup):
            read_backup(damaged, KEY)

    try_it()


def test_check_finds_a_record_that_was_altered_behind_the_servers_back(service: Service) -> None:
    a = Laptop(service, "Anna")
    person = a.person("Ellis")
    a.sync()
    assert check(service).wrong == []
    service.engine.write(
        lambda transaction: transaction.run(
            "UPDATE rec SET rev = rev + 1 WHERE org = ? AND id = ?", (service.org, person)
        )
    )
    assert check(service).wrong == ["1 records do not agree with their own hash or place."]


def test_a_database_file_put_back_from_a_copy_is_noticed_at_start(tmp_path: Path) -> None:
    import shutil

    from wellbeing_desktop.sync.server.organisations import new_organisation

    key = StoreKey.new()
    engine = SqliteEngine(tmp_path, key, create=True, serving=True)
    org = new_organisation(engine, "Practice", history.server_now())
    assert history.check_mark_at_start(engine, org)
    engine.close()
    shutil.copy(tmp_path / "server.db", tmp_path / "copy.db")
    engine = SqliteEngine(tmp_path, key, serving=True)
    assert history.check_mark_at_start(engine, org)
    epoch = Service(engine, org).health()["epoch"]
    engine.close()
    shutil.copy(tmp_path / "copy.db", tmp_path / "server.db")
    engine = SqliteEngine(tmp_path, key, serving=True)
    assert not history.check_mark_at_start(engine, org)
    assert Service(engine, org).health()["epoch"] != epoch
    engine.close()


def test_nothing_readable_is_in_the_servers_file(tmp_path: Path) -> None:
    from wellbeing_desktop.sync.server.local import new_service

    service = new_service("Sentinel practice", tmp_path / "server")
    a = Laptop(service, "Sentinel surname")
    a.person("Sentinel person", nhs_number="9434765919")
    a.create("note", (a.rows and "") or a.outbox[0].id, {"text": "Sentinel words"})
    a.sync()
    for path in (tmp_path / "server").iterdir():
        data = path.read_bytes()
        assert b"Sentinel" not in data, path.name
        assert b"9434765919" not in data, path.name
    service.engine.close()
