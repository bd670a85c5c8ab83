"""The person's own copy of their plan (PRACTICE W24): which sections, how it looks, and how it was given."""

from collections.abc import Sequence
from functools import partial
from typing import Final

import msgspec
from PySide6.QtWidgets import QVBoxLayout, QWidget

from wellbeing_desktop.documents.care_plan import care_plan_document
from wellbeing_desktop.documents.print_style import STYLES
from wellbeing_desktop.domain.care_plan import PlanCopy
from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.dates import day_words
from wellbeing_desktop.domain.plan_rules import COPY_SECTIONS
from wellbeing_desktop.domain.safe_to_reach import address_to_write_to
from wellbeing_desktop.domain.stop import Stop
from wellbeing_desktop.operations.person_record import PersonRecord, read_person
from wellbeing_desktop.operations.plan_copies import choose_copy_sections, settle_copy
from wellbeing_desktop.operations.plan_document import PlanPage, plan_page
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.commands import Command, for_page
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.care_plan.forms import section_choices
from wellbeing_desktop.ui.pages.person import who
from wellbeing_desktop.ui.pages.person.parts import TwoColumns, joined, row_of_buttons
from wellbeing_desktop.ui.pages.plan_copy.paper import Paper
from wellbeing_desktop.ui.reading_order import tab_in_reading_order
from wellbeing_desktop.ui.saving import tell_saved
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import buttons, cards, fields, labels, messages
from wellbeing_desktop.ui.widgets.banner import PersonBanner
from wellbeing_desktop.ui.widgets.choices import TickSetField
from wellbeing_desktop.ui.widgets.form import Form

