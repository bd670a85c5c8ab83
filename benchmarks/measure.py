"""How a number is taken: ours and its reference in turn, several rounds, the median of each, and their ratio.

Absolute times depend on the machine and on what else it does; the ratio within one run is what a change is judged by.
"""

import gc
import statistics
import time
from collections.abc import Callable
from typing import Final, Literal

import msgspec

Timed = Callable[[], float]
"""Does the work once and returns the seconds (or bytes) it took, with its own set-up left out."""


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """One row. `ours` and `reference` are medians in `unit`. `reach` is the ratio to stay under, or, where `by` is
    "difference", how many of `unit` ours may be above the reference. `rounds` is how many runs, at most."""

    id: str
    what: str
    reference_is: str
    unit: str
    ours: float
    reference: float
    reach: float
    rounds: int
    notes: str = ""
    by: Literal["ratio", "difference"] = "ratio"

    @property
    def ratio(self) -> float:
        return self.ours / self.reference if self.reference else float("inf")

    @property
    def within_reach(self) -> bool:
        if self.by == "difference":
            return self.ours - self.reference <= self.reach
        return self.ratio <= self.reach


MOST_SECONDS: Final = 240.0
"""For one row, its stores and what it makes once left out."""


def seconds(work: Callable[[], object]) -> float:
    gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def in_turn(ours: Timed, reference: Timed, *, rounds: int, warm: bool = True) -> tuple[list[float], list[float]]:
    """Every single figure of `rounds` runs of each, taken in turn. With `warm`, one of each goes first, not counted.

    After MOST_SECONDS no new round is begun: a slow machine gives fewer figures, and the run still ends.
    """
    ends = time.monotonic() + MOST_SECONDS
    if warm:
        ours()
        reference()
    mine: list[float] = []
    theirs: list[float] = []
    while not mine or (len(mine) < rounds and time.monotonic() < ends):
        theirs.append(reference())
        mine.append(ours())
    return mine, theirs


def paired(ours: Timed, reference: Timed, *, rounds: int = 5) -> tuple[float, float]:
    """Medians of `rounds` runs of each, taken in turn so that a slow spell of the machine falls on both.

    One run of each goes first and is not counted.
    """
    mine, theirs = in_turn(ours, reference, rounds=rounds)
    return statistics.median(mine), statistics.median(theirs)


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` (0 to 1) of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
