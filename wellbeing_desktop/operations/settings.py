"""How a service has set itself up, and the organisations it works with."""

import datetime as dt
from typing import Any

import msgspec

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.ods_code import parse_ods_code
from wellbeing_desktop.domain.organisation import Organisation, Setting
from wellbeing_desktop.domain.words import PEOPLE_SETTING, WORKER_SETTING, check_word
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.records import load_all


def change_setting(writer: Writer, key: str, value: Any, *, at: dt.datetime | None = None) -> Changes:
    """One choice of the organisation; `value` is anything that JSON holds. The words of W31 must fit a sentence."""
    if key in (PEOPLE_SETTING, WORKER_SETTING):
        value = check_word(str(value))
    text = msgspec.json.encode(value, order="deterministic").decode()
    with doing(writer, "change_setting", at=at) as tx:
        known = load_all(tx.reader, Setting, key=key)
        if known:
            tx.change(Setting, known[-1].id, {"value": text})
        else:
            tx.create(Setting(key=key, value=text))
    return tx.changes


def add_organisation(writer: Writer, organisation: Organisation, *, at: dt.datetime | None = None) -> Changes:
    """Who refers, who is responsible, where we signpost; with an ODS code it is known by that, never by its name."""
    with doing(writer, "add_organisation", at=at) as tx:
        if organisation.ods_code:
            code = parse_ods_code(organisation.ods_code)
            if load_all(tx.reader, Organisation, ods_code=code):
                raise Refused("There is an organisation with this ODS code already.", "ods_code")
            organisation = msgspec.structs.replace(organisation, ods_code=code)
        tx.create(organisation)
    return tx.changes
