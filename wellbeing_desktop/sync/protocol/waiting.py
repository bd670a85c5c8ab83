"""Waiting for news, and what somebody is told of clocks that ran out."""

from wellbeing_desktop.sync.protocol.message import MessageShape, ReplyShape, Whole


class WaitRequest(MessageShape, frozen=True, kw_only=True, omit_defaults=True):
    """POST /v1/wait: answered when the history goes beyond `seq`, when what this laptop's person is to be told of clocks
    that ran out is not what `mark` stands for, or after 50 seconds. A message like every other, so that it is limited
    and signed like every other."""

    device: str
    seq: Whole = 0
    mark: str = ""


class RunOut(MessageShape, frozen=True, kw_only=True, omit_defaults=True):
    """A clock that ran out and nobody has stopped (PRACTICE W13). `owner` is who has the record, or raised it."""

    id: str
    type: str
    due_at: str
    owner: str = ""


class WaitReply(ReplyShape, frozen=True, kw_only=True, omit_defaults=True):
    """Where the history stands, which is only a hint; and what this laptop's person is told of clocks that ran out.
    `watchers` is how many people the service has named to be told: with 0, nobody watches."""

    seq: Whole = 0
    run_out: tuple[RunOut, ...] = ()
    watchers: Whole = 0
    mark: str = ""
