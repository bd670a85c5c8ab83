"""What a file is, by its bytes: spoofs named, programs refused, and no name that comes from outside becomes a path."""

import datetime as dt

import pytest

from wellbeing_desktop.domain import file_kinds
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.file_kinds import KINDS, copy_name, ending_of, size_words, sniff, title_from

ZIP = b"PK\x03\x04" + bytes(26)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def ole(class_id: bytes = bytes(16)) -> bytes:
    head = OLE + bytes(22) + (9).to_bytes(2, "little") + bytes(16) + (0).to_bytes(4, "little")
    return head.ljust(512, b"\x00") + bytes(80) + class_id + bytes(400)


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"%PDF-1.7\n", "letter.pdf", "PDF"),
        (b"\xff\xd8\xff\xe0 picture", "scan.JPG", "JPEG picture"),
        (b"\x89PNG\r\n\x1a\n....", "scan.png", "PNG picture"),
        (b"II*\x00....", "fax.tif", "TIFF picture"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "a.webp", "WebP picture"),
        (b"\x00\x00\x00\x18ftypheic", "a.heic", "HEIC picture"),
        (ZIP + b"[Content_Types].xml word/document.xml", "letter.docx", "Word document"),
        (ZIP + b"[Content_Types].xml xl/workbook.xml", "list.xlsx", "Excel workbook"),
        (b"PK\x03\x04" + bytes(26) + b"mimetypeapplication/vnd.oasis.opendocument.text", "a.odt", "OpenDocument text"),
        (ole(), "letter.doc", "older Office document"),
        (b"{\\rtf1 ", "a.rtf", "rich text document"),
        ("Annwyl Bronwen, dŵr a thân".encode(), "nodyn.txt", "plain text"),
        ("Caf\xe9".encode("cp1252"), "note.txt", "plain text"),
    ],
)
def test_a_document_is_known_by_its_bytes(content: bytes, name: str, words: str) -> None:
    found = sniff(content, name)
    assert (found.kind.words, found.mismatch) == (words, "")


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"MZ\x90\x00", "Letter from hospital.pdf", "calls itself a PDF, but it is a Windows program"),
        (b"MZ\x90\x00%PDF-1.7", "letter.pdf", "calls itself a PDF, but it is a Windows program"),
        (b"\x7fELF", "scan.png", "calls itself a PNG picture, but it is a Linux program"),
        (b"\xcf\xfa\xed\xfe", "x", "a Mac program"),
        (b"#!/bin/sh\nrm -rf ~", "notes.txt", "a program"),
        (b"L\x00\x00\x00\x01\x14\x02\x00", "letter.pdf.lnk", "a Windows shortcut"),
        (EICAR, "eicar.txt", "a test virus"),
        (ole(bytes.fromhex("84100c0000000000c000000000000046")), "letter.doc", "a Windows installer"),
        (OLE + "_VBA_PROJECT".encode("utf-16-le"), "letter.doc", "macros"),
        (ZIP + b"[Content_Types].xml word/document.xml word/vbaProject.bin", "a.docx", "macros"),
        (ZIP + b"META-INF/MANIFEST.MF", "scan.pdf", "calls itself a PDF, but it is a program"),
        (b"Set o = CreateObject", "invoice.vbs", "a program"),
        (b"alert(1)", "letter.pdf.js", "a program"),
        (b"alert(1)", "letter\u202efdp.js ", "a program"),
        (b"echo off", "fdp.bat. ", "a program"),
    ],
)
def test_a_program_is_refused_whatever_it_calls_itself(content: bytes, name: str, said: str) -> None:
    with pytest.raises(Refused, match="was not added") as refused:
        sniff(content, name)
    assert said in refused.value.message
    assert refused.value.field == "file"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (bytes(10), "kind of file"),
        (b"\x00\x01\x02 unknown", "kind of file"),
        (ZIP + b"letter.pdf", "archive"),
        (b"Rar!\x1a\x07", "archive"),
        (b"7z\xbc\xaf'\x1c", "archive"),
        (b"text with a bell \x07", "kind of file"),
    ],
)
def test_what_is_not_on_the_list_is_refused_with_what_to_do(content: bytes, said: str) -> None:
    with pytest.raises(Refused, match=said):
        sniff(content, "letter.pdf")


def test_a_file_that_is_too_large_is_refused_with_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_kinds, "LARGEST_BYTES", 1 << 20)
    with pytest.raises(Refused, match="larger than 1 MB"):
        sniff(b"%PDF-" + bytes(1 << 20), "a.pdf")


def test_a_name_that_says_another_kind_is_told_and_kept_as_what_it_is() -> None:
    found = sniff(b"\xff\xd8\xff\xe0", "letter.pdf")
    assert (found.kind.media_type, found.mismatch) == ("image/jpeg", "Its name says PDF, but it is a JPEG picture.")
    assert sniff(b"<svg onload=alert(1)>", "drawing.svg").kind.ending == "txt"


HOSTILE = [
    "..", "../../etc/passwd", "..\\..\\windows\\system32\\a.pdf", "/etc/passwd", "C:\\a.pdf", "\\\\host\\share\\a.pdf",
    "CON", "con.pdf", "NUL.txt", "COM1", "LPT9.pdf", "a.pdf:stream", "letter\u202efdp.exe.pdf", "\u2066x\u2069.pdf",
    "a" * 300 + ".pdf", "a\x00b.pdf", "a\nb.pdf", " .pdf", ".", "", "-rf.pdf", "~", "$(reboot).pdf", "a|b>c.pdf", "é" * 200,
]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_gives_a_plain_title_and_never_a_path(name: str) -> None:
    title = title_from(name)
    assert len(title) <= 120
    assert not set(title) & set("/\\\x00\n\r\u202e\u2066\u2069\u200f")
    assert title not in (".", "..")
    for kind in KINDS:
        made = copy_name(kind, "Letter received", dt.date(2026, 11, 21))
        assert made == f"letter-received-2026-11-21.{kind.ending}"


def test_the_name_of_a_copy_is_ours_even_when_a_list_was_replaced_by_a_hostile_one() -> None:
    pdf = KINDS[0]
    for words in HOSTILE:
        made = copy_name(pdf, words, None, 2)
        assert made.endswith(".pdf")
        assert all(letter.isascii() and (letter.isalnum() or letter in "-.") for letter in made)
        assert made.count(".") == 1
    assert copy_name(pdf, "", None) == "document.pdf"


def test_endings_and_sizes_in_words() -> None:
    assert [ending_of(name) for name in ("a.PDF", "a.pdf ", "a.tar.gz", "noending", "a.pdf\u200b")] == [
        "pdf", "pdf", "gz", "", "pdf",
    ]  # fmt: skip
    assert [size_words(size) for size in (40, 1_000, 123_456, 3_000_000, 20_971_520)] == [
        "40 bytes", "1 kB", "123 kB", "3 MB", "21.0 MB".replace(".0", ""),
    ]  # fmt: skip
