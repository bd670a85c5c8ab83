"""History: every value ever saved, by whom and when. Asked for when its tab is opened, because it can be long."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.operations.person_history import PastChange, PastValue, person_history
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.clipboard import lend
from wellbeing_desktop.ui.pages.person.parts import column_of, entry, joined
from wellbeing_desktop.ui.reading_order import tab_in_reading_order
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.tokens import SPACE_M
from wellbeing_desktop.ui.widgets import buttons, fields, labels

_STEP = 40


class HistoryPart(QWidget):
    """Newest first, one kind of record at a time if wished."""

    def __init__(self, session: Session, person_id: str) -> None:
        super().__init__()
        self._changes: tuple[PastChange, ...] = ()
        self._shown = _STEP
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_M)
        self.kind = fields.choice((), empty="Everything")
        column.addWidget(labels.label_for("Show the history of", self.kind))
        column.addWidget(self.kind)
        self.count = labels.muted("Opening the history.")
        column.addWidget(self.count)
        self._list: QWidget | None = None
        self._place = QVBoxLayout()
        column.addLayout(self._place)
        column.addWidget(labels.muted(f"Number of the record: {person_id}"))
        self.copy_number = buttons.link("Copy the &number", lambda: lend(person_id))
        column.addWidget(self.copy_number)
        self.more = buttons.secondary("Show earlier changes", self._more)
        self.more.hide()
        column.addWidget(self.more)
        self.kind.edited.connect(self._chosen)

        def read(reader: Reader) -> tuple[PastChange, ...]:
            return person_history(reader, person_id)

        background.query(self, session.store, read, self._show)

    def _show(self, changes: tuple[PastChange, ...]) -> None:
        self._changes = changes
        kinds = sorted({(change.type, RECORD_TYPES[change.type].plural) for change in changes}, key=lambda k: k[1])
        self.kind.set_choices(kinds)
        self._fill()

    def _chosen(self) -> None:
        self._shown = _STEP
        self._fill()

    def _more(self) -> None:
        self._shown += _STEP
        self._fill()

    def _fill(self) -> None:
        wanted = [change for change in self._changes if self.kind.value() in ("", change.type)]
        if self._list is not None:
            self._place.removeWidget(self._list)
            self._list.hide()
            self._list.deleteLater()
        self._list = column_of(*(_entry(change) for change in wanted[: self._shown]))
        self._place.addWidget(self._list)
        shown = min(self._shown, len(wanted))
        self.count.setText(f"{shown} of {len(wanted)} changes, newest first. Nothing that was saved is ever lost.")
        self.more.setVisible(len(wanted) > self._shown)
        tab_in_reading_order(self.window())


def _entry(change: PastChange) -> QWidget:
    ends = () if change.sent else (labels.chip("Not sent", "plain", "cloud-upload"),)
    words = "\n".join(_words(value) for value in change.values)
    return entry(change.what, [("", words)], joined(change.when, change.who), *ends)


def _words(value: PastValue) -> str:
    before = f" (before: {value.was})" if value.was else ""
    return f"{value.field}: {value.now or 'nothing'}{before}"
