"""Laptops of the team: who has not synced, what waits, whose visits are due tomorrow; and work that waits for a decision.

For leads and managers (Beyond 5, P8, P10). The server says who may see what; without it, the last register is shown
with its age.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from wellbeing_desktop.domain.dates import kept_moment_words, staff_moment
from wellbeing_desktop.domain.errors import Refused, SyncProblem
from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.storage.conflict_words import person_name
from wellbeing_desktop.storage.conflicts import colleagues
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.refused import reasons, words_of
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.storage.sync_state import has_organisation
from wellbeing_desktop.sync.client.conversation import Transport
from wellbeing_desktop.sync.client.desk import (
    REFUSALS,
    KeptRegister,
    decide,
    fetch_quarantine,
    fetch_register,
    keep_register,
    kept_register,
)
from wellbeing_desktop.sync.client.line import WRONG_CLOCK_SECONDS
from wellbeing_desktop.sync.protocol.oversight import Decided, Decision, QuarantinedWork, QuarantineReply, RegisterRow
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.asking_server import ask_server
from wellbeing_desktop.ui.commands import Command
from wellbeing_desktop.ui.models.paged_table import Column, TableRow
from wellbeing_desktop.ui.models.short_list import ShortList
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.today_parts.day import things
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.tokens import SPACE_M
from wellbeing_desktop.ui.widgets import buttons, cards, fields, labels, messages
from wellbeing_desktop.ui.widgets.compared_text import ComparedText
from wellbeing_desktop.ui.widgets.empty_state import empty_state
from wellbeing_desktop.ui.widgets.form import Form
from wellbeing_desktop.ui.widgets.labels import Tone
from wellbeing_desktop.ui.widgets.short_table import ShortTable
from wellbeing_desktop.ui.widgets.tabs import tabs

_LOOK: Final = {
    "visits_due": "Unsent, visits tomorrow",
    "copied": "Its store was copied",
    "waiting": "Unsent work",
    "long_away": "Away for long",
    "never": "Never complete",
    "clock": "Clock is wrong",
    "": "In order",
}


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What the server told, with names from this laptop."""

    register: KeptRegister
    quarantine: QuarantineReply
    people: Mapping[str, str]
    colleagues: Sequence[tuple[str, str]]


class Begun(msgspec.Struct, frozen=True):
    """What this laptop knows before it asks."""

    is_shared: bool
    kept: KeptRegister | None


class TeamSyncPage(Page):
    title, nav_key, section_key = "Laptops of the team", "team_sync", "sync"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.body.addWidget(labels.heading("Laptops of the team", 1))
        self.words = labels.strong()
        self.body.addWidget(self.words)
        self.age = labels.muted()
        self.body.addWidget(self.age)
        self.ask_button = buttons.primary("&Ask the server now", self.ask, icon="refresh-cw")
        self.body.addWidget(self.ask_button)
        laptops = QWidget()
        column = QVBoxLayout(laptops)
        column.setContentsMargins(0, SPACE_M, 0, 0)
        self.model = ShortList(
            [
                Column("Who"),
                Column("Waits", width=20),
                Column("Visits", width=18),
                Column("Look at it", width=26),
            ],
            self,
        )
        self.table = ShortTable("Laptops", self.model, has_header=True, has_two_lines=True)
        self.table.draw_as_chips(3, _tone)
        column.addWidget(self.table)
        self.nothing = empty_state(
            "Nothing known of other laptops yet", "The server tells those who lead a team or manage the service."
        )
        column.addWidget(self.nothing)
        column.addStretch(1)
        self.undecided = UndecidedPart(session)
        self.undecided.decided.connect(self.ask)
        self.tabs = tabs("Laptops and their work", [("Laptops", laptops), ("To decide", self.undecided)])
        self.body.addWidget(self.tabs, 1)

    def on_shown(self, argument: str = "") -> None:
        background.query(self, self._session.store, _begun, self._begin)

    def _begin(self, begun: Begun) -> None:
        self.tabs.setVisible(begun.is_shared)
        self.ask_button.setVisible(begun.is_shared)
        self.age.setVisible(begun.is_shared)
        if not begun.is_shared:
            self.words.setText("This store is on this computer only: there are no other laptops.")
            return
        self._show_kept(begun.kept)
        self.ask()

    def commands(self) -> Sequence[Command]:
        return (Command("ask_register", "Ask the server how the laptops stand", page=self.nav_key, run=self.ask),)

    def panes(self) -> Sequence[QWidget]:
        return (self.tabs,)

    def ask(self) -> None:
        """Both questions in one talk; what the register said is kept for when there is no network."""
        self.ask_button.setEnabled(False)
        now = self._session.now()
        ask_server(self, self._session.store, partial(_ask, now=now), self.show_answer, self._failed)

    def show_answer(self, answer: Answer) -> None:
        self.ask_button.setEnabled(True)
        messages.clear(self)
        self._show_register(answer.register)
        self.undecided.show_work(answer.quarantine, answer.people, answer.colleagues)
        count = len(answer.quarantine.items)
        at = self.tabs.indexOf(self.undecided)
        self.tabs.setTabText(at, f"To decide: {count:,}" if count else "To decide")

    def _show_kept(self, kept: KeptRegister | None) -> None:
        if kept is not None and not self.model.rows():
            self._show_register(kept)
        elif not self.model.rows():
            self._show_register(KeptRegister(at=self._session.now(), rows=()))

    def _show_register(self, register: KeptRegister) -> None:
        rows = register.rows
        self.words.setText(in_one_sentence(rows))
        self.words.setVisible(bool(rows))
        self.age.setText(f"As the server knew it {staff_moment(register.at)}.")
        self.age.setVisible(bool(rows))
        self.table.setVisible(bool(rows))
        self.nothing.setVisible(not rows)
        self.model.show_rows([TableRow(row.device or row.practitioner_id, _cells(row)) for row in rows])

    def _failed(self, problem: BaseException) -> None:
        """Without the server what was known stays on the screen, with its age."""
        self.ask_button.setEnabled(True)
        messages.show(self, problem)


