"""Who works here: practitioners with their roles, their one-time codes, their laptops. For the command line and tests.

A role becomes ordinary Grant records (PRACTICE W1), written by the server into its own journal like any change.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain import grants as rules
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.operation import OperationKind
from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.sync.protocol.pushing import PushedOperation, PushResult
from wellbeing_desktop.sync.protocol.transfer import encode
from wellbeing_desktop.sync.server import acts, auth, history, leases, seals, sql
from wellbeing_desktop.sync.server.engine import Transaction
from wellbeing_desktop.sync.server.pushing import push
from wellbeing_desktop.sync.server.rights import SERVER_DEVICE
from wellbeing_desktop.sync.server.service import Service

ADMINISTRATOR: Final = "administrator"

ROLES: Final[dict[str, tuple[str, bool, bool] | None]] = {
    "coordinator": (rules.CASELOAD, False, True),
    "front_desk": (rules.FRONT_DESK, True, True),
    "office": (rules.OFFICE, True, True),
    "lead": (rules.TEAM, False, True),
    "manager": (rules.RETURN, True, True),  # keeps the runs of returns; a return grant changes nobody's record
    "owner": (rules.OWNER, True, True),
    ADMINISTRATOR: None,  # users and laptops, never records
}
"""Role to kind of grant, whether it is of everybody in the service, and whether it may change."""


class Member(msgspec.Struct, frozen=True):
    id: str
    name: str
    roles: tuple[str, ...]
    state: str


class Laptop(msgspec.Struct, frozen=True):
    device: str
    user_id: str
    name: str
    state: str
    fingerprint: str
    last_seen: str
    last_n: int


class NewMember(msgspec.Struct, frozen=True):
    """Somebody to be invited; with an `id`, somebody who works here already."""

    name: str
    roles: tuple[str, ...]
    with_names: bool = False
    id: str = ""


def add_member(service: Service, name: str, roles: tuple[str, ...], *, with_names: bool = False) -> str:
    """A practitioner record, and a grant for each role. Returns the practitioner's id; Refused for an unknown role."""
    new = _checked(NewMember(name.strip(), roles, with_names))
    now = service.now()

    def work(transaction: Transaction) -> str:
        clock = sql.locked_clock(transaction, service.org)
        return _add(transaction, service, clock, new, now)

    return service.engine.write(work)


def hire(
    service: Service, people: Sequence[NewMember], *, approved: bool, by: str = acts.COMMAND_LINE
) -> list[tuple[str, str, dt.datetime]]:
    """Everybody on a list in one transaction; for each the number, a one-time code and when it ends.

    Raises Refused, and nobody is added, if one of them cannot be.
    """
    new, now = [_checked(person) for person in people], service.now()
    codes = [auth.new_code() for _ in new]

    def work(transaction: Transaction) -> list[tuple[str, str, dt.datetime]]:
        clock = sql.locked_clock(transaction, service.org)
        made = []
        for person, code in zip(new, codes, strict=True):
            id = person.id or _add(transaction, service, clock, person, now)
            ends = auth.add_invite(transaction, service.org, id, code, service.keys, now, approved=approved)
            acts.note(transaction, service.org, service.keys, by, "invited", id, now)
            made.append((id, code, ends))
        return made

    return service.engine.write(work)


def _checked(person: NewMember) -> NewMember:
    if not person.roles or any(role not in ROLES for role in person.roles):
        raise Refused(f"A role is one of: {', '.join(ROLES)}.")
    if not person.name:
        raise Refused("A name is needed.")
    return person


def _add(transaction: Transaction, service: Service, clock: sql.Clock, person: NewMember, now: dt.datetime) -> str:
    id = new_id()
    made = [_create("practitioner", id, id, {"name": person.name, "is_user": True})]
    for role in person.roles:
        given = ROLES[role]
        if given is None:
            continue
        kind, everyone, may_write = given
        body: dict[str, Any] = {"practitioner_id": id, "kind": kind}
        if everyone:
            body["subjects"] = [rules.EVERYONE]
        if may_write:
            body["may_write"] = True
        if person.with_names and kind == rules.RETURN:
            body["with_names"] = True
        made.append(_create("grant", new_id(), id, body))
    transaction.run(
        "INSERT INTO member (org, id, name, roles, state) VALUES (?, ?, ?, ?, 'active')",
        (service.org, id, person.name, " ".join(person.roles)),
    )
    write_within(transaction, service, clock, made, now)
    return id


def invite(service: Service, member_id: str, *, approved: bool, by: str = acts.COMMAND_LINE) -> tuple[str, dt.datetime]:
    """A new one-time code for a member, and when it ends. Raises Refused for somebody who is not one."""
    code, now = auth.new_code(), service.now()

    def work(transaction: Transaction) -> dt.datetime:
        sql.locked_clock(transaction, service.org)
        found = transaction.one(
            "SELECT id FROM member WHERE org = ? AND id = ? AND state = 'active'", (service.org, member_id)
        )
        if found is None:
            raise Refused("Nobody with that number works here.")
        acts.note(transaction, service.org, service.keys, by, "invited", member_id, now)
        return auth.add_invite(transaction, service.org, member_id, code, service.keys, now, approved=approved)

    return code, service.engine.write(work)


def members(service: Service) -> list[Member]:
    rows = service.engine.read(
        lambda transaction: transaction.all(
            "SELECT id, name, roles, state FROM member WHERE org = ? ORDER BY id", (service.org,)
        )
    )
    return [Member(id, name, tuple(roles.split()), state) for id, name, roles, state in rows]


