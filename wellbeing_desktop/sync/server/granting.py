"""Grants given, widened, narrowed and ended by an administrator, one by one: what a role does not bring by itself.

A role brings the usual grants (members.py). What is restricted is never among them: somebody has to be named for it,
with a reason, and it is noted among the administrators' acts. Nobody who is cared for is shown; whoever names a person
brings the number of the record and the date of birth, which must belong together.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain import grants as rules
from wellbeing_desktop.domain.definition import Compartment
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.operation import OperationKind
from wellbeing_desktop.domain.organisation import Grant
from wellbeing_desktop.sync.protocol.pushing import PushedOperation
from wellbeing_desktop.sync.server import acts, members, sql
from wellbeing_desktop.sync.server.engine import Transaction
from wellbeing_desktop.sync.server.erasure import check_born
from wellbeing_desktop.sync.server.scope import GRANT, grants_of
from wellbeing_desktop.sync.server.service import Service

KINDS: Final = (rules.CASELOAD, rules.TEAM, rules.FRONT_DESK, rules.OFFICE, rules.RETURN, rules.OWNER)
OF_EVERYBODY: Final = frozenset(given[0] for given in members.ROLES.values() if given is not None and given[1])
"""Kinds that a role gives of everybody in the service; the others gain people as coordinators change."""
RESTRICTED: Final = Compartment.RESTRICTED.value


class GrantLine(msgspec.Struct, frozen=True):
    """A grant without anybody's name. `people` is "everybody" or how many."""

    number: str
    member: str
    name: str
    kind: str
    people: str
    compartments: tuple[str, ...]
    may_write: bool
    with_names: bool
    since_on: str
    until_on: str
    state: str
    reason: str


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


def listed(service: Service, member: str = "") -> list[GrantLine]:
    """Every grant there is, or those of one member; the ended ones too."""
    on = service.now().date()
    names = {one.id: one.name for one in members.members(service)}
    found = service.engine.read(lambda transaction: _all_grants(transaction, service.org, member))
    return [
        GrantLine(
            number=grant.id,
            member=grant.practitioner_id,
            name=names.get(grant.practitioner_id, ""),
            kind=grant.kind,
            people="everybody" if rules.EVERYONE in grant.subjects else str(len({*grant.subjects} - {service.org})),
            compartments=tuple(sorted(str(one) for one in rules.compartments_of(grant))),
            may_write=grant.may_write is True,
            with_names=grant.with_names is True,
            since_on=grant.since_on.isoformat() if grant.since_on else "",
            until_on=grant.until_on.isoformat() if grant.until_on else "",
            state="in force" if rules.is_in_force(grant, on) else "not in force",
            reason=grant.reason,
        )
        for grant in sorted(found, key=lambda one: (names.get(one.practitioner_id, ""), one.kind, one.id))
    ]


def give(service: Service, new: NewGrant, *, by: str) -> str:
    """A new grant; answers its number. Raises Refused."""
    _require_reason(new.reason)
    everybody = new.everybody or (new.kind in OF_EVERYBODY and not new.people)
    _check(new, everybody=everybody)
    now, id = service.now(), new_id()

    def work(transaction: Transaction) -> str:
        clock = sql.locked_clock(transaction, service.org)
        _require_holder(transaction, service.org, new.member)
        for number, born in new.people:
            check_born(transaction, service.org, number, born, "Nothing was given.")
        subjects = {number for number, _born in new.people}
        subjects |= {rules.EVERYONE} if everybody else set()
        subjects |= {service.org} if new.service_files else set()
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
        what = f"grant given: {new.kind}" + (", restricted" if RESTRICTED in body.get("compartments", ()) else "")
        acts.note(transaction, service.org, service.keys, by, what, new.member, now)
        members.write_within(transaction, service, clock, [_operation(id, new.member, OperationKind.CREATE, body)], now)
        return id

    return service.engine.write(work)


def name_for_restricted(service: Service, number: str, reason: str, *, by: str) -> None:
    """From now on this grant reaches what is restricted, of those whom it covers. Raises Refused."""

    def patch(grant: Grant) -> dict[str, Any]:
        _check_kind_for_restricted(grant.kind)
        if RESTRICTED in grant.compartments:
            raise Refused("This grant reaches what is restricted already.")
        held = grant.compartments or rules.usual_compartments(grant.kind)
        return {"compartments": {"add": sorted({*held, RESTRICTED} - {*grant.compartments}), "remove": []}}

    _change(service, number, reason, by, "grant names restricted", patch)


