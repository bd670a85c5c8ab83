"""Two records of one person: joined by an alias in both, taken apart by ending it (SYNC 3.5)."""

import datetime as dt

import msgspec

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.correction import Alias
from wellbeing_desktop.domain.death import has_died
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.organisation import Practitioner
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.joined import ids_of
from wellbeing_desktop.storage.records import load, load_all
from wellbeing_desktop.storage.recusals import who_stands_aside
from wellbeing_desktop.storage.write_door import Transaction


def join_people(
    writer: Writer,
    survivor_id: str,
    vanished_id: str,
    reason: str,
    *,
    at: dt.datetime | None = None,
) -> Changes:
    """One person has two records. Nothing moves: everything is read through the alias, and ending it undoes it."""
    with doing(writer, "join_people", at=at) as tx:
        join(tx, survivor_id, vanished_id, reason)
    return tx.changes


def join(tx: Transaction, survivor_id: str, vanished_id: str, reason: str) -> None:
    """Within a transaction: `vanished_id` is read through `survivor_id` from now on."""
    if survivor_id == vanished_id:
        raise Refused("These are one and the same record.", "vanished_id")
    kept, joined = found.person(tx.reader, survivor_id), found.person(tx.reader, vanished_id)
    if not reason.strip():
        raise Refused("Say how you know that this is one person.", "reason")
    survivors = survivor_of(tx.reader)
    if vanished_id in survivors:
        raise Refused("This record is joined to another already.", "vanished_id")
    if final_survivor(survivors, survivor_id) == vanished_id:
        raise Refused("The other way round these two are joined already.", "survivor_id")
    _keep_the_safer(kept, joined)
    _keep_closed(tx.reader, survivor_id, vanished_id)
    for subject in (survivor_id, vanished_id):
        tx.create(
            Alias(
                subject=subject,
                survivor_id=survivor_id,
                vanished_id=vanished_id,
                state="active",
                reason=reason,
                made_by=tx.author,
            )
        )


def _keep_the_safer(kept: Person, joined: Person) -> None:
    """What protects somebody must be on the record that is read from now on."""
    if has_died(joined) and not has_died(kept):
        raise Refused("The other record says that this person has died. Keep that one.", "survivor_id")
    if joined.restricted and not kept.restricted:
        raise Refused("The other record is restricted. Keep that one, so that it stays protected.", "survivor_id")


def _keep_closed(reader: Reader, survivor_id: str, vanished_id: str) -> None:
    """Whoever stands aside from one of the two stands aside from both, or would read the one through the other."""
    kept, joined = (who_stands_aside(reader, ids_of(reader, id)) for id in (survivor_id, vanished_id))
    for practitioner_id in sorted(kept ^ joined):
        colleague = load(reader, Practitioner, practitioner_id)
        name = colleague.name if colleague is not None else "A colleague"
        raise Refused(
            f"{name} stands aside from one of these records. Ask their team lead to close the other to them first.",
            "vanished_id",
        )


def take_people_apart(writer: Writer, survivor_id: str, vanished_id: str, *, at: dt.datetime | None = None) -> Changes:
    """The two were not one after all. Nothing moves: what was written under each record is where it was. Refused
    when they are not joined."""
    with doing(writer, "take_people_apart", at=at) as tx:
        joined = load_all(tx.reader, Alias, survivor_id=survivor_id, vanished_id=vanished_id, state="active")
        if not joined:
            raise Refused("These two records are not joined.")
        for alias in joined:
            tx.change(Alias, alias.id, {"state": "ended"})
    return tx.changes


def survivor_of(reader: Reader) -> dict[str, str]:
    """Every record that was joined to another, and which."""
    return {alias.vanished_id: alias.survivor_id for alias in load_all(reader, Alias, state="active")}


def final_survivor(survivors: dict[str, str], person_id: str) -> str:
    """Through joins of joins to the record that is kept; a ring made by two laptops ends at its smallest id."""
    seen = [person_id]
    while seen[-1] in survivors:
        following = survivors[seen[-1]]
        if following in seen:
            return min(seen[seen.index(following) :])
        seen.append(following)
    return seen[-1]


class JoinedPair(msgspec.Struct, frozen=True):
    """One join that is in force."""

    survivor_id: str
    vanished_id: str
    reason: str


def joins_of(reader: Reader, person_id: str) -> tuple[JoinedPair, ...]:
    """The joins that this person's record takes part in."""
    return tuple(
        JoinedPair(alias.survivor_id, alias.vanished_id, alias.reason)
        for alias in load_all(reader, Alias, subject=person_id, state="active")
    )
