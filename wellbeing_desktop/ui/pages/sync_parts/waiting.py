"""What waits to be sent, by person, in plain English: hold a visit, sign its note, send the rest (P5)."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.dates import kept_moment_words
from wellbeing_desktop.operations.outbox import (
    PersonWaiting,
    Piece,
    hold_work,
    release_work,
    sign_and_release,
)
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.outbox import State
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.models.paged_table import Column, TableRow
from wellbeing_desktop.ui.models.short_list import ShortList
from wellbeing_desktop.ui.pages.today_parts.day import things
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.tokens import SPACE_M
from wellbeing_desktop.ui.widgets import buttons, labels
from wellbeing_desktop.ui.widgets.empty_state import empty_state
from wellbeing_desktop.ui.widgets.flow import FlowLayout
from wellbeing_desktop.ui.widgets.labels import Tone
from wellbeing_desktop.ui.widgets.short_table import RowAction, ShortTable

WAITING, HELD, SENT = "Not sent", "Held", "Sent, not confirmed"
_NOBODY = "About no one person"


class WaitingPart(QWidget):
    """`changed` tells that something was held, signed or let go; `person_asked` whose record is wanted."""

    changed = Signal()
    person_asked = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._pieces: dict[str, Piece] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACE_M, 0, 0)
        column.setSpacing(SPACE_M)
        self.words = labels.body()
        column.addWidget(self.words)
        self.action_row = QWidget()
        flow = FlowLayout(self.action_row)
        self.hold_button = buttons.secondary("&Hold this", lambda: self._hold(self.table.record_id()))
        self.sign_button = buttons.secondary("Si&gn the note and let it go", lambda: self._sign(self.table.record_id()))
        self.release_button = buttons.secondary("&Let this go", lambda: self._release(self.table.record_id()))
        for button in (self.hold_button, self.sign_button, self.release_button):
            flow.addWidget(button)
        self.model = ShortList([Column("Who and what"), Column("Saved", width=18), Column("State", width=22)], self)
        self.table = ShortTable("Waiting to be sent", self.model, has_header=True, has_two_lines=True)
        self.table.draw_as_chips(2, _tone)
        self.table.moved.connect(self._enable)
        self.table.opened.connect(self._open)
        self.table.actions_of_row = self._row_actions
        column.addWidget(self.table)
        column.addWidget(self.action_row)
        self.nothing = empty_state("Everything is sent", icon="circle-check")
        column.addWidget(self.nothing)
        column.addStretch(1)

    def show_waiting(self, people: Sequence[PersonWaiting], hint: str, *, is_shared: bool) -> None:
        """One row for each piece of work, those about one person together."""
        self._pieces = {_key(piece): piece for person in people for piece in person.pieces}
        rows = [
            TableRow(
                _key(piece),
                (
                    f"{person.name or _NOBODY}\n{piece.sentence}" + (f" {piece.why}." if piece.why else ""),
                    kept_moment_words(piece.at),
                    _state(piece),
                ),
            )
            for person in people
            for piece in person.pieces
        ]
        held = sum(person.held for person in people)
        said = [f"{things(len(rows), 'piece')} of work about {things(len(people), 'person', 'people')}."]
        if held:
            said.append(f"{held:,} of them {'is' if held == 1 else 'are'} held: not sent until you let go.")
        said.append("Hold one to read or sign it first; the rest is sent.")
        self.words.setText(" ".join(said))
        self.words.setVisible(bool(rows) and is_shared)
        self.nothing.words.setText("Everything is sent" if is_shared else "This store is on this computer only")
        self.nothing.hint.setText(hint)
        self.nothing.hint.setVisible(bool(hint))
        self.nothing.setVisible(not rows or not is_shared)
        self.table.setVisible(bool(rows) and is_shared)
        self.action_row.setVisible(bool(rows) and is_shared)
        self.model.show_rows(rows)
        self._enable(self.table.record_id())

    def _enable(self, key: str) -> None:
        piece = self._pieces.get(key)
        held = piece is not None and piece.state is State.HELD and bool(piece.why)
        self.hold_button.setEnabled(piece is not None and piece.can_hold)
        self.release_button.setEnabled(held)
        self.sign_button.setEnabled(piece is not None and held and bool(piece.unsigned))

    def _row_actions(self, key: str) -> Sequence[RowAction]:
        self._enable(key)
        offered: list[RowAction] = [("Open the record", self._open)]
        for button, do in (
            (self.hold_button, self._hold),
            (self.sign_button, self._sign),
            (self.release_button, self._release),
        ):
            if button.isEnabled():
                offered.append((labels.without_mnemonic(button.text()), do))
        return offered

    def _open(self, key: str) -> None:
        piece = self._pieces.get(key)
        if piece is not None:
            self.person_asked.emit(piece.person_id)

    def _hold(self, key: str) -> None:
        self._do(key, lambda writer, piece: hold_work(writer, piece.undo_id, piece.person_id, at=self._session.now()))

    def _release(self, key: str) -> None:
        self._do(
            key, lambda writer, piece: release_work(writer, piece.undo_id, piece.person_id, at=self._session.now())
        )

    def _sign(self, key: str) -> None:
        self._do(
            key, lambda writer, piece: sign_and_release(writer, piece.undo_id, piece.person_id, at=self._session.now())
        )

    def _do(self, key: str, work: Callable[[Writer, Piece], object]) -> None:
        piece = self._pieces.get(key)
        if piece is None:
            return

        def run(writer: Writer) -> Changes:
            work(writer, piece)
            return Changes()

        background.operate(self, self._session.store, run, lambda _changes: self.changed.emit())


def _key(piece: Piece) -> str:
    return f"{piece.undo_id}/{piece.person_id}"


def _state(piece: Piece) -> str:
    words = {State.WAITING: WAITING, State.HELD: HELD}.get(piece.state, SENT)
    return f"{words}, note not signed" if piece.unsigned and piece.state is not State.SENT else words


def _tone(words: str) -> Tone:
    return "warning" if words.startswith(HELD) else "plain"
