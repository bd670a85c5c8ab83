"""Fill in the service's triage form about a referral. A red-flag answer stops it and shows what the service says to do."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

import msgspec
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.referral import Referral
from wellbeing_desktop.domain.triage import suggestion
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.triage import Triage, answers_of, facts_of, take_screening, triage_of
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.drafts import save_draft
from wellbeing_desktop.storage.records import load
from wellbeing_desktop.storage.search import PersonRow
from wellbeing_desktop.storage.similar import row_of
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.commands import Command, for_page
from wellbeing_desktop.ui.drafting import DraftKeeper
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.concern.at_risk import PREFIX
from wellbeing_desktop.ui.pages.forms.form_page import show_in_banner
from wellbeing_desktop.ui.pages.referrals.questions import TriageQuestions
from wellbeing_desktop.ui.reading_order import tab_in_reading_order
from wellbeing_desktop.ui.saving import bring_back, discard, discarding, keep_draft, tell_saved
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import buttons, cards, labels, layouts, messages
from wellbeing_desktop.ui.widgets.banner import PersonBanner
from wellbeing_desktop.ui.widgets.form import Form

DRAFT: Final = "triage"
NO_FORM: Final = "No triage form is in use. Choose one, or bring in your service's own, in Referral settings."
_DECIDED: Final = "This referral is decided, so its triage form is closed."


class Asked(msgspec.Struct, frozen=True):
    """What the page asks for."""

    referral: Referral | None
    triage: Triage | None
    person: PersonRow | None


class TriagePage(Page):
    """The argument is the referral's id."""

    title, nav_key, section_key, help_key = "Triage form", "triage", "referrals", "referrals"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._id = ""
        self._asked = Asked(None, None, None)
        self._saving = False
        self.questions: TriageQuestions | None = None
        self.keeper: DraftKeeper | None = None
        self.banner = PersonBanner()
        self.banner.hide()
        self.outer.insertWidget(0, self.banner)
        self.body.addWidget(labels.heading(self.title, 1))
        self.about = labels.muted("")
        self.body.addWidget(self.about)
        self.problem = messages.notice("", "warning")
        self.problem.hide()
        self.body.addWidget(self.problem)
        self.stopped = cards.Card("Stop: the service says what to do now")
        self.instruction = labels.strong("")
        self.stopped.body.addWidget(self.instruction)
        self.risk_button = buttons.danger("Somebody is at risk &now", self.at_risk, icon="shield-alert")
        self.stopped.body.addWidget(self.risk_button)
        self.stopped.hide()
        self.body.addWidget(self.stopped)
        self.holder = QWidget()
        self._place = QVBoxLayout(self.holder)
        self._place.setContentsMargins(0, 0, 0, 0)
        self.body.addWidget(self.holder)
        self.likely = labels.body("")
        self.body.addWidget(self.likely)
        self.back_button = buttons.link("&Back to the referral", self.leave, icon="arrow-left")
        self.body.addWidget(self.back_button)
        self.body.addStretch()

    def on_shown(self, argument: str = "") -> None:
        if argument and argument != self._id:
            self.save_draft()
            self._id = argument
            self._clear()
        id = self._id

        def read(reader: Reader) -> Asked:
            referral = load(reader, Referral, id)
            if referral is None:
                return Asked(None, None, None)
            person = row_of(reader, found.survivor(reader, referral.subject).id)
            return Asked(referral, triage_of(reader, referral), person)

        background.query(self, self.session.store, read, partial(self._show, id))

    def refresh(self, changes: Changes) -> None:
        if self._id and not self._saving and changes.touches("referral", "screening", "setting"):
            self.on_shown()

    def save_draft(self) -> None:
        if self.keeper is not None:
            self.keeper.save_now()

    def commands(self) -> Sequence[Command]:
        return (
            for_page("save", self.save, name="Save the triage form", page=self.nav_key),
            Command(
                "triage_risk",
                "Somebody is at risk now, with this referral's words",
                page=self.nav_key,
                run=self.at_risk,
            ),
        )

    def first_focus(self) -> QWidget | None:
        if self.questions is None:
            return self.back_button
        rows = self.questions.form.rows.values()
        return next((row.field for row in rows if not row.holder.isHidden()), self.back_button)

    def save(self) -> None:
        """Whatever is answered is kept, finished or not; what is missing is said on the referral."""
        self._save(lambda: self.go.emit("referral", self._id))

    def leave(self) -> None:
        self.go.emit("referral", self._id)

    def cancel(self) -> None:
        """Forget what is typed here."""
        if self.keeper is not None:
            self.keeper.finish()
            discard(self, self.session, self.keeper.draft_key)
        self._clear()
        self.leave()

    def at_risk(self) -> None:
        """The page of F8, with the person and what the referral says: nothing is typed again. The answers so far are
        saved first; if they cannot be, the call does not wait for them."""
        referral = self._asked.referral
        if referral is None:
            self.go.emit("at_risk", "")
            return
        call_id, now, flags = new_id(), self.session.now(), self.questions.flags() if self.questions else ()
        person_id = self._asked.person.id if self._asked.person is not None else referral.subject
        body = {
            "words": "\n".join(["From the triage form of a referral.", *(f"{flag.question} Yes." for flag in flags)]),
            "caller_name": referral.referrer_name,
            "call_back_number": referral.referrer_contact,
            "medium": "02",
            "_person": person_id,
        }

        def write(writer: Writer) -> None:
            save_draft(writer, f"{PREFIX}{call_id}", person_id, body, at=now)

        def open_page(_nothing: object = None) -> None:
            background.operate(
                self, self.session.store, write, lambda _kept: self.go.emit("at_risk", f"draft/{call_id}")
            )

        if self.questions is not None and self.questions.flags() and not self._saving:
            self._save(open_page, open_page)
        else:
            open_page()

    def _save(self, then: Callable[[], object], otherwise: Callable[[], object] | None = None) -> None:
        referral, triage, keeper = self._asked.referral, self._asked.triage, self.keeper
        if self._saving or referral is None or triage is None or self.questions is None or keeper is None:
            return
        try:
            answers = self.questions.answers()
        except Refused as refusal:
            self.questions.form.show_refusal(refusal)
            if otherwise is not None:
                otherwise()
            return
        followed, now, id = self.questions.followed(), self.session.now(), referral.id
        replaces = tuple(one.id for one in triage.screenings)
        self._saving = True
        keeper.finish()

        def saved(changes: Changes) -> None:
            tell_saved(self, self.session, "Triage form saved.", changes)
            self._clear()
            then()

        def refused(problem: BaseException) -> None:
            self._saving = False
            keeper.begin_again()
            if self.questions is not None:
                self.questions.form.show_refusal(problem)
            if otherwise is not None:
                otherwise()

        background.operate(
            self,
            self.session.store,
            discarding(
                keeper.draft_key,
                lambda writer: take_screening(writer, id, answers, followed=followed, replaces=replaces, at=now),
            ),
            saved,
            refused,
        )

    def _show(self, id: str, asked: Asked) -> None:
        if id != self._id:
            return
        self._asked = asked
        self.banner.setVisible(asked.person is not None)
        if asked.person is not None:
            show_in_banner(self.banner, asked.person, self.session.today())
        form = asked.triage.form if asked.triage is not None else None
        is_open = asked.referral is not None and asked.referral.state in ("new", "incomplete")
        words = "" if form and is_open else _DECIDED if asked.referral and not is_open else NO_FORM
        if asked.referral is None:
            words = "This referral is not on this laptop any more."
        self.problem.show_message(messages.Message(words, "", "", "warning"))
        self.problem.setVisible(bool(words))
        if form is None or not is_open:
            self._clear()
        elif self.questions is None or self.questions.definition != form:
            self._make(asked)
        self._show_state()

    def _make(self, asked: Asked) -> None:
        self._clear()
        triage = asked.triage
        if triage is None or triage.form is None:
            return
        definition = triage.form
        self.about.setText(f"{definition.title}, version {definition.version}. {definition.about}".strip())
        form = Form()
        questions = TriageQuestions(form, definition)
        form.add_actions(
            buttons.secondary("Cance&l and discard the draft", self.cancel),
            buttons.primary("&Save the triage form", self.save),
        )
        self.questions = questions
        self._place.addWidget(cards.card("", form))
        if triage.screenings:
            before = triage.screenings[0]
            questions.fill(answers_of(before), before.followed)
        form.edited.connect(self._show_state)
        keeper = keep_draft(form, self.session, f"{DRAFT}/{self._id}", person=self._person_id)
        keeper.begin_again()
        self.keeper = keeper
        # what is asked follows from the answers, which are in their fields one turn later
        bring_back(form, keeper, self.session, lambda _kept: QTimer.singleShot(0, self, self._answers_are_back))
        if self.isVisible() and (focus := self.first_focus()) is not None:
            focus.setFocus()

    def _answers_are_back(self) -> None:
        if self.questions is not None:
            self.questions.show_asked()
            self._show_state()

    def _show_state(self) -> None:
        """Whether a red flag stops the form, and what the answers so far suggest."""
        questions, referral = self.questions, self._asked.referral
        stops = questions.stops() if questions is not None else ()
        was_stopped = not self.stopped.isHidden()
        said = "\n\n".join(dict.fromkeys(flag.instruction for flag in stops))
        self.instruction.setText(said)
        self.stopped.setVisible(bool(stops))
        if stops and not was_stopped:
            messages.announce(self, f"Stop. {said}")
            self._scroll_up()
        words = ""
        if questions is not None and referral is not None:
            likely = suggestion(questions.definition, {**facts_of(referral), **questions.readable()})
            words = suggestion_words(label_of("priorities", likely.priority), likely.because, likely.unclear)
        self.likely.setText(words)
        tab_in_reading_order(self)

    def _scroll_up(self) -> None:
        if self.scroll_area is not None:
            self.scroll_area.verticalScrollBar().setValue(0)

    def _clear(self) -> None:
        self._saving = False
        self.questions = self.keeper = None
        self.about.setText("")
        layouts.empty(self._place)

    def _person_id(self) -> str:
        return self._asked.person.id if self._asked.person is not None else ""


def suggestion_words(priority: str, because: Sequence[str], unclear: Sequence[str]) -> str:
    """ "The form suggests Urgent: ...". What has no clear answer is said to have counted as the most pressing."""
    said = f"The form suggests {priority}" + (f": {'; '.join(because)}." if because else ".")
    if unclear:
        said += f" Without a clear answer, and so counted as the most pressing: {'; '.join(unclear)}"
        said += "" if said.endswith(("?", ".")) else "."
    return f"{said} A named person decides."
