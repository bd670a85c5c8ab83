"""Small pieces that several parts of the person record are built of."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from wellbeing_desktop.domain.dates import staff_date
from wellbeing_desktop.ui.tokens import SPACE_L, SPACE_M, SPACE_S, SPACE_XS
from wellbeing_desktop.ui.widgets import labels
from wellbeing_desktop.ui.widgets.beside import Beside
from wellbeing_desktop.ui.widgets.flow import FlowLayout

Go = Callable[[str, str], object]
"""Another page with its argument."""


def in_a_sentence(who: str) -> str:
    """ "The person" begins small inside a sentence; a name stays as it is."""
    return f"the {who[4:]}" if who.startswith("The ") else who


@dataclass(frozen=True)
class Around:
    """What a part needs beside the record: the day, where its buttons lead, and how to do something at once."""

    today: dt.date
    go: Go
    act: Callable[[str, str], object]
    """An action by name on one record id, done by the page: it saves and offers to undo."""


class TwoColumns(Beside):
    """Two columns of cards, one under the other where there is no room beside."""

    def __init__(self, *, left_share: int = 1, right_share: int = 1) -> None:
        super().__init__(SPACE_M, least_characters=96)
        self.left, self.right = QVBoxLayout(), QVBoxLayout()
        for column, share in ((self.left, left_share), (self.right, right_share)):
            holder = QWidget()
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(SPACE_M)
            holder.setLayout(column)
            self.add(holder, share, top=False)

    def finish(self) -> None:
        """Call when both columns are full: cards keep their own height."""
        self.left.addStretch()
        self.right.addStretch()


def fact_line(label: str, words: str, tone: labels.Tone = "plain", icon: str = "") -> QWidget:
    """ "How to get in" with its words beside it, under it where there is no room."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(SPACE_S)
    if icon:
        row.addWidget(labels.IconLabel(icon, tone), 0, Qt.AlignmentFlag.AlignTop)
    column = QVBoxLayout()
    column.setSpacing(0)
    column.addWidget(labels.muted(label))
    said = labels.body(words)
    if tone == "bad":
        labels.set_tone(said, tone)
    column.addWidget(said)
    row.addLayout(column, 1)
    return holder


def entry(title: str, lines: Sequence[tuple[str, str]], meta: str = "", *ends: QWidget) -> QFrame:
    """One entry of a list: its title with chips or buttons at its end, what it says, and who wrote it when."""
    frame = QFrame()
    frame.setProperty("kind", "card")
    column = QVBoxLayout(frame)
    column.setContentsMargins(SPACE_L, SPACE_M, SPACE_L, SPACE_M)
    column.setSpacing(SPACE_XS)
    head = QHBoxLayout()
    head.setSpacing(SPACE_M)
    words = labels.heading(title, 3)
    head.addWidget(words, 1)
    if ends:
        holder = QWidget()
        flow = FlowLayout(holder, spacing=SPACE_S, align_right=True)
        for end in ends:
            flow.addWidget(end)
        head.addWidget(holder, 1)
    column.addLayout(head)
    if meta:
        column.addWidget(labels.muted(meta))
    for label, text in lines:
        if not text.strip():
            continue
        if label:
            column.addSpacing(SPACE_XS)
            column.addWidget(labels.muted(label))
        column.addWidget(labels.body(text, selectable=True))
    frame.setAccessibleName(title)
    return frame


def column_of(*widgets: QWidget) -> QWidget:
    """Widgets one under another, with nothing stretched."""
    holder = QWidget()
    holder.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(SPACE_M)
    for widget in widgets:
        column.addWidget(widget)
    return holder


def row_of_buttons(*items: QWidget, align_right: bool = False) -> QWidget:
    """Buttons or chips side by side, wrapping."""
    holder = QWidget()
    flow = FlowLayout(holder, spacing=SPACE_S, align_right=align_right)
    for item in items:
        flow.addWidget(item)
    return holder


def side_by_side(*items: QWidget) -> QWidget:
    """A chip and its button at the end of a line, never apart."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(SPACE_S)
    for item in items:
        row.addWidget(item)
    return holder


def due_chip(due: dt.date | None, today: dt.date) -> labels.Chip:
    """`2 days late`, `Due today`, `Due 4-Dec-2026`, or `No date`: in words, with a colour beside them."""
    if due is None:
        return labels.chip("No date", "plain", "calendar")
    days = (due - today).days
    if days < 0:
        return labels.chip(f"{-days} day{'' if days == -1 else 's'} late", "bad", "clock")
    if days == 0:
        return labels.chip("Due today", "warning", "clock")
    return labels.chip(f"Due {staff_date(due)}", "warning" if days <= 7 else "plain", "calendar")


def joined(*parts: str) -> str:
    """Parts that say something, with a middle dot between."""
    return " · ".join(part for part in parts if part)
