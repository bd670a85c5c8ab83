"""Delimited text into rows: encoding, delimiter and line ends found out, true line numbers kept."""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator
from typing import Final, NamedTuple

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.exchange.tables import MAX_CELL, MAX_COLUMNS, MAX_ROWS, RawRows, Refusal, Row, lines_in_words

_DELIMITERS: Final = (",", ";", "\t", "|")
_LINE: Final = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_SAMPLE_LINES: Final = 200
_MOST_RECOVERIES: Final = 20  # each reads the rest again; more than this is not a list with a slip in it
_LONG_CELL_LINES: Final = 20


class _Text(NamedTuple):
    lines: list[str]
    encoding: str
    notices: list[str]


def read_rows(data: bytes) -> RawRows:
    """Every row of delimited text, or Refused if it is not text."""
    text = _decoded(data)
    lines, notices = text.lines, text.notices
    skipped = 0
    delimiter = ""
    # Excel writes and reads a first line `sep=;`.
    if lines and (found := re.fullmatch(r"sep=(.)[\r\n]*", lines[0], re.IGNORECASE)):
        delimiter, skipped = found[1], 1
    if not delimiter or delimiter in '"\r\n\0':
        delimiter = _likely_delimiter(lines[skipped : skipped + _SAMPLE_LINES])
    rows, refused = _parsed(lines, skipped, delimiter, notices)
    if unwrapped := _unwrapped(rows):
        rows, delimiter = unwrapped
        notices.append("Every line was one quoted cell; the cells inside were taken apart.")
    return RawRows(rows, delimiter, text.encoding, notices, refused)


def _unwrapped(rows: list[Row]) -> tuple[list[Row], str] | None:
    """Rows whose whole line was put in quotation marks, as some exports do: the lines inside and their delimiter."""
    if len(rows) < 2 or any(len(row.cells) != 1 for row in rows):
        return None
    for delimiter in _DELIMITERS:
        inside = [list(_tolerant([row.cells[0]], delimiter)) for row in rows]
        widths = {len(records[0]) if len(records) == 1 else 1 for records in inside}
        if len(widths) == 1 and widths != {1}:
            return [Row(row.line, tuple(cells)) for row, (cells,) in zip(rows, inside, strict=True)], delimiter
    return None


def _decoded(data: bytes) -> _Text:
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if data.startswith(mark):
            return _with_known_encoding(data[len(mark) :], encoding)
    guessed = _utf16_without_mark(data)
    if guessed:
        return _with_known_encoding(data, guessed)
    if data.count(0) * 10 > len(data) and len(data) > 64:
        raise Refused("This file is not text. Import CSV or XLSX.")
    try:
        return _Text(_LINE.findall(data.decode("utf-8")), "utf-8", [])
    except UnicodeDecodeError:
        return _line_by_line(data)


def _with_known_encoding(data: bytes, encoding: str) -> _Text:
    try:
        return _Text(_LINE.findall(data.decode(encoding)), encoding, [])
    except UnicodeDecodeError:
        if encoding == "utf-8":
            return _line_by_line(data)
    lines = _LINE.findall(data.decode(encoding, errors="replace"))
    damaged = [number for number, line in enumerate(lines, 1) if "\ufffd" in line]
    notice = "Some characters could not be read"
    return _Text(lines, encoding, [f"{notice} ({lines_in_words(damaged)})." if damaged else f"{notice}."])


def _utf16_without_mark(data: bytes) -> str:
    """UTF-16 of mostly Latin text has a zero in every other byte."""
    sample = data[:4000]
    if len(sample) < 8:
        return ""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) / 2
    if odd > half * 0.6 and even < half * 0.1:
        return "utf-16-le"
    if even > half * 0.6 and odd < half * 0.1:
        return "utf-16-be"
    return ""


