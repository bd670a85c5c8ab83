import hashlib
import os
import shutil
from pathlib import Path

import pytest

from tests.killable import Killable
from tests.storage import stopping_child
from tests.storage.stopping_child import one_more_migration
from tests.storage.stores import PASSPHRASE, add_note, make_store, open_store, whole_notes
from wellbeing_desktop.domain.errors import StoreProblem
from wellbeing_desktop.storage import migrations
from wellbeing_desktop.storage import store as store_module
from wellbeing_desktop.storage.backup import restore
from wellbeing_desktop.storage.backup_container import BEFORE_MIGRATION_FILE
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.migrations import Migration, migrate, pending, shipped, statements
from wellbeing_desktop.storage.store import Store


def step(number: int, *sql: str, name: str = "step") -> Migration:
    def apply(writer: Writer) -> None:
        for statement in sql:
            writer.execute(statement)

    return Migration(number, name, hashlib.sha256("|".join(sql).encode()).hexdigest(), apply)


def next_steps(*sql: str) -> list[Migration]:
    known = shipped()
    return [*known, step(len(known) + 1, *sql)]


def test_the_shipped_steps_are_numbered_without_gaps_and_all_applied_to_a_new_store(store: Store) -> None:
    known = shipped()
    assert [each.number for each in known] == list(range(1, len(known) + 1))
    applied = store.read(lambda reader: reader.rows("SELECT number, name, hash FROM migration ORDER BY number"))
    assert applied == [(each.number, each.name, each.hash) for each in known]
    assert store.read(pending) == []


def test_a_step_and_its_record_come_together_or_not_at_all(store: Store) -> None:
    broken = next_steps("CREATE TABLE half (a)", "CREATE TABLE half (a)")
    with pytest.raises(Exception, match="already exists"):
        store.write(lambda writer: migrate(writer, broken))
    assert store.read(lambda reader: reader.value("SELECT 1 FROM sqlite_master WHERE name = 'half'")) is None
    mended = next_steps("CREATE TABLE half (a)")
    assert store.write(lambda writer: migrate(writer, mended)) == [mended[-1]]
    assert store.write(lambda writer: migrate(writer, mended)) == []


def test_a_released_step_is_never_changed(store: Store) -> None:
    changed = [step(1, "SELECT 1"), *shipped()[1:]]
    with pytest.raises(StoreProblem, match="different edition") as problem:
        store.write(lambda writer: migrate(writer, changed))
    assert problem.value.kind == "migration_changed"


@pytest.mark.scenario(45)
def test_a_newer_store_is_refused_with_a_sentence(tmp_path: Path) -> None:
    store, _ = make_store(tmp_path / "store")
    store.write(lambda writer: migrate(writer, next_steps("CREATE TABLE later (a)")))
    store.close()
    with pytest.raises(StoreProblem, match="newer version") as problem:
        open_store(tmp_path / "store")
    assert problem.value.kind == "store_too_new"
    assert "Nothing has been changed" in problem.value.advice


def test_an_existing_store_is_backed_up_and_proven_before_it_is_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, _ = make_store(tmp_path / "store")
    store.write(lambda writer: add_note(writer, "before the update"))
    store.close()
    assert not (tmp_path / "store" / BEFORE_MIGRATION_FILE).exists()
    after = next_steps("ALTER TABLE jotting ADD COLUMN extra TEXT", "UPDATE jotting SET text = 'changed by the update'")
    monkeypatch.setattr(migrations, "shipped", lambda: after)
    with open_store(tmp_path / "store") as opened:
        assert opened.read(lambda reader: reader.value("SELECT text FROM jotting")) == "changed by the update"
    monkeypatch.undo()
    restore(tmp_path / "store" / BEFORE_MIGRATION_FILE, tmp_path / "back", PASSPHRASE)
    with open_store(tmp_path / "back") as old:
        assert old.read(whole_notes) == 1
        assert old.read(lambda reader: reader.value("SELECT text FROM jotting")) == "before the update"


def test_without_a_backup_there_is_no_update(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_store(tmp_path / "store")[0].close()
    monkeypatch.setattr(migrations, "shipped", lambda: next_steps("CREATE TABLE later (a)"))

    def full(*_: object) -> None:
        raise StoreProblem("disk_full", "The disk is full.", "Free some space.")

    with monkeypatch.context() as patch:
        patch.setattr(store_module, "backup_before_migration", full)
        with pytest.raises(StoreProblem, match="disk is full"):
            open_store(tmp_path / "store")
    monkeypatch.undo()
    with open_store(tmp_path / "store") as opened:
        assert opened.read(lambda reader: reader.value("SELECT 1 FROM sqlite_master WHERE name = 'later'")) is None


def test_a_script_is_taken_apart_at_its_statements_only() -> None:
    script = """
    -- a comment; with a semicolon
    CREATE TABLE t (a TEXT DEFAULT 'x;y');
    CREATE TRIGGER r AFTER INSERT ON t BEGIN
        UPDATE t SET a = ';'; DELETE FROM t;
    END;
    INSERT INTO t VALUES ('o''clock; sharp');
    """
    found = list(statements(script))
    assert len(found) == 3
    assert found[1].endswith("END;")
    with pytest.raises(ValueError, match="no end"):
        list(statements("CREATE TABLE t (a)"))


@pytest.mark.slow
@pytest.mark.usefixtures("small_schema")
def test_a_crash_at_any_point_of_an_update_leaves_it_done_or_not_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, _ = make_store(tmp_path / "made")
    store.write(lambda writer: add_note(writer, "before the update"))
    store.close()
    ended, before_update, after_update = 9, 0, 0
    for stop_at in range(1, 200):
        folder = tmp_path / "store"
        shutil.copytree(tmp_path / "made", folder)
        ended = Killable(stopping_child.migrate, str(stop_at), os.fspath(folder)).ended()
        with monkeypatch.context() as patch:
            steps = [*migrations.shipped(), one_more_migration()]
            patch.setattr(migrations, "shipped", lambda steps=steps: steps)
            patch.setattr(store_module, "migrate", lambda writer: None)  # look at it as it is
            with open_store(folder) as found:
                assert found.read(whole_notes) == 1
                columns = [row[1] for row in found.read(lambda reader: reader.rows("PRAGMA table_info(jotting)"))]
                recorded = found.read(pending) == []
                later = found.read(lambda reader: reader.value("SELECT 1 FROM sqlite_master WHERE name = 'later'"))
                assert ("shouted" in columns) == (later == 1) == recorded
        before_update, after_update = before_update + (not recorded), after_update + recorded
        shutil.rmtree(folder)
        if ended != 9:
            break
    assert ended == 0
    assert before_update > 5
    assert after_update > 0
