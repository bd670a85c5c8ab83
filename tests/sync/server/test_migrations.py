"""Server databases of earlier versions: refused, upgraded after a proven backup, restored from old backups."""

import datetime as dt
import secrets
from pathlib import Path

import pytest
from laptop import Laptop

from wellbeing_desktop.storage.keys import StoreKey
from wellbeing_desktop.sync.server import backup, history, members, migrations
from wellbeing_desktop.sync.server.check import check
from wellbeing_desktop.sync.server.engine import EngineProblem
from wellbeing_desktop.sync.server.organisations import new_organisation
from wellbeing_desktop.sync.server.service import Service
from wellbeing_desktop.sync.server.sqlite_engine import SqliteEngine

KEY = secrets.token_bytes(32)
NOW = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)


def old_server(folder: Path, key: StoreKey) -> tuple[SqliteEngine, str]:
    """A server as step 1 made it, with a member in it; the program of today cannot write records there."""
    folder.mkdir()
    engine = SqliteEngine(folder, key, create=True, schema=1)
    org = new_organisation(engine, "Practice", history.server_now())
    engine.write(
        lambda transaction: transaction.run(
            "INSERT INTO member (org, id, name, roles, state) VALUES (?, 'm1', 'Anna', 'office', 'active')", (org,)
        )
    )
    return engine, org


def test_an_earlier_database_is_refused_until_it_is_upgraded_after_a_proven_backup(tmp_path: Path) -> None:
    key = StoreKey.new()
    engine, org = old_server(tmp_path / "data", key)
    engine.close()
    with pytest.raises(EngineProblem, match="wellbeing-server upgrade"):
        SqliteEngine(tmp_path / "data", key)
    engine = SqliteEngine(tmp_path / "data", key, earlier_allowed=True)
    saved = tmp_path / "before"
    assert backup.upgrade(engine, KEY, saved, NOW) == tuple(range(2, migrations.SCHEMA_NUMBER + 1))
    assert backup.schema_of(saved, KEY) == 1
    assert backup.upgrade(engine, KEY, tmp_path / "again", NOW) == ()
    assert not (tmp_path / "again").exists()
    service = Service(engine, org)
    assert check(service).wrong == []
    assert [member.name for member in members.members(service)] == ["Anna"]
    laptop = Laptop(service, "Bilal")
    laptop.person("Jones")
    laptop.sync()
    engine.close()
    SqliteEngine(tmp_path / "data", key).close()


def test_an_upgrade_whose_backup_cannot_be_written_changes_nothing(tmp_path: Path) -> None:
    key = StoreKey.new()
    engine, _org = old_server(tmp_path / "data", key)
    with pytest.raises(OSError, match="No such file"):
        backup.upgrade(engine, KEY, tmp_path / "nowhere" / "file", NOW)
    assert engine.read(migrations.schema_number) == 1
    engine.close()


def test_a_backup_of_an_earlier_version_is_restored_and_brought_up_to_date(tmp_path: Path) -> None:
    key = StoreKey.new()
    engine, org = old_server(tmp_path / "data", key)
    backup.make_backup(engine, KEY, tmp_path / "old", NOW)
    engine.close()
    (tmp_path / "new").mkdir()
    fresh = SqliteEngine(tmp_path / "new", key, create=True, schema=backup.schema_of(tmp_path / "old", KEY))
    backup.restore_backup(fresh, KEY, tmp_path / "old")
    assert fresh.read(migrations.schema_number) == migrations.SCHEMA_NUMBER
    assert check(Service(fresh, org)).wrong == []
    fresh.close()


def test_a_database_of_a_later_version_is_refused(service: Service) -> None:
    later = migrations.SCHEMA_NUMBER + 1
    with pytest.raises(EngineProblem, match="newer version"):
        migrations.check_number(later)


def test_the_tables_are_those_that_the_steps_describe(service: Service) -> None:
    """Both engines, after all steps: a backup names every column there is."""
    for table, columns in migrations.tables_at(migrations.SCHEMA_NUMBER).items():
        if service.engine.name == "postgresql":
            rows = service.engine.read(
                lambda transaction, table=table: transaction.all(
                    "SELECT column_name::text FROM information_schema.columns WHERE table_name = ?", (table,)
                )
            )
        else:
            rows = service.engine.read(
                lambda transaction, table=table: transaction.all("SELECT name FROM pragma_table_info(?)", (table,))
            )
        assert {name for (name,) in rows} == set(columns), table
