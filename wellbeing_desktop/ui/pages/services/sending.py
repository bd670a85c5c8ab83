"""Send somebody on to a service, or write to them about a service or an article, from its own page."""

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.pages.person.parts import row_of_buttons
from wellbeing_desktop.ui.pages.person.picker import PersonPicker
from wellbeing_desktop.ui.saving import tell_saved
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import buttons, cards, messages

DraftOf = Callable[[Any, str, str], Changes]
"""Writer, the new letter's id, the person's id."""


class SendCard(QWidget):
    """`go` opens a page. `send_on` opens the form of sending on; None where nobody can be sent to it."""

    def __init__(
        self,
        session: Session,
        go: Callable[[str, str], object],
        draft: DraftOf,
        send_on: Callable[[str], object] | None,
    ) -> None:
        super().__init__()
        self._session, self._go, self._draft = session, go, draft
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.picker = PersonPicker(session, "For &whom")
        self.letter_button = buttons.secondary("Write to them about &it", self.write, icon="mail")
        acts = [self.letter_button]
        if send_on is not None:
            self.send_button = buttons.secondary("Se&nd this person on", lambda: self._sent_on(send_on), icon="map-pin")
            acts.insert(0, self.send_button)
        self.told = messages.notice("Choose the person first.", "warning")
        self.told.hide()
        column.addWidget(cards.card("For a person", self.picker, self.told, row_of_buttons(*acts)))

    def write(self) -> None:
        """A letter draft in the person's record, opened to be read before it is printed."""
        person_id, letter_id, draft = self.picker.person_id, new_id(), self._draft
        if self._has_person():

            def done(changes: Changes) -> None:
                tell_saved(self, self._session, "Letter drafted.", changes)
                self._go("letters", f"{person_id}/{letter_id}")

            background.operate(self, self._session.store, lambda writer: draft(writer, letter_id, person_id), done)

    def _sent_on(self, send_on: Callable[[str], object]) -> None:
        if self._has_person():
            send_on(self.picker.person_id)

    def _has_person(self) -> bool:
        self.told.setVisible(not self.picker.person_id)
        if not self.picker.person_id:
            self.picker.field.setFocus()
        return bool(self.picker.person_id)
