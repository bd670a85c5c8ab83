"""Send a person on: a signpost, a referral or an appointment elsewhere, with the day on which somebody asks (B6, J5).

A service chosen from the directory is kept with its id, so that two of one name are never taken for one another.
"""

import datetime as dt
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.freshness import checked_words, room_words
from wellbeing_desktop.domain.knowledge import Service
from wellbeing_desktop.domain.onward import OnwardReferral
from wellbeing_desktop.operations.knowledge_rules import KnowledgeRules, knowledge_rules
from wellbeing_desktop.operations.onward import send_onward
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.directory_search import SERVICE, Found, search_directory, service_named
from wellbeing_desktop.storage.records import load
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.pages.forms.form_page import FormPage, choices_of
from wellbeing_desktop.ui.reading_order import tab_in_reading_order
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import buttons, fields, layouts
from wellbeing_desktop.ui.widgets.form import Form

_MOST: Final = 6


class NewOnwardPage(FormPage):
    """The argument is the person's id, or that and a service's id with a stroke between."""

    title, nav_key, section_key, help_key = "Send a person on", "new_onward", "inbox", "inbox"
    phrase_place = "request"
    draft_name = "new_onward"
    record = OnwardReferral
    save_words = "&Save, and ask on its day"
    saved_words = "Sent on."

    def __init__(self, session: Session) -> None:
        self._service = Service()
        self._rules = KnowledgeRules()
        self._chosen = ""
        super().__init__(session)

    def build(self, form: Form) -> None:
        form.add("kind", "What &kind", fields.choice(choices_of("onward_kinds"), empty="Not chosen"), required=True)
        self._where = fields.line(hint="Lunch club")
        form.add(
            "to_name",
            "&Where to",
            self._where,
            required=True,
            help_text="Services of the directory that fit are shown below. Any other name may be written.",
        )
        self._holder = QWidget()
        self._offers = QVBoxLayout(self._holder)
        self._offers.setContentsMargins(0, 0, 0, 0)
        form.add_widget(self._holder)
        self._holder.hide()
        form.add("service_id", "Service of the directory", fields.line())
        form.rows["service_id"].holder.hide()
        self._where.edited.connect(self._ask_services)
        form.add("reason", "Wh&y", fields.note(lines=3))
        form.begin_row()
        form.add("sent_on", "Sent &on", fields.day(self.session.today), required=True)
        form.add("sent_how", "&How it was sent", fields.line(hint="By letter, by telephone"))
        form.add("chase_on", "&Ask whether they got there on", fields.day(self.session.today), required=True)
        form.end_row()

    def on_shown(self, argument: str = "") -> None:
        person_id, _, service_id = argument.partition("/")

        def ask(reader: Reader) -> tuple[Service, KnowledgeRules]:
            return (load(reader, Service, service_id) if service_id else None) or Service(), knowledge_rules(reader)

        background.query(self, self.session.store, ask, partial(self._begin, person_id))

    def starting_values(self) -> Mapping[str, str]:
        today = self.session.today()
        asked = today + dt.timedelta(days=self._rules.ask_after_days)
        chosen = {"to_name": self._service.name, "service_id": self._service.id} if self._service.id else {}
        return {"sent_on": today.isoformat(), "chase_on": asked.isoformat(), **chosen}

    def operation(self, writer: Writer, values: Mapping[str, str]) -> Changes:
        name = values["to_name"].strip()
        return send_onward(
            writer,
            OnwardReferral(
                id=self.record_id,
                subject=self.person_id,
                kind=values["kind"],
                service_id=values["service_id"] or service_named(writer, name),
                to_name=name,
                reason=values["reason"],
                sent_on=dt.date.fromisoformat(values["sent_on"]),
                sent_how=values["sent_how"].strip(),
                chase_on=dt.date.fromisoformat(values["chase_on"]),
            ),
            at=self.session.now(),
        )

    def show_context(self, row: Any) -> None:
        self._chosen = self._where.value()
        self._show_services("", [])

    def _begin(self, person_id: str, known: tuple[Service, KnowledgeRules]) -> None:
        if known[0].id or person_id != self.person_id:
            self._service = known[0]
        self._rules = known[1]
        super().on_shown(person_id)

    def _ask_services(self) -> None:
        typed = self._where.value()
        if typed != self._chosen:
            self.form.rows["service_id"].field.set_value("")

        def read(reader: Reader) -> list[Found]:
            return search_directory(reader, typed, _MOST, kind=SERVICE, in_use=True)[0] if typed.strip() else []

        background.query(self, self.session.store, read, partial(self._show_services, typed))

    def _show_services(self, typed: str, rows: list[Found]) -> None:
        if typed and typed != self._where.value():
            return  # an answer to what was typed before
        layouts.empty(self._offers)
        for row in rows:
            if row.id != self.form.rows["service_id"].field.value():
                words = _words(row, self.session.today(), self._rules).replace("&", "&&")
                self._offers.addWidget(buttons.secondary(words, partial(self._choose, row), icon="map-pin"))
        self._holder.setVisible(self._offers.count() > 0)
        tab_in_reading_order(self)

    def _choose(self, row: Found) -> None:
        self._chosen = row.name
        self._where.set_value(row.name)
        self.form.rows["service_id"].field.set_value(row.id)
        self._where.setFocus()
        self._where.edited.emit()


def _words(row: Found, today: dt.date, rules: KnowledgeRules) -> str:
    room = room_words(label_of("capacity_states", row.capacity), row.capacity_on, today, rules.room_fades_days)
    checked = checked_words(row.checked_on, today, rules.check_after_days)
    known = (row.name, row.organisation, ", ".join(row.areas), row.postcode, room, checked)
    return ", ".join(part for part in known if part)
