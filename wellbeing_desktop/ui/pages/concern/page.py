"""One concern: what is known on its path, who was tried and who is next, who has it, and what came of it."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

import msgspec
from PySide6.QtWidgets import QVBoxLayout, QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.concern import Concern, ConcernChild, ConcernStep
from wellbeing_desktop.domain.concern_rules import Escalation, Link
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.operations import concerns, found, watching
from wellbeing_desktop.operations.household import children_of, name_child, remove_child
from wellbeing_desktop.operations.person_record import PersonRecord, read_person
from wellbeing_desktop.storage.concerns import may_read_concerns
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.records import load, load_all
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.commands import Command, for_page
from wellbeing_desktop.ui.drafting import DraftKeeper
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.concern import words
from wellbeing_desktop.ui.pages.concern.children_card import ChildrenCard
from wellbeing_desktop.ui.pages.concern.concern_form import concern_form
from wellbeing_desktop.ui.pages.concern.escalation_card import EscalationCard
from wellbeing_desktop.ui.pages.concern.standing_card import StandingCard
from wellbeing_desktop.ui.pages.forms.form_page import choices_of
from wellbeing_desktop.ui.pages.person import who
from wellbeing_desktop.ui.reading_order import tab_in_reading_order
from wellbeing_desktop.ui.record_form import RecordForm
from wellbeing_desktop.ui.saving import RECORD_ID, bring_back, discard, discarding, keep_draft, tell_saved
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import buttons, cards, labels
from wellbeing_desktop.ui.widgets.banner import PersonBanner
from wellbeing_desktop.ui.widgets.cards import Card
from wellbeing_desktop.ui.widgets.columns import TwoColumns
from wellbeing_desktop.ui.widgets.flow import FlowLayout

PREFIX: Final = "concern/"
NEW: Final = "new/"


class Read(msgspec.Struct, frozen=True):
    """What the page asks for in one go. `concern` is None for a new one and for one that may not be read."""

    concern: Concern | None
    may_read: bool
    steps: tuple[ConcernStep, ...]
    standing: Escalation | None
    record: PersonRecord | None
    names: dict[str, str]
    prompts_off: frozenset[str]
    task: Task | None
    call_waits: bool
    children: tuple[ConcernChild, ...]
    watched: str


class ConcernPage(Page):
    """The argument is a concern's id, or `new/<person id>` and then `/<path>` for one that is being raised."""

    title, nav_key, section_key, help_key = "Concern", "concern", "inbox", "concern"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._argument = self._id = self._person_id = self._path = ""
        self._saving = False
        self.concern: Concern | None = None
        self.form: RecordForm | None = None
        self.keeper: DraftKeeper | None = None
        self.banner = PersonBanner()
        self.banner.hide()
        self.outer.insertWidget(0, self.banner)
        self.heading = labels.heading(self.title, 1)
        self.body.addWidget(self.heading)
        self.choose = self._path_card()
        self.body.addWidget(self.choose)
        self.only_raised = cards.card("Raised", labels.body())
        self.raised_line = labels.body()
        self.only_raised.body.addWidget(self.raised_line)
        self.body.addWidget(self.only_raised)
        self.columns = TwoColumns(3, 2)
        self._form_place = QVBoxLayout()
        self._form_card: Card | None = None
        self.columns.left.addLayout(self._form_place)
        self.columns.left.addStretch()
        self.standing = StandingCard(self._take, self._close, self._reopen)
        self.chain_card = EscalationCard()
        self.chain_card.tried.connect(self._tried)
        self.steps_line = labels.body()
        self.household = ChildrenCard(session.today)
        self.household.named.connect(self._name_child)
        self.household.removed.connect(self._remove_child)
        self.address_line = labels.muted()
        for card in (self.standing, self.household, self.chain_card, cards.card("Done, and when", self.steps_line)):
            self.columns.right.addWidget(card)
        self.columns.right.addStretch()
        self.body.addWidget(self.address_line)
        self.body.addWidget(self.columns)
        self.body.addStretch()
        self._show_parts(self.choose)

    def on_shown(self, argument: str = "") -> None:
        if argument == self._argument and self.form is not None:
            self._ask()
            return
        self.save_draft()
        self._argument, self._saving = argument, False
        self.concern = None
        self._drop_form()
        parts = argument.split("/")
        is_new = argument.startswith(NEW)
        self._person_id = parts[1] if is_new else ""
        self._path = parts[2] if is_new and len(parts) > 2 else ""
        self._id = new_id() if is_new else argument
        self._ask()

    def refresh(self, changes: Changes) -> None:
        if (
            self._argument
            and not self._saving
            and changes.touches("concern", "concern_step", "concern_child", "setting")
        ):
            self._ask()  # the form itself is never refilled

    def save_draft(self) -> None:
        if self.keeper is not None:
            self.keeper.save_now()

    def commands(self) -> Sequence[Command]:
        page = self.nav_key
        return (
            for_page("save", self.save, name="Save this concern", page=page),
            Command("concern_take", "Take this concern: I have it", page=page, run=self._take),
            Command("concern_close", "Close this concern with its outcome", page=page, run=self._close),
            Command(
                "concern_list",
                "Show concerns that are not closed",
                page=page,
                run=partial(self.go.emit, "concerns", ""),
            ),
        )

    def first_focus(self) -> QWidget | None:
        return next(iter(self.form.rows.values())).field if self.form is not None and self.form.rows else None

    def save(self) -> None:
        """Raise it, or write more about it. Nothing but its path is needed to raise it."""
        form, keeper, concern = self.form, self.keeper, self.concern
        if form is None or keeper is None or self._saving or not form.check():
            return
        now = self.session.now()
        if concern is None:
            fresh = Concern(id=self._id, subject=self._person_id, path=self._path, **form.all_values())
            self._write(lambda writer: concerns.raise_concern(writer, fresh, at=now), "Raised. See it through.")
            return
        changed, seen = form.changed(), form.seen()
        if not changed:
            self._write(lambda _writer: Changes(), "Nothing was changed.")
            return
        self._write(lambda writer: concerns.change_concern(writer, concern.id, changed, seen, at=now), "Concern saved.")

    def discard(self) -> None:
        if self.keeper is not None:
            self.keeper.finish()
            discard(self, self.session, self.keeper.draft_key)
        person_id = self.concern.subject if self.concern is not None else self._person_id
        self._argument = ""
        self.concern = None
        self._drop_form()
        self.go.emit("person", person_id)

    def _path_card(self) -> Card:
        row = QWidget()
        flow = FlowLayout(row)
        for code, said in (("adult", "About an &adult"), ("child", "About a c&hild")):
            flow.addWidget(buttons.secondary(said, partial(self._choose, code), icon="user"))
        flow.addWidget(buttons.secondary("Somebody is at risk &now", self._at_risk, icon="shield-alert"))
        return cards.card("Whom is it about?", labels.body("From age 18 it is an adult."), row)

    def _choose(self, path: str) -> None:
        self.go.emit(self.nav_key, f"{NEW}{self._person_id}/{path}")

    def _at_risk(self) -> None:
        self.go.emit("at_risk", f"for/{self._person_id}")

    def _ask(self) -> None:
        argument, id, person_id, today = self._argument, self._id, self._person_id, self.session.today()
        is_new = argument.startswith(NEW)

        def read(reader: Reader) -> Read:
            concern = None if is_new else load(reader, Concern, id)
            about = person_id or (concern.subject if concern is not None else "")
            person = found.survivor(reader, about) if about else None
            may_read = is_new or (concern is not None and may_read_concerns(reader, concern.subject, today))
            known = person is not None and not person.unidentified
            tasks = load_all(reader, Task, about_id=id) if not is_new else []
            return Read(
                concern=concern if may_read else None,
                may_read=may_read,
                steps=tuple(load_all(reader, ConcernStep, concern_id=id)) if may_read and not is_new else (),
                standing=concerns.escalation_of(reader, id) if may_read and concern is not None else None,
                record=read_person(reader, person.id, today) if known and person is not None else None,
                names=dict(reader.rows("SELECT id, name FROM live_practitioner")),
                prompts_off=concerns.prompts_off(reader),
                task=tasks[-1] if tasks else None,
                watched=watching.words_of(reader, id) if may_read and not is_new else "",
                children=children_of(reader, id) if may_read and not is_new else (),
                call_waits=may_read and not is_new and concerns.call_of(reader, id) is not None,
            )

        background.query(self, self.session.store, read, partial(self._show, argument))

    def _show(self, argument: str, answer: Read) -> None:
        if argument != self._argument:
            return
        self.concern = answer.concern
        self.banner.setVisible(answer.record is not None)
        if answer.record is not None:
            who.show_in(self.banner, answer.record, self.session.today())
        if not answer.may_read:
            self._show_only_raised(answer)
            return
        path = answer.concern.path if answer.concern is not None else self._path
        self.heading.setText(label_of("concern_paths", path) if path else "Raise a concern")
        if not path:
            self._show_parts(self.choose)
            tab_in_reading_order(self)
            return
        if self.form is None:
            self._make_form(path, answer)
        self._show_parts(self.columns)
        self._show_address(answer.record)
        self._show_side(answer)
        tab_in_reading_order(self)

    def _show_only_raised(self, answer: Read) -> None:
        task = answer.task
        has_it = answer.names.get(task.owner_id, "a colleague") if task is not None else "the named lead"
        done = task is not None and task.state == "done"
        self.raised_line.setText(
            "You may not read this concern. It was raised"
            + (f" and is with {has_it}." if not done else " and has been seen through.")
        )
        self._show_parts(self.only_raised)
        tab_in_reading_order(self)

    def _show_parts(self, shown: QWidget) -> None:
        for part in (self.choose, self.only_raised, self.columns):
            part.setVisible(part is shown)
        self.address_line.setVisible(shown is self.columns)

    def _show_address(self, record: PersonRecord | None) -> None:
        """The council is that of the address; which one answers there is not known to the program, and it says so."""
        where = who.address_line(record.address(self.session.today())) if record is not None else ""
        said = f"Lives at {where}." if where else "No address is known."
        self.address_line.setText(f"{said} Which council that is in is not looked up here: write it down.")

    def _name_child(self, name: str, born_on: dt.date | None) -> None:
        child = ConcernChild(concern_id=self._id, name=name, born_on=born_on)
        background.operate(
            self,
            self.session.store,
            lambda writer: name_child(writer, child, at=self.session.now()),
            self._child_kept,
            self.household.form.show_refusal,
        )

    def _child_kept(self, changes: Changes) -> None:
        tell_saved(self, self.session, "The child is named.", changes)
        self.household.kept()

    def _remove_child(self, child_id: str) -> None:
        self._standing_work(lambda writer, _id: remove_child(writer, child_id, at=self.session.now()), "Taken away.")

    def _show_side(self, answer: Read) -> None:
        concern, now = answer.concern, self.session.now()
        self.columns.right_side.setVisible(concern is not None)
        if concern is None or answer.standing is None:
            return
        self.standing.show_concern(
            concern, answer.names, now, choices_of("concern_outcomes"), call_waits=answer.call_waits
        )
        self.standing.show_watched(answer.watched)
        self.household.setVisible(concern.path == "child")
        self.household.show_children(answer.children)
        self.chain_card.show_standing(answer.standing, now)
        self.chain_card.setVisible(concern.state != "closed")
        ordered = sorted(answer.steps, key=lambda step: (step.at or now, step.id))
        self.steps_line.setText(words.steps_in_words(ordered, now))

    def _make_form(self, path: str, answer: Read) -> None:
        form = concern_form(path, self.session.today, answer.concern, answer.prompts_off)
        concern = answer.concern
        save_words = "&Save concern" if concern is not None else "&Save: raise this concern"
        form.add_actions(buttons.secondary("&Discard the draft", self.discard), buttons.primary(save_words, self.save))
        self.form = form
        self._form_card = cards.card("What is known", form)
        self._form_place.addWidget(self._form_card)
        id = self._id
        self.keeper = keep_draft(
            form,
            self.session,
            f"{PREFIX}{self._argument}",
            person=lambda: concern.subject if concern is not None else self._person_id,
            beside=lambda: {} if concern is not None else {RECORD_ID: id},
        )
        bring_back(form, self.keeper, self.session, self._kept)
        self._form_card.show()
        first = self.first_focus()
        if first is not None and self.isVisible():
            first.setFocus()

    def _kept(self, draft: Mapping[str, str]) -> None:
        self._id = draft.get(RECORD_ID, "") or self._id

    def _drop_form(self) -> None:
        card = self._form_card
        if card is not None:
            self._form_place.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.form = self.keeper = self._form_card = None

    def _take(self) -> None:
        self._standing_work(lambda writer, id: concerns.take_concern(writer, id, at=self.session.now()), "You have it.")

    def _close(self) -> None:
        (outcome, said), finish_call = self.standing.outcome(), self.standing.finishes_call()
        self._standing_work(
            lambda writer, id: concerns.close_concern(
                writer, id, outcome, said, finish_call=finish_call, at=self.session.now()
            ),
            "Concern closed.",
        )

    def _reopen(self) -> None:
        self._standing_work(
            lambda writer, id: concerns.reopen_concern(writer, id, at=self.session.now()), "Concern opened again."
        )

    def _tried(self, link: Link, answered: bool) -> None:
        id = self._id
        step = ConcernStep(
            concern_id=id,
            kind=words.kind_of_call(link),
            at=self.session.now(),
            tried=link.name,
            tried_role=link.role,
            answered=answered,
        )
        self._standing_work(lambda writer, _id: concerns.add_step(writer, step, at=self.session.now()), "Attempt kept.")

    def _standing_work(self, work: Callable[[Writer, str], Changes], said: str) -> None:
        concern = self.concern
        if concern is None:
            return
        self.save_draft()
        background.operate(
            self,
            self.session.store,
            lambda writer: work(writer, concern.id),
            lambda changes: tell_saved(self, self.session, said, changes),
            self._not_closed,
        )

    def _not_closed(self, problem: BaseException) -> None:
        """What is missing is said beside its field, on whichever side of the page that is."""
        if isinstance(problem, Refused) and self.form is not None and problem.field in self.form.rows:
            self.form.show_errors({problem.field: problem.message})
        else:
            self.standing.form.show_refusal(problem)

    def _write(self, work: Callable[[Writer], Changes], said: str) -> None:
        keeper = self.keeper
        if keeper is None:
            return
        self._saving = True
        keeper.finish()
        background.operate(
            self, self.session.store, discarding(keeper.draft_key, work), partial(self._saved, said), self._refused
        )

    def _saved(self, said: str, changes: Changes) -> None:
        self._saving = False
        tell_saved(self, self.session, said, changes)
        self._drop_form()
        id, self._argument = self._id, ""
        self.go.emit(self.nav_key, id)

    def _refused(self, problem: BaseException) -> None:
        self._saving = False
        if self.keeper is not None and self.form is not None:
            self.keeper.begin_again()
            self.form.show_refusal(problem)
