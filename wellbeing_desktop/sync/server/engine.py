"""What the server needs of a database: transactions over one logical schema (SYNC 3.3). Two engines give it.

All statements are written once, in `sql.py`, with `?` for values and standard SQL that both understand. What differs
is behind this interface: how a transaction begins, the byte-string type, and how trouble is told.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Protocol, TypeVar

Answer = TypeVar("Answer")


class EngineBusy(Exception):
    """The database could not be had in time; nothing was done, the same request may be sent again."""


class EngineFull(Exception):
    """The disk is full; nothing was acknowledged."""


class EngineProblem(Exception):
    """The database cannot be used as asked. The message is a sentence for the administrator."""


class Transaction(Protocol):
    """Statements inside one transaction."""

    def one(self, sql: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """The first row, or None."""
        ...

    def all(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]: ...

    def keyed(self, sql: str, values: Sequence[Any], keys: Sequence[str | int]) -> list[tuple[Any, ...]]:
        """The rows of any number of keys, in no order: `SELECT ... FROM {keys} t WHERE t.org = ? AND t.id = {key}`.

        `{key}` comes after every `?`, and its column carries the table's name. No key may stand twice.
        """
        ...

    def each(self, sql: str, values: Sequence[Any] = (), *, at_once: int = 2_000) -> Iterator[tuple[Any, ...]]:
        """Rows one by one, for a table that is larger than memory; at most `at_once` of them are held. Only in a
        reading transaction."""
        ...

    def run(self, sql: str, values: Sequence[Any] = ()) -> None: ...

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """The statement once for each row."""
        ...

    def insert(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Many rows, by an INSERT with one `VALUES (?, ...)`."""
        ...


class Engine(Protocol):
    """Thread-safe; each call is one whole transaction, committed durably before it returns (I2)."""

    @property
    def name(self) -> str:
        """ "sqlcipher" or "postgresql"."""
        ...

    def write(self, work: Callable[[Transaction], Answer]) -> Answer:
        """Run `work` in a transaction that writes; it may be run again from the start after a collision."""
        ...

    def read(self, work: Callable[[Transaction], Answer]) -> Answer:
        """Run `work` over one unmoving picture of the database."""
        ...

    def migrate(self) -> tuple[int, ...]:
        """Take the steps of `migrations.py` that are missing, in one transaction; the numbers of those taken."""
        ...

    def history_mark(self) -> str:
        """Changes when this is no longer the database that it was: another cluster or timeline, a file put back."""
        ...

    def renew_mark(self) -> str:
        """The mark to remember from now on, at each start of a server; the caller writes it into the clock row."""
        ...

    def findings(self) -> list[str]:
        """What the engine itself finds wrong with its files; empty if all is well."""
        ...

    def close(self) -> None: ...
