"""P14: repaint of a full Caseload during a 500-letter print, an import and a first load, against the same repaint idle."""

from collections.abc import Iterator

from benchmarks.measure import Measured, percentile
from benchmarks.p13_import import people_csv
from benchmarks.serving import serving
from benchmarks.stores import copy_of, run_folder
from benchmarks.windows import window

WORK = {"print": "a {letters}-letter print", "import": "an import of {listed:,} people", "load": "a first load"}


def run(quick: bool = False) -> Iterator[Measured]:
    people, letters, listed = (300, 20, 100) if quick else (10_000, 500, 3_000)
    store = copy_of(people, "p14")
    csv_file = run_folder() / "p14.csv"
    csv_file.write_bytes(people_csv(listed))
    with serving(copy_of(people, "p14-server", "server")) as (address, service):
        from wellbeing_desktop.sync.server import members

        member = members.add_member(service, "Bench", ("owner",))
        code, _ends = members.invite(service, member, approved=True)
        told = window("repaint", store, str(letters), str(csv_file), address, code)
    for work, words in WORK.items():
        busy, idle = told[work], told["idle"]
        yield Measured(
            id=f"P14 {work}",
            what=f"repaint of a full Caseload during {words.format(letters=letters, listed=listed)}",
            reference_is="the same repaint, idle",
            unit="s",
            ours=percentile(busy, 0.5),
            reference=percentile(idle, 0.5),
            reach=6.0,
            rounds=len(busy),
            notes=f"slowest of twenty {percentile(busy, 0.95) * 1000:.0f} ms, idle {percentile(idle, 0.95) * 1000:.0f} ms",
        )
