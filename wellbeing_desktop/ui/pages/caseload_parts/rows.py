"""A person as a row of the caseload: birth date and postcode always, what comes next, and what needs somebody."""

import datetime as dt
from typing import Final

from wellbeing_desktop.domain.dates import age_on, staff_date
from wellbeing_desktop.storage.caseload import CaseloadRow
from wellbeing_desktop.ui.models.paged_table import Column, TableRow
from wellbeing_desktop.ui.widgets.labels import Tone

NOTHING: Final = "–"
COLUMNS: Final = (
    Column("Name", "name", width=28),
    Column("Born", width=17),
    Column("Postcode", width=10),
    Column("Last contact", "last_contact", width=13),
    Column("Next appointment", "next_appointment", width=16),
    Column("To know"),
)
TO_KNOW: Final = len(COLUMNS) - 1


def row_of(person: CaseloadRow, today: dt.date) -> TableRow:
    """Cells for COLUMNS. Nothing is left blank: a dash says that there is none."""
    born = f"{staff_date(person.born_on)} ({age_on(person.born_on, today)}y)" if person.born_on else "Not known"
    return TableRow(
        person.id,
        (
            person.name,
            born,
            person.postcode or "Not known",
            staff_date(person.last_contact_on) if person.last_contact_on else "None yet",
            _soon(person.next_appointment_on, today),
            to_know(person, today),
        ),
    )


def to_know(person: CaseloadRow, today: dt.date) -> str:
    """The one thing to know first: mistaken identity and safety before what is due."""
    if person.died:
        return "Has died"
    if person.similar_name:
        return "Similar name"
    if person.restricted:
        return "Restricted"
    if person.has_alert:
        return "Alert in force"
    if person.copy_owed:
        return "Copy owed"
    if person.review_on is not None and person.review_on <= today:
        days = (today - person.review_on).days
        return f"Review {in_days(days)} late" if days else "Review today"
    if person.list_state == "not_on_list":
        return "Not on list"
    return ""


def tone_of(words: str) -> Tone:
    """The colours of `to_know`; the words say the same."""
    if words in ("Has died", "Alert in force") or words.endswith("late"):
        return "bad"
    return "warning" if words else "plain"


def in_days(days: int) -> str:
    return "1 day" if days == 1 else f"{days} days"


def _soon(day: dt.date | None, today: dt.date) -> str:
    if day is None:
        return NOTHING
    ahead = (day - today).days
    return "Today" if ahead == 0 else "Tomorrow" if ahead == 1 else staff_date(day)
