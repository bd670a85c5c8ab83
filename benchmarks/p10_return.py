"""P10: the monthly return over 1,000,000 contacts, against its own statements run bare.

The reference asks the very statements that the return asked, with the same values, and fetches every row. What the
return does with them (facts, splits, figures, completeness, what arrived late, the hash) is what the ratio is about.
"""

from collections.abc import Iterator
from typing import Any

from benchmarks.measure import Measured, paired, seconds
from benchmarks.stores import copy_of, opened
from wellbeing_desktop.domain.return_definition import Month, shipped_definition
from wellbeing_desktop.exchange.bank_holidays import shipped_bank_holidays
from wellbeing_desktop.operations.returns import run_return
from wellbeing_desktop.storage.connection import Reader

MONTH = Month(2026, 10)


def run(quick: bool = False) -> Iterator[Measured]:
    people, rounds = (200, 1) if quick else (10_000, 5)
    definition, holidays = shipped_definition(), shipped_bank_holidays()
    with opened(copy_of(people, "p10", "contacts")) as store:
        asked: list[tuple[str, Any]] = []

        def count(reader: Reader) -> int:
            result = run_return(reader, definition, MONTH, holidays=holidays)
            return sum(fact.size for fact in result.facts)

        contacts = store.read(lambda reader: int(reader.value("SELECT count(*) FROM contact")))
        facts = store.read(lambda reader: count(_Listening(reader, asked)))

        def bare(reader: Reader) -> None:
            for sql, values in asked:
                reader.connection.execute(sql, values).fetchall()

        mine, theirs = paired(
            lambda: seconds(lambda: store.read(count)), lambda: seconds(lambda: store.read(bare)), rounds=rounds
        )
    yield Measured(
        id="P10",
        what=f"monthly return over {contacts:,} contacts",
        reference_is=f"its {len(asked)} statements, bare",
        unit="s",
        ours=mine,
        reference=theirs,
        reach=1.3,
        rounds=rounds,
        notes=f"{facts:,} facts in the month",
    )


class _Listening(Reader):
    """A reader that notes what is asked."""

    __slots__ = ("_asked",)

    def __init__(self, reader: Reader, asked: list[tuple[str, Any]]) -> None:
        super().__init__(reader.connection)
        self._asked = asked

    def rows(self, sql: str, params: Any = ()) -> list[tuple[Any, ...]]:
        self._asked.append((sql, params))
        return super().rows(sql, params)

    def row(self, sql: str, params: Any = ()) -> tuple[Any, ...] | None:
        self._asked.append((sql, params))
        return super().row(sql, params)
