"""The same letter to everybody whom a filter of the caseload finds: N people, N letters, those that stop listed by name."""

import datetime as dt
from collections.abc import Sequence

import msgspec
from PySide6.QtCore import Signal

from wellbeing_desktop.documents.templates import shipped_templates
from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.document import Letter
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.operations.letters import draft_letters, ready_letter
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.models.paged_table import Column, TableRow
from wellbeing_desktop.ui.models.short_list import ShortList
from wellbeing_desktop.ui.pages.caseload_parts import sentences
from wellbeing_desktop.ui.pages.letters_parts import making
from wellbeing_desktop.ui.pages.today_parts.day import things
from wellbeing_desktop.ui.saving import tell_saved
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import buttons, fields, labels
from wellbeing_desktop.ui.widgets.cards import Card
from wellbeing_desktop.ui.widgets.form import Form
from wellbeing_desktop.ui.widgets.progress import Progress
from wellbeing_desktop.ui.widgets.short_table import ShortTable

TO_PEOPLE = "person"
AT_ONCE = 25


class Planned(msgspec.Struct, frozen=True):
    """One person of the batch: the letter, or why there is none."""

    person_id: str
    name: str
    letter: Letter | None
    reason: str


def plan(reader: Reader, person_ids: Sequence[str], template_id: str, today: dt.date) -> list[Planned]:
    """Decide these people. Nothing is written."""
    planned = []
    for person_id in person_ids:
        row = making.person_row(reader, person_id)
        name = row.name if row is not None else "Not on this laptop"
        written = making.write(reader, person_id, template_id, TO_PEOPLE, today, {})
        if written.stop is not None:
            planned.append(Planned(person_id, name, None, written.stop.sentence))
        elif written.missing:
            needs = ", ".join(map(making.field_words, written.missing))
            planned.append(Planned(person_id, name, None, f"Missing: {needs}"))
        else:
            letter = Letter(
                id=new_id(),
                subject=person_id,
                template=template_id,
                template_version=str(shipped_templates()[template_id].version),
                to_kind=TO_PEOPLE,
                to_name=written.to_name,
                subject_line=written.subject,
                body=written.body,
                written_on=today,
            )
            planned.append(Planned(person_id, name, letter, ""))
    return planned


class ToMany(Card):
    """Choose whom and which template, look at the list, then make the letters. `made` tells that they are in the queue."""

    made = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__("The same letter to many people")
        self.session = session
        self.planned: list[Planned] = []
        self._question = 0
        self.form = Form()
        self.form.begin_row()
        self.whose = fields.choice(sentences.WHOSE)
        self.which = fields.choice(sentences.WHICH)
        self.stage = fields.choice(sentences.stage_choices())
        self.template = fields.choice(
            [(each.id, each.title) for each in shipped_templates().values() if each.kind == "person"],
            empty="Choose a template",
        )
        for name, words, field in (
            ("whose", "Who &gets it", self.whose),
            ("which", "Narro&wed to", self.which),
            ("stage", "Sta&ge", self.stage),
            ("batch_template", "Te&mplate", self.template),
        ):
            self.form.add(name, words, field)
            field.edited.connect(self.look)
        self.form.end_row()
        self.body.addWidget(self.form)
        self.progress = Progress("Looking at people", self.cancel, cancel="Stop looking")
        self.progress.hide()
        self.body.addWidget(self.progress)
        self.words = labels.body("Choose a template. Everybody is listed here before anything is made.")
        self.body.addWidget(self.words)
        self.model = ShortList([Column("Person"), Column("What happens", width=48)], self)
        self.table = ShortTable("People who get this letter", self.model, most_rows=8)
        self.table.hide()
        self.body.addWidget(self.table)
        self.make_button = buttons.primary("Ma&ke letters", self.make, icon="mail")
        self.make_button.setEnabled(False)
        self.body.addWidget(self.make_button)

    def show_people(self, whose: str, which: str = "", stage: str = "") -> None:
        """Everybody whom these choices of the caseload find."""
        self.whose.set_value(whose)
        self.which.set_value(which)
        self.stage.set_value(stage)
        self.look()

    def look(self) -> None:
        """Who would get it, and who would not and why."""
        template_id = self.template.value()
        if not template_id:
            return
        session = self.session
        narrowed = sentences.filter_of(
            self.whose.value(), self.which.value(), session.user_id, session.today(), self.stage.value()
        )
        self._question += 1
        question, today = self._question, session.today()
        self.make_button.setEnabled(False)
        background.query(
            self,
            session.store,
            lambda reader: making.people_of(reader, narrowed, today),
            lambda ids: self._plan_on(question, ids, template_id, []),
        )

    def cancel(self) -> None:
        """Stop looking at people one by one."""
        self._question += 1
        self.progress.hide()

    def _plan_on(self, question: int, ids: Sequence[str], template_id: str, done: list[Planned]) -> None:
        """A handful of people at a time, so that Save never waits behind a long list and Cancel answers at once."""
        if question != self._question:
            return
        if len(done) == len(ids):
            self.progress.hide()
            self._show(done)
            return
        self.progress.setVisible(len(ids) > AT_ONCE)
        self.progress.show_count(len(done), len(ids))
        part, today = ids[len(done) : len(done) + AT_ONCE], self.session.today()
        background.query(
            self,
            self.session.store,
            lambda reader: plan(reader, part, template_id, today),
            lambda planned: self._plan_on(question, ids, template_id, [*done, *planned]),
        )

    def make(self) -> None:
        """All of them, or none if one of them is stopped by something new."""
        letters = [each.letter for each in self.planned if each.letter is not None]
        at = self.session.now()

        def do(writer: Writer) -> Changes:
            changes = draft_letters(writer, letters, at=at)
            for letter in letters:
                changes = changes.joined_with(ready_letter(writer, letter.id, at=at))
            return changes

        self.make_button.setEnabled(False)
        background.operate(self, self.session.store, do, self._made)

    def _show(self, planned: list[Planned]) -> None:
        self.planned = planned
        able = sum(1 for each in planned if each.letter is not None)
        self.words.setText(
            f"{things(len(planned), 'person', 'people')}: {things(able, 'letter')}"
            + (f", {len(planned) - able} not made, named below." if able < len(planned) else ".")
        )
        rows = [
            TableRow(each.person_id, (each.name, each.reason or "Gets this letter"))
            for each in sorted(planned, key=lambda one: not one.reason)
        ]
        self.model.show_rows(rows)
        self.table.setVisible(bool(rows))
        self.make_button.set_words(f"Ma&ke {things(able, 'letter')}")
        self.make_button.setEnabled(able > 0)

    def _made(self, changes: Changes) -> None:
        count = sum(1 for each in self.planned if each.letter is not None)
        tell_saved(self, self.session, f"{things(count, 'letter')} ready to print.", changes)
        self.made.emit()
