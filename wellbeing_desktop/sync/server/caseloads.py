"""Grants that follow who cares for whom: a caseload is the legitimate relationship (SECURITY 3.4).

When a person's coordinator changes, the person moves into the new coordinator's caseload grant and out of the old
one's, and likewise into and out of the team grants of their teams; a grant that is only for whom it names stays as it
is. Written as ordinary changes of ordinary records, by the server, in the transaction of the change that caused it.
"""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, Final

from wellbeing_desktop.domain import grants as rules
from wellbeing_desktop.sync.outcome import RecordState

COORDINATOR: Final = "coordinator_id"

Coordinators = dict[str, tuple[str, str, str]]
"""Of people whose coordinator a batch changed: who it was, who it is, and who first wrote the person down."""

Moves = dict[str, dict[str, set[str]]]
"""Grant id to members to add and to remove."""


def note_coordinator(moves: Coordinators, before: RecordState | None, after: RecordState, creator: str) -> None:
    """A person as a change found and left them. `creator` keeps whoever has no coordinator; "" for nobody."""
    old = str(before.body.get(COORDINATOR) or "") if before is not None else ""
    new = str(after.body.get(COORDINATOR) or "")
    if old != new or creator:
        first = moves.get(after.id)
        moves[after.id] = (first[0] if first else old, new, first[2] if first else creator)


def patches_for(
    moves: Coordinators,
    grants_of: Callable[[str], list[RecordState]],
    teams: Callable[[], list[RecordState]],
) -> list[tuple[str, dict[str, Any]]]:
    """One change for each grant that gains or loses people, in the order of the grants' ids."""
    patches: Moves = {}
    grants_once, teams_once = cache(grants_of), cache(teams)
    for person_id, (before, after, creator) in moves.items():
        for grant_id, move in moves_for(person_id, before, after, creator, grants_once, teams_once).items():
            for key, members in move.items():
                patches.setdefault(grant_id, {}).setdefault(key, set()).update(members)
    return [(grant_id, as_patch(move)) for grant_id, move in sorted(patches.items())]


def moves_for(
    person_id: str,
    before: str,
    after: str,
    creator: str,
    grants_of: Callable[[str], Iterable[RecordState]],
    teams: Callable[[], Iterable[RecordState]],
) -> Moves:
    """Which grants gain or lose a person. `creator` keeps whoever has no coordinator yet; "" if that is nobody."""
    moves: Moves = {}
    gaining, losing = after or creator, before
    if gaining == losing:
        return moves
    gaining_teams = _team_members(gaining, teams()) if gaining else set()
    losing_teams = _team_members(losing, teams()) if losing else set()
    for practitioner in sorted({gaining, losing} - {""} | gaining_teams | losing_teams):
        for grant in grants_of(practitioner):
            kind = grant.body.get("kind")
            subjects = grant.body.get("subjects") or ()
            if grant.deleted or rules.EVERYONE in subjects or grant.body.get("named_only"):
                continue
            keeps = (kind == rules.CASELOAD and practitioner == gaining) or (
                kind == rules.TEAM and practitioner in gaining_teams
            )
            loses = (kind == rules.CASELOAD and practitioner == losing) or (
                kind == rules.TEAM and practitioner in losing_teams
            )
            if keeps and person_id not in subjects:
                _move(moves, grant.id, "add", person_id)
            elif loses and not keeps and person_id in subjects:
                _move(moves, grant.id, "remove", person_id)
    return moves


def as_patch(move: dict[str, set[str]]) -> dict[str, Any]:
    return {"subjects": {key: sorted(members) for key, members in move.items()}}


def _move(moves: Moves, grant_id: str, key: str, person_id: str) -> None:
    other = "remove" if key == "add" else "add"
    move = moves.setdefault(grant_id, {})
    move.get(other, set()).discard(person_id)
    move.setdefault(key, set()).add(person_id)


def _team_members(practitioner: str, teams: Iterable[RecordState]) -> set[str]:
    """Everybody in a team with this practitioner, the lead and the deputy included."""
    found: set[str] = set()
    for team in teams:
        people = {*team.body.get("members", ()), team.body.get("lead_id", ""), team.body.get("deputy_id", "")} - {""}
        if not team.deleted and practitioner in people:
            found |= people
    return found
