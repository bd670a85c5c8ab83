"""Many rows inserted in one run of a statement.

With the cipher's memory security on, every allocation is locked and wiped, and each bound text is one. What a function
answers goes into one place that is used again: so the run asks the function `cell` for each value. An outbox of an
import costs a quarter, a push on the server's file a third. A column that is the same in every row is bound once and
not asked for.
"""

from collections.abc import Sequence
from itertools import chain, compress, count
from typing import Any, Final

from sqlcipher3 import dbapi2

from wellbeing_desktop.storage.statements import fill, json_text, marks

_ROWS_TOGETHER: Final = 1_000
"""Rows in one run."""

_FEW: Final = 8
"""Rows up to which each is bound."""


class Cells:
    """Of one connection, in its thread."""

    __slots__ = ("_cells", "_connection")

    def __init__(self, connection: dbapi2.Connection) -> None:
        self._connection = connection
        self._cells: list[Any] = []
        connection.create_function("cell", 1, self._cells.__getitem__)

    def insert_all(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """As `executemany`, for an INSERT with one `VALUES (?, ...)`. Raises ValueError for any other statement."""
        if not rows:
            return
        values = f"VALUES ({marks(len(rows[0]))})"
        if sql.count(values) != 1:
            raise ValueError("one VALUES with a mark for each column is needed")
        if len(rows) <= _FEW:
            self._connection.executemany(sql, rows)
            return
        for first in range(0, len(rows), _ROWS_TOGETHER):
            self._insert(sql, values, rows[first : first + _ROWS_TOGETHER])

    def _insert(self, sql: str, values: str, rows: Sequence[Sequence[Any]]) -> None:
        columns = list(zip(*rows, strict=True))
        differing = [column.count(column[0]) < len(column) for column in columns]
        same = [column[0] for column, differs in zip(columns, differing, strict=True) if not differs]
        self._cells[:] = chain.from_iterable(zip(*compress(columns, differing), strict=True))
        try:
            if "\0" in "".join(cell for cell in self._cells if isinstance(cell, str)):
                self._connection.executemany(sql, rows)  # a function's text would end at the NUL
            else:
                many = sql.replace(values, _selected(differing))
                self._connection.execute(many, (*same, json_text([0] * len(rows))))
        finally:
            self._cells.clear()


def _selected(differing: Sequence[bool]) -> str:
    """For each column the cell of the row, or a mark if it is the same in every row."""
    places = count()
    width = sum(differing)
    parts = [f"cell({width} * key + {next(places)})" if differs else "?" for differs in differing]
    # WHERE true: without it ON CONFLICT would be read as a part of a join
    return fill("SELECT {parts} FROM json_each(?) WHERE true", parts=", ".join(parts))
