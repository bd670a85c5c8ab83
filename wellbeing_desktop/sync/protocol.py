"""Every message between a laptop and the server, protocol `sync/1` (SYNC 3.4). Both ends use these and nothing else.

All are JSON over HTTPS, compressed with zstd level 1 or gzip. Decoding is strict about shape and limits; fields that
this version does not know are passed over, so that a newer end can talk to an older one. Content pushed by a laptop
never makes a whole request fail: operations are read one by one (`read_operations`).
"""

import base64
import hashlib
import re
import zlib
from collections.abc import Mapping
from typing import Annotated, Any, Final, TypeVar

import msgspec
import zstandard

from wellbeing_desktop.domain.operation import SCHEMA as SCHEMA
from wellbeing_desktop.domain.operation import Operation
from wellbeing_desktop.domain.wire import canonical

PROTOCOL: Final = "sync/1"
CONTENT_TYPE: Final = "application/vnd.wellbeing.sync.1+json"
PROBLEM_TYPE: Final = "application/problem+json"
"""A reply counts only with one of these two: a captive portal answers 200 with a page."""
BYTES_TYPE: Final = "application/vnd.wellbeing.sync.1+bytes"
"""Bytes of a file: a part at a time, never compressed, each with its Content-Digest."""

MIN_CLIENT: Final = 1
"""The oldest schema that may still pull; push is always taken."""

MAX_REQUEST_BYTES: Final = 8 * 1024 * 1024
MAX_PUSH_BYTES: Final = 1024 * 1024
"""What a laptop aims for in one push, before compression; the server takes up to MAX_REQUEST_BYTES."""
MAX_REPLY_BYTES: Final = 64 * 1024 * 1024
MAX_PUSH_OPERATIONS: Final = 500
MAX_TXN_OPERATIONS: Final = 200
PAGE_ROWS: Final = 5_000
PAGE_ROWS_FLOOR: Final = 200
PAGE_BYTES: Final = 4 * 1024 * 1024
PART_BYTES: Final = 1024 * 1024
"""Files travel in parts of this size, the last one what is left."""
TOKEN_SECONDS: Final = 15 * 60
NONCE_SECONDS: Final = 120

Whole = Annotated[int, msgspec.Meta(ge=-(2**53), le=2**53)]
"""A whole number that every JSON reader and every database column holds."""

Message = TypeVar("Message")


