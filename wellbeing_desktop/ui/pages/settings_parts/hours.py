"""When the service answers, and how long an answer may take: what the clocks of the Inbox count by."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.clock_time import parse_clock_time
from wellbeing_desktop.domain.dates import DAYS, parse_listed_date, staff_time
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.response_clock import (
    HOURS_SETTING,
    NATION_SETTING,
    NATIONS,
    PERIODS_SETTING,
    Periods,
    ServiceHours,
)
from wellbeing_desktop.domain.working_days import coverage_warning
from wellbeing_desktop.exchange.bank_holidays import shipped_bank_holidays
from wellbeing_desktop.ui.pages.settings_parts.keeping import keep_choices
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import buttons, cards, fields, labels, read_back
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
        self.form.add("opens", "&Opens at", read_back.clock_time(hint="09:00"), required=True)
        self.form.add("closes", "Clos&es at", read_back.clock_time(hint="17:00"), required=True)
        self.form.end_row()
        self.form.begin_row()
        for number, words in enumerate(_DAYS):
            self.form.add(_day(number), "", fields.tick(words))
        self.form.end_row()
        self.form.add("nation", "Nation whose bank holida&ys count", fields.choice(tuple(NATIONS.items())))
        self.form.add(
            "half_days",
            "Closes earl&ier on",
            fields.line(hint="Wed 12:30, Fri 16:00"),
            help_text="Days of the week with a time.",
        )
        self.form.add(
            "closures",
            "Closed &besides",
            fields.note(lines=3),
            help_text="One line each: 24-12-2026 12:00 to 29-12-2026 09:00.",
        )
        self.form.begin_row()
        for name, label in _PERIODS:
            self.form.add(name, f"{label}, minutes", fields.line(check=_minutes), required=True)
        self.form.end_row()
        self.form.add_actions(buttons.primary("Sa&ve hours and periods", self.save))
        explained = labels.body(
            "The time left on the Inbox counts the minutes in which the service is open, without bank holidays. "
            "It changes what comes in from now on; what waits already keeps its time."
        )
        runs_out = coverage_warning(shipped_bank_holidays(), session.today())
        warned = (labels.chip(runs_out, "warning", "calendar"),) if runs_out else ()
        column.addWidget(cards.card("When we answer", explained, *warned, self.form))

    def show_kept(self, hours: ServiceHours, periods: Periods) -> None:
        """What the store says now; a form that is being changed is left alone."""
        if self._shown and self.form.values() != self._shown:
            return
        self.form.set_values(
            {
                "opens": staff_time(hours.opens),
                "closes": staff_time(hours.closes),
                **{_day(number): "yes" if number in hours.days else "" for number in range(7)},
                "nation": hours.nation or "england",
                "half_days": ", ".join(
                    f"{DAYS[day][:3]} {staff_time(at)}" for day, at in sorted(hours.half_days.items())
                ),
                "closures": "\n".join(
                    f"{one.begins:%d-%m-%Y %H:%M} to {one.ends:%d-%m-%Y %H:%M}" for one in hours.closures
                ),
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

        def done(changes: Changes) -> None:
            self._shown = values
            self._saved("Hours and periods are saved.", changes)

        keep_choices(self, self._session, self.form, changed, done)


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
        HOURS_SETTING: {
            "opens": f"{opens:%H:%M}",
            "closes": f"{closes:%H:%M}",
            "days": days,
            "half_days": _half_days(values.get("half_days", "")),
            "closures": _closures(values.get("closures", "")),
        },
        NATION_SETTING: values.get("nation") or "england",
        PERIODS_SETTING: periods,
    }


def _half_days(text: str) -> dict[str, str]:
    """`Wed 12:30, Fri 16:00` by the number of the day."""
    found = {}
    for part in filter(None, (piece.strip() for piece in text.replace(";", ",").split(","))):
        name, _, clock = part.partition(" ")
        day = next(
            (n for n, word in enumerate(DAYS) if len(name) >= 3 and word.casefold().startswith(name.casefold())), None
        )
        if day is None:
            raise Refused("Write the day and the time at which you close: Wed 12:30.", "half_days")
        found[str(day)] = f"{parse_clock_time(clock.strip(), 'half_days'):%H:%M}"
    return found


def _closures(text: str) -> list[list[str]]:
    """A line for each: `24-12-2026 12:00 to 29-12-2026 09:00`."""
    found = []
    for line in filter(None, (piece.strip() for piece in text.split("\n"))):
        begins, _, ends = line.partition(" to ")
        moments = []
        for half in (begins, ends):
            day, _, clock = half.strip().rpartition(" ")
            if not day:
                raise Refused("Write each closure as 24-12-2026 12:00 to 29-12-2026 09:00.", "closures")
            date = parse_listed_date(day, "closures")
            moments.append(dt.datetime.combine(date, parse_clock_time(clock, "closures")))
        if moments[0] >= moments[1]:
            raise Refused("A closure ends after it begins.", "closures")
        found.append([f"{moment:%Y-%m-%dT%H:%M}" for moment in moments])
    return found


def _minutes(text: str) -> None:
    if not text.strip().isdecimal() or not 1 <= int(text) <= _MOST_MINUTES:
        raise Refused(f"Enter minutes as a whole number from 1 to {_MOST_MINUTES:,}")


def _day(number: int) -> str:
    return f"day{number}"


def _since_midnight(time: dt.time) -> int:
    return time.hour * 60 + time.minute
