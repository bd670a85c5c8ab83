"""Where the person is now: home, a ward, a care home (PRACTICE W11)."""

import datetime as dt

import msgspec

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.domain.safety import Stay
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.operations.follow_ups import keep_follow_ups
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.records import load_all


def record_stay(writer: Writer, stay: Stay, *, at: dt.datetime | None = None) -> Changes:
    """A new place; the one before it ends on the day that this one begins."""
    with doing(writer, "record_stay", at=at) as tx:
        found.person(tx.reader, stay.subject)
        today = local_date(tx.at)
        started_on = stay.started_on or today
        if started_on > today:
            raise Refused("This is in the future.", "started_on")
        for known in load_all(tx.reader, Stay, subject=stay.subject):
            if known.ended_on is None:
                tx.change(Stay, known.id, {"ended_on": max(started_on, known.started_on or started_on)})
        tx.create(msgspec.structs.replace(stay, started_on=started_on))
        keep_follow_ups(tx, stay.subject)
    return tx.changes


def end_stay(writer: Writer, stay_id: str, ended_on: dt.date, *, at: dt.datetime | None = None) -> Changes:
    """They left that place, and nobody knows yet where to. Another place is `record_stay`, which ends this one."""
    with doing(writer, "end_stay", at=at) as tx:
        stay = found.found(tx.reader, Stay, stay_id)
        if stay.ended_on is not None:
            raise Refused("It is recorded already that they left.", "ended_on")
        if ended_on > local_date(tx.at):
            raise Refused("This is in the future.", "ended_on")
        if stay.started_on is not None and ended_on < stay.started_on:
            raise Refused("They cannot leave before they came.", "ended_on")
        tx.change(Stay, stay_id, {"ended_on": ended_on}, {"ended_on": None})
        keep_follow_ups(tx, stay.subject)
    return tx.changes
