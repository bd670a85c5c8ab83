"""Appointments and a calendar's preview as rows of words."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from wellbeing_desktop.domain.dates import DAYS, staff_clock, staff_date
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.operations.calendars import CalendarPlan
from wellbeing_desktop.storage.today import Visit
from wellbeing_desktop.ui.models.paged_table import TableRow
from wellbeing_desktop.ui.pages.today_parts.day import times, visit_state, what_and_where
from wellbeing_desktop.ui.widgets.labels import Tone

USUAL: Final = dt.timedelta(minutes=30)
"""How long an appointment is taken to be that gives no length; calendars out say the same."""
_SAME_TIME: Final = "Same time as "


def clashes(visits: Sequence[Visit]) -> dict[str, list[Visit]]:
    """Of each booked appointment that overlaps others, those others. One that begins as another ends does not."""
    booked = [visit for visit in visits if visit.starts_at is not None and visit.state == "booked"]
    found: dict[str, list[Visit]] = {}
    for visit in booked:
        others = [other for other in booked if other.id != visit.id and _overlap(visit, other)]
        if others:
            found[visit.id] = others
    return found


def calendar_rows(visits: Sequence[Visit]) -> list[TableRow]:
    """Day and time, who, what and where, and what clashes or is to be known."""
    clashing = clashes(visits)
    rows = []
    for visit in visits:
        others = ", ".join(_begins(other) for other in clashing.get(visit.id, ()))
        state = f"{_SAME_TIME}{others}" if others else visit_state(visit)
        day = _day(visit.starts_on) if visit.starts_on else "No day"
        name = visit.name or "Not on this laptop"
        rows.append(TableRow(visit.id, (f"{day}\n{times(visit)}", f"{name}\n{what_and_where(visit)}", state)))
    return rows


def tone_of(words: str) -> Tone:
    if words.startswith(_SAME_TIME):
        return "bad"
    return "good" if words == "Done" else "warning" if words else "plain"


def plan_rows(plan: CalendarPlan) -> list[TableRow]:
    """What bringing a calendar in would do, what is refused first."""
    rows = [TableRow(each.item, (each.item.capitalize(), f"Not used: {each.reason}")) for each in plan.refused]
    for appointment in plan.created:
        rows.append(TableRow(appointment.calendar_uid, (_moment(appointment.starts_at), "Booked for this person")))
    for moved in plan.updated:
        was = _moment(moved.appointment.starts_at)
        rows.append(TableRow(moved.appointment.id, (_moment(moved.starts_at), f"Moved here from {was}")))
    return rows


def _overlap(one: Visit, other: Visit) -> bool:
    if one.starts_at is None or other.starts_at is None:
        return False
    return one.starts_at < other.starts_at + _length(other) and other.starts_at < one.starts_at + _length(one)


def _length(visit: Visit) -> dt.timedelta:
    return dt.timedelta(minutes=visit.duration_minutes) if visit.duration_minutes else USUAL


def _begins(visit: Visit) -> str:
    start = staff_clock(visit.starts_at) if visit.starts_at is not None else ""
    return f"{start} {visit.name}".strip()


def _moment(at: dt.datetime | None) -> str:
    return f"{_day(local_date(at))} {staff_clock(at)}" if at is not None else "No time"


def _day(day: dt.date) -> str:
    return f"{DAYS[day.weekday()][:3]} {staff_date(day)}"
