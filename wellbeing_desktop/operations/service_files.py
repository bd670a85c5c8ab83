"""Incidents, complaints and compliments: opened, written on, escalated, closed with what was learnt (D5, D7; W19).

Whoever learns of one may open it; who may read and work on it is decided by grants. Their subject is the organisation,
so that nothing of them is ever in a person's record, returns or access bundle.
"""

import datetime as dt
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.london_time import local_date, moment_of
from wellbeing_desktop.domain.service_file import Complaint, Incident
from wellbeing_desktop.domain.service_file_rules import (
    CLOCKS_SETTING,
    INCIDENT_LETTER,
    FileClocks,
    check_dates,
    clocks_from,
    file_number,
    letter_of,
    missing_of_complaint,
    missing_of_incident,
    with_clocks,
)
from wellbeing_desktop.exchange.bank_holidays import shipped_bank_holidays
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.operations.clocks import setting_value
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.grants import organisation_of
from wellbeing_desktop.storage.write_door import Transaction

ServiceFile = Incident | Complaint
_BY_OTHER_DOORS: Final = frozenset({"state", "closed_on", "number"})


def open_incident(writer: Writer, incident: Incident, *, at: dt.datetime | None = None) -> Changes:
    """An incident or near miss, with whatever is known of it now."""
    with doing(writer, "open_incident", at=at) as tx:
        if not incident.kind:
            raise Refused("Say what kind of incident this is.", "kind")
        if not incident.words.strip():
            raise Refused("Say what happened.", "words")
        happened_on = incident.happened_on or local_date(incident.happened_at or tx.at)
        happened_at = incident.happened_at or moment_of(happened_on, dt.time(12, 0))
        if happened_on > local_date(tx.at):
            raise Refused("It cannot have happened on a day that has not come yet.", "happened_on")
        if incident.breach_aware_at is not None and incident.breach_aware_at > tx.at + dt.timedelta(minutes=5):
            raise Refused("It cannot be known since a moment that has not come yet.", "breach_aware_at")
        id = incident.id or new_id()
        tx.create(
            msgspec.structs.replace(
                incident,
                id=id,
                subject=organisation_of(tx.reader),
                number=file_number(INCIDENT_LETTER, id, local_date(tx.at)),
                raised_by=tx.author,
                happened_on=happened_on,
                happened_at=happened_at,
                # a breach is known from the moment that it is written down, if nobody says since when
                breach_aware_at=incident.breach_aware_at or (tx.at if incident.kind == "data_breach" else None),
                state="open",
            )
        )
    return tx.changes


def open_complaint(writer: Writer, complaint: Complaint, *, at: dt.datetime | None = None) -> Changes:
    """A complaint, compliment or data-protection complaint, with its clocks from the day that it was received."""
    with doing(writer, "open_complaint", at=at) as tx:
        if not complaint.kind:
            raise Refused("Say whether it is a complaint, a compliment or about data protection.", "kind")
        if not complaint.from_name.strip():
            raise Refused("Say who it is from, or that they did not say.", "from_name")
        if not complaint.words.strip():
            raise Refused("Say what they say.", "words")
        today = local_date(tx.at)
        received_on = complaint.received_on or today
        if received_on > today:
            raise Refused("It cannot have been received on a day that has not come yet.", "received_on")
        id = complaint.id or new_id()
        made = msgspec.structs.replace(
            complaint,
            id=id,
            subject=organisation_of(tx.reader),
            number=file_number(letter_of(complaint), id, today),
            raised_by=tx.author,
            received_on=received_on,
            state="open",
        )
        tx.create(with_clocks(made, file_clocks(tx.reader), shipped_bank_holidays()))
    return tx.changes


def change_file(
    writer: Writer,
    struct: type[Incident] | type[Complaint],
    id: str,
    fields: Mapping[str, Any],
    seen: Mapping[str, Any] | None = None,
    *,
    at: dt.datetime | None = None,
) -> Changes:
    """More is known. The audit says which step it was where it was one: acknowledged, answered, escalated."""
    with _step(writer, struct, fields, at) as tx:
        if _BY_OTHER_DOORS & set(fields):
            raise Refused("Close the file or open it again instead.", "state")
        record = found.found(tx.reader, struct, id)
        if isinstance(record, Complaint):
            if fields.get("escalated_on") and not str(fields.get("escalated_to", record.escalated_to)).strip():
                raise Refused("Say to whom it was escalated.", "escalated_to")
            check_dates(msgspec.structs.replace(record, **fields), local_date(tx.at))
        if isinstance(fields.get("happened_at"), dt.datetime):
            fields = {**fields, "happened_on": local_date(fields["happened_at"])}
        tx.change(struct, id, fields, seen)
    return tx.changes


def close_file(
    writer: Writer, struct: type[Incident] | type[Complaint], id: str, *, at: dt.datetime | None = None
) -> Changes:
    """Refused with the first thing that is missing."""
    with doing(writer, "close_file", at=at) as tx:
        record = found.found(tx.reader, struct, id)
        if record.state == "closed":
            raise Refused("This file is closed already.", "state")
        for field, sentence in missing(record):
            raise Refused(sentence, field)
        tx.change(struct, id, {"state": "closed", "closed_on": local_date(tx.at)})
    return tx.changes


def reopen_file(
    writer: Writer, struct: type[Incident] | type[Complaint], id: str, *, at: dt.datetime | None = None
) -> Changes:
    """It was closed too soon: the day of closing is taken out. Refused unless it is closed."""
    with doing(writer, "reopen_file", at=at) as tx:
        if found.found(tx.reader, struct, id).state != "closed":
            raise Refused("This file is not closed.", "state")
        tx.change(struct, id, {"state": "open", "closed_on": None})
    return tx.changes


def missing(record: ServiceFile) -> tuple[tuple[str, str], ...]:
    """What is to be said before this file is closed."""
    return missing_of_incident(record) if isinstance(record, Incident) else missing_of_complaint(record)


def file_clocks(reader: Reader) -> FileClocks:
    """In how many days a complaint is acknowledged and answered, as the service set it."""
    return clocks_from(setting_value(reader, CLOCKS_SETTING))


def _step(
    writer: Writer, struct: type[Incident] | type[Complaint], fields: Mapping[str, Any], at: dt.datetime | None
) -> AbstractContextManager[Transaction]:
    if struct is Incident:
        return doing(writer, "change_incident", at=at)
    if fields.get("escalated_on"):
        return doing(writer, "escalate_complaint", at=at)
    if fields.get("answered_on"):
        return doing(writer, "answer_complaint", at=at)
    if fields.get("acknowledged_on"):
        return doing(writer, "acknowledge_complaint", at=at)
    return doing(writer, "change_complaint", at=at)