def _line_by_line(data: bytes) -> _Text:
    """Windows-1252, or a file pasted together from both: each line by what it can be."""
    lines: list[str] = []
    as_windows: list[int] = []
    as_utf8 = 0
    for number, raw in enumerate(re.findall(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", data), 1):
        if raw.isascii():
            lines.append(raw.decode("ascii"))
            continue
        try:
            lines.append(raw.decode("utf-8"))
            as_utf8 += 1
        except UnicodeDecodeError:
            as_windows.append(number)
            try:
                lines.append(raw.decode("cp1252"))
            except UnicodeDecodeError:
                lines.append(raw.decode("latin-1"))
    where = lines_in_words(as_windows)
    if as_utf8:
        notice = f"Two encodings are mixed in this file. Check names with accents on {where}."
        return _Text(lines, "utf-8 and cp1252", [notice])
    return _Text(lines, "cp1252", [f"Read as Windows-1252 text. Check names with accents on {where}."])


def _likely_delimiter(sample: list[str]) -> str:
    """The delimiter that makes most lines equally wide and wider than one cell; a comma when none does."""
    best, best_score = ",", (0.0, 0)
    for delimiter in _DELIMITERS:
        if not any(delimiter in line for line in sample):
            continue
        widths = Counter(len(cells) for cells in _tolerant(sample, delimiter) if any(cells))
        wide = [(count, width) for width, count in widths.items() if width > 1]
        if not wide:
            continue
        count, width = max(wide)
        score = (round(count / max(1, widths.total()), 1), width)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _tolerant(sample: list[str], delimiter: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(sample, delimiter=delimiter)
    except csv.Error:
        return


def _parsed(lines: list[str], start: int, delimiter: str, notices: list[str]) -> tuple[list[Row], list[Refusal]]:
    """Rows with the line that each begins on.

    A quotation mark that is never closed would swallow the rest of the file: the line that opens it is refused
    and reading goes on below it.
    """
    rows: list[Row] = []
    refused: list[Refusal] = []
    long_cells: list[int] = []
    recoveries = 0
    while start < len(lines):
        stopped = _read_on(lines, start, delimiter, rows, refused, long_cells)
        if stopped is None:
            break
        recoveries += 1
        start = stopped + 1
        if recoveries > _MOST_RECOVERIES:
            refused.append(Refusal(start + 1, "Quotation marks do not match from here on, so the rest was not read."))
            break
    if long_cells:
        notices.append(
            f"A cell that begins on {lines_in_words(long_cells)} runs over many lines. "
            "Check that no quotation mark is missing there."
        )
    return rows, refused


def _read_on(
    lines: list[str], start: int, delimiter: str, rows: list[Row], refused: list[Refusal], long_cells: list[int]
) -> int | None:
    """Read from `start` (an index) to the end; the index of a line that cannot be read past, or None."""
    reader = csv.reader(iter(lines[start:]) if start else iter(lines), delimiter=delimiter)
    begins = start
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return None
        except csv.Error:
            refused.append(Refusal(begins + 1, "This line has a cell that is too long to be part of a list."))
            return begins
        ends = start + reader.line_num
        if ends == len(lines) and ends - begins > 1 and _is_unclosed(lines[begins:ends]):
            refused.append(Refusal(begins + 1, "A quotation mark on this line is never closed."))
            return begins
        if ends - begins > _LONG_CELL_LINES:
            long_cells.append(begins + 1)
        if len(cells) > MAX_COLUMNS:
            refused.append(Refusal(begins + 1, f"This line has more than {MAX_COLUMNS} cells."))
        elif any(len(cell) > MAX_CELL for cell in cells):
            refused.append(Refusal(begins + 1, "This line has a cell that is too long to be part of a list."))
        elif cells:
            rows.append(Row(begins + 1, tuple(cells)))
            if len(rows) > MAX_ROWS * 2:
                raise Refused(f"The list has more than {MAX_ROWS:,} rows. Split it and import the parts.")
        begins = ends


def _is_unclosed(lines: list[str]) -> bool:
    return sum(line.count('"') for line in lines) % 2 == 1