def in_one_sentence(rows: Sequence[RegisterRow]) -> str:
    """ "3 laptops have 14 pieces of unsent work; 2 of them have visits tomorrow." """
    waiting = [row for row in rows if row.report.waiting]
    if not waiting:
        return f"{things(len([row for row in rows if row.device]), 'laptop')}: no unsent work is known of."
    pieces = things(sum(row.report.waiting for row in waiting), "piece")
    due = sum(row.due_tomorrow > 0 for row in waiting)
    said = f"{things(len(waiting), 'laptop has', 'laptops have')} {pieces} of unsent work; "
    if len(waiting) == 1:
        return said + ("its owner has visits tomorrow." if due else "no visits tomorrow.")
    return said + (
        f"{due:,} of them {'has' if due == 1 else 'have'} visits tomorrow." if due else "none has visits tomorrow."
    )


class UndecidedPart(QWidget):
    """Work of colleagues that the server could not apply: apply it, hand it over, or set it aside with a reason."""

    decided = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._items: dict[str, QuarantinedWork] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACE_M, 0, 0)
        column.setSpacing(SPACE_M)
        self.counts = labels.body()
        column.addWidget(self.counts)
        self.model = ShortList([Column("What and why"), Column("Saved", width=18), Column("State", width=20)], self)
        self.table = ShortTable("Work to decide about", self.model, has_header=True, has_two_lines=True, most_rows=6)
        self.table.moved.connect(self._choose)
        self.table.opened.connect(self._choose)
        column.addWidget(self.table)
        self.card = cards.Card("What shall become of it?")
        self.text = ComparedText()
        self.card.body.addWidget(labels.label_for("What was &written", self.text))
        self.card.body.addWidget(self.text)
        self.form = Form()
        self.form.begin_row()
        self.form.add("to", "&Hand it to", fields.choice((), empty="Nobody chosen"))
        self.form.add("reason", "&Reason to set it aside", fields.line())
        self.form.end_row()
        self.apply_button = buttons.secondary("Appl&y it as it is", partial(self._decide, "apply"))
        self.hand_button = buttons.secondary("Hand it &over", partial(self._decide, "hand"))
        self.aside_button = buttons.secondary("&Set it aside", partial(self._decide, "set_aside"))
        self.form.add_actions(self.apply_button, self.hand_button, self.aside_button)
        self.card.body.addWidget(self.form)
        column.addWidget(self.card)
        self.nothing = empty_state("Nothing waits for a decision", icon="circle-check")
        column.addWidget(self.nothing)
        column.addStretch(1)
        self.card.hide()
        self.table.hide()
        self.counts.hide()

    def show_work(
        self, reply: QuarantineReply, people: Mapping[str, str], colleagues: Sequence[tuple[str, str]]
    ) -> None:
        """What this person may decide about; counts alone of what they may not see."""
        names = dict(colleagues)
        self._items = {f"{item.device}/{item.n}": item for item in reply.items}
        self.counts.setText(
            " ".join(
                f"{things(count.count, 'change')} by {names.get(count.author, 'a colleague')}: {_why(count.why)}"
                for count in reply.counts
            )
        )
        self.counts.setVisible(bool(reply.counts))
        field = self.form.rows["to"].field
        if isinstance(field, fields.ChoiceField):
            field.set_choices(colleagues)
        self.model.show_rows(
            [
                TableRow(
                    key,
                    (
                        f"{_label(item)}, {people.get(item.subject) or 'a record you may not see'}"
                        f"\nBy {names.get(item.author, 'a colleague')}. {_why(item.why)}",
                        kept_moment_words(item.at),
                        {
                            "handed": f"With {names.get(item.handed_to, 'a colleague')}",
                            "waiting": "Waits for its record",
                        }.get(item.state, "Not decided"),
                    ),
                )
                for key, item in self._items.items()
            ]
        )
        self.table.setVisible(bool(self._items))
        self.nothing.setVisible(not self._items)
        self._choose(self.table.record_id() if self._items else "")

    def _choose(self, key: str) -> None:
        item = self._items.get(key)
        self.card.setVisible(item is not None)
        if item is not None:
            self.text.show_words(_written(item))
            self.apply_button.setEnabled(item.may_apply)

    def _decide(self, what: str) -> None:
        item = self._items.get(self.table.record_id())
        if item is None:
            return
        values = self.form.values()
        if what == "set_aside" and not values["reason"].strip():
            self.form.show_errors({"reason": REFUSALS["reason_needed"]})
            return
        if what == "hand" and not values["to"]:
            self.form.show_errors({"to": REFUSALS["no_such_colleague"]})
            return
        self.form.show_errors({})
        decision = Decision(
            device=item.device,
            n=item.n,
            what=what,
            to=values["to"] if what == "hand" else "",
            reason=values["reason"].strip() if what == "set_aside" else "",
        )
        ask: Callable[[Store, Transport], tuple[Decided, ...]] = partial(_decided, decision=decision)
        ask_server(self, self._session.store, ask, self._done)

    def _done(self, decided: Sequence[Decided]) -> None:
        for one in decided:
            if one.refused:
                messages.show(self, Refused(REFUSALS.get(one.refused) or reasons(one.refused)[0]))
                return
        self.form.set_values({"to": "", "reason": ""})
        self.decided.emit()


