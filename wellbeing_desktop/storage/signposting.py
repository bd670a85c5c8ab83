"""Who was sent on to a service and what became of them: counts and the lists behind them, from the same rows (J5)."""

import datetime as dt
from typing import Final

import msgspec

from wellbeing_desktop.domain.names import list_name
from wellbeing_desktop.storage.columns import as_day
from wellbeing_desktop.storage.connection import Reader


class SentOn(msgspec.Struct, frozen=True, kw_only=True):
    """One person sent on to a service."""

    id: str
    person_id: str
    name: str
    sent_on: dt.date | None
    ended_on: dt.date | None
    state: str
    useful: str


def sent_to_service(reader: Reader, service_id: str) -> list[SentOn]:
    """Everybody this laptop knows of, the newest first."""
    return [
        SentOn(
            id=id,
            person_id=person_id or "",
            name=list_name(family or "", given or "", known_as or "") if person_id else "Not on this laptop",
            sent_on=as_day(sent_on),
            ended_on=as_day(ended_on),
            state=state or "",
            useful=useful or "",
        )
        for id, person_id, family, given, known_as, sent_on, ended_on, state, useful in reader.rows(
            _SENT, (service_id,)
        )
    ]


_SENT: Final = (
    "SELECT w.id, p.id, p.family_name, p.given_name, p.known_as, w.sent_on, w.ended_on, w.state, w.useful"
    " FROM live_onward_referral AS w LEFT JOIN live_person AS p ON p.id = w.subject"
    " WHERE w.service_id = ? ORDER BY w.sent_on DESC, w.id DESC"
)
