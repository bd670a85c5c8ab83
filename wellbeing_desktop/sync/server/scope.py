"""Who may hold and change what, asked for every operation and every row (PRACTICE W1, SYNC 3.6).

The rules are `domain/grants.py`, the same as on the laptop. Here they meet the server's records: a practitioner's
grants now, their grants at an earlier place in the history, and what entered and left in between.
"""

import datetime as dt
from collections.abc import Iterable
from enum import IntEnum
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain import grants as rules
from wellbeing_desktop.domain.definition import Compartment, RecordType, SubjectKind
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.operation import OperationKind
from wellbeing_desktop.domain.organisation import Grant
from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.domain.wire import record_from
from wellbeing_desktop.sync.outcome import RecordState
from wellbeing_desktop.sync.protocol.message import Bucket
from wellbeing_desktop.sync.protocol.pulling import GrantInForce, Left, Version
from wellbeing_desktop.sync.server import sql
from wellbeing_desktop.sync.server.engine import Transaction

GRANT: Final = "grant"
PRACTITIONER: Final = "practitioner"
RECUSAL: Final = "recusal"
_PERSON: Final = str(SubjectKind.PERSON)


class Sight(IntEnum):
    """How much of a bucket is sent."""

    NONE = 0
    PART = 1
    WHOLE = 2


def subject_kind_of(type_name: str, body: dict[str, Any]) -> SubjectKind:
    """Whose record it is. What follows its target has the target's kind; an unknown type is about a person."""
    record_type = RECORD_TYPES.get(type_name)
    if record_type is None:
        return SubjectKind.PERSON
    if record_type.compartment is None:
        target = RECORD_TYPES.get(str(body.get("target_type") or ""))
        return target.subject_kind if target is not None else SubjectKind.PERSON
    return record_type.subject_kind


def grants_of(records: Iterable[RecordState], practitioner_id: str) -> tuple[Grant, ...]:
    """The grants in a practitioner's own records; one that cannot be read, or names somebody else, gives nothing."""
    found = []
    for record in records:
        if record.type != GRANT or record.deleted:
            continue
        try:
            grant = record_from(RECORD_TYPES[GRANT], record.id, record.subject, record.body)
        except Refused:
            continue
        if isinstance(grant, Grant) and grant.practitioner_id == practitioner_id == record.subject:
            found.append(grant)
    return tuple(found)


def recused_in(records: Iterable[RecordState]) -> frozenset[str]:
    """Whose records are closed to a practitioner who knows them, by the practitioner's own records (PRACTICE W4)."""
    return frozenset(
        str(record.body.get("person_id") or "")
        for record in records
        if record.type == RECUSAL and not record.deleted and not record.body.get("ended_at")
    ) - {""}


def leads_of(transaction: Transaction, org: str, practitioner_id: str) -> set[str]:
    """The leads and deputies of the teams that a practitioner is in: themself too, where they lead one."""
    found: set[str] = set()
    for stored in sql.records_of_type(transaction, org, "team").values():
        body = stored.state.body
        people = {*(body.get("members") or ()), body.get("lead_id"), body.get("deputy_id")}
        if not stored.state.deleted and practitioner_id in people:
            found |= {str(body.get(name)) for name in ("lead_id", "deputy_id") if body.get(name)}
    return found


