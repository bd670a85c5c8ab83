"""Giving a referral to a role or a person (B3), and the training that it asks for (Q5).

The owner of a referral merges by `Merge.OWNER`: two people who allocate the same referral on two laptops are a clash
on the desk. Whatever is settled there, the support and the person's coordinator follow (`follow_owner`).
"""

import datetime as dt
from typing import Any, Final

from wellbeing_desktop.domain.allocation import Candidate, candidates
from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.organisation import Organisation, Practitioner
from wellbeing_desktop.domain.person import Address, Person
from wellbeing_desktop.domain.referral import Episode, Referral
from wellbeing_desktop.domain.training import Training, out_of_date
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.operations.clocks import setting_value
from wellbeing_desktop.operations.handover import require_may_take
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.records import load, load_all
from wellbeing_desktop.storage.workload import loads
from wellbeing_desktop.storage.write_door import Transaction

TRAINING_SETTING: Final = "allocation.training"
"""Kinds of training that somebody is to have in date before taking referrals; none until the service says."""


def needed_training(reader: Reader) -> tuple[str, ...]:
    """The kinds of training that the service asks for before somebody takes a referral; none until it says."""
    value = setting_value(reader, TRAINING_SETTING)
    return tuple(str(kind) for kind in value) if isinstance(value, list) else ()


def colleagues(reader: Reader, on: dt.date) -> list[Practitioner]:
    """Who works here on a day, in name order."""
    everyone = load_all(reader, Practitioner)
    return sorted(
        (
            one
            for one in everyone
            if one.name.strip() and one.is_user is not False and (one.left_on is None or one.left_on >= on)
        ),
        key=lambda one: (one.name, one.id),
    )


def who_could_take(reader: Reader, referral: Referral, on: dt.date) -> tuple[Candidate, ...]:
    """Everybody, in the stated order, with the reasons for it."""
    person = found.survivor(reader, referral.subject)
    practice = load(reader, Organisation, referral.practice_id or person.practice_id or "-")
    needed, team = needed_training(reader), colleagues(reader, on)
    done = load_all(reader, Training) if needed else []
    untrained = {one.id: out_of_date(needed, (each for each in done if each.subject == one.id), on) for one in team}
    return candidates(
        team,
        person,
        referral,
        _district(reader, person.id),
        loads(reader, on),
        untrained,
        practice.name if practice else "",
    )


def allocate_referral(
    writer: Writer,
    referral_id: str,
    *,
    practitioner_id: str = "",
    role: str = "",
    team_id: str = "",
    although: str = "",
    at: dt.datetime | None = None,
) -> Changes:
    """An accepted referral to a person, or to a role until somebody of it takes it. Training that is not in date needs
    a reason, kept with the referral's history."""
    with doing(writer, "allocate_referral", at=at) as tx:
        referral = found.found(tx.reader, Referral, referral_id)
        if referral.state != "accepted":
            raise Refused("Accept the referral first, then say who takes it.", "practitioner_id")
        if not practitioner_id and not role.strip():
            raise Refused("Choose a person or a role.", "practitioner_id")
        give_to(tx, referral, practitioner_id, role=role, team_id=team_id, although=although)
    return tx.changes


def give_to(
    tx: Transaction, referral: Referral, practitioner_id: str, *, role: str = "", team_id: str = "", although: str = ""
) -> None:
    """Within a transaction."""
    if practitioner_id:
        check_trained(tx.reader, practitioner_id, although, tx.at.date())
    fields: dict[str, Any] = {"allocated_to": practitioner_id, "allocated_role": role.strip()}
    if team_id:
        fields["allocated_team"] = team_id
    if although.strip():
        fields["allocation_reason"] = although.strip()
    tx.change(Referral, referral.id, fields)
    follow_owner(tx, referral.id, referral.subject, practitioner_id)


def check_trained(reader: Reader, practitioner_id: str, although: str, on: dt.date) -> None:
    """Refused, with what is not in date, unless there is a reason."""
    done = load_all(reader, Training, subject=practitioner_id)
    missing = out_of_date(needed_training(reader), done, on)
    if missing and len(although.split()) < 3:
        raise Refused(
            f"Training is not in date: {', '.join(missing)}. Choose somebody else, or say in a few words why.",
            "although",
        )


def follow_owner(tx: Transaction, referral_id: str, person_id: str, practitioner_id: str) -> None:
    """The open support of this referral, and the person, get the same coordinator."""
    if not practitioner_id:
        return
    require_may_take(tx.reader, person_id, practitioner_id, "practitioner_id")
    for episode in load_all(tx.reader, Episode, referral_id=referral_id, state="open"):
        if episode.practitioner_id != practitioner_id:
            tx.change(Episode, episode.id, {"practitioner_id": practitioner_id})
        person = load(tx.reader, Person, person_id)
        if person is not None and person.coordinator_id != practitioner_id:
            tx.change(Person, person_id, {"coordinator_id": practitioner_id})


def follow_team(tx: Transaction, referral_id: str, team_id: str) -> None:
    """The open support of this referral gets the same team."""
    for episode in load_all(tx.reader, Episode, referral_id=referral_id, state="open"):
        tx.change(Episode, episode.id, {"team_id": team_id})


def set_areas(
    writer: Writer,
    practitioner_id: str,
    *,
    practices: tuple[str, ...],
    districts: tuple[str, ...],
    languages: tuple[str, ...],
    at: dt.datetime | None = None,
) -> Changes:
    """Where a colleague works, and the languages that they speak."""
    with doing(writer, "change_colleague", at=at) as tx:
        before = found.found(tx.reader, Practitioner, practitioner_id)
        for field, wanted in (("practices", practices), ("districts", districts), ("languages", languages)):
            had, now = set(getattr(before, field)), {one.strip() for one in wanted if one.strip()}
            if field == "districts":
                now = {one.upper() for one in now}
            tx.add_members(Practitioner, practitioner_id, field, sorted(now - had))
            tx.remove_members(Practitioner, practitioner_id, field, sorted(had - now))
    return tx.changes


def record_training(writer: Writer, training: Training, *, at: dt.datetime | None = None) -> Changes:
    """Training that a colleague has done. An earlier one of the same kind stays: it was in date in its time."""
    with doing(writer, "record_training", at=at) as tx:
        found.found(tx.reader, Practitioner, training.subject)
        if not training.kind.strip():
            raise Refused("Say which training.", "kind")
        if training.done_on is None:
            raise Refused("Say when it was done.", "done_on")
        if training.done_on > tx.at.date():
            raise Refused("Training cannot have been done in the future.", "done_on")
        if training.expires_on is not None and training.expires_on < training.done_on:
            raise Refused("It cannot run out before it was done.", "expires_on")
        tx.create(training)
    return tx.changes


def _district(reader: Reader, person_id: str) -> str:
    """The first half of the postcode where the person lives now."""
    now = [one for one in found.every(reader, Address, person_id) if not one.ended_on and one.postcode.strip()]
    return now[-1].postcode.split()[0].upper() if now else ""
