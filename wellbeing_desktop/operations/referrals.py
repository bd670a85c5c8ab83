"""Referrals and the support that follows."""

import datetime as dt
from collections.abc import Mapping
from itertools import count
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.care_plan import PlanCopy
from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.contact import Appointment, Note
from wellbeing_desktop.domain.definition import fields_of
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.domain.referral import Episode, Referral, support_id
from wellbeing_desktop.domain.referral_rules import (
    check_accept,
    check_close,
    check_decline,
    check_received,
    check_reopen,
    check_withdraw,
)
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.allocation import check_trained, follow_owner
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.operations.clocks import decision_due
from wellbeing_desktop.operations.follow_ups import SUPPORT_CLOSED, keep_follow_ups, support_goes_on
from wellbeing_desktop.operations.referral_replies import add_reply, check_draftable
from wellbeing_desktop.operations.triage import missing_of, set_priority, settle_completeness
from wellbeing_desktop.operations.waiting_list import next_check_in
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.records import envelope_of, load_all
from wellbeing_desktop.storage.write_door import Transaction

CANCELLED_BY_US: Final = "4"
"""Of the attended codes."""


def receive_referral(writer: Writer, referral: Referral, *, words: str = "", at: dt.datetime | None = None) -> Changes:
    """A referral as it came, with its words as a note. The practice on the day it came is kept with it (W20).

    Without the service's minimum data set it is kept all the same, as incomplete, unless the caller says its state.
    """
    with doing(writer, "receive_referral", at=at) as tx:
        today = local_date(tx.at)
        check_received(referral, today)
        person = found.person(tx.reader, referral.subject)
        referral_id = tx.create(
            msgspec.structs.replace(
                referral,
                id=referral.id or new_id(),
                state=referral.state or "new",
                practice_id=referral.practice_id or person.practice_id,
                received_at=referral.received_at or tx.at,
                respond_by=referral.respond_by
                or decision_due(
                    tx.reader, referral.received_at or tx.at, urgent=referral.urgency in ("emergency", "urgent")
                ),
            )
        )
        if words.strip():
            tx.create(
                Note(subject=referral.subject, about_id=referral_id, written_on=today, text=words, author_id=tx.author)
            )
        if not referral.state:
            settle_completeness(tx, referral_id)
        keep_follow_ups(tx, referral.subject)
    return tx.changes


def complete_referral(
    writer: Writer,
    referral_id: str,
    fields: Mapping[str, Any],
    seen: Mapping[str, Any] | None = None,
    *,
    at: dt.datetime | None = None,
) -> Changes:
    """Fill in what was missing; with everything there an incomplete referral becomes new. Deciding is by the
    operations below."""
    with doing(writer, "complete_referral", at=at) as tx:
        if {"state", "decided_on", "decided_by"} & set(fields):
            raise Refused("Accept, decline or withdraw the referral instead.", "state")
        if {"priority", "priority_signed_by", "allocated_to"} & set(fields):
            raise Refused("Sign the priority, or say who takes the referral, instead.", "priority")
        found.found(tx.reader, Referral, referral_id)
        tx.change(Referral, referral_id, fields, seen)
        check_received(found.found(tx.reader, Referral, referral_id), local_date(tx.at))
        settle_completeness(tx, referral_id)
    return tx.changes


def accept_referral(
    writer: Writer,
    referral_id: str,
    *,
    practitioner_id: str = "",
    team_id: str = "",
    priority: str = "",
    priority_reason: str = "",
    although: str = "",
    waits: bool = False,
    reply: bool = False,
    accepted_on: dt.date | None = None,
    episode_id: str = "",
    at: dt.datetime | None = None,
) -> Changes:
    """Accept, and open the support. With a practitioner the person gets a coordinator; without one it is allocated
    later. A priority given here is signed by who accepts (W14). `waits` puts the person on the waiting list; `reply`
    drafts the letter to the referrer (W21); `although` is why somebody takes it whose training is not in date.
    """
    with doing(writer, "accept_referral", at=at) as tx:
        referral = found.found(tx.reader, Referral, referral_id)
        today = local_date(tx.at)
        on = accepted_on or today
        supported = load_all(tx.reader, Episode, subject=referral.subject)
        check_accept(referral, on, today, supported, missing_of(tx.reader, referral))
        if practitioner_id:
            check_trained(tx.reader, practitioner_id, although, today)
        if priority and (priority != referral.priority or not referral.priority_signed_by):
            set_priority(tx, referral, priority, priority_reason)
        decided: dict[str, Any] = {
            "state": "accepted",
            "decided_on": on,
            "decided_by": tx.author,
            "allocated_to": practitioner_id,
            "allocated_team": team_id,
            "allocation_reason": although.strip(),
        }
        tx.change(Referral, referral_id, decided)
        _open_support(
            tx,
            Episode(
                id=episode_id,
                subject=referral.subject,
                referral_id=referral_id,
                opened_on=on,
                practitioner_id=practitioner_id,
                team_id=team_id,
                state="open",
                waiting_since=on if waits else None,
                check_in_due_on=next_check_in(tx.reader, on) if waits else None,
            ),
        )
        follow_owner(tx, referral_id, referral.subject, practitioner_id)
        if reply:
            add_reply(tx, found.found(tx.reader, Referral, referral_id), "accepted")
        keep_follow_ups(tx, referral.subject)
    return tx.changes


