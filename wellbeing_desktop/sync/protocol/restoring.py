"""After a server was put back from a copy: what both histories share, and what it lacks."""

from typing import Any

import msgspec

from wellbeing_desktop.sync.protocol.message import Head, MessageShape, ReplyShape, Whole


class CommonRequest(MessageShape, frozen=True, kw_only=True):
    """POST /v1/common, after a restore: places that this laptop passed in the old history, at most 1,000."""

    device: str
    places: tuple[Head, ...]


class CommonReply(ReplyShape, frozen=True, kw_only=True, omit_defaults=True):
    """The last place that is in the new history too; -1 if none is."""

    seq: Whole = -1


class SalvageRow(MessageShape, frozen=True, kw_only=True, omit_defaults=True):
    """A record as the old history had it."""

    id: str
    type: str
    subject: str
    compartment: str
    rev: Whole
    body: dict[str, Any] = msgspec.field(default_factory=dict)


class SalvageRequest(MessageShape, frozen=True, kw_only=True):
    """POST /v1/salvage: rows that this laptop holds and a restored server lacks, at most 500."""

    device: str
    epoch: str
    rows: tuple[SalvageRow, ...]


class SalvageReply(ReplyShape, frozen=True, kw_only=True, omit_defaults=True):
    """`taken` were new. They wait for their author's laptop, and then for somebody to decide."""

    taken: Whole = 0
