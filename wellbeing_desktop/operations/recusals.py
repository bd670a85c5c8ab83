"""*I know this person* (PRACTICE W4): the work goes to a colleague and the record closes to whoever knows the person.

Handing over and closing are one piece of work, sent together. Nobody opens a record to themself again: their lead,
the deputy or an owner does, with a reason. What was typed and not saved would be lost with the record, so that is
settled first; what was saved and not sent is sent.
"""

import datetime as dt

import msgspec

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.concern import Concern
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.grants import OWNER, is_in_force
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.domain.onward import OnwardReferral
from wellbeing_desktop.domain.organisation import Practitioner, Team
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.domain.recusal import Recusal
from wellbeing_desktop.domain.referral import Episode, Referral
from wellbeing_desktop.domain.referral_rules import is_undecided
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.operations.handover import Moving, hand_on_work, require_may_take, waits_with
from wellbeing_desktop.storage import drafts
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.grants import grants_held, user_of
from wellbeing_desktop.storage.joined import ids_of
from wellbeing_desktop.storage.records import load_all
from wellbeing_desktop.storage.recusals import who_stands_aside
from wellbeing_desktop.storage.sync_state import has_organisation

_UNDECIDED_ONWARD = frozenset({"sent", "booked"})


class StandsAside(msgspec.Struct, frozen=True):
    """Somebody to whom a record is closed; `may_open` where the person signed in may open it to them again."""

    practitioner_id: str
    name: str
    how: str
    since_at: dt.datetime | None
    may_open: bool


def stand_aside(
    writer: Writer,
    person_id: str,
    how: str,
    *,
    who: str = "",
    to_id: str = "",
    beside_draft: str = "",
    at: dt.datetime | None = None,
) -> Changes:
    """Close the person's record to `who` (whoever is signed in, unless a lead names a colleague), after handing what
    waits with them to `to_id`. `beside_draft` is the draft of the very form that asks for it."""
    with doing(writer, "stand_aside", at=at) as tx:
        reader = tx.reader
        who = who or tx.author
        if not has_organisation(reader):
            raise Refused("This computer works alone: there is nobody to hand the record to.")
        if who != tx.author and not leads(reader, who, local_date(tx.at)):
            raise Refused("Their team lead says this of a colleague; you can say it of yourself.", "who")
        if not how:
            raise Refused("Say how you know each other.", "how")
        person = found.survivor(reader, person_id)
        ids = ids_of(reader, person.id)
        if who in who_stands_aside(reader, ids):
            raise Refused("This record is closed to them already.", "who")
        if who == tx.author:
            _require_nothing_typed(reader, ids, beside_draft)
        if any(one.lead_id == who and one.state != "closed" for one in found.every(reader, Concern, person.id)):
            raise Refused("A concern about this person is led by whoever stands aside. Somebody else takes it first.")
        if to_id == who:
            raise Refused("Choose somebody else.", "to")
        if waits_for_somebody(reader, person.id, who, local_date(tx.at)) and not to_id:
            raise Refused("Choose who takes over what waits.", "to")
        if to_id:
            found.found(reader, Practitioner, to_id)
            require_may_take(reader, person.id, to_id)
            if person.coordinator_id == who:
                tx.change(Person, person.id, {"coordinator_id": to_id}, {"coordinator_id": who})
            hand_on_work(tx, person.id, who, to_id, Moving())
            for referral in _referrals(reader, person.id, who):
                tx.change(Referral, referral.id, {"allocated_to": to_id})
            for onward in _onward(reader, person.id, who):
                tx.change(OnwardReferral, onward.id, {"owner_id": to_id})
        tx.view(person.id, "stand_aside")
        for id in ids:
            tx.create(Recusal(subject=who, person_id=id, how=how, since_at=tx.at, declared_by=tx.author))
    return msgspec.structs.replace(tx.changes, undo_id="")  # nobody opens it to themself


