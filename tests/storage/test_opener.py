import json
import os
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlcipher3 import dbapi2

import wellbeing_desktop
from wellbeing_desktop.domain.errors import StoreProblem
from wellbeing_desktop.storage import opener
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.identity import Identity
from wellbeing_desktop.storage.keys import AnchorKey, AttachmentKey, DataKey, DeviceSecret, ExportKey, Key, StoreKey
from wellbeing_desktop.storage.opener import open_connection
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.storage.store_files import ATTACHMENTS_FILE, STORE_FILE

pytestmark = pytest.mark.usefixtures("small_schema")


@pytest.fixture
def key() -> StoreKey:
    return StoreKey.new()


@pytest.fixture
def database(tmp_path: Path, key: StoreKey) -> Path:
    path = tmp_path / "store.db"
    open_connection(path, key, role="writer", create=True, identity=None).close()
    return path


def test_the_whole_profile_holds_when_it_is_read_back(tmp_path: Path) -> None:
    """In a process of its own, which opens the file as the program does: here no memory is locked."""
    code = (
        "import json, sys; from pathlib import Path\n"
        "from wellbeing_desktop.storage import opener\n"
        "from wellbeing_desktop.storage.keys import StoreKey\n"
        "for role in ('writer', 'reader'):\n"
        "    opened = opener.open_connection(\n"
        "        Path(sys.argv[1]), StoreKey(b'k' * 32), role=role, create=role == 'writer', identity=None)\n"
        "    print(json.dumps(opener.profile_of(opened)))\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, os.fspath(tmp_path / "store.db")], capture_output=True, text=True, check=True
    )
    writer, reader = (json.loads(line) for line in ran.stdout.splitlines())
    expected = {
        "synchronous": "2",
        "fullfsync": "1",
        "checkpoint_fullfsync": "1",
        "foreign_keys": "1",
        "trusted_schema": "0",
        "cell_size_check": "1",
        "temp_store": "2",
        "secure_delete": "1",
        "busy_timeout": "5000",
        "cipher_memory_security": "1",
        "cipher_log_level": "NONE",
        "cipher_status": "1",
        "journal_mode": "wal",
    }
    assert writer == expected | {"query_only": "0", "cache_size": "-4096"}
    assert reader == expected | {"query_only": "1", "cache_size": "-12288"}


@pytest.mark.parametrize("wrong", [bytes(32), "x'" + "0" * 64 + "'", "", None])
def test_only_a_typed_key_opens_a_database(database: Path, wrong: object) -> None:
    with pytest.raises(TypeError):
        open_connection(database, wrong, role="reader", identity=None)


@pytest.mark.parametrize("kind", [Key, DataKey, ExportKey, AnchorKey, DeviceSecret])
def test_a_key_for_something_else_opens_no_database(database: Path, kind: type[Key]) -> None:
    with pytest.raises(TypeError):
        open_connection(database, kind.new(), role="reader", identity=None)


def test_our_key_is_sqlciphers_raw_key_and_no_passphrase(database: Path, key: StoreKey) -> None:
    other = dbapi2.connect(os.fspath(database))
    other.execute(f"PRAGMA key = \"x'{key.material().hex()}'\"")
    assert other.execute("PRAGMA user_version").fetchone() == (1,)
    other.close()


def test_only_the_opener_gives_sqlcipher_a_key() -> None:
    package = Path(wellbeing_desktop.__file__).parent
    callers = {
        file.relative_to(package).as_posix()
        for file in package.rglob("*.py")
        if any(word in file.read_text("utf-8") for word in ("set_key(", "reset_key(", "PRAGMA key =", "PRAGMA rekey"))
    }
    assert {name for name in callers if not name.startswith("sync/server/")} == {"storage/opener.py"}


@pytest.mark.capability("P2")
def test_every_new_file_is_encrypted_from_its_first_byte(store: Store) -> None:
    for name in (STORE_FILE, ATTACHMENTS_FILE):
        content = (store.folder / name).read_bytes()
        assert content[:6] != b"SQLite"
        assert len(set(content[:4096])) > 200, "an encrypted page uses nearly every byte value"


def test_a_file_is_never_made_by_opening_it(tmp_path: Path, key: StoreKey) -> None:
    with pytest.raises(StoreProblem) as problem:
        open_connection(tmp_path / "absent.db", key, role="writer", identity=None)
    assert problem.value.kind == "missing_store"
    assert not any(tmp_path.iterdir())


def test_an_existing_file_is_never_made_again(database: Path, key: StoreKey) -> None:
    before = database.read_bytes()
    with pytest.raises(StoreProblem) as problem:
        open_connection(database, key, role="writer", create=True, identity=None)
    assert problem.value.kind == "store_exists"
    assert database.read_bytes() == before


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "empty_store"),
        (b"\x00", "shortened_store"),
        (b"x" * 16, "shortened_store"),
        (secrets.token_bytes(4095), "shortened_store"),
        (secrets.token_bytes(4096), "damaged_store"),
        (secrets.token_bytes(8192 + 100), "shortened_store"),
        (bytes(8192), "damaged_store"),
        (b"SQLite format 3\x00" + bytes(4080), "plaintext_store"),
        (b"PK\x03\x04" + secrets.token_bytes(9000), "shortened_store"),
    ],
)
@pytest.mark.parametrize("role", ["writer", "reader"])
def test_what_is_no_store_is_named_and_left_alone(
    tmp_path: Path, key: StoreKey, content: bytes, kind: str, role: opener.Role
) -> None:
    path = tmp_path / "store.db"
    path.write_bytes(content)
    with pytest.raises(StoreProblem) as problem:
        open_connection(path, key, role=role, identity=None)
    assert problem.value.kind == kind
    assert "backup" in problem.value.advice
    assert "passphrase" not in problem.value.message
    assert path.read_bytes() == content


