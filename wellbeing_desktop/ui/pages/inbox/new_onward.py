"""Send a person on: a signpost, a referral or an appointment elsewhere, with the day on which somebody asks (B6, J5)."""

import datetime as dt
from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.onward import OnwardReferral
from wellbeing_desktop.operations.onward import ASK_AFTER_DAYS, send_onward
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.services import ServiceRow, find_services, service_named
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.pages.forms.form_page import FormPage, choices_of
from wellbeing_desktop.ui.reading_order import tab_in_reading_order
from wellbeing_desktop.ui.widgets import buttons, fields
from wellbeing_desktop.ui.widgets.form import Form

_MOST = 6


class NewOnwardPage(FormPage):
    """The argument is the person's id."""

    title, nav_key, section_key, help_key = "Send a person on", "new_onward", "inbox", "inbox"
    draft_name = "new_onward"
    record = OnwardReferral
    save_words = "&Save, and ask on its day"
    saved_words = "Sent on."

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
        self._where.edited.connect(self._ask_services)
        form.add("reason", "Wh&y", fields.note(lines=3))
        form.begin_row()
        form.add("sent_on", "Sent &on", fields.day(self.session.today), required=True)
        form.add("sent_how", "&How it was sent", fields.line(hint="By letter, by telephone"))
        form.add("chase_on", "&Ask whether they got there on", fields.day(self.session.today), required=True)
        form.end_row()

    def starting_values(self) -> Mapping[str, str]:
        today = self.session.today()
        return {"sent_on": today.isoformat(), "chase_on": (today + dt.timedelta(days=ASK_AFTER_DAYS)).isoformat()}

    def operation(self, writer: Writer, values: Mapping[str, str]) -> Changes:
        name = values["to_name"].strip()
        return send_onward(
            writer,
            OnwardReferral(
                id=self.record_id,
                subject=self.person_id,
                kind=values["kind"],
                service_id=service_named(writer, name),
                to_name=name,
                reason=values["reason"],
                sent_on=dt.date.fromisoformat(values["sent_on"]),
                sent_how=values["sent_how"].strip(),
                chase_on=dt.date.fromisoformat(values["chase_on"]),
            ),
            at=self.session.now(),
        )

    def show_context(self, row: Any) -> None:
        self._show_services("", [])

    def _ask_services(self) -> None:
        typed = self._where.value()

        def read(reader: Reader) -> list[ServiceRow]:
            return find_services(reader, typed, _MOST)

        background.query(self, self.session.store, read, partial(self._show_services, typed))

    def _show_services(self, typed: str, rows: list[ServiceRow]) -> None:
        if typed and typed != self._where.value():
            return  # an answer to what was typed before
        while (item := self._offers.takeAt(0)) is not None:
            gone = item.widget()
            if gone is not None:
                gone.hide()
                gone.deleteLater()
        for row in rows:
            if row.name != typed:
                self._offers.addWidget(
                    buttons.secondary(_words(row).replace("&", "&&"), partial(self._choose, row.name), icon="map-pin")
                )
        self._holder.setVisible(self._offers.count() > 0)
        tab_in_reading_order(self)

    def _choose(self, name: str) -> None:
        self._where.set_value(name)
        self._where.setFocus()
        self._where.edited.emit()


def _words(row: ServiceRow) -> str:
    return ", ".join(part for part in (row.name, row.postcode, row.room) if part)
