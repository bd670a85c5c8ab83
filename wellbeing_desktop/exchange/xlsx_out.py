"""XLSX out: text is always text, dates are real dates, nothing is ever a formula."""

import datetime as dt
import io
import math
import re
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from wellbeing_desktop.exchange.csv_out import Cell

_MAX_CELL: Final = 32_767
_MAX_WIDTH: Final = 60
_NOT_IN_A_SHEET_NAME: Final = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
# XML 1.0 has no place for these; the writer leaves them in and Excel then calls the file damaged.
_NOT_IN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Sheet(msgspec.Struct, frozen=True):
    """One sheet. Identifiers and codes are given as text and stay text; numbers are given as numbers.

    `notes` stand above the headings, one a row: what the figures are and how complete.
    """

    name: str
    headers: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    notes: Sequence[str] = ()


def xlsx_bytes(sheets: Sequence[Sheet], *, title: str = "") -> bytes:
    """A workbook of at least one sheet, headings frozen and filtered. Dates show as 21-Nov-2026."""
    import xlsxwriter

    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": False,
        "default_date_format": "dd-mmm-yyyy",
        "remove_timezone": True,
    }
    with xlsxwriter.Workbook(out, options) as book:
        # The creation time would make two equal exports differ.
        book.set_properties({"title": title, "created": dt.datetime(2000, 1, 1, tzinfo=dt.UTC)})
        formats = {
            "heading": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
            "text": book.add_format({"num_format": "@", "valign": "top"}),
            "long": book.add_format({"num_format": "@", "valign": "top", "text_wrap": True}),
            "date": book.add_format({"num_format": "dd-mmm-yyyy", "align": "left", "valign": "top"}),
            "moment": book.add_format({"num_format": "dd-mmm-yyyy hh:mm", "align": "left", "valign": "top"}),
            "number": book.add_format({"valign": "top"}),
        }
        used: set[str] = set()
        for sheet in sheets:
            page = book.add_worksheet(_sheet_name(sheet.name, used))
            _fill(page, sheet, formats)
    return out.getvalue()


def _fill(page: Any, sheet: Sheet, formats: dict[str, Any]) -> None:
    top = 0
    for note in sheet.notes:
        page.write_string(top, 0, _xml_text(note), formats["text"])
        top += 1
    top += bool(sheet.notes)
    widths = [len(header) for header in sheet.headers]
    for column, header in enumerate(sheet.headers):
        page.write_string(top, column, _xml_text(header), formats["heading"])
    for line, row in enumerate(sheet.rows, top + 1):
        for column, cell in enumerate(row):
            shown = _write(page, line, column, cell, formats)
            if column < len(widths):
                widths[column] = max(widths[column], shown)
    for column, width in enumerate(widths):
        page.set_column(column, column, min(_MAX_WIDTH, max(8, width + 2)))
    page.freeze_panes(top + 1, 0)
    if sheet.headers and sheet.rows:
        page.autofilter(top, 0, top + len(sheet.rows), len(sheet.headers) - 1)


def _write(page: Any, line: int, column: int, cell: Cell, formats: dict[str, Any]) -> int:
    """Write one cell by its own type; the number of characters that it shows."""
    if cell is None:
        return 0
    if isinstance(cell, bool):
        return _write(page, line, column, "Yes" if cell else "No", formats)
    if isinstance(cell, dt.datetime):
        moment = cell.astimezone(dt.UTC) if cell.tzinfo else cell
        if moment.year >= 1900:
            page.write_datetime(line, column, moment.replace(tzinfo=None), formats["moment"])
            return 17
        return _write(page, line, column, moment.isoformat(sep=" ", timespec="minutes"), formats)
    if isinstance(cell, dt.date):
        if cell.year >= 1900:  # a spreadsheet knows no earlier date
            page.write_datetime(line, column, cell, formats["date"])
            return 11
        return _write(page, line, column, cell.isoformat(), formats)
    if isinstance(cell, int | float):
        if math.isfinite(cell) and abs(cell) < 1e15:
            page.write_number(line, column, cell, formats["number"])
        else:
            page.write_string(line, column, repr(cell), formats["text"])
        return len(repr(cell))
    text = _xml_text(cell)
    style = "long" if len(text) > _MAX_WIDTH or "\n" in text else "text"
    if text:
        page.write_string(line, column, text, formats[style])
    return max(map(len, text.splitlines()), default=0)


def _xml_text(text: str) -> str:
    """What a cell can hold. A character that XML cannot carry is shown by its code, as documents do."""
    shown = _NOT_IN_XML.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)
    return shown if len(shown) <= _MAX_CELL else shown[: _MAX_CELL - 20] + " [continues in CSV]"


def _sheet_name(wanted: str, used: set[str]) -> str:
    base = _cut(_NOT_IN_A_SHEET_NAME.sub(" ", _NOT_IN_XML.sub(" ", wanted)).strip().strip("'"), 27).strip() or "Sheet"
    name, number = base, 2
    while name.casefold() in used or name.casefold() == "history":
        name, number = _cut(f"{base} {number}", 31), number + 1
    used.add(name.casefold())
    return name


def _cut(text: str, units: int) -> str:
    """At most so many UTF-16 units, which is how spreadsheets count."""
    return text.encode("utf-16-le", "ignore")[: units * 2].decode("utf-16-le", "ignore")
