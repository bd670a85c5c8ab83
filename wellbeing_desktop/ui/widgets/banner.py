"""The person banner: whose record this is. It stands in `page.outer`, above what scrolls, and on every dialog."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from wellbeing_desktop.ui.tokens import SPACE_M, SPACE_S, SPACE_XL, SPACE_XS
from wellbeing_desktop.ui.widgets import labels
from wellbeing_desktop.ui.widgets.flow import FlowLayout


@dataclass(frozen=True)
class BannerFact:
    """ "Born" and "14-Mar-1943 (83y)"."""

    label: str
    value: str


class PersonBanner(QFrame):
    """Name, facts, a second line, statuses ("Restricted", "Similar name") and safety warnings, all in words."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "banner")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(SPACE_XL, SPACE_S, SPACE_XL, SPACE_S)
        self._column.setSpacing(SPACE_XS)
        self._lines: list[QWidget] = []

    def show_person(
        self,
        name: str,
        facts: Sequence[BannerFact] = (),
        second_line: Sequence[str] = (),
        statuses: Sequence[tuple[str, labels.Tone]] = (),
        warnings: Sequence[str] = (),
    ) -> None:
        """Text lines given in: no rule about people lives here. `warnings` come with "Before you visit:" and so on."""
        for line in self._lines:
            self._column.removeWidget(line)
            line.deleteLater()
        self._lines = []
        top = QWidget()
        flow = FlowLayout(top, spacing=SPACE_M)
        title = labels.heading(name, 1)
        title.setWordWrap(False)
        flow.addWidget(title)
        for words, tone in statuses:
            flow.addWidget(labels.chip(words, tone))
        for fact in facts:
            flow.addWidget(_fact(fact))
        self._add(top)
        if second_line:
            self._add(labels.muted(" · ".join(second_line)))
        for words in warnings:
            self._add(_warning(words))
        spoken = [name, *(f"{fact.label} {fact.value}" for fact in facts), *second_line]
        self.setAccessibleName(". ".join([*spoken, *(words for words, _tone in statuses), *warnings]))

    def _add(self, line: QWidget) -> None:
        self._lines.append(line)
        self._column.addWidget(line)


def _fact(fact: BannerFact) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, SPACE_S, 0)
    row.setSpacing(0)
    name = labels.muted(fact.label, wrap=False)
    name.setIndent(0)
    name.setProperty("kind", "factName")  # its room to the value grows with the text
    row.addWidget(name)
    row.addWidget(labels.strong(fact.value, wrap=False))
    return holder


def _warning(words: str) -> QFrame:
    frame = QFrame()
    frame.setProperty("kind", "notice")
    labels.set_tone(frame, "warning")
    row = QHBoxLayout(frame)
    row.setContentsMargins(SPACE_M, SPACE_XS, SPACE_M, SPACE_XS)
    row.setSpacing(SPACE_S)
    row.addWidget(labels.IconLabel("triangle-alert", "warning"))
    row.addWidget(labels.body(words), 1)
    return frame
