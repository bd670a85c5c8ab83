"""Who may hold, see and change what: the one check that the server and the laptop's store both make.

Sources: PRACTICE W1 (caseload, team, front desk, office, return), SECURITY 3.4 (roles), SYNC 3.1 (buckets).
Every function takes all the grants of one practitioner; which of them are in force is decided here, by `on`.
Union, never intersection: somebody who is a coordinator and sits at the front desk has both.

A grant narrows what its kind may ever give; listing more compartments on a grant does not widen its kind.
The restricted compartment is held only where a grant names it.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.definition import Compartment, Field, Kind, Merge, RecordType, SubjectKind
from wellbeing_desktop.domain.organisation import Grant
from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.domain.wire import canonical

CASELOAD: Final = "caseload"
TEAM: Final = "team"
FRONT_DESK: Final = "front_desk"
OFFICE: Final = "office"
RETURN: Final = "return"
OWNER: Final = "owner"  # the person a store on one computer belongs to, or whoever answers for the organisation

EVERYONE: Final = "*"

_CARE: Final = frozenset({Compartment.CARD, Compartment.CORE, Compartment.DOCUMENTS, Compartment.CLINICAL})

# The widest that each kind of grant can give of a person.
_WIDEST: Final[Mapping[str, frozenset[Compartment]]] = {
    CASELOAD: frozenset(Compartment),
    TEAM: frozenset(Compartment),
    FRONT_DESK: frozenset({Compartment.CARD}),
    OFFICE: frozenset({Compartment.CARD, Compartment.DOCUMENTS, Compartment.CORE}),
    RETURN: frozenset({Compartment.CARD, Compartment.CORE}),
    OWNER: frozenset(Compartment),
}
# What a grant that lists no compartments gives. Restricted has to be asked for by name.
_USUAL: Final[Mapping[str, frozenset[Compartment]]] = {
    **_WIDEST,
    CASELOAD: _CARE,
    TEAM: _CARE,
}

# Core holds scores and referral reasons, so the office sees these record types of it and no others.
_OFFICE_CORE: Final = frozenset({"appointment", "plan_copy"})
# The front desk books, logs and passes on for people whose core it does not hold.
_FRONT_DESK_ADDS: Final = frozenset({"appointment", "contact", "task"})

# Raised by anybody, read by those who are named: a concern about somebody they may reach, a message to a colleague, the
# service's own files (PRACTICE W6, W12, W19, W25).
_ANYBODY_ADDS: Final = frozenset({"concern", "concern_step", "concern_child", "message", "incident", "complaint"})
# The service's own files: the owner's, and theirs whom a grant names for what is restricted.
_SERVICE_FILES: Final = frozenset({"incident", "complaint"})

_NAME_FIELDS: Final = frozenset({"family_name", "given_name", "known_as"})

# Not counted themselves, but without them a return would count a value that was put right (W8, DESIGN 7).
_RETURN_NEEDS: Final[Mapping[str, frozenset[str]]] = {
    "amendment": frozenset({"target_type", "target_id", "field", "value", "supersedes"}),
    "misfiling": frozenset({"target_type", "target_id", "ended"}),
    "alias": frozenset({"survivor_id", "vanished_id", "state"}),
}


def is_in_force(grant: Grant, on: dt.date) -> bool:
    """True from `since_on` to `until_on`, both included; an absent date leaves that side open."""
    return (grant.since_on is None or grant.since_on <= on) and (grant.until_on is None or on <= grant.until_on)


def in_service_until(grants: Iterable[Grant], left_on: dt.date | None) -> tuple[Grant, ...]:
    """The grants of somebody who leaves: none reaches beyond the last day (`left_on`, itself included)."""
    if left_on is None:
        return tuple(grants)
    return tuple(msgspec.structs.replace(grant, until_on=min(grant.until_on or left_on, left_on)) for grant in grants)


def for_restricted(grants: Iterable[Grant]) -> tuple[Grant, ...]:
    """What grants come to for somebody whose whole record is restricted (`Person.restricted`).

    Grants that name the person count as ever. One for everybody counts only if it lists the restricted compartment;
    the owner's does, and so does a return's, which shows nobody's name then.
    """
    return tuple(_named_only(grant) for grant in grants)


def may_hold(
    grants: Iterable[Grant],
    subject: str,
    compartment: Compartment | str,
    on: dt.date,
    subject_kind: SubjectKind = SubjectKind.PERSON,
) -> bool:
    """May the practitioner's laptop keep this bucket? What of it is shown, `visible_body` decides.

    The cards of organisations, practitioners and teams belong to everyone with any grant in force: names of
    practices, code lists, settings.
    """
    return any(_gives(grant, subject, Compartment(compartment), subject_kind) for grant in _in_force(grants, on))


def may_write(
    grants: Iterable[Grant],
    subject: str,
    compartment: Compartment | str,
    on: dt.date,
    record_type: RecordType | None = None,
    subject_kind: SubjectKind = SubjectKind.PERSON,
) -> bool:
    """May the practitioner change records in this bucket?

    Give `record_type` where it is known: the office may change appointments, but not the rest of core. A return
    grant changes nothing about a person; it keeps return runs, which belong to the organisation.
    """
    where = Compartment(compartment)
    return any(
        grant.may_write is True
        and _gives(grant, subject, where, subject_kind)
        and _may_change(grant, where, record_type, subject_kind, subject)
        for grant in _in_force(grants, on)
    )


def may_add(grants: Iterable[Grant], subject: str, record_type: RecordType, on: dt.date) -> bool:
    """May the practitioner make a new record of this type here, though not read what is there?

    The front desk logs a call, books and passes on a task for anybody in the service (W1). A concern is raised by
    whoever learns of it.
    """
    grants = tuple(grants)
    where = record_type.compartment
    if where is not None and may_write(grants, subject, where, on, record_type, record_type.subject_kind):
        return True
    about_person = record_type.subject_kind is SubjectKind.PERSON
    return any(
        grant.may_write is True
        and (_covers(grant, subject) or not about_person)
        and (
            record_type.name in _ANYBODY_ADDS
            or (about_person and grant.kind == FRONT_DESK and record_type.name in _FRONT_DESK_ADDS)
        )
        for grant in _in_force(grants, on)
    )


def visible_body(
    grants: Iterable[Grant],
    record_type: RecordType,
    subject: str,
    body: Mapping[str, Any],
    on: dt.date,
    compartment: Compartment | str | None = None,
) -> dict[str, Any] | None:
    """The part of a record's body that the practitioner may see; None when not even its existence.

    `compartment` is where the record is, needed for types that are put where their target is. A record that only a
    return grant opens shows counted fields alone: no free text, and names only if the grant says so and the person's
    record is not restricted. Fields that this version does not know are shown only by grants that show whole records.
    """
    where = record_type.compartment if compartment is None else Compartment(compartment)
    if where is None:
        raise ValueError(f"a {record_type.name} is put where its target is: say which compartment")
    seen: dict[str, Any] | None = None
    for grant in _in_force(grants, on):
        if not _gives(grant, subject, where, record_type.subject_kind):
            continue
        part = _part_seen(grant, record_type, subject, body, where)
        if part is not None:
            seen = {**(seen or {}), **part}
    return seen


def shows_whole_records(
    grants: Iterable[Grant],
    subject: str,
    compartment: Compartment | str,
    on: dt.date,
    subject_kind: SubjectKind = SubjectKind.PERSON,
) -> bool:
    """True when nothing in this bucket is cut by `visible_body`: the quick way out for a server sending many rows."""
    where = Compartment(compartment)
    if subject_kind is SubjectKind.PRACTITIONER:
        return False  # a colleague's grants are cut one by one
    return any(
        _gives(grant, subject, where, subject_kind)
        and grant.kind != RETURN
        and not (grant.kind == OFFICE and where is Compartment.CORE)
        for grant in _in_force(grants, on)
    )


def _in_force(grants: Iterable[Grant], on: dt.date) -> list[Grant]:
    return [grant for grant in grants if is_in_force(grant, on)]


def _named_only(grant: Grant) -> Grant:
    if grant.kind in (OWNER, RETURN) or Compartment.RESTRICTED.value in grant.compartments:
        return grant
    if EVERYONE not in grant.subjects:
        return grant
    return msgspec.structs.replace(grant, subjects=tuple(one for one in grant.subjects if one != EVERYONE))


def _covers(grant: Grant, subject: str) -> bool:
    return EVERYONE in grant.subjects or subject in grant.subjects


def _gives(grant: Grant, subject: str, compartment: Compartment, subject_kind: SubjectKind) -> bool:
    if grant.kind not in _WIDEST:
        return False  # a kind from a newer version: nothing, rather than a guess
    if subject_kind is not SubjectKind.PERSON and compartment is Compartment.CARD:
        return True
    if subject_kind is SubjectKind.ORGANISATION:
        if compartment is Compartment.RESTRICTED and compartment.value in grant.compartments:
            return grant.kind == OWNER or (grant.kind in (TEAM, CASELOAD) and _covers(grant, subject))
        return grant.kind == OWNER or (grant.kind == RETURN and compartment is Compartment.CORE)
    if subject_kind is SubjectKind.PRACTITIONER and subject == grant.practitioner_id:
        return True
    return _covers(grant, subject) and compartment in _compartments(grant)


def usual_compartments(kind: str) -> frozenset[Compartment]:
    """What a grant of this kind gives that lists no compartments."""
    return _USUAL[kind]


def compartments_of(grant: Grant) -> frozenset[Compartment]:
    """What of a person the grant gives; nothing for a kind from a newer version."""
    return _compartments(grant) if grant.kind in _WIDEST else frozenset()


def _compartments(grant: Grant) -> frozenset[Compartment]:
    if not grant.compartments:
        return _USUAL[grant.kind]
    listed = {member for member in Compartment if member.value in grant.compartments}
    return _WIDEST[grant.kind] & listed


def _may_change(
    grant: Grant, where: Compartment, record_type: RecordType | None, subject_kind: SubjectKind, subject: str
) -> bool:
    if subject_kind is SubjectKind.ORGANISATION:
        if record_type is not None and (record_type.open_to_all or record_type.name in ("return_run", "import_run")):
            return True
        if where is Compartment.RESTRICTED and record_type is not None and record_type.name in _SERVICE_FILES:
            return True  # whoever holds them works on them
        return grant.kind == OWNER
    if record_type is not None and record_type.name in ("grant", "team"):
        return grant.kind == OWNER  # who leads a team opens records to colleagues and arranges cover
    if record_type is not None and record_type.name == "recusal":
        return True  # of whom, the operation and the server ask: they know who leads whom
    if record_type is not None and record_type.name == "saved_view":
        return subject == grant.practitioner_id
    if subject_kind is not SubjectKind.PERSON:
        return grant.kind in (OWNER, TEAM) or subject == grant.practitioner_id
    if grant.kind == RETURN:
        return False
    if grant.kind == OFFICE and where is Compartment.CORE:
        return record_type is not None and record_type.name in _OFFICE_CORE
    return True


def _part_seen(
    grant: Grant, record_type: RecordType, subject: str, body: Mapping[str, Any], where: Compartment
) -> dict[str, Any] | None:
    if record_type.name == "grant" and grant.kind != OWNER and subject != grant.practitioner_id:
        return None  # who else supports whom is not for everyone
    if record_type.name == "message" and grant.practitioner_id not in (subject, body.get("from_id")):
        return None  # between two people
    if record_type.name == "saved_view" and subject != grant.practitioner_id:
        return None  # one's own way of working
    if record_type.subject_kind is not SubjectKind.PERSON:
        return dict(body)
    if grant.kind == OFFICE and where is Compartment.CORE:
        return dict(body) if record_type.name in _OFFICE_CORE else None
    if grant.kind == RETURN:
        return _counted_part(grant, record_type, body)
    return dict(body)


def _counted_part(grant: Grant, record_type: RecordType, body: Mapping[str, Any]) -> dict[str, Any] | None:
    names = {field.name for field in record_type.fields if field.about.counted and not is_free_text(field)}
    if record_type.name in _RETURN_NEEDS:
        names |= _RETURN_NEEDS[record_type.name]
        if record_type.name == "amendment" and not _is_counted(body.get("target_type"), body.get("field")):
            return None
    if record_type.name == "person" and grant.with_names is True and not body.get("restricted"):
        names |= _NAME_FIELDS
    if not names:
        return None
    return {name: value for name, value in body.items() if name in names}


def _is_counted(type_name: object, field_name: object) -> bool:
    record_type = RECORD_TYPES.get(str(type_name))
    if record_type is None or not record_type.has_field(str(field_name)):
        return False
    field = record_type.field(str(field_name))
    return field.about.counted and not is_free_text(field)


def grant_message(id: str, subject: str, deleted: bool, body: Mapping[str, Any]) -> bytes:
    """What the server's signature of a grant is over: all of it but the signature itself."""
    rest = {name: value for name, value in body.items() if name != "signature"}
    return b"sync/1 grant " + canonical({"id": id, "subject": subject, "deleted": deleted, "body": rest})


def is_free_text(field: Field) -> bool:
    """Words that somebody typed at length: never part of what a return grant shows. A code is no free text."""
    return (
        field.kind is Kind.TEXT
        and not field.about.code_list
        and (field.about.long or field.about.search == 1 or field.merge in (Merge.NARRATIVE, Merge.SAFETY))
    )
