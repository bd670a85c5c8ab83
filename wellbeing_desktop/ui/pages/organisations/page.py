"""One GP practice or organisation: its name, codes and address, added and changed, or said to be no longer in use."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.ods_code import parse_ods_code
from wellbeing_desktop.domain.organisation import ORGANISATION, Organisation
from wellbeing_desktop.operations.organisations import (
    PRACTICE,
    add_organisation,
    address_gap,
    alike,
    change_organisation,
    may_change_organisations,
)
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.organisation_list import organisation_rows
from wellbeing_desktop.storage.records import load
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.mnemonics import with_letters
from wellbeing_desktop.ui.models.paged_table import Column, TableRow
from wellbeing_desktop.ui.pages.forms.form_page import FormPage
from wellbeing_desktop.ui.pages.organisations.words import closed_words, kind_words, people_words
from wellbeing_desktop.ui.reading_order import tab_in_reading_order
from wellbeing_desktop.ui.record_form import text_of, value_from, widget_for
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import cards, fields, labels, messages
from wellbeing_desktop.ui.widgets.form import AnyField, Form
from wellbeing_desktop.ui.widgets.list_card import ListCard

NEW: Final = "new"
_ROWS: Final = (
    ("name", "kind"),
    ("address",),
    ("postcode", "ods_code"),
    ("telephone", "email"),
    ("list_size", "list_size_on"),
    ("closed_on",),
)
_NAMES: Final = tuple(name for row in _ROWS for name in row)
_HELP: Final = {
    "address": "A line for each line of the address, without the postcode. Letters print it as it stands.",
    "ods_code": "What the NHS calls it, such as M81054.",
    "closed_on": "Empty while it is in use. From this day it is not offered any more; whoever has it keeps it.",
}
_ASKED_BY: Final = ("name", "postcode", "ods_code")


class OrganisationPage(FormPage):
    """The argument is an id, or `new`, and after a stroke the page that Save leads back to with its own argument:
    `new/person_entry/details/<person>`."""

    title, nav_key, section_key, help_key = "GP practice or organisation", "organisation", "settings", "organisations"
    draft_name = "organisation"
    record = Organisation
    save_words = "&Save organisation"
    saved_words = "Organisation saved."

    def __init__(self, session: Session) -> None:
        self._id = ""
        self._is_filled = False
        self._shown: Organisation | None = None
        self._then = ("organisations", "")
        self._may = True
        super().__init__(session)

    def build(self, form: Form) -> None:
        letters = dict(
            zip(_NAMES, with_letters([ORGANISATION.field(name).label for name in _NAMES], ("s", "c")), strict=True)
        )
        for row in _ROWS:
            if len(row) > 1:
                form.begin_row()
            for name in row:
                required = ORGANISATION.field(name).about.required
                form.add(name, letters[name], self._field(name), help_text=_HELP.get(name, ""), required=required)
            form.end_row()

    def before_form(self, body: Any) -> None:
        self.facts = labels.body("")
        self.head = cards.card("", self.facts)
        self.warning = messages.notice("", "warning")
        columns = [Column("Name and kind"), Column("ODS code", width=12), Column("Postcode", width=14)]
        self.same = ListCard("May be the same", columns, -1, lambda _words: "plain")
        self.same.table.opened.connect(lambda id: self.go.emit(self.nav_key, id))
        for widget in (self.head, self.warning, self.same):
            widget.hide()
            body.addWidget(widget)
        self._decided = False
        for name in _ASKED_BY:
            self.form.rows[name].field.edited.connect(self._forget_decision)

    def where_next(self) -> tuple[str, str]:
        return self._then

    @property
    def draft_key(self) -> str:
        return f"{self.draft_name}/{self._id or NEW}"

    def starting_values(self) -> Mapping[str, str]:
        shown = self._shown or Organisation(kind=PRACTICE)
        return {name: text_of(ORGANISATION.field(name), getattr(shown, name)) for name in _NAMES}

    def on_shown(self, argument: str = "") -> None:
        id, _, then = (argument or NEW).partition("/")
        page, _, of_page = then.partition("/")
        self._then = (page, of_page) if page else ("organisations", "")
        id = "" if id == NEW else id
        if self._is_filled and self._id == id and self.form.values() != self._begun_with():
            self._ask_again()  # somebody comes back to what they were typing
            return
        self.save_draft()  # of the one shown until now
        background.query(self, self.session.store, partial(self._read, id), partial(self._take, id))

    def refresh(self, changes: Changes) -> None:
        if self._is_filled and changes.touches("organisation", "person", "grant"):
            self._ask_again()

    def save(self) -> None:
        if self._saving or not self._may or not self.form.check():
            return
        if self._decided or not self._says_who_it_is():
            super().save()
            return
        typed = self._typed()
        background.query(
            self, self.session.store, lambda reader: alike(reader, typed), partial(self._warn_or_save, typed)
        )

    def operation(self, writer: Writer, values: Mapping[str, str]) -> Changes:
        shown, now = self._shown, self.session.now()
        if shown is None:
            given = {name: value_from(ORGANISATION.field(name), values[name]) for name in _NAMES}
            return add_organisation(writer, Organisation(id=self.record_id, **given), at=now)
        before = self._begun_with()
        changed = {
            name: value_from(ORGANISATION.field(name), values[name]) for name in _NAMES if values[name] != before[name]
        }
        seen = {name: getattr(shown, name) for name in changed}
        return change_organisation(writer, shown.id, changed, seen, at=now)

    def _field(self, name: str) -> AnyField:
        if name == "ods_code":
            return fields.line(check=parse_ods_code)
        return widget_for(ORGANISATION.field(name), self.session.today)

    def _typed(self) -> Organisation:
        values = self.form.values()
        code = values["ods_code"].strip()
        return Organisation(
            id=self._id or self.record_id,
            name=values["name"].strip(),
            postcode=values["postcode"].strip(),
            ods_code=parse_ods_code(code) if code else "",
        )

    def _says_who_it_is(self) -> bool:
        values, before = self.form.values(), self._begun_with()
        return self._shown is None or any(values[name] != before[name] for name in _ASKED_BY)

    def _warn_or_save(self, typed: Organisation, others: list[Organisation]) -> None:
        self._show_alike(others)
        if not others:
            super().save()
            return
        if typed.ods_code and any(other.ods_code == typed.ods_code for other in others):
            self.form.show_errors({"ods_code": "Another organisation has this ODS code already. Open it in the list."})
            return
        self._decided = True
        self.warning.show_message(
            messages.Message(
                "This may be here already. Nothing is saved yet.",
                "Enter in the list opens the one that is here; your draft is kept. If this is another, save again.",
                "",
                "warning",
            )
        )
        self.warning.show()
        messages.announce(self.warning, self.warning.accessibleName())
        self.save_button.set_words("This is another one, &save it")

    def _forget_decision(self) -> None:
        """What was decided was about another name, postcode or code."""
        self._decided = False
        self.warning.hide()
        self.save_button.set_words(self.save_words)

    def _show_alike(self, others: list[Organisation]) -> None:
        today = self.session.today()
        rows = [
            TableRow(
                other.id,
                (
                    f"{other.name}\n{'. '.join(filter(None, (kind_words(other.kind), closed_words(other.closed_on, today))))}",
                    other.ods_code,
                    other.postcode,
                ),
            )
            for other in others
        ]
        self.same.show_rows(rows, "May be the same")
        tab_in_reading_order(self)

    def _read(self, id: str, reader: Reader) -> "_Known":
        shown = load(reader, Organisation, id) if id else None
        people = next((row.people for row in organisation_rows(reader) if row.id == id), 0) if shown else 0
        may = may_change_organisations(reader, self.session.today())
        return _Known(shown, people, alike(reader, shown) if shown else [], may)

    def _take(self, id: str, known: "_Known") -> None:
        self._id, self._shown = (id, known.shown) if known.shown else ("", None)
        self._begin_again()
        self._is_filled = True
        super().on_shown("")
        self.form.take_as_kept()
        self._show_known(known)

    def _begin_again(self) -> None:
        super()._begin_again()
        self._forget_decision()

    def _ask_again(self) -> None:
        background.query(self, self.session.store, partial(self._read, self._id), self._show_again)

    def _show_again(self, known: "_Known") -> None:
        if (known.shown.id if known.shown else "") != self._id:
            return
        if self._shown is not None and self.form.values() == self._begun_with():
            self._shown = known.shown
            self.form.set_values(self._begun_with())
            self.form.take_as_kept()
        self._show_known(known)

    def _show_known(self, known: "_Known") -> None:
        self._may = known.may_change
        shown = known.shown
        card = self.form.parentWidget()
        if card is not None:
            card.setVisible(known.may_change)
        self.head.setVisible(shown is not None or not known.may_change)
        said = [] if known.may_change else ["Your administrator adds and changes practices and organisations."]
        if shown is not None:
            said += self._facts_of(shown, known)
        self.facts.setText("\n".join(said))
        self._show_alike(known.alike)

    def _facts_of(self, shown: Organisation, known: "_Known") -> list[str]:
        gap = address_gap(shown.address, shown.postcode)
        has = "has" if known.people <= 1 else "have"
        said = [
            f"{people_words(known.people)} on this laptop {has} it as their GP practice.",
            f"No {gap}: letters cannot be addressed to it until one is written." if gap else "",
            closed_words(shown.closed_on, self.session.today()),
        ]
        if not known.may_change:
            said += [
                f"{ORGANISATION.field(name).label}: {_in_words(name, shown)}" for name in _NAMES if getattr(shown, name)
            ]
        return [each for each in said if each]


class _Known(msgspec.Struct, frozen=True):
    """Everything that the page shows, read at once."""

    shown: Organisation | None
    people: int
    alike: list[Organisation]
    may_change: bool


def _in_words(name: str, shown: Organisation) -> str:
    if name == "kind":
        return kind_words(shown.kind)
    return ", ".join(text_of(ORGANISATION.field(name), getattr(shown, name)).splitlines())
