"""Who a form is about, around it: the banner above everything, alerts over the form, what was promised beside it."""

import datetime as dt

from PySide6.QtWidgets import QLayout, QVBoxLayout, QWidget

from wellbeing_desktop.operations.person_record import PersonRecord
from wellbeing_desktop.ui.pages.contact.context import build as build_context
from wellbeing_desktop.ui.pages.person import warnings, who
from wellbeing_desktop.ui.widgets.banner import PersonBanner


class PersonAround:
    """Its three places, which a page lays out; they are empty until somebody is shown."""

    def __init__(self) -> None:
        self.banner = PersonBanner()
        self.banner.hide()
        self.alerts = QVBoxLayout()
        self.beside = QVBoxLayout()
        self._shown: list[tuple[QLayout, QWidget]] = []

    def clear(self) -> None:
        """Nobody is known yet, or somebody else is about to be shown."""
        self.banner.hide()
        for place, old in self._shown:
            place.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._shown = []

    def show_record(self, record: PersonRecord, today: dt.date) -> None:
        self.clear()
        who.show_in(self.banner, record, today)
        self.banner.show()
        self._shown = [(self.alerts, warnings.alert_notice(item, record, None)) for item in record.alerts]
        self._shown.append((self.beside, build_context(record, today)))
        for place, widget in self._shown:
            place.addWidget(widget)
