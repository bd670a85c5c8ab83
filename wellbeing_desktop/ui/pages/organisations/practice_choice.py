"""Choosing a GP practice in a form, with a way to add one that is not in the list and to come back with it chosen."""

from collections.abc import Callable
from typing import Final

from PySide6.QtWidgets import QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.operations.organisations import may_change_organisations, practices_to_choose
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.reading_order import tab_in_reading_order
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import buttons, labels
from wellbeing_desktop.ui.widgets.fields import ChoiceField
from wellbeing_desktop.ui.widgets.form import Row

PRACTICE: Final = "practice_id"
"""What the field is called."""


class PracticeChoice:
    """Beside one field of a form on `page`; `leave` goes to the page that adds one, which leads back."""

    def __init__(self, page: QWidget, session: Session, row: Row, leave: Callable[[], object]) -> None:
        self._page, self._session, self._row, self._leave = page, session, row, leave
        self.is_adding = False
        """Somebody left this form to add one: what they add is chosen."""
        self.link = buttons.link("Add a practice that is not in the list", self._add)
        self.told = labels.muted("Not in the list? Your administrator adds practices.")
        layout = row.holder.layout()
        for widget in (self.link, self.told):
            widget.hide()
            if layout is not None:
                layout.addWidget(widget)

    def ask(self, touched: frozenset[str] = frozenset()) -> None:
        """What may be chosen now; `touched` are ids that were just changed."""
        chosen, today = self._row.field.value(), self._session.today()

        def read(reader: Reader) -> tuple[tuple[tuple[str, str], ...], bool]:
            return practices_to_choose(reader, chosen, today), may_change_organisations(reader, today)

        background.query(self._row.field, self._session.store, read, lambda answer: self._show(touched, *answer))

    def refresh(self, changes: Changes) -> None:
        """One that came with a sync is offered, and not chosen by itself."""
        if changes.touches("organisation"):
            self.ask(frozenset(each.id for each in changes.touched if changes.undo_id))

    def _add(self) -> None:
        self.is_adding = True
        self._leave()

    def _show(self, touched: frozenset[str], choices: tuple[tuple[str, str], ...], may_add: bool) -> None:
        field = self._row.field
        if not isinstance(field, ChoiceField):
            return
        known = {str(field.itemData(at)) for at in range(field.count())}
        field.set_choices(choices)
        self.link.setVisible(may_add)
        self.told.setVisible(not may_add)
        added = [id for id, _words in choices if id in touched - known]
        if self.is_adding and len(added) == 1:
            self.is_adding = False
            field.set_value(added[0])
            field.edited.emit()
        tab_in_reading_order(self._page)
