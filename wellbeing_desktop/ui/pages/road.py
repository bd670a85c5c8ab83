"""Ready for the road: is everything for a day's visits whole on this laptop before it leaves the network?"""

import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from wellbeing_desktop.domain.dates import long_date
from wellbeing_desktop.operations.battery import Battery, battery
from wellbeing_desktop.operations.looking import noted
from wellbeing_desktop.operations.road import Line, RoadCheck, State, check_road, missing_in_words, next_booked_day
from wellbeing_desktop.operations.road_document import road_document
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.commands import Command, for_page
from wellbeing_desktop.ui.entry.opening import in_background
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.plan_copy.paper import Paper
from wellbeing_desktop.ui.reading_order import tab_in_reading_order
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.tokens import SPACE_M, SPACE_S, SPACE_XS
from wellbeing_desktop.ui.widgets import buttons, cards, fields, labels, layouts, messages
from wellbeing_desktop.ui.widgets.beside import Beside
from wellbeing_desktop.ui.widgets.form import Form
from wellbeing_desktop.ui.widgets.labels import Tone

_TONES: Final[dict[State, Tone]] = {State.READY: "good", State.ATTENTION: "warning", State.NOT_KNOWN: "plain"}


_FIRST: Final = (State.ATTENTION, State.NOT_KNOWN, State.READY)


