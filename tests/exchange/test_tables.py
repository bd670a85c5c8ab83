"""Tables read from bytes: every file of the corpus, every way in which lists arrive damaged."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exchange.workbooks import workbook
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.exchange.column_mapping import is_known_header
from wellbeing_desktop.exchange.tables import MAX_BYTES, Refusal, lines_in_words, read_table

CORPUS = Path(__file__).parents[1] / "data" / "csv-xlsx"

# file -> rows, refused lines, first headings, why a person reading the file would say so
EXPECTED = {
    "bad.csv": (2, [2], "column_a", "line 2 has a fourth cell that no column owns; line 3 only lacks its last"),
    "blanks.csv": (1, [], "a", "words like NONE are text, not blanks"),
    "dummy.tsv": (1, [], "a", "tabs"),
    "dummy.xlsx": (1, [], "a", "the same as a workbook"),
    "join_short.csv": (2, [], "a", ""),
    "mac_newlines.csv": (2, [], "a", "CR line ends, one of them inside quotes"),
    "no_header_row.csv": (1, [], "Column 1", "three numbers are data and not headings"),
    "null_byte.csv": (0, [2], "a", "the only row is damaged"),
    "optional_quote_characters.csv": (1, [], "a", ""),
    "sheets.xlsx": (4, [3], "text", "the empty first sheet is passed over; line 3 runs past the headings"),
    "test_date_format.csv": (2, [], "a", "one column has no delimiter"),
    "test_empty_columns_long_row.csv": (0, [], "a", "a row of commas is blank, however long"),
    "test_empty_columns_short_row.csv": (0, [], "a", "and however short"),
    "test_extra_header.csv": (1, [], "a", "the missing cell is empty"),
    "test_header_newline.csv": (1, [], "start end", "a heading over five lines"),
    "test_latin1.csv": (2, [], "a", "Windows-1252"),
    "test_locale.csv": (1, [], "a", "a decimal comma inside quotes"),
    "test_no_leading_zeroes.csv": (1, [], "a", "text stays as it is"),
    "test_numeric_date_format.csv": (2, [], "a", ""),
    "test_skip_lines.csv": (1, [], "a", "blank lines above the headings"),
    "test_utf16_big.csv": (2, [], "a", ""),
    "test_utf16_little.csv": (2, [], "a", ""),
    "test_utf8.csv": (2, [], "foo", ""),
    "test_utf8_bom.csv": (2, [], "foo", ""),
}


def test_the_table_of_expectations_names_every_file() -> None:
    assert {path.name for path in CORPUS.iterdir()} - {"LICENSE.txt", "empty.csv"} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_each_file_gives_what_a_person_would_read_in_it(name: str) -> None:
    rows, refused, heading, _ = EXPECTED[name]
    table = read_table((CORPUS / name).read_bytes(), name)
    assert len(table.rows) == rows
    assert [refusal.line for refusal in table.refused] == refused
    assert table.headers[0] == heading
    assert all(len(row.cells) == len(table.headers) for row in table.rows)


def test_lines_are_numbered_as_an_editor_shows_them() -> None:
    mac = read_table((CORPUS / "mac_newlines.csv").read_bytes())
    assert [row.line for row in mac.rows] == [2, 3]
    quoted = read_table(b'Name,Note\r\n"Jones","one\r\ntwo\r\nthree"\r\nSmith,\r\n')
    assert [row.line for row in quoted.rows] == [2, 5]
    assert read_table((CORPUS / "test_skip_lines.csv").read_bytes()).header_line == 4


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_encoding_delimiter_and_line_end_are_found_out(encoding: str, delimiter: str, ending: str) -> None:
    lines = [["Surname", "First name", "Town"], ["Pérez", "Siân", "Ross-on-Wye"], ["O’Brien", "Zoë", "Hay, Wales"]]
    text = ending.join(delimiter.join(f'"{cell}"' if delimiter in cell else cell for cell in line) for line in lines)
    table = read_table(text.encode(encoding))
    assert table.headers == ("Surname", "First name", "Town")
    assert [row.cells for row in table.rows] == [tuple(line) for line in lines[1:]]
    assert table.delimiter == delimiter


def test_the_first_line_that_excel_writes_for_itself_is_obeyed() -> None:
    table = read_table(b"sep=;\nSurname;Note\nJones;a, b, c\n")
    assert table.headers == ("Surname", "Note")
    assert table.rows[0] == (3, ("Jones", "a, b, c"))


def test_a_title_block_and_a_total_are_left_out_and_said() -> None:
    data = (
        b"Caseload search,,,\r\nLast run: 21/11/2026,,,\r\n,,,\r\nFamily Name,Calling Name,Date of Birth,NHS Number\r\n"
        b"JONES,Bronwen,01-Mar-1940,943 476 5919\r\nTotal,,,1\r\n,,,\r\n"
    )
    table = read_table(data, known_header=is_known_header)
    assert table.headers[0] == "Family Name"
    assert [row.line for row in table.rows] == [5]
    assert any("line 4" in notice and "lines 1 and 2" in notice for notice in table.notices)
    assert any("total" in notice and "line 6" in notice for notice in table.notices)


def test_someone_called_total_is_a_person() -> None:
    table = read_table(b"Surname,First name,Born\nTotal,Marie,01/01/1950\n")
    assert len(table.rows) == 1


def test_blank_columns_at_the_end_go_and_a_column_without_heading_with_content_stays() -> None:
    table = read_table(b"Surname,First name,,\nJones,Ann,,\nSmith,Bob,,\nPatel,Cy,,\n")
    assert table.headers == ("Surname", "First name")
    table = read_table(b"Surname,First name,\nJones,Ann,x\nSmith,Bob,y\nPatel,Cy,z\n")
    assert table.headers == ("Surname", "First name", "Column 3")


def test_a_quotation_mark_never_closed_costs_its_own_line_only() -> None:
    table = read_table(b'Surname,First name\nJones,Ann\nSm"ith,Bob\n"Patel,Cy\nCole,Di\n')
    assert [row.cells[0] for row in table.rows] == ["Jones", 'Sm"ith', "Cole"]
    assert table.refused == (Refusal(4, "A quotation mark on this line is never closed."),)


def test_lines_that_are_one_quoted_cell_each_are_taken_apart() -> None:
    table = read_table(b'"Surname,Note"\n"Jones,""a, b"""\n')
    assert table.headers == ("Surname", "Note")
    assert table.rows[0] == (2, ("Jones", "a, b"))
    one_column = read_table(b'Note\n"a, b"\nc\n')
    assert [row.cells for row in one_column.rows] == [("a, b",), ("c",)]