def open_again(
    writer: Writer, person_id: str, practitioner_id: str, reason: str, *, at: dt.datetime | None = None
) -> Changes:
    """The record is no longer closed to a colleague: it was a mistake, or the reason is over."""
    with doing(writer, "open_to_colleague", at=at) as tx:
        if practitioner_id == tx.author or not leads(tx.reader, practitioner_id, local_date(tx.at)):
            raise Refused("Only their team lead, the deputy or an owner can open it to them again.")
        if not reason.strip():
            raise Refused("Say why.", "reason")
        closed = [
            one
            for id in ids_of(tx.reader, person_id)
            for one in load_all(tx.reader, Recusal, subject=practitioner_id, person_id=id)
            if one.ended_at is None
        ]
        if not closed:
            raise Refused("This record is open to them.")
        tx.view(person_id, "open_to_colleague")
        for one in closed:
            tx.change(Recusal, one.id, {"ended_at": tx.at, "ended_by": tx.author, "ended_reason": reason.strip()})
    return tx.changes


def closed_to(reader: Reader, person_id: str, today: dt.date) -> tuple[StandsAside, ...]:
    """Who stands aside from this person's record, in name order."""
    everybody = {one.id: one.name for one in load_all(reader, Practitioner)}
    user = user_of(reader)
    rows = {
        one.subject: one
        for id in ids_of(reader, person_id)
        for one in load_all(reader, Recusal, person_id=id)
        if one.ended_at is None
    }
    return tuple(
        sorted(
            (
                StandsAside(
                    who,
                    everybody.get(who, "A colleague"),
                    one.how,
                    one.since_at,
                    who != user and leads(reader, who, today),
                )
                for who, one in rows.items()
            ),
            key=lambda one: (one.name, one.practitioner_id),
        )
    )


def leads(reader: Reader, practitioner_id: str, on: dt.date) -> bool:
    """Does the person signed in lead this colleague, stand in for who does, or answer for the organisation?"""
    return practitioner_id in those_led(reader, on)


def those_led(reader: Reader, on: dt.date) -> frozenset[str]:
    """The colleagues of whom the person signed in may say that they stand aside, and to whom they may open a record."""
    user = user_of(reader)
    if any(grant.kind == OWNER and is_in_force(grant, on) for grant in grants_held(reader)):
        return frozenset(one.id for one in load_all(reader, Practitioner))
    led: set[str] = set()
    for team in load_all(reader, Team):
        if user in (team.lead_id, team.deputy_id):
            led |= {*team.members, team.lead_id, team.deputy_id}
    return frozenset(led - {""})


def waits_for_somebody(reader: Reader, person_id: str, practitioner_id: str, today: dt.date) -> bool:
    """Would anything of this person's be nobody's if the practitioner stood aside without handing over?"""
    person = found.survivor(reader, person_id)
    waiting = waits_with(reader, person.id, practitioner_id, today)
    return bool(
        person.coordinator_id == practitioner_id
        or waiting.tasks
        or waiting.appointments
        or waiting.promises
        or found.every(reader, Episode, person.id, state="open", practitioner_id=practitioner_id)
        or _referrals(reader, person.id, practitioner_id)
        or _onward(reader, person.id, practitioner_id)
    )


def _require_nothing_typed(reader: Reader, ids: tuple[str, ...], beside_draft: str) -> None:
    typed = [draft for id in ids for draft in drafts.drafts(reader, id) if draft.key != beside_draft]
    if typed:
        raise Refused(
            "Something about this person is typed and not saved. Save or discard it first: once the record is closed "
            "you cannot."
        )


def _referrals(reader: Reader, person_id: str, practitioner_id: str) -> list[Referral]:
    return [one for one in found.every(reader, Referral, person_id, allocated_to=practitioner_id) if is_undecided(one)]


def _onward(reader: Reader, person_id: str, practitioner_id: str) -> list[OnwardReferral]:
    owned = found.every(reader, OnwardReferral, person_id, owner_id=practitioner_id)
    return [one for one in owned if one.state in _UNDECIDED_ONWARD]
