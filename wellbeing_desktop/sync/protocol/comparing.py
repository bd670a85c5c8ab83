"""Do both ends hold the same: hashes of records, summed in 256 slots."""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.wire import canonical
from wellbeing_desktop.sync.protocol.message import MessageShape, ReplyShape, Whole


class DigestRequest(MessageShape, frozen=True, kw_only=True, omit_defaults=True):
    """POST /v1/digest. `seq` is the laptop's cursor: the sums count for nothing unless it is the server's head.
    With `slots`, the rows of those slots follow by id and hash."""

    device: str
    epoch: str
    seq: Whole = 0
    slots: tuple[Whole, ...] = ()


class DigestReply(ReplyShape, frozen=True, kw_only=True, omit_defaults=True):
    """`sums` are `SLOTS` hexadecimal sums; `rows` maps an id to its row hash, for the slots asked for, and
    `places` to "subject/compartment"."""

    seq: Whole
    sums: tuple[str, ...] = ()
    rows: dict[str, str] = msgspec.field(default_factory=dict)
    places: dict[str, str] = msgspec.field(default_factory=dict)


SLOTS: Final = 256


def row_hash(id: str, type: str, rev: int, deleted: bool, body: Mapping[str, Any]) -> bytes:
    """BLAKE2b-128 of what both ends must agree on about a record, 16 bytes."""
    agreed = {"body": body, "deleted": deleted, "id": id, "rev": rev, "type": type}
    return hashlib.blake2b(canonical(agreed), digest_size=16).digest()


def slot_of(subject: str, compartment: str) -> int:
    """The digest slot, 0 to 255, that a bucket falls into."""
    return hashlib.blake2b(f"{subject}/{compartment}".encode(), digest_size=1).digest()[0]


def sum_hashes(total: int, row: bytes) -> int:
    """Add a row's hash to a slot's sum, modulo 2**128: the order of rows does not matter."""
    return (total + int.from_bytes(row, "big")) % 2**128


def sum_text(total: int) -> str:
    return f"{total:032x}"
