"""Children in the household that a concern is about: a row for each, by name and birth date (PRACTICE W12)."""

import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout

from wellbeing_desktop.domain.concern import ConcernChild
from wellbeing_desktop.domain.dates import age_on, staff_date
from wellbeing_desktop.ui.pages.person.parts import row_of_buttons
from wellbeing_desktop.ui.widgets import buttons, fields, labels, layouts
from wellbeing_desktop.ui.widgets.cards import Card
from wellbeing_desktop.ui.widgets.form import Form


class ChildrenCard(Card):
    """`named` gives a name and a birth date or None, `removed` the id of a row."""

    named = Signal(str, object)
    removed = Signal(str)

    def __init__(self, today: Callable[[], dt.date]) -> None:
        super().__init__("Children in the household")
        self._today = today
        self._rows = QVBoxLayout()
        self.body.addLayout(self._rows)
        self.nobody = labels.muted("No child is named yet.")
        self.body.addWidget(self.nobody)
        self.form = Form()
        self.form.begin_row()
        self.form.add("child_name", "Name of a child", fields.line())
        self.form.add("child_born_on", "Date of birth", fields.birth_date(today))
        self.form.end_row()
        self.form.add_actions(buttons.secondary("Add this child", self.add, icon="plus"))
        self.body.addWidget(self.form)
        self.shown: tuple[str, ...] = ()

    def add(self) -> None:
        if self.form.check():
            values = self.form.values()
            born = dt.date.fromisoformat(values["child_born_on"]) if values["child_born_on"] else None
            self.named.emit(values["child_name"].strip(), born)

    def kept(self) -> None:
        """The row is saved: ready for the next."""
        self.form.set_values({"child_name": "", "child_born_on": ""})
        self.form.rows["child_name"].field.setFocus()

    def show_children(self, children: Sequence[ConcernChild]) -> None:
        layouts.empty(self._rows)
        for child in children:
            said = f"{child.name}, {_born(child, self._today())}"
            remove = buttons.link("Take away", partial(self.removed.emit, child.id))
            remove.setAccessibleName(f"Take away {child.name}")
            self._rows.addWidget(row_of_buttons(labels.body(said), remove))
        self.shown = tuple(f"{child.name}, {_born(child, self._today())}" for child in children)
        self.nobody.setVisible(not children)


def _born(child: ConcernChild, today: dt.date) -> str:
    if child.born_on is None:
        return "birth date not known"
    return f"born {staff_date(child.born_on)} ({age_on(child.born_on, today)}y)"
