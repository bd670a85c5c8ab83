"""PostgreSQL through psycopg 3: for networks of practices, and for several servers beside each other.

Disk encryption is the deployer's duty here; `serve` says so at start. Nothing outside this file knows the driver.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, Final

import psycopg
from psycopg import errors
from psycopg_pool import ConnectionPool, PoolTimeout

from wellbeing_desktop.sync.server.engine import Answer, EngineBusy, EngineFull, EngineProblem, Transaction
from wellbeing_desktop.sync.server.migrations import SCHEMA_NUMBER, check_number, migrate, schema_number

BYTES: Final = "BYTEA"
LOCK_TIMEOUT_SECONDS: Final = 5
STATEMENT_TIMEOUT_SECONDS: Final = 60
IDLE_TIMEOUT_SECONDS: Final = 30
CONNECTION_WAIT_SECONDS: Final = 10
TRIES: Final = 5

_COLLISIONS: Final = (errors.SerializationFailure, errors.DeadlockDetected)
_PASSING: Final = (
    errors.LockNotAvailable,
    errors.QueryCanceled,
    errors.AdminShutdown,
    errors.CannotConnectNow,
    errors.TooManyConnections,
    errors.IdleInTransactionSessionTimeout,
)


@lru_cache(maxsize=512)
def _in_driver_words(sql: str) -> str:
    """`?` is the server's mark for a value; no statement of ours has one in a string."""
    return sql.replace("%", "%%").replace("?", "%s")


def _array_of(column: Sequence[Any]) -> str:
    """The type of an array of these values; a column of nothing but NULL is of texts."""
    kind = next((type(value) for value in column if value is not None), str)
    return {int: "bigint[]", bytes: "bytea[]"}.get(kind, "text[]")


class _Statements:
    """`Transaction` over one connection, results in binary form."""

    def __init__(self, connection: "psycopg.Connection[tuple[Any, ...]]") -> None:
        self._connection = connection
        self._cursor = connection.cursor(binary=True)

    def one(self, sql: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        return self._cursor.execute(_in_driver_words(sql), values).fetchone()

    def all(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return self._cursor.execute(_in_driver_words(sql), values).fetchall()

    def keyed(self, sql: str, values: Sequence[Any], keys: Sequence[str | int]) -> list[tuple[Any, ...]]:
        return self.all(sql.format(keys="", key="ANY(?)"), (*values, list(keys)))

    def each(self, sql: str, values: Sequence[Any] = (), *, at_once: int = 2_000) -> Iterator[tuple[Any, ...]]:
        with self._connection.cursor(name="each_row", binary=True) as cursor:
            cursor.itersize = at_once
            cursor.execute(_in_driver_words(sql), values)
            yield from cursor

    def run(self, sql: str, values: Sequence[Any] = ()) -> None:
        self._cursor.execute(_in_driver_words(sql), values)

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        self._cursor.executemany(_in_driver_words(sql), rows)

    def insert(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        if not rows:
            return
        values = f"VALUES ({', '.join('?' * len(rows[0]))})"
        if sql.count(values) != 1:
            raise ValueError("one VALUES with a mark for each column is needed")
        columns = [list(column) for column in zip(*rows, strict=True)]
        # One statement with an array for each column, in binary form: half of what a statement for each row costs the
        # server here, and a third of what it costs PostgreSQL.
        arrays = ", ".join(f"%b::{_array_of(column)}" for column in columns)
        self._cursor.execute(sql.replace(values, f"SELECT * FROM unnest({arrays})"), columns)  # noqa: S608 -- our types


def _prepare(connection: "psycopg.Connection[tuple[Any, ...]]") -> None:
    connection.execute("SET synchronous_commit = on")
    # A plan made without the values compares every row with 500 keys one by one as long as statistics are not
    # fresh: measured, half a second instead of 5 ms for 500 keys in 15,000 rows.
    connection.execute("SET plan_cache_mode = force_custom_plan")
    connection.execute(f"SET lock_timeout = '{LOCK_TIMEOUT_SECONDS}s'")
    connection.execute(f"SET statement_timeout = '{STATEMENT_TIMEOUT_SECONDS}s'")
    connection.execute(f"SET idle_in_transaction_session_timeout = '{IDLE_TIMEOUT_SECONDS}s'")
    connection.commit()


class PostgresEngine:
    """An `Engine` over a connection string. Raises EngineProblem if the database cannot be used.

    `create` makes the tables as they were at step `schema`; `earlier_allowed` opens an older database, for `migrate`.
    """

    name: Final = "postgresql"

    def __init__(
        self,
        address: str,
        *,
        create: bool = False,
        connections: int = 8,
        schema: int = SCHEMA_NUMBER,
        earlier_allowed: bool = False,
    ) -> None:
        self._pool = ConnectionPool(
            address,
            min_size=1,
            max_size=connections,
            open=False,
            configure=_prepare,
            timeout=CONNECTION_WAIT_SECONDS,
            name="wellbeing-server",
        )
        try:
            self._pool.open(wait=True, timeout=CONNECTION_WAIT_SECONDS)
        except PoolTimeout as error:
            self._pool.close()
            raise EngineProblem("The PostgreSQL database cannot be reached. Check --database.") from error
        try:
            if create:
                self.write(lambda transaction: migrate(transaction, BYTES, schema))
            check_number(self.read(schema_number), earlier_allowed=earlier_allowed or schema < SCHEMA_NUMBER)
        except errors.UndefinedTable as error:
            self._pool.close()
            raise EngineProblem("There is no server in this database. Run: wellbeing-server init.") from error
        except BaseException:
            self._pool.close()
            raise

    def write(self, work: Callable[[Transaction], Answer]) -> Answer:
        for attempt in range(TRIES):
            try:
                return self._transact(work, reading=False)
            except _COLLISIONS:
                time.sleep(0.01 * 2**attempt)  # the whole batch again, after whoever was in the way
        raise EngineBusy("The database was too busy.")

    def read(self, work: Callable[[Transaction], Answer]) -> Answer:
        return self._transact(work, reading=True)

    def _transact(self, work: Callable[[Transaction], Answer], *, reading: bool) -> Answer:
        try:
            with self._pool.connection() as connection, connection.transaction():
                if reading:
                    connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                return work(_Statements(connection))
        except (errors.DiskFull, errors.OutOfMemory) as error:
            raise EngineFull("The database has no room left.") from error
        except (*_PASSING, PoolTimeout) as error:
            raise EngineBusy("The database was too busy.") from error
        except psycopg.OperationalError as error:
            if isinstance(error, _COLLISIONS):
                raise
            raise EngineBusy("The database cannot be reached.") from error

    def migrate(self) -> tuple[int, ...]:
        return self.write(lambda transaction: migrate(transaction, BYTES))

    def history_mark(self) -> str:
        """The cluster's identity and its timeline: both change when a server fails over or is put back."""

        def look(transaction: Transaction) -> str:
            system = transaction.one("SELECT system_identifier::text FROM pg_control_system()")
            timeline = transaction.one("SELECT timeline_id::text FROM pg_control_checkpoint()")
            return f"{system[0] if system else ''}/{timeline[0] if timeline else ''}"

        return self.read(look)

    def renew_mark(self) -> str:
        return self.history_mark()

    def findings(self) -> list[str]:
        """PostgreSQL looks after its own files; page checksums are the deployer's to switch on."""
        return []

    def close(self) -> None:
        self._pool.close()
