"""Who we are to the people we write to: the name, the address and who to call, as letters and plans print them."""

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.organisation import Organisation
from wellbeing_desktop.operations.service import describe_service
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.tokens import SPACE_M
from wellbeing_desktop.ui.widgets import buttons, cards, fields, labels, messages, read_back
from wellbeing_desktop.ui.widgets.form import Form


class OurServicePart(QWidget):
    """The record of the organisation itself: it is sent to every laptop, and can be undone."""

    def __init__(self, session: Session, saved: Callable[[str, Changes], object]) -> None:
        """`saved` gets the words and the changes after a save."""
        super().__init__()
        self._session, self._saved = session, saved
        self._seen: dict[str, str] | None = None
        self._shown: dict[str, str] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACE_M, 0, 0)
        self.form = Form()
        self.form.add("name", "&Name of our service", fields.line(), required=True)
        self.form.add("address", "A&ddress", fields.note(lines=3), help_text="A line for each line of the address.")
        self.form.add("postcode", "&Postcode", read_back.postcode())
        self.form.add(
            "telephone",
            "&Telephone, who to call",
            read_back.phone(),
            help_text="Every letter needs one. A coordinator's own number, where there is one, is printed in its place.",
        )
        self.form.add("email", "E-&mail", read_back.email())
        self.save_button = buttons.primary("Save our &service", self.save)
        self.form.add_actions(self.save_button)
        column.addWidget(
            cards.card(
                "Our service",
                labels.body("Letters, plans and leaflets print these. They go to every laptop."),
                self.form,
            )
        )

    def show_kept(self, kept: Organisation | None) -> None:
        """What the store says now, nothing where there is no record yet; a form that is being changed is left alone."""
        if self._seen is not None and self.form.values() != self._shown:
            return
        kept = kept or Organisation()
        self._seen = {name: getattr(kept, name) for name in self.form.rows}
        self.form.set_values(self._seen)
        self.form.take_as_kept()
        self._shown = self.form.values()

    def save(self) -> None:
        messages.clear(self)
        if self._seen is None or not self.form.check():
            return
        values, seen = self.form.values(), self._seen
        changed = {name: text.strip() for name, text in values.items() if text != self._shown[name]}
        if not changed:
            return
        now = self._session.now()

        def done(changes: Changes) -> None:
            self.save_button.setEnabled(True)
            self._seen, self._shown = {**seen, **changed}, values
            self._saved("The details of our service are saved.", changes)

        def refused(problem: BaseException) -> None:
            self.save_button.setEnabled(True)
            self.form.show_refusal(problem)

        self.save_button.setEnabled(False)  # a second press would make the record twice
        background.operate(
            self,
            self._session.store,
            lambda writer: describe_service(writer, changed, seen, at=now),
            done,
            refused,
        )
