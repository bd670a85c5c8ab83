"""Saved views of the caseload: choose one, save what is on the screen as one, rename and delete one's own."""

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Final

import msgspec
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.saved_view import SavedView
from wellbeing_desktop.operations import saved_views
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.pages.caseload_parts import rows, sentences
from wellbeing_desktop.ui.reading_order import tab_in_reading_order
from wellbeing_desktop.ui.saving import tell_saved
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import buttons, fields, messages
from wellbeing_desktop.ui.widgets.cards import Card
from wellbeing_desktop.ui.widgets.form import Form

NEWER: Final = "This view was saved by a newer version of the program. Update this laptop to open it."


class SavedViews(QObject):
    """The choice and its buttons are placed by the page; `panel` is where a name is typed. `chosen` carries a view."""

    chosen = Signal(object)

    def __init__(self, session: Session, now: Callable[[], SavedView], page: QWidget) -> None:
        """`now` gives what the page shows, as a view without a name."""
        super().__init__(page)
        self._session, self._now = session, now
        self._views: dict[str, SavedView] = {}
        self._opened = ""  # the view that was opened last, though a filter was changed since
        self._show_next = ""  # the name of the view being saved, to be shown as chosen when it is there
        self._renames = False
        self.choice = fields.choice((), empty="None chosen")
        self.choice.edited.connect(self._choose)
        self.save_button = buttons.secondary("Save v&iew", self.begin_save)
        self.rename_button = buttons.secondary("Rena&me view", self.begin_rename)
        self.delete_button = buttons.secondary("&Delete view", self.delete)
        self.panel = Card("Save this view")
        self.form = Form()
        self.name = fields.line()
        self.form.add("view_name", "N&ame of the view", self.name, required=True)
        self.name.returnPressed.connect(self._save)
        self.change_button = buttons.secondary("", self._change)
        self.new_button = buttons.primary("", self._save)
        self.form.add_actions(self.change_button, buttons.link("Do not save", self.close_panel), self.new_button)
        self.panel.body.addWidget(self.form)
        self.panel.hide()
        self._show_own()

    def read(self) -> None:
        """The views as they are now."""
        background.query(self, self._session.store, saved_views.views_of, self._show)

    def settle(self) -> None:
        """After the screen changed: the choice says which view this is, if it is one."""
        shown = next((id for id, view in self._views.items() if self._is_shown(view)), "")
        self.choice.set_value(self._opened if self._opened and self._is_opened_shown() else shown)
        self._opened = self.choice.value() or self._opened
        self._show_own()

    def begin_save(self) -> None:
        """Asks for a name; a view of one's own that was opened may be changed instead."""
        own = self._own()
        self._renames = False
        self._ask_name("Save this view", "Save as a new view", "")
        self.change_button.setVisible(own is not None and not self._is_shown(own))
        if own is not None:
            self.change_button.set_words(f"Change “{own.name.replace('&', '&&')}” to this")

    def begin_rename(self) -> None:
        own = self._own()
        if own is None:
            messages.show(self.panel, Refused("Choose a view of your own first."))
            return
        self._renames = True
        self._ask_name("Rename the view", "Save the new name", own.name)
        self.change_button.hide()

    def delete(self) -> None:
        own = self._own()
        if own is None:
            messages.show(self.panel, Refused("Choose a view of your own first."))
            return
        self.close_panel()
        self._write(
            f"View “{own.name}” deleted.", lambda writer: saved_views.delete_view(writer, own.id, at=self._at())
        )
        self._opened = ""

    def close_panel(self) -> None:
        was_here = self.panel.isAncestorOf(focused) if (focused := self.panel.window().focusWidget()) else False
        self.panel.hide()
        if was_here:
            self.save_button.setFocus()

    def _ask_name(self, title: str, words: str, name: str) -> None:
        self.panel.title.setText(title)
        self.panel.setAccessibleName(title)
        self.new_button.set_words(words)
        self.form.show_errors({})
        self.name.set_value(name)
        self.panel.show()
        tab_in_reading_order(self.panel)
        self.name.setFocus()
        self.name.selectAll()

    def _save(self) -> None:
        if not self.form.check():
            return
        name, own = self.name.value(), self._own()
        if self._renames and own is not None:
            self._write(
                "View renamed.", lambda writer: saved_views.rename_view(writer, own.id, name, at=self._at()), self._done
            )
            return
        view = msgspec.structs.replace(self._now(), name=name)
        self._show_next = " ".join(name.split())
        self._write("View saved.", lambda writer: saved_views.save_view(writer, view, at=self._at()), self._done)

    def _change(self) -> None:
        own, view = self._own(), self._now()
        if own is not None:
            self._write(
                "View changed.",
                lambda writer: saved_views.change_view(writer, own.id, view, at=self._at()),
                self._done,
            )

    def _write(
        self, words: str, operation: Callable[[Writer], Changes], done: Callable[[], object] = lambda: None
    ) -> None:
        def saved(changes: Changes) -> None:
            done()
            self.read()
            tell_saved(self.panel, self._session, words, changes)

        failed = self.form.show_refusal if self.panel.isVisible() else partial(messages.show, self.panel)
        background.operate(self.panel, self._session.store, operation, saved, failed)

    def _done(self) -> None:
        self.close_panel()
        self.choice.setFocus()

    def _show(self, views: tuple[SavedView, ...]) -> None:
        self._views = {view.id: view for view in views}
        if self._opened not in self._views:
            self._opened = ""
        if self._show_next:
            self._opened = next((view.id for view in views if view.name == self._show_next), self._opened)
            self._show_next = ""
        self.choice.set_value("")
        self.choice.set_choices([(view.id, view.name) for view in views])
        self.settle()

    def _choose(self) -> None:
        view = self._views.get(self.choice.value())
        if view is None:
            self._opened = ""
            self._show_own()
            return
        if not is_known(view):
            messages.show(self.panel, Refused(NEWER))
            self.settle()
            return
        self._opened = view.id
        self.chosen.emit(view)

    def _own(self) -> SavedView | None:
        view = self._views.get(self._opened)
        return None if view is None or saved_views.is_shipped(view.id) else view

    def _is_opened_shown(self) -> bool:
        view = self._views.get(self._opened)
        return view is not None and self._is_shown(view)

    def _is_shown(self, view: SavedView) -> bool:
        return _meaning(view) == _meaning(self._now())

    def _show_own(self) -> None:
        own = self._own() is not None and self.choice.value() == self._opened
        for button in (self.rename_button, self.delete_button):
            button.setVisible(own)
        if not own and self._renames:
            self.close_panel()

    def _at(self) -> dt.datetime:
        return self._session.now()


def is_known(view: SavedView) -> bool:
    """Does this version know all that the view asks for?"""
    return (
        view.whose in dict(sentences.WHOSE)
        and view.which in dict(sentences.WHICH)
        and view.stage in dict(sentences.stage_choices())
        and view.sort in dict(rows.ORDERS)
        and all(word in rows.OPTIONAL or word == rows.NO_COLUMNS for word in view.columns.split())
    )


def _meaning(view: SavedView) -> tuple[object, ...]:
    order = (view.sort, bool(view.descending))
    return (view.whose, view.which, view.stage, order, rows.chosen_columns(view))