class RoadPage(Page):
    """`power` tells the battery; tests give their own."""

    title, nav_key, section_key = "Ready for the road", "road", "today"

    def __init__(self, session: Session, power: Callable[[], Battery | None] = battery) -> None:
        super().__init__()
        self._session = session
        self._power = power
        self._proven_at: dt.datetime | None = None
        self.check: RoadCheck | None = None
        self.body.addWidget(labels.heading("Ready for the road", 1))
        self.result = messages.notice("", "plain")
        self.day = Form()
        self.day.begin_row()
        self.day.add("day", "&Which day", fields.day(session.today))
        self.day.end_row()
        self.day.set_values({"day": (session.today() + dt.timedelta(days=1)).isoformat()})
        self.check_button = buttons.primary("&Check now", self.check_now, icon="circle-check")
        self.day.add_actions(self.check_button)
        self.body.addWidget(self.day)
        self.result.hide()
        self.body.addWidget(self.result)
        self.lines = QWidget()
        self._lines = QVBoxLayout(self.lines)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(SPACE_S)
        self.card = cards.card("What was checked", self.lines)
        self.card.hide()
        self.body.addWidget(self.card)
        self._lay_out_proof()
        self._lay_out_paper()
        self.body.addStretch(1)

    def on_shown(self, argument: str = "") -> None:
        if self.check is None:
            tomorrow = self._session.today() + dt.timedelta(days=1)
            ask = partial(next_booked_day, practitioner_id=self._session.user_id, first=tomorrow)
            background.query(self, self._session.store, ask, self._begin)

    def _begin(self, day: dt.date) -> None:
        """On a Friday the next day with visits is Monday."""
        self.day.set_values({"day": day.isoformat()})
        self.check_now()

    def commands(self) -> Sequence[Command]:
        return (
            Command("check_road", "Check again", page=self.nav_key, run=self.check_now),
            for_page("print", self.paper.print_it, name="Print the sheet for the road", page=self.nav_key),
        )

    def panes(self) -> Sequence[QWidget]:
        return (self.day, self.proof, self.paper_card)

    def first_focus(self) -> QWidget | None:
        return self.check_button

    def check_now(self) -> None:
        """Everything at once, off this thread: it reads files and asks the system."""
        if not self.day.check():
            return
        day = dt.date.fromisoformat(self.day.values()["day"])
        session, proven_at, power = self._session, self._proven_at, self._power
        self.check_button.setEnabled(False)

        def ask() -> RoadCheck:
            return check_road(session.store, session.user_id, day, session.now(), power=power(), proven_at=proven_at)

        in_background(self, ask, self.show_check, self._failed)

    def show_check(self, check: RoadCheck) -> None:
        is_first, self.check = self.check is None, check
        self.check_button.setEnabled(True)
        if is_first and self.isVisible():
            self.check_button.setFocus()  # it was not able to take the keyboard while the first check ran
        tone: Tone = "good" if not check.missing else "warning"
        self.result.show()
        self.result.show_message(
            messages.Message(missing_in_words(check), f"For {long_date(check.day)}: {_visits(check)}.", "", tone)
        )
        layouts.empty(self._lines)
        for line in sorted(check.lines, key=lambda line: _FIRST.index(line.state)):  # what needs somebody comes first
            self._lines.addWidget(_line(line))
        self.card.show()
        self.paper_card.show()
        self._show_paper()
        tab_in_reading_order(self)

    def _lay_out_proof(self) -> None:
        self.proof = cards.Card("Does it open without a network?")
        self.proof.body.addWidget(
            labels.muted("Your passphrase is tried on this laptop alone. Nothing is locked and nothing is sent.")
        )
        self.secret = Form()
        self.secret.add("passphrase", "P&assphrase", fields.secret(), required=True)
        self.secret.add_actions(buttons.secondary("Prove that it &opens", self.prove))
        self.proof.body.addWidget(self.secret)
        self.body.addWidget(self.proof)

    def prove(self) -> None:
        """Opens the envelope with what was typed, as an unlock would, and forgets it."""
        if not self.secret.check():
            return
        typed = self.secret.values()["passphrase"]
        self.secret.set_values({"passphrase": ""})
        in_background(self, partial(self._session.store.keys.confirm_passphrase, typed), self._proven, self._not_proven)

    def _proven(self, _nothing: object) -> None:
        self._proven_at = self._session.now()
        messages.announce(self.proof, "It opens without a network.")
        self.check_now()

    def _not_proven(self, problem: BaseException) -> None:
        message = messages.message_for(problem)
        self.secret.show_errors({"passphrase": f"{message.sentence} {message.advice}".strip()})

    def _lay_out_paper(self) -> None:
        self.paper_card = cards.Card("On paper")
        self.with_calls = fields.tick("With the call sheet of the &visits, safe numbers only")
        self.with_calls.edited.connect(self._show_paper)
        self.paper_card.body.addWidget(self.with_calls)
        self.paper = Paper(self._session, "print_road_sheet", "for-the-road.pdf")
        self.paper.on_paper = self._note_printed
        self.paper_card.body.addWidget(self.paper)
        self.paper_card.hide()
        self.body.addWidget(self.paper_card)

    def _show_paper(self) -> None:
        if self.check is not None:
            document = road_document(
                self.check, with_calls=self.with_calls.isChecked(), user_name=self._session.user_name
            )
            self.paper.show_document("", document, "small", "For staff, 12 point")

    def _note_printed(self) -> None:
        """A line in the audit for each person on the call sheet."""
        listed = self.check.calls if self.check is not None and self.with_calls.isChecked() else ()
        people = tuple(dict.fromkeys(call.person_id for call in listed))
        do = partial(noted, what="print_road_sheet", at=self._session.now(), people=people)
        background.operate(self, self._session.store, do)

    def _failed(self, problem: BaseException) -> None:
        self.check_button.setEnabled(True)
        messages.show(self, problem)


def _visits(check: RoadCheck) -> str:
    count = len(check.calls)
    return "nobody is booked" if not count else "1 visit or call" if count == 1 else f"{count} visits and calls"


def _line(line: Line) -> QWidget:
    holder = Beside(SPACE_M, least_characters=70)
    chip_holder = QWidget()
    column = QVBoxLayout(chip_holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(labels.chip(str(line.state), _TONES[line.state]))
    words = QWidget()
    stack = QVBoxLayout(words)
    stack.setContentsMargins(0, 0, 0, SPACE_S)
    stack.setSpacing(SPACE_XS)
    stack.addWidget(labels.strong(line.title))
    stack.addWidget(labels.body(line.words))
    if line.advice:
        stack.addWidget(labels.body(f"What to do: {line.advice}"))
    holder.add(chip_holder, 2)
    holder.add(words, 7)
    holder.setAccessibleName(f"{line.title}: {line.state}. {line.words} {line.advice}".strip())
    return holder
