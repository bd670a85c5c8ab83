"""Tables from outside: a CSV or XLSX file read into headings and rows, whatever it went through before.

The content decides how a file is read, never its name. A file that cannot be read at all is Refused in a
sentence; a line that cannot be trusted is set aside with its line number, and the rest stays usable.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import msgspec

from wellbeing_desktop.domain.errors import Refused

MAX_BYTES: Final = 50 * 1024 * 1024
MAX_ROWS: Final = 200_000
MAX_COLUMNS: Final = 500
MAX_CELL: Final = 32_767  # what a spreadsheet cell can hold
_HEADER_SEARCH_ROWS: Final = 40  # a title block above the headings is never longer in practice
_LISTED_LINES: Final = 10

_TOTAL: Final = re.compile(
    r"(?:grand |sub)?total\b.*|(?:patient |record |row )?count\b.*|number of (?:patients|people|records|rows)\b.*"
    r"|end of (?:report|list|file)\b.*|\d+ (?:patients|people|records|rows)\b.*",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(r"[-+£$]?[\d\s.,]*\d[\d\s.,]*%?", re.ASCII)
_DATE: Final = re.compile(r"\d{1,4}[-/.](?:\d{1,2}|[A-Za-z]{3})[-/.]\d{2,4}(?:[ T][\d:.]+)?", re.ASCII)
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_POSTCODE: Final = re.compile(r"[A-Za-z]{1,2}\d[\dA-Za-z]? \d[A-Za-z]{2}", re.ASCII)


class Row(NamedTuple):
    """One row under the headings. `line` counts from 1 as a text editor or spreadsheet shows it."""

    line: int
    cells: tuple[str, ...]


class Refusal(msgspec.Struct, frozen=True):
    """A line that is not used, and why, in a sentence without personal data."""

    line: int
    reason: str


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """Headings and rows of equal length. `refused` lines are not in `rows`.

    `formulas` are (line, column) places whose cell is a spreadsheet formula: its text is there, its value is not.
    `delimiter` is empty for XLSX; `sheets` are the names to choose from, empty for CSV.
    """

    headers: tuple[str, ...]
    rows: tuple[Row, ...]
    delimiter: str = ""
    encoding: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    header_line: int = 0
    notices: tuple[str, ...] = ()
    refused: tuple[Refusal, ...] = ()
    formulas: frozenset[tuple[int, int]] = frozenset()


class RawRows(NamedTuple):
    """What the two readers hand over: every row of the file, headings and titles included."""

    rows: list[Row]
    delimiter: str
    encoding: str
    notices: list[str]
    refused: list[Refusal]
    formulas: frozenset[tuple[int, int]] = frozenset()
    sheet: str = ""
    sheets: tuple[str, ...] = ()


def read_table(
    data: bytes, filename: str = "", *, sheet: str = "", known_header: Callable[[str], bool] | None = None
) -> Table:
    """Read CSV (any usual encoding, delimiter and line end) or XLSX.

    `filename` only helps to word a refusal. `sheet` chooses a sheet by name, else the first with content.
    `known_header` recognises a heading, so that a title block above the headings is told from them.
    Raises Refused when nothing can be read.
    """
    from wellbeing_desktop.exchange import csv_reader, xlsx_reader

    if not data:
        raise Refused("The file is empty (0 bytes).")
    if len(data) > MAX_BYTES:
        raise Refused(f"The file is larger than {MAX_BYTES // (1024 * 1024)} MB. Split it and import the parts.")
    _refuse_other_formats(data, filename)
    raw = xlsx_reader.read_rows(data, sheet) if data.startswith(b"PK") else csv_reader.read_rows(data)
    return _shaped(raw, known_header)


def lines_in_words(lines: Sequence[int]) -> str:
    """`line 4`, `lines 4 and 9`, or the first ten and how many more."""
    shown = [str(line) for line in lines[:_LISTED_LINES]]
    if len(lines) > _LISTED_LINES:
        return f"lines {', '.join(shown)} and {len(lines) - _LISTED_LINES} more"
    if len(shown) == 1:
        return f"line {shown[0]}"
    return f"lines {', '.join(shown[:-1])} and {shown[-1]}"


def _refuse_other_formats(data: bytes, filename: str) -> None:
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        if filename.lower().endswith(".xlsx"):
            raise Refused("This workbook is protected by a password. Save a copy without one and import that.")
        raise Refused("This is an older Excel file (.xls). Save it as .xlsx or CSV and import that.")
    for start, kind in (
        (b"%PDF", "a PDF"),
        (b"\x89PNG", "a picture"),
        (b"\xff\xd8\xff", "a picture"),
        (b"GIF8", "a picture"),
        (b"\x1f\x8b", "a compressed file"),
        (b"7z\xbc\xaf", "a compressed file"),
        (b"Rar!", "a compressed file"),
        (b"SQLite format 3", "a database"),
        (b"{\\rtf", "a word-processor document"),
    ):
        if data.startswith(start):
            raise Refused(f"This file is {kind}, not a list. Import CSV or XLSX.")
    opening = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if opening.startswith((b"<!doctype", b"<html", b"<?xml", b"<table")):
        raise Refused("This file is a web page or XML, not a list. Import CSV or XLSX.")


def _shaped(raw: RawRows, known_header: Callable[[str], bool] | None) -> Table:
    """Find the headings, drop what is not data, and make every row as long as the headings."""
    notices, refused = list(raw.notices), list(raw.refused)
    filled = [row for row in raw.rows if any(cell.strip() for cell in row.cells)]
    if not filled:
        if refused:
            raise Refused(f"No line of this file can be read. Line {refused[0].line}: {refused[0].reason}")
        raise Refused("The file has no rows with anything in them.")
    place, headed = _find_headings(filled, known_header)
    body = filled[place + 1 :] if headed else filled
    if headed:
        headings = [" ".join(cell.split()) for cell in filled[place].cells]
        if place:
            titles = lines_in_words([row.line for row in filled[:place]])
            notices.append(f"The headings are on line {filled[place].line}; {titles} above them were left out.")
    else:
        headings = []
        notices.append(f"No headings were found on line {filled[0].line}. Say what each column is.")
    body = _without_totals(body, notices)
    width = _width(headings, body, headed=headed)
    if width > MAX_COLUMNS:
        raise Refused(f"The list has more than {MAX_COLUMNS} columns.")
    headers = _named(headings, width, notices, headed=headed)
    rows = _fitted(body, width, notices, refused)
    if len(rows) > MAX_ROWS:
        raise Refused(f"The list has more than {MAX_ROWS:,} rows. Split it and import the parts.")
    if not rows and not refused:
        notices.append("There are headings but no rows under them.")
    return Table(
        headers=headers,
        rows=tuple(rows),
        delimiter=raw.delimiter,
        encoding=raw.encoding,
        sheet=raw.sheet,
        sheets=raw.sheets,
        header_line=filled[place].line if headed else 0,
        notices=tuple(notices),
        refused=tuple(sorted(refused, key=lambda refusal: refusal.line)),
        formulas=raw.formulas,
    )


def _find_headings(rows: list[Row], known_header: Callable[[str], bool] | None) -> tuple[int, bool]:
    """The index of the heading row, and whether there is one at all."""
    top = rows[:_HEADER_SEARCH_ROWS]
    if known_header is not None:
        for index, row in enumerate(top):
            known = sum(known_header(cell) for cell in row.cells if cell.strip())
            if known >= 2 or (known == 1 and known == _filled_cells(row)):
                return index, True
    # A title has one or two cells where the data has many: the first row as wide as most rows holds the headings.
    usual = Counter(len(_right_trimmed(row.cells)) for row in rows[:200]).most_common(1)[0][0]
    place = next((index for index, row in enumerate(top) if _filled_cells(row) >= max(1, usual * 0.6)), 0)
    cells = [cell.strip() for cell in rows[place].cells if cell.strip()]
    as_data = [cell for cell in cells if _NUMBER.fullmatch(cell) or _is_personal(cell)]
    unheaded = any(map(_is_personal, cells)) or len(as_data) * 3 >= len(cells)
    return (0, False) if unheaded else (place, True)


def _is_personal(cell: str) -> bool:
    """Things that stand under a heading and are never one: a date, an NHS number, an e-mail address, a postcode."""
    packed = re.sub(r"[\s-]", "", cell)
    return bool(
        _DATE.fullmatch(cell)
        or re.fullmatch(r"[0-9]{10}", packed)
        or _EMAIL.fullmatch(cell)
        or _POSTCODE.fullmatch(cell)
    )


def _without_totals(rows: list[Row], notices: list[str]) -> list[Row]:
    kept = list(rows)
    dropped: list[int] = []
    while kept and len(dropped) < 3:
        first, *others = [cell.strip() for cell in kept[-1].cells if cell.strip()]
        if (
            not _TOTAL.fullmatch(first)
            or not all(map(_NUMBER.fullmatch, others))
            or len(kept[-1].cells) == 1 == len(rows)
        ):
            break
        dropped.append(kept.pop().line)
    if dropped:
        notices.append(f"A total at the end ({lines_in_words(sorted(dropped))}) was left out.")
    return kept


def _width(headings: list[str], body: list[Row], *, headed: bool) -> int:
    if headed:
        last = max((index for index, heading in enumerate(headings) if heading), default=-1) + 1
        # Columns without a heading count only when most of the list agrees that they are there.
        usual = Counter(len(_right_trimmed(row.cells)) for row in body).most_common(1)
        agreed = usual[0][0] if usual and usual[0][1] * 2 > len(body) and len(body) > 2 else 0
        return max(last, min(agreed, len(headings)))
    return Counter(len(_right_trimmed(row.cells)) for row in body).most_common(1)[0][0]


def _named(headings: list[str], width: int, notices: list[str], *, headed: bool) -> tuple[str, ...]:
    seen: Counter[str] = Counter()
    names: list[str] = []
    for index in range(width):
        heading = headings[index] if index < len(headings) else ""
        if not heading:
            if headed:
                notices.append(f"Column {index + 1} has no heading.")
            heading = f"Column {index + 1}"
        seen[heading] += 1
        if seen[heading] == 2:
            notices.append(f"The heading of column {index + 1} is there more than once.")
        names.append(heading if seen[heading] == 1 else f"{heading} ({seen[heading]})")
    return tuple(names)


def _fitted(body: list[Row], width: int, notices: list[str], refused: list[Refusal]) -> list[Row]:
    rows: list[Row] = []
    short: list[int] = []
    for row in body:
        cells = _right_trimmed(row.cells)
        if len(cells) > width:
            refused.append(
                Refusal(
                    row.line,
                    f"This line has {len(cells)} cells and there are {width} columns, so cells may be "
                    "in the wrong column.",
                )
            )
            continue
        if any("\0" in cell for cell in cells):
            refused.append(Refusal(row.line, "This line has NUL characters in it, a sign of a damaged file."))
            continue
        if len(row.cells) < width:
            short.append(row.line)
        rows.append(Row(row.line, tuple(cells) + ("",) * (width - len(cells))))
    if short:
        notices.append(f"Fewer cells than columns on {lines_in_words(short)}; the missing ones were taken as empty.")
    return rows


def _right_trimmed(cells: tuple[str, ...]) -> tuple[str, ...]:
    end = len(cells)
    while end and not cells[end - 1].strip():
        end -= 1
    return cells[:end]


def _filled_cells(row: Row) -> int:
    return sum(bool(cell.strip()) for cell in row.cells)