class _Message(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    pass


class _Reply(_Message, frozen=True, kw_only=True, omit_defaults=True):
    """What every reply carries. `now` is the server's clock, UTC; `protocol` is PROTOCOL, or the reply does not
    count."""

    epoch: str = ""
    now: str = ""
    schema: Whole = SCHEMA
    min_client: Whole = MIN_CLIENT
    protocol: str = ""


class Head(_Message, frozen=True, kw_only=True):
    """A place in the server's history: a commit's last sequence number and its token."""

    seq: Whole
    tok: str


class Bucket(_Message, frozen=True, kw_only=True, order=True):
    subject: str
    compartment: str


class Health(_Reply, frozen=True, kw_only=True, omit_defaults=True):
    """GET /v1/health; needs no session and tells nothing about anybody."""

    organisation: str = ""
    status: str = "ok"


class PairRequest(_Message, frozen=True, kw_only=True, omit_defaults=True):
    """POST /v1/pair. `public_key` is the laptop's Ed25519 key, 64 hexadecimal digits; `name` what its user calls it."""

    code: str
    public_key: str
    name: str = ""
    schema: Whole = SCHEMA


class PairReply(_Reply, frozen=True, kw_only=True, omit_defaults=True):
    """`state` is "approved" or "pending". `fingerprint` is compared by voice. `server_key` signs grants and the
    audit heads."""

    device: str
    organisation: str
    organisation_name: str
    practitioner_id: str
    practitioner_name: str
    state: str
    fingerprint: str
    server_key: str


class NonceRequest(_Message, frozen=True, kw_only=True):
    """POST /v1/nonce."""

    device: str


class NonceReply(_Reply, frozen=True, kw_only=True, omit_defaults=True):
    nonce: str


class LaptopReport(_Message, frozen=True, kw_only=True, omit_defaults=True):
    """How a laptop stands, for the register: counts and times, nobody's data. `waiting` counts pieces of work that the
    server lacks, `unsettled` those that it could not apply; `completed_at` is when everything was last exchanged.
    `unlocked_at` is when the store was last opened, by the laptop's clock, and `opened_by` what opens it ("passphrase",
    "passphrase and keyring"): for the report of a lost laptop. `refused_orders` counts orders to seal that did not hold, and
    `removal_stopped` the people whom it was asked to give up without a reason, and did not."""

    waiting: Whole = 0
    oldest_waiting_at: str = ""
    held: Whole = 0
    unsettled: Whole = 0
    completed_at: str = ""
    program: str = ""
    schema: Whole = SCHEMA
    skew_seconds: Whole = 0
    repairs: Whole = 0
    unlocked_at: str = ""
    opened_by: str = ""
    refused_orders: Whole = 0
    removal_stopped: Whole = 0


class SealedRequest(_Message, frozen=True, kw_only=True):
    """POST /v1/sealed, after 401 revoked with an order that held: the store is sealed. `signature` is the laptop's over
    `sealed_message(device, nonce)`, hexadecimal."""

    device: str
    nonce: str
    signature: str


class SealedReply(_Reply, frozen=True, kw_only=True, omit_defaults=True):
    pass


class RekeyRequest(_Message, frozen=True, kw_only=True, omit_defaults=True):
    """POST /v1/rekey, after 409 forked: a laptop whose store was copied takes an identity of its own. `device` is the
    old one. Both signatures are Ed25519 over `rekey_message(device, nonce, public_key)`, hexadecimal: `signature` by
    the old key, `new_signature` by the one that `public_key` belongs to."""

    device: str
    nonce: str
    public_key: str
    signature: str
    new_signature: str
    schema: Whole = SCHEMA


class RekeyReply(_Reply, frozen=True, kw_only=True, omit_defaults=True):
    """The new identity, in the same organisation and of the same member. The same `public_key` gets the same one
    again, so that a lost reply leaves no second one behind."""

    device: str
    organisation: str
    practitioner_id: str
    state: str
    fingerprint: str


class SessionRequest(_Message, frozen=True, kw_only=True, omit_defaults=True):
    """POST /v1/session. `signature` is Ed25519 over `session_message(device, nonce)`, hexadecimal. With `begins_sync`
    every earlier token of this laptop is dead: what a session left behind still sends is refused."""

    device: str
    nonce: str
    signature: str
    report: LaptopReport | None = None
    begins_sync: bool = False


class GrantInForce(_Message, frozen=True, kw_only=True, omit_defaults=True):
    """What the person who signs in may hold, as the server reads it now; a laptop that fetches everything again goes
    by it, for nobody tells it what left meanwhile."""

    kind: str
    subjects: tuple[str, ...] = ()
    compartments: tuple[str, ...] = ()
    with_names: bool = False
    may_write: bool = False


class SessionReply(_Reply, frozen=True, kw_only=True, omit_defaults=True):
    """`token` goes into `Authorization: Bearer`; it is good for `seconds` and for this laptop only.

    `lease` is JSON text (domain/lease.py) and `lease_signature` the server's over `lease_message` of it; both are empty
    for a laptop whose person is leaving.
    """

    token: str
    seconds: Whole
    practitioner_id: str
    roles: tuple[str, ...] = ()
    grants: tuple[GrantInForce, ...] = ()
    lease: str = ""
    lease_signature: str = ""
    files_wanted: bool = False
    """Somebody asked for the bytes of a file that the server has not: ask /v1/wanted which, and send what is here."""


class PushedOperation(Operation, frozen=True, kw_only=True, omit_defaults=True):
    """An operation with its number: 1, 2, 3 ... for each laptop, given at first send."""

    n: int


class AuditEntries(_Message, frozen=True, kw_only=True, omit_defaults=True):
    """This laptop's audit chain since the last push. `first` is the number of the first entry; each entry is the
    store's own JSON text; `head` the chain's hash after the last one, `signature` the laptop's over it."""

    first: Whole
    entries: tuple[str, ...] = ()
    head: str = ""
    signature: str = ""


class PushRequest(_Message, frozen=True, kw_only=True, omit_defaults=True):
    """POST /v1/push. `ops` are PushedOperations in ascending `n`, at most 500 or 1 MiB, never cut inside a `txn`."""

    device: str
    epoch: str
    schema: Whole = SCHEMA
    ops: tuple[msgspec.Raw, ...] = ()
    audit: AuditEntries | None = None


class PushResult(_Message, frozen=True, kw_only=True, omit_defaults=True):
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


class PushReply(_Reply, frozen=True, kw_only=True, omit_defaults=True):
    """`want` is set when the first `n` was beyond the next expected one: nothing was taken, send from there."""

    last_n: Whole
    head: Head
    results: tuple[PushResult, ...] = ()
    want: Whole = 0
    backed_up_seq: Whole = 0
    audit_taken: Whole = 0
    countersign: str = ""


class PullRequest(_Message, frozen=True, kw_only=True, omit_defaults=True):
    """POST /v1/pull. A laptop that has never pulled sends seq 0 and an empty tok."""

    device: str
    epoch: str
    seq: Whole = 0
    tok: str = ""
    scope_ver: Whole = 0
    scope_on: str = ""
    """The day of the last page, as that page said it: grants begin and end by days, also when nobody writes anything."""
    limit: Whole = PAGE_ROWS
    schema: Whole = SCHEMA


class Row(_Message, frozen=True, kw_only=True, omit_defaults=True):
    """A record as the server holds it."""

    id: str
    type: str
    subject: str
    compartment: str
    seq: Whole
    rev: Whole
    deleted: bool = False
    body: dict[str, Any] = {}


class Version(_Message, frozen=True, kw_only=True, omit_defaults=True):
    """One change in a record's history. `patch` is what changed, `was` what stood there, `kept` what was typed but
    overtaken; `marks` are those of `sync.merge.Mark`."""

    id: str
    rev: Whole
    seq: Whole
    author: str
    device: str = ""
    at_claimed: str = ""
    at_server: str = ""
    patch: dict[str, Any] = {}
    was: dict[str, Any] = {}
    kept: dict[str, Any] = {}
    marks: tuple[str, ...] = ()


class Left(_Message, frozen=True, kw_only=True):
    """A bucket that this laptop may no longer hold, and why: "ended"."""

    bucket: Bucket
    why: str


class PullReply(_Reply, frozen=True, kw_only=True, omit_defaults=True):
    """`enter` are buckets to be fetched whole through /v1/bucket: to be written down in the transaction of the cursor.
    An empty page with `more` moves the cursor all the same. Where many people leave at once, `reason` is the word for
    it (domain/removal.py), and `reason_signature` the server's over `removal_message` of it."""

    changes: tuple[Row, ...] = ()
    versions: tuple[Version, ...] = ()
    enter: tuple[Bucket, ...] = ()
    leave: tuple[Left, ...] = ()
    next: Head
    more: bool = False
    backed_up_seq: Whole = 0
    scope_ver: Whole = 0
    scope_on: str = ""
    reason: str = ""
    reason_signature: str = ""


class SnapshotRequest(_Message, frozen=True, kw_only=True, omit_defaults=True):
    """POST /v1/snapshot: first load, rows in id order after `after_id`."""

    device: str
    epoch: str
    after_id: str = ""
    limit: Whole = PAGE_ROWS
    schema: Whole = SCHEMA


class SnapshotReply(_Reply, frozen=True, kw_only=True, omit_defaults=True):
    """Afterwards pull from the `head` of the FIRST page, which also names everybody who was erased."""

    head: Head
    changes: tuple[Row, ...] = ()
    next: str = ""
    more: bool = False
    total: Whole = 0
    erased: tuple[str, ...] = ()
    scope_ver: Whole = 0
    reason: str = ""
    reason_signature: str = ""
    """With the last page, as with a pull, over the head of this reply: for a laptop that loads beside what it holds."""


class BucketRequest(_Message, frozen=True, kw_only=True, omit_defaults=True):
    """POST /v1/bucket. `what` is "rows" (in id order after `after`) or "versions" (after "id/rev")."""

    device: str
    epoch: str
    bucket: Bucket
    what: str = "rows"
    after: str = ""
    limit: Whole = PAGE_ROWS


class BucketReply(_Reply, frozen=True, kw_only=True, omit_defaults=True):
    at_seq: Whole
    changes: tuple[Row, ...] = ()
    versions: tuple[Version, ...] = ()
    next: str = ""
    more: bool = False


class DigestRequest(_Message, frozen=True, kw_only=True, omit_defaults=True):
    """POST /v1/digest. `seq` is the laptop's cursor: the sums count for nothing unless it is the server's head.
    With `slots`, the rows of those slots follow by id and hash."""

    device: str
    epoch: str
    seq: Whole = 0
    slots: tuple[Whole, ...] = ()


class DigestReply(_Reply, frozen=True, kw_only=True, omit_defaults=True):
    """`sums` are `SLOTS` hexadecimal sums; `rows` maps an id to its row hash, for the slots asked for, and
    `places` to "subject/compartment"."""

    seq: Whole
    sums: tuple[str, ...] = ()
    rows: dict[str, str] = {}
    places: dict[str, str] = {}


class BlobDoneRequest(_Message, frozen=True, kw_only=True, omit_defaults=True):
    """POST /v1/blob/{sha}/done: every part was sent; or, by one that fetched it, it is not what its name says. Either
    way the server hashes the whole."""

    device: str
    epoch: str


class BlobDoneReply(_Reply, frozen=True, kw_only=True, omit_defaults=True):
    """`state` is "whole"; "part" when parts are missing; "damaged" when what this laptop sent was not what the name
    says, and is thrown away; "wanted" when the server had it, it had gone bad, and it is asked of whoever holds it."""

    state: str


class WantedRequest(_Message, frozen=True, kw_only=True, omit_defaults=True):
    """POST /v1/wanted: which bytes does the server lack that this laptop may send?"""

    device: str
    epoch: str


class WantedReply(_Reply, frozen=True, kw_only=True, omit_defaults=True):
    shas: tuple[str, ...] = ()


class WaitRequest(_Message, frozen=True, kw_only=True, omit_defaults=True):
    """POST /v1/wait: answered when the history goes beyond `seq`, when what this laptop's person is to be told of clocks
    that ran out is not what `mark` stands for, or after 50 seconds. A message like every other, so that it is limited
    and signed like every other."""

    device: str
    seq: Whole = 0
    mark: str = ""


class RunOut(_Message, frozen=True, kw_only=True, omit_defaults=True):
    """A clock that ran out and nobody has stopped (PRACTICE W13). `owner` is who has the record, or raised it."""

    id: str
    type: str
    due_at: str
    owner: str = ""


class WaitReply(_Reply, frozen=True, kw_only=True, omit_defaults=True):
    """Where the history stands, which is only a hint; and what this laptop's person is told of clocks that ran out.
    `watchers` is how many people the service has named to be told: with 0, nobody watches."""

    seq: Whole = 0
    run_out: tuple[RunOut, ...] = ()
    watchers: Whole = 0
    mark: str = ""


class ReportRequest(_Message, frozen=True, kw_only=True):
    """POST /v1/report."""

    device: str
    report: LaptopReport


class ReportReply(_Reply, frozen=True, kw_only=True, omit_defaults=True):
    pass


class RegisterRequest(_Message, frozen=True, kw_only=True):
    """POST /v1/register: for leads, of their teams, and for managers, owners and administrators, of everybody."""

    device: str


class RegisterRow(_Message, frozen=True, kw_only=True, omit_defaults=True):
    """One laptop; `device` is empty for somebody who has none. `late` is the server's word for one that should be
    looked at: "visits_due", "copied" (its store was used twice, and it has a new identity), "never", "long_away", "waiting"
    or "clock"."""

    practitioner_id: str
    practitioner_name: str
    device: str = ""
    laptop_name: str = ""
    state: str = ""
    last_seen: str = ""
    report: LaptopReport = LaptopReport()
    due_tomorrow: Whole = 0
    due_this_week: Whole = 0
    late: str = ""


class RegisterReply(_Reply, frozen=True, kw_only=True, omit_defaults=True):
    rows: tuple[RegisterRow, ...] = ()


class QuarantineRequest(_Message, frozen=True, kw_only=True, omit_defaults=True):
    """POST /v1/quarantine. `mine` are numbers of this laptop's own operations, to learn what became of them."""

    device: str
    mine: tuple[Whole, ...] = ()


class QuarantinedWork(_Message, frozen=True, kw_only=True, omit_defaults=True):
    """An operation that waits for a decision. `content` is the operation itself, null for those who may not see its
    bucket; `subject` is empty likewise. `state` is "open", "handed" (to `handed_to`) or "waiting" for its record."""

    device: str
    n: Whole
    op_id: str = ""
    at: str
    author: str
    type: str = ""
    why: str
    state: str
    handed_to: str = ""
    is_own: bool = False
    may_apply: bool = False
    subject: str = ""
    content: msgspec.Raw = msgspec.field(default_factory=lambda: msgspec.Raw(b"null"))


class QuarantineCount(_Message, frozen=True, kw_only=True):
    """For those who look after all of it: how many, why, from whom, since when."""

    why: str
    author: str
    count: Whole
    oldest_at: str


class QuarantineState(_Message, frozen=True, kw_only=True, omit_defaults=True):
    """What became of one of this laptop's own: also "applied", "set_aside" with a reason, "taken_back"."""

    n: Whole
    state: str
    why: str = ""
    reason: str = ""
    handed_to: str = ""


class QuarantineReply(_Reply, frozen=True, kw_only=True, omit_defaults=True):
    items: tuple[QuarantinedWork, ...] = ()
    counts: tuple[QuarantineCount, ...] = ()
    mine: tuple[QuarantineState, ...] = ()


class Decision(_Message, frozen=True, kw_only=True, omit_defaults=True):
    """About the operation `n` of `device` and those of its txn. `what` is "apply" (as it is, under the decider's
    right), "hand" (`to` a colleague), "set_aside" (with a `reason`) or "take_back" (its author alone)."""

    device: str
    n: Whole
    what: str
    to: str = ""
    reason: str = ""


class DecideRequest(_Message, frozen=True, kw_only=True):
    """POST /v1/decide; at most 200 decisions."""

    device: str
    decisions: tuple[Decision, ...]


class Decided(_Message, frozen=True, kw_only=True, omit_defaults=True):
    """`refused` is a stable word when the decision was not theirs, or when it still could not be applied."""

    device: str
    n: Whole
    state: str
    refused: str = ""


class DecideReply(_Reply, frozen=True, kw_only=True, omit_defaults=True):
    decided: tuple[Decided, ...] = ()


class EmergencyRequest(_Message, frozen=True, kw_only=True, omit_defaults=True):
    """POST /v1/emergency: access for some hours to somebody whom the asker may not hold, found by the NHS number, or by
    family name and date of birth. `reason` is a word of domain/emergency.py, `words` are read by the lead."""

    device: str
    nhs_number: str = ""
    family_name: str = ""
    born_on: str = ""
    reason: str
    words: str


class EmergencyReply(_Reply, frozen=True, kw_only=True, omit_defaults=True):
    """`until` is empty where the record was held already; `told` is how many people were told."""

    subject: str
    until: str = ""
    told: Whole = 0


class CommonRequest(_Message, frozen=True, kw_only=True):
    """POST /v1/common, after a restore: places that this laptop passed in the old history, at most 1,000."""

    device: str
    places: tuple[Head, ...]


class CommonReply(_Reply, frozen=True, kw_only=True, omit_defaults=True):
    """The last place that is in the new history too; -1 if none is."""

    seq: Whole = -1


class SalvageRow(_Message, frozen=True, kw_only=True, omit_defaults=True):
    """A record as the old history had it."""

    id: str
    type: str
    subject: str
    compartment: str
    rev: Whole
    body: dict[str, Any] = {}


class SalvageRequest(_Message, frozen=True, kw_only=True):
    """POST /v1/salvage: rows that this laptop holds and a restored server lacks, at most 500."""

    device: str
    epoch: str
    rows: tuple[SalvageRow, ...]


class SalvageReply(_Reply, frozen=True, kw_only=True, omit_defaults=True):
    """`taken` were new. They wait for their author's laptop, and then for somebody to decide."""

    taken: Whole = 0


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """RFC 9457. `type` ends in the stable word: "about:revoked", "about:epoch" ...; `epoch` is the server's, with
    409 epoch. With 401 revoked, to a laptop that has just proved itself at /v1/session, `seal` may be the order to seal
    its store: JSON text (domain/seal.py), and the server's signature over `seal_message` of it."""

    type: str
    title: str
    status: int
    detail: str = ""
    epoch: str = ""
    retry_after: int = 0
    protocol: str = ""
    seal: str = ""
    seal_signature: str = ""


SLOTS: Final = 256

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


def session_message(device: str, nonce: str) -> bytes:
    """What a laptop signs to begin a session."""
    return f"{PROTOCOL} session {device} {nonce}".encode()


def sealed_message(device: str, nonce: str) -> bytes:
    """What a laptop signs to say that its store is sealed."""
    return f"{PROTOCOL} sealed {device} {nonce}".encode()


def rekey_message(device: str, nonce: str, public_key: str) -> bytes:
    """What a laptop signs, with its old key and with its new one, to take a new identity."""
    return f"{PROTOCOL} rekey {device} {nonce} {public_key}".encode()


def content_digest(body: bytes) -> str:
    """The Content-Digest header (RFC 9530) of a reply's bytes as they travel: TLS ends at a proxy, this does not."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


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


def audit_head_message(device: str, number: int, head: str) -> bytes:
    """What a laptop signs, and the server countersigns: so many audit entries, ending in this hash."""
    return f"{PROTOCOL} audit {device} {number} {head}".encode()


def key_fingerprint(public_key: str) -> str:
    """Six groups of four digits of a laptop's public key (hexadecimal), that two people can compare by voice."""
    digest = hashlib.sha256(bytes.fromhex(public_key)).digest()
    return " ".join(f"{int.from_bytes(digest[start : start + 2], 'big') % 10000:04d}" for start in range(0, 12, 2))


def operation_hash(raw: bytes | msgspec.Raw) -> str:
    """BLAKE2b-128 of an operation's bytes as sent, 32 hexadecimal digits: a retry sends the same bytes."""
    return hashlib.blake2b(bytes(raw), digest_size=16).hexdigest()


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
