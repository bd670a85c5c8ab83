"""The page around one small form about a person: banner, form, draft, Save, refusals beside their field."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.operations.organisations import practices_to_choose
from wellbeing_desktop.operations.person_record import read_person
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.commands import Command, for_page
from wellbeing_desktop.ui.drafting import DraftKeeper
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.care_plan.forms import PLAN_ASKS, PLAN_FORMS
from wellbeing_desktop.ui.pages.organisations.practice_choice import PRACTICE, PracticeChoice
from wellbeing_desktop.ui.pages.person import (
    entry_corrections,
    entry_death,
    entry_files,
    entry_letter,
    entry_not_reached,
    entry_recusal,
    entry_restrict,
    who,
)
from wellbeing_desktop.ui.pages.person.entry_appointments import APPOINTMENT_FORMS
from wellbeing_desktop.ui.pages.person.entry_forms import FORMS
from wellbeing_desktop.ui.pages.person.entry_remove import REMOVE_FORMS
from wellbeing_desktop.ui.pages.person.entry_support import SUPPORT_FORMS
from wellbeing_desktop.ui.pages.person.entry_work import Ask, Beside, Make, Work
from wellbeing_desktop.ui.reading_order import tab_in_reading_order
from wellbeing_desktop.ui.saving import WayBack, bring_back, discard, discarding, keep_draft, tell_saved
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.tokens import SPACE_M
from wellbeing_desktop.ui.widgets import buttons, cards, labels, messages
from wellbeing_desktop.ui.widgets.banner import PersonBanner

KINDS: Final[dict[str, Make]] = {
    **FORMS,
    **PLAN_FORMS,
    **SUPPORT_FORMS,
    **APPOINTMENT_FORMS,
    **REMOVE_FORMS,
    "death": entry_death.make,
    "restrict": entry_restrict.make,
    "stand_aside": entry_recusal.stand_aside,
    "open_again": entry_recusal.open_again,
    "not_reached": entry_not_reached.make,
    "letter_came_back": entry_letter.came_back,
    "describe_file": entry_files.describe,
    "amend": entry_corrections.amend,
    "misfiled": entry_corrections.misfiled,
}
"""What the argument may begin with: `<kind>/<person id>` or `<kind>/<person id>/<id of the part>`."""
_ASKS: Final[dict[str, Ask]] = {
    **PLAN_ASKS,
    "not_reached": entry_not_reached.ask,
    "death": entry_death.ask,
    "misfiled": entry_corrections.ask_recall,
    "stand_aside": entry_recusal.ask,
    "open_again": entry_recusal.ask,
}


class PersonEntryPage(Page):
    """One form at a time. Leaving keeps its draft."""

    title, nav_key, section_key, help_key = "Change the record", "person_entry", "caseload", "person"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._argument = ""
        self._saving = False
        self.practices: PracticeChoice | None = None
        self.work: Work | None = None
        self.keeper: DraftKeeper | None = None
        self.banner = PersonBanner()
        self.banner.hide()
        self.outer.insertWidget(0, self.banner)
        self.heading = labels.heading("", 1)
        self.body.addWidget(self.heading)
        self._column = QVBoxLayout()
        self._column.setSpacing(SPACE_M)
        self.body.addLayout(self._column)
        self.body.addStretch()
        self._parts: list[QWidget] = []
        self.save_button = buttons.primary("&Save", self.save)
        self.save_button.hide()

    @property
    def person_id(self) -> str:
        return self._argument.split("/")[1] if self._argument.count("/") else ""

    def on_shown(self, argument: str = "") -> None:
        if not argument or (argument == self._argument and self.work is not None):
            return
        self.save_draft()
        self._argument, self.work, self.keeper = argument, None, None
        self._saving = False
        self.practices = None
        self._clear()
        messages.clear(self)  # what was refused was said of another form
        kind, person_id, id = (*argument.split("/"), "", "")[:3]
        today = self._session.today()

        def read(reader: Reader) -> Beside:
            record = read_person(reader, person_id, today)
            ask = _ASKS.get(kind)
            return Beside(
                record=record,
                id=id,
                practices=practices_to_choose(reader, record.person.practice_id, today),
                workers=tuple(sorted(record.names.items(), key=lambda worker: worker[1])),
                read=ask(reader, person_id, id, today) if ask else None,
            )

        background.query(self, self._session.store, read, partial(self._show, argument, kind))

    def refresh(self, changes: Changes) -> None:
        if self.practices is not None:
            self.practices.refresh(changes)

    def save_draft(self) -> None:
        if self.keeper is not None:
            self.keeper.save_now()

    def commands(self) -> Sequence[Command]:
        return (for_page("save", self.save, name="Save this form", page=self.nav_key),)

    def first_focus(self) -> QWidget | None:
        if self.work is not None and self.practices is not None and self.practices.is_adding:
            return self.work.form.rows[PRACTICE].field
        return next(iter(self.work.form.rows.values())).field if self.work and self.work.form.rows else None

    def save(self) -> None:
        """Only what was changed is saved."""
        work, keeper = self.work, self.keeper
        if work is None or keeper is None or self._saving or not work.form.check():
            return
        try:
            job = work.job()
        except Refused as refusal:
            self._refused(refusal)
            return
        self._saving = True
        self.save_button.setEnabled(False)
        keeper.finish()
        background.operate(
            self,
            self._session.store,
            discarding(keeper.draft_key, job),
            partial(self._saved, work, self._argument, work.form.values()),
            self._refused,
        )

    def cancel(self) -> None:
        """Forgets what was typed."""
        if self.keeper is not None and self.work is not None:
            self.keeper.finish()
            discard(self, self._session, self.keeper.draft_key)
            self._leave(self.work)

    def _show(self, argument: str, kind: str, beside: Beside) -> None:
        if argument != self._argument or kind not in KINDS:
            return
        try:
            work = KINDS[kind](self._session, beside)
        except Refused as refusal:
            self.heading.setText(self.title)
            messages.show(self, refusal)
            back = buttons.link("Back to the record", partial(self.go.emit, "person", beside.record.person.id))
            self._place(back)
            back.show()
            back.setFocus()
            return
        who.show_in(self.banner, beside.record, self._session.today())
        self.banner.show()
        self.work = work
        self.heading.setText(work.title)
        for widget in work.above:
            self._place(widget)
        self.save_button = buttons.primary(
            work.save_words if "&" in work.save_words else f"&{work.save_words}", self.save
        )
        self.save_button.setEnabled(True)
        work.form.add_actions(buttons.secondary(work.leave_words, self.cancel), self.save_button)
        self._place(cards.card("", work.form))
        for widget in work.below:
            self._place(widget)
        if PRACTICE in work.form.rows:
            row = work.form.rows[PRACTICE]
            self.practices = PracticeChoice(self, self._session, row, self._add_practice)
            self.practices.ask()
        keeper = keep_draft(work.form, self._session, person=lambda: self.person_id)
        keeper.draft_key = f"person_entry/{argument}"
        keeper.begin_again()
        self.keeper = keeper
        bring_back(work.form, keeper, self._session)
        tab_in_reading_order(self)
        first = self.first_focus()
        if first is not None and self.isVisible():
            first.setFocus()

    def _add_practice(self) -> None:
        """What is typed here stays, and Save there leads back to it."""
        self.save_draft()
        self.go.emit("organisation", f"new/{self.nav_key}/{self._argument}")

    def _saved(self, work: Work, argument: str, typed: Mapping[str, str], changes: Changes) -> None:
        back = partial(self.go.emit, self.nav_key, argument)
        way = WayBack(f"person_entry/{argument}", self.person_id, typed, back)
        tell_saved(self, self._session, work.saved_words, changes, way)
        self._saving = False
        self._leave(work)

    def _leave(self, work: Work) -> None:
        where = {"person": f"{self.person_id}/{work.tab}", "caseload": ""}
        argument = where.get(work.page, self.person_id)
        self._argument, self.work, self.keeper = "", None, None
        self.go.emit(work.page, argument)

    def _refused(self, problem: BaseException) -> None:
        self._saving = False
        self.save_button.setEnabled(True)
        if self.keeper is not None:
            self.keeper.begin_again()
        if self.work is None:
            return
        if isinstance(problem, Refused) and problem.field is not None:
            problem = Refused(problem.message, self.work.field_of.get(problem.field, problem.field))
        self.work.form.show_refusal(problem)

    def _place(self, widget: QWidget) -> None:
        self._parts.append(widget)
        self._column.addWidget(widget)

    def _clear(self) -> None:
        for part in self._parts:
            self._column.removeWidget(part)
            part.hide()
            part.deleteLater()
        self._parts = []
