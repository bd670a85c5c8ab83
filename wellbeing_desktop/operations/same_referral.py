"""A person is referred who was asked for already: what is known is shown, and somebody decides (B7).

Two referrals may be one request when both are about one person (joined records included) and the earlier one is still
open, or came within a period with the same reason or from the same source. How long that is, is a setting of the
service (`referral.same_request_days`); 90 days is a product choice, no published rule was found.
"""

import datetime as dt
from typing import Final

import msgspec

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.contact import Note
from wellbeing_desktop.domain.dates import day_words
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.domain.referral import Episode, Referral
from wellbeing_desktop.domain.referral_rules import is_undecided
from wellbeing_desktop.domain.work_rules import SAME_REQUEST_SETTING, number_or
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.operations.clocks import setting_value
from wellbeing_desktop.operations.referrals import receive_referral
from wellbeing_desktop.storage.connection import Reader, Writer

USUAL_DAYS: Final = 90


class EarlierRequest(msgspec.Struct, frozen=True):
    """A referral that may be the same request, why, and what it said. `is_open`: it waits for a decision, or its
    support goes on."""

    referral: Referral
    is_open: bool
    why: tuple[str, ...]
    words: str = ""


def same_request_days(reader: Reader) -> int:
    """Days in which an earlier referral counts as the same request (0 to 3,650)."""
    return number_or(SAME_REQUEST_SETTING, setting_value(reader, SAME_REQUEST_SETTING), USUAL_DAYS)


def earlier_requests(reader: Reader, new: Referral, today: dt.date) -> tuple[EarlierRequest, ...]:
    """Referrals of this person that the new one may repeat: open ones first, then the newest."""
    since = (new.received_on or today) - dt.timedelta(days=same_request_days(reader))
    supported = {one.referral_id for one in found.every(reader, Episode, new.subject) if one.state == "open"}
    notes = found.every(reader, Note, new.subject)
    made = []
    for earlier in found.every(reader, Referral, new.subject):
        if earlier.id == new.id:
            continue
        is_open = is_undecided(earlier) or earlier.id in supported
        why = ["waiting for a decision" if is_undecided(earlier) else "support goes on"] if is_open else []
        if new.reason and earlier.reason == new.reason:
            why.append("same reason")
        if new.source and earlier.source == new.source:
            why.append("same source")
        recent = earlier.received_on is not None and earlier.received_on >= since
        if is_open or (recent and why):
            words = next((note.text for note in notes if note.about_id == earlier.id), "")
            made.append(EarlierRequest(earlier, is_open, tuple(why), words))
    made.sort(key=lambda one: (one.is_open, one.referral.received_on or dt.date.min, one.referral.id), reverse=True)
    return tuple(made)


def add_to_referral(
    writer: Writer, referral_id: str, again: Referral, *, words: str = "", at: dt.datetime | None = None
) -> Changes:
    """Asked for again: what was said this time is kept with the referral that is open, as a note about it. A more
    pressing wish is in its words and never lowers or raises what somebody decided."""
    with doing(writer, "add_to_referral", at=at) as tx:
        referral = found.found(tx.reader, Referral, referral_id)
        episodes = found.every(tx.reader, Episode, referral.subject)
        if not is_undecided(referral) and not any(
            one.referral_id == referral_id and one.state == "open" for one in episodes
        ):
            raise Refused("This referral is closed. Save a new one, and say that it follows from it.", "repeats_id")
        tx.create(
            Note(
                subject=referral.subject,
                about_id=referral_id,
                written_on=local_date(tx.at),
                text=_asked_again(again, words),
                author_id=tx.author,
            )
        )
    return tx.changes


def _asked_again(again: Referral, words: str) -> str:
    on = day_words(again.received_on, "a day not recorded")
    said = [
        ("Where it came from", again.source and label_of("referral_sources", again.source)),
        ("Reason", again.reason and label_of("referral_reasons", again.reason)),
        ("Urgency asked for", again.urgency and label_of("urgencies", again.urgency)),
        ("Referred by", again.referrer_name),
        ("How to reach the referrer", again.referrer_contact),
    ]
    lines = [f"Asked for again on {on}.", *(f"{label}: {value}" for label, value in said if value)]
    return "\n".join([*lines, *([words.strip()] if words.strip() else [])])


def receive_again(
    writer: Writer, again: Referral, earlier_id: str, why: str, *, words: str = "", at: dt.datetime | None = None
) -> Changes:
    """A new referral although one was there: it says which it repeats, and why it is a new one."""
    if not why.strip():
        raise Refused("Say why this is a new referral.", "why_new")
    return receive_referral(
        writer,
        msgspec.structs.replace(again, repeats_id=earlier_id),
        words="\n\n".join(filter(None, (words.strip(), f"A new referral although one was there: {why.strip()}"))),
        at=at,
    )
