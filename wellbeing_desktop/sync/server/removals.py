"""The reason for a removal of unusual size, signed for one laptop and one place (SYNC 3.7, fault 37).

By itself the server gives one where the records say it of everybody who goes: whoever holds them has left, the grant
was given until a day, or each person has a colleague for a coordinator. For everything else an administrator looks, and
allows it for the grants as they stand (table `removal`); when those move again, the word does not hold any more.
"""

import datetime as dt
from collections.abc import Iterable

import msgspec

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.removal import MANY_PEOPLE, REASONS, removal_message
from wellbeing_desktop.sync.outcome import RecordState
from wellbeing_desktop.sync.protocol.pulling import Left
from wellbeing_desktop.sync.server import acts, sql
from wellbeing_desktop.sync.server.auth import Secrets
from wellbeing_desktop.sync.server.caseloads import COORDINATOR
from wellbeing_desktop.sync.server.engine import Transaction
from wellbeing_desktop.sync.server.history import moment
from wellbeing_desktop.sync.server.scope import Scope, has_left, scope_version


class Allowed(msgspec.Struct, frozen=True):
    """A reason that an administrator gave, and for which of somebody's grants."""

    member: str
    scope_ver: int
    reason: str
    at: str


def reason_for(transaction: Transaction, org: str, member: str, then: Scope, now: Scope, leave: Iterable[Left]) -> str:
    """The word; empty if nobody must say why, or if nothing says it."""
    people = {left.bucket.subject for left in leave if left.why == "ended"}
    if len(people) <= MANY_PEOPLE:
        return ""
    told = standing_reason(transaction, org, member, now.on)
    if told:
        return told
    still = {grant.id for grant in now.grants}
    gone = {grant.id for grant in then.grants if grant.id not in still}
    as_it_is = sql.records(transaction, org, gone)
    if gone and all(id in as_it_is and _has_ended(as_it_is[id].state, now.on) for id in gone):
        return "ended"
    return "moved" if _all_with_colleagues(transaction, org, member, people) else ""


def standing_reason(transaction: Transaction, org: str, member: str, on: dt.date) -> str:
    """What holds whatever it is that goes: an administrator's word for the grants of now, or that they have left."""
    row = transaction.one(
        "SELECT reason FROM removal WHERE org = ? AND member = ? AND scope_ver = ?",
        (org, member, scope_version(transaction, org, member)),
    )
    if row is not None:
        return str(row[0])
    return "left" if has_left(transaction, org, member, on) else ""


def signature(keys: Secrets, org: str, device: str, epoch: str, seq: int, scope_ver: int, reason: str) -> str:
    return keys.sign(removal_message(org, device, epoch, seq, scope_ver, reason)) if reason else ""


def allow(
    transaction: Transaction, org: str, keys: Secrets, member: str, reason: str, now: dt.datetime, *, by: str
) -> Allowed:
    """An administrator has looked: somebody's laptops may give up what their grants do not cover any more. Raises
    Refused for nobody, or for no reason of ours."""
    if reason not in REASONS:
        raise Refused(f"A reason is one of: {', '.join(REASONS)}.")
    sql.locked_clock(transaction, org)
    if transaction.one("SELECT 1 FROM member WHERE org = ? AND id = ?", (org, member)) is None:
        raise Refused("Nobody with that number works here.")
    made = Allowed(member, scope_version(transaction, org, member), reason, moment(now))
    transaction.run(
        "INSERT INTO removal (org, member, scope_ver, reason, at) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (org, member, scope_ver) DO UPDATE SET reason = excluded.reason, at = excluded.at",
        (org, made.member, made.scope_ver, made.reason, made.at),
    )
    acts.note(transaction, org, keys, by, f"allowed a large removal: {reason}", member, now)
    return made


def allowed(transaction: Transaction, org: str) -> list[Allowed]:
    rows = transaction.all(
        "SELECT member, scope_ver, reason, at FROM removal WHERE org = ? ORDER BY at DESC, member LIMIT 50", (org,)
    )
    return [Allowed(str(member), int(ver), str(reason), str(at)) for member, ver, reason, at in rows]


def _has_ended(grant: RecordState, on: dt.date) -> bool:
    """Did its own last day pass? One that was taken away as a whole says nothing of the sort."""
    until = str(grant.body.get("until_on") or "")
    return not grant.deleted and bool(until) and until < on.isoformat()


def _all_with_colleagues(transaction: Transaction, org: str, member: str, people: set[str]) -> bool:
    """Does each of them have somebody else for a coordinator?"""
    for stored in sql.records(transaction, org, people).values():
        coordinator = str(stored.state.body.get(COORDINATOR) or "")
        if stored.state.type == "person" and not stored.state.deleted and coordinator in ("", member):
            return False
    return True