class Scope:
    """One practitioner's grants on one day. Answers are remembered: a page asks the same few questions often."""

    def __init__(
        self,
        practitioner_id: str,
        grants: tuple[Grant, ...],
        on: dt.date,
        restricted: frozenset[str] = frozenset(),
        recused: frozenset[str] = frozenset(),
    ) -> None:
        """`restricted` are the people whose whole record is: theirs is not everybody's. `recused` are those from whom
        the practitioner stands aside: no grant reaches them."""
        self.practitioner_id: Final = practitioner_id
        self.on: Final = on
        self.restricted: Final = restricted
        self.recused: Final = recused
        self.grants: Final = tuple(grant for grant in grants if rules.is_in_force(grant, on))
        self._sights: dict[tuple[str, str, str], Sight] = {}
        # A caseload may name thousands: each grant is asked about a subject through a set, then stands in for itself
        # with everybody or nobody in it.
        self._named = [
            (
                frozenset(grant.subjects),
                frozenset(named.subjects),
                _with_subjects(grant, (rules.EVERYONE,)),
                _with_subjects(grant, ()),
            )
            for grant, named in zip(self.grants, rules.for_restricted(self.grants), strict=True)
        ]
        self._names = self.subjects()

    def _about(self, subject: str) -> list[Grant]:
        """The grants as the rules need them to judge this one subject."""
        if subject in self.recused:
            return []
        found = []
        for everyone, named, covering, other in self._named:
            covered = named if subject in self.restricted else everyone
            found.append(covering if subject in covered or rules.EVERYONE in covered else other)
        return found

    def sight(self, kind: str, subject: str, compartment: str) -> Sight:
        # People whom no grant names are all alike, and so are the restricted ones among them.
        one_by_one = kind != _PERSON or subject in self._names
        apart = one_by_one or subject in self.restricted or subject in self.recused
        key = (kind, subject if apart else "", compartment)
        found = self._sights.get(key)
        if found is None:
            found = self._sights[key] = self._look(SubjectKind(kind), subject, compartment)
        return found

    def _look(self, kind: SubjectKind, subject: str, compartment: str) -> Sight:
        grants = self._about(subject)
        if not rules.may_hold(grants, subject, compartment, self.on, kind):
            return Sight.NONE
        whole = rules.shows_whole_records(grants, subject, compartment, self.on, kind)
        return Sight.WHOLE if whole else Sight.PART

    def part_of(self, type_name: str, subject: str, compartment: str, body: dict[str, Any]) -> dict[str, Any] | None:
        """What may be seen of a record in a bucket of which not everything is; None for nothing."""
        record_type = RECORD_TYPES.get(type_name)
        if record_type is None:
            return None
        if record_type.compartment is None and subject_kind_of(type_name, body) is not SubjectKind.PERSON:
            return body
        return rules.visible_body(self._about(subject), record_type, subject, body, self.on, compartment)

    def may_change(
        self,
        kind: OperationKind,
        record_type: RecordType | None,
        subject_kind: SubjectKind,
        subject: str,
        compartment: str,
    ) -> bool:
        grants = self._about(subject)
        if rules.may_write(grants, subject, compartment, self.on, record_type, subject_kind):
            return True
        return (
            kind is OperationKind.CREATE
            and record_type is not None
            and rules.may_add(grants, subject, record_type, self.on)
        )

    def may_register_people(self) -> bool:
        """Whoever cares for people may write down a new one."""
        return any(grant.may_write is True and grant.kind in (rules.CASELOAD, rules.TEAM) for grant in self.grants)

    def sees_everyone(self) -> bool:
        return any(rules.EVERYONE in grant.subjects for grant in self.grants)

    def shows_only_named(self) -> bool:
        """Is nothing of a person shown whom no grant names?"""
        return not any(self.sight(_PERSON, "", compartment) for compartment in Compartment)

    def subjects(self) -> set[str]:
        """The people named in the grants."""
        return {subject for grant in self.grants for subject in grant.subjects if subject != rules.EVERYONE}

    def in_force(self) -> tuple[GrantInForce, ...]:
        return tuple(
            GrantInForce(
                kind=grant.kind,
                subjects=grant.subjects,
                compartments=grant.compartments,
                with_names=grant.with_names is True,
                may_write=grant.may_write is True,
            )
            for grant in self.grants
        )


def scope_now(transaction: Transaction, org: str, practitioner_id: str, on: dt.date) -> Scope:
    held = sql.records_of(transaction, org, practitioner_id, GRANT)
    found = grants_of((stored.state for stored in held.values()), practitioner_id)
    practitioner = sql.records(transaction, org, [practitioner_id]).get(practitioner_id)
    left_on = _left_on(practitioner.state if practitioner else None)
    recusals = sql.records_of(transaction, org, practitioner_id, RECUSAL)
    return Scope(
        practitioner_id,
        rules.in_service_until(found, left_on),
        on,
        sql.restricted_now(transaction, org),
        recused_in(stored.state for stored in recusals.values()),
    )


def scope_version(transaction: Transaction, org: str, practitioner_id: str) -> int:
    """Moves whenever one of the practitioner's grants does, they stand aside or no longer do, they leave, or somebody's
    whole record is restricted."""
    row = transaction.one(
        "SELECT MAX(+seq) FROM rec WHERE org = ? AND subject = ? AND t IN (?, ?, ?)",  # see sql.py
        (org, practitioner_id, GRANT, PRACTITIONER, RECUSAL),
    )
    return max(int(row[0] or 0) if row else 0, sql.restricted_moved(transaction, org))


