"""Add a person by hand, with a look at who may be the same person before anything is saved (PRACTICE W2)."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.person import Address, ContactPoint, Person
from wellbeing_desktop.domain.postcode import parse_postcode
from wellbeing_desktop.exchange.telephone import parse_telephone
from wellbeing_desktop.operations.people import register_person
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.ui.pages.forms.form_page import FormPage
from wellbeing_desktop.ui.pages.forms.same_people import Offer, SamePeople
from wellbeing_desktop.ui.pages.organisations.practice_choice import PRACTICE, PracticeChoice
from wellbeing_desktop.ui.widgets import fields, messages, read_back
from wellbeing_desktop.ui.widgets.form import Form

_MAIN_ADDRESS = "1"


class NewPersonPage(FormPage):
    title, nav_key, section_key, help_key = "Add a person", "new_person", "caseload", "caseload"
    draft_name = "new_person"
    record = Person
    save_words = "&Save person"
    saved_words = "Person added."

    def build(self, form: Form) -> None:
        form.begin_row()
        form.add("family_name", "&Family name", fields.line(), required=True)
        form.add("given_name", "F&irst name", fields.line())
        form.add("known_as", "&Known as", fields.line())
        form.end_row()
        form.begin_row()
        form.add("born_on", "&Date of birth", fields.birth_date(self.session.today))
        form.add("nhs_number", "&NHS number", read_back.nhs_number())
        form.add("telephone", "&Telephone", read_back.phone())
        form.end_row()
        form.begin_row()
        form.add("line1", "&Address line 1", fields.line())
        form.add("line4", "T&own", fields.line())
        form.add("postcode", "&Postcode", read_back.postcode())
        form.end_row()
        form.add(PRACTICE, "&GP practice", fields.choice((), empty="Not chosen"))

    def before_form(self, body: Any) -> None:
        self._decided = False
        self.practices = PracticeChoice(self, self.session, self.form.rows[PRACTICE], self._add_practice)
        self.duplicates = messages.notice("", "warning")
        self.duplicates.hide()
        body.addWidget(self.duplicates)

    def after_form(self, body: Any) -> None:
        self.same = SamePeople(self.session, self.form, "Press Enter on a row to open that record. Your draft is kept.")
        self.same.found.connect(self._others_found)
        self.same.opened.connect(lambda person_id: self.go.emit("person", person_id))
        body.addWidget(self.same)

    def on_shown(self, argument: str = "") -> None:
        super().on_shown(argument)
        self.practices.ask()

    def refresh(self, changes: Changes) -> None:
        self.practices.refresh(changes)

    def first_focus(self) -> QWidget | None:
        return self.form.rows[PRACTICE].field if self.practices.is_adding else super().first_focus()

    def _add_practice(self) -> None:
        """What is typed here stays, and Save there leads back to it."""
        self.save_draft()
        self.go.emit("organisation", f"new/{self.nav_key}/")

    def where_next(self) -> tuple[str, str]:
        return ("person", self.record_id) if self._saving else ("caseload", "")

    def save(self) -> None:
        if self._saving or not self.form.check():
            return
        self.practices.is_adding = False
        if self._decided:
            super().save()
            return
        self.same.look(self._warn_or_save)

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
                practice_id=values[PRACTICE],
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
        if hasattr(self, "same"):
            self.same.forget()
            self._others_found()

    def _others_found(self) -> None:
        """What was decided was about other people."""
        self._decided = False
        self.duplicates.hide()
        self.save_button.set_words(self.save_words)

    def _warn_or_save(self, found: list[Offer]) -> None:
        self.same.show_offers(found)
        if not found:
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