_WAYS: Final = (
    ("handed", "&Handed over"),
    ("posted", "Po&sted"),
    ("emailed", "&E-mailed"),
    ("declined", "Not &wanted"),
)


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What the page was made from. `copy` is the one that is owed or was asked for; None before the first agreement."""

    record: PersonRecord
    copy: PlanCopy | None
    page: PlanPage | None


class PlanCopyPage(Page):
    """The argument is `<person id>` or `<person id>/<copy id>`."""

    title, nav_key, section_key, help_key = "Person's copy", "plan_copy", "caseload", "care_plan"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._person_id = self._copy_id = ""
        self.shown: Shown | None = None
        self.banner = PersonBanner()
        self.banner.hide()
        self.outer.insertWidget(0, self.banner)
        self.body.addWidget(labels.heading("Person's copy of the plan", 1))
        self.warning = messages.notice("", "warning")
        self.warning.hide()
        self.body.addWidget(self.warning)
        self.form = Form()
        self.sections = TickSetField(section_choices(), upright=True)
        self.form.add("sections", "Sections in it", self.sections)
        self.form.add("style", "Print si&ze", fields.choice([(name, name.capitalize()) for name in STYLES]))
        self.keep_button = buttons.secondary("&Keep these sections for this copy", self.keep_sections)
        self.form.add_actions(self.keep_button)
        self.form.edited.connect(self._draw)
        self.paper = Paper(session, "print_plan_copy", "care-plan-copy.pdf")
        self.body.addWidget(self.paper.web)  # above both columns, so that it comes first for Tab too
        self.settling = cards.Card("How was it given?")
        self._settle_place = QVBoxLayout()
        self.settling.body.addLayout(self._settle_place)
        self._settle_part: QWidget | None = None
        self.columns = TwoColumns(left_share=2, right_share=3)
        self.columns.left.addWidget(self.settling)
        self.columns.left.addWidget(cards.card("What is in it", self.form))
        self.columns.right.addWidget(self.paper)
        self.columns.finish()
        self.columns.hide()
        self.body.addWidget(self.columns)
        self.body.addStretch()
        self.on_asked = 0

    def on_shown(self, argument: str = "") -> None:
        if argument:
            person_id, _, copy_id = argument.partition("/")
            if (person_id, copy_id) != (self._person_id, self._copy_id):
                self._person_id, self._copy_id, self.shown = person_id, copy_id, None
                self.columns.hide()
                self.paper.web.hide()
        self._ask()

    def refresh(self, changes: Changes) -> None:
        if self._person_id in changes.subjects():
            self._ask()

    def commands(self) -> Sequence[Command]:
        page = self.nav_key
        return (
            for_page("print", self.paper.print_it, name="Print the person's copy", page=page),
            Command("copy_file", "Save the person's copy as PDF", page=page, run=self.paper.save_it),
            Command("copy_web_page", "Save the person's copy as a web page", page=page, run=self.paper.save_web_page),
            *(
                Command(
                    f"copy_{how}",
                    f"Record the copy: {words.replace('&', '').lower()}",
                    page=page,
                    run=partial(self.settle, how),
                )
                for how, words in _WAYS
            ),
        )

    def panes(self) -> Sequence[QWidget]:
        return (self.form, self.paper)

    def settle(self, how: str) -> None:
        """The copy is not owed any more: who, when, how."""
        copy = self.shown.copy if self.shown is not None else None
        if copy is None or copy.state != "owed":
            return
        now = self._session.now()
        words = f"Recorded: {label_of('plan_copy_states', how).lower()}."
        background.operate(
            self,
            self._session.store,
            lambda writer: settle_copy(writer, copy.id, how, at=now),
            partial(tell_saved, self, self._session, words),
        )

    def keep_sections(self) -> None:
        """What the person chose stays chosen for this copy."""
        copy = self.shown.copy if self.shown is not None else None
        if copy is None:
            return
        sections, now = self._chosen(), self._session.now()

        def write(writer: Writer) -> Changes:
            return choose_copy_sections(writer, copy.id, sections, at=now)

        background.operate(
            self,
            self._session.store,
            write,
            partial(tell_saved, self, self._session, "Sections kept."),
            self.form.show_refusal,
        )

    def _chosen(self) -> list[str]:
        return [each for each in self.sections.value().split("\n") if each]

    def _ask(self) -> None:
        person_id, copy_id, today = self._person_id, self._copy_id, self._session.today()
        if not person_id:
            return

        def read(reader: Reader) -> Shown:
            record = read_person(reader, person_id, today)
            plan = record.plan
            if plan is None:
                return Shown(record=record, copy=None, page=None)
            newest = sorted(plan.copies, key=lambda one: one.version or 0)
            copy = next((one for one in plan.copies if one.id == copy_id), newest[-1] if newest else None)
            return Shown(record=record, copy=copy, page=plan_page(reader, plan.plan.id, copy.id if copy else ""))

        background.query(self, self._session.store, read, self._show)

    def _show(self, shown: Shown) -> None:
        if shown.record.person.id != self._person_id or shown == self.shown:
            return
        before, self.shown = self.shown, shown
        who.show_in(self.banner, shown.record, self._session.today())
        self.banner.show()
        self.columns.setVisible(shown.page is not None)
        self.warning.show()
        if shown.page is None:
            words, advice = "There is no plan to copy yet.", "Write the plan and agree it first."
        else:
            words, advice = (
                shown.page.warning,
                "Alerts, concerns, what others told and words for staff are never in it.",
            )
        self.warning.show_message(messages.Message(words, advice, "", "warning"))
        if shown.page is None:
            return
        same = (
            before is not None
            and before.copy is not None
            and shown.copy is not None
            and before.copy.id == shown.copy.id
        )
        if not same or (before is not None and before.copy != shown.copy):
            sections = shown.copy.sections if shown.copy is not None else COPY_SECTIONS
            self.form.set_values({"sections": "\n".join(sections)})
        if not same:
            self.form.set_values({"style": shown.page.style.name})
        self._fill_settling(shown)
        self._draw()
        tab_in_reading_order(self)

    def _draw(self) -> None:
        shown = self.shown
        if shown is None or shown.record.plan is None:
            return
        chosen = self._chosen()
        self.keep_button.setEnabled(bool(chosen) and shown.copy is not None and shown.copy.state == "owed")
        if not chosen:
            self.paper.preview.show_nothing("Choose at least one section.")
            return
        plan_id, copy_id = shown.record.plan.plan.id, shown.copy.id if shown.copy else ""

        def read(reader: Reader) -> PlanPage:
            return plan_page(reader, plan_id, copy_id, chosen=chosen)

        self.on_asked += 1
        background.query(self, self._session.store, read, partial(self._set, self.on_asked), self.form.show_refusal)

    def _set(self, asked: int, page: PlanPage) -> None:
        if asked != self.on_asked:
            return
        style = self.form.rows["style"].field.value()
        size = STYLES[style].body
        words = f"{style.capitalize()}, {size:g} point"
        self.paper.show_document(self._person_id, care_plan_document(page.plan), style, words, page.asked)

    def _fill_settling(self, shown: Shown) -> None:
        if self._settle_part is not None:
            self._settle_place.removeWidget(self._settle_part)
            self._settle_part.hide()
            self._settle_part.deleteLater()
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        copy = shown.copy
        if copy is None:
            column.addWidget(labels.muted("No copy is owed until the plan is agreed."))
        elif copy.state != "owed":
            by = shown.record.names.get(copy.settled_by, "")
            column.addWidget(labels.chip(label_of("plan_copy_states", copy.state), "good"))
            column.addWidget(labels.muted(joined(f"Version {copy.version}", day_words(copy.settled_on), by)))
        else:
            column.addWidget(labels.chip(f"Version {copy.version} is owed", "warning"))
            stop = address_to_write_to(shown.record.person, shown.record.addresses, self._session.today())
            ways = []
            for how, words in _WAYS:
                button = buttons.secondary(words, partial(self.settle, how))
                if how == "posted" and isinstance(stop, Stop):
                    button.setEnabled(False)
                ways.append(button)
            column.addWidget(row_of_buttons(*ways))
            if isinstance(stop, Stop):
                column.addWidget(labels.body(f"It cannot be posted. {stop.sentence}"))
        self._settle_part = holder
        self._settle_place.addWidget(holder)
