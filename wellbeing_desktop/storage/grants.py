"""Whether the person signed in may hold, see or change this: the store's half of the one check (PRACTICE W1).

The rules are `domain/grants.py`; the server makes the same check. A store that is on this computer only has one
person, who made it: everything in it is theirs.

In a store that has joined an organisation only grants that its server signed count, as the server sent them: work on a
grant that waits here gives nothing until it comes back signed.
"""

import datetime as dt
from typing import Any, Final, NamedTuple

import msgspec

from wellbeing_desktop.domain import grants as rules
from wellbeing_desktop.domain.definition import Compartment, RecordType, SubjectKind
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.lease import Standing
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.domain.organisation import GRANT, Grant
from wellbeing_desktop.domain.wire import record_from
from wellbeing_desktop.storage import lease, records
from wellbeing_desktop.storage.columns import as_day
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.recusals import is_closed
from wellbeing_desktop.storage.signed import is_proven
from wellbeing_desktop.storage.sync_state import has_organisation, sync_value


class ArrivedGrant(NamedTuple):
    """A grant of the person signed in as the server sent it; `grant` is None if its signature does not hold."""

    id: str
    grant: Grant | None


def user_of(reader: Reader) -> str:
    """The id of the person whose store this is; it is the practitioner's id too."""
    return str(reader.value("SELECT user_id FROM identity"))


def organisation_of(reader: Reader) -> str:
    """The subject of records about the organisation itself: settings, practices, questionnaires."""
    return str(reader.value("SELECT organisation_id FROM identity"))


def grants_held(reader: Reader) -> tuple[Grant, ...]:
    """Every grant of the person signed in; on a store of this computer only, the owner's."""
    user = user_of(reader)
    if not has_organisation(reader):
        return (Grant(practitioner_id=user, kind=rules.OWNER, subjects=(rules.EVERYONE,), may_write=True),)
    found = tuple(arrived.grant for arrived in arrived_grants(reader) if arrived.grant is not None)
    left = reader.value("SELECT left_on FROM live_practitioner WHERE id = ?", (user,))
    return rules.in_service_until(found, as_day(left))


def arrived_grants(reader: Reader) -> list[ArrivedGrant]:
    """The grants that the server sent for the person signed in, each judged by its signature."""
    user, key = user_of(reader), sync_value(reader, "server_key")
    found = []
    for id, deleted, kept in reader.rows(
        "SELECT r.id, coalesce(s.deleted, r.deleted), s.body FROM record AS r LEFT JOIN shadow AS s ON s.id = r.id"
        " WHERE r.subject = ? AND r.compartment = ? AND r.type = ? AND r.rev > 0 ORDER BY r.id",
        (user, str(GRANT.compartment), GRANT.name),
    ):
        if deleted:
            continue
        body = records.body_of_row(reader, GRANT, id) if kept is None else msgspec.json.decode(kept)
        found.append(ArrivedGrant(id, _proven(key, user, id, body or {})))
    return found


def _proven(key: str, user: str, id: str, body: dict[str, Any]) -> Grant | None:
    """The grant, if it is this person's and our server signed every word of it."""
    signature = str(body.get("signature") or "")
    message = rules.grant_message(id, user, False, body)
    if not is_proven(key, message, signature):
        return None
    try:
        grant = record_from(GRANT, id, user, body)
    except Refused:
        return None  # signed by a server of another version: nothing, rather than a guess
    return grant if isinstance(grant, Grant) and grant.practitioner_id == user else None


def grants_read_by(reader: Reader) -> tuple[Grant, ...]:
    """As `grants_held`, for looking: none once the lease has locked."""
    return () if lease.terms(reader).standing is Standing.LOCKED else grants_held(reader)


def about(reader: Reader, grants: tuple[Grant, ...], subject: str) -> tuple[Grant, ...]:
    """The grants as they count for this one subject: a record that is closed to somebody who knows the person is
    nobody's grant's, a restricted one is not everybody's, and somebody who was written down here belongs to whoever
    wrote them down until the server has put them into a caseload."""
    if is_closed(reader, subject):
        return ()
    if is_new_here(reader, subject):
        return with_registered(grants, subject)
    if not any(rules.EVERYONE in grant.subjects for grant in grants):
        return grants
    restricted = reader.value("SELECT restricted FROM person WHERE id = ?", (subject,))
    return rules.for_restricted(grants) if restricted else grants


def is_new_here(reader: Reader, person_id: str) -> bool:
    """Has the server not seen this person yet?"""
    found = reader.row("SELECT rev FROM record WHERE id = ? AND type = 'person'", (person_id,))
    return found is not None and found[0] == 0


def with_registered(grants: tuple[Grant, ...], person_id: str) -> tuple[Grant, ...]:
    """Whoever cares for people may write down a new one: the server puts them into the same grants when they arrive."""
    return tuple(
        msgspec.structs.replace(grant, subjects=(*grant.subjects, person_id))
        if grant.may_write is True and grant.kind in (rules.CASELOAD, rules.TEAM)
        else grant
        for grant in grants
    )


def role_of(grants: tuple[Grant, ...], on: dt.date) -> str:
    """The kinds of grant in force, for the audit: `caseload front_desk`."""
    return " ".join(sorted({grant.kind for grant in grants if rules.is_in_force(grant, on)}))


def may_hold(reader: Reader, person_id: str, compartment: Compartment | str, on: dt.date | None = None) -> bool:
    """True if the person signed in may read this much about somebody."""
    return rules.may_hold(about(reader, grants_read_by(reader), person_id), person_id, compartment, on or _today())


def require_hold(reader: Reader, person_id: str, compartment: Compartment | str, on: dt.date | None = None) -> None:
    """Raise Refused unless the person signed in may read this much about somebody."""
    if not may_hold(reader, person_id, compartment, on):
        what = _IN_WORDS[Compartment(compartment)]
        raise Refused(f"You have no access to {what} of this person's record. Your team lead can give it to you.")


def held_compartments(reader: Reader, person_id: str, on: dt.date | None = None) -> tuple[Compartment, ...]:
    """What the person signed in may read of somebody; Refused if that is nothing."""
    held, day = about(reader, grants_read_by(reader), person_id), on or _today()
    found = tuple(one for one in Compartment if rules.may_hold(held, person_id, one, day))
    if not found:
        raise Refused("You have no access to this person's record. Your team lead can give it to you.")
    return found


def require_write(
    grants: tuple[Grant, ...], record_type: RecordType, subject: str, compartment: str, on: dt.date, *, adding: bool
) -> None:
    """Raise Refused unless these grants let a record of this type be changed, or made, in this bucket."""
    where, kind = Compartment(compartment), record_type.subject_kind
    if rules.may_write(grants, subject, where, on, record_type, kind):
        return
    if adding and rules.may_add(grants, subject, record_type, on):
        return
    if kind is not SubjectKind.PERSON:
        raise Refused(f"You may not change this: {record_type.label.lower()}. Your administrator can.")
    raise Refused(
        f"You may not change {_IN_WORDS[where]} of this person's record. Your team lead can give you access, "
        "or pass this on to the person's care coordinator."
    )


_IN_WORDS: Final = {
    Compartment.CARD: "the card",
    Compartment.CORE: "the dates, appointments and scores",
    Compartment.DOCUMENTS: "the letters and scans",
    Compartment.CLINICAL: "the notes and plans",
    Compartment.RESTRICTED: "the restricted part",
}


def _today() -> dt.date:
    return local_date(dt.datetime.now(dt.UTC))
