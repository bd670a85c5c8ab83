"""Alerts, safety facts and how to get in: dated statements with their source (W7, W11)."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import msgspec

from wellbeing_desktop.domain.alerts import check_alert
from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.definition import Compartment
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.domain.safety import AccessNote, Alert, SafetyFact
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.records import envelope_of, load_all


def raise_alert(
    writer: Writer, alert: Alert, compartment: Compartment | str, *, at: dt.datetime | None = None
) -> Changes:
    """A new statement. `compartment` is who may see it: card for the front desk, clinical, or restricted."""
    with doing(writer, "raise_alert", at=at) as tx:
        found.person(tx.reader, alert.subject)
        check_alert(alert, local_date(tx.at))
        tx.create(alert, compartment)
    return tx.changes


def replace_alert(writer: Writer, alert_id: str, alert: Alert, *, at: dt.datetime | None = None) -> Changes:
    """A newer statement in place of one that was seen; it is where the old one was, and the old one stays in history."""
    with doing(writer, "replace_alert", at=at) as tx:
        old = found.found(tx.reader, Alert, alert_id)
        check_alert(alert, local_date(tx.at))
        envelope = envelope_of(tx.reader, alert_id)
        where = envelope.compartment if envelope else Compartment.CLINICAL
        tx.create(
            msgspec.structs.replace(alert, subject=old.subject, kind=alert.kind or old.kind, supersedes=alert_id), where
        )
    return tx.changes


def end_alert(
    writer: Writer, alert_id: str, reason: str, *, source: str = "", at: dt.datetime | None = None
) -> Changes:
    """No longer in force, why, and who says so. What it said stays in history."""
    with doing(writer, "end_alert", at=at) as tx:
        old = found.found(tx.reader, Alert, alert_id)
        if old.ended:
            raise Refused("This alert has ended already.")
        today = local_date(tx.at)
        ended = msgspec.structs.replace(
            old,
            id="",
            ended=True,
            end_reason=reason,
            supersedes=alert_id,
            stated_on=today,
            review_on=today,
            source=source or old.source,
        )
        check_alert(ended, today)
        envelope = envelope_of(tx.reader, alert_id)
        tx.create(ended, envelope.compartment if envelope else Compartment.CLINICAL)
    return tx.changes


def record_safety_fact(writer: Writer, fact: SafetyFact, *, at: dt.datetime | None = None) -> Changes:
    """An allergy, an advance decision, an adjustment or the like. Refused when it is dated in the future."""
    with doing(writer, "record_safety_fact", at=at) as tx:
        found.person(tx.reader, fact.subject)
        if fact.stated_on is not None and fact.stated_on > local_date(tx.at):
            raise Refused("A statement cannot be dated in the future.", "stated_on")
        tx.create(fact)
    return tx.changes


def change_safety_fact(
    writer: Writer, fact_id: str, fields: Mapping[str, Any], seen: Mapping[str, Any], *, at: dt.datetime | None = None
) -> Changes:
    """`seen` is needed: two people's different facts are kept side by side, never one over the other."""
    with doing(writer, "change_safety_fact", at=at) as tx:
        tx.change(SafetyFact, fact_id, fields, seen)
    return tx.changes


def record_access_note(
    writer: Writer,
    person_id: str,
    fields: Mapping[str, Any],
    seen: Mapping[str, Any] | None = None,
    *,
    at: dt.datetime | None = None,
) -> Changes:
    """How to get in; the one note of it is made if there is none yet."""
    with doing(writer, "record_access_note", at=at) as tx:
        known = load_all(tx.reader, AccessNote, subject=person_id)
        if known:
            tx.change(AccessNote, known[0].id, fields, seen)
        else:
            tx.create(AccessNote(subject=person_id, **fields))
    return tx.changes
