"""Cover gives access for its dates, and takes it away after (B8): the server keeps a grant for each record of cover.

Whoever covers may hold and change the people whom the other one's caseload and team grants name, restricted parts only
where those do. The grant carries the cover's dates, so it begins and ends by itself; who comes to the caseload or
leaves it meanwhile comes and leaves here too. Ended cover ends the grant the day before. All of it is ordinary changes
of ordinary records by the server, looked at when cover arrives and every hour.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain import grants as rules
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.operation import OperationKind
from wellbeing_desktop.domain.organisation import Grant
from wellbeing_desktop.domain.watching import CoverFor, cover_in
from wellbeing_desktop.sync.protocol.pulling import Version
from wellbeing_desktop.sync.protocol.pushing import PushedOperation
from wellbeing_desktop.sync.server import members, sql
from wellbeing_desktop.sync.server.engine import Transaction
from wellbeing_desktop.sync.server.scope import GRANT, grants_of, leads_of, scope_now
from wellbeing_desktop.sync.server.service import Service

COVER: Final = "cover"
_PASSED_ON: Final = (rules.CASELOAD, rules.TEAM)


class _Wanted(msgspec.Struct, frozen=True):
    """What a grant for cover comes to today."""

    subjects: frozenset[str]
    compartments: tuple[str, ...]
    since_on: str
    until_on: str | None


def settle(service: Service) -> int:
    """One round, in a transaction of its own; how many grants were made or changed."""
    now = service.now()

    def work(transaction: Transaction) -> int:
        clock = sql.locked_clock(transaction, service.org)
        operations = list(_operations(transaction, service.org, now.date()))
        if operations:
            members.write_within(transaction, service, clock, operations, now)
        return len(operations)

    return service.engine.write(work)


def _operations(transaction: Transaction, org: str, on: dt.date) -> Iterable[PushedOperation]:
    made = {
        str(cover): str(grant)
        for cover, grant in transaction.all("SELECT cover, grant_id FROM cover_grant WHERE org = ?", (org,))
    }
    ours = frozenset(made.values())
    for stored in sql.records_of_type(transaction, org, COVER).values():
        cover_id, body = stored.state.id, stored.state.body
        cover = None if stored.state.deleted else cover_in(stored.state.subject, body)
        practitioner = str(body.get("cover_id") or "")
        if cover is not None and not _may_arrange(transaction, org, cover_id, cover.away, on):
            cover = None  # whoever wrote it could not give what it names
        if cover_id not in made:
            if cover is None or cover.cover == cover.away or (cover.until_on is not None and cover.until_on < on):
                continue
            wanted = _wanted(transaction, org, cover, ours)
            if not wanted.subjects:
                continue
            grant_id = new_id()
            transaction.run(
                "INSERT INTO cover_grant (org, cover, grant_id) VALUES (?, ?, ?)", (org, cover_id, grant_id)
            )
            yield _operation(grant_id, practitioner, OperationKind.CREATE, _body(practitioner, wanted), {})
            continue
        held = sql.records(transaction, org, [made[cover_id]]).get(made[cover_id])
        if held is None or held.state.deleted:
            continue
        patch, was = _change(transaction, org, cover, held.state.body, ours, on)
        if patch:
            yield _operation(made[cover_id], practitioner, OperationKind.CHANGE, patch, was)


def _may_arrange(transaction: Transaction, org: str, cover_id: str, away: str, on: dt.date) -> bool:
    """Did everybody who wrote in this record have it to give: whoever is away, a lead or deputy of a team that they
    are in, an owner, or the server's own administrator? Their name in the record proves nothing; its history does."""
    authors = {
        msgspec.json.decode(body, type=Version).author
        for (body,) in transaction.all("SELECT body FROM version WHERE org = ? AND id = ?", (org, cover_id))
    }
    leads = {away, org} | leads_of(transaction, org, away)
    return all(
        author in leads or any(grant.kind == rules.OWNER for grant in scope_now(transaction, org, author, on).grants)
        for author in authors
    )


def _wanted(transaction: Transaction, org: str, cover: CoverFor, ours: frozenset[str]) -> _Wanted:
    """What the one who is away holds by name, but not what they hold by covering for somebody else."""
    states = [stored.state for stored in sql.records_of(transaction, org, cover.away, GRANT).values()]
    passed = [grant for grant in grants_of(states, cover.away) if grant.kind in _PASSED_ON and grant.id not in ours]
    return _Wanted(
        subjects=frozenset(subject for grant in passed for subject in grant.subjects) - {rules.EVERYONE},
        compartments=_compartments(passed),
        since_on=cover.since_on.isoformat(),
        until_on=cover.until_on.isoformat() if cover.until_on is not None else None,
    )


def _compartments(passed: list[Grant]) -> tuple[str, ...]:
    """Named only if every grant names some: one that names none gives the usual ones."""
    if any(not grant.compartments for grant in passed):
        return ()
    return tuple(sorted({one for grant in passed for one in grant.compartments}))


def _body(practitioner: str, wanted: _Wanted) -> dict[str, Any]:
    body: dict[str, Any] = {
        "practitioner_id": practitioner,
        "kind": rules.CASELOAD,
        "subjects": sorted(wanted.subjects),
        "may_write": True,
        "since_on": wanted.since_on,
        "reason": "Cover",
    }
    if wanted.compartments:
        body["compartments"] = list(wanted.compartments)
    if wanted.until_on is not None:
        body["until_on"] = wanted.until_on
    return body


def _change(
    transaction: Transaction,
    org: str,
    cover: CoverFor | None,
    held: dict[str, Any],
    ours: frozenset[str],
    on: dt.date,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The patch that makes the grant what the cover says today, and what stood there; nothing if it is that already."""
    until = held.get("until_on")
    if cover is None:  # ended early, or taken back
        ended = (on - dt.timedelta(days=1)).isoformat()
        return ({}, {}) if until is not None and str(until) <= ended else ({"until_on": ended}, {"until_on": until})
    if until is not None and str(until) < on.isoformat() and until == cover.until_on:
        return {}, {}
    wanted = _wanted(transaction, org, cover, ours)
    patch: dict[str, Any] = {}
    was: dict[str, Any] = {}
    for name, value in (("since_on", wanted.since_on), ("until_on", wanted.until_on)):
        if held.get(name) != value:
            patch[name], was[name] = value, held.get(name)
    before = frozenset(held.get("subjects") or ())
    moves = {"add": sorted(wanted.subjects - before), "remove": sorted(before - wanted.subjects)}
    moves = {key: names for key, names in moves.items() if names}
    if moves:
        patch["subjects"] = moves
    return patch, was


def _operation(
    id: str, practitioner: str, kind: OperationKind, patch: dict[str, Any], was: dict[str, Any]
) -> PushedOperation:
    return PushedOperation(
        n=0,
        op_id=new_id(),
        txn=new_id(),
        id=id,
        type=GRANT,
        subject=practitioner,
        compartment="card",
        kind=kind,
        author="",
        at="",
        patch=patch,
        was=was,
    )
