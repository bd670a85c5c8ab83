"""When an answer is due: working minutes within the service's hours, bank holidays left out.

No national period was found for wellbeing enquiries or referrals (reference/06): hours and periods are settings of the
service, and those here are a product choice to begin with. A clock that began on a laptop without a network is watched
by nobody until it was sent (PRACTICE W13), and screens say so.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.london_time import local_time, moment_of
from wellbeing_desktop.domain.working_days import ENGLAND_AND_WALES, BankHolidays

HOURS_SETTING: Final = "response.hours"
PERIODS_SETTING: Final = "response.minutes"
NATION_SETTING: Final = "response.nation"
NATIONS: Final[Mapping[str, str]] = {
    "england": "England",
    "wales": "Wales",
    "scotland": "Scotland",
    "northern_ireland": "Northern Ireland",
}
_DIVISIONS: Final = {"scotland": "scotland", "northern_ireland": "northern-ireland"}


class Closure(msgspec.Struct, frozen=True):
    """When the service is closed beside its usual hours, by the clock on the wall: a training afternoon, the days
    between Christmas and New Year, a night in the middle of it."""

    begins: dt.datetime
    ends: dt.datetime


class ServiceHours(msgspec.Struct, frozen=True):
    """When the service answers, by the clock on the wall. `days` are 0 for Monday to 6 for Sunday; `half_days` says
    when the service closes earlier on a day of the week; `nation` whose bank holidays it keeps."""

    opens: dt.time = dt.time(9)
    closes: dt.time = dt.time(17)
    days: tuple[int, ...] = (0, 1, 2, 3, 4)
    half_days: Mapping[int, dt.time] = {}
    closures: tuple[Closure, ...] = ()
    nation: str = ""

    def is_open_on(self, day: dt.date, holidays: BankHolidays) -> bool:
        return bool(self.spans(day, holidays))

    def spans(self, day: dt.date, holidays: BankHolidays) -> list[tuple[dt.datetime, dt.datetime]]:
        """When the service is open on a day: moments, the earlier first; none on a closed day."""
        closes = min(self.closes, self.half_days.get(day.weekday(), self.closes))
        if day.weekday() not in self.days or day in holidays.names or closes <= self.opens:
            return []
        spans = [(moment_of(day, self.opens), moment_of(day, closes))]
        for closure in self.closures:
            begins = moment_of(closure.begins.date(), closure.begins.time())
            ends = moment_of(closure.ends.date(), closure.ends.time())
            spans = [
                piece
                for first, last in spans
                for piece in ((first, min(last, begins)), (max(first, ends), last))
                if piece[0] < piece[1]
            ]
        return spans


class _Said(msgspec.Struct, frozen=True):
    """Hours as a setting says them: `09:00`."""

    opens: str = "09:00"
    closes: str = "17:00"
    days: tuple[int, ...] = (0, 1, 2, 3, 4)
    half_days: dict[str, str] = {}
    closures: tuple[tuple[str, str], ...] = ()


class Periods(msgspec.Struct, frozen=True):
    """Working minutes until an answer is due."""

    urgent: int = 60
    usual: int = 8 * 60
    referral: int = 5 * 8 * 60


def hours_from(value: Any) -> ServiceHours:
    """The service's hours from a setting; the usual ones where it says nothing that can be used."""
    try:
        said = msgspec.convert(value, _Said)
        found = ServiceHours(
            dt.time.fromisoformat(said.opens),
            dt.time.fromisoformat(said.closes),
            said.days,
            {int(day): dt.time.fromisoformat(closes) for day, closes in said.half_days.items()},
            tuple(
                Closure(dt.datetime.fromisoformat(begins), dt.datetime.fromisoformat(ends))
                for begins, ends in said.closures
            ),
        )
        usable = found.opens < found.closes and found.days and all(0 <= day <= 6 for day in found.days)
        usable = usable and all(closure.begins < closure.ends for closure in found.closures)
    except (msgspec.ValidationError, ValueError, TypeError):
        return ServiceHours()
    return found if usable else ServiceHours()


def division_of(nation: Any) -> str:
    """Whose bank holidays count, by the nation that the setting names; England and Wales where it names none."""
    return _DIVISIONS.get(nation if isinstance(nation, str) else "", ENGLAND_AND_WALES)


def periods_from(value: Any) -> Periods:
    """What the setting holds; the usual periods where it makes no sense or one of them is not above 0."""
    try:
        found = msgspec.convert(value, Periods, strict=False)
    except msgspec.ValidationError:
        return Periods()
    return found if min(found.urgent, found.usual, found.referral) > 0 else Periods()


def due_after(start: dt.datetime, minutes: int, hours: ServiceHours, holidays: BankHolidays) -> dt.datetime:
    """The moment when `minutes` of service time have passed since `start`. UTC; `start` has a time zone."""
    left, day = dt.timedelta(minutes=minutes), local_time(start).date()
    for _ in range(3660):  # ten years of days: more than any period that anybody sets
        for opens, closes in hours.spans(day, holidays):
            opening = max(opens, start)
            if opening >= closes:
                continue
            if left <= closes - opening:
                return opening + left
            left -= closes - opening
        day += dt.timedelta(days=1)
    raise ValueError("a period without an end")


def worked_back(end: dt.datetime, minutes: int, hours: ServiceHours, holidays: BankHolidays) -> dt.datetime:
    """The latest moment from which `minutes` of service time pass until `end`."""
    left, day = dt.timedelta(minutes=minutes), local_time(end).date()
    for _ in range(3660):
        for opens, closes in reversed(hours.spans(day, holidays)):
            closing = min(closes, end)
            if closing <= opens:
                continue
            if left <= closing - opens:
                return closing - left
            left -= closing - opens
        day -= dt.timedelta(days=1)
    raise ValueError("a period without a beginning")


def minutes_between(start: dt.datetime, end: dt.datetime, hours: ServiceHours, holidays: BankHolidays) -> int:
    """Working minutes from `start` to `end`; negative when `end` is earlier."""
    if end < start:
        return -minutes_between(end, start, hours, holidays)
    passed = dt.timedelta()
    day, last = local_time(start).date(), local_time(end).date()
    while day <= last:
        for opens, closes in hours.spans(day, holidays):
            passed += max(min(closes, end) - max(opens, start), dt.timedelta())
        day += dt.timedelta(days=1)
    return int(passed.total_seconds() // 60)


def clock_words(respond_by: dt.datetime, now: dt.datetime, hours: ServiceHours, holidays: BankHolidays) -> str:
    """`25 minutes left`, `3 hours left`, `1 hour late`: working time, in words."""
    left = minutes_between(now, respond_by, hours, holidays)
    amount = abs(left)
    if amount < 60:
        words = f"{amount} minute{'' if amount == 1 else 's'}"
    else:
        whole = amount // 60
        words = f"{whole} hour{'' if whole == 1 else 's'}"
    if respond_by < now:
        return f"{words} late" if amount else "Late"
    return f"{words} left" if amount else "Due now"
