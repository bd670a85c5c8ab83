"""`make bench`: runs the rows named (all when none is named), prints the table, writes JSON to benchmarks/results/."""

import argparse
import datetime as dt
import importlib
import pkgutil
import platform
from pathlib import Path

import msgspec

from benchmarks.measure import Measured

RESULTS = Path(__file__).parent / "results"


def rows() -> dict[str, str]:
    """Row id to module name: every `pN_*.py` beside this file."""
    return {
        name.split("_", 1)[0].upper(): name
        for _, name, _ in pkgutil.iter_modules([str(Path(__file__).parent)])
        if name[0] == "p" and name.split("_", 1)[0][1:].isdigit()
    }


def main() -> None:
    available = rows()
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    listed = ", ".join(sorted(available, key=lambda row: int(row[1:])))
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"of {listed}")
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that the benchmarks themselves work")
    chosen = parser.parse_args()
    measured: list[Measured] = []
    for row in sorted(chosen.rows or available, key=lambda row: int(row[1:])):
        module = importlib.import_module(f"benchmarks.{available[row.upper()]}")
        for result in module.run(quick=chosen.quick):
            measured.append(result)
            print(line(result), flush=True)
    if not chosen.quick:
        RESULTS.mkdir(exist_ok=True)
        stamp = dt.datetime.now(dt.UTC).strftime("%Y%m%d-%H%M%S")
        kept = {
            "at": stamp,
            "python": platform.python_version(),
            "system": platform.platform(),
            "rows": [msgspec.to_builtins(result) | {"ratio": round(result.ratio, 3)} for result in measured],
        }
        (RESULTS / f"{stamp}.json").write_bytes(msgspec.json.format(msgspec.json.encode(kept), indent=1))


def figure(result: Measured) -> str:
    if result.by == "difference":
        return f"{result.ours - result.reference:+.3f} {result.unit}"
    return f"{result.ratio:6.2f}x"


def reach(result: Measured) -> str:
    return f"{result.reach:+g} {result.unit}" if result.by == "difference" else f"{result.reach:g}x"


def line(result: Measured) -> str:
    verdict = "within" if result.within_reach else "MISSES"
    return (
        f"{result.id:<8} {figure(result)}  {verdict} {reach(result)}   ours {result.ours:.4g} {result.unit}, "
        f"{result.reference_is} {result.reference:.4g} {result.unit}   {result.what} {result.notes}"
    )


if __name__ == "__main__":
    main()