def scope_then(transaction: Transaction, org: str, practitioner_id: str, seq: int, on: dt.date) -> Scope:
    """The grants as they stood at `seq`: those of now with every later change taken back."""

    def states_then(type_name: str) -> list[RecordState]:
        held = sql.records_of(transaction, org, practitioner_id, type_name).values()
        return [state for stored in held if (state := _as_at(transaction, org, stored.state, seq)) is not None]

    practitioner = sql.records(transaction, org, [practitioner_id]).get(practitioner_id)
    was = _as_at(transaction, org, practitioner.state, seq) if practitioner else None
    found = rules.in_service_until(grants_of(states_then(GRANT), practitioner_id), _left_on(was))
    return Scope(
        practitioner_id, found, on, sql.restricted_then(transaction, org, seq), recused_in(states_then(RECUSAL))
    )


def _as_at(transaction: Transaction, org: str, state: RecordState, seq: int) -> RecordState | None:
    """A record as it stood at `seq`; None if it was not there yet."""
    body, deleted = dict(state.body), state.deleted
    later = transaction.all(
        "SELECT body FROM version WHERE org = ? AND id = ? AND +seq > ? ORDER BY rev DESC", (org, state.id, seq)
    )
    for (raw,) in later:
        version = msgspec.json.decode(raw, type=Version)
        if version.rev == 1:
            return None
        for name, value in ((name, version.was.get(name)) for name in version.patch):
            if name == "removed":
                deleted = value is not None
            elif value is None:
                body.pop(name, None)
            else:
                body[name] = value
    return msgspec.structs.replace(state, body=body, deleted=deleted)


def has_left(transaction: Transaction, org: str, practitioner_id: str, on: dt.date) -> bool:
    """Was their last day before this one?"""
    practitioner = sql.records(transaction, org, [practitioner_id]).get(practitioner_id)
    left_on = _left_on(practitioner.state if practitioner else None)
    return left_on is not None and left_on < on


def _left_on(practitioner: RecordState | None) -> dt.date | None:
    """The last day of somebody who leaves; None for whoever stays, and for a date that is none."""
    try:
        return dt.date.fromisoformat(str(practitioner.body.get("left_on", ""))) if practitioner is not None else None
    except ValueError:
        return None


def moved_buckets(
    transaction: Transaction, org: str, then: Scope, now: Scope
) -> tuple[tuple[Bucket, ...], tuple[Left, ...]]:
    """What must be fetched whole, and what may no longer be held, between two scopes."""
    if then.grants == now.grants and then.restricted == now.restricted and then.recused == now.recused:
        return (), ()
    if _for_everyone(then) != _for_everyone(now) or bool(then.grants) != bool(now.grants):
        places = transaction.all("SELECT DISTINCT kind, subject, compartment FROM rec WHERE org = ?", (org,))
    else:
        people = _people_who_moved(then, now) | (then.restricted ^ now.restricted) | (then.recused ^ now.recused)
        places = [("person", subject, compartment.value) for subject in people for compartment in Compartment]
    enter, leave = [], []
    for kind, subject, compartment in sorted(places):
        before, after = then.sight(kind, subject, compartment), now.sight(kind, subject, compartment)
        bucket = Bucket(subject=subject, compartment=compartment)
        if before > after:
            leave.append(Left(bucket=bucket, why="ended" if after is Sight.NONE else "narrowed"))
        if after is not Sight.NONE and before is not after:
            enter.append(bucket)
    return tuple(enter), tuple(leave)


def _for_everyone(scope: Scope) -> set[tuple[Any, ...]]:
    """What is given of everybody: when it changes, every bucket must be looked at."""
    return {_gives(grant) for grant in scope.grants if rules.EVERYONE in grant.subjects}


def _with_subjects(grant: Grant, subjects: tuple[str, ...]) -> Grant:
    return msgspec.structs.replace(grant, subjects=subjects)


def _people_who_moved(then: Scope, now: Scope) -> set[str]:
    """Whoever is named in one grant on one side only, or in a grant that changed what it gives."""
    before, after = ({grant.id: grant for grant in scope.grants} for scope in (then, now))
    moved: set[str] = set()
    for id in before.keys() | after.keys():
        sides = [set(grants[id].subjects) if id in grants else set() for grants in (before, after)]
        same = id in before and id in after and _gives(before[id]) == _gives(after[id])
        moved |= sides[0] ^ sides[1] if same else sides[0] | sides[1]
    return moved - {rules.EVERYONE}


def _gives(grant: Grant) -> tuple[Any, ...]:
    return (grant.kind, grant.compartments, grant.with_names)
