"""One thing of the front door that is under way: what is known of it, and a form for what happened next."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final, Generic, TypeVar

import msgspec
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.definition import Record
from wellbeing_desktop.operations import found
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.records import load
from wellbeing_desktop.storage.search import PersonRow
from wellbeing_desktop.storage.similar import row_of
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.commands import Command, for_page
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.forms.form_page import show_in_banner
from wellbeing_desktop.ui.pages.person.parts import fact_line
from wellbeing_desktop.ui.reading_order import tab_in_reading_order
from wellbeing_desktop.ui.saving import bring_back, discard, discarding, keep_draft, tell_saved
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import buttons, cards, fields, labels, layouts
from wellbeing_desktop.ui.widgets.banner import PersonBanner
from wellbeing_desktop.ui.widgets.form import Form

R = TypeVar("R", bound=Record)
STEP: Final = "step"


class Known(msgspec.Struct, frozen=True):
    """What a page asks for beside its record. `more` is the page's own."""

    person: PersonRow | None
    names: dict[str, str]
    more: Any = None


class StepPage(Page, Generic[R]):
    """The argument is the record's id. Give `record` and `rows_of`, the fields of each step that somebody may take;
    the steps that fit now come from `steps`."""

    section_key, help_key = "inbox", "inbox"
    record: type[R]
    record_name: ClassVar[str] = ""
    rows_of: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    save_words = "&Save what happened"
    also_shown: ClassVar[tuple[str, ...]] = ("instruction",)
    """Other types whose records the page shows."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.shown: R | None = None
        self.known = Known(None, {})
        self._id = ""
        self._steps: list[tuple[str, str]] = []
        self._saving = False
        self.banner = PersonBanner()
        self.banner.hide()
        self.outer.insertWidget(0, self.banner)
        self.body.addWidget(labels.heading(self.title, 1))
        self.gone = labels.body("This is not on this laptop any more.")
        self.gone.hide()
        self.body.addWidget(self.gone)
        self.facts_card = cards.card("")
        self._facts = QVBoxLayout()
        self.facts_card.body.addLayout(self._facts)
        self.record_button = buttons.link("Open the &record", self._open_person, icon="user")
        self.facts_card.body.addWidget(self.record_button)
        self.body.addWidget(self.facts_card)
        self.add_cards()
        self.form = Form()
        self.form.add(STEP, "What &happened", fields.choice(()))
        self.build(self.form)
        self.save_button = buttons.primary(self.save_words, self.save)
        self.form.add_actions(buttons.secondary("Cance&l and discard the draft", self.cancel), self.save_button)
        self.form_card = cards.card("", self.form)
        self.body.addWidget(self.form_card)
        self.add_cards_below()
        self.body.addStretch()
        self._empty = self._started = self.form.values()
        self.keeper = keep_draft(self.form, session, person=self.person_id, beside=self.beside)
        self.form.rows[STEP].field.edited.connect(self._show_rows)

    def build(self, form: Form) -> None:
        """Add the fields of every step."""
        raise NotImplementedError

    def steps(self, record: R) -> Sequence[tuple[str, str]]:
        """What may happen next, the likeliest first; none when it is over or somebody else's."""
        raise NotImplementedError

    def facts(self, record: R) -> Sequence[tuple[str, str]]:
        """Label and words; what has no words is left out."""
        raise NotImplementedError

    def operation(self, writer: Writer, record: R, step: str, values: Mapping[str, str]) -> Changes:
        """Runs off the GUI thread; raises Refused beside a field."""
        raise NotImplementedError

    def more_known(self, reader: Reader, record: R) -> Any:
        """What the page knows beside the record."""

    def starting_values(self, record: R) -> Mapping[str, str]:
        return {}

    def beside(self) -> Mapping[str, str]:
        """What a draft must know beside what is typed."""
        return {}

    def kept(self, draft: Mapping[str, str]) -> None:
        """A draft comes back, with what was beside it."""

    def prepare(self, record: R) -> None:
        """The record was read: choices that come from the store."""

    def where_next(self, id: str) -> tuple[str, str]:
        """The page that follows Save and Cancel."""
        return "inbox", ""

    def add_cards(self) -> None:
        """Put cards between what is known and the form."""

    def add_cards_below(self) -> None:
        """Put cards below the form."""

    def person_of(self, record: R) -> str:
        return record.subject

    def person_id(self) -> str:
        return self.known.person.id if self.known.person is not None else ""

    def on_shown(self, argument: str = "") -> None:
        if argument and argument != self._id:
            self.keeper.save_now()
            self._id, self.shown, self._saving = argument, None, False
            self.banner.hide()
            self.form_card.hide()
            self.form.show_errors({})
            self.form.set_draft_line("")
            self.keeper.draft_key = f"{self.nav_key}/{argument}"
            self.keeper.begin_again()
        elif self.shown is not None and self.form.values() == self._started:
            self.shown = None  # nothing was begun: what is likeliest now is offered anew
        self._ask()

    def refresh(self, changes: Changes) -> None:
        if self._id and not self._saving and changes.touches(self.record_name, *self.also_shown, "practitioner"):
            self._ask()

    def save_draft(self) -> None:
        self.keeper.save_now()

    def commands(self) -> Sequence[Command]:
        return (for_page("save", self.save, name="Save what happened", page=self.nav_key),)

    def panes(self) -> Sequence[QWidget]:
        return (self.form_card, self.facts_card) if not self.form_card.isHidden() else (self.facts_card,)

    def first_focus(self) -> QWidget | None:
        if self.form_card.isHidden():
            return self.record_button if not self.record_button.isHidden() else None
        shown = (row.field for row in self.form.rows.values() if not row.holder.isHidden())
        return next(shown, self.save_button)

    def save(self) -> None:
        record, values = self.shown, self.form.values()
        if record is None or self._saving or self.form_card.isHidden() or not self.form.check():
            return
        self._saving = True
        self.save_button.setEnabled(False)
        self.keeper.finish()
        step = values[STEP]
        work = discarding(self.keeper.draft_key, lambda writer: self.operation(writer, record, step, values))
        background.operate(self, self.session.store, work, self._saved, self._refused)

    def cancel(self) -> None:
        """Forget what is typed; the record stays as it was."""
        self.keeper.finish()
        discard(self, self.session, self.keeper.draft_key)
        after, self._id, self.shown = self.where_next(self._id), "", None
        self.go.emit(*after)

    def _ask(self) -> None:
        id, struct = self._id, self.record

        def read(reader: Reader) -> tuple[str, R | None, Known]:
            record = load(reader, struct, id)
            if record is None:
                return id, None, Known(None, {})
            about = self.person_of(record)
            person = row_of(reader, found.survivor(reader, about).id) if about else None
            names = dict(reader.rows("SELECT id, name FROM live_practitioner ORDER BY name"))
            return id, record, Known(person, names, self.more_known(reader, record))

        background.query(self, self.session.store, read, self._show)

    def _show(self, answer: tuple[str, R | None, Known]) -> None:
        id, record, known = answer
        if id != self._id:
            return  # an answer about the one before
        is_first = self.shown is None
        self.shown, self.known = record, known
        self.gone.setVisible(record is None)
        self.facts_card.setVisible(record is not None)
        if record is None:
            self.form_card.hide()
            return
        self.banner.setVisible(known.person is not None)
        self.record_button.setVisible(known.person is not None)
        if known.person is not None:
            show_in_banner(self.banner, known.person, self.session.today())
        layouts.empty(self._facts)
        for label, said in self.facts(record):
            if said:
                self._facts.addWidget(fact_line(label, said))
        self.prepare(record)
        self._steps = list(self.steps(record))
        self._fit_step()
        if is_first:
            self.form.set_values({**self._empty, **self.starting_values(record)})
            self._fit_step()
            self._started = self.form.values()
            self.keeper.begin_again()
            bring_back(self.form, self.keeper, self.session, self._bring_back)
        self.form_card.setVisible(bool(self._steps))
        self.form.rows[STEP].holder.setVisible(len(self._steps) > 1)
        if is_first and self.isVisible() and (focus := self.first_focus()) is not None:
            focus.setFocus(Qt.FocusReason.OtherFocusReason)

    def _bring_back(self, draft: Mapping[str, str]) -> None:
        self.kept(draft)
        QTimer.singleShot(0, self, self._fit_step)

    def _fit_step(self) -> None:
        """The steps that fit now; one chosen before stays when it is still among them."""
        field = self.form.rows[STEP].field
        chosen = field.value()
        if isinstance(field, fields.ChoiceField):
            field.set_value("")
            field.set_choices(self._steps)
        if self._steps:
            field.set_value(chosen if chosen in dict(self._steps) else self._steps[0][0])
        self._show_rows()

    def _show_rows(self) -> None:
        """Only the fields that this step asks for."""
        step = self.form.rows[STEP].field.value()
        wanted = self.rows_of.get(step, ())
        for name, row in self.form.rows.items():
            if name != STEP:
                row.holder.setVisible(name in wanted)
        tab_in_reading_order(self)

    def _saved(self, changes: Changes) -> None:
        tell_saved(self, self.session, "Saved.", changes)
        after = self.where_next(self._id)
        self._saving, self._id, self.shown = False, "", None
        self.save_button.setEnabled(True)
        self.go.emit(*after)

    def _refused(self, problem: BaseException) -> None:
        self._saving = False
        self.save_button.setEnabled(True)
        self.keeper.begin_again()
        self.form.show_refusal(problem)

    def _open_person(self) -> None:
        if self.person_id():
            self.go.emit("person", self.person_id())
