"""Somebody is at risk now: one key, no person needed, no network; every press is timed and kept at once (PRACTICE W6)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

import msgspec
from PySide6.QtWidgets import QVBoxLayout, QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.concern import Concern, ConcernStep
from wellbeing_desktop.domain.concern_rules import USUAL_WAIT_MINUTES, Link, escalation
from wellbeing_desktop.domain.dates import recent_words
from wellbeing_desktop.domain.enquiry import Enquiry
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.risk_script import ASK_NOW, NOT_SET, QUESTIONS, USUAL_SCRIPT, ScriptLine
from wellbeing_desktop.operations import concerns, found
from wellbeing_desktop.operations.person_record import PersonRecord, read_person
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.drafts import load_draft, save_draft
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.commands import Command, for_page
from wellbeing_desktop.ui.mnemonics import with_letters
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.concern import words
from wellbeing_desktop.ui.pages.concern.escalation_card import EscalationCard
from wellbeing_desktop.ui.pages.forms.form_page import choices_of
from wellbeing_desktop.ui.pages.inbox.fields import new_person
from wellbeing_desktop.ui.pages.inbox.who_card import WhoCard
from wellbeing_desktop.ui.pages.person import who
from wellbeing_desktop.ui.reading_order import tab_in_reading_order
from wellbeing_desktop.ui.saving import bring_back, discard, discarding, keep_draft, tell_saved
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.tokens import SPACE_S
from wellbeing_desktop.ui.widgets import buttons, cards, fields, labels, messages, read_back
from wellbeing_desktop.ui.widgets.banner import PersonBanner
from wellbeing_desktop.ui.widgets.columns import TwoColumns
from wellbeing_desktop.ui.widgets.form import Form

PREFIX: Final = "at_risk/"
KEPT_APART: Final = "Urgent call. What was said is kept apart from the inbox."
ANSWER: Final = "answer/"
_BEGAN, _PERSON, _STEPS, _ANSWER, _ASSESSMENT = "_began", "_person", "_steps", "_answer", "_assessment"
_OF_A_CALL: Final = ("caller_name", "medium", "finish_call")
_NEW: Final = ("family_name", "given_name", "born_on")


class Beside(msgspec.Struct, frozen=True):
    """What the page shows beside what is typed."""

    script: tuple[ScriptLine, ...]
    chain: tuple[Link, ...]
    wait_minutes: int
    record: PersonRecord | None
    is_saved: bool
    has_draft: bool


class AtRiskPage(Page):
    """The argument is empty for a new call, `for/` and a person's id, or the id of one that was begun. Until it is
    saved it is a draft, kept at every press: leaving the page or a crash loses nothing.

    `answer/<person>/<concern id>` is for a safety question answered above 0 in a form that is still being written, with
    `/<assessment id>` after it for answers that are saved: no call of its own is kept then."""

    title, nav_key, section_key, help_key = "Somebody is at risk now", "at_risk", "inbox", "at_risk"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._id, self._person_id, self._assessment_id = new_id(), "", ""
        self._is_answer = False
        self._began: dt.datetime = session.now()
        self._is_open = self._saving = False
        self.steps: list[ConcernStep] = []
        self._beside = Beside(USUAL_SCRIPT, (), USUAL_WAIT_MINUTES, None, is_saved=False, has_draft=False)
        self.banner = PersonBanner()
        self.banner.hide()
        self.outer.insertWidget(0, self.banner)
        self.body.addWidget(labels.heading(self.title, 1))
        self.state_line = labels.muted("")
        self.body.addWidget(self.state_line)
        self.answer_line = labels.strong(ASK_NOW)
        self.body.addWidget(self.answer_line)
        self.columns = TwoColumns(1, 1)
        self.body.addWidget(self.columns)
        self.form = Form()
        self._add_fields()
        self.columns.left.addWidget(cards.card("Ask, and write down", self.form))
        self.columns.left.addStretch()
        self._lay_out_right()
        self.body.addStretch()
        self._empty = {**self.form.values(), "medium": "02"}
        self.keeper = keep_draft(self.form, session, person=lambda: self._person_id, beside=self._more_to_keep)
        for step, name, _asks in QUESTIONS:
            self.form.rows[name].field.left.connect(partial(self._answered, step, name))
        self.who.new.left.connect(self._keep)

    def on_shown(self, argument: str = "") -> None:
        wanted = argument.removeprefix("draft/")
        about = argument.removeprefix("for/") if argument.startswith("for/") else ""
        answered = argument.removeprefix(ANSWER).split("/") if argument.startswith(ANSWER) else []
        if answered:
            about, wanted = answered[0], answered[1]
        if self._is_open and (not argument or wanted == self._id or (about == self._person_id and not answered)):
            self._ask()
            return
        made = bool(answered) or (bool(argument) and not about)
        self._begin(wanted if made else new_id(), about, is_answer=bool(answered))
        self._assessment_id = answered[2] if len(answered) > 2 else ""

    def refresh(self, changes: Changes) -> None:
        if self._is_open and not self._saving and (self._person_id in changes.subjects() or changes.touches("setting")):
            self._ask()

    def save_draft(self) -> None:
        self.keeper.save_now()

    def commands(self) -> Sequence[Command]:
        page = self.nav_key
        return (
            for_page("save", self.save, name="Save what was done for somebody at risk", page=page),
            *(
                Command(f"risk_{step}", f"{asks} Record that it was asked", page=page, run=partial(self.press, step))
                for step, _name, asks in QUESTIONS
            ),
            Command("risk_take_back", "Take back the last press", page=page, run=self.take_back),
        )

    def first_focus(self) -> QWidget | None:
        return self.form.rows["where_now"].field

    def press(self, step: str) -> None:
        """Something was done: now."""
        self._record(ConcernStep(kind=step, at=self.session.now()))

    def take_back(self) -> None:
        """The last press was a slip. After saving, a step stays as it is."""
        if self.steps:
            gone = self.steps.pop()
            self._keep()
            self._show_steps()
            messages.announce(self, f"Taken back: {words.step_line(gone, self.session.now())}")

    def save(self) -> None:
        """Kept as the call and the concern, with or without an outcome."""
        if self._saving or not self._is_open or not self.form.check() or not self.who.new.check():
            return
        values, now = self.form.values(), self.session.now()
        enquiry = Enquiry(
            subject=self._person_id,
            received_at=self._began,
            medium=values["medium"],
            caller_name=values["caller_name"].strip(),
            caller_number=values["call_back_number"].strip(),
            words=KEPT_APART,
            urgent=True,
            claimed_by=self.session.user_id,
        )
        concern = Concern(
            id=self._id,
            path="at_risk_now",
            raised_at=self._began,
            where_now=values["where_now"].strip(),
            call_back_number=values["call_back_number"].strip(),
            who_is_there=values["who_is_there"].strip(),
            words=values["words"].strip(),
            outcome=values["outcome"],
            outcome_words=values["outcome_words"].strip(),
        )
        steps, assessment_id, is_answer = tuple(self.steps), self._assessment_id, self._is_answer
        person_id, finish_call = self._person_id, bool(values["finish_call"])
        person = None if self._person_id else new_person(self.who.new.values())
        self._saving = True
        self.keeper.finish()

        def write(writer: Writer) -> Changes:
            if is_answer:
                about = msgspec.structs.replace(concern, subject=person_id)
                return concerns.raise_from_answer(writer, about, steps, assessment_id=assessment_id, at=now)
            return concerns.raise_from_call(
                writer, enquiry, concern, steps, person=person, finish_call=finish_call, at=now
            )

        background.operate(
            self,
            self.session.store,
            discarding(self.keeper.draft_key, write),
            partial(self._saved, bool(concern.outcome)),
            self._refused,
        )

    def discard(self) -> None:
        """It was a slip: nothing is kept."""
        self.keeper.finish()
        discard(self, self.session, self.keeper.draft_key)
        self._is_open = False
        self.go.emit("today", "")

    def _add_fields(self) -> None:
        asked = [*(asks for _step, _name, asks in QUESTIONS), "What happened, in their words", "Who makes contact"]
        asked += ["How", "Outcome", "What came of it"]
        letter = iter(with_letters(asked, "sdwrlobpg"))
        for _step, name, _asks in QUESTIONS:
            number = name == "call_back_number"
            # a number that was misheard is told at once, while somebody can be asked again, and holds nothing up
            self.form.add(name, next(letter), read_back.phone(holds_up=False) if number else fields.line())
        self.form.add("words", next(letter), fields.note(lines=3))
        self.form.begin_row()
        self.form.add("caller_name", next(letter), fields.line())
        self.form.add("medium", next(letter), fields.choice(choices_of("contact_mediums")))
        self.form.end_row()
        no_outcome = "No outcome yet: it stays on Today"
        self.form.add("outcome", next(letter), fields.choice(choices_of("concern_outcomes"), empty=no_outcome))
        self.form.add("outcome_words", next(letter), fields.note(lines=2))
        self.form.add("finish_call", "", fields.tick("The call is &finished too: it leaves the Inbox"))
        self.save_button = buttons.primary("&Save what happened", self.save)
        self.back_button = buttons.secondary("Back to the &visit", self._back_to_the_visit)
        self.form.add_actions(
            buttons.secondary("&Discard: pressed by mistake", self.discard), self.back_button, self.save_button
        )

    def _lay_out_right(self) -> None:
        right = self.columns.right
        self.script_place = QVBoxLayout()
        self.script_place.setSpacing(SPACE_S)
        holder = QWidget()
        holder.setProperty("visit", "true")  # large buttons
        holder.setLayout(self.script_place)
        self.script_place.setContentsMargins(0, 0, 0, 0)
        self.script_buttons: list[buttons.IconButton] = []
        right.addWidget(cards.card("Ring", labels.body("Press the line when you ring: the time is kept."), holder))
        self.chain_card = EscalationCard()
        self.chain_card.tried.connect(self._tried)
        right.addWidget(self.chain_card)
        self.steps_line = labels.body("Nothing yet.")
        self.take_back_button = buttons.link("Take &back the last press", self.take_back)
        more = QWidget()
        column = QVBoxLayout(more)
        column.setContentsMargins(0, 0, 0, 0)
        for step, said in (("stayed_on_line", "Stayed on the &line"), ("told_council", "T&old the council")):
            column.addWidget(buttons.secondary(said, partial(self.press, step), icon="clock"))
        right.addWidget(cards.card("Done, and when", self.steps_line, self.take_back_button, more))
        self.who = WhoCard(self.session)
        self.who.found.connect(self._person_found)
        right.addWidget(self.who)
        right.addStretch()

    def _begin(self, id: str, person_id: str, *, is_answer: bool = False) -> None:
        self.keeper.save_now()
        self._id, self._person_id, self.steps = id, person_id, []
        self._is_answer, self._assessment_id = is_answer, ""
        self._began, self._saving, self._is_open = self.session.now(), False, True
        self.banner.hide()
        self.form.show_errors({})
        self.form.set_values(self._empty)
        self.who.new.set_values(dict.fromkeys(_NEW, ""))
        self.who.same.forget()
        self.form.set_draft_line("")
        self.keeper.draft_key = f"{PREFIX}{id}"
        self.keeper.begin_again()
        self._show_steps()
        self._ask(and_fill=True)

    def _ask(self, *, and_fill: bool = False) -> None:
        id, person_id, today = self._id, self._person_id, self.session.today()

        def read(reader: Reader) -> Beside:
            person = found.survivor(reader, person_id) if person_id else None
            return Beside(
                concerns.script(reader),
                concerns.chain(reader),
                concerns.wait_minutes(reader),
                read_person(reader, person.id, today) if person is not None else None,
                concerns.was_raised(reader, id),
                load_draft(reader, f"{PREFIX}{id}") is not None,
            )

        background.query(self, self.session.store, read, partial(self._show, id, and_fill))

    def _show(self, id: str, and_fill: bool, beside: Beside) -> None:
        if id != self._id:
            return
        if beside.is_saved and not beside.has_draft:
            self._is_open = False
            self.go.emit("concern", id)
            return
        self._beside = beside
        if and_fill and beside.has_draft:
            bring_back(self.form, self.keeper, self.session, self._kept)
        elif and_fill and self._is_answer:
            # that the prompt was seen, by whom and when, is part of what is kept (reference/04)
            for step in ("item_9", "safety_prompt"):
                self._record(ConcernStep(kind=step, at=self.session.now()))
        self._show_parts()
        self._show_script()
        self._show_steps()
        self.banner.setVisible(beside.record is not None)
        self.who.setVisible(beside.record is None)
        if beside.record is not None:
            who.show_in(self.banner, beside.record, self.session.today())
        tab_in_reading_order(self)

    def _show_parts(self) -> None:
        """What belongs to a call is not asked about an answer."""
        self.answer_line.setVisible(self._is_answer)
        self.back_button.setVisible(self._is_answer and not self._assessment_id)
        for name in _OF_A_CALL:
            self.form.rows[name].holder.setVisible(not self._is_answer)

    def _back_to_the_visit(self) -> None:
        self.save_draft()
        self.go.emit("visit", self._person_id)

    def _show_script(self) -> None:
        for old in self.script_buttons:
            self.script_place.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.script_buttons = []
        for line in self._beside.script:
            said = f"{line.telephone}: {line.words}" if line.telephone else f"{line.words}: {NOT_SET}"
            said = said.replace("&", "&&")
            button = buttons.secondary(said, partial(self.press, line.step), icon="clock")
            button.setAccessibleDescription("Press when you ring: the time is kept")
            self.script_place.addWidget(button)
            self.script_buttons.append(button)

    def _show_steps(self) -> None:
        now = self.session.now()
        self.steps_line.setText(words.steps_in_words(self.steps, now))
        self.take_back_button.setVisible(bool(self.steps))
        self.state_line.setText(
            f"Begun at {recent_words(self._began, now)}. Every press is timed and kept on this laptop."
        )
        standing = escalation(Concern(raised_at=self._began), self.steps, self._beside.chain, self._beside.wait_minutes)
        self.chain_card.show_standing(standing, now)

    def _answered(self, step: str, name: str) -> None:
        """A question whose answer is written down was asked: the first time it is left with words in it."""
        if self._is_open and self.form.rows[name].field.value().strip() and not any(s.kind == step for s in self.steps):
            self.press(step)

    def _tried(self, link: Link, answered: bool) -> None:
        self._record(
            ConcernStep(
                kind=words.kind_of_call(link),
                at=self.session.now(),
                tried=link.name,
                tried_role=link.role,
                answered=answered,
            )
        )

    def _record(self, step: ConcernStep) -> None:
        self.steps.append(step)
        self._keep()
        self._show_steps()
        messages.announce(self, words.step_line(step, self.session.now()))

    def _keep(self) -> None:
        """The draft as it stands now, not only when a word was typed."""
        if not self._is_open or self._saving:
            return
        key, person_id, now = self.keeper.draft_key, self._person_id, self.session.now()
        body = {**self.form.values(), **self._more_to_keep()}

        def write(writer: Writer) -> None:
            save_draft(writer, key, person_id, body, at=now)

        background.operate(self, self.session.store, write, lambda _nothing: self.keeper.confirm())

    def _more_to_keep(self) -> Mapping[str, str]:
        return {
            _BEGAN: self._began.isoformat(),
            _PERSON: self._person_id,
            _ANSWER: "yes" if self._is_answer else "",
            _ASSESSMENT: self._assessment_id,
            _STEPS: msgspec.json.encode(self.steps).decode(),
            **{name: self.who.new.values()[name] for name in _NEW},
        }

    def _kept(self, draft: Mapping[str, str]) -> None:
        self._began = dt.datetime.fromisoformat(draft.get(_BEGAN) or self._began.isoformat())
        self.steps = msgspec.json.decode(draft.get(_STEPS) or "[]", type=list[ConcernStep])
        self.who.new.set_values({name: draft.get(name, "") for name in _NEW})
        self._is_answer = bool(draft.get(_ANSWER))
        self._assessment_id = draft.get(_ASSESSMENT, "")
        self._show_parts()
        self._show_steps()
        if draft.get(_PERSON) and not self._person_id:
            self._person_id = draft[_PERSON]
            self._ask()

    def _person_found(self, person_id: str) -> None:
        self._person_id = person_id
        self._keep()
        self._ask()
        messages.announce(self.who, "Person chosen")

    def _saved(self, is_closed: bool, changes: Changes) -> None:
        said = "Saved with its outcome." if is_closed else "Saved. It stays on Today until there is an outcome."
        tell_saved(self, self.session, said, changes)
        self._is_open = self._saving = False
        self.go.emit("concern", self._id)

    def _refused(self, problem: BaseException) -> None:
        self._saving = False
        self.keeper.begin_again()
        self.form.show_refusal(problem)
