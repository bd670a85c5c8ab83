"""CSV out: every cell quoted, UTF-8 with a byte-order mark so that Excel reads accents, CRLF line ends."""

import codecs
import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence

from wellbeing_desktop.exchange.spreadsheet_safety import safe_text

Cell = str | int | float | bool | dt.date | dt.datetime | None


def csv_bytes(headers: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """One table. Dates are ISO 8601, moments are in UTC, yes and no are words, None is empty."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([safe_text(header) for header in headers])
    for row in rows:
        writer.writerow([_text(cell) for cell in row])
    # A lone surrogate cannot be written; everything else can.
    return codecs.BOM_UTF8 + out.getvalue().encode("utf-8", "replace")


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "Yes" if cell else "No"
    if isinstance(cell, dt.datetime):
        moment = cell.astimezone(dt.UTC) if cell.tzinfo else cell
        return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
    if isinstance(cell, dt.date):
        return cell.isoformat()
    if isinstance(cell, int | float):
        return repr(cell)
    return safe_text(cell)
