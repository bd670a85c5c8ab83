"""Who looks after a colleague's people for a time (B8). Grants follow from it on the server."""

import datetime as dt
from collections.abc import Iterable

import msgspec

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.onward import Cover
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.joined import ids_of
from wellbeing_desktop.storage.records import load_all
from wellbeing_desktop.storage.recusals import closed_to


def arrange_cover(writer: Writer, cover: Cover, *, at: dt.datetime | None = None) -> Changes:
    """`cover.subject` is who is away or shares; yourself if nobody is named."""
    with doing(writer, "arrange_cover", at=at) as tx:
        away = cover.subject or tx.author
        if not cover.cover_id:
            raise Refused("Choose who covers.", "cover_id")
        if cover.cover_id == away:
            raise Refused("Somebody else covers.", "cover_id")
        if not cover.kind:
            raise Refused("Say why: leave, sickness, a job share or a hand-over.", "kind")
        if cover.since_on is None:
            raise Refused("Say from which day.", "since_on")
        if cover.until_on is not None and cover.until_on < cover.since_on:
            raise Refused("The last day is before the first.", "until_on")
        if cover.kind in ("leave", "sickness") and cover.until_on is None:
            raise Refused("Say until which day. It can be moved later.", "until_on")
        tx.create(msgspec.structs.replace(cover, id=cover.id or new_id(), subject=away, made_by=tx.author))
    return tx.changes


def end_cover(writer: Writer, cover_id: str, *, at: dt.datetime | None = None) -> Changes:
    """Before its last day, or because it was arranged by mistake. The server takes back the access that it gave
    when it hears of it."""
    with doing(writer, "end_cover", at=at) as tx:
        if found.found(tx.reader, Cover, cover_id).ended:
            raise Refused("This cover has ended already.")
        tx.change(Cover, cover_id, {"ended": True})
    return tx.changes


def covers_on(reader: Reader, practitioner_id: str, on: dt.date) -> tuple[Cover, ...]:
    """Whom this practitioner covers for on a day."""
    return tuple(
        cover
        for cover in load_all(reader, Cover, cover_id=practitioner_id)
        if not cover.ended
        and cover.since_on is not None
        and cover.since_on <= on
        and (cover.until_on is None or on <= cover.until_on)
    )


def covers_to_show(reader: Reader, practitioner_id: str, today: dt.date) -> tuple[Cover, ...]:
    """Covers of this practitioner's people, and those that they give, that go on or are still to come."""
    both = {
        cover.id: cover
        for cover in (
            *load_all(reader, Cover, subject=practitioner_id),
            *load_all(reader, Cover, cover_id=practitioner_id),
        )
    }
    going = [one for one in both.values() if not one.ended and (one.until_on is None or one.until_on >= today)]
    return tuple(sorted(going, key=lambda one: (one.since_on or today, one.id)))


def left_uncovered(reader: Reader, cover: Cover, people: Iterable[str]) -> tuple[str, ...]:
    """Of these people of whoever is away, those from whom the one who covers stands aside: cover brings them nobody."""
    closed = closed_to(reader, cover.cover_id)
    return tuple(id for id in people if closed and closed & set(ids_of(reader, id)))
