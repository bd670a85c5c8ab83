"""Digital content released to a person by the criteria of its pathway, used, taken back, run out (K1, K2; Beyond 12)."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.knowledge import DigitalModule, ModuleRelease
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.domain.organisation import Practitioner
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.records import load, load_all

IN_USE = frozenset({"released", "opened"})


def add_module(writer: Writer, module: DigitalModule, *, at: dt.datetime | None = None) -> Changes:
    """Raises Refused without a name."""
    with doing(writer, "add_module", at=at) as tx:
        if not module.name.strip():
            raise Refused("Give the module a name.", "name")
        tx.create(msgspec.structs.replace(module, id=module.id or new_id()))
    return tx.changes


def change_module(
    writer: Writer,
    module_id: str,
    fields: Mapping[str, Any],
    seen: Mapping[str, Any] | None = None,
    *,
    at: dt.datetime | None = None,
) -> Changes:
    """What is said of a module from now on. Who has it released keeps it."""
    with doing(writer, "change_module", at=at) as tx:
        tx.change(DigitalModule, module_id, fields, seen)
    return tx.changes


def release_module(
    writer: Writer,
    person_id: str,
    module_id: str,
    criteria_met: Iterable[str],
    reason: str = "",
    *,
    at: dt.datetime | None = None,
) -> Changes:
    """Open content to a person. Every criterion of the module is met, or the reason says why it is opened all the
    same."""
    with doing(writer, "release_module", at=at) as tx:
        found.person(tx.reader, person_id)
        module = found.found(tx.reader, DigitalModule, module_id)
        if module.retired:
            raise Refused("This module is not released any more.", "module_id")
        asked, met = lines_of(module.criteria), tuple(dict.fromkeys(criteria_met))
        unmet = [one for one in asked if one not in met]
        if unmet and not reason.strip():
            raise Refused(f"Not met: {unmet[0]}. Say why it is opened all the same.", "reason")
        if any(
            one.state in IN_USE for one in load_all(tx.reader, ModuleRelease, subject=person_id, module_id=module_id)
        ):
            raise Refused("This module is open to the person already.", "module_id")
        today = local_date(tx.at)
        tx.create(
            ModuleRelease(
                subject=person_id,
                module_id=module_id,
                released_on=today,
                released_by=tx.author,
                criteria_met=tuple(one for one in met if one in asked),
                reason=reason,
                expires_on=today + dt.timedelta(days=module.days_open) if module.days_open else None,
                state="released",
            )
        )
    return tx.changes


def note_use(
    writer: Writer, release_id: str, used_on: dt.date, sessions_done: int, *, at: dt.datetime | None = None
) -> Changes:
    """What the platform or the person says of their use. All sessions done is finished."""
    with doing(writer, "note_use", at=at) as tx:
        release = found.found(tx.reader, ModuleRelease, release_id)
        module = load(tx.reader, DigitalModule, release.module_id)
        today = local_date(tx.at)
        if used_on > today or (release.released_on is not None and used_on < release.released_on):
            raise Refused("Use falls between the day it was released and today.", "last_used_on")
        sessions = len(lines_of(module.sessions)) if module is not None else 0
        if sessions_done < 0 or (sessions and sessions_done > sessions):
            raise Refused(f"This module has {sessions} sessions.", "sessions_done")
        done = bool(sessions) and sessions_done == sessions
        fields: dict[str, Any] = {"last_used_on": used_on, "sessions_done": sessions_done}
        state = "finished" if done else "opened"
        if release.state in IN_USE and release.state != state:
            fields["state"] = state
        if done:
            fields["ended_on"] = used_on
        tx.change(ModuleRelease, release_id, fields)
    return tx.changes


def revoke_release(writer: Writer, release_id: str, reason: str, *, at: dt.datetime | None = None) -> Changes:
    """Take it back, with a reason. Refused unless the person has it in use. No platform is told: that is done there."""
    with doing(writer, "revoke_release", at=at) as tx:
        release = found.found(tx.reader, ModuleRelease, release_id)
        if release.state not in IN_USE:
            raise Refused("This is not open to the person.", "state")
        if not reason.strip():
            raise Refused("Say why it is taken back.", "end_reason")
        tx.change(ModuleRelease, release_id, {"state": "revoked", "end_reason": reason, "ended_on": local_date(tx.at)})
    return tx.changes


def look_after_releases(writer: Writer, *, at: dt.datetime | None = None) -> Changes:
    """Once a day: what ran out is closed, and whoever opened content asks about a person who stopped using it.

    On the laptop of whoever opened it, so that one person is not asked about twice; on any laptop once they have left.
    """
    with doing(writer, "look_after_releases", at=at) as tx:
        today = local_date(tx.at)
        for release in load_all(tx.reader, ModuleRelease):
            if release.state not in IN_USE or not _is_ours(tx.reader, release, tx.author):
                continue
            if release.expires_on is not None and release.expires_on < today:
                tx.change(ModuleRelease, release.id, {"state": "expired", "ended_on": release.expires_on})
            elif _has_dropped_off(tx.reader, release, today):
                tx.create(
                    Task(
                        subject=release.subject,
                        title="Ask how the digital content is going: it has not been used",
                        kind="follow_up",
                        about_id=release.id,
                        owner_id=release.released_by if _stays(tx.reader, release.released_by) else tx.author,
                        due_on=today,
                        rule="digital_drop_off",
                        state="open",
                    )
                )
    return tx.changes


def _stays(reader: Reader, practitioner_id: str) -> bool:
    known = load(reader, Practitioner, practitioner_id)
    return known is not None and known.left_on is None


def _is_ours(reader: Reader, release: ModuleRelease, author: str) -> bool:
    return release.released_by == author or not _stays(reader, release.released_by)


def lines_of(text: str) -> tuple[str, ...]:
    """Sessions or criteria, one a line."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _has_dropped_off(reader: Reader, release: ModuleRelease, today: dt.date) -> bool:
    module = load(reader, DigitalModule, release.module_id)
    since = release.last_used_on or release.released_on
    if module is None or not module.drop_off_days or since is None:
        return False
    if (today - since).days < module.drop_off_days:
        return False
    asked = load_all(reader, Task, about_id=release.id)
    return not any(
        task.rule == "digital_drop_off" and (task.state == "open" or (task.done_on or today) >= since) for task in asked
    )