def test_a_wrong_key_is_damage_because_the_envelope_has_judged_the_passphrase(database: Path) -> None:
    with pytest.raises(StoreProblem) as problem:
        open_connection(database, StoreKey.new(), role="writer", identity=None)
    assert problem.value.kind == "damaged_store"


def test_a_database_without_or_with_another_identity_is_refused(store: Store, tmp_path: Path) -> None:
    key = store.data_key.store_key(store.identity.store_id)
    empty = tmp_path / "empty.db"
    open_connection(empty, key, role="writer", create=True, identity=None).close()
    with pytest.raises(StoreProblem, match="holds no case store") as problem:
        open_connection(empty, key, role="writer", identity=store.identity)
    assert problem.value.kind == "empty_store"
    for other in (
        Identity("another", store.identity.organisation_id, store.identity.user_id),
        Identity(store.identity.store_id, "another", store.identity.user_id),
        Identity(store.identity.store_id, store.identity.organisation_id, "another"),
        Identity(store.identity.store_id, store.identity.organisation_id, store.identity.user_id, 2),
    ):
        with pytest.raises(StoreProblem, match="another store") as problem:
            open_connection(store.folder / STORE_FILE, key, role="reader", identity=other)
        assert problem.value.kind == "foreign_store"


def test_a_driver_below_the_floor_is_refused(database: Path, key: StoreKey, monkeypatch: pytest.MonkeyPatch) -> None:
    for floor, value in (("CIPHER_FLOOR", (99, 0)), ("SQLITE_FLOOR", (99, 0, 0))):
        with monkeypatch.context() as patch:
            patch.setattr(opener, floor, value)
            with pytest.raises(StoreProblem, match="not safe to use") as problem:
                open_connection(database, key, role="writer", identity=None)
            assert problem.value.kind == "unsafe_driver"


def test_the_versions_for_the_bill_of_materials_are_read_at_run_time(store: Store) -> None:
    found = store.read(lambda reader: opener.versions(reader.connection))
    assert found["sqlcipher"].startswith("4.")
    assert found["sqlite"].startswith("3.")
    assert "OpenSSL" in found["provider"]


@pytest.mark.parametrize(
    "statement",
    [
        "ATTACH DATABASE 'other.db' AS other",
        "ATTACH DATABASE 'other.db' AS other KEY ''",
        "DETACH DATABASE main",
        "VACUUM INTO 'copy.db'",
        "PRAGMA key = 'x'",
        "PRAGMA rekey = 'x'",
        "PRAGMA cipher_log = 'log.txt'",
        "PRAGMA cipher_memory_security = OFF",
        "PRAGMA synchronous = OFF",
        "PRAGMA query_only = OFF",
        "PRAGMA journal_mode = DELETE",
        "PRAGMA temp_store = FILE",
        "PRAGMA foreign_keys = OFF",
        "PRAGMA writable_schema = ON",
        "PRAGMA trusted_schema = ON",
        "PRAGMA wal_checkpoint(TRUNCATE)",
        "PRAGMA optimize",
        "SELECT sqlcipher_export('main')",
        "SELECT load_extension('evil')",
    ],
)
def test_the_guard_refuses_what_could_lay_the_store_open(store: Store, statement: str) -> None:
    refused = r"not authorized|authorization denied|no such function"
    for run, match in ((store.write, refused), (store.read, rf"{refused}|within a transaction")):
        with pytest.raises(dbapi2.DatabaseError, match=match):
            run(lambda reader: reader.rows(statement))
    assert not list(Path().glob("copy.db")) + list(Path().glob("other.db"))


def test_the_guard_lets_full_text_search_and_the_two_named_statements_through(store: Store) -> None:
    def search(writer: Writer) -> list[tuple[Any, ...]]:
        with writer.immediate():
            writer.execute("CREATE VIRTUAL TABLE words USING fts5(text, tokenize = 'unicode61')")
            writer.execute("INSERT INTO words (words, rank) VALUES ('secure-delete', 1)")
            writer.execute("INSERT INTO words (text) VALUES ('garden')")
        opener.refresh_statistics(writer.connection)
        assert opener.checkpoint(writer.connection)
        with pytest.raises(dbapi2.DatabaseError, match="not authorized"):
            writer.rows("PRAGMA optimize")
        return writer.rows("SELECT text FROM words WHERE words MATCH 'gard*'")

    assert store.write(search) == [("garden",)]


def test_nothing_is_said_on_standard_error_when_a_damaged_file_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    path.write_bytes(secrets.token_bytes(8192))
    code = (
        "import sys; from pathlib import Path\n"
        "from wellbeing_desktop.storage.opener import open_connection\n"
        "from wellbeing_desktop.storage.keys import StoreKey\n"
        "from wellbeing_desktop.domain.errors import StoreProblem\n"
        "try: open_connection(Path(sys.argv[1]), StoreKey(b'k' * 32), role='writer', identity=None)\n"
        "except StoreProblem as problem: print(problem.kind)\n"
    )
    ran = subprocess.run([sys.executable, "-c", code, os.fspath(path)], capture_output=True, text=True, check=True)
    assert (ran.stdout.strip(), ran.stderr) == ("damaged_store", "")


def test_the_two_databases_have_different_keys(store: Store) -> None:
    key = store.data_key.store_key(store.identity.store_id)
    with pytest.raises(StoreProblem):
        open_connection(store.folder / ATTACHMENTS_FILE, key, role="reader", identity=store.identity)
    right = store.data_key.attachment_key(store.identity.store_id)
    assert isinstance(right, AttachmentKey)
    open_connection(store.folder / ATTACHMENTS_FILE, right, role="reader", identity=store.identity).close()
