"""P9: a care plan of about four pages, against reportlab drawing the same words."""

from collections.abc import Iterator

from benchmarks.measure import Measured, paired, seconds
from benchmarks.paper import bare_drawing, plan
from wellbeing_desktop.documents.pdf import render_pdf
from wellbeing_desktop.documents.print_style import STANDARD
from wellbeing_desktop.documents.typeset import forget


def run(quick: bool = False) -> Iterator[Measured]:
    each = 1 if quick else 10
    rounds = 1 if quick else 5
    document = plan()

    def ours(cold: bool) -> float:
        def work() -> None:
            for _ in range(each):
                if cold:
                    forget()
                render_pdf(document, STANDARD)

        return seconds(work) / each

    def reference() -> float:
        return seconds(lambda: [bare_drawing([document], STANDARD) for _ in range(each)]) / each

    for name, cold in (("P9", False), ("P9 first", True)):
        mine, theirs = paired(lambda cold=cold: ours(cold), reference, rounds=rounds)
        yield Measured(
            id=name,
            what="care plan of about four pages" + (", first of the process" if cold else ", again"),
            reference_is="bare reportlab drawing of the same words",
            unit="s",
            ours=mine,
            reference=theirs,
            reach=1.4,
            rounds=rounds,
            notes="with tables, chart, square code, bookmarks",
        )
