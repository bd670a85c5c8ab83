"""P8: 500 letters to one PDF, against reportlab drawing the same words."""

from collections.abc import Iterator

from benchmarks.measure import Measured, paired, seconds
from benchmarks.paper import bare_drawing, letter
from wellbeing_desktop.documents.pdf import render_batch
from wellbeing_desktop.documents.print_style import STANDARD
from wellbeing_desktop.documents.typeset import forget


def run(quick: bool = False) -> Iterator[Measured]:
    count = 20 if quick else 500
    rounds = 1 if quick else 5
    documents = [letter(number) for number in range(count)]

    def ours() -> float:
        forget()  # each batch begins as in a fresh rendering process
        return seconds(lambda: render_batch(documents, [STANDARD] * count, duplex=False))

    def reference() -> float:
        return seconds(lambda: bare_drawing(documents, STANDARD))

    mine, theirs = paired(ours, reference, rounds=rounds)
    yield Measured(
        id="P8",
        what=f"{count} letters to one PDF",
        reference_is="bare reportlab drawing of the same words",
        unit="s",
        ours=mine,
        reference=theirs,
        reach=1.4,
        rounds=rounds,
        notes="with windows, headings, bookmarks, page x of y, fallback fonts and shaping",
    )
