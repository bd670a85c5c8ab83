"""The same letter about everybody whom a filter of the caseload finds: to them, their practice or their next of kin.

N people, and of each what happens: a letter, what stops it, or that they have it already; by name, before anything is made.
"""

import datetime as dt
from collections.abc import Mapping, Sequence

import msgspec
from PySide6.QtCore import Signal

from wellbeing_desktop.documents.templates import shipped_templates
from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.document import Letter
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.operations.letter_document import as_set
from wellbeing_desktop.operations.letter_recipients import (
    GP,
    KINDS,
    PERSON,
    RECIPIENTS,
    Recipient,
    letters_before,
    make_batch,
    practice_without_address,
    recipients_of,
)
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.records import load
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.models.paged_table import Column, TableRow
from wellbeing_desktop.ui.models.short_list import ShortList
from wellbeing_desktop.ui.pages.caseload_parts import sentences
from wellbeing_desktop.ui.pages.letters_parts import making
from wellbeing_desktop.ui.pages.letters_parts.preview import PreviewPanel
from wellbeing_desktop.ui.pages.today_parts.day import things
from wellbeing_desktop.ui.reading_order import tab_in_reading_order
from wellbeing_desktop.ui.saving import tell_saved
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.tokens import SPACE_S
from wellbeing_desktop.ui.widgets import buttons, fields, labels
from wellbeing_desktop.ui.widgets.cards import Card
from wellbeing_desktop.ui.widgets.form import Form
from wellbeing_desktop.ui.widgets.progress import Progress
from wellbeing_desktop.ui.widgets.short_table import RowAction, ShortTable

AT_ONCE = 25
MESSAGE = "message_words"
"""The merge field that is the writer's own words, the same in every letter of a batch."""


class Planned(msgspec.Struct, frozen=True):
    """One recipient of the batch: the letter, or why there is none. `before` says that they have it already."""

    person_id: str
    name: str
    to_name: str
    letter: Letter | None
    reason: str = ""
    before: str = ""
    to_know: str = ""
    format: str = ""
    practice_id: str = ""
    """The GP practice that has no address, where that is the reason."""

    @property
    def id(self) -> str:
        """Of its row: somebody may have several next of kin."""
        return f"{self.person_id}/{self.to_name}"


def plan(
    reader: Reader,
    person_ids: Sequence[str],
    template_id: str,
    today: dt.date,
    to_kind: str = PERSON,
    given: Mapping[str, str] | None = None,
) -> list[Planned]:
    """Decide these people. Nothing is written."""
    planned = []
    for person_id in person_ids:
        person, row = load(reader, Person, person_id), making.person_row(reader, person_id)
        if person is None or row is None:
            planned.append(Planned(person_id, "Not on this laptop", "", None, "The record is not on this laptop."))
            continue
        written = making.write(reader, person_id, template_id, to_kind, today, given or {})
        needs = ", ".join(map(making.field_words, written.missing))
        for one in recipients_of(reader, person, to_kind, template_id, today):
            if one.stop is not None or needs:
                reason = one.stop.sentence if one.stop is not None else f"Missing: {needs}"
                lacks_address = to_kind == GP and one.stop is not None and one.stop.kind == "no_address"
                practice_id = practice_without_address(reader, person) if lacks_address else ""
                planned.append(Planned(person_id, row.name, one.name, None, reason, practice_id=practice_id))
            else:
                planned.append(_able(reader, person_id, row.name, one, written, template_id, to_kind, today))
    return planned


def _able(
    reader: Reader,
    person_id: str,
    name: str,
    one: Recipient,
    written: making.Written,
    template_id: str,
    to_kind: str,
    today: dt.date,
) -> Planned:
    letter = Letter(
        id=new_id(),
        subject=person_id,
        template=template_id,
        template_version=str(shipped_templates()[template_id].version),
        to_kind=to_kind,
        to_name=one.name,
        to_address="" if to_kind == PERSON else one.address,
        subject_line=written.subject,
        body=written.body,
        written_on=today,
    )
    before = letters_before(reader, person_id, template_id, to_kind, one.name)
    style = as_set(reader, letter).style.name
    return Planned(person_id, name, one.name, letter, "", before, one.to_know, style)


