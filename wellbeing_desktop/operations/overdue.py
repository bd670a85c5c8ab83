"""What a colleague has left long enough is the lead's to see to, and the deputy's while the lead is away (H3).

Nothing has to be sent for it: every laptop that holds the task and the team works out the same, at the same time. How
long is a setting in working minutes; a working day to begin with is a product choice.
"""

import datetime as dt
from typing import Final

from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.domain.onward import Cover
from wellbeing_desktop.domain.organisation import Team
from wellbeing_desktop.domain.response_clock import worked_back
from wellbeing_desktop.domain.work_rules import RAISE_SETTING, number_or
from wellbeing_desktop.operations.clocks import bank_holidays, service_hours, setting_value
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.records import load_all
from wellbeing_desktop.storage.worklist import Wanted

USUAL_MINUTES: Final = 8 * 60


def raise_after_minutes(reader: Reader) -> int:
    """Working minutes after which a task that is overdue is raised with the lead (up to 60 days of 24 hours)."""
    return number_or(RAISE_SETTING, setting_value(reader, RAISE_SETTING), USUAL_MINUTES)


def raised_before(reader: Reader, now: dt.datetime) -> dt.date:
    """A task that was due before this day has been overdue for long enough."""
    return local_date(worked_back(now, raise_after_minutes(reader), service_hours(reader), bank_holidays(reader)))


def wanted(reader: Reader, who: str, now: dt.datetime, *, days: int = 0, kind: str = "") -> Wanted:
    """What is due to `who` up to `days` from today."""
    on = local_date(now)
    return Wanted(
        who=who, on=on, until=on + dt.timedelta(days=days), raised_before=raised_before(reader, now), kind=kind, now=now
    )


def lead_for(reader: Reader, practitioner_id: str, on: dt.date) -> str:
    """With whom somebody's work is raised: the lead of their team; the deputy, or who covers, while the lead is away.
    Empty when no team says."""
    for team in load_all(reader, Team):
        if practitioner_id not in team.members:
            continue
        away = _cover_of(reader, team.lead_id, on) if team.lead_id else None
        if team.lead_id and away is None and team.lead_id != practitioner_id:
            return team.lead_id
        for other in (team.deputy_id, away.cover_id if away is not None else ""):
            if other and other != practitioner_id and _cover_of(reader, other, on) is None:
                return other
    return ""


def _cover_of(reader: Reader, practitioner_id: str, on: dt.date) -> Cover | None:
    """The leave or sickness that somebody is away for on a day."""
    for cover in load_all(reader, Cover, subject=practitioner_id):
        is_on = cover.since_on is not None and cover.since_on <= on and (cover.until_on is None or on <= cover.until_on)
        if is_on and not cover.ended and cover.kind in ("leave", "sickness"):
            return cover
    return None
