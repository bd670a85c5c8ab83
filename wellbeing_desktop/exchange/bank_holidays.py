"""The shipped bank-holiday list, and a newer one that a person loads."""

import functools
import json
from typing import Final

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.resources import resource
from wellbeing_desktop.domain.working_days import DIVISIONS, ENGLAND_AND_WALES, BankHolidays, bank_holidays_from

_MAX_BYTES: Final = 1024 * 1024
_ANOTHER_SHAPE: Final = "This is not the GOV.UK bank-holiday file (bank-holidays.json)."


@functools.cache
def shipped_bank_holidays(division: str = ENGLAND_AND_WALES) -> BankHolidays:
    """The list in `resources/reference`. `division` is one of `DIVISIONS`."""
    return bank_holidays_from(json.loads(resource("reference/bank-holidays.json").read_bytes()), division)


def read_bank_holidays(content: bytes) -> dict[str, BankHolidays]:
    """All divisions of a GOV.UK bank-holidays.json. Raises Refused if the file is anything else."""
    if len(content) > _MAX_BYTES:
        raise Refused(_ANOTHER_SHAPE)
    try:
        published = json.loads(content)
        return {division: bank_holidays_from(published, division) for division in DIVISIONS}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as failure:
        raise Refused(_ANOTHER_SHAPE) from failure