def no_more_restricted(service: Service, number: str, reason: str, *, by: str) -> None:
    """From now on this grant does not reach what is restricted. Raises Refused."""

    def patch(grant: Grant) -> dict[str, Any]:
        if RESTRICTED not in grant.compartments:
            raise Refused("This grant does not name what is restricted.")
        return {"compartments": {"add": [], "remove": [RESTRICTED]}}

    _change(service, number, reason, by, "grant names restricted no more", patch)


def end(service: Service, number: str, reason: str, *, by: str) -> None:
    """The grant ends now: yesterday was its last day. Raises Refused."""
    yesterday = service.now().date() - dt.timedelta(days=1)

    def patch(grant: Grant) -> dict[str, Any]:
        if grant.until_on is not None and grant.until_on <= yesterday:
            raise Refused("This grant has ended already.")
        return {"until_on": yesterday.isoformat()}

    _change(service, number, reason, by, "grant ended", patch, may_be_emergency=True)


def _change(
    service: Service,
    number: str,
    reason: str,
    by: str,
    act: str,
    patch_of: Callable[[Grant], dict[str, Any]],
    *,
    may_be_emergency: bool = False,
) -> None:
    _require_reason(reason)
    now = service.now()

    def work(transaction: Transaction) -> None:
        clock = sql.locked_clock(transaction, service.org)
        grant = next((one for one in _all_grants(transaction, service.org) if one.id == number), None)
        if grant is None:
            raise Refused("There is no grant with that number.")
        if transaction.one("SELECT 1 FROM cover_grant WHERE org = ? AND grant_id = ?", (service.org, number)):
            raise Refused("This grant comes from a cover: change or end the cover.")
        emergency = transaction.one("SELECT 1 FROM emergency WHERE org = ? AND grant_id = ?", (service.org, number))
        if emergency and not may_be_emergency:
            raise Refused("Emergency access never reaches what is restricted.")
        patch = {**patch_of(grant), "reason": _plain(reason)}
        was = {
            "reason": grant.reason or None,
            "until_on": grant.until_on.isoformat() if grant.until_on else None,
        }
        operation = _operation(
            number,
            grant.practitioner_id,
            OperationKind.CHANGE,
            patch,
            {name: was[name] for name in patch if name in was},
        )
        acts.note(transaction, service.org, service.keys, by, act, grant.practitioner_id, now)
        members.write_within(transaction, service, clock, [operation], now)

    service.engine.write(work)


def _check(new: NewGrant, *, everybody: bool) -> None:
    if new.kind not in KINDS:
        raise Refused(f"A grant is one of: {', '.join(KINDS)}.")
    if everybody and new.people:
        raise Refused("Name people, or give everybody: not both.")
    if new.restricted:
        _check_kind_for_restricted(new.kind)
    if new.service_files and new.kind not in (rules.TEAM, rules.CASELOAD):
        raise Refused("The service's own files go with a grant of the kind team or caseload; an owner has them.")
    if new.with_names and new.kind != rules.RETURN:
        raise Refused("Names belong to a grant for the return; the others show them anyway.")
    if new.since_on and new.until_on and new.until_on < new.since_on:
        raise Refused("The last day is before the first.")


def _check_kind_for_restricted(kind: str) -> None:
    if kind == rules.OWNER:
        raise Refused("An owner's grant reaches what is restricted as it is.")
    if kind == rules.RETURN:
        raise Refused("A return counts; it never shows what is restricted.")


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused("Say why, and who decided it: --reason. Name nobody who is cared for.")


def _plain(text: str) -> str:
    return " ".join(text.split())


def _require_holder(transaction: Transaction, org: str, member: str) -> None:
    """Somebody who works here. Whoever looks after users and laptops alone holds no records (SECURITY 3.4)."""
    row = transaction.one("SELECT roles FROM member WHERE org = ? AND id = ? AND state = 'active'", (org, member))
    if row is None:
        raise Refused("Nobody with that number works here.")
    if str(row[0]).split() == [members.ADMINISTRATOR]:
        raise Refused("An administrator of users and laptops holds no records. Invite them with a role of their own.")


def _all_grants(transaction: Transaction, org: str, member: str = "") -> list[Grant]:
    states = [stored.state for stored in sql.records_of_type(transaction, org, GRANT).values()]
    people = {member} if member else {state.subject for state in states}
    return [grant for one in people for grant in grants_of(states, one)]


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
