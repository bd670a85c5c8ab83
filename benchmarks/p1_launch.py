"""P1: launch to painted unlock window, against a bare PySide6 window; each in a process of its own."""

from collections.abc import Iterator

from benchmarks.measure import Measured, paired
from benchmarks.stores import copy_of
from benchmarks.windows import window


def run(quick: bool = False) -> Iterator[Measured]:
    people, rounds = (200, 1) if quick else (10_000, 11)
    store = copy_of(people, "p1")

    def ours() -> float:
        told = window("unlock", store)
        return float(told["painted"] - told["begun"])

    def reference() -> float:
        told = window("bare")
        return float(told["painted"] - told["begun"])

    mine, theirs = paired(ours, reference, rounds=rounds)
    yield Measured(
        id="P1",
        what="launch to painted unlock window, the process included",
        reference_is="bare PySide6 window",
        unit="s",
        ours=mine,
        reference=theirs,
        reach=1.5,
        rounds=rounds,
    )
