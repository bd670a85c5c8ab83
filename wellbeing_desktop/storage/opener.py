"""The only door to an encrypted database file: key, profile, checks, then the guard that stays on.

SQLCipher answers six different troubles with one error, opens an empty file as an empty database, and makes a
plaintext one if the key is forgotten (SECURITY 0, findings 3, 5, 6, 7). So the file is looked at before it is opened,
what was asked for is read back, and the identity row must be the one the envelope names.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Literal

from sqlcipher3 import dbapi2

from wellbeing_desktop.domain.errors import StoreProblem
from wellbeing_desktop.storage.identity import Identity, identity_of
from wellbeing_desktop.storage.keys import AttachmentKey, StoreKey
from wellbeing_desktop.storage.problems import RESTORE, as_problem, damaged_store, driver_told

Role = Literal["writer", "reader", "single"]
"""`single` is the one connection of a store on a full disk: EXCLUSIVE locking, no shared-memory file."""

PAGE_BYTES: Final = 4096

CIPHER_FLOOR: Final = (4, 19)
SQLITE_FLOOR: Final = (3, 51, 3)
"""Below this SQLite can corrupt a WAL that several connections reset (SECURITY 0, finding 13)."""

_CACHE_KIB: Final[dict[Role, int]] = {"writer": 4096, "reader": 12288, "single": 16384}
"""16 MB of page cache together, most of it for lists and returns."""

_PLAINTEXT_HEADER: Final = b"SQLite"

_BEFORE_KEY: Final = (("cipher_log_level", "NONE"), ("cipher_memory_security", "ON"))

_PROFILE: Final = (
    ("synchronous", "FULL", "2"),
    ("fullfsync", "ON", "1"),
    ("checkpoint_fullfsync", "ON", "1"),
    ("foreign_keys", "ON", "1"),
    ("trusted_schema", "OFF", "0"),
    ("cell_size_check", "ON", "1"),
    ("temp_store", "MEMORY", "2"),
    ("secure_delete", "ON", "1"),
    ("busy_timeout", "5000", "5000"),
    ("cipher_memory_security", "ON", "1"),
    ("cipher_log_level", "NONE", "NONE"),
)
"""Name, value to set, value that must be read back."""

_READABLE_PRAGMAS: Final = frozenset(
    {
        "data_version",
        "foreign_key_check",
        "foreign_key_list",
        "freelist_count",
        "index_info",
        "index_list",
        "index_xinfo",
        "page_count",
        "page_size",
        "table_info",
        "table_list",
        "table_xinfo",
    }
)
"""Pragmas that only tell; FTS5 itself asks for `data_version`. Their argument names a table, never a setting."""

_REFUSED_FUNCTIONS: Final = frozenset({"load_extension", "sqlcipher_export", "fts3_tokenizer"})
_REFUSED_ACTIONS: Final = frozenset({dbapi2.SQLITE_ATTACH, dbapi2.SQLITE_DETACH})


def open_connection(
    path: Path,
    key: StoreKey | AttachmentKey,
    *,
    role: Role,
    create: bool = False,
    identity: Identity | None,
) -> dbapi2.Connection:
    """Open an encrypted database in the calling thread, which owns it from then on.

    `create` makes a new file and refuses an existing one. `identity` is what the envelope says; None is for a file
    that has no identity row yet. Raises StoreProblem, never the driver's own error: missing_store, empty_store,
    shortened_store, plaintext_store, damaged_store, foreign_store, disk_full, disk_trouble, unsafe_driver.
    """
    if type(key) not in (StoreKey, AttachmentKey):
        raise TypeError("a database is opened with its own typed key")
    check_file(path, create=create)
    if create:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    connection = dbapi2.connect(os.fspath(path), isolation_level=None, cached_statements=256)
    try:
        _apply_key(connection, key)
        _check_versions(connection)
        _apply_profile(connection, role)
        if create:
            # Page 1 must be on disk under its key before anybody trusts the file.
            connection.execute("PRAGMA user_version = 1")
            checkpoint(connection)
        _refuse_plaintext(path)
        if identity is not None:
            _check_identity(connection, identity)
        _guard(connection)
    except dbapi2.Error as error:
        connection.close()
        raise _opening_problem(path, error) from error
    except BaseException:
        connection.close()
        raise
    return connection


def check_file(path: Path, *, create: bool = False) -> None:
    """Look at the file itself, before SQLCipher does. Raises StoreProblem as `open_connection`."""
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        if create:
            return
        raise StoreProblem(
            "missing_store", "The case store file is missing from its folder.", f"Look for it elsewhere. {RESTORE}"
        ) from None
    if create:
        raise StoreProblem("store_exists", "There is already a case store here.", "Open it, or choose another folder.")
    if size == 0:
        raise StoreProblem(
            "empty_store",
            "The case store file is empty, although a case store was kept here. "
            "The computer probably lost power or the disk failed.",
            RESTORE,
        )
    _refuse_plaintext(path)
    if size < PAGE_BYTES:
        raise _shortened()


def checkpoint(connection: dbapi2.Connection) -> bool:
    """Bring the log into the main file and cut it to nothing. False if a reader was in the way.

    One of the two statements that the guard is lifted for. Raises StoreProblem disk_full, disk_trouble.
    """
    with _guard_lifted(connection), driver_told():
        busy, _log, _moved = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


def refresh_statistics(connection: dbapi2.Connection) -> None:
    """`PRAGMA optimize`: without fresh statistics the planner picks the wrong index (DESIGN 4)."""
    with _guard_lifted(connection), driver_told():
        connection.execute("PRAGMA optimize").fetchall()


def cipher_findings(connection: dbapi2.Connection) -> list[str]:
    """What `cipher_integrity_check` says of the main file; true only right after a checkpoint."""
    return _told(connection, "PRAGMA cipher_integrity_check")


def structure_findings(connection: dbapi2.Connection) -> list[str]:
    """What `quick_check` says; empty if all is well."""
    return [said for said in _told(connection, "PRAGMA quick_check") if said != "ok"]


def profile_of(connection: dbapi2.Connection) -> dict[str, str]:
    """The profile as it is read back, for `check` and for tests."""
    names = [name for name, _, _ in _PROFILE] + ["cipher_status", "journal_mode", "query_only", "cache_size"]
    with _guard_lifted(connection):
        return {name: _setting(connection, name) for name in names}


def versions(connection: dbapi2.Connection) -> dict[str, str]:
    """The versions of what is built into the driver, for the bill of materials."""
    with _guard_lifted(connection):
        return {
            "sqlcipher": _setting(connection, "cipher_version"),
            "sqlite": dbapi2.sqlite_version,
            "provider": _setting(connection, "cipher_provider_version"),
        }


def _apply_key(connection: dbapi2.Connection, key: StoreKey | AttachmentKey) -> None:
    for name, value in _BEFORE_KEY:
        connection.execute(f"PRAGMA {name} = {value}").fetchall()
    # The driver's own call for PRAGMA key: no statement text with the key stays in a statement cache. Raw key form,
    # 64 hexadecimal digits exactly, because the type holds 32 bytes exactly.
    connection.set_key(b"x'" + key.material().hex().encode() + b"'")
    if _setting(connection, "cipher_status") != "1":
        raise StoreProblem("unsafe_driver", "The case store would not be encrypted.", "Install the program again.")


def _check_versions(connection: dbapi2.Connection) -> None:
    cipher = _numbers(_setting(connection, "cipher_version"))
    sqlite = _numbers(dbapi2.sqlite_version)
    if cipher < CIPHER_FLOOR or sqlite < SQLITE_FLOOR:
        raise StoreProblem(
            "unsafe_driver",
            "This installation has an old encryption library that is not safe to use.",
            "Install the newest version of Wellbeing Desktop.",
        )


def _apply_profile(connection: dbapi2.Connection, role: Role) -> None:
    if role == "single":
        connection.execute("PRAGMA locking_mode = EXCLUSIVE").fetchall()
    for name, value, _ in _PROFILE:
        connection.execute(f"PRAGMA {name} = {value}").fetchall()
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB[role]}").fetchall()
    journal = "wal" if role != "reader" else _setting(connection, "journal_mode")
    if role != "reader":
        journal = str(connection.execute("PRAGMA journal_mode = WAL").fetchone()[0])
    if role == "reader":
        connection.execute("PRAGMA query_only = ON").fetchall()
    wrong = [name for name, _, expected in _PROFILE if _setting(connection, name) != expected]
    if journal != "wal":
        wrong.append("journal_mode")
    if role == "reader" and _setting(connection, "query_only") != "1":
        wrong.append("query_only")
    if wrong:
        raise StoreProblem(
            "unsafe_driver",
            f"The case store could not be opened safely ({', '.join(wrong)}).",
            "Install the program again.",
        )


def _check_identity(connection: dbapi2.Connection, expected: Identity) -> None:
    try:
        found = identity_of(lambda sql: connection.execute(sql).fetchone())
    except dbapi2.OperationalError as error:
        if getattr(error, "sqlite_errorcode", 0) == 1:  # no such table: a database of ours never lacks it
            found = None
        else:
            raise
    if found is None:
        raise StoreProblem(
            "empty_store", "The case store file holds no case store, although one was kept here.", RESTORE
        )
    if found != expected:
        raise StoreProblem(
            "foreign_store",
            "The case store file belongs to another store than the key file beside it.",
            "Put back the files that belong together. " + RESTORE,
        )


def _guard(connection: dbapi2.Connection) -> None:
    connection.set_authorizer(_authorize)


def _authorize(action: int, first: str | None, second: str | None, _database: str | None, _trigger: str | None) -> int:
    """Stops accidents and injection; it cannot stop our own code, which could lift it."""
    if action in _REFUSED_ACTIONS:
        return int(dbapi2.SQLITE_DENY)
    if action == dbapi2.SQLITE_PRAGMA and (first or "").lower() not in _READABLE_PRAGMAS:
        return int(dbapi2.SQLITE_DENY)
    if action == dbapi2.SQLITE_FUNCTION and (second or "").lower() in _REFUSED_FUNCTIONS:
        return int(dbapi2.SQLITE_DENY)
    return int(dbapi2.SQLITE_OK)


@contextmanager
def _guard_lifted(connection: dbapi2.Connection) -> Iterator[None]:
    connection.set_authorizer(None)
    try:
        yield
    finally:
        _guard(connection)


def _told(connection: dbapi2.Connection, statement: str) -> list[str]:
    with _guard_lifted(connection):
        try:
            with driver_told():
                return [str(row[0]) for row in connection.execute(statement).fetchall()]
        except StoreProblem as problem:
            if problem.kind != "damaged_store":
                raise
            return [problem.message]  # too damaged even to be checked to the end


def _setting(connection: dbapi2.Connection, name: str) -> str:
    row: Any = connection.execute(f"PRAGMA {name}").fetchone()
    return "" if row is None else str(row[0])


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split()[0].split("."))


def _refuse_plaintext(path: Path) -> None:
    with path.open("rb") as file:
        if file.read(len(_PLAINTEXT_HEADER)) == _PLAINTEXT_HEADER:
            raise StoreProblem(
                "plaintext_store",
                "The file in the case store's place is not encrypted, so it is not a case store of this program.",
                "Move it away. " + RESTORE,
            )


def _shortened() -> StoreProblem:
    return StoreProblem(
        "shortened_store",
        "The case store file has been cut short. The computer probably lost power or the disk failed.",
        RESTORE,
    )


def _opening_problem(path: Path, error: dbapi2.Error) -> StoreProblem:
    problem = as_problem(error) or damaged_store()
    if problem.kind == "damaged_store" and path.stat().st_size % PAGE_BYTES:
        return _shortened()
    return problem
