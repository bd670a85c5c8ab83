"""When the service answers, and how long an answer may take: what the clocks of the Inbox count by."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.response_clock import HOURS_SETTING, PERIODS_SETTING, Periods, ServiceHours
from wellbeing_desktop.operations.settings import change_settings
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.pages.forms.clock_time import parse_clock_time
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import buttons, cards, fields, labels
from wellbeing_desktop.ui.widgets.form import Form

_DAYS: Final = ("&Monday", "T&uesday", "&Wednesday", "T&hursday", "&Friday", "S&aturday", "Su&nday")
_PERIODS: Final = (("urgent", "Ur&gent enquiry"), ("usual", "Usual en&quiry"), ("referral", "&Referral"))
_MOST_MINUTES: Final = 60 * 24 * 60  # sixty days of twenty-four hours: more is a slip of the pen


class HoursPart(QWidget):
    """A record of the organisation like its other choices: sent to every laptop, and can be undone."""

    def __init__(self, session: Session, saved: Callable[[str, Changes], object]) -> None:
        super().__init__()
        self._session, self._saved = session, saved
        self._shown: dict[str, str] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.form = Form()
        self.form.begin_row()
        self.form.add("opens", "&Opens at", fields.line(hint="09:00", check=parse_clock_time), required=True)
        self.form.add("closes", "Clos&es at", fields.line(hint="17:00", check=parse_clock_time), required=True)
        self.form.end_row()
        for number, words in enumerate(_DAYS):
            if number in (0, 4):
                self.form.begin_row()
            self.form.add(_day(number), "", fields.tick(words))
            if number in (3, 6):
                self.form.end_row()
        self.form.begin_row()
        for name, label in _PERIODS:
            self.form.add(name, f"{label}, minutes", fields.line(check=_minutes), required=True)
        self.form.end_row()
        self.form.add_actions(buttons.primary("Sa&ve hours and periods", self.save))
        explained = labels.body(
            "The time left on the Inbox counts the minutes in which the service is open, without bank holidays. "
            "It changes what comes in from now on; what waits already keeps its time."
        )
        column.addWidget(cards.card("When we answer", explained, self.form))

    def show_kept(self, hours: ServiceHours, periods: Periods) -> None:
        """What the store says now; a form that is being changed is left alone."""
        if self._shown and self.form.values() != self._shown:
            return
        self.form.set_values(
            {
                "opens": f"{hours.opens:%H:%M}",
                "closes": f"{hours.closes:%H:%M}",
                **{_day(number): "yes" if number in hours.days else "" for number in range(7)},
                **{name: str(getattr(periods, name)) for name, _label in _PERIODS},
            }
        )
        self._shown = self.form.values()

    def save(self) -> None:
        if not self.form.check():
            return
        values = self.form.values()
        if values == self._shown:
            return
        try:
            changed = settings_of(values)
        except Refused as refusal:
            self.form.show_refusal(refusal)
            return
        now = self._session.now()

        def done(changes: Changes) -> None:
            self._shown = values
            self._saved("Hours and periods are saved.", changes)

        background.operate(
            self,
            self._session.store,
            lambda writer: change_settings(writer, changed, at=now),
            done,
            self.form.show_refusal,
        )


def settings_of(values: Mapping[str, str]) -> dict[str, Any]:
    """The two settings that the fields say. Raises Refused beside the field."""
    opens, closes = parse_clock_time(values["opens"], "opens"), parse_clock_time(values["closes"], "closes")
    if _since_midnight(closes) <= _since_midnight(opens):
        raise Refused("Close later in the day than you open.", "closes")
    days = [number for number in range(7) if values[_day(number)]]
    if not days:
        raise Refused("Tick at least one day.", _day(0))
    periods = {}
    for name, _label in _PERIODS:
        try:
            _minutes(values[name])
        except Refused as refusal:
            raise Refused(refusal.message, name) from refusal
        periods[name] = int(values[name])
    if periods["urgent"] > periods["usual"]:
        raise Refused("An urgent enquiry cannot wait longer than a usual one.", "urgent")
    return {
        HOURS_SETTING: {"opens": f"{opens:%H:%M}", "closes": f"{closes:%H:%M}", "days": days},
        PERIODS_SETTING: periods,
    }


def _minutes(text: str) -> None:
    if not text.strip().isdecimal() or not 1 <= int(text) <= _MOST_MINUTES:
        raise Refused(f"Enter minutes as a whole number from 1 to {_MOST_MINUTES:,}")


def _day(number: int) -> str:
    return f"day{number}"


def _since_midnight(time: dt.time) -> int:
    return time.hour * 60 + time.minute
