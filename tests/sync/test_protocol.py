"""Messages: strict, limited, and never felled by one bad operation."""

import gzip
import json

import msgspec
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from wellbeing_desktop.sync.protocol.comparing import row_hash, slot_of, sum_hashes
from wellbeing_desktop.sync.protocol.message import PROTOCOL
from wellbeing_desktop.sync.protocol.pulling import PullRequest
from wellbeing_desktop.sync.protocol.pushing import PushReply, PushRequest, number_of, read_operation, read_push
from wellbeing_desktop.sync.protocol.transfer import TooLarge, Unreadable, compress, decode, encode, expand


@pytest.mark.parametrize("encoding", ["zstd", "gzip", ""])
def test_compression_returns_what_went_in(encoding: str) -> None:
    data = b"the same words " * 500
    packed, used = compress(data, encoding)
    assert used == encoding
    assert expand(packed, used, len(data)) == data


@pytest.mark.parametrize("packer", [(zstandard.compress, "zstd"), (gzip.compress, "gzip")])
def test_a_message_that_explodes_is_stopped(packer: tuple[object, str]) -> None:
    pack, encoding = packer
    with pytest.raises(TooLarge):
        expand(pack(b"\0" * 50_000_000), encoding, 1_000_000)


@pytest.mark.parametrize("packer", [(zstandard.compress, "zstd"), (gzip.compress, "gzip")])
def test_a_message_cut_short_is_unreadable(packer: tuple[object, str]) -> None:
    pack, encoding = packer
    with pytest.raises(Unreadable):
        expand(pack(bytes(range(256)) * 100)[:-9], encoding, 1_000_000)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_message_or_unreadable(data: bytes) -> None:
    for kind in (PullRequest, PushRequest):
        try:
            decode(data, kind)
        except Unreadable:
            continue
    for encoding in ("zstd", "gzip"):
        try:
            expand(data, encoding, 1000)
        except (Unreadable, TooLarge):
            continue


def test_fields_of_a_newer_version_are_passed_over() -> None:
    assert decode(b'{"device":"d","epoch":"e","from_the_future":[1]}', PullRequest).device == "d"


@pytest.mark.parametrize(
    "bad",
    [b'{"n":2,"a":"\\ud800"}', b'{"n":2,"a":' + b"[" * 5000 + b"]" * 5000 + b"}", b'{"n":2,"a":nonsense}'],
)
def test_one_operation_that_cannot_be_read_leaves_the_others_readable(bad: bytes) -> None:
    data = b'{"device":"d","epoch":"e","ops":[{"n":1,"x":"a,]\\""},' + bad + b',{"n":3}],"schema":1}'
    request = read_push(data)
    assert [number_of(raw) for raw in (request.ops[0], request.ops[2])] == [1, 3]
    assert bytes(request.ops[1]) == bad
    assert read_operation(request.ops[1]) is None


def test_a_push_whose_envelope_is_broken_is_unreadable() -> None:
    for data in (b"", b"{}", b"[]", b'{"ops":[', b'{"device":1,"epoch":"e","ops":[]}', b"\xff\xfe"):
        with pytest.raises(Unreadable):
            read_push(data)


def test_a_reply_round_trips() -> None:
    reply = decode(encode({"last_n": 1, "head": {"seq": 5, "tok": "a"}, "epoch": "e"}), PushReply)
    assert decode(encode(reply), PushReply) == reply
    assert json.loads(encode(msgspec.structs.replace(reply, protocol=PROTOCOL)))["protocol"] == "sync/1"


def test_digest_sums_do_not_depend_on_order() -> None:
    rows = [row_hash(str(number), "person", 1, False, {"a": number}) for number in range(5)]
    forward = backward = 0
    for row in rows:
        forward = sum_hashes(forward, row)
    for row in reversed(rows):
        backward = sum_hashes(backward, row)
    assert forward == backward
    assert row_hash("1", "person", 1, False, {"a": 1}) != row_hash("1", "person", 2, False, {"a": 1})
    assert 0 <= slot_of("s", "core") < 256


def test_raw_operations_survive_encoding() -> None:
    request = PushRequest(device="d", epoch="e", ops=(msgspec.Raw(b'{"n":1}'),))
    assert bytes(read_push(encode(request)).ops[0]) == b'{"n":1}'
