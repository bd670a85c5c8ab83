"""What every message of protocol `sync/1` has (SYNC 3.4), and the few that all the others use.

All are JSON over HTTPS. Decoding is strict about shape and limits; fields that this version does not know are passed
over, so that a newer end can talk to an older one.
"""

from typing import Annotated, Final

import msgspec

from wellbeing_desktop.domain.operation import SCHEMA

PROTOCOL: Final = "sync/1"
CONTENT_TYPE: Final = "application/vnd.wellbeing.sync.1+json"
PROBLEM_TYPE: Final = "application/problem+json"
"""A reply counts only with one of these two: a captive portal answers 200 with a page."""
MIN_CLIENT: Final = 1
"""The oldest schema that may still pull; push is always taken."""
Whole = Annotated[int, msgspec.Meta(ge=-(2**53), le=2**53)]
"""A whole number that every JSON reader and every database column holds."""


class MessageShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    pass


class ReplyShape(MessageShape, frozen=True, kw_only=True, omit_defaults=True):
    """What every reply carries. `now` is the server's clock, UTC; `protocol` is PROTOCOL, or the reply does not
    count."""

    epoch: str = ""
    now: str = ""
    schema: Whole = SCHEMA
    min_client: Whole = MIN_CLIENT
    protocol: str = ""


class Head(MessageShape, frozen=True, kw_only=True):
    """A place in the server's history: a commit's last sequence number and its token."""

    seq: Whole
    tok: str


class Bucket(MessageShape, frozen=True, kw_only=True, order=True):
    subject: str
    compartment: str


class Health(ReplyShape, frozen=True, kw_only=True, omit_defaults=True):
    """GET /v1/health; needs no session and tells nothing about anybody."""

    organisation: str = ""
    status: str = "ok"


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
