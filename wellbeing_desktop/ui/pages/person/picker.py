"""Choosing one person by typing: results always show birth date and postcode (PRACTICE W2)."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from wellbeing_desktop.domain.dates import staff_date
from wellbeing_desktop.storage.search import PersonRow, find_people
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.reading_order import tab_in_reading_order
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.tokens import SPACE_XS
from wellbeing_desktop.ui.widgets import buttons, fields, labels

_MOST = 6


class PersonPicker(QWidget):
    """A field to type in, the people found below it, and who was chosen."""

    chosen = Signal(str)

    def __init__(self, session: Session, label: str, *, not_id: str = "") -> None:
        super().__init__()
        self._session, self._not_id = session, not_id
        self.person_id = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_XS)
        self.field = fields.line(hint="Name, NHS number or postcode")
        column.addWidget(labels.label_for(label, self.field))
        column.addWidget(self.field)
        self._results = QVBoxLayout()
        self._results.setSpacing(SPACE_XS)
        column.addLayout(self._results)
        self._shown: list[QWidget] = []
        self.choice = labels.chip("Nobody chosen yet", "plain", "user")
        column.addWidget(self.choice)
        self.field.edited.connect(self._ask)

    def _ask(self) -> None:
        typed = self.field.value()
        background.query(
            self, self._session.store, lambda reader: find_people(reader, typed, _MOST + 1), partial(self._show, typed)
        )

    def _show(self, typed: str, rows: list[PersonRow]) -> None:
        if typed != self.field.value():
            return  # an answer to what was typed before
        for old in self._shown:
            self._results.removeWidget(old)
            old.hide()
            old.deleteLater()
        others = [row for row in rows if row.id != self._not_id][:_MOST]
        self._shown = [buttons.secondary(_words(row), partial(self._choose, row), icon="user") for row in others]
        if typed.strip() and not others:
            self._shown.append(labels.muted("Nobody is found."))
        for widget in self._shown:
            self._results.addWidget(widget)
        page = self.window()
        tab_in_reading_order(page)

    def _choose(self, row: PersonRow) -> None:
        self.person_id = row.id
        self.choice.set_status(f"Chosen: {_words(row)}", "good")
        self.chosen.emit(row.id)


def _words(row: PersonRow) -> str:
    born = f"born {staff_date(row.born_on)}" if row.born_on else "birth date not known"
    similar = " (similar name)" if row.similar_name else ""
    return f"{row.name}, {born}, {row.postcode or 'no postcode'}{similar}".replace("&", "&&")
