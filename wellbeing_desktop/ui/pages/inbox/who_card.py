"""Who an enquiry is about: found, new here, or not known yet; and what happened on this number before."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout

from wellbeing_desktop.domain.dates import staff_date, staff_moment
from wellbeing_desktop.storage.inbox import Earlier
from wellbeing_desktop.ui.pages.forms.same_people import SamePeople
from wellbeing_desktop.ui.pages.inbox.fields import add_new_person
from wellbeing_desktop.ui.pages.inbox.words import short
from wellbeing_desktop.ui.pages.person.picker import PersonPicker
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import buttons, labels, layouts
from wellbeing_desktop.ui.widgets.cards import Card
from wellbeing_desktop.ui.widgets.form import Form


class WhoCard(Card):
    """`found` gives the id of somebody who has a record; the form holds the names of somebody who is new."""

    found = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__("Who is it about?")
        self.picker = PersonPicker(session, "Find the &person")
        self.picker.choice.hide()
        self.picker.chosen.connect(self.found)
        self.body.addWidget(self.picker)
        self.body.addWidget(
            labels.muted("Or they are new here. Leave it empty while nobody knows: it can be said later.")
        )
        self.new = Form()
        add_new_person(self.new, session)
        self.body.addWidget(self.new)
        self.same = SamePeople(session, self.new, "Press Enter on a row if it is this person.")
        self.same.opened.connect(self.found)
        self.body.addWidget(self.same)
        self.name_button = buttons.secondary("These names are ri&ght", self._name)
        self.name_button.hide()
        self.body.addWidget(self.name_button)
        self._naming: Callable[[], object] | None = None

    def ask_to_name(self, naming: Callable[[], object] | None) -> None:
        """An enquiry that is saved already is given its new person by a button of its own."""
        self._naming = naming
        self.name_button.setVisible(naming is not None)

    def _name(self) -> None:
        if self._naming is not None:
            self._naming()


class EarlierCard(Card):
    """Calls from one number and whose it is; hidden when nothing is known."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__("On this number before")
        self._lines = QVBoxLayout()
        self.body.addLayout(self._lines)
        self.hide()

    def show_earlier(self, earlier: Sequence[Earlier], *, may_choose: bool) -> None:
        layouts.empty(self._lines)
        offered: set[str] = set()
        for one in earlier:
            if one.received_at is not None:
                said = f": {short(one.words)}" if one.words else ""
                who = f"{one.name}. " if one.name else ""
                self._lines.addWidget(labels.body(f"{who}{staff_moment(one.received_at)}{said}"))
            if one.name and may_choose and one.person_id not in offered:
                offered.add(one.person_id)
                born = f", born {staff_date(one.born_on)}" if one.born_on else ""
                words = f"It is {one.name}{born}, {one.postcode or 'no postcode'}".replace("&", "&&")
                self._lines.addWidget(buttons.secondary(words, partial(self.chosen.emit, one.person_id), icon="user"))
        self.setVisible(bool(earlier))
