"""The strip of parked contacts (PRACTICE W3): up to six, initials and age only, one key to switch."""

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Final

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QWidget

from wellbeing_desktop.domain.dates import age_on
from wellbeing_desktop.domain.names import initials
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.drafts import drafts
from wellbeing_desktop.storage.records import load_many
from wellbeing_desktop.ui.tokens import SPACE_S
from wellbeing_desktop.ui.widgets import buttons, labels, layouts
from wellbeing_desktop.ui.widgets.flow import FlowLayout

PREFIX: Final = "contact/"
MOST: Final = 6


class Parked(msgspec.Struct, frozen=True):
    """One contact that waits: what opens it (a person's id, an enquiry's at the front door), and how they are told
    apart without a name."""

    opens: str
    words: str


def read_parked(reader: Reader, today: dt.date) -> tuple[Parked, ...]:
    """Every draft of a contact, the one left longest ago first."""
    waiting = [draft for draft in drafts(reader) if draft.key.startswith(PREFIX) and draft.person_id]
    people = load_many(reader, Person, [draft.person_id for draft in waiting])
    return tuple(
        Parked(draft.person_id, _words(people[draft.person_id], today))
        for draft in reversed(waiting)
        if draft.person_id in people
    )


def bind_key(page: QWidget, keys: str, run: Callable[[], object]) -> None:
    """A key that this page alone has: those of every page are the shell's."""
    shortcut = QShortcut(QKeySequence(keys), page)
    shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    shortcut.activated.connect(lambda: run())


class ParkedStrip(QWidget):
    """Buttons, hidden while at most the contact on screen is open."""

    def __init__(self, on_switch: Callable[[str], object]) -> None:
        super().__init__()
        self._on_switch = on_switch
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_S)
        self.words = labels.muted("Parked contacts (F7 for the next):", wrap=False)
        row.addWidget(self.words)
        self._holder = QWidget()
        self._flow = FlowLayout(self._holder, spacing=SPACE_S)
        row.addWidget(self._holder, 1)
        self.parked: tuple[Parked, ...] = ()
        self.hide()

    def show_parked(self, parked: tuple[Parked, ...], now_open: str) -> None:
        """Everything parked but the contact that is open."""
        self.parked = tuple(one for one in parked if one.opens != now_open)
        layouts.empty(self._flow)
        for one in self.parked[:MOST]:
            button = buttons.secondary(one.words, partial(self._on_switch, one.opens), icon="clock")
            button.setAccessibleName(f"Parked contact: {one.words}")
            self._flow.addWidget(button)
        if len(self.parked) > MOST:
            self._flow.addWidget(labels.muted(f"and {len(self.parked) - MOST} more on Today", wrap=False))
        self.setVisible(bool(self.parked))

    def next_id(self) -> str:
        """What opens the parked contact that comes next, or ""."""
        return self.parked[0].opens if self.parked else ""


def _words(person: Person, today: dt.date) -> str:
    letters = initials(person.family_name, person.given_name) or "No name"
    return f"{letters}, {age_on(person.born_on, today)}" if person.born_on else f"{letters}, age not known"
