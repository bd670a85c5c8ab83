"""What a change of grants comes to before it is made: the second look, in numbers alone."""

import datetime as dt
from typing import Final

import msgspec

from wellbeing_desktop.domain import grants as rules
from wellbeing_desktop.domain.organisation import Grant
from wellbeing_desktop.domain.removal import MANY_PEOPLE
from wellbeing_desktop.sync.protocol.signing_in import LaptopReport
from wellbeing_desktop.sync.server import auth, grant_words
from wellbeing_desktop.sync.server.engine import Transaction
from wellbeing_desktop.sync.server.grant_list import all_grants, team_names
from wellbeing_desktop.sync.server.rights import SERVER_DEVICE
from wellbeing_desktop.sync.server.scope import Scope, Sight, has_left, scope_now

_PERSON: Final = "person"


class LaptopToTell(msgspec.Struct, frozen=True):
    """A laptop that the change reaches with its next sync. `waiting` is what it had not sent when it was last here."""

    name: str
    last_seen: str
    waiting: int


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of what somebody's laptops hold, from the day `on`: people who leave them altogether or of whom less
    is left, people who come or of whom more does; the grant in words. `alone` of those who leave are in nobody else's caseload or team."""

    member: str
    on: str
    leave: int
    less: int
    alone: int
    enter: int
    more: int
    last_owner: bool
    of_whom: str
    sees: str
    does: str
    laptops: tuple[LaptopToTell, ...]

    @property
    def mark(self) -> str:
        """What somebody saw, to be compared with what it comes to when they say yes."""
        return f"{self.on} {self.leave} {self.less} {self.enter} {self.more}"

    @property
    def must_be_typed(self) -> bool:
        """So many that a click is too little."""
        return self.leave > MANY_PEOPLE


def effect_of(transaction: Transaction, org: str, after: Grant, on: dt.date, today: dt.date) -> Effect:
    """What it comes to if this grant is as `after` from the day `on`, beside what its holder has else."""
    member = after.practitioner_id
    before = scope_now(transaction, org, member, on)
    kept = tuple(grant for grant in before.grants if grant.id != after.id)
    added = () if has_left(transaction, org, member, on) else (after,)
    then = Scope(member, (*kept, *added), on, before.restricted, before.recused)
    seen: dict[str, tuple[list[Sight], list[Sight]]] = {}
    for subject, compartment in transaction.all(
        "SELECT DISTINCT subject, compartment FROM rec WHERE org = ? AND kind = ? AND del = 0", (org, _PERSON)
    ):
        was, will_be = seen.setdefault(subject, ([], []))
        was.append(before.sight(_PERSON, subject, compartment))
        will_be.append(then.sight(_PERSON, subject, compartment))
    gone = {subject for subject, (was, will_be) in seen.items() if any(was) and not any(will_be)}
    come = {subject for subject, (was, will_be) in seen.items() if any(will_be) and not any(was)}
    both = [sights for subject, sights in seen.items() if subject not in gone | come]
    cared = _cared_for(transaction, org, after.id, on) if gone else set()
    return Effect(
        member=member,
        on=on.isoformat(),
        leave=len(gone),
        less=sum(_any_less(*sights) for sights in both),
        alone=0 if rules.EVERYONE in cared else len(gone - cared),
        enter=len(come),
        more=sum(_any_less(will_be, was) for was, will_be in both),
        last_owner=_is_last_owner(transaction, org, after, on, today),
        of_whom=grant_words.of_whom(after, org, team_names(transaction, org, member)),
        sees=grant_words.sees(after),
        does=grant_words.does(after),
        laptops=_laptops(transaction, org, member),
    )


def _any_less(was: list[Sight], will_be: list[Sight]) -> bool:
    return any(before > after for before, after in zip(was, will_be, strict=True))


def _cared_for(transaction: Transaction, org: str, without: str, on: dt.date) -> set[str]:
    """Whoever is in a caseload or team grant of somebody who works here, this one grant left out."""
    working = _working(transaction, org)
    return {
        subject
        for grant in all_grants(transaction, org)
        if grant.id != without
        and grant.practitioner_id in working
        and grant.kind in (rules.CASELOAD, rules.TEAM)
        and grant.may_write is True
        and rules.is_in_force(grant, on)
        for subject in grant.subjects
    }


def _is_last_owner(transaction: Transaction, org: str, after: Grant, on: dt.date, today: dt.date) -> bool:
    if after.kind != rules.OWNER or rules.is_in_force(after, on):
        return False
    working = _working(transaction, org)
    owners = {
        grant.practitioner_id
        for grant in all_grants(transaction, org)
        if grant.kind == rules.OWNER and grant.id != after.id and rules.is_in_force(grant, max(on, today))
    }
    return not owners & working


def _working(transaction: Transaction, org: str) -> set[str]:
    return {str(id) for (id,) in transaction.all("SELECT id FROM member WHERE org = ? AND state = 'active'", (org,))}


def _laptops(transaction: Transaction, org: str, member: str) -> tuple[LaptopToTell, ...]:
    rows = transaction.all(
        "SELECT name, last_seen, report FROM device WHERE org = ? AND user_id = ? AND dev <> ? AND state = ? "
        "ORDER BY paired_at",
        (org, member, SERVER_DEVICE, auth.APPROVED),
    )
    return tuple(
        LaptopToTell(str(name), str(seen), msgspec.json.decode(report, type=LaptopReport).waiting if report else 0)
        for name, seen, report in rows
    )
