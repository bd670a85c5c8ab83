"""Add a person by hand, with a look at who may be the same person before anything is saved (PRACTICE W2)."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QTimer

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.dates import parse_birth_date, staff_date
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.nhs_number import format_nhs_number, parse_nhs_number
from wellbeing_desktop.domain.person import Address, ContactPoint, Person
from wellbeing_desktop.domain.postcode import parse_postcode
from wellbeing_desktop.exchange.telephone import parse_telephone
from wellbeing_desktop.operations.people import register_person
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.search import PersonRow, find_people
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.models.paged_table import Column, TableRow
from wellbeing_desktop.ui.models.short_list import ShortList
from wellbeing_desktop.ui.pages.forms.form_page import FormPage
from wellbeing_desktop.ui.widgets import cards, fields, labels, messages
from wellbeing_desktop.ui.widgets.form import Form
from wellbeing_desktop.ui.widgets.short_table import ShortTable

_MAIN_ADDRESS = "1"


def similar_people(reader: Reader, values: Mapping[str, str], born_on: dt.date | None) -> list[tuple[PersonRow, str]]:
    """People here who may be the one typed, each with the reason, the surest first. Never decides."""
    found: dict[str, tuple[PersonRow, str]] = {}
    try:
        number = parse_nhs_number(values["nhs_number"]) if values["nhs_number"].strip() else ""
    except Refused:
        number = ""
    if number:
        for row in find_people(reader, number, 5):
            if row.nhs_number == number:
                found[row.id] = (row, "Same NHS number")
    names = " ".join(part for part in (values["family_name"].strip(), values["given_name"].strip()) if part)
    if values["family_name"].strip():
        for row in find_people(reader, names, 20):
            reason = "Same name and date of birth" if born_on and row.born_on == born_on else "Similar name"
            found.setdefault(row.id, (row, reason))
        if born_on is not None:
            for row in find_people(reader, f"{values['family_name'].strip()} {born_on:%d/%m/%Y}", 20):
                found.setdefault(row.id, (row, "Same family name and date of birth"))
    order = ("Same NHS number", "Same name and date of birth", "Same family name and date of birth", "Similar name")
    return sorted(found.values(), key=lambda pair: (order.index(pair[1]), pair[0].name))[:8]


class NewPersonPage(FormPage):
    title, nav_key, section_key, help_key = "Add a person", "new_person", "caseload", "caseload"
    draft_name = "new_person"
    record = Person
    save_words = "&Save person"
    saved_words = "Person added."
    needs_person = False

    def build(self, form: Form) -> None:
        form.begin_row()
        form.add("family_name", "&Family name", fields.line(), required=True)
        form.add("given_name", "F&irst name", fields.line())
        form.add("known_as", "&Known as", fields.line())
        form.end_row()
        form.begin_row()
        form.add("born_on", "&Date of birth", fields.day(self.session.today, parse=_birth_date))
        form.add("nhs_number", "&NHS number", fields.nhs_number())
        form.add("telephone", "&Telephone", fields.phone())
        form.end_row()
        form.begin_row()
        form.add("line1", "&Address line 1", fields.line())
        form.add("line4", "T&own", fields.line())
        form.add("postcode", "&Postcode", fields.postcode())
        form.end_row()

    def before_form(self, body: Any) -> None:
        self._looked_for: tuple[str, ...] = ()
        self._decided = False
        self._pause = QTimer(self, singleShot=True, interval=250)
        self._pause.timeout.connect(self._look)
        for name in ("family_name", "given_name", "born_on", "nhs_number"):
            self.form.rows[name].field.edited.connect(self._pause.start)
        self.duplicates = messages.notice("", "warning")
        self.duplicates.hide()
        body.addWidget(self.duplicates)

    def after_form(self, body: Any) -> None:
        self._same = ShortList(_COLUMNS, self)
        self.table = ShortTable("People who may be the same", self._same, most_rows=4, has_header=True)
        self.table.opened.connect(lambda person_id: self.go.emit("person", person_id))
        self.same_card = cards.card(
            "People who may be the same person",
            labels.muted("Press Enter on a row to open that record. Your draft is kept."),
            self.table,
        )
        self.same_card.hide()
        body.addWidget(self.same_card)

    def where_next(self) -> tuple[str, str]:
        return ("person", self.record_id) if self._saving else ("caseload", "")

    def save(self) -> None:
        if self._saving or not self.form.check():
            return
        values, born_on = self.form.values(), self._born_on()
        if self._decided:
            super().save()
            return
        background.query(
            self, self.session.store, lambda reader: similar_people(reader, values, born_on), self._warn_or_save
        )

    def operation(self, writer: Writer, values: Mapping[str, str]) -> Changes:
        address = None
        if any(values[name].strip() for name in ("line1", "line4", "postcode")):
            address = Address(
                line1=values["line1"].strip(),
                line4=values["line4"].strip(),
                postcode=parse_postcode(values["postcode"]) if values["postcode"].strip() else "",
                use=_MAIN_ADDRESS,
            )
        points = []
        if values["telephone"].strip():
            number = parse_telephone(values["telephone"], "telephone")
            medium = "mobile" if number.e164.startswith("+447") else "telephone"
            points.append(ContactPoint(medium=medium, value=number.e164, extension=number.extension))
        return register_person(
            writer,
            Person(
                id=self.record_id,
                family_name=values["family_name"].strip(),
                given_name=values["given_name"].strip(),
                known_as=values["known_as"].strip(),
                born_on=dt.date.fromisoformat(values["born_on"]) if values["born_on"].strip() else None,
                nhs_number=values["nhs_number"].replace(" ", ""),
                coordinator_id=self.session.user_id,
            ),
            address=address,
            contact_points=points,
            at=self.session.now(),
        )

    def _begin_again(self) -> None:
        super()._begin_again()
        self._forget()

    def _forget(self) -> None:
        self._decided = False
        self._looked_for = ()
        if hasattr(self, "same_card"):
            self.same_card.hide()
            self.duplicates.hide()
            self.save_button.set_words(self.save_words)

    def _born_on(self) -> dt.date | None:
        field = self.form.rows["born_on"].field
        return field.date() if isinstance(field, fields.DateField) else None

    def _look(self) -> None:
        values, born_on = self.form.values(), self._born_on()
        background.query(self, self.session.store, lambda reader: similar_people(reader, values, born_on), self._list)

    def _list(self, found: list[tuple[PersonRow, str]]) -> None:
        ids = tuple(row.id for row, _reason in found)
        if ids != self._looked_for:
            self._looked_for, self._decided = ids, False
            self.save_button.set_words(self.save_words)
            self.duplicates.hide()
            self._same.show_rows([_row(*pair) for pair in found])
        self.same_card.setVisible(bool(found))

    def _warn_or_save(self, found: list[tuple[PersonRow, str]]) -> None:
        self._list(found)
        sure = [reason for _row, reason in found if reason != "Similar name" or len(found) < 8]
        if not sure:
            super().save()
            return
        self._decided = True
        count = len(found)
        people = "1 person here may be" if count == 1 else f"{count} people here may be"
        self.duplicates.show_message(
            messages.Message(
                f"{people} the same person. Nothing is saved yet.",
                "Look at the list below. If this is somebody else, save again.",
                "",
                "warning",
            )
        )
        self.duplicates.show()
        messages.announce(self.duplicates, self.duplicates.accessibleName())
        self.save_button.set_words("This is somebody else, &save person")


_COLUMNS = (
    Column("Name"),
    Column("Born", width=12),
    Column("Postcode", width=10),
    Column("NHS number", width=14),
    Column("Why"),
)


def _row(row: PersonRow, reason: str) -> TableRow:
    born = staff_date(row.born_on) if row.born_on else "Not known"
    number = format_nhs_number(row.nhs_number) if row.nhs_number else "Not known"
    return TableRow(row.id, (row.name, born, row.postcode or "Not known", number, reason))


def _birth_date(text: str, today: dt.date) -> dt.date:
    return parse_birth_date(text, today)
