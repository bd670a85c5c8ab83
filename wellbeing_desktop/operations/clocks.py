"""The service's hours and response periods, as the store knows them."""

import datetime as dt
from collections.abc import Callable

import msgspec

from wellbeing_desktop.domain.organisation import Setting
from wellbeing_desktop.domain.response_clock import (
    HOURS_SETTING,
    NATION_SETTING,
    NATIONS,
    PERIODS_SETTING,
    Periods,
    ServiceHours,
    division_of,
    due_after,
    hours_from,
    periods_from,
)
from wellbeing_desktop.domain.working_days import BankHolidays
from wellbeing_desktop.exchange.bank_holidays import shipped_bank_holidays
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.records import load_all


def service_hours(reader: Reader) -> ServiceHours:
    """When the service is open, and of which nation the bank holidays are. What cannot be read in the setting is as
    though nobody had set it."""
    hours, nation = hours_from(setting_value(reader, HOURS_SETTING)), setting_value(reader, NATION_SETTING)
    return msgspec.structs.replace(hours, nation=nation) if isinstance(nation, str) and nation in NATIONS else hours


def bank_holidays(reader: Reader) -> BankHolidays:
    """Of the nation that the service is in."""
    return shipped_bank_holidays(division_of(service_hours(reader).nation))


def periods(reader: Reader) -> Periods:
    """Working minutes to answer an urgent and a usual enquiry and a referral."""
    return periods_from(setting_value(reader, PERIODS_SETTING))


def answer_due(reader: Reader, start: dt.datetime, *, urgent: bool) -> dt.datetime:
    """When an enquiry that came at `start` is to be answered."""
    minutes = periods(reader).urgent if urgent else periods(reader).usual
    return due_after(start, minutes, service_hours(reader), bank_holidays(reader))


def decision_due(reader: Reader, start: dt.datetime, *, urgent: bool) -> dt.datetime:
    """When a referral that came at `start` is to be decided."""
    minutes = periods(reader).urgent if urgent else periods(reader).referral
    return due_after(start, minutes, service_hours(reader), bank_holidays(reader))


def is_open_on(reader: Reader) -> Callable[[dt.date], bool]:
    """Is the service open on a day?"""
    hours, holidays = service_hours(reader), bank_holidays(reader)
    return lambda day: hours.is_open_on(day, holidays)


def setting_value(reader: Reader, key: str) -> object:
    """What a setting holds, its newest record first; None where there is none that can be read."""
    for setting in reversed(load_all(reader, Setting, key=key)):
        try:
            return msgspec.json.decode(setting.value)
        except msgspec.DecodeError:
            continue
    return None
