"""Operations and audit entries on their way to the server.

Content pushed by a laptop never makes a whole request fail: operations are read one by one (`read_operation`).
"""

import hashlib
import re
from typing import Final

import msgspec

from wellbeing_desktop.domain.operation import SCHEMA, Operation
from wellbeing_desktop.sync.protocol.message import PROTOCOL, Head, MessageShape, ReplyShape, Whole
from wellbeing_desktop.sync.protocol.transfer import TooLarge, Unreadable, decode


class PushedOperation(Operation, frozen=True, kw_only=True, omit_defaults=True):
    """An operation with its number: 1, 2, 3 ... for each laptop, given at first send."""

    n: int


class AuditEntries(MessageShape, frozen=True, kw_only=True, omit_defaults=True):
    """This laptop's audit chain since the last push. `first` is the number of the first entry; each entry is the
    store's own JSON text; `head` the chain's hash after the last one, `signature` the laptop's over it."""

    first: Whole
    entries: tuple[str, ...] = ()
    head: str = ""
    signature: str = ""


class PushRequest(MessageShape, frozen=True, kw_only=True, omit_defaults=True):
    """POST /v1/push. `ops` are PushedOperations in ascending `n`, at most 500 or 1 MiB, never cut inside a `txn`."""

    device: str
    epoch: str
    schema: Whole = SCHEMA
    ops: tuple[msgspec.Raw, ...] = ()
    audit: AuditEntries | None = None


class PushResult(MessageShape, frozen=True, kw_only=True, omit_defaults=True):
    """`r` is "applied", "merged", "conflict", "held", "quarantined" or "duplicate"; a duplicate has the first `was_r`.
    `h` is the hash of the operation as the server read it: what is acknowledged. `why` is a stable word."""

    n: Whole
    r: str
    op_id: str = ""
    was_r: str = ""
    seq: Whole = 0
    rev: Whole = 0
    h: str = ""
    why: str = ""
    conflicts: tuple[str, ...] = ()


class PushReply(ReplyShape, frozen=True, kw_only=True, omit_defaults=True):
    """`want` is set when the first `n` was beyond the next expected one: nothing was taken, send from there."""

    last_n: Whole
    head: Head
    results: tuple[PushResult, ...] = ()
    want: Whole = 0
    backed_up_seq: Whole = 0
    audit_taken: Whole = 0
    countersign: str = ""


def audit_head_message(device: str, number: int, head: str) -> bytes:
    """What a laptop signs, and the server countersigns: so many audit entries, ending in this hash."""
    return f"{PROTOCOL} audit {device} {number} {head}".encode()


def operation_hash(raw: bytes | msgspec.Raw) -> str:
    """BLAKE2b-128 of an operation's bytes as sent, 32 hexadecimal digits: a retry sends the same bytes."""
    return hashlib.blake2b(bytes(raw), digest_size=16).hexdigest()


MOST_COMMAS: Final = 250_000
"""In one push. Of 500 operations in a mebibyte every fourth byte would have to be a comma."""
MOST_MARKS: Final = 500_000
"""Brackets, quotes and commas that are gone through one by one; about two seconds."""
_TOKENS: Final = re.compile(rb'[\[\]{}",]|\\.', re.DOTALL)


def read_push(data: bytes) -> PushRequest:
    """A push, even when one operation in it is not JSON that can be read: that one stays raw bytes for quarantine.

    Raises Unreadable if the message around the operations cannot be read, and TooLarge for one made of a million small
    pieces: expanded into objects it would take hundreds of megabytes.
    """
    if data.count(b",") > MOST_COMMAS:
        raise TooLarge
    try:
        return decode(data, PushRequest)
    except Unreadable:
        envelope, operations = _cut_out_operations(data)
        request = decode(envelope, PushRequest)
        return msgspec.structs.replace(request, ops=tuple(msgspec.Raw(operation) for operation in operations))


def _cut_out_operations(data: bytes) -> tuple[bytes, list[bytes]]:
    """The slow way, by brackets and quotes alone: the bytes with an empty `ops`, and the bytes of each operation."""
    if sum(data.count(mark) for mark in (b"[", b"]", b"{", b"}", b'"', b",", b"\\")) > MOST_MARKS:
        raise Unreadable("more brackets than operations have")
    start = data.find(b'"ops":[')
    if start < 0:
        raise Unreadable("no operations")
    start += len(b'"ops":[')
    found: list[bytes] = []
    depth, quoted, begin = 0, False, start
    for token in _TOKENS.finditer(data, start):
        mark = token.group()
        if mark == b'"':
            quoted = not quoted
        elif quoted or len(mark) > 1:
            continue
        elif mark in b"[{":
            depth += 1
        elif mark in b"]}" and depth:
            depth -= 1
        elif depth == 0:  # a comma between operations, or the end
            if data[begin : token.start()].strip():
                found.append(data[begin : token.start()].strip())
            begin = token.end()
            if mark == b"]":
                return data[:start] + data[token.start() :], found
    raise Unreadable("the operations do not end")


class _Numbered(msgspec.Struct):
    n: int


def read_operation(raw: bytes | msgspec.Raw) -> PushedOperation | None:
    """One operation; None if it is malformed."""
    try:
        return decode(bytes(raw), PushedOperation)
    except Unreadable:
        return None


def number_of(raw: bytes | msgspec.Raw) -> int | None:
    """The number of a malformed operation, if that much can be read."""
    try:
        return decode(bytes(raw), _Numbered).n
    except Unreadable:
        return None