def test_two_encodings_in_one_file_are_read_line_by_line() -> None:
    table = read_table("Surname\nZoë\n".encode() + "Siân\n".encode("cp1252"))
    assert [row.cells[0] for row in table.rows] == ["Zoë", "Siân"]
    assert any("line 3" in notice for notice in table.notices)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "0 bytes"),
        (b"\n\n , \n", "no rows"),
        (b"\xef\xbb\xbf", "no rows"),
        (b"%PDF-1.7 ...", "a PDF"),
        (b"\x89PNG\r\n", "a picture"),
        (b"\xd0\xcf\x11\xe0" + bytes(100), "older Excel"),
        (b"SQLite format 3\0" + bytes(100), "a database"),
        (b"<!DOCTYPE html><html>", "web page"),
        (b"\x01\x02\0\x03" * 200 + bytes(400), "not text"),
        (b"PK\x03\x04 not a zip", "damaged"),
        (bytes(MAX_BYTES + 1), "larger than"),
    ],
)
def test_what_is_no_list_is_refused_in_words(data: bytes, words: str) -> None:
    with pytest.raises(Refused, match=words):
        read_table(data)


def test_many_lines_are_told_shortly() -> None:
    assert lines_in_words([4]) == "line 4"
    assert lines_in_words([4, 9, 11]) == "lines 4, 9 and 11"
    assert lines_in_words(list(range(1, 14))) == "lines 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 3 more"


