"""Grants given, widened, narrowed and ended by an administrator, one by one: what a role does not bring by itself.

A role brings the usual grants (members.py). What is restricted is never among them: somebody has to be named for it,
with a reason, and it is noted among the administrators' acts. Nobody who is cared for is shown; whoever names a person
brings the number of the record and the date of birth, which must belong together.

The command line and the console are two doors to what is here: `look_at` says what a change would come to and does
nothing, `give` and `change` do it.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain import grants as rules
from wellbeing_desktop.domain.definition import Compartment
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.operation import OperationKind
from wellbeing_desktop.domain.organisation import Grant
from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.domain.wire import record_from
from wellbeing_desktop.sync.protocol.pushing import PushedOperation
from wellbeing_desktop.sync.server import acts, members, sql
from wellbeing_desktop.sync.server.engine import Transaction
from wellbeing_desktop.sync.server.erasure import check_born
from wellbeing_desktop.sync.server.grant_effect import Effect, effect_of
from wellbeing_desktop.sync.server.grant_list import all_grants
from wellbeing_desktop.sync.server.scope import GRANT
from wellbeing_desktop.sync.server.service import Service

KINDS: Final = (rules.CASELOAD, rules.TEAM, rules.FRONT_DESK, rules.OFFICE, rules.RETURN, rules.OWNER)
OF_EVERYBODY: Final = frozenset(given[0] for given in members.ROLES.values() if given is not None and given[1])
"""Kinds that a role gives of everybody in the service; the others gain people as coordinators change."""
RESTRICTED: Final = Compartment.RESTRICTED.value
ENDS, NAMES_RESTRICTED, NO_MORE_RESTRICTED = "ends", "restricted", "not_restricted"
"""What may be done to a grant that is there."""
_ACTS: Final = {
    ENDS: "grant ended",
    NAMES_RESTRICTED: "grant names restricted",
    NO_MORE_RESTRICTED: "grant names restricted no more",
}


class NewGrant(msgspec.Struct, frozen=True, kw_only=True):
    """What is given. `people` are numbers of records with their dates of birth; `service_files` are the organisation's
    own: incidents and complaints. A caseload or team grant that names nobody gains people as coordinators change."""

    member: str
    kind: str
    reason: str
    people: Sequence[tuple[str, str]] = ()
    everybody: bool = False
    service_files: bool = False
    restricted: bool = False
    reads_only: bool = False
    with_names: bool = False
    since_on: dt.date | None = None
    until_on: dt.date | None = None


class GrantChange(msgspec.Struct, frozen=True, kw_only=True):
    """What is done to a grant that is there: one of ENDS, NAMES_RESTRICTED and NO_MORE_RESTRICTED. `last_on` is the last
    day of one that ends; without it, it ends now."""

    number: str
    what: str
    reason: str
    last_on: dt.date | None = None


class _Planned(msgspec.Struct, frozen=True):
    """A change that the rules allow: the grant as it is then, from which day on, and how it is written."""

    after: Grant
    on: dt.date
    act: str
    operation: PushedOperation


def look_at(service: Service, wanted: NewGrant | GrantChange) -> Effect:
    """What it would come to. Changes nothing. Raises Refused as doing it would."""
    today = service.now().date()

    def work(transaction: Transaction) -> Effect:
        planned = _planned(transaction, service.org, wanted, today)
        return effect_of(transaction, service.org, planned.after, planned.on, today)

    return service.engine.read(work)


def give(service: Service, new: NewGrant, *, by: str, seen: str = "") -> str:
    """A new grant; answers its number. With `seen`, an effect's mark, only if it still comes to that. Raises Refused."""
    return _do(service, new, by, seen)


def change(service: Service, wanted: GrantChange, *, by: str, seen: str = "") -> None:
    """Do it. With `seen`, an effect's mark, only if it still comes to that. Raises Refused."""
    _do(service, wanted, by, seen)


