"""A message as the bytes that travel: JSON, compressed with zstd level 1 or gzip, with a digest of its own."""

import base64
import hashlib
import zlib
from typing import Any, Final, TypeVar

import msgspec
import zstandard

Message = TypeVar("Message")
_encoder: Final = msgspec.json.Encoder()


class TooLarge(Exception):
    """A message grows beyond its limit when expanded."""


class Unreadable(Exception):
    """Bytes that are not the message that was expected."""


def encode(message: Any) -> bytes:
    return _encoder.encode(message)


def decode(data: bytes, kind: type[Message]) -> Message:
    """The message in `data`. Raises Unreadable, and nothing else, whatever the bytes are."""
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise Unreadable("not the message expected") from error


def compress(data: bytes, accepted: str) -> tuple[bytes, str]:
    """The bytes and their Content-Encoding, given what the other end accepts; small messages stay as they are."""
    if len(data) < 1024:
        return data, ""
    if "zstd" in accepted:
        return zstandard.ZstdCompressor(level=1).compress(data), "zstd"
    if "gzip" in accepted:
        packer = zlib.compressobj(level=1, wbits=31)
        return packer.compress(data) + packer.flush(), "gzip"
    return data, ""


def expand(data: bytes, encoding: str, limit: int) -> bytes:
    """Undo `compress`. Raises TooLarge when more than `limit` bytes would come out, Unreadable for damaged data."""
    if encoding in ("", "identity"):
        if len(data) > limit:
            raise TooLarge
        return data
    if encoding == "zstd":
        return _expand_zstd(data, limit)
    if encoding == "gzip":
        return _expand_gzip(data, limit)
    raise Unreadable("an unknown encoding")


def _expand_zstd(data: bytes, limit: int) -> bytes:
    reader = zstandard.ZstdDecompressor(max_window_size=2**27)
    try:
        with reader.stream_reader(data, read_across_frames=True) as stream:
            found = stream.read(limit + 1)
        if zstandard.frame_content_size(data) > len(found) <= limit:
            raise Unreadable("cut short")
    except zstandard.ZstdError as error:
        raise Unreadable("damaged compression") from error
    if len(found) > limit:
        raise TooLarge
    return found


def _expand_gzip(data: bytes, limit: int) -> bytes:
    reader = zlib.decompressobj(wbits=31)
    try:
        found = reader.decompress(data, limit + 1)
    except zlib.error as error:
        raise Unreadable("damaged compression") from error
    if len(found) > limit:
        raise TooLarge
    if not reader.eof:
        raise Unreadable("cut short")
    return found


def content_digest(body: bytes) -> str:
    """The Content-Digest header (RFC 9530) of a reply's bytes as they travel: TLS ends at a proxy, this does not."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"
