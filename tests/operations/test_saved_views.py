"""Saved views: one's own, of one name each, and the three that come with the program."""

import pytest

from tests.operations.made import NOW, Made, made_id
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.grants import may_write, visible_body
from wellbeing_desktop.domain.organisation import Grant
from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.domain.saved_view import SAVED_VIEW, SavedView
from wellbeing_desktop.operations import saved_views
from wellbeing_desktop.storage.undo import undo

VIEW = SavedView(name="  Waiting   too long ", whose="mine", stage="waiting", sort="opened", columns="stage opened")


def names(made: Made) -> list[str]:
    return [view.name for view in saved_views.views_of(made.writer)]


def test_a_view_is_saved_changed_renamed_deleted_and_brought_back(made: Made) -> None:
    id = made_id(saved_views.save_view(made.writer, VIEW, at=NOW), "saved_view")
    assert made.one(SavedView, id).name == "Waiting too long"
    saved_views.change_view(made.writer, id, SavedView(which="late", descending=True), at=NOW)
    changed = made.one(SavedView, id)
    assert (changed.name, changed.which, changed.stage, changed.columns) == ("Waiting too long", "late", "", "")
    saved_views.rename_view(made.writer, id, "Late", at=NOW)
    assert names(made)[0] == "Late"
    deleted = saved_views.delete_view(made.writer, id, at=NOW)
    assert names(made) == [view.name for view in saved_views.SHIPPED]
    undo(made.writer, deleted.undo_id, at=NOW)
    assert names(made)[0] == "Late"


def test_a_name_is_needed_short_and_not_taken(made: Made) -> None:
    saved_views.save_view(made.writer, VIEW, at=NOW)
    for name, words in (
        (" ", "Enter a name"),
        ("x" * 61, "60 characters"),
        ("WAITING too long", "with this name"),
        (saved_views.SHIPPED[0].name, "with this name"),
    ):
        with pytest.raises(Refused, match=words) as refused:
            saved_views.save_view(made.writer, SavedView(name=name), at=NOW)
        assert refused.value.field == "view_name"


def test_what_comes_with_the_program_is_not_changed(made: Made) -> None:
    for act in (
        lambda: saved_views.delete_view(made.writer, "late", at=NOW),
        lambda: saved_views.rename_view(made.writer, "late", "Mine", at=NOW),
        lambda: saved_views.change_view(made.writer, "late", VIEW, at=NOW),
    ):
        with pytest.raises(Refused, match="comes with the program"):
            act()


def test_nobody_else_sees_or_changes_a_view_whatever_they_hold() -> None:
    on = NOW.date()
    owner = (Grant(practitioner_id="lead", kind="owner", subjects=("*",), may_write=True),)
    alex = (Grant(practitioner_id="alex", kind="caseload", subjects=("somebody",), may_write=True),)
    body = {"name": "Mrs Jones's street"}
    assert visible_body(owner, SAVED_VIEW, "alex", body, on) is None
    assert visible_body(alex, SAVED_VIEW, "alex", body, on) == body
    assert RECORD_TYPES["saved_view"] is SAVED_VIEW
    for grants, may in ((owner, False), (alex, True)):
        assert may_write(grants, "alex", "core", on, SAVED_VIEW, SAVED_VIEW.subject_kind) is may