def _do(service: Service, wanted: NewGrant | GrantChange, by: str, seen: str) -> str:
    now = service.now()

    def work(transaction: Transaction) -> str:
        clock = sql.locked_clock(transaction, service.org)
        planned = _planned(transaction, service.org, wanted, now.date())
        if seen and effect_of(transaction, service.org, planned.after, planned.on, now.date()).mark != seen:
            raise Refused("What it comes to has changed since you looked. Nothing was done: look again.", "seen")
        member = planned.after.practitioner_id
        acts.note(transaction, service.org, service.keys, by, planned.act, member, now)
        members.write_within(transaction, service, clock, [planned.operation], now)
        return planned.after.id

    return service.engine.write(work)


def _planned(transaction: Transaction, org: str, wanted: NewGrant | GrantChange, today: dt.date) -> _Planned:
    _require_reason(wanted.reason)
    if isinstance(wanted, NewGrant):
        return _planned_gift(transaction, org, wanted, today)
    return _planned_change(transaction, org, wanted, today)


def _planned_gift(transaction: Transaction, org: str, new: NewGrant, today: dt.date) -> _Planned:
    everybody = new.everybody or (new.kind in OF_EVERYBODY and not new.people)
    _check(new, everybody=everybody, today=today)
    _require_holder(transaction, org, new.member)
    for number, born in new.people:
        check_born(transaction, org, number, born, "Nothing was given.")
    subjects = {number for number, _born in new.people}
    subjects |= {rules.EVERYONE} if everybody else set()
    subjects |= {org} if new.service_files else set()
    body: dict[str, Any] = {"practitioner_id": new.member, "kind": new.kind, "reason": _plain(new.reason)}
    if subjects:
        body["subjects"] = sorted(subjects)
    if subjects and not everybody:
        body["named_only"] = True  # what was decided about one person is not passed on to the next
    if new.restricted or new.service_files:
        body["compartments"] = sorted({*rules.usual_compartments(new.kind), RESTRICTED})
    if not new.reads_only:
        body["may_write"] = True
    if new.with_names:
        body["with_names"] = True
    for name, day in (("since_on", new.since_on), ("until_on", new.until_on)):
        if day is not None:
            body[name] = day.isoformat()
    id = new_id()
    made = record_from(RECORD_TYPES[GRANT], id, new.member, body)
    assert isinstance(made, Grant)
    act = f"grant given: {new.kind}" + (", restricted" if RESTRICTED in made.compartments else "")
    operation = _operation(id, new.member, OperationKind.CREATE, body)
    return _Planned(made, max(today, new.since_on or today), act, operation)


def _planned_change(transaction: Transaction, org: str, wanted: GrantChange, today: dt.date) -> _Planned:
    if wanted.what not in _ACTS:
        raise Refused(f"A change of a grant is one of: {', '.join(_ACTS)}.")
    grant = next((one for one in all_grants(transaction, org) if one.id == wanted.number), None)
    if grant is None:
        raise Refused("There is no grant with that number.")
    if transaction.one("SELECT 1 FROM cover_grant WHERE org = ? AND grant_id = ?", (org, wanted.number)):
        raise Refused("This grant comes from a cover: change or end the cover.")
    emergency = transaction.one("SELECT 1 FROM emergency WHERE org = ? AND grant_id = ?", (org, wanted.number))
    if emergency and wanted.what != ENDS:
        raise Refused("Emergency access never reaches what is restricted.")
    after, patch, on = _ended(grant, wanted, today) if wanted.what == ENDS else _named(grant, wanted, today)
    reason = _plain(wanted.reason)
    was = {"reason": grant.reason or None, "until_on": grant.until_on.isoformat() if grant.until_on else None}
    patch = {**patch, "reason": reason}
    operation = _operation(
        grant.id,
        grant.practitioner_id,
        OperationKind.CHANGE,
        patch,
        {name: was[name] for name in patch if name in was},
    )
    return _Planned(msgspec.structs.replace(after, reason=reason), on, _ACTS[wanted.what], operation)


