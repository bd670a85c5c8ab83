"""A person as a row of the caseload: birth date and postcode always, what comes next, and what needs somebody."""

import datetime as dt
from collections.abc import Collection
from typing import Final

from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.dates import age_on, day_words, staff_date
from wellbeing_desktop.domain.saved_view import SavedView
from wellbeing_desktop.storage.caseload import CaseloadRow
from wellbeing_desktop.ui.models.paged_table import NONE, Column, TableRow
from wellbeing_desktop.ui.widgets.labels import Tone

COLUMNS: Final = (
    Column("Name", "name", width=26),
    Column("Born", width=17, folds=1, folded_as="born {}"),
    Column("Postcode", width=10, folds=2),
    Column("Last contact", "last_contact", width=13, folds=10, folded_as="last contact {}"),
    Column("Next appointment", "next_appointment", width=16, folds=9, folded_as="next appointment {}"),
    Column("Review", "review", width=13, folds=8, folded_as="review {}"),
    Column("Stage", width=20, folds=7),
    Column("Supported since", "opened", width=15, folds=6, folded_as="since {}"),
    Column("Practice", width=22, folds=5),
    Column("Coordinator", width=18, folds=4),
    Column("Open tasks", is_number=True, width=11, folds=3, folded_as="open tasks: {}"),
    Column("To know", least=17),
)
TO_KNOW: Final = len(COLUMNS) - 1
OPTIONAL: Final = {
    "last_contact": 3,
    "next_appointment": 4,
    "review": 5,
    "stage": 6,
    "opened": 7,
    "practice": 8,
    "coordinator": 9,
    "tasks": 10,
}
"""Words of a saved view and the columns they mean. Name, birth date, postcode and what to know first always show (W2)."""
NO_COLUMNS: Final = "none"
USUAL: Final = ("last_contact", "next_appointment")
ORDERS: Final = (
    ("", "Name"),
    ("last_contact", "Last contact, longest ago first"),
    ("next_appointment", "Next appointment, soonest first"),
    ("review", "Review, soonest first"),
    ("opened", "Supported since, newest first"),
)


def chosen_columns(view: SavedView) -> tuple[str, ...]:
    """The optional columns of a view; the usual ones where it says nothing."""
    words = view.columns.split()
    return tuple(word for word in OPTIONAL if word in words) if words else USUAL


def columns_text(chosen: Collection[str]) -> str:
    """As a view keeps them; no column at all is something to keep too."""
    return " ".join(word for word in OPTIONAL if word in chosen) or NO_COLUMNS


def left_out(chosen: Collection[str]) -> frozenset[int]:
    """The columns that are not shown when these are chosen."""
    return frozenset(at for word, at in OPTIONAL.items() if word not in chosen)


def row_of(person: CaseloadRow, today: dt.date) -> TableRow:
    """Cells for COLUMNS. Nothing is left blank: a dash says that there is none."""
    born = f"{staff_date(person.born_on)} ({age_on(person.born_on, today)}y)" if person.born_on else "Not known"
    return TableRow(
        person.id,
        (
            person.name,
            born,
            person.postcode or "Not known",
            day_words(person.last_contact_on, "None yet"),
            _soon(person.next_appointment_on, today),
            day_words(person.review_on, NONE),
            label_of("support_stages", person.stage),
            day_words(person.opened_on, NONE),
            person.practice or NONE,
            person.coordinator or NONE,
            str(person.tasks_open) if person.tasks_open else NONE,
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
        return NONE
    ahead = (day - today).days
    return "Today" if ahead == 0 else "Tomorrow" if ahead == 1 else staff_date(day)
