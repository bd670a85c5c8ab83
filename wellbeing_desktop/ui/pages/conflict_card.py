"""One clash: both values side by side with who, when and where, and four ways to settle it."""

from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from wellbeing_desktop.storage.conflicts import OpenConflict, Side
from wellbeing_desktop.ui.session import staff_moment
from wellbeing_desktop.ui.tokens import SPACE_L, SPACE_S
from wellbeing_desktop.ui.widgets import buttons, cards, fields, labels
from wellbeing_desktop.ui.widgets.flow import FlowLayout
from wellbeing_desktop.ui.widgets.form import Form

MINE: Final = "mine"
THEIRS: Final = "theirs"
BOTH: Final = "both"
OTHER: Final = "other"


class ConflictCard(QWidget):
    """`settled` gives (choice, text): mine is the side kept apart, theirs the one that stands on the record."""

    settled = Signal(str, object)
    person_asked = Signal()

    def __init__(self, conflict: OpenConflict) -> None:
        super().__init__()
        self.conflict = conflict
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACE_S, 0, SPACE_S)
        head = QHBoxLayout()
        head.addWidget(labels.heading(f"{conflict.person_name}. {conflict.what}", 3), 1)
        head.addWidget(buttons.link("Open the record", self.person_asked.emit))
        column.addLayout(head)
        sides = QHBoxLayout()
        sides.setSpacing(SPACE_L)
        sides.addWidget(_side(conflict.standing, "stands on the record now"), 1)
        sides.addWidget(_side(conflict.kept_apart, "kept beside it"), 1)
        column.addLayout(sides)
        if conflict.base not in (None, ""):
            column.addWidget(labels.muted(f"Before both: {_words(conflict.base)}"))
        holder = QWidget()
        choices = FlowLayout(holder, spacing=SPACE_S)
        choices.addWidget(buttons.secondary(f"Keep {_whose(conflict.standing)}", lambda: self._choose(THEIRS)))
        choices.addWidget(buttons.secondary(f"Keep {_whose(conflict.kept_apart)}", lambda: self._choose(MINE)))
        if conflict.is_words:
            choices.addWidget(buttons.secondary("Keep both", lambda: self._choose(BOTH)))
            choices.addWidget(buttons.secondary("Write another text", self._write))
        column.addWidget(holder)
        self.form = Form()
        self.form.add("text", "Text to keep", fields.note(lines=4), required=True)
        self.form.add_actions(buttons.primary("Keep this text", self._keep_written))
        self.form.hide()
        column.addWidget(self.form)
        column.addWidget(cards.rule())

    def is_being_written(self) -> bool:
        return not self.form.isHidden()

    def _choose(self, choice: str) -> None:
        self.settled.emit(choice, None)

    def _write(self) -> None:
        both = [side.value for side in (self.conflict.standing, self.conflict.kept_apart) if side.value]
        self.form.set_values({"text": "\n\n".join(str(value) for value in both)})
        self.form.show()
        self.form.rows["text"].field.setFocus()

    def _keep_written(self) -> None:
        if self.form.check():
            text = self.form.values()["text"]
            self.form.hide()
            self.settled.emit(OTHER, text)


def _side(side: Side, where: str) -> QWidget:
    card = cards.Card(f"{'You' if side.is_own else side.author}, {staff_moment(side.at)}")
    card.body.addWidget(labels.muted(where))
    card.body.addWidget(labels.body(_words(side.value), selectable=True))
    return card


def _whose(side: Side) -> str:
    return "yours" if side.is_own else f"what {side.author} wrote"


def _words(value: Any) -> str:
    if value is None or value == "":
        return "(nothing)"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list):
        return ", ".join(str(member) for member in value)
    return str(value)
