"""For those who look after others: the register of laptops, work that was not applied, access in an emergency."""

import msgspec

from wellbeing_desktop.sync.protocol.message import MessageShape, ReplyShape, Whole
from wellbeing_desktop.sync.protocol.signing_in import LaptopReport


class RegisterRequest(MessageShape, frozen=True, kw_only=True):
    """POST /v1/register: for leads, of their teams, and for managers, owners and administrators, of everybody."""

    device: str


class RegisterRow(MessageShape, frozen=True, kw_only=True, omit_defaults=True):
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


class RegisterReply(ReplyShape, frozen=True, kw_only=True, omit_defaults=True):
    rows: tuple[RegisterRow, ...] = ()


class QuarantineRequest(MessageShape, frozen=True, kw_only=True, omit_defaults=True):
    """POST /v1/quarantine. `mine` are numbers of this laptop's own operations, to learn what became of them."""

    device: str
    mine: tuple[Whole, ...] = ()


class QuarantinedWork(MessageShape, frozen=True, kw_only=True, omit_defaults=True):
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


class QuarantineCount(MessageShape, frozen=True, kw_only=True):
    """For those who look after all of it: how many, why, from whom, since when."""

    why: str
    author: str
    count: Whole
    oldest_at: str


class QuarantineState(MessageShape, frozen=True, kw_only=True, omit_defaults=True):
    """What became of one of this laptop's own: also "applied", "set_aside" with a reason, "taken_back"."""

    n: Whole
    state: str
    why: str = ""
    reason: str = ""
    handed_to: str = ""


class QuarantineReply(ReplyShape, frozen=True, kw_only=True, omit_defaults=True):
    items: tuple[QuarantinedWork, ...] = ()
    counts: tuple[QuarantineCount, ...] = ()
    mine: tuple[QuarantineState, ...] = ()


class Decision(MessageShape, frozen=True, kw_only=True, omit_defaults=True):
    """About the operation `n` of `device` and those of its txn. `what` is "apply" (as it is, under the decider's
    right), "hand" (`to` a colleague), "set_aside" (with a `reason`) or "take_back" (its author alone)."""

    device: str
    n: Whole
    what: str
    to: str = ""
    reason: str = ""


class DecideRequest(MessageShape, frozen=True, kw_only=True):
    """POST /v1/decide; at most 200 decisions."""

    device: str
    decisions: tuple[Decision, ...]


class Decided(MessageShape, frozen=True, kw_only=True, omit_defaults=True):
    """`refused` is a stable word when the decision was not theirs, or when it still could not be applied."""

    device: str
    n: Whole
    state: str
    refused: str = ""


class DecideReply(ReplyShape, frozen=True, kw_only=True, omit_defaults=True):
    decided: tuple[Decided, ...] = ()


class EmergencyRequest(MessageShape, frozen=True, kw_only=True, omit_defaults=True):
    """POST /v1/emergency: access for some hours to somebody whom the asker may not hold, found by the NHS number, or by
    family name and date of birth. `reason` is a word of domain/emergency.py, `words` are read by the lead."""

    device: str
    nhs_number: str = ""
    family_name: str = ""
    born_on: str = ""
    reason: str
    words: str


class EmergencyReply(ReplyShape, frozen=True, kw_only=True, omit_defaults=True):
    """`until` is empty where the record was held already; `told` is how many people were told."""

    subject: str
    until: str = ""
    told: Whole = 0