def _ended(grant: Grant, wanted: GrantChange, today: dt.date) -> tuple[Grant, dict[str, Any], dt.date]:
    """Yesterday was the last day of one that ends now."""
    yesterday = today - dt.timedelta(days=1)
    last = wanted.last_on or yesterday
    if grant.until_on is not None and grant.until_on <= yesterday:
        raise Refused("This grant has ended already.")
    if last < yesterday:
        raise Refused("The last day is over already. Choose today or a later day, or end the grant now.", "last")
    if grant.until_on is not None and grant.until_on <= last:
        raise Refused("This grant ends by then as it is.", "last")
    after = msgspec.structs.replace(grant, until_on=last)
    return after, {"until_on": last.isoformat()}, last + dt.timedelta(days=1)


def _named(grant: Grant, wanted: GrantChange, today: dt.date) -> tuple[Grant, dict[str, Any], dt.date]:
    """Named for what is restricted of those whom it covers, or no more."""
    if wanted.what == NO_MORE_RESTRICTED:
        if RESTRICTED not in grant.compartments:
            raise Refused("This grant does not name what is restricted.")
        less = tuple(one for one in grant.compartments if one != RESTRICTED)
        if not less:  # a grant that lists nothing gives the usual
            raise Refused("This grant reaches what is restricted and nothing else. End it instead.")
        after = msgspec.structs.replace(grant, compartments=less)
        return after, {"compartments": {"add": [], "remove": [RESTRICTED]}}, today
    _check_kind_for_restricted(grant.kind)
    if RESTRICTED in grant.compartments:
        raise Refused("This grant reaches what is restricted already.")
    held = {str(one) for one in grant.compartments or rules.usual_compartments(grant.kind)} | {RESTRICTED}
    after = msgspec.structs.replace(grant, compartments=tuple(sorted(held)))
    return after, {"compartments": {"add": sorted(held - {*grant.compartments}), "remove": []}}, today


def _check(new: NewGrant, *, everybody: bool, today: dt.date) -> None:
    if new.kind not in KINDS:
        raise Refused(f"A grant is one of: {', '.join(KINDS)}.", "kind")
    if everybody and new.people:
        raise Refused("Name people, or give everybody: not both.", "whom")
    if new.restricted:
        _check_kind_for_restricted(new.kind)
    if new.service_files and new.kind not in (rules.TEAM, rules.CASELOAD):
        raise Refused("The service's own files go with a grant of the kind team or caseload; an owner has them.")
    if new.with_names and new.kind != rules.RETURN:
        raise Refused("Names belong to a grant for the return; the others show them anyway.")
    if new.since_on and new.until_on and new.until_on < new.since_on:
        raise Refused("The last day is before the first.", "until")
    if new.until_on and new.until_on < today:
        raise Refused("The last day is over already.", "until")


def _check_kind_for_restricted(kind: str) -> None:
    if kind not in KINDS:
        raise Refused("This grant is of a kind that this server does not know. It can only be ended.")
    if kind == rules.OWNER:
        raise Refused("An owner's grant reaches what is restricted as it is.")
    if kind == rules.RETURN:
        raise Refused("A return counts; it never shows what is restricted.")


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused("Say why, and who decided it. Name nobody who is cared for.", "reason")


def _plain(text: str) -> str:
    return " ".join(text.split())


def _require_holder(transaction: Transaction, org: str, member: str) -> None:
    """Somebody who works here. Whoever looks after users and laptops alone holds no records (SECURITY 3.4)."""
    row = transaction.one("SELECT roles FROM member WHERE org = ? AND id = ? AND state = 'active'", (org, member))
    if row is None:
        raise Refused("Nobody with that number works here.")
    if str(row[0]).split() == [members.ADMINISTRATOR]:
        raise Refused("An administrator of users and laptops holds no records. Invite them with a role of their own.")


def _operation(
    id: str, member: str, kind: OperationKind, patch: dict[str, Any], was: dict[str, Any] | None = None
) -> PushedOperation:
    return PushedOperation(
        n=0,
        op_id=new_id(),
        txn=new_id(),
        id=id,
        type=GRANT,
        subject=member,
        compartment="card",
        kind=kind,
        author="",
        at="",
        patch=patch,
        was=was or {},
    )