def _ask(store: Store, transport: Transport, *, now: dt.datetime) -> Answer:
    rows = _register(store, transport)
    store.write(lambda writer: keep_register(writer, rows, now))
    found = fetch_quarantine(store, transport)

    def names(reader: Reader) -> dict[str, str]:
        return {item.subject: person_name(reader, item.subject) for item in found.items if item.subject}

    return Answer(
        register=KeptRegister(at=now, rows=rows),
        quarantine=found,
        people=store.read(names),
        colleagues=store.read(colleagues),
    )


def _register(store: Store, transport: Transport) -> tuple[RegisterRow, ...]:
    """Somebody who leads nobody sees no laptops, but may have been handed work to decide about."""
    try:
        return fetch_register(store, transport)
    except SyncProblem as problem:
        if problem.kind != "may_not":
            raise
        return ()


def _decided(store: Store, transport: Transport, *, decision: Decision) -> tuple[Decided, ...]:
    return decide(store, transport, [decision])


def _cells(row: RegisterRow) -> tuple[str, ...]:
    said = row.report
    last = (
        f"All exchanged {kept_moment_words(said.completed_at)}" if said.completed_at else "Never exchanged everything"
    )
    if not row.device:
        return (f"{row.practitioner_name}\nHas no laptop", "", _visits(row), "")
    waits = f"{things(said.waiting, 'piece')} unsent" if said.waiting else "Nothing unsent"
    more = [f"{said.held:,} held"] if said.held else []
    if said.unsettled:
        more.append(f"{said.unsettled:,} not applied")
    if said.oldest_waiting_at and said.waiting:
        more.append(f"oldest {kept_moment_words(said.oldest_waiting_at)}")
    look = _LOOK.get(row.late, row.late)
    if not row.late and said.unsettled:
        look = "Work not applied"
    if row.late == "clock" or abs(said.skew_seconds) > WRONG_CLOCK_SECONDS:
        look += f", {things(abs(said.skew_seconds) // 60, 'minute')} {'fast' if said.skew_seconds > 0 else 'slow'}"
    return (
        f"{row.practitioner_name}. Laptop: {row.laptop_name or 'not named'}\n{last}",
        "\n".join(filter(None, (waits, ", ".join(more)))),
        _visits(row),
        look,
    )


def _visits(row: RegisterRow) -> str:
    tomorrow = f"{row.due_tomorrow:,} tomorrow" if row.due_tomorrow else "None tomorrow"
    return f"{tomorrow}\n{row.due_this_week:,} in 7 days"


def _label(item: QuarantinedWork) -> str:
    known = RECORD_TYPES.get(item.type)
    return known.label if known is not None else "Something"


def _why(word: str) -> str:
    """The reason as somebody else than the author reads it."""
    said = reasons(word)[0]
    return said.replace("You had", "The author had").replace("since you looked", "since the author looked")


def _written(item: QuarantinedWork) -> str:
    """The words in the operation, where this person may see them."""
    try:
        content: Any = msgspec.json.decode(bytes(item.content))
    except msgspec.DecodeError:
        content = None
    patch = content.get("patch") if isinstance(content, dict) else None
    if not isinstance(patch, dict):
        return "You may not see what was written. You may hand it to somebody who may."
    return "\n".join(f"{label}: {words}" for label, words in words_of(RECORD_TYPES.get(item.type), patch))


def _tone(words: str) -> Tone:
    if words.startswith("Unsent, visits"):
        return "bad"
    return "good" if words == _LOOK[""] else "warning"


def _begun(reader: Reader) -> Begun:
    return Begun(has_organisation(reader), kept_register(reader))
