"""What a referrer is told: drafted as a letter, never sent by itself (PRACTICE W21).

Who may hear what follows the person's consent (W16). Family, friends and neighbours, and whoever has no agreement, get
*received, thank you* alone, which names nobody and says no decision.
"""

import datetime as dt
from typing import Final, Literal

import msgspec

from wellbeing_desktop.documents.templates import shipped_templates
from wellbeing_desktop.domain.code_lists import code_list, label_of
from wellbeing_desktop.domain.consent import Consent
from wellbeing_desktop.domain.consent_rules import may_share, standing
from wellbeing_desktop.domain.dates import plain_date
from wellbeing_desktop.domain.document import Letter
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.domain.referral import Referral
from wellbeing_desktop.domain.stop import Stop
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.letter_document import merge
from wellbeing_desktop.operations.letter_values import recipient_of_referral, values_for
from wellbeing_desktop.operations.letters import add_letter, where_to_write
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.write_door import Transaction

What = Literal["received", "accepted", "declined"]
THANK_YOU: Final = "thank-you"
_NONE: Final = "none"
_PERSON: Final = "person"


class ReplyPlan(msgspec.Struct, frozen=True):
    """What would be drafted: no template where nobody is written to. `why` is for the screen."""

    template: str
    to_kind: str
    why: str


def plan_reply(reader: Reader, referral: Referral, what: What, today: dt.date) -> ReplyPlan:
    """Which letter this referrer may get about this step, and why that one."""
    purpose = _purpose_of(referral.source)
    if purpose == _NONE:
        return ReplyPlan("", "", "Our own team referred: nobody is written to.")
    if purpose == _PERSON:
        return _to_the_person(what)
    where = standing(found.every(reader, Consent, referral.subject), purpose, "", today)
    answer = may_share(purpose, where)
    if not answer.allowed:
        why = f"{answer.sentence} The referrer gets only “received, thank you”."
        return ReplyPlan(THANK_YOU, "related_person", why)
    if what == "received":
        return ReplyPlan("reply-to-referrer", "referrer", answer.sentence)
    return ReplyPlan("referral-decision", "referrer", answer.sentence)


def add_reply(tx: Transaction, referral: Referral, what: What) -> str:
    """Within a transaction: the letter as a draft, and its id on the referral; empty where none is to be made.

    A letter that may not be written (an unsafe address, a death) never holds up the decision: there is then no draft.
    """
    today = local_date(tx.at)
    plan = plan_reply(tx.reader, referral, what, today)
    field = "receipt_letter_id" if what == "received" or plan.template == THANK_YOU else "reply_letter_id"
    if not plan.template or getattr(referral, field):
        return ""
    person = found.survivor(tx.reader, referral.subject)
    if isinstance(where_to_write(tx.reader, person, plan.to_kind, plan.template, today), Stop):
        return ""
    template = shipped_templates()[plan.template]
    values = {
        **values_for(tx.reader, person.id, today=today, author_id=tx.author),
        "received_on": plain_date(referral.received_on) if referral.received_on else plain_date(today),
        "referrer_name": referral.referrer_name,
        "decision_words": _decision_words(referral, what),
        "next_words": _next_words(what),
    }
    merged = merge(template, values)
    name, address = ("", "") if plan.to_kind == _PERSON else recipient_of_referral(tx.reader, referral)
    letter_id = add_letter(
        tx,
        Letter(
            id=new_id(),
            subject=referral.subject,
            template=template.id,
            template_version=str(template.version),
            to_kind=plan.to_kind,
            to_name=name or ("The referrer" if plan.to_kind != _PERSON else ""),
            to_address=address,
            subject_line=merged.subject,
            body=merged.body,
        ),
    )
    tx.change(Referral, referral.id, {field: letter_id})
    return letter_id


def check_draftable(reader: Reader, referral: Referral, what: What, today: dt.date) -> None:
    """Refused, with why, where no letter would be drafted."""
    plan = plan_reply(reader, referral, what, today)
    if not plan.template:
        raise Refused(plan.why)
    if what == "received" and referral.receipt_letter_id:
        raise Refused("There is a letter of thanks already.")
    person = found.survivor(reader, referral.subject)
    where = where_to_write(reader, person, plan.to_kind, plan.template, today)
    if isinstance(where, Stop):
        raise Refused(where.sentence)


def _to_the_person(what: What) -> ReplyPlan:
    if what == "received":
        return ReplyPlan(THANK_YOU, _PERSON, "The person asked for themselves.")
    if what == "declined":
        return ReplyPlan("referral-declined-person", _PERSON, "The person asked for themselves.")
    return ReplyPlan("", "", "The person asked for themselves: call them, or write with the first appointment.")


def _purpose_of(source: str) -> str:
    """The consent purpose that a reply to this source rests on; what is not known is treated as family is."""
    for entry in code_list("referral_sources").entries:
        if entry.code == source:
            return str(entry.more.get("reply", "share_family"))
    return "share_family"


def _decision_words(referral: Referral, what: What) -> str:
    if what == "accepted":
        return "We have accepted it."
    reason = label_of("decline_reasons", referral.decline_reason)
    return "We cannot accept it." + (f" The reason: {reason[:1].lower() + reason[1:]}." if reason else "")


def _next_words(what: What) -> str:
    if what == "received":
        return "We will look at it and tell you what we decide."
    return "We will get in touch with the person." if what == "accepted" else ""
