"""The clocks that Today shows: run out, not watched yet, not confirmed (PRACTICE W13). Words first, colour after."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

from wellbeing_desktop.domain.dates import recent_words, staff_clock
from wellbeing_desktop.operations.watching import NOT_CONFIRMED, NOT_WATCHED, ClockRow, Clocks, ClockState
from wellbeing_desktop.ui.models.paged_table import TableRow
from wellbeing_desktop.ui.widgets.labels import Tone

_SAID: Final[Mapping[ClockState, str]] = {
    ClockState.RUN_OUT: "Run out",
    ClockState.NOT_WATCHED: NOT_WATCHED,
    ClockState.NOT_CONFIRMED: NOT_CONFIRMED,
}


def clock_rows(clocks: Clocks, now: dt.datetime) -> list[TableRow]:
    """State; what and since when, and below it who and whom to ring."""
    return [TableRow(f"clock/{row.id}", (_SAID[row.state], f"{_what(row, now)}\n{_who(row)}")) for row in clocks.rows]


def clocks_title(clocks: Clocks) -> str:
    """ "2 clocks have run out, as of 10:42", or how many there are to know of."""
    as_of = f", as of {staff_clock(clocks.as_of)}" if clocks.as_of is not None else ""
    if clocks.run_out:
        count = "1 clock has" if clocks.run_out == 1 else f"{clocks.run_out:,} clocks have"
        return f"{count} run out{as_of}"
    return "Clocks that nobody else knows of yet"


def clock_tone(words: str) -> Tone:
    return "bad" if words == _SAID[ClockState.RUN_OUT] else "warning"


def _what(row: ClockRow, now: dt.datetime) -> str:
    return f"{row.what} by {recent_words(row.due_at, now)}" if row.due_at is not None else row.what


def _who(row: ClockRow) -> str:
    return " ".join(filter(None, (f"{row.name}." if row.name else "", row.ring))) or "Not on this laptop."
