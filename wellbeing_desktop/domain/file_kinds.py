"""What a file is, by its bytes and never by its name: a closed list of kinds, and programs told from documents.

Names come from outside and are only read for two things: a spoof (a name that says one kind over bytes of another),
and a title to begin with. They never become a path; the name of a copy is made here.
"""

import datetime as dt
import unicodedata
from typing import Final

import msgspec

from wellbeing_desktop.domain.errors import Refused

LARGEST_BYTES: Final = 50 * 1024 * 1024
"""A hundred scanned pages; the server's own limit is a setting of the server."""
_LONGEST_TITLE: Final = 120


class FileKind(msgspec.Struct, frozen=True, kw_only=True):
    """`ending` is what a saved copy is called by. `is_shown` means that the program can show it."""

    media_type: str
    words: str
    ending: str
    other_endings: tuple[str, ...] = ()
    is_shown: bool = False


class Sniffed(msgspec.Struct, frozen=True):
    """A file that may be kept, and what to say when its name says something else."""

    kind: FileKind
    mismatch: str = ""


def _picture(media_type: str, words: str, ending: str, *others: str) -> FileKind:
    return FileKind(media_type=media_type, words=words, ending=ending, other_endings=others, is_shown=True)


PDF: Final = FileKind(media_type="application/pdf", words="PDF", ending="pdf", is_shown=True)
JPEG: Final = _picture("image/jpeg", "JPEG picture", "jpg", "jpeg", "jpe")
PNG: Final = _picture("image/png", "PNG picture", "png")
GIF: Final = _picture("image/gif", "GIF picture", "gif")
BMP: Final = _picture("image/bmp", "BMP picture", "bmp", "dib")
WEBP: Final = _picture("image/webp", "WebP picture", "webp")
TIFF: Final = FileKind(media_type="image/tiff", words="TIFF picture", ending="tif", other_endings=("tiff",))
HEIC: Final = FileKind(media_type="image/heic", words="HEIC picture", ending="heic", other_endings=("heif",))
WORD: Final = FileKind(
    media_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    words="Word document",
    ending="docx",
)
EXCEL: Final = FileKind(
    media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    words="Excel workbook",
    ending="xlsx",
)
POWERPOINT: Final = FileKind(
    media_type="application/vnd.openxmlformats-officedocument.presentationml.presentation",
    words="PowerPoint presentation",
    ending="pptx",
)
ODT: Final = FileKind(media_type="application/vnd.oasis.opendocument.text", words="OpenDocument text", ending="odt")
ODS: Final = FileKind(
    media_type="application/vnd.oasis.opendocument.spreadsheet", words="OpenDocument spreadsheet", ending="ods"
)
OLD_OFFICE: Final = FileKind(
    media_type="application/x-ole-storage",
    words="older Office document",
    ending="doc",
    other_endings=("xls", "ppt", "msg"),
)
RTF: Final = FileKind(media_type="application/rtf", words="rich text document", ending="rtf")
TEXT: Final = FileKind(
    media_type="text/plain",
    words="plain text",
    ending="txt",
    other_endings=("csv", "eml", "html", "htm", "svg", "md", "xml", "json", "ics", "vcf", "log", "text"),
)

KINDS: Final = (
    PDF, JPEG, PNG, GIF, BMP, WEBP, TIFF, HEIC, WORD, EXCEL, POWERPOINT, ODT, ODS, OLD_OFFICE, RTF, TEXT,
)  # fmt: skip
KIND_OF: Final = {kind.media_type: kind for kind in KINDS}

_BY_START: Final = (
    (b"%PDF-", PDF),
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"{\\rtf", RTF),
)
_PROGRAMS: Final = (
    (b"MZ", "a Windows program"),
    (b"\x7fELF", "a Linux program"),
    (b"\xfe\xed\xfa\xce", "a Mac program"),
    (b"\xfe\xed\xfa\xcf", "a Mac program"),
    (b"\xce\xfa\xed\xfe", "a Mac program"),
    (b"\xcf\xfa\xed\xfe", "a Mac program"),
    (b"\xca\xfe\xba\xbe", "a program"),
    (b"\x00asm", "a program"),
    (b"dex\n", "a program"),
    (b"#!", "a program"),
    (b"L\x00\x00\x00\x01\x14\x02\x00", "a Windows shortcut"),
    (b"MSCF", "a Windows installer"),
)
_PROGRAM_ENDINGS: Final = frozenset(
    [
        "exe",
        "com",
        "bat",
        "cmd",
        "scr",
        "pif",
        "msi",
        "msp",
        "mst",
        "cpl",
        "dll",
        "sys",
        "lnk",
        "url",
        "js",
        "jse",
        "vbs",
        "vbe",
        "ws",
        "wsf",
        "wsh",
        "ps1",
        "psm1",
        "hta",
        "jar",
        "apk",
        "app",
        "sh",
        "bash",
        "command",
        "py",
        "pyw",
        "pl",
        "rb",
        "php",
        "reg",
        "inf",
        "gadget",
        "scf",
        "dmg",
        "pkg",
        "deb",
        "rpm",
        "run",
        "bin",
        "elf",
        "iso",
        "img",
        "vhd",
        "docm",
        "dotm",
        "xlsm",
        "xltm",
        "pptm",
    ]
)
_ARCHIVES: Final = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"PK\x03\x04", b"PK\x05\x06")
_MSI_CLASS: Final = bytes.fromhex("84100c0000000000c000000000000046")
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OFFICE_PARTS: Final = (
    (b"word/document.xml", WORD),
    (b"xl/workbook.xml", EXCEL),
    (b"ppt/presentation.xml", POWERPOINT),
)
_TEST_VIRUS: Final = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"


