"""Looks for given strings in every byte of every file under a folder, in the forms that programs leave them in.

hits = find_in(folder, ["Mrs Okonkwo-Ffrench"], exempt=[folder / "letter.pdf"])
assert hits == []
"""

import base64
import re
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import zstandard

_STREAM_STARTS = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08|PK\x03\x04|\x28\xb5\x2f\xfd", re.DOTALL)
_ZSTD = b"\x28\xb5\x2f\xfd"
_LARGEST_STREAM = 64 << 20


class Hit(NamedTuple):
    path: Path
    sentinel: str
    form: str


def find_in(folder: Path, sentinels: Iterable[str], *, exempt: Iterable[Path] = ()) -> list[Hit]:
    """Every sentinel in every file (and file name), each form once; compressed streams are opened and searched too."""
    wanted = [(sentinel, form, needle) for sentinel in sentinels for form, needle in forms_of(sentinel)]
    spared = {path.resolve() for path in exempt}
    hits: list[Hit] = []
    for path in sorted(folder.rglob("*")):
        if path.resolve() in spared or any(parent in spared for parent in path.resolve().parents):
            continue
        name = path.name.encode()
        hits += [Hit(path, sentinel, f"name, {form}") for sentinel, form, needle in wanted if needle in name]
        if not path.is_file() or path.is_symlink():
            continue
        content = path.read_bytes()
        hits += [Hit(path, sentinel, form) for sentinel, form, needle in wanted if needle in content]
        for stream in compressed_streams(content):
            hits += [
                Hit(path, sentinel, f"compressed, {form}") for sentinel, form, needle in wanted if needle in stream
            ]
    return list(dict.fromkeys(hits))


def forms_of(sentinel: str) -> Iterator[tuple[str, bytes]]:
    """The bytes to look for. Base64 is cut to the part that does not depend on what stands around it."""
    plain = sentinel.encode()
    yield "UTF-8", plain
    for encoding in ("utf-16-le", "utf-16-be"):
        yield encoding, sentinel.encode(encoding)
    for form, content in (("", plain), (" of UTF-16", sentinel.encode("utf-16-le"))):
        yield "hexadecimal" + form, content.hex().encode()
        yield "HEXADECIMAL" + form, content.hex().upper().encode()
        for shift in range(3):
            padded = b"\x00" * shift + content
            whole = len(padded) // 3 * 3
            encoded = base64.b64encode(padded[:whole])[4 if shift else 0 :]
            if len(encoded) >= 8:
                yield f"base64{form}", encoded
                yield f"base64url{form}", encoded.replace(b"+", b"-").replace(b"/", b"_")
    for form, changed in (
        ("percent", quote(sentinel).encode()),
        ("escaped", sentinel.encode("ascii", "backslashreplace")),
    ):
        if changed != plain:
            yield form, changed


def compressed_streams(content: bytes) -> Iterator[bytes]:
    """What zlib, gzip, zip and zstd streams within the bytes hold, as far as they can be opened."""
    for start in _STREAM_STARTS.finditer(content):
        at = start.start()
        if start.group() == _ZSTD:
            if found := _zstd(content[at:]):
                yield found
            continue
        window = zlib.MAX_WBITS | 32  # zlib or gzip, by its own header
        if start.group() == b"PK\x03\x04":
            if content[at + 8 : at + 10] != b"\x08\x00":
                continue
            name_length = int.from_bytes(content[at + 26 : at + 28], "little")
            extra_length = int.from_bytes(content[at + 28 : at + 30], "little")
            at += 30 + name_length + extra_length
            window = -zlib.MAX_WBITS
        opener = zlib.decompressobj(window)
        inflated = bytearray()
        try:
            while at < len(content) and not opener.eof and len(inflated) < _LARGEST_STREAM:
                inflated += opener.decompress(content[at : at + 65536])
                at += 65536
        except zlib.error:
            pass  # a header by chance, or a torn stream: what came out before is still searched
        if inflated:
            yield bytes(inflated)


def _zstd(content: bytes) -> bytes:
    opener = zstandard.ZstdDecompressor(max_window_size=_LARGEST_STREAM).decompressobj()
    found = bytearray()
    try:
        for at in range(0, len(content), 65536):
            found += opener.decompress(content[at : at + 65536])
            if opener.eof or len(found) > _LARGEST_STREAM:
                break
    except zstandard.ZstdError:
        pass
    return bytes(found)
