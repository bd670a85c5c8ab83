"""Referrals and the support that follows."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import msgspec

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.contact import Note
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.domain.referral import Episode, Referral
from wellbeing_desktop.domain.referral_rules import (
    check_accept,
    check_close,
    check_decline,
    check_received,
    check_reopen,
    check_withdraw,
)
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.records import load_all


def receive_referral(writer: Writer, referral: Referral, *, words: str = "", at: dt.datetime | None = None) -> Changes:
    """A referral as it came, with its words as a note. The practice on the day it came is kept with it (W20)."""
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
            )
        )
        if words.strip():
            tx.create(
                Note(subject=referral.subject, about_id=referral_id, written_on=today, text=words, author_id=tx.author)
            )
    return tx.changes


def complete_referral(
    writer: Writer,
    referral_id: str,
    fields: Mapping[str, Any],
    seen: Mapping[str, Any] | None = None,
    *,
    at: dt.datetime | None = None,
) -> Changes:
    """Fill in what was missing; an incomplete referral becomes new. Deciding is by the operations below."""
    with doing(writer, "complete_referral", at=at) as tx:
        if {"state", "decided_on", "decided_by"} & set(fields):
            raise Refused("Accept, decline or withdraw the referral instead.", "state")
        referral = found.found(tx.reader, Referral, referral_id)
        tx.change(Referral, referral_id, fields, seen)
        if referral.state == "incomplete":
            tx.change(Referral, referral_id, {"state": "new"})
    return tx.changes


def accept_referral(
    writer: Writer,
    referral_id: str,
    *,
    practitioner_id: str,
    team_id: str = "",
    priority: str = "",
    accepted_on: dt.date | None = None,
    episode_id: str = "",
    at: dt.datetime | None = None,
) -> Changes:
    """Accept, and open the support: the person gets a coordinator. The priority is signed by who accepts (W14)."""
    with doing(writer, "accept_referral", at=at) as tx:
        referral = found.found(tx.reader, Referral, referral_id)
        today = local_date(tx.at)
        on = accepted_on or today
        check_accept(referral, on, today, load_all(tx.reader, Episode, subject=referral.subject))
        decided: dict[str, Any] = {
            "state": "accepted",
            "decided_on": on,
            "decided_by": tx.author,
            "allocated_to": practitioner_id,
            "allocated_team": team_id,
        }
        if priority:
            decided |= {"priority": priority, "priority_signed_by": tx.author}
        tx.change(Referral, referral_id, decided)
        tx.create(
            Episode(
                id=episode_id or new_id(),
                subject=referral.subject,
                referral_id=referral_id,
                opened_on=on,
                practitioner_id=practitioner_id,
                team_id=team_id,
                state="open",
            )
        )
        tx.change(Person, referral.subject, {"coordinator_id": practitioner_id})
    return tx.changes


def decline_referral(
    writer: Writer, referral_id: str, *, reason: str, declined_on: dt.date | None = None, at: dt.datetime | None = None
) -> Changes:
    """Decline with a reason. The reply to the referrer is drafted, never sent by itself (W21)."""
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


def close_episode(
    writer: Writer, episode_id: str, *, reason: str, closed_on: dt.date | None = None, at: dt.datetime | None = None
) -> Changes:
    with doing(writer, "close_episode", at=at) as tx:
        episode = found.found(tx.reader, Episode, episode_id)
        today = local_date(tx.at)
        on = closed_on or today
        check_close(episode, on, reason, today)
        tx.change(Episode, episode_id, {"state": "closed", "closed_on": on, "close_reason": reason})
    return tx.changes


def reopen_episode(writer: Writer, episode_id: str, *, at: dt.datetime | None = None) -> Changes:
    """The closing was wrong. Coming back later is a new referral."""
    with doing(writer, "reopen_episode", at=at) as tx:
        episode = found.found(tx.reader, Episode, episode_id)
        check_reopen(episode, load_all(tx.reader, Episode, subject=episode.subject))
        tx.change(Episode, episode_id, {"state": "open", "closed_on": None, "close_reason": ""})
    return tx.changes
