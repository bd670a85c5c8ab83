"""Sending a person on, and knowing whether they got there (B6, J5).

What is sent on stays open until somebody knows that the person attended, did not, was declined or found the service
full; meanwhile it is asked about on its day. How often, and how long to wait, are settings of the service.
"""

import datetime as dt
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.knowledge import Service
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.domain.onward import OnwardReferral
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.operations.knowledge_rules import KnowledgeRules, knowledge_rules
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.records import load
from wellbeing_desktop.storage.write_door import Transaction

ASK_AFTER_DAYS: Final = KnowledgeRules().ask_after_days
"""Until somebody asks whether the person got there: a setting, changed on each one; this is its value until it is set."""
ENDED: Final = frozenset({"attended", "not_attended", "declined", "full", "withdrawn"})
# What a service tells about its room by what became of somebody.
_ROOM_TOLD: Final = {"attended": "room", "full": "full"}


def send_onward(writer: Writer, onward: OnwardReferral, *, at: dt.datetime | None = None) -> Changes:
    """A signpost, a referral or a secondary-care appointment to wait for."""
    with doing(writer, "send_onward", at=at) as tx:
        add_onward(tx, onward)
    return tx.changes


def add_onward(tx: Transaction, onward: OnwardReferral) -> str:
    """Within a transaction; answers its id."""
    today = local_date(tx.at)
    if not onward.kind:
        raise Refused("Say whether this is a signpost, a referral or an appointment elsewhere.", "kind")
    if not onward.service_id and not onward.to_name.strip():
        raise Refused("Say where the person is sent on to.", "to_name")
    sent_on = onward.sent_on or today
    if sent_on > today:
        raise Refused("This cannot have been sent in the future.", "sent_on")
    found.person(tx.reader, onward.subject)
    service = load(tx.reader, Service, onward.service_id) if onward.service_id else None
    return tx.create(
        msgspec.structs.replace(
            onward,
            id=onward.id or new_id(),
            sent_on=sent_on,
            sent_by=onward.sent_by or tx.author,
            owner_id=onward.owner_id or tx.author,
            to_name=onward.to_name or (service.name if service else ""),
            chase_on=onward.chase_on or today + dt.timedelta(days=knowledge_rules(tx.reader).ask_after_days),
            state="sent",
        )
    )


def ask_again(
    writer: Writer, onward_id: str, next_on: dt.date, outcome: str = "", *, at: dt.datetime | None = None
) -> Changes:
    """Asked and no answer yet; ask once more on a day to come."""
    with doing(writer, "ask_again", at=at) as tx:
        onward = _open(tx, onward_id)
        if next_on <= local_date(tx.at):
            raise Refused("Choose a day to come.", "chase_on")
        fields: dict[str, Any] = {"chase_on": next_on, "chased_count": (onward.chased_count or 0) + 1}
        if outcome.strip():
            fields["outcome"] = outcome
        tx.change(OnwardReferral, onward_id, fields)
    return tx.changes


def booked_onward(writer: Writer, onward_id: str, on: dt.date, *, at: dt.datetime | None = None) -> Changes:
    """They gave the person a day. Somebody asks on the day after."""
    with doing(writer, "booked_onward", at=at) as tx:
        _open(tx, onward_id)
        tx.change(
            OnwardReferral,
            onward_id,
            {"state": "booked", "appointment_on": on, "chase_on": on + dt.timedelta(days=1)},
        )
    return tx.changes


def hand_on_onward(writer: Writer, onward_id: str, to_id: str, *, at: dt.datetime | None = None) -> Changes:
    """A colleague asks from now on."""
    with doing(writer, "hand_on_onward", at=at) as tx:
        onward = _open(tx, onward_id)
        if not to_id:
            raise Refused("Choose who asks from now on.", "owner_id")
        if to_id == onward.owner_id:
            raise Refused("They have it already.", "owner_id")
        tx.change(OnwardReferral, onward_id, {"owner_id": to_id})
    return tx.changes


def end_onward(
    writer: Writer,
    onward_id: str,
    state: str,
    *,
    outcome: str = "",
    useful: str = "",
    at: dt.datetime | None = None,
) -> Changes:
    """Known at last. What it says about the room that a service has goes into the directory too."""
    with doing(writer, "end_onward", at=at) as tx:
        onward = _open(tx, onward_id)
        if state not in ENDED:
            raise Refused("Say what became of it: attended, did not attend, declined, full or not wanted.", "state")
        today = local_date(tx.at)
        fields: dict[str, Any] = {"state": state, "ended_on": today, "chase_on": None, "useful": useful}
        if outcome.strip():
            fields["outcome"] = outcome
        tx.change(OnwardReferral, onward_id, fields)
        room = _ROOM_TOLD.get(state, "")
        service = load(tx.reader, Service, onward.service_id) if onward.service_id else None
        if room and service is not None and (service.capacity_on is None or service.capacity_on <= today):
            told = {"capacity": room, "capacity_on": today, "capacity_by": tx.author}
            tx.change(Service, onward.service_id, told)
    return tx.changes


def reopen_onward(writer: Writer, onward_id: str, *, at: dt.datetime | None = None) -> Changes:
    """It is not over: asked about again after the service's days. Refused while it is open."""
    with doing(writer, "reopen_onward", at=at) as tx:
        onward = found.found(tx.reader, OnwardReferral, onward_id)
        if onward.state not in ENDED:
            raise Refused("This is still open.", "state")
        again = local_date(tx.at) + dt.timedelta(days=knowledge_rules(tx.reader).ask_after_days)
        tx.change(OnwardReferral, onward_id, {"state": "sent", "ended_on": None, "useful": "", "chase_on": again})
    return tx.changes


def _open(tx: Transaction, onward_id: str) -> OnwardReferral:
    onward = found.found(tx.reader, OnwardReferral, onward_id)
    if onward.state in ENDED:
        raise Refused("It is known already what became of this. Open it again first.", "state")
    return onward
