"""GP practices: the ODS file `epraccur` (27 columns, no headings) and headed lists with an ODS code.

A practice is known by its code, never by its name or postcode: two practices may share a health centre.
"""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from wellbeing_desktop.domain.dates import parse_listed_date
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.ods_code import parse_ods_code
from wellbeing_desktop.domain.postcode import check_postcode
from wellbeing_desktop.domain.resources import resource
from wellbeing_desktop.exchange.column_mapping import folded_header
from wellbeing_desktop.exchange.tables import Refusal, Table, read_table

_EPRACCUR_COLUMNS: Final = 27
# Places in epraccur, from 0 (ODS data file description).
_CODE, _NAME, _ADDRESS, _POSTCODE, _OPENED, _CLOSED, _STATUS, _TELEPHONE, _SETTING = 0, 1, 4, 9, 10, 11, 12, 17, 25
_GP_PRACTICE: Final = "4"  # prescribing setting; others are clinics, prisons, out-of-hours services
_CODE_HEADINGS: Final = frozenset({"code", "odscode", "practicecode", "organisationcode", "gppracticecode"})
_NAME_HEADINGS: Final = frozenset({"name", "practicename", "gppractice", "organisationname", "practice"})
_ABBREVIATIONS: Final = frozenset({"ST", "DR", "DRS", "LTD", "RD", "MR", "MRS", "CTR"})
_SMALL_WORDS: Final = frozenset({"and", "of", "the", "at", "in", "on"})


class PracticeRow(msgspec.Struct, frozen=True, kw_only=True):
    """One practice as listed. `closed` practices are kept: old records point at them.

    `list_size` is the number of registered people on `list_size_on`, None when not given.
    """

    line: int
    code: str
    name: str
    address: tuple[str, ...] = ()
    postcode: str = ""
    telephone: str = ""
    opened_on: dt.date | None = None
    closed_on: dt.date | None = None
    closed: bool = False
    gp_practice: bool = True
    list_size: int | None = None
    list_size_on: dt.date | None = None


class PracticeList(msgspec.Struct, frozen=True):
    practices: tuple[PracticeRow, ...]
    refused: tuple[Refusal, ...]


def shipped_practices() -> tuple[PracticeRow, ...]:
    """Every practice in `resources/reference/practices`, by code, open ones first."""
    found: dict[str, PracticeRow] = {}
    for path in sorted(resource("reference/practices").glob("*.csv")):
        for practice in read_practices(path.read_bytes()).practices:
            found.setdefault(practice.code, practice)
    return tuple(sorted(found.values(), key=lambda practice: (practice.closed, practice.code)))


def read_practices(data: bytes) -> PracticeList:
    """An epraccur file, or a CSV or XLSX with headings for code and name. Raises Refused for any other."""
    table = read_table(data)
    if not table.header_line and len(table.headers) in (_EPRACCUR_COLUMNS, _EPRACCUR_COLUMNS - 1):
        return _each(table, _from_epraccur)
    folded = [folded_header(header) for header in table.headers]
    code = next((index for index, header in enumerate(folded) if header in _CODE_HEADINGS), None)
    name = next((index for index, header in enumerate(folded) if header in _NAME_HEADINGS), None)
    if code is None or name is None:
        raise Refused("This is not a list of practices: it needs columns for the ODS code and the name.")
    places = {header: index for index, header in enumerate(folded)}

    def from_headed(line: int, cells: Sequence[str]) -> PracticeRow:
        def cell(heading: str) -> str:
            return cells[places[heading]].strip() if heading in places else ""

        size = cell("listsize").replace(",", "")
        checked = check_postcode(cell("postcode"))
        return PracticeRow(
            line=line,
            code=parse_ods_code(cells[code]),
            name=_title(cells[name]),
            postcode=checked.postcode,
            list_size=int(size) if re.fullmatch(r"[0-9]{1,7}", size) else None,
            list_size_on=parse_listed_date(cell("extractdate")) if cell("extractdate") else None,
        )

    return _each(table, from_headed)


def _each(table: Table, read: Callable[[int, Sequence[str]], PracticeRow]) -> PracticeList:
    practices: dict[str, PracticeRow] = {}
    refused = list(table.refused)
    for row in table.rows:
        try:
            practice = read(row.line, row.cells)
            if not practice.name:
                raise Refused("There is no name.")
            if practice.code in practices:
                raise Refused(f"This practice is also on line {practices[practice.code].line}.")
        except Refused as refusal:
            refused.append(Refusal(row.line, refusal.message))
            continue
        practices[practice.code] = practice
    return PracticeList(tuple(practices.values()), tuple(refused))


def _from_epraccur(line: int, cells: Sequence[str]) -> PracticeRow:
    cells = [cell.strip() for cell in cells] + [""] * (_EPRACCUR_COLUMNS - len(cells))
    return PracticeRow(
        line=line,
        code=parse_ods_code(cells[_CODE]),
        name=_title(cells[_NAME]),
        address=tuple(_title(part) for part in cells[_ADDRESS:_POSTCODE] if part),
        postcode=check_postcode(cells[_POSTCODE]).postcode,
        telephone=cells[_TELEPHONE],
        opened_on=parse_listed_date(cells[_OPENED]) if cells[_OPENED] else None,
        closed_on=parse_listed_date(cells[_CLOSED]) if cells[_CLOSED] else None,
        closed=cells[_STATUS].upper() not in ("A", "P"),
        gp_practice=cells[_SETTING] in ("", _GP_PRACTICE),
    )


def _title(text: str) -> str:
    """Words in capitals, as ODS gives them, in mixed case; a name that has small letters is left alone."""
    words = " ".join(text.split())
    if not words.isupper():
        return words
    parts = re.sub(r"[A-Z]+(?:['’][A-Z]+)?", lambda word: _in_mixed_case(word[0]), words).split(" ")
    return " ".join(
        [part.lower() if index and part.lower() in _SMALL_WORDS else part for index, part in enumerate(parts)]
    )


def _in_mixed_case(word: str) -> str:
    """A word without a vowel is the initials of something (PHGH), apart from the usual abbreviations."""
    if len(word) > 1 and not set(word) & set("AEIOUY'’") and word not in _ABBREVIATIONS:
        return word
    return word.capitalize()
