"""What a function of the store is given: a `Reader` or a `Writer` over the one connection of its thread.

Values are always bound. What the driver reports comes out as a StoreProblem with advice; what remains a driver's
error is a fault in the program.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from sqlcipher3 import dbapi2

from wellbeing_desktop.storage.cells import Cells
from wellbeing_desktop.storage.problems import driver_told

Params = Sequence[Any] | Mapping[str, Any]
"""For `?` and for `:name`."""


class Row:
    """One row by column name: `row.born_on`, `row["born_on"]`, `row.keys()`. Unpacks like a tuple."""

    __slots__ = ("_names", "_values")

    def __init__(self, names: Mapping[str, int], values: tuple[Any, ...]) -> None:
        self._names = names
        self._values = values

    def __getattr__(self, name: str) -> Any:
        try:
            return self._values[self._names[name]]
        except KeyError:
            raise AttributeError(f"this row has no column {name}") from None

    def __getitem__(self, key: str | int) -> Any:
        return self._values[key if isinstance(key, int) else self._names[key]]

    def keys(self) -> list[str]:
        return list(self._names)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Row) and (self._names, self._values) == (other._names, other._values)

    __hash__ = None  # type: ignore[assignment]  # rows hold anything; mypy knows no other way to say so


class Reader:
    """Reads. Belongs to its thread; never keep one beyond the function it was given to."""

    __slots__ = ("_connection",)

    def __init__(self, connection: dbapi2.Connection) -> None:
        self._connection = connection

    @property
    def connection(self) -> dbapi2.Connection:
        """For `storage` itself: backup, checks, checkpoints."""
        return self._connection

    @property
    def changes(self) -> int:
        """Rows changed over this connection so far; for telling whether a job wrote anything."""
        return int(self._connection.total_changes)

    @contextmanager
    def at_one_moment(self) -> Iterator[None]:
        """What is read inside is of one moment, whatever is saved meanwhile: no half of somebody's work is seen."""
        with driver_told():
            self._connection.execute("BEGIN")
        try:
            yield
        finally:
            while self._connection.in_transaction:  # an interruption meant for a query may reach this instead
                with suppress(dbapi2.Error):
                    self._connection.execute("ROLLBACK")

    def rows(self, sql: str, params: Params = ()) -> list[tuple[Any, ...]]:
        """All rows at once, which is what lists want; `each` for what may be many."""
        with driver_told():
            found: list[tuple[Any, ...]] = self._connection.execute(sql, params).fetchall()
            return found

    def row(self, sql: str, params: Params = ()) -> tuple[Any, ...] | None:
        """The first row, or None."""
        with driver_told():
            cursor = self._connection.execute(sql, params)
            first: tuple[Any, ...] | None = cursor.fetchone()
            cursor.close()  # an unfinished statement would keep the log from being brought in
            return first

    def value(self, sql: str, params: Params = ()) -> Any:
        """The first column of the first row, or None."""
        first = self.row(sql, params)
        return None if first is None else first[0]

    def named(self, sql: str, params: Params = ()) -> list[Row]:
        """Rows whose columns are read by name."""
        with driver_told():
            cursor = self._connection.execute(sql, params)
            names = {column[0]: place for place, column in enumerate(cursor.description or ())}
            return [Row(names, values) for values in cursor.fetchall()]

    def each(self, sql: str, params: Params = ()) -> Iterator[tuple[Any, ...]]:
        """Row by row, for what is too large to hold. Finish it, or close it, before the function returns."""
        with driver_told():
            cursor = self._connection.execute(sql, params)
            try:
                yield from cursor
            finally:
                cursor.close()


class Writer(Reader):
    """Reads, and writes within `immediate()`."""

    __slots__ = ("_cells",)

    def __init__(self, connection: dbapi2.Connection) -> None:
        super().__init__(connection)
        self._cells = Cells(connection)

    def execute(self, sql: str, params: Params = ()) -> int:
        """Run one statement within a transaction; answers how many rows it touched (-1 if none can be)."""
        self._must_be_inside()
        with driver_told():
            touched: int = self._connection.execute(sql, params).rowcount
            return touched

    def executemany(self, sql: str, params: Iterable[Params]) -> int:
        """Run one statement for each set of values; answers how many rows were touched altogether."""
        self._must_be_inside()
        with driver_told():
            touched: int = self._connection.executemany(sql, params).rowcount
            return touched

    def insert_all(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """As `executemany`, for an INSERT with one `VALUES (?, ...)` and many rows; see `cells.py`."""
        self._must_be_inside()
        with driver_told():
            self._cells.insert_all(sql, rows)

    @contextmanager
    def immediate(self) -> Iterator[None]:
        """One transaction: BEGIN IMMEDIATE, then COMMIT, or ROLLBACK if anything is raised.

        IMMEDIATE because a transaction that reads first and writes later fails at once when another writes
        (SECURITY 2.6). There is no nesting: raises RuntimeError.
        """
        if self._connection.in_transaction:
            raise RuntimeError("a transaction is already open; there is no nesting")
        with driver_told():
            self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            with driver_told():
                self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:  # a full disk has rolled back already
                with driver_told():
                    self._connection.execute("ROLLBACK")
            raise

    @property
    def in_transaction(self) -> bool:
        return bool(self._connection.in_transaction)

    def _must_be_inside(self) -> None:
        if not self._connection.in_transaction:
            raise RuntimeError("writes happen inside `with writer.immediate():`")