def sniff(content: bytes, name: str = "") -> Sniffed:
    """What a file is. Raises Refused for programs, archives, empty and too large files, and kinds not on the list."""
    if not content:
        raise Refused("This file is empty, so there is nothing to keep.", "file")
    if len(content) > LARGEST_BYTES:
        raise Refused(
            f"This file is larger than {LARGEST_BYTES >> 20} MB. Scan fewer pages, or at a lower quality.", "file"
        )
    ending = ending_of(name)
    program = _program_in(content, ending)
    if program:
        claims = _claimed(ending)
        pretence = f"This file calls itself a {claims}, but it is {program}." if claims else f"This is {program}."
        raise Refused(f"{pretence} It was not added.", "file")
    kind = _kind_of(content)
    if kind is None:
        if content.startswith(_ARCHIVES):
            raise Refused("This is an archive of files. Take them out, and add them one by one.", "file")
        raise Refused(
            "This kind of file is not kept here. Ask for it as a PDF, or save it as one, and add that.", "file"
        )
    claims = _claimed(ending)
    if ending in (kind.ending, *kind.other_endings) or not claims:
        return Sniffed(kind)
    return Sniffed(kind, f"Its name says {claims}, but it is a {kind.words}.")


def ending_of(name: str) -> str:
    """The ending that a system would go by: after the last dot, in small letters, without spaces and marks around it."""
    plain = "".join(letter for letter in name if letter.isprintable()).rstrip(" .")
    return plain.rpartition(".")[2].lower().strip() if "." in plain else ""


def title_from(name: str) -> str:
    """A title to begin with, from a file's name: letters and spaces only, no path, no ending, no control characters."""
    bare = name.replace("\\", "/").rpartition("/")[2]
    bare = bare.rpartition(".")[0] or bare
    kept = "".join(" " if unicodedata.category(letter)[0] in "CZ" else letter for letter in bare)
    return " ".join(kept.replace("_", " ").split()).strip(". ")[:_LONGEST_TITLE].strip()


def copy_name(kind: FileKind, what: str, on: dt.date | None, number: int = 0) -> str:
    """The name of a copy outside the store: made here, of our own words, with nobody's name and nothing of theirs."""
    parts = [what.lower().replace(" ", "-"), on.isoformat() if on else "", str(number) if number else ""]
    plain = "".join(
        letter for letter in "-".join(filter(None, parts)) if letter.isascii() and (letter.isalnum() or letter == "-")
    )
    if "-" not in plain:  # a word alone could be a device of Windows: con, com1
        plain = f"document-{plain}".removesuffix("-")
    return f"{plain}.{kind.ending}"


def size_words(size: int) -> str:
    """`3 MB`, `120 kB`, `40 bytes`."""
    if size >= 1_000_000:
        return f"{size / 1_000_000:.1f} MB".replace(".0 ", " ")
    return f"{max(1, round(size / 1_000)):,} kB" if size >= 1_000 else f"{size} bytes"


def _claimed(ending: str) -> str:
    return next((kind.words for kind in KINDS if ending in (kind.ending, *kind.other_endings)), "")


def _program_in(content: bytes, ending: str) -> str:
    for start, words in _PROGRAMS:
        if content.startswith(start):
            return words
    if _TEST_VIRUS in content[:512]:
        return "a test virus"
    if content.startswith(_OLE):
        if _ole_class(content) == _MSI_CLASS:
            return "a Windows installer"
        if "_VBA_PROJECT".encode("utf-16-le") in content:
            return "a document with a program in it (macros). Ask for it as a PDF"
    if content.startswith(b"PK\x03\x04"):
        if b"vbaProject.bin" in content:
            return "a document with a program in it (macros). Ask for it as a PDF"
        if b"META-INF/MANIFEST.MF" in content or b"classes.dex" in content or b"AndroidManifest.xml" in content:
            return "a program"
    return "a program" if ending in _PROGRAM_ENDINGS else ""


def _kind_of(content: bytes) -> FileKind | None:
    for start, kind in _BY_START:
        if content.startswith(start):
            return kind
    if content.startswith(b"BM") and content[6:10] == b"\x00" * 4 and len(content) > 26:
        return BMP
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return WEBP
    if content[4:8] == b"ftyp" and content[8:12] in (b"heic", b"heix", b"mif1", b"heim", b"heis", b"hevc", b"msf1"):
        return HEIC
    if content.startswith(_OLE):
        return OLD_OFFICE
    if content.startswith(b"PK\x03\x04"):
        return _zipped(content)
    return TEXT if _is_text(content) else None


def _zipped(content: bytes) -> FileKind | None:
    """Office and OpenDocument files by the names of their parts: nothing in them is ever unpacked."""
    if b"[Content_Types].xml" in content:
        for name, kind in _OFFICE_PARTS:
            if name in content:
                return kind
    if content[30:38] == b"mimetype":
        for kind in (ODT, ODS):
            if content[38:].startswith(kind.media_type.encode()):
                return kind
    return None


def _ole_class(content: bytes) -> bytes:
    """The class of an OLE file's root, which tells an installer from a document."""
    shift = int.from_bytes(content[30:32], "little")
    first = int.from_bytes(content[48:52], "little")
    if shift not in (9, 12) or first > 1 << 24:
        return b""
    root = (first + 1) << shift
    return content[root + 80 : root + 96]


def _is_text(content: bytes) -> bool:
    if b"\x00" in content:
        return False
    for encoding in ("utf-8", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        strange = sum(letter < " " and letter not in "\t\r\n\f" for letter in text)
        return strange == 0
    return False
