"""A page that is one form: its draft is kept within a second, Ctrl+S saves, a refusal stands beside its field."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.code_lists import code_list
from wellbeing_desktop.domain.dates import age_on, staff_clock, staff_date
from wellbeing_desktop.domain.definition import Record
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.nhs_number import format_nhs_number
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.drafts import load_draft, save_draft
from wellbeing_desktop.storage.records import load
from wellbeing_desktop.storage.search import PersonRow
from wellbeing_desktop.storage.similar import row_of
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.commands import Command, for_page
from wellbeing_desktop.ui.drafting import DraftKeeper
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.saving import FOCUS, discard, discarding, field_in_focus, tell_saved
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import buttons, cards, labels
from wellbeing_desktop.ui.widgets.banner import BannerFact, PersonBanner
from wellbeing_desktop.ui.widgets.form import Form

_RECORD_ID = "record_id"


def choices_of(list_name: str) -> list[tuple[str, str]]:
    """The entries of a shipped code list as a field offers them."""
    return [(entry.code, entry.label) for entry in code_list(list_name).entries]


def show_in_banner(banner: PersonBanner, row: PersonRow, today: dt.date) -> None:
    """Whose record this is, for pages that are about one person and hold nothing else of the record."""
    born = "Not known"
    if row.born_on:
        age = age_on(row.born_on, today)
        born = f"{staff_date(row.born_on)} ({age} year{'' if age == 1 else 's'})"
    statuses: list[tuple[str, labels.Tone]] = []
    if row.died:
        statuses.append(("Has died", "bad"))
    if row.restricted:
        statuses.append(("Restricted", "warning"))
    if row.similar_name:
        statuses.append(("Similar name", "warning"))
    banner.show_person(
        row.name,
        [
            BannerFact("Born", born),
            BannerFact("NHS number", format_nhs_number(row.nhs_number) if row.nhs_number else "Not known"),
            BannerFact("Postcode", row.postcode or "Not known"),
        ],
        statuses=statuses,
    )


class FormPage(Page):
    """Give `record`, `words` and `build`, and turn values into an operation in `operation`.

    The record's id is made with the form and kept in its draft, so that a draft left over by a crash just after Save
    is known as saved and is not offered again.
    """

    draft_name = ""
    record: type[Record]
    save_words = "&Save"
    saved_words = "Saved."

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.person_id = ""
        self.record_id = new_id()
        self.banner = PersonBanner()
        self.banner.hide()
        self.outer.insertWidget(0, self.banner)
        self.body.addWidget(labels.heading(self.title, 1))
        self.form = Form()
        self.build(self.form)
        self.save_button = buttons.primary(self.save_words, self.save)
        self.form.add_actions(
            *self.more_actions(), buttons.secondary("&Cancel and discard the draft", self.cancel), self.save_button
        )
        self.before_form(self.body)
        self.body.addWidget(cards.card("", self.form))
        self.after_form(self.body)
        self.body.addStretch()
        self._empty = self.form.values()
        self.keeper = DraftKeeper(self.form, "", self._keep, now_words=self._now_words)
        self._saving = False

    def build(self, form: Form) -> None:
        """Add the fields."""
        raise NotImplementedError

    def operation(self, writer: Writer, values: Mapping[str, str]) -> Changes:
        """Save the record under `self.record_id`; runs off the GUI thread and raises Refused beside a field."""
        raise NotImplementedError

    def before_form(self, body: Any) -> None:
        """Put widgets above the form."""

    def after_form(self, body: Any) -> None:
        """Put widgets below the form."""

    def more_actions(self) -> Sequence[buttons.IconButton]:
        return ()

    def where_next(self) -> tuple[str, str]:
        """The page that follows Save: the person's record."""
        return ("person", self.person_id)

    def show_context(self, row: PersonRow | None) -> None:
        """The person is known, or there is none."""

    def starting_values(self) -> Mapping[str, str]:
        """What a new form begins with: today, me."""
        return {}

    @property
    def draft_key(self) -> str:
        return f"{self.draft_name}/{self.person_id}"

    def on_shown(self, argument: str = "") -> None:
        if argument == self.person_id and self.form.values() != self._begun_with():
            return  # somebody comes back to what they were typing
        self.person_id = argument
        self._begin_again()
        key, person_id, struct = self.draft_key, self.person_id, self.record

        def ask(reader: Reader) -> tuple[PersonRow | None, dict[str, str] | None]:
            row = row_of(reader, person_id) if person_id else None
            draft = load_draft(reader, key)
            kept = {name: str(value) for name, value in draft.body.items()} if draft is not None else None
            if kept is not None and load(reader, struct, kept.get(_RECORD_ID, "")) is not None:
                kept = None
            return row, kept

        background.query(self, self.session.store, ask, self._show)

    def save(self) -> None:
        if self._saving or not self.form.check():
            return
        self._saving = True
        self.save_button.setEnabled(False)
        self.keeper.finish()
        values, key = self.form.values(), self.draft_key

        save = discarding(key, lambda writer: self.operation(writer, values))
        background.operate(self, self.session.store, save, self._saved, self._not_saved)

    def cancel(self) -> None:
        key = self.draft_key
        self.keeper.finish()
        self.form.set_values(self._empty)
        discard(self, self.session, key)
        self.person_id, after = "", self.where_next()
        self._begin_again()
        if after == ("person", ""):
            after = ("caseload", "")
        self.go.emit(*after)

    def save_draft(self) -> None:
        self.keeper.save_now()

    def commands(self) -> Sequence[Command]:
        return (for_page("save", self.save, name=labels.without_mnemonic(self.save_words), page=self.nav_key),)

    def first_focus(self) -> QWidget | None:
        return next(iter(self.form.rows.values())).field if self.form.rows else None

    def _begin_again(self) -> None:
        self.record_id = new_id()
        self.form.show_errors({})
        self.form.set_values({**self._empty, **self.starting_values()})
        self.form.set_draft_line("")
        self.keeper.draft_key = self.draft_key
        self.keeper.begin_again()
        self._saving = False
        self.save_button.setEnabled(True)

    def _begun_with(self) -> dict[str, str]:
        return self.form.as_held({**self._empty, **self.starting_values()})

    def _show(self, found: tuple[PersonRow | None, dict[str, str] | None]) -> None:
        row, kept = found
        self.banner.setVisible(row is not None)
        if row is not None:
            show_in_banner(self.banner, row, self.session.today())
        self.show_context(row)
        if kept:
            self.record_id = kept.pop(_RECORD_ID, self.record_id)
            focused = kept.pop(FOCUS, "")
            self.keeper.restore(kept)
            if focused in self.form.rows:
                self.form.rows[focused].field.setFocus()
            self.form.set_draft_line("This is the draft that was kept on this laptop")

    def _keep(self, key: str, values: dict[str, str]) -> None:
        body = {**values, _RECORD_ID: self.record_id, FOCUS: field_in_focus(self.form)}
        person_id = self.person_id
        background.operate(
            self,
            self.session.store,
            lambda writer: save_draft(writer, key, person_id, body),
            lambda _answer: self.keeper.confirm(),
        )

    def _saved(self, changes: Changes) -> None:
        tell_saved(self, self.session, self.saved_words, changes)
        nav_key, argument = self.where_next()
        self.person_id = ""
        self._begin_again()
        self.go.emit(nav_key, argument)

    def _not_saved(self, problem: BaseException) -> None:
        self._saving = False
        self.save_button.setEnabled(True)
        self.keeper.begin_again()
        self.form.show_refusal(problem)

    def _now_words(self) -> str:
        return staff_clock(self.session.now())