class ToMany(Card):
    """Choose whom, to whom and which template, look at the list, then make the letters. `made` tells that they are in
    the queue. Space on a row leaves it out or takes it in again, Enter shows its pages."""

    made = Signal()
    practice_asked = Signal(str)
    """Somebody wants to write the address of this GP practice, or of several where there is no id."""

    def __init__(self, session: Session) -> None:
        super().__init__("The same letter about many people")
        self.session = session
        self.planned: list[Planned] = []
        self.left_out: set[str] = set()
        self._stay_out: set[str] = set()
        self._question = 0
        self._message_seen = ""
        self.form = Form()
        self.whose = fields.choice(sentences.WHOSE)
        self.which = fields.choice(sentences.WHICH)
        self.stage = fields.choice(sentences.stage_choices())
        self.to_kind = fields.choice(RECIPIENTS)
        self.template = fields.choice((), empty="Choose a template")
        self.message = fields.note(lines=4)
        for row in (
            (
                ("whose", "About &whom", self.whose),
                ("which", "Na&rrowed to", self.which),
                ("stage", "Sta&ge", self.stage),
            ),
            (("batch_to", "&To", self.to_kind), ("batch_template", "Te&mplate", self.template)),
        ):
            self.form.begin_row()
            for name, words, field in row:
                self.form.add(name, words, field)
                field.edited.connect(self.look)
            self.form.end_row()
        self.form.add(
            "batch_message",
            "W&ords in every letter",
            self.message,
            help_text="Everybody gets the same words: say nothing here about one person.",
        )
        self.message.left.connect(self._look_at_message)
        self.to_kind.edited.connect(self._offer_templates)
        self.template.edited.connect(self._show_message)
        self.body.addWidget(self.form)
        self.progress = Progress("Looking at people", self.cancel, cancel="Stop looking")
        self.progress.hide()
        self.body.addWidget(self.progress)
        self.words = labels.body("Choose a template. Everybody is listed here before anything is made.")
        self.body.addWidget(self.words)
        self.model = ShortList([Column("Person"), Column("What happens", width=64)], self)
        self.table = ShortTable("Who gets this letter", self.model, most_rows=8, has_two_lines=True)
        self.table.hide()
        self.table.ticked.connect(self.turn)
        self.table.opened.connect(self.show_pages)
        self.table.actions_of_row = self._actions
        self.body.addWidget(self.table)
        self.hint = labels.muted("Space leaves somebody out or takes them in again. Enter shows their letter.")
        self.hint.hide()
        self.body.addWidget(self.hint)
        self.practice_link = buttons.link("", self._open_practices)
        self.practice_link.hide()
        self.body.addWidget(self.practice_link)
        self.make_button = buttons.primary("Ma&ke letters", self.make, icon="mail")
        self.make_button.setEnabled(False)
        self.body.addWidget(self.make_button)
        self.preview = PreviewPanel()
        self.preview.hide()
        self.body.addSpacing(SPACE_S)
        self.body.addWidget(self.preview)
        self._offer_templates()

    def show_people(self, whose: str, which: str = "", stage: str = "") -> None:
        """Everybody whom these choices of the caseload find."""
        self.whose.set_value(whose)
        self.which.set_value(which)
        self.stage.set_value(stage)
        self.look()

    def look(self) -> None:
        """Who would get it, and who would not and why."""
        template_id = self.template.value()
        self._question += 1
        self._message_seen = self.message.value()
        self.preview.hide()
        if not template_id:
            self._show([])
            return
        session = self.session
        narrowed = sentences.filter_of(
            self.whose.value(), self.which.value(), session.user_id, session.today(), self.stage.value()
        )
        question, today = self._question, session.today()
        self.make_button.setEnabled(False)
        background.query(
            self,
            session.store,
            lambda reader: making.people_of(reader, narrowed, today),
            lambda ids: self._plan_on(question, ids, template_id, []),
        )

    def _look_at_message(self) -> None:
        """Other words make other letters; passing by on Tab does not."""
        if self.message.value() != self._message_seen:
            self.look()

    def cancel(self) -> None:
        """Stop looking at people one by one."""
        self._question += 1
        self.progress.hide()

    def turn(self, row_id: str) -> None:
        """Leaves somebody out, or takes them in again."""
        if any(each.id == row_id and each.letter is not None for each in self.planned):
            self.left_out ^= {row_id}
            self._show_rows()

    def show_pages(self, row_id: str) -> None:
        """The letter of this row as it would be printed."""
        letter = next((each.letter for each in self.planned if each.id == row_id), None)
        self.preview.show()
        if letter is None:
            self.preview.show_nothing("No letter is made for this row.")
            return
        today = self.session.today()
        background.query(self, self.session.store, lambda reader: making.show(reader, letter, today), self._show_pages)

    def practices_changed(self) -> None:
        """An address may have been written: who is listed is looked at again, and who was left out stays so."""
        if any(each.practice_id for each in self.planned):
            self._stay_out = set(self.left_out)
            self.look()

    def make(self) -> None:
        """All of them, or none if one of them is stopped by something new."""
        letters, at = self._letters(), self.session.now()
        self.make_button.setEnabled(False)
        background.operate(
            self, self.session.store, lambda writer: make_batch(writer, letters, at=at), self._made, self._not_made
        )

    def _letters(self) -> list[Letter]:
        return [each.letter for each in self.planned if each.letter is not None and each.id not in self.left_out]

    def _actions(self, row_id: str) -> tuple[RowAction, ...]:
        usual: tuple[RowAction, ...] = (
            ("Leave out, or take in again", self.turn),
            ("Show the pages", self.show_pages),
        )
        practice_id = next((each.practice_id for each in self.planned if each.id == row_id), "")
        write: RowAction = ("Write the practice's address", lambda _id: self.practice_asked.emit(practice_id))
        return (*usual, write) if practice_id else usual

    def _open_practices(self) -> None:
        lacking = {each.practice_id for each in self.planned if each.practice_id}
        self.practice_asked.emit(lacking.pop() if len(lacking) == 1 else "")

    def _offer_templates(self) -> None:
        kinds = KINDS[self.to_kind.value()]
        kept = self.template.value()
        offered = [(each.id, each.title) for each in shipped_templates().values() if each.kind in kinds]
        self.template.set_value("")
        self.template.set_choices(offered)
        self.template.set_value(kept if kept in dict(offered) else "")
        self._show_message()
        self.look()

    def _show_message(self) -> None:
        template = shipped_templates().get(self.template.value())
        self.form.rows["batch_message"].holder.setVisible(template is not None and MESSAGE in template.needs)
        tab_in_reading_order(self)

    def _plan_on(self, question: int, ids: Sequence[str], template_id: str, done: list[Planned], at: int = 0) -> None:
        """A handful of people at a time, so that Save never waits behind a long list and Cancel answers at once."""
        if question != self._question:
            return
        if at >= len(ids):
            self.progress.hide()
            self._show(done)
            return
        self.progress.setVisible(len(ids) > AT_ONCE)
        self.progress.show_count(at, len(ids))
        part, today, to_kind = ids[at : at + AT_ONCE], self.session.today(), self.to_kind.value()
        given = {MESSAGE: self._message_seen}
        background.query(
            self,
            self.session.store,
            lambda reader: plan(reader, part, template_id, today, to_kind, given),
            lambda planned: self._plan_on(question, ids, template_id, [*done, *planned], at + AT_ONCE),
        )

    def _show(self, planned: list[Planned]) -> None:
        self.planned = sorted(planned, key=lambda one: not (one.reason or one.before))
        # nothing goes twice without somebody saying so
        self.left_out = {each.id for each in planned if each.before or each.id in self._stay_out}
        self._stay_out = set()
        self._show_rows()

    def _show_rows(self) -> None:
        able = len(self._letters())
        stopped = sum(1 for each in self.planned if each.letter is None)
        said = [things(able, "letter")]
        said += [f"{stopped} not made, named below"] if stopped else []
        said += [f"{len(self.left_out)} left out"] if self.left_out else []
        if self.planned:
            people = things(len({each.person_id for each in self.planned}), "person", "people")
            self.words.setText(f"{people}: {', '.join(said)}.")
        else:
            self.words.setText("Choose a template. Everybody is listed here before anything is made.")
        self.model.show_rows(
            [
                TableRow(each.id, (f"{each.name}\n{f'To {each.to_name}' if each.to_name else ''}", self._happens(each)))
                for each in self.planned
            ]
        )
        self.table.setVisible(bool(self.planned))
        self.hint.setVisible(bool(self.planned))
        lacking = {each.practice_id: each.to_name for each in self.planned if each.practice_id}
        named = f"the address of {next(iter(lacking.values()), '')}"
        self.practice_link.setText(f"Write {named if len(lacking) == 1 else f'{len(lacking)} missing addresses'}")
        self.practice_link.setVisible(bool(lacking))
        self.make_button.set_words(f"Ma&ke {things(able, 'letter')}")
        self.make_button.setEnabled(able > 0)

    def _happens(self, each: Planned) -> str:
        if each.letter is None:
            return f"Not made\n{each.reason}"
        also = " ".join(filter(None, (each.before, each.to_know)))
        if each.id in self.left_out:
            return f"Left out\n{also}"
        return f"Gets this letter, {each.format}\n{also}"

    def _show_pages(self, shown: making.Shown) -> None:
        if shown.document is None:
            words = shown.problem or (shown.stop.sentence if shown.stop else "")
            self.preview.show_problem(Refused(words))
            return
        self.preview.problem.hide()
        self.preview.show_document(shown.document, shown.style.name, shown.words)

    def _made(self, changes: Changes) -> None:
        tell_saved(self, self.session, f"{things(len(self._letters()), 'letter')} ready to print.", changes)
        self.look()  # whoever goes back sees that these have it now
        self.made.emit()

    def _not_made(self, problem: BaseException) -> None:
        self.preview.show()
        self.preview.show_problem(problem)
        self.make_button.setEnabled(True)
