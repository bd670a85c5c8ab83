"""What is exported opens as text in any spreadsheet and runs nothing."""

import csv
import datetime as dt
import io
import json
from pathlib import Path

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wellbeing_desktop.exchange.csv_out import csv_bytes
from wellbeing_desktop.exchange.spreadsheet_safety import is_dangerous, safe_text
from wellbeing_desktop.exchange.tables import read_table
from wellbeing_desktop.exchange.xlsx_out import Sheet, xlsx_bytes

FORMULAS = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://example.org?x="&A1,"click")',
    "+1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "\u00a0=1+1",
    "\u200b=1+1",
    "\ufeff=1+1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(1)",
    "﹦1+1",
    "=",
    "-",
    "--",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_stays_text_in_both_formats(text: str) -> None:
    assert is_dangerous(text)
    data = csv_bytes(["Note"], [[text]])
    (_, (cell,)) = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert cell == f"'{text}"
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx_bytes([Sheet("A", ["Note"], [[text]])]))).active
    assert sheet is not None
    assert sheet["A2"].data_type == "s"


@pytest.mark.parametrize("text", ["Jones", "", "-5", "+447700900123", "-0.5", "1=1", "a@b.example", "O'Brien", "'=1"])
def test_what_is_no_formula_is_left_alone(text: str) -> None:
    assert safe_text(text) == text


def test_csv_is_quoted_marked_as_utf_8_and_read_back_by_our_own_reader() -> None:
    data = csv_bytes(
        ["Name", "Born", "At", "Yes", "Number", "Nothing"],
        [["Zoë, O’Brien", dt.date(1940, 3, 1), dt.datetime(2026, 11, 21, 9, 40, tzinfo=dt.UTC), True, 7, None]],
    )
    assert data.startswith(b'\xef\xbb\xbf"Name",')
    assert read_table(data).rows[0].cells == ("Zoë, O’Brien", "1940-03-01", "2026-11-21T09:40:00Z", "Yes", "7", "")


def test_a_workbook_keeps_identifiers_as_text_and_dates_as_dates() -> None:
    sheet = Sheet(
        "People: all/some",
        ["NHS number", "Code", "Born", "Count", "Old"],
        [["0123456789", "1053561000000108", dt.date(1940, 3, 1), 3, dt.date(1890, 1, 2)]],
        notes=("Provisional: two laptops have not synced.",),
    )
    book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes([sheet, sheet], title="Return")))
    assert book.sheetnames == ["People  all some", "People  all some 2"]
    page = book["People  all some"]
    assert page["A1"].value == "Provisional: two laptops have not synced."
    row = page[4]
    assert [cell.data_type for cell in row] == ["s", "s", "d", "n", "s"]
    assert row[0].value == "0123456789"
    assert row[1].value == "1053561000000108"
    assert row[2].value == dt.datetime(1940, 3, 1)
    assert row[4].value == "1890-01-02"


def test_equal_tables_make_equal_files() -> None:
    sheet = Sheet("A", ["Name"], [["Jones"]])
    assert xlsx_bytes([sheet]) == xlsx_bytes([sheet])


def test_every_naughty_string_is_in_both_files_as_it_was() -> None:
    path = Path(__file__).parents[1] / "data" / "strings" / "blns.json"
    strings: list[str] = json.loads(path.read_text(encoding="utf-8"))
    data = csv_bytes(["Text"], [[text] for text in strings])
    (_, *cells) = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert [cell[0].removeprefix("'") for cell in cells] == [text.removeprefix("'") for text in strings]
    page = openpyxl.load_workbook(io.BytesIO(xlsx_bytes([Sheet("A", ["Text"], [[text] for text in strings])]))).active
    assert page is not None
    assert not [cell for (cell,) in page.iter_rows(min_row=2) if cell.value is not None and cell.data_type != "s"]


@settings(max_examples=100, deadline=None)
@example(["Sheet\uffff"])
@given(st.lists(st.text(max_size=30), min_size=1, max_size=5))
def test_any_text_is_written_and_can_be_opened(texts: list[str]) -> None:
    data = xlsx_bytes([Sheet(texts[0], texts, [texts])])
    openpyxl.load_workbook(io.BytesIO(data)).close()
    csv_bytes(texts, [texts])
