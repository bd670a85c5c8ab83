"""P2: unlock to painted Today at 10,000 people, against the same question over a connection opened bare."""

import statistics
from collections.abc import Iterator

from benchmarks.measure import Measured
from benchmarks.practice import RECORDS_EACH
from benchmarks.stores import copy_of
from benchmarks.windows import window


def run(quick: bool = False) -> Iterator[Measured]:
    people, rounds = (200, 1) if quick else (10_000, 9)
    store = copy_of(people, "p2")
    told = [window("today", store) for _ in range(rounds)]
    yield Measured(
        id="P2",
        what=f"unlock to painted Today, {people * RECORDS_EACH:,} records",
        reference_is="raw open and the same query",
        unit="s",
        ours=statistics.median(each["ours"] for each in told),
        reference=statistics.median(each["reference"] for each in told),
        reach=0.250,
        by="difference",
        rounds=rounds,
        notes="each in a new process, so the window's first imports are in it; key derivation at the cost of tests",
    )
