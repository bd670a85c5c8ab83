"""Records and their history on their way to a laptop: what changed, everything, or one bucket."""

from typing import Annotated, Any

import msgspec

from wellbeing_desktop.domain.operation import SCHEMA
from wellbeing_desktop.sync.protocol.limits import BUCKETS_AT_ONCE, PAGE_ROWS
from wellbeing_desktop.sync.protocol.message import Bucket, Head, MessageShape, ReplyShape, Whole


class PullRequest(MessageShape, frozen=True, kw_only=True, omit_defaults=True):
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


class Row(MessageShape, frozen=True, kw_only=True, omit_defaults=True):
    """A record as the server holds it."""

    id: str
    type: str
    subject: str
    compartment: str
    seq: Whole
    rev: Whole
    deleted: bool = False
    body: dict[str, Any] = msgspec.field(default_factory=dict)


class Version(MessageShape, frozen=True, kw_only=True, omit_defaults=True):
    """One change in a record's history. `patch` is what changed, `was` what stood there, `kept` what was typed but
    overtaken; `marks` are those of `sync.outcome.Mark`."""

    id: str
    rev: Whole
    seq: Whole
    author: str
    device: str = ""
    at_claimed: str = ""
    at_server: str = ""
    patch: dict[str, Any] = msgspec.field(default_factory=dict)
    was: dict[str, Any] = msgspec.field(default_factory=dict)
    kept: dict[str, Any] = msgspec.field(default_factory=dict)
    marks: tuple[str, ...] = ()


class Left(MessageShape, frozen=True, kw_only=True):
    """A bucket that this laptop may no longer hold, and why: "ended"."""

    bucket: Bucket
    why: str


class PullReply(ReplyShape, frozen=True, kw_only=True, omit_defaults=True):
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


class SnapshotRequest(MessageShape, frozen=True, kw_only=True, omit_defaults=True):
    """POST /v1/snapshot: first load, rows in id order after `after_id`."""

    device: str
    epoch: str
    after_id: str = ""
    limit: Whole = PAGE_ROWS
    schema: Whole = SCHEMA


class GrantInForce(MessageShape, frozen=True, kw_only=True, omit_defaults=True):
    """What the person whose laptop it is may hold, as the server reads it now."""

    kind: str
    subjects: tuple[str, ...] = ()
    compartments: tuple[str, ...] = ()
    with_names: bool = False
    may_write: bool = False


class SnapshotReply(ReplyShape, frozen=True, kw_only=True, omit_defaults=True):
    """Afterwards pull from the `head` of the FIRST page, which also names everybody who was erased."""

    head: Head
    changes: tuple[Row, ...] = ()
    next: str = ""
    more: bool = False
    total: Whole = 0
    erased: tuple[str, ...] = ()
    scope_ver: Whole = 0
    grants: tuple[GrantInForce, ...] = ()
    """With the last page: a laptop that loads beside what it holds goes by them, for nobody tells it what left."""
    reason: str = ""
    reason_signature: str = ""
    """With the last page too, as with a pull, over the head of this reply."""


class BucketRequest(MessageShape, frozen=True, kw_only=True, omit_defaults=True):
    """POST /v1/bucket. `what` of each bucket in turn: "rows" (in id order) or "versions"; `after` is where to go on in
    the first of them, an id or "id/rev"."""

    device: str
    epoch: str
    buckets: Annotated[tuple[Bucket, ...], msgspec.Meta(min_length=1, max_length=BUCKETS_AT_ONCE)]
    what: str = "rows"
    after: str = ""
    limit: Whole = PAGE_ROWS


class BucketReply(ReplyShape, frozen=True, kw_only=True, omit_defaults=True):
    """`done` of the buckets asked for are whole with this page; `next` is where to go on in the one after them."""

    at_seq: Whole
    changes: tuple[Row, ...] = ()
    versions: tuple[Version, ...] = ()
    done: Whole = 0
    next: str = ""
