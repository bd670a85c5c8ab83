"""P11: resident memory with a person open, against a bare PySide6 window; and flat from 1,000 to 100,000 people."""

import statistics
from collections.abc import Iterator

from benchmarks.measure import Measured
from benchmarks.stores import copy_of
from benchmarks.windows import window


def run(quick: bool = False) -> Iterator[Measured]:
    few, usual, many, rounds = (100, 600, 1_000, 1) if quick else (1_000, 10_000, 100_000, 5)
    store = copy_of(usual, "p11")
    told = [(window("idle", store), window("bare")) for _ in range(rounds)]
    ours = statistics.median(each["resident"] for each, _ in told) / 1e6
    opened = "a person open" if told[0][0]["person_open"] else "the Caseload open"
    yield Measured(
        id="P11",
        what=f"resident memory, idle, {opened}, {usual:,} people",
        reference_is="bare PySide6 window",
        unit="MB",
        ours=ours,
        reference=statistics.median(each["resident"] for _, each in told) / 1e6,
        reach=2.2,
        rounds=rounds,
    )
    sizes = [copy_of(people, f"p11-{people}", "finding") for people in (few, many)]
    small, large = ([window("idle", size)["resident"] for _ in range(rounds)] for size in sizes)
    yield Measured(
        id="P11 flat",
        what=f"the same with {many:,} people",
        reference_is=f"with {few:,} people",
        unit="MB",
        ours=statistics.median(large) / 1e6,
        reference=statistics.median(small) / 1e6,
        reach=1.1,
        rounds=rounds,
        notes="people, addresses and numbers only",
    )
