"""My work that could not be applied: why, what to do, its words; take it back as a draft, or try again (P10)."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.dates import kept_moment_words
from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.storage import drafts
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.refused import UnappliedWork
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.sync.client.unapplied import take_back, try_again
from wellbeing_desktop.ui import background, clipboard
from wellbeing_desktop.ui.entry.opening import in_background
from wellbeing_desktop.ui.models.paged_table import Column, TableRow
from wellbeing_desktop.ui.models.short_list import ShortList
from wellbeing_desktop.ui.pages.contact.parked import PREFIX
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.tokens import SPACE_M
from wellbeing_desktop.ui.widgets import buttons, cards, labels, messages
from wellbeing_desktop.ui.widgets.compared_text import ComparedText
from wellbeing_desktop.ui.widgets.empty_state import empty_state
from wellbeing_desktop.ui.widgets.flow import FlowLayout
from wellbeing_desktop.ui.widgets.labels import Tone
from wellbeing_desktop.ui.widgets.short_table import RowAction, ShortTable

_STATES: Final = {
    "open": "Not decided",
    "handed": "With a colleague",
    "waiting": "Waits for its record",
    "set_aside": "Set aside",
}


class RefusedPart(QWidget):
    """`changed` tells that something was taken back or is tried again; `person_asked` whose record is wanted."""

    changed = Signal()
    person_asked = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._works: dict[str, UnappliedWork] = {}
        self._names: Mapping[str, str] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACE_M, 0, 0)
        column.setSpacing(SPACE_M)
        self.model = ShortList([Column("What and why"), Column("Saved", width=18), Column("State", width=20)], self)
        self.table = ShortTable("Could not be applied", self.model, has_header=True, has_two_lines=True, most_rows=6)
        self.table.draw_as_chips(2, _tone)
        self.table.moved.connect(self._choose)
        self.table.opened.connect(self._choose)
        self.table.actions_of_row = self._row_actions
        column.addWidget(self.table)
        self.card = cards.Card("What it says")
        self.why = labels.strong()
        self.advice = labels.body()
        self.text = ComparedText()
        self.card.body.addWidget(self.why)
        self.card.body.addWidget(self.advice)
        self.card.body.addWidget(labels.label_for("The &words", self.text))
        self.card.body.addWidget(self.text)
        row = QWidget()
        flow = FlowLayout(row)
        self.back_button = buttons.secondary("Take &back as a draft", lambda: self._take_back(self.table.record_id()))
        self.again_button = buttons.secondary("T&ry again", lambda: self._try_again(self.table.record_id()))
        self.copy_button = buttons.secondary("&Copy the words", lambda: self._copy(self.table.record_id()))
        for button in (self.back_button, self.again_button, self.copy_button):
            flow.addWidget(button)
        self.card.body.addWidget(row)
        column.addWidget(self.card)
        self.nothing = empty_state(
            "Everything that was sent was applied",
            "What the server cannot apply is kept and shown here, with the reason.",
            icon="circle-check",
        )
        column.addWidget(self.nothing)
        column.addStretch(1)

    def show_works(self, works: Sequence[UnappliedWork], names: Mapping[str, str]) -> None:
        self._works = {str(work.place): work for work in works}
        self._names = names
        rows = [
            TableRow(
                str(work.place),
                (
                    f"{_label(work)}, {names.get(work.person_id) or 'not about a person on this laptop'}\n{work.why}",
                    kept_moment_words(work.at),
                    _STATES.get(work.state, work.state),
                ),
            )
            for work in works
        ]
        self.table.setVisible(bool(rows))
        self.nothing.setVisible(not rows)
        self.model.show_rows(rows)
        self._choose(self.table.record_id() if rows else "")

    def _choose(self, place: str) -> None:
        work = self._works.get(place)
        self.card.setVisible(work is not None)
        if work is None:
            return
        self.why.setText(work.why)
        noted = f" “{work.note}”" if work.note else ""
        together = f" It stands or falls with {len(work.together) - 1} other changes." if len(work.together) > 1 else ""
        self.advice.setText(f"{work.advice}{noted}{together}")
        self.text.show_words(work.text)

    def _row_actions(self, place: str) -> Sequence[RowAction]:
        return (
            ("Take back as a draft", self._take_back),
            ("Try again", self._try_again),
            ("Copy the words", self._copy),
            ("Open the record", self._open),
        )

    def _open(self, place: str) -> None:
        work = self._works.get(place)
        if work is not None:
            self.person_asked.emit(work.person_id)

    def _copy(self, place: str) -> None:
        work = self._works.get(place)
        if work is not None:
            clipboard.lend(work.text)
            messages.announce(self, "Copied for 30 seconds.")

    def _take_back(self, place: str) -> None:
        """Nothing typed is lost: the words become a draft of a contact with the person, beside what is there."""
        work = self._works.get(place)
        if work is None:
            return
        session, has_person = self._session, bool(self._names.get(work.person_id))

        def do() -> tuple[str, ...]:
            words = take_back(session.store, [work.place])
            if has_person:
                session.store.write(partial(_keep_words, person_id=work.person_id, words=words, session=session))
            return words

        def done(words: tuple[str, ...]) -> None:
            if not has_person:
                clipboard.lend("\n\n".join(words))
            messages.announce(self, "Taken back. Its words are a draft of a contact.")
            self.changed.emit()

        in_background(self, do, done, self._failed)

    def _try_again(self, place: str) -> None:
        work = self._works.get(place)
        if work is None:
            return
        do: Callable[[Store, Sequence[int]], Changes] = try_again

        def done(changes: Changes) -> None:
            background.announce(changes)
            if self._session.sync is not None:
                self._session.sync.nudge()
            self.changed.emit()

        in_background(self, partial(do, self._session.store, [work.place]), done, self._failed)

    def _failed(self, problem: BaseException) -> None:
        messages.show(self, problem)
        self.changed.emit()


def _keep_words(writer: Writer, person_id: str, words: Sequence[str], session: Session) -> None:
    key = f"{PREFIX}{person_id}"
    kept = drafts.load_draft(writer, key)
    body = {name: str(value) for name, value in kept.body.items()} if kept is not None else {}
    body["text"] = "\n\n".join(part for part in (body.get("text", ""), *words) if part)
    drafts.save_draft(writer, key, person_id, body, at=session.now())


def _label(work: UnappliedWork) -> str:
    known = RECORD_TYPES.get(work.type)
    return known.label if known is not None else "Something of a newer version"


def _tone(words: str) -> Tone:
    return "warning" if words == _STATES["open"] else "plain"