def laptops(service: Service) -> list[Laptop]:
    rows = service.engine.read(
        lambda transaction: transaction.all(
            "SELECT dev, user_id, name, state, public_key, last_seen, last_n FROM device "
            "WHERE org = ? AND dev <> ? ORDER BY paired_at",
            (service.org, SERVER_DEVICE),
        )
    )
    return [
        Laptop(dev, user, name, state, auth.fingerprint(key), seen, int(last_n))
        for dev, user, name, state, key, seen, last_n in rows
    ]


def set_laptop_state(service: Service, device: str, state: str, *, by: str = acts.COMMAND_LINE) -> None:
    """Approve, revoke, or let a leaver's laptop send its last work. Takes effect with its next request."""
    if state not in auth.STATES:
        raise Refused(f"A laptop is one of: {', '.join(sorted(auth.STATES))}.")

    def work(transaction: Transaction) -> None:
        sql.locked_clock(transaction, service.org)
        known = None if device == SERVER_DEVICE else sql.device(transaction, service.org, device)
        if known is None:
            raise Refused("There is no laptop with that number.")
        if known.state == auth.FORKED and state != auth.REVOKED:
            raise Refused("This laptop's store was copied, so this number is closed. Its copies have new ones.")
        transaction.run("UPDATE device SET state = ? WHERE org = ? AND dev = ?", (state, service.org, device))
        if state == auth.REVOKED:
            auth.close_copies(transaction, service.org, device)
            seals.order(transaction, service.org, device, now)
        else:
            seals.withdraw(transaction, service.org, device)
        acts.note(transaction, service.org, service.keys, by, f"laptop {state}", device, now)

    now = service.now()
    service.engine.write(work)


def end_membership(service: Service, member_id: str, *, by: str = acts.COMMAND_LINE) -> None:
    """Somebody leaves: their codes stop, and their laptops may send their last work and receive nothing more."""
    now = service.now()

    def work(transaction: Transaction) -> None:
        sql.locked_clock(transaction, service.org)
        found = transaction.one(
            "UPDATE member SET state = 'left' WHERE org = ? AND id = ? AND state = 'active' RETURNING id",
            (service.org, member_id),
        )
        if found is None:
            raise Refused("Nobody with that number works here.")
        transaction.run(
            "UPDATE invite SET used_at = ? WHERE org = ? AND user_id = ? AND used_at = ''",
            (history.moment(now), service.org, member_id),
        )
        transaction.run(
            "UPDATE device SET state = ? WHERE org = ? AND user_id = ? AND state IN (?, ?, ?)",
            (auth.LEAVING, service.org, member_id, auth.APPROVED, auth.PENDING, auth.FORKED),
        )
        acts.note(transaction, service.org, service.keys, by, "membership ended", member_id, now)

    service.engine.write(work)


def give_leave(service: Service, member: str, first: dt.date, last: dt.date, *, by: str) -> None:
    """As `leases.add_leave`, noted among the administrators' acts."""
    now = service.now()

    def work(transaction: Transaction) -> None:
        sql.locked_clock(transaction, service.org)
        leases.add_leave(transaction, service.org, member, first, last)
        acts.note(transaction, service.org, service.keys, by, f"leave {first} to {last}", member, now)

    service.engine.write(work)


def note_act(service: Service, by: str, act: str, target: str) -> None:
    """An act that changed nothing in the database."""
    now = service.now()

    def work(transaction: Transaction) -> None:
        sql.locked_clock(transaction, service.org)
        acts.note(transaction, service.org, service.keys, by, act, target, now)

    service.engine.write(work)


def create_as_server(service: Service, type_name: str, subject: str, body: dict[str, Any]) -> str:
    """One record made by the server itself: a team, a setting. Returns its id; `subject` "" makes it its own."""
    id = new_id()
    write_as_server(service, [_create(type_name, id, subject or id, body)])
    return id


def write_as_server(service: Service, operations: list[PushedOperation]) -> tuple[PushResult, ...]:
    """Operations by the server, numbered in its own line; Refused if one did not apply."""
    now = service.now()

    def work(transaction: Transaction) -> tuple[PushResult, ...]:
        return write_within(transaction, service, sql.locked_clock(transaction, service.org), operations, now)

    return service.engine.write(work)


def write_within(
    transaction: Transaction, service: Service, clock: sql.Clock, operations: list[PushedOperation], now: dt.datetime
) -> tuple[PushResult, ...]:
    """As `write_as_server`, in a transaction that holds the clock row."""
    device = sql.device(transaction, service.org, SERVER_DEVICE)
    if device is None:
        raise LookupError("the server has no identity of its own")
    numbered = [
        encode(
            msgspec.structs.replace(operation, n=device.last_n + 1 + place, author=service.org, at=history.moment(now))
        )
        for place, operation in enumerate(operations)
    ]
    pushed = push(transaction, clock, device, numbered, now, service.keys.signing_key, trusted=True)
    refused = [result.why for result in pushed.results if result.why]
    if refused:
        raise Refused(f"The server could not write its own record ({refused[0]}).")
    return pushed.results


def _create(type_name: str, id: str, subject: str, body: dict[str, Any]) -> PushedOperation:
    compartment = RECORD_TYPES[type_name].compartment
    return PushedOperation(
        n=0,
        op_id=new_id(),
        txn=new_id(),
        id=id,
        type=type_name,
        subject=subject,
        compartment=str(compartment or "card"),
        kind=OperationKind.CREATE,
        author="",
        at="",
        patch=body,
    )
