"""Clocks and rows of the service's own files as words."""

import datetime as dt
from collections.abc import Mapping, Sequence

from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.dates import day_words, recent_words, staff_date
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.domain.service_file_rules import BREACH_HOURS
from wellbeing_desktop.storage.service_files import FileRow
from wellbeing_desktop.ui.models.paged_table import TableRow
from wellbeing_desktop.ui.pages.concern.words import many
from wellbeing_desktop.ui.pages.inbox.words import short
from wellbeing_desktop.ui.widgets.labels import Tone


def breach_words(aware_at: dt.datetime, now: dt.datetime) -> str:
    """ "Tell the Commissioner by 21-Nov-2026 14:30 (51 hours left)"."""
    due = aware_at + dt.timedelta(hours=BREACH_HOURS)
    hours = int(abs((due - now).total_seconds()) // 3600)
    left = f"{many(hours, 'hour', 'hours')} left" if due >= now else f"{many(hours, 'hour', 'hours')} late"
    return f"Tell the Commissioner by {recent_words(due, now)} ({left})"


def by_day(words: str, day: dt.date, today: dt.date) -> str:
    """ "Acknowledge by 21-Nov-2026 (2 days late)"."""
    days = (today - day).days
    if days > 0:
        left = f"{many(days, 'day', 'days')} late"
    else:
        left = "today" if days == 0 else f"{many(-days, 'day', 'days')} left"
    return f"{words} by {staff_date(day)} ({left})"


def due_words(row: FileRow, now: dt.datetime) -> str:
    """The next clock of a file, or its state."""
    today = local_date(now)
    if row.state == "closed":
        return "Closed"
    if not row.may_read:
        return "Open"
    if row.breach_aware_at is not None and not row.breach_is_decided:
        return breach_words(row.breach_aware_at, now)
    if row.acknowledge_by is not None and row.acknowledged_on is None:
        return by_day("Acknowledge", row.acknowledge_by, today)
    if row.answer_by is not None and row.answered_on is None:
        return by_day("Answer", row.answer_by, today)
    if row.type == "complaint" and row.kind != "compliment":
        return "Answered" if row.answered_on is not None else "To answer"
    return "Open"


def due_tone(words: str) -> Tone:
    """Colours for `due_words`; the words say the same."""
    if words.endswith("late)"):
        return "bad"
    return "warning" if words.endswith(("left)", "today)")) else "plain"


def file_rows(rows: Sequence[FileRow], names: Mapping[str, str], now: dt.datetime) -> list[TableRow]:
    made = []
    for row in rows:
        kind = label_of("incident_kinds" if row.type == "incident" else "complaint_kinds", row.kind)
        what = f"{kind}, {row.number}"
        said = short(row.words) if row.may_read else "Opened by you. You may not read it."
        day = day_words(row.on, "No date")
        owner = names.get(row.owner_id, "Nobody has it yet") if row.may_read else "Kept apart"
        who = f"{row.from_name}, {day}" if row.from_name else day
        made.append(TableRow(f"{row.type}/{row.id}", (due_words(row, now), f"{what}\n{said}", f"{owner}\n{who}")))
    return made
