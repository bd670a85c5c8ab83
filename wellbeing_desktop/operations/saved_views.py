"""One's own views of the caseload: saved, changed, renamed, deleted; on every laptop of the same person.

A few come with the program. They are no records: nobody can change or delete them, and their names are taken.
"""

import datetime as dt
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.saved_view import SavedView, checked_name
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.grants import user_of
from wellbeing_desktop.storage.records import load_all

SHIPPED: Final = (
    SavedView(id="late", name="Something is late", whose="mine", which="late"),
    SavedView(
        id="quiet",
        name="No contact in 4 weeks, longest first",
        whose="mine",
        which="quiet",
        sort="last_contact",
        columns="last_contact next_appointment review",
    ),
    SavedView(
        id="review",
        name="Reviews due, soonest first",
        whose="mine",
        which="review",
        sort="review",
        columns="review last_contact next_appointment",
    ),
)
"""What a coordinator asks of a caseload first (UX 3: late, no contact in 4 weeks, review due)."""


def views_of(reader: Reader) -> tuple[SavedView, ...]:
    """The views of whoever is signed in, by name, and then those that come with the program."""
    own = load_all(reader, SavedView, subject=user_of(reader))
    return (*sorted(own, key=lambda view: (view.name.casefold(), view.id)), *SHIPPED)


def is_shipped(view_id: str) -> bool:
    return any(view.id == view_id for view in SHIPPED)


def save_view(writer: Writer, view: SavedView, *, at: dt.datetime | None = None) -> Changes:
    """A new view under a name of its own. Refused when there is one of that name."""
    with doing(writer, "save_view", at=at) as tx:
        name = _free_name(tx.reader, view.name, "")
        tx.create(msgspec.structs.replace(view, subject=tx.author, name=name))
    return tx.changes


def change_view(writer: Writer, view_id: str, view: SavedView, *, at: dt.datetime | None = None) -> Changes:
    """What the view shows, its name left as it is."""
    with doing(writer, "change_view", at=at) as tx:
        _own(tx.reader, view_id)
        tx.change(SavedView, view_id, _shown(view))
    return tx.changes


def rename_view(writer: Writer, view_id: str, name: str, *, at: dt.datetime | None = None) -> Changes:
    """The same view under another name. Refused when there is one of that name."""
    with doing(writer, "rename_view", at=at) as tx:
        _own(tx.reader, view_id)
        tx.change(SavedView, view_id, {"name": _free_name(tx.reader, name, view_id)})
    return tx.changes


def delete_view(writer: Writer, view_id: str, *, at: dt.datetime | None = None) -> Changes:
    """Out of the list; undo brings it back."""
    with doing(writer, "delete_view", at=at) as tx:
        _own(tx.reader, view_id)
        tx.remove(SavedView, view_id, "Not needed")
    return tx.changes


def _shown(view: SavedView) -> dict[str, Any]:
    return {
        "whose": view.whose,
        "which": view.which,
        "stage": view.stage,
        "sort": view.sort,
        "descending": view.descending,
        "columns": view.columns,
    }


def _own(reader: Reader, view_id: str) -> SavedView:
    if is_shipped(view_id):
        raise Refused("This view comes with the program. Save it under a name of your own to change it.", "view_name")
    return found.found(reader, SavedView, view_id)


def _free_name(reader: Reader, name: str, view_id: str) -> str:
    """Two laptops may still bring two views of one name: both are kept, and either can be renamed."""
    tidy = checked_name(name)
    if any(view.id != view_id and view.name.casefold() == tidy.casefold() for view in views_of(reader)):
        raise Refused("There is a view with this name. Choose another name.", "view_name")
    return tidy
