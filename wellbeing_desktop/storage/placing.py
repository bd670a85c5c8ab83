"""Where a new record belongs: whose it is, who may see it, and what it may replace."""

from collections.abc import Mapping
from typing import Any, Final

from wellbeing_desktop.domain.definition import Compartment, Record, RecordType, SubjectKind
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.storage import effective, grants, records
from wellbeing_desktop.storage.connection import Reader

# A record of one of these types is about itself.
_OWN_SUBJECT: Final = frozenset({"person", "practitioner", "team"})


def subject_for(reader: Reader, record_type: RecordType, record: Record, id: str) -> str:
    """The subject of a new record: what it says, itself, the organisation, or its target's. Raises Refused."""
    if record_type.name in _OWN_SUBJECT:
        if record.subject not in ("", id):
            raise ValueError(f"a {record_type.name} is about itself")
        return id
    if record_type.subject_kind is SubjectKind.ORGANISATION:
        return record.subject or grants.organisation_of(reader)
    if not record.subject:
        target = getattr(record, "target_id", "")
        found = records.envelope_of(reader, target) if target else None
        if found is None:
            raise Refused("Say whose record this belongs to.", "subject")
        return found.subject
    if record_type.subject_kind is SubjectKind.PERSON and not hasattr(record, "target_id"):
        known = reader.value("SELECT 1 FROM live_person WHERE id = ?", (record.subject,))
        if known is None:
            raise Refused("This person's record is not on this laptop.", "subject")
    return record.subject


def compartment_for(
    reader: Reader, record_type: RecordType, record: Record, compartment: Compartment | str | None
) -> str:
    """The compartment of a new record: its type's, the one given, or its target's. Raises Refused."""
    if record_type.compartment is not None:
        if compartment is not None and Compartment(compartment) is not record_type.compartment:
            raise ValueError(f"a {record_type.name} is always in {record_type.compartment}")
        return record_type.compartment.value
    if compartment is not None:
        return Compartment(compartment).value
    target = getattr(record, "target_id", "")
    found = records.envelope_of(reader, target) if target else None
    if found is None:
        raise Refused("Say who may see this.", "compartment")
    return found.compartment


def check_supersedes(reader: Reader, record_type: RecordType, subject: str, body: Mapping[str, Any]) -> None:
    """What a record says it replaces must be there, about the same person, and not replaced already."""
    replaced = body.get("supersedes")
    if not replaced:
        return
    found = records.envelope_of(reader, replaced)
    if found is None or found.type != record_type.name or found.subject != subject:
        raise Refused("What this replaces is not in this person's record.", "supersedes")
    if effective.is_superseded(reader, record_type, replaced):
        raise Refused("Somebody has already replaced this. Look at the newest one first.", "supersedes")
