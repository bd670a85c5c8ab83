"""A spreadsheet (XLSX) into rows. The archive is measured before anything in it is expanded."""

import datetime as dt
import io
import re
import warnings
import zipfile
import zlib
from typing import Any, Final
from xml.etree import ElementTree

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.exchange.tables import MAX_CELL, MAX_COLUMNS, MAX_ROWS, RawRows, Refusal, Row

MAX_ENTRIES: Final = 2_000
MAX_EXPANDED: Final = 200 * 1024 * 1024
MAX_RATIO: Final = 100
_SMALL_PART: Final = 256 * 1024  # repeated styles compress well; only parts above this can fill a memory
_CHUNK: Final = 1024 * 1024
_DAMAGED: Final = (
    "This workbook is damaged and cannot be read. Open it in a spreadsheet, save it again and import that."
)
# What the reading library is known to raise on files that are not what they say.
_READ_FAILURES: Final = (
    zipfile.BadZipFile,
    zlib.error,
    ElementTree.ParseError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    EOFError,
    OverflowError,
    NotImplementedError,
    RuntimeError,
    OSError,
    AssertionError,
    SyntaxError,
)


def read_rows(data: bytes, sheet: str = "") -> RawRows:
    """Every row of one sheet: the one named, else the first visible one with content. Raises Refused."""
    check_archive(data)
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library warns of styles and extensions that we do not read
        try:
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
            try:
                return _from_book(book, sheet)
            finally:
                book.close()
        except _READ_FAILURES as failure:
            raise Refused(_DAMAGED) from failure


def check_archive(data: bytes) -> None:
    """Refuse what is not an XLSX, or would expand out of proportion, or declares XML entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            if "xl/workbook.xml" not in names and "[Content_Types].xml" not in names:
                raise Refused("This is a compressed file, not a workbook. Import CSV or XLSX.")
            if "xl/workbook.xml" not in names and any(name.startswith(("word/", "ppt/")) for name in names):
                raise Refused("This is a document, not a workbook. Import CSV or XLSX.")
            if len(entries) > MAX_ENTRIES:
                raise Refused("This workbook has too many parts to be a list of people.")
            if sum(entry.file_size for entry in entries) > MAX_EXPANDED:
                raise Refused("This workbook is too large when unpacked. Save the list alone, as CSV or XLSX.")
            for entry in entries:
                if entry.flag_bits & 1:
                    raise Refused("This workbook is protected by a password. Save a copy without one and import that.")
                if entry.file_size > _SMALL_PART and entry.file_size > MAX_RATIO * max(1, entry.compress_size):
                    raise Refused("This workbook unpacks to far more than its size, so it was not opened.")
            for entry in entries:
                if entry.filename.endswith((".xml", ".rels", ".vml")):
                    _refuse_entities(archive, entry)
    except _READ_FAILURES as failure:
        raise Refused(_DAMAGED) from failure


def _refuse_entities(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """No spreadsheet program writes a document type, and entities are how XML bombs and file reads are made."""
    with archive.open(entry) as part:
        tail = b""
        while chunk := part.read(_CHUNK):
            # The zero bytes go, so that UTF-16 is seen too.
            window = tail + chunk.replace(b"\0", b"")
            if b"<!DOCTYPE" in window or b"<!ENTITY" in window:
                raise Refused("This workbook has XML declarations that spreadsheets do not write. It was not opened.")
            tail = window[-16:]


def _from_book(book: Any, wanted: str) -> RawRows:
    names = tuple(book.sheetnames)
    if wanted and wanted not in names:
        raise Refused("There is no sheet of that name in this workbook.")
    sheets = [book[wanted]] if wanted else [s for s in book.worksheets if s.sheet_state == "visible"] or book.worksheets
    for sheet in sheets:
        if not hasattr(sheet, "iter_rows"):
            continue  # a chart on a sheet of its own
        rows, refused, formulas = _from_sheet(sheet)
        if rows or refused or wanted:
            notices = []
            others = [name for name in names if name != sheet.title]
            if others and not wanted:
                notices.append(
                    f"One sheet of {len(names)} was read, the first with anything in it. Choose another if needed."
                )
            return RawRows(rows, "", "xlsx", notices, refused, frozenset(formulas), sheet.title, names)
    raise Refused("No sheet of this workbook has anything in it.")


def _from_sheet(sheet: Any) -> tuple[list[Row], list[Refusal], set[tuple[int, int]]]:
    # The dimension that a file declares is not to be trusted: one cell in the last column of the last row
    # would otherwise make 17 thousand million empty ones.
    sheet.reset_dimensions()
    rows: list[Row] = []
    refused: list[Refusal] = []
    formulas: set[tuple[int, int]] = set()
    blank: Any = None
    for line, cells in enumerate(sheet.iter_rows(max_row=MAX_ROWS + 100, max_col=MAX_COLUMNS + 1), 1):
        if cells is blank:
            continue  # rows that the file leaves out are one and the same to the library
        texts = [_text(cell) for cell in cells]
        if not any(texts):
            blank = cells
            continue
        if len(texts) > MAX_COLUMNS and texts[MAX_COLUMNS]:
            refused.append(Refusal(line, f"This line has more than {MAX_COLUMNS} cells."))
            continue
        if any(len(text) > MAX_CELL for text in texts):
            refused.append(Refusal(line, "This line has a cell that is too long to be part of a list."))
            continue
        formulas.update((line, column) for column, cell in enumerate(cells) if cell.data_type == "f")
        rows.append(Row(line, tuple(texts)))
    return rows, refused, formulas


def _text(cell: Any) -> str:
    """What a person sees in the cell, as far as its value and number format say."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, int | float):
        return _number(value, str(cell.number_format or ""))
    return str(value)


def _number(value: float, number_format: str) -> str:
    if isinstance(value, float) and not value.is_integer():
        return repr(value)
    if abs(value) >= 1e15:
        # A spreadsheet keeps 15 digits; written like this, an identifier is refused as rounded and not believed.
        return f"{value:.6E}"
    digits = str(int(value))
    # `0000000000` or `000 000 0000` shows leading zeros that the number itself has lost.
    pattern = re.sub(r'[\s"\\-]', "", number_format)
    if value >= 0 and pattern and set(pattern) == {"0"}:
        return digits.zfill(len(pattern))
    return digits
