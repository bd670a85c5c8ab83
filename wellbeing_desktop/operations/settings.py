"""How a service has set itself up."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import msgspec

from wellbeing_desktop.domain import work_rules
from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.idle_lock import IDLE_SETTING, LEAST_MINUTES, MOST_MINUTES, PIN_SETTING, USUAL_MINUTES
from wellbeing_desktop.domain.organisation import Setting
from wellbeing_desktop.domain.words import PEOPLE_SETTING, WORKER_SETTING, check_word
from wellbeing_desktop.operations import knowledge_rules
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.records import load_all


def idle_minutes(reader: Reader) -> int:
    """Minutes without a key after which a window locks, 1 to 15 (PRACTICE W5); 5 if the organisation has not said."""
    for setting in reversed(load_all(reader, Setting, key=IDLE_SETTING)):
        try:
            return max(LEAST_MINUTES, min(msgspec.json.decode(setting.value, type=int), MOST_MINUTES))
        except msgspec.DecodeError:
            continue
    return USUAL_MINUTES


def change_setting(writer: Writer, key: str, value: Any, *, at: dt.datetime | None = None) -> Changes:
    """One choice of the organisation; `value` is anything that JSON holds. The words of W31 must fit a sentence."""
    return change_settings(writer, {key: value}, at=at)


def change_settings(writer: Writer, values: Mapping[str, Any], *, at: dt.datetime | None = None) -> Changes:
    """Several choices as one piece of work, undone as one."""
    checked = {key: _checked(key, value) for key, value in values.items()}
    with doing(writer, "change_setting", at=at) as tx:
        for key, value in checked.items():
            text = msgspec.json.encode(value, order="deterministic").decode()
            known = load_all(tx.reader, Setting, key=key)
            if known:
                tx.change(Setting, known[-1].id, {"value": text})
            else:
                tx.create(Setting(key=key, value=text))
    return tx.changes


def _checked(key: str, value: Any) -> Any:
    if key in (PEOPLE_SETTING, WORKER_SETTING):
        return check_word(str(value))
    if key == IDLE_SETTING and not (isinstance(value, int) and LEAST_MINUTES <= value <= MOST_MINUTES):
        raise Refused(f"Choose {LEAST_MINUTES} to {MOST_MINUTES} minutes.", "idle")
    if knowledge_rules.is_one(key):
        return knowledge_rules.checked(key, value)
    if key in work_rules.FIELDS:
        return work_rules.checked(key, value)
    if key == PIN_SETTING and not isinstance(value, bool):
        raise Refused("The quick PIN is on or off.", "pin")
    return value
