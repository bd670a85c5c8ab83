"""The values of a clash as people read them, and where it happened: which visit, which plan, which laptop."""

import datetime as dt
from typing import Any, Final

from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.contact import Contact
from wellbeing_desktop.domain.dates import staff_date, staff_moment
from wellbeing_desktop.domain.definition import Field, Kind, RecordType
from wellbeing_desktop.domain.names import list_name
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.records import body_of_row, load

NOTHING: Final = "(nothing)"


def value_in_words(reader: Reader, field: Field | None, value: Any) -> str:
    """One value of one field: codes by their labels, dates as staff write them, people and colleagues by name."""
    if value in (None, "", []):
        return NOTHING
    if field is None:
        return str(value)
    if isinstance(value, list):
        return ", ".join(value_in_words(reader, field, member) for member in value)
    if field.kind is Kind.YES_NO:
        return "Yes" if value else "No"
    if field.about.code_list:
        return label_of(field.about.code_list, str(value))
    if field.about.refers_to:
        return _named(reader, field.about.refers_to, str(value))
    try:
        if field.kind is Kind.DATE:
            return staff_date(dt.date.fromisoformat(value))
        if field.kind is Kind.MOMENT:
            return staff_moment(dt.datetime.fromisoformat(value))
    except (TypeError, ValueError):
        return str(value)
    return str(value)


def statement(reader: Reader, record_type: RecordType, id: Any) -> str:
    """What a record says, a field to a line: of two that stand at once, each is read whole. Empty if it is not here."""
    body = body_of_row(reader, record_type, id) if isinstance(id, str) else None
    return "\n".join(
        f"{field.label}: {value_in_words(reader, field, value)}"
        for field in record_type.fields
        if (value := (body or {}).get(field.name)) not in (None, "") and not field.about.refers_to
    )


def place_of(reader: Reader, record_type: RecordType | None, id: str) -> str:
    """ "Written at: Home visit, 21-Nov-2026 10:00", or of which plan; empty where a record belongs to neither."""
    if record_type is None:
        return ""
    body = body_of_row(reader, record_type, id) or {}
    contact_id = id if record_type.struct is Contact else body.get("contact_id") or body.get("about_id")
    contact = load(reader, Contact, str(contact_id), also_gone=True) if contact_id else None
    if contact is not None:
        what = label_of("contact_mediums", contact.medium) if contact.medium else "Contact"
        when = contact.happened_at
        return f"At: {what}, {staff_moment(when)}" if when else f"At: {what}"
    plan_id = id if record_type.name == "care_plan" else body.get("plan_id")
    if plan_id:
        found = reader.row("SELECT version, started_on FROM care_plan WHERE id = ?", (plan_id,))
        if found is not None:
            since = f", begun {staff_date(dt.date.fromisoformat(found[1]))}" if found[1] else ""
            return f"In: care plan{f', version {found[0]}' if found[0] else ''}{since}"
    return ""


def laptop_in_words(device: str, own_device: str) -> str:
    """Which laptop, as its register names it: the end of its id, where there is no better name."""
    if not device:
        return ""
    return "on this laptop" if device == own_device else f"on laptop {device[-6:].upper()}"


def practitioner_name(reader: Reader, practitioner_id: str) -> str:
    return str(reader.value("SELECT name FROM practitioner WHERE id = ?", (practitioner_id,)) or "A colleague")


def person_name(reader: Reader, person_id: str) -> str:
    """As staff lists show it; empty if the record is not here."""
    row = reader.row("SELECT family_name, given_name FROM person WHERE id = ?", (person_id,))
    return list_name(row[0] or "", row[1] or "") if row else ""


def _named(reader: Reader, type_name: str, id: str) -> str:
    if type_name == "practitioner":
        return practitioner_name(reader, id)
    if type_name == "person":
        return person_name(reader, id) or "A person not on this laptop"
    if type_name in ("organisation", "team"):
        sql = "SELECT name FROM organisation WHERE id = ?" if type_name == "organisation" else _TEAM
        return str(reader.value(sql, (id,)) or "One not on this laptop")
    return "Another record"


_TEAM: Final = "SELECT name FROM team WHERE id = ?"
