"""What a list says of somebody, and what the last one said: kept with the practice registration, so that the next list
changes only what still reads as the last one left it (PRACTICE W22)."""

from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.person import Address, ContactPoint, Registration
from wellbeing_desktop.domain.wire import to_wire
from wellbeing_desktop.exchange.people_rows import ImportedPerson

# Fields of a person that a list may fill or bring up to date, by the same name in the list.
PERSON_FIELDS: Final = (
    "family_name",
    "given_name",
    "known_as",
    "title",
    "born_on",
    "nhs_number",
    "local_number",
    "usual_gp",
    "language",
    "interpreter_needed",
    "registration",
)
_MEDIUM: Final = {"home": "telephone", "mobile": "mobile", "work": "work"}


def said_of(row: ImportedPerson, practice_id: str) -> dict[str, Any]:
    """What the list says, as wire values by field; what it does not say is absent."""
    said: dict[str, Any] = {}
    for name in PERSON_FIELDS:
        value = getattr(row, name)
        if value not in ("", None):
            said[name] = to_wire(value)
    if practice_id:
        said["practice_id"] = practice_id
    if row.restricted:
        said["restricted"] = True
    if row.no_fixed_abode:
        said["no_fixed_abode"] = True
    if row.gender:
        said["stated_gender"] = row.gender
    if row.ethnicity:
        said["ethnicity"] = row.ethnicity
    if (address := address_text(row)) and not row.address_withheld:
        said["address"] = address
    points = sorted({phone.value for phone in row.phones} | ({row.email} if row.email else set()))
    if points:
        said["points"] = points
    return said


def address_of(row: ImportedPerson, person_id: str = "") -> Address | None:
    """The listed address as a main address, or None when the list gives none."""
    if row.address_withheld or not (any(row.address) or row.postcode):
        return None
    line1, line2, line3, line4, line5 = row.address
    return Address(
        subject=person_id,
        line1=line1,
        line2=line2,
        line3=line3,
        line4=line4,
        line5=line5,
        postcode=row.postcode,
        use="1",
    )


def points_of(row: ImportedPerson, person_id: str = "") -> list[ContactPoint]:
    """Listed telephones and e-mail. What could not be read as a number is kept as it was listed, and says so."""
    points = [
        ContactPoint(
            subject=person_id,
            medium=_MEDIUM[phone.kind],
            value=phone.value,
            extension=phone.extension,
            note="" if phone.understood else "As on the practice list; check the number",
        )
        for phone in row.phones
    ]
    if row.email:
        points.append(ContactPoint(subject=person_id, medium="email", value=row.email))
    return points


def address_text(row: ImportedPerson) -> str:
    """The address of a row as one text, line by line: what tells whether the list has changed it."""
    return "\n".join(part for part in (*row.address, row.postcode) if part)


def stored_address_text(address: Address) -> str:
    """An address of the store in the same form."""
    lines = (address.line1, address.line2, address.line3, address.line4, address.line5, address.postcode)
    return "\n".join(part for part in lines if part)


def last_said(registration: Registration | None) -> dict[str, Any]:
    """What the last list said, by field; empty when the person came another way."""
    kept = listed_of(registration)
    said = kept.get("said")
    return said if isinstance(said, dict) else {}


def listed_of(registration: Registration | None) -> dict[str, Any]:
    """What the last list said of this registration, and which import that was; empty when it came another way."""
    if registration is None or not registration.listed:
        return {}
    try:
        kept = msgspec.json.decode(registration.listed)
    except msgspec.DecodeError:
        return {}
    return kept if isinstance(kept, dict) else {}
