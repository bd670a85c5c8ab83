"""Every grant there is: whose, of whom, since when, given by whom, in plain words. Nobody who is cared for is named."""

import datetime as dt
from collections.abc import Mapping

import msgspec

from wellbeing_desktop.domain import grants as rules
from wellbeing_desktop.domain.definition import Compartment
from wellbeing_desktop.domain.organisation import Grant
from wellbeing_desktop.sync.protocol.pulling import Version
from wellbeing_desktop.sync.server import acts, grant_words, sql
from wellbeing_desktop.sync.server.covering import COVER
from wellbeing_desktop.sync.server.engine import Transaction
from wellbeing_desktop.sync.server.scope import GRANT, grants_of
from wellbeing_desktop.sync.server.service import Service


class GrantLine(msgspec.Struct, frozen=True, kw_only=True):
    """A grant without the name of anybody who is cared for. `people` is "everybody" or how many; `comes_from` is
    "" for an administrator's own or a role's, "cover" or "emergency". Words that a laptop wrote as its reason are left
    out: they may name somebody."""

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
    restricted: bool
    comes_from: str
    given_by: str
    given_at: str
    of_whom: str
    sees: str
    does: str


def listed(service: Service, member: str = "") -> list[GrantLine]:
    """Every grant there is, or those of one member; the ended ones too."""
    on = service.now().date()

    def work(transaction: Transaction) -> list[GrantLine]:
        givers = _Givers(transaction, service.org)
        found = all_grants(transaction, service.org, member)
        return [
            _line(grant, givers, on, team_names(transaction, service.org, grant.practitioner_id))
            for grant in sorted(found, key=lambda one: (givers.name(one.practitioner_id), one.kind, one.id))
        ]

    return service.engine.read(work)


def all_grants(transaction: Transaction, org: str, member: str = "") -> list[Grant]:
    states = [stored.state for stored in sql.records_of_type(transaction, org, GRANT).values()]
    people = {member} if member else {state.subject for state in states}
    return [grant for one in people for grant in grants_of(states, one)]


def team_names(transaction: Transaction, org: str, member: str) -> tuple[str, ...]:
    """The teams that somebody is in, as they stand in a sentence."""
    return tuple(
        sorted(
            f"the team {team.get('name') or 'without a name'}"
            for team in (
                one.state.body
                for one in sql.records_of_type(transaction, org, "team").values()
                if not one.state.deleted
            )
            if member in {*(team.get("members") or ()), team.get("lead_id"), team.get("deputy_id")}
        )
    )


def _line(grant: Grant, givers: "_Givers", on: dt.date, teams: tuple[str, ...]) -> GrantLine:
    given_by, given_at, by_server = givers.of(grant)
    comes_from = givers.comes_from(grant.id)
    compartments = tuple(sorted(str(one) for one in rules.compartments_of(grant)))
    return GrantLine(
        number=grant.id,
        member=grant.practitioner_id,
        name=givers.name(grant.practitioner_id),
        kind=grant.kind,
        people="everybody" if rules.EVERYONE in grant.subjects else str(len({*grant.subjects} - {givers.org})),
        compartments=compartments,
        may_write=grant.may_write is True,
        with_names=grant.with_names is True,
        since_on=grant.since_on.isoformat() if grant.since_on else "",
        until_on=grant.until_on.isoformat() if grant.until_on else "",
        state="in force" if rules.is_in_force(grant, on) else "not in force",
        reason=grant.reason if by_server else "",
        restricted=grant.kind == rules.OWNER or Compartment.RESTRICTED.value in grant.compartments,
        comes_from=comes_from,
        given_by=given_by,
        given_at=given_at,
        of_whom=grant_words.of_whom(grant, givers.org, teams),
        sees=grant_words.sees(grant),
        does=grant_words.does(grant),
    )


class _Givers:
    """By whom each grant was given. An administrator's act and the grant that it made carry the same moment."""

    def __init__(self, transaction: Transaction, org: str) -> None:
        self.org = org
        self._transaction = transaction
        self._members = _names(transaction, "member", org)
        self._admins = _names(transaction, "admin", org)
        self._acts = {
            (str(target), str(at), str(act) != "invited"): str(by)
            for target, at, act, by in transaction.all(
                "SELECT target, at, act, admin_id FROM admin_act WHERE org = ? AND (act = 'invited' OR act LIKE 'grant given%') "
                "ORDER BY number DESC",  # of several in one moment the first: a new code may follow at once
                (org,),
            )
        }
        self._emergencies = {
            str(grant) for (grant,) in transaction.all("SELECT grant_id FROM emergency WHERE org = ?", (org,))
        }
        self._covers = {
            str(grant): str(cover)
            for cover, grant in transaction.all("SELECT cover, grant_id FROM cover_grant WHERE org = ?", (org,))
        }

    def name(self, member: str) -> str:
        return self._members.get(member, "")

    def comes_from(self, grant: str) -> str:
        return "cover" if grant in self._covers else "emergency" if grant in self._emergencies else ""

    def of(self, grant: Grant) -> tuple[str, str, bool]:
        """Who gave it, when, and whether its reason was written at the server."""
        versions = [
            msgspec.json.decode(body, type=Version)
            for (body,) in self._transaction.all(
                "SELECT body FROM version WHERE org = ? AND id = ? ORDER BY rev", (self.org, grant.id)
            )
        ]
        if not versions or versions[0].rev != 1:
            return "not known", "", False
        first = versions[0]
        by_server = all(one.author == self.org for one in versions if "reason" in one.patch)
        return self._giver(grant, first), first.at_server, by_server

    def _giver(self, grant: Grant, first: Version) -> str:
        if grant.id in self._covers:
            cover = sql.records(self._transaction, self.org, [self._covers[grant.id]])
            away = next((self.name(one.state.subject) for one in cover.values() if one.state.type == COVER), "")
            return f"the record of cover: {away or 'a colleague'} is away"
        if grant.id in self._emergencies:
            return "their own request in an emergency"
        if first.author != self.org:
            return self.name(first.author) or "a laptop"
        apart = bool(first.patch.get("reason"))  # what a role brings has none
        by = self._acts.get((grant.practitioner_id, first.at_server, apart), acts.COMMAND_LINE)
        return "the server's command line" if by == acts.COMMAND_LINE else self._admins.get(by, by)


def _names(transaction: Transaction, table: str, org: str) -> Mapping[str, str]:
    rows = transaction.all(f"SELECT id, name FROM {table} WHERE org = ?", (org,))  # noqa: S608 -- our own two tables
    return {str(id): str(name) for id, name in rows}
