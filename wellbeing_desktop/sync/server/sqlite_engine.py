"""The server's default: one SQLCipher file, one process. For a practice or a small network.

One thread owns the writing connection, two own reading ones: a long first load never holds up a push.
"""

import itertools
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from sqlcipher3 import dbapi2

from wellbeing_desktop.domain.errors import StoreProblem
from wellbeing_desktop.storage.cells import Cells
from wellbeing_desktop.storage.durable_file import write_durably
from wellbeing_desktop.storage.folder_lock import FolderLock
from wellbeing_desktop.storage.keys import StoreKey
from wellbeing_desktop.storage.opener import (
    Role,
    checkpoint,
    cipher_findings,
    open_connection,
    structure_findings,
)
from wellbeing_desktop.storage.owner import Owner
from wellbeing_desktop.storage.problems import as_problem
from wellbeing_desktop.storage.statements import json_text
from wellbeing_desktop.sync.server.engine import Answer, EngineBusy, EngineFull, EngineProblem, Transaction
from wellbeing_desktop.sync.server.migrations import SCHEMA_NUMBER, check_number, migrate, schema_number

READERS: Final = 2
BYTES: Final = "BLOB"


class _Statements:
    """`Transaction` over one connection."""

    def __init__(self, connection: dbapi2.Connection, cells: Cells) -> None:
        self._connection = connection
        self._cells = cells

    def one(self, sql: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        row: tuple[Any, ...] | None = self._connection.execute(sql, values).fetchone()
        return row

    def all(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = self._connection.execute(sql, values).fetchall()
        return rows

    def keyed(self, sql: str, values: Sequence[Any], keys: Sequence[str | int]) -> list[tuple[Any, ...]]:
        # A mark for each key, or an IN over them, is a locked allocation for each; a join with them is none.
        joined = sql.format(keys="json_each(?) AS keys CROSS JOIN", key="keys.value")
        return self.all(joined, (json_text(keys), *values))

    def each(self, sql: str, values: Sequence[Any] = (), *, at_once: int = 2_000) -> Iterator[tuple[Any, ...]]:
        yield from self._connection.execute(sql, values)

    def run(self, sql: str, values: Sequence[Any] = ()) -> None:
        self._connection.execute(sql, values)

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        self._connection.executemany(sql, rows)

    def insert(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        self._cells.insert_all(sql, rows)


class _Work:
    """What a connection's thread runs: whole transactions."""

    def __init__(self, connection: dbapi2.Connection, begin: str) -> None:
        self.connection = connection
        self._cells = Cells(connection)
        self._begin = begin

    def transact(self, work: Callable[[Transaction], Answer]) -> Answer:
        try:
            self.connection.execute(self._begin)
            try:
                result = work(_Statements(self.connection, self._cells))
                self.connection.execute("COMMIT")
            except BaseException:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise
        except dbapi2.Error as error:
            raise _trouble(error) from error
        return result


def _writing(connection: dbapi2.Connection) -> _Work:
    return _Work(connection, "BEGIN IMMEDIATE")


def _reading(connection: dbapi2.Connection) -> _Work:
    return _Work(connection, "BEGIN")


def _trouble(error: dbapi2.Error) -> Exception:
    problem = as_problem(error)
    if problem is None:
        return RuntimeError(f"a statement of ours is wrong: {error}")
    match problem.kind:
        case "store_busy":
            return EngineBusy(problem.message)
        case "disk_full":
            return EngineFull(problem.message)
    return EngineProblem(f"{problem.message} {problem.advice}".strip())


class SqliteEngine:
    """An `Engine` over `FOLDER/server.db`. Raises EngineProblem if the file cannot be used.

    `serving` takes the folder's lock: one server to a file. Commands beside it (invite, devices, backup) do not.
    `create` makes the tables as they were at step `schema`; `earlier_allowed` opens an older database, for `migrate`.
    """

    name: Final = "sqlcipher"

    def __init__(
        self,
        folder: Path,
        key: StoreKey,
        *,
        create: bool = False,
        serving: bool = False,
        schema: int = SCHEMA_NUMBER,
        earlier_allowed: bool = False,
    ) -> None:
        self._lock: FolderLock | None = None
        if serving:
            try:
                self._lock = FolderLock(folder)
            except StoreProblem as problem:
                raise EngineProblem("Another wellbeing-server is already serving this folder.") from problem
        self._path: Final = folder / "server.db"
        self._mark_path: Final = folder / "server.mark"
        self._key = key
        self._create = create
        try:
            self._writer = Owner("server-writer", lambda: self._open("writer"), _writing)
        except StoreProblem as problem:
            self._release()
            raise EngineProblem(_for_server(problem)) from problem
        try:
            if create:
                self.write(lambda transaction: migrate(transaction, BYTES, schema))
            check_number(self.write(schema_number), earlier_allowed=earlier_allowed or schema < SCHEMA_NUMBER)
            self._readers = [
                Owner(f"server-reader-{number}", lambda: self._open("reader"), _reading) for number in range(READERS)
            ]
            self._turn = itertools.count()
        except BaseException:
            self._writer.stop()
            self._release()
            raise

    def _open(self, role: Role) -> dbapi2.Connection:
        return open_connection(
            self._path, self._key, role=role, create=self._create and role == "writer", identity=None
        )

    def write(self, work: Callable[[Transaction], Answer]) -> Answer:
        return self._writer.call(lambda thread: thread.transact(work))

    def read(self, work: Callable[[Transaction], Answer]) -> Answer:
        reader = self._readers[next(self._turn) % len(self._readers)]
        return reader.call(lambda thread: thread.transact(work))

    def migrate(self) -> tuple[int, ...]:
        return self.write(lambda transaction: migrate(transaction, BYTES))

    def history_mark(self) -> str:
        """The mark in the side file: it is renewed with every start, so a database file put back from a copy that
        is older than the last start no longer agrees with it."""
        if self._mark_path.exists():
            return self._mark_path.read_text(encoding="ascii").strip()
        return ""

    def renew_mark(self) -> str:
        mark = secrets.token_hex(16)
        write_durably(self._mark_path, mark.encode())
        return mark

    def findings(self) -> list[str]:
        def look(thread: _Work) -> list[str]:
            checkpoint(thread.connection)
            return [*cipher_findings(thread.connection), *structure_findings(thread.connection)]

        return self._writer.call(look)

    def close(self) -> None:
        for reader in self._readers:
            reader.stop()
        self._writer.submit(lambda thread: checkpoint(thread.connection))
        self._writer.stop()
        self._release()

    def _release(self) -> None:
        if self._lock is not None:
            self._lock.release()
            self._lock = None


def _for_server(problem: StoreProblem) -> str:
    words = problem.message.replace("case store", "server database")
    return f"{words} Restore the last backup with: wellbeing-server restore."