def test_numbers_in_a_workbook_are_what_a_person_sees() -> None:
    data = workbook(
        [["NHS number", "Local", "Big", "Part", "Yes"], [9434765919.0, 7, 123456789012345678, 0.5, True]],
        {"B2": '000" "000', "A2": "0"},
    )
    assert read_table(data).rows[0].cells == ("9434765919", "000007", "1.234568E+17", "0.5", "TRUE")


def test_a_formula_is_marked_and_not_believed() -> None:
    table = read_table(workbook([["Surname", "Age"], ["Jones", "=1+1"], ["Smith", 4]]))
    assert table.formulas == {(2, 1)}


def test_a_cell_in_the_last_corner_of_a_sheet_does_not_fill_the_memory() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["A2"], sheet["XFD1048576"] = "Surname", "Jones", "far away"
    out = io.BytesIO()
    book.save(out)
    assert [row.cells for row in read_table(out.getvalue()).rows] == [("Jones",)]


def _rezipped(data: bytes, changes: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, changes.get(name, old.read(name)))
        for name in changes.keys() - set(old.namelist()):
            new.writestr(name, changes[name])
    return out.getvalue()


def test_an_archive_that_would_unpack_out_of_proportion_is_not_opened() -> None:
    plain = workbook([["Surname"], ["Jones"]])
    with pytest.raises(Refused, match="far more than its size"):
        read_table(_rezipped(plain, {"xl/media/blank.bin": bytes(20_000_000)}))
    with pytest.raises(Refused, match="too many parts"):
        read_table(_rezipped(plain, {f"xl/media/{number}": b"" for number in range(2_100)}))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_xml_entities_are_refused_before_anything_reads_them(encoding: str) -> None:
    plain = workbook([["Surname"], ["Jones"]])
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><sst>&a;</sst>'.encode(encoding)
    with pytest.raises(Refused, match="declarations"):
        read_table(_rezipped(plain, {"xl/sharedStrings.xml": bomb}))


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml", "[Content_Types].xml"]
)
def test_a_damaged_part_is_a_sentence(part: str) -> None:
    with pytest.raises(Refused, match="damaged"):
        read_table(_rezipped(workbook([["Surname"], ["Jones"]]), {part: b"<not><closed>"}))


def test_other_zip_files_are_named_as_that() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(Refused, match="not a workbook"):
        read_table(out.getvalue())


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=600))
def test_any_bytes_are_a_table_or_a_refusal(data: bytes) -> None:
    _never_crashes(data)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(st.text(alphabet='ab,;"\t\r\n\0é1 ', max_size=6), max_size=5), max_size=8))
def test_any_delimited_text_is_a_table_or_a_refusal(rows: list[list[str]]) -> None:
    _never_crashes("\n".join(",".join(row) for row in rows).encode())


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_workbook_with_bytes_changed_is_a_table_or_a_refusal(data: st.DataObject) -> None:
    whole = bytearray((CORPUS / "dummy.xlsx").read_bytes())
    for place in data.draw(st.lists(st.integers(0, len(whole) - 1), min_size=1, max_size=8)):
        whole[place] = data.draw(st.integers(0, 255))
    _never_crashes(bytes(whole))


def _never_crashes(data: bytes) -> None:
    try:
        table = read_table(data)
    except Refused as refusal:
        sentence = refusal.message
        assert sentence.endswith(".")
        return
    assert all(len(row.cells) == len(table.headers) for row in table.rows)
    assert [row.line for row in table.rows] == sorted({row.line for row in table.rows})
