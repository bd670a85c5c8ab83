"""The bytes of files: parts of 1 MiB, which of them are there, and which files the server lacks."""

from typing import Final

from wellbeing_desktop.sync.protocol.message import MessageShape, ReplyShape
from wellbeing_desktop.sync.protocol.transfer import Unreadable

BYTES_TYPE: Final = "application/vnd.wellbeing.sync.1+bytes"
"""Bytes of a file: a part at a time, never compressed, each with its Content-Digest."""
PART_BYTES: Final = 1024 * 1024
"""Files travel in parts of this size, the last one what is left."""


class BlobDoneRequest(MessageShape, frozen=True, kw_only=True, omit_defaults=True):
    """POST /v1/blob/{sha}/done: every part was sent; or, by one that fetched it, it is not what its name says. Either
    way the server hashes the whole."""

    device: str
    epoch: str


class BlobDoneReply(ReplyShape, frozen=True, kw_only=True, omit_defaults=True):
    """`state` is "whole"; "part" when parts are missing; "damaged" when what this laptop sent was not what the name
    says, and is thrown away; "wanted" when the server had it, it had gone bad, and it is asked of whoever holds it."""

    state: str


class WantedRequest(MessageShape, frozen=True, kw_only=True, omit_defaults=True):
    """POST /v1/wanted: which bytes does the server lack that this laptop may send?"""

    device: str
    epoch: str


class WantedReply(ReplyShape, frozen=True, kw_only=True, omit_defaults=True):
    shas: tuple[str, ...] = ()


def parts_of(size: int) -> int:
    """How many parts a file of this size has; one at least, so that an empty file is one empty part."""
    return max(1, -(-size // PART_BYTES))


def part_size(size: int, i: int) -> int:
    """How many bytes part `i` has."""
    return min(PART_BYTES, size - i * PART_BYTES)


def ranges_text(numbers: list[int]) -> str:
    """Part numbers in order as the header Blob-Have says them: `0-11,13-13`."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return ",".join(f"{first}-{last}" for first, last in ranges)


def read_ranges(text: str, count: int) -> set[int]:
    """The part numbers below `count` that a Blob-Have header says. Raises Unreadable for anything else."""
    found: set[int] = set()
    for part in text.split(",") if text else ():
        first, _, last = part.partition("-")
        if not (first.isdecimal() and last.isdecimal() and len(first) < 10 and len(last) < 10):
            raise Unreadable("not a list of parts")
        found.update(range(int(first), min(int(last), count - 1) + 1))
    return found