def _open_support(tx: Transaction, support: Episode) -> None:
    """One support for one referral, on however many laptops it is accepted. One that was opened and taken back is the
    same support again."""
    if support.id:
        tx.create(support)
        return
    for earlier in count():
        id = support_id(support.referral_id, earlier)
        envelope = envelope_of(tx.reader, id)
        if envelope is None:
            tx.create(msgspec.structs.replace(support, id=id))
            return
        if envelope.deleted:
            tx.restore(Episode, id)
            tx.change(Episode, id, {field.name: getattr(support, field.name) for field in fields_of(Episode)})
            return


def decline_referral(
    writer: Writer,
    referral_id: str,
    *,
    reason: str,
    reply: bool = False,
    declined_on: dt.date | None = None,
    at: dt.datetime | None = None,
) -> Changes:
    """Decline with a reason. With `reply` the letter to the referrer is drafted, never sent by itself (W21)."""
    with doing(writer, "decline_referral", at=at) as tx:
        referral = found.found(tx.reader, Referral, referral_id)
        today = local_date(tx.at)
        on = declined_on or today
        check_decline(referral, on, reason, today)
        tx.change(
            Referral,
            referral_id,
            {"state": "declined", "decline_reason": reason, "decided_on": on, "decided_by": tx.author},
        )
        if reply:
            add_reply(tx, found.found(tx.reader, Referral, referral_id), "declined")
    return tx.changes


def thank_referrer(writer: Writer, referral_id: str, *, at: dt.datetime | None = None) -> Changes:
    """Draft the letter that says that the referral is here. To family and neighbours it says nothing else (W21)."""
    with doing(writer, "thank_referrer", at=at) as tx:
        referral = found.found(tx.reader, Referral, referral_id)
        check_draftable(tx.reader, referral, "received", local_date(tx.at))
        add_reply(tx, referral, "received")
    return tx.changes


def withdraw_referral(
    writer: Writer, referral_id: str, *, withdrawn_on: dt.date | None = None, at: dt.datetime | None = None
) -> Changes:
    """The person or the referrer no longer wants it."""
    with doing(writer, "withdraw_referral", at=at) as tx:
        today = local_date(tx.at)
        on = withdrawn_on or today
        check_withdraw(found.found(tx.reader, Referral, referral_id), on, today)
        tx.change(Referral, referral_id, {"state": "withdrawn", "decided_on": on, "decided_by": tx.author})
    return tx.changes


LEAVE: Final = ""
CLOSE: Final = "close"
HAND_OVER: Final = "hand_over"


class StillWaiting(msgspec.Struct, frozen=True, kw_only=True):
    """What closing does with what still waits for the person: nothing, unless somebody chose. `hand_to` takes what is
    handed over."""

    tasks: str = LEAVE
    appointments: str = LEAVE
    copies: str = LEAVE
    hand_to: str = ""


def close_episode(
    writer: Writer,
    episode_id: str,
    *,
    reason: str,
    closed_on: dt.date | None = None,
    waiting: StillWaiting | None = None,
    at: dt.datetime | None = None,
) -> Changes:
    """Close a period of support, and with it what was chosen of the tasks, appointments and copies that wait."""
    with doing(writer, "close_episode", at=at) as tx:
        episode = found.found(tx.reader, Episode, episode_id)
        today = local_date(tx.at)
        on = closed_on or today
        check_close(episode, on, reason, today)
        tx.change(Episode, episode_id, {"state": "closed", "closed_on": on, "close_reason": reason})
        if waiting is not None:
            _settle_waiting(tx, episode.subject, waiting, today)
        keep_follow_ups(tx, episode.subject)
    return tx.changes


def _settle_waiting(tx: Transaction, person_id: str, chosen: StillWaiting, today: dt.date) -> None:
    if HAND_OVER in (chosen.tasks, chosen.appointments) and not chosen.hand_to:
        raise Refused("Choose who takes over what still waits.", "hand_to")
    for task in found.every(tx.reader, Task, person_id, state="open"):
        if chosen.tasks == CLOSE:
            tx.change(Task, task.id, {"state": "cancelled", "outcome": SUPPORT_CLOSED})
        elif chosen.tasks == HAND_OVER:
            tx.change(Task, task.id, {"owner_id": chosen.hand_to})
    for appointment in found.every(tx.reader, Appointment, person_id, state="booked"):
        if appointment.starts_on is not None and appointment.starts_on < today:
            continue  # it has been: its outcome is still to be said
        if chosen.appointments == CLOSE:
            fields = {"state": "cancelled", "outcome": CANCELLED_BY_US, "cancel_reason": SUPPORT_CLOSED}
            tx.change(Appointment, appointment.id, fields)
        elif chosen.appointments == HAND_OVER:
            tx.change(Appointment, appointment.id, {"practitioner_id": chosen.hand_to})
    for copy in found.every(tx.reader, PlanCopy, person_id, state="owed"):
        if chosen.copies == CLOSE:
            tx.change(PlanCopy, copy.id, {"state": "declined", "settled_on": today, "settled_by": tx.author})


def reopen_episode(writer: Writer, episode_id: str, *, at: dt.datetime | None = None) -> Changes:
    """The closing was wrong. Coming back later is a new referral."""
    with doing(writer, "reopen_episode", at=at) as tx:
        episode = found.found(tx.reader, Episode, episode_id)
        check_reopen(episode, load_all(tx.reader, Episode, subject=episode.subject))
        tx.change(Episode, episode_id, {"state": "open", "closed_on": None, "close_reason": ""})
        support_goes_on(tx, episode.subject, episode_id)
    return tx.changes
