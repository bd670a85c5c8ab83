"""P3: key press to painted results among 100,000 people, against a bare FTS query and the painting of a plain table."""

from collections.abc import Iterator

from benchmarks.measure import Measured, percentile
from benchmarks.stores import copy_of
from benchmarks.windows import window


def run(quick: bool = False) -> Iterator[Measured]:
    people = 500 if quick else 100_000
    store = copy_of(people, "p3", "finding")
    for name, what, where in (
        ("P3", "find", "in the palette (Ctrl+K)"),
        ("P3 list", "caseload_find", "in the Caseload's own field"),
    ):
        told = window(what, store)
        ours, reference = told["ours"], told["reference"]
        yield Measured(
            id=name,
            what=f"key press to painted results, {people:,} people, {where}",
            reference_is="bare FTS query and a plain table painted",
            unit="s",
            ours=percentile(ours, 0.5),
            reference=percentile(reference, 0.5),
            reach=1.5,
            rounds=len(ours),
            notes="1, 2 and more letters, numbers, postcodes",
        )
        yield Measured(
            id=f"{name} p95",
            what="the same, the slowest of twenty",
            reference_is="the limit",
            unit="s",
            ours=percentile(ours, 0.95),
            reference=0.050,
            reach=1.0,
            rounds=len(ours),
        )
