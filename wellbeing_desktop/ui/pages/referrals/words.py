"""Referrals as rows and sentences."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final

from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.dates import day_words, staff_date
from wellbeing_desktop.operations.referral_list import Undecided
from wellbeing_desktop.storage.referral_list import Listed
from wellbeing_desktop.ui.models.paged_table import TableRow
from wellbeing_desktop.ui.widgets.labels import Tone

RED_FLAG: Final = "Red flag"


def priority(row: Listed) -> str:
    """The signed priority; else what the form suggests, said as such; else what was asked for."""
    if row.priority:
        return label_of("priorities", row.priority)
    if row.suggested_priority:
        return f"{label_of('priorities', row.suggested_priority)}?"
    return f"{label_of('urgencies', row.urgency)} asked" if row.urgency else "Not said"


def priority_tone(words: str) -> Tone:
    """Colours for `priority`; the words say the same."""
    if words.startswith(("Same day", RED_FLAG, "Late")):
        return "bad"
    return "warning" if words.startswith(("Urgent", "Today")) else "plain"


def who(row: Listed) -> str:
    born = f", born {staff_date(row.born_on)}" if row.born_on else ""
    return f"{row.name or 'Not on this laptop'}{born}"


def whence(row: Listed) -> str:
    """ "GP or practice staff, Dr Patel, Marsh Practice, 21-Nov-2026"."""
    said = (label_of("referral_sources", row.source), row.referrer, row.practice, day_words(row.received_on))
    return ", ".join(part for part in said if part)


def undecided_rows(found: Sequence[Undecided]) -> list[TableRow]:
    """Its priority, whom it is about and whence it came, what is missing of it."""
    return [
        TableRow(
            one.row.id,
            (
                RED_FLAG if one.has_flag else priority(one.row),
                f"{who(one.row)}\n{whence(one.row)}",
                f"Missing: {'; '.join(one.missing)}" if one.missing else _decide_by(one.row),
            ),
        )
        for one in found
    ]


def ownerless_rows(found: Sequence[Listed]) -> list[TableRow]:
    return [
        TableRow(
            row.id,
            (
                priority(row),
                f"{who(row)}\n{whence(row)}",
                f"For the role {row.allocated_role}" if row.allocated_role else f"Accepted {day_words(row.decided_on)}",
            ),
        )
        for row in found
    ]


def waiting_rows(found: Sequence[Listed], names: Mapping[str, str], today: dt.date) -> list[TableRow]:
    """When to look in next, who waits since when, and with whom."""
    return [
        TableRow(
            row.episode_id,
            (
                check_in_words(row.check_in_due_on, today),
                f"{who(row)}\n{waiting_words(row.waiting_since, today)}. Priority: {priority(row)}",
                names.get(row.allocated_to, "")
                or (f"For the role {row.allocated_role}" if row.allocated_role else "Nobody has it yet"),
            ),
        )
        for row in found
    ]


def check_in_words(due: dt.date | None, today: dt.date) -> str:
    """ "Today", "3 days late", "By 04-Dec-2026"."""
    if due is None:
        return "No day set"
    late = (today - due).days
    if late > 0:
        return f"Late by {late} {'day' if late == 1 else 'days'}"
    return "Today" if late == 0 else f"By {staff_date(due)}"


def waiting_words(since: dt.date | None, today: dt.date) -> str:
    """ "Waiting since 01-Nov-2026 (20 days)"."""
    if since is None:
        return "Waiting"
    days = (today - since).days
    return f"Waiting since {staff_date(since)} ({days} {'day' if days == 1 else 'days'})"


def _decide_by(row: Listed) -> str:
    return f"Decide by {staff_date(row.respond_by.date())}" if row.respond_by is not None else "Complete"
