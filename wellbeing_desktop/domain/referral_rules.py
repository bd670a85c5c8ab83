"""Receiving a referral, deciding it, and the days until the first contact.

No national triage period was found for wellbeing referrals (reference/06): every period is a setting, and screens say
"day 3 of 5 working days". Forms suggest, people decide (PRACTICE W14).
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Final

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.referral import Episode, Referral

UNDECIDED: Final = frozenset({"", "incomplete", "new"})
PRIORITY_ORDER: Final = ("same_day", "urgent", "soon", "routine")


def check_received(referral: Referral, today: dt.date) -> None:
    """Refused unless it says when it came and from where."""
    if referral.received_on is None:
        raise Refused("Say when the referral came.", "received_on")
    if referral.received_on > today:
        raise Refused("A referral cannot have come in the future.", "received_on")
    if not referral.source:
        raise Refused("Say where the referral came from.", "source")


def check_accept(
    referral: Referral,
    on: dt.date,
    today: dt.date,
    open_episodes: Iterable[Episode],
    missing: Sequence[str] = (),
) -> None:
    """Refused unless the referral is waiting for a decision, has the service's minimum data set, and no support is open
    already."""
    _check_decision(referral, on, today)
    if missing:
        raise Refused(f"This referral is incomplete. Missing: {'; '.join(missing)}.", "state")
    if any(episode.state == "open" for episode in open_episodes):
        raise Refused("This person is being supported already. Link the referral to that support.", "state")


def check_decline(referral: Referral, on: dt.date, reason: str, today: dt.date) -> None:
    """Raises Refused without a reason, or for a day that the decision cannot have been on."""
    _check_decision(referral, on, today)
    if not reason:
        raise Refused("Say why the referral is declined. The referrer is told.", "decline_reason")


def check_close(episode: Episode, on: dt.date, reason: str, today: dt.date) -> None:
    """Refused unless the support is open and the day and the reason stand."""
    if episode.state != "open":
        raise Refused("This period of support is closed already.", "state")
    if not reason:
        raise Refused("Say why the support is closed.", "close_reason")
    if on > today:
        raise Refused("Support cannot be closed in the future.", "closed_on")
    if episode.opened_on is not None and on < episode.opened_on:
        raise Refused("Support cannot be closed before it was opened.", "closed_on")


def check_reopen(episode: Episode, of_the_person: Iterable[Episode]) -> None:
    """Refused unless it is closed and the person has no other support open."""
    if episode.state != "closed":
        raise Refused("This period of support is not closed.", "state")
    if any(other.state == "open" for other in of_the_person):
        raise Refused("This person is being supported already.", "state")


def check_withdraw(referral: Referral, on: dt.date, today: dt.date) -> None:
    """Refused for a day that cannot be. One that was accepted may be withdrawn too: its support is closed apart."""
    _check_decision_day(referral, on, today)


def is_undecided(referral: Referral) -> bool:
    return referral.state in UNDECIDED


def suggested_priority(suggestions: Iterable[str]) -> str:
    """The most pressing of what the answers suggest (W14): an answer that is missing or unknown never lowers it."""
    known = [item for item in suggestions if item in PRIORITY_ORDER]
    return min(known, key=PRIORITY_ORDER.index) if known else ""


def _check_decision(referral: Referral, on: dt.date, today: dt.date) -> None:
    if not is_undecided(referral):
        raise Refused("This referral is decided already.", "state")
    _check_decision_day(referral, on, today)


def _check_decision_day(referral: Referral, on: dt.date, today: dt.date) -> None:
    if on > today:
        raise Refused("A decision cannot be dated in the future.", "decided_on")
    if referral.received_on is not None and on < referral.received_on:
        raise Refused("A decision cannot be before the referral came.", "decided_on")
