"""Referrals that nobody has decided on yet: what is new and who takes it."""

import datetime as dt

import msgspec

from wellbeing_desktop.domain.names import list_name
from wellbeing_desktop.storage.columns import as_day
from wellbeing_desktop.storage.connection import Reader


class WaitingReferral(msgspec.Struct, frozen=True, kw_only=True):
    """A referral without a decision. `state` is new or incomplete."""

    id: str
    person_id: str
    name: str
    received_on: dt.date | None
    source: str
    urgency: str
    state: str


def waiting_referrals(reader: Reader, limit: int = 200) -> tuple[WaitingReferral, ...]:
    """Every referral on this laptop that waits for a decision, the urgent and then the oldest first."""
    return tuple(
        WaitingReferral(
            id=found[0],
            person_id=found[1],
            name=list_name(found[2] or "", found[3] or "", found[4] or ""),
            received_on=as_day(found[5]),
            source=found[6] or "",
            urgency=found[7] or "",
            state=found[8],
        )
        for found in reader.rows(_WAITING, (limit,))
    )


_WAITING = (
    "SELECT r.id, r.subject, p.family_name, p.given_name, p.known_as, r.received_on, r.source, r.urgency, r.state"
    " FROM live_referral AS r LEFT JOIN live_person AS p ON p.id = r.subject WHERE r.state IN ('new', 'incomplete')"
    " ORDER BY CASE r.urgency WHEN 'emergency' THEN 0 WHEN 'urgent' THEN 1 ELSE 2 END, r.received_on, r.id LIMIT +?"
)
