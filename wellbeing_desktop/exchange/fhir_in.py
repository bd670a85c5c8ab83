"""FHIR R4 in: Patient and RelatedPerson, alone or in a Bundle, as PDS and GP systems send them.

A Patient becomes the same `ImportedPerson` that a list gives, so that one importer decides about both.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.dates import parse_birth_date, parse_listed_date
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.nhs_number import parse_nhs_number
from wellbeing_desktop.domain.postcode import check_postcode
from wellbeing_desktop.exchange import fhir_terms as terms
from wellbeing_desktop.exchange.json_input import mapping_in, mappings_in, read_json, text_in, texts_in
from wellbeing_desktop.exchange.open_referral import RefusedItem
from wellbeing_desktop.exchange.people_cells import ListedPhone, is_name
from wellbeing_desktop.exchange.people_rows import ImportedPerson
from wellbeing_desktop.exchange.telephone import parse_telephone

_WHAT: Final = "a FHIR file"
_MAX_RESOURCES: Final = 50_000
_PATIENT_ELEMENTS: Final = frozenset(
    {"resourceType", "id", "meta", "text", "identifier", "active", "name", "telecom", "gender", "birthDate",
     "deceasedBoolean", "deceasedDateTime", "address", "generalPractitioner", "extension", "communication"}
)  # fmt: skip
_GENDERS: Final = {"male": "1", "female": "2", "other": "9", "unknown": "X"}
_KINDS: Final = {"home": "home", "work": "work", "mobile": "mobile"}
_RESTRICTED: Final = frozenset({"R", "V"})


class ListedRelative(msgspec.Struct, frozen=True, kw_only=True):
    """A RelatedPerson. `of_nhs_number` or `of_id` says whose; `relationship` is in words."""

    of_nhs_number: str = ""
    of_id: str = ""
    name: str = ""
    relationship: str = ""
    telephone: str = ""
    email: str = ""


class FhirFile(msgspec.Struct, frozen=True):
    """What a FHIR file holds. `not_understood` names kinds of resource and elements of Patient that were left out."""

    people: tuple[ImportedPerson, ...]
    relatives: tuple[ListedRelative, ...]
    refused: tuple[RefusedItem, ...]
    not_understood: tuple[str, ...]


def read_fhir(data: bytes, today: dt.date) -> FhirFile:
    """Every Patient and RelatedPerson of a FHIR R4 JSON file. Raises Refused when it is no FHIR file."""
    content = read_json(data, _WHAT)
    if not isinstance(content, dict) or not text_in(content, "resourceType"):
        raise Refused(f"This file is not {_WHAT}: it says no resource type.")
    people: list[ImportedPerson] = []
    relatives: list[ListedRelative] = []
    refused: list[RefusedItem] = []
    unknown: dict[str, None] = {}
    for place, resource in enumerate(_resources(content), 1):
        if place > _MAX_RESOURCES:
            raise Refused(f"The file has more than {_MAX_RESOURCES:,} resources.")
        kind = text_in(resource, "resourceType")
        try:
            if kind == "Patient":
                people.append(_patient(resource, place, today))
                unknown.update(dict.fromkeys(f"Patient.{key}" for key in resource if key not in _PATIENT_ELEMENTS))
            elif kind == "RelatedPerson":
                relatives.append(_relative(resource))
            else:
                unknown[kind or "A resource without a type"] = None
        except Refused as refusal:
            refused.append(RefusedItem(f"{kind} {place}", refusal.message))
    return FhirFile(tuple(people), tuple(relatives), tuple(refused), tuple(unknown))


def _resources(content: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if text_in(content, "resourceType") != "Bundle":
        yield content
        return
    for entry in mappings_in(content, "entry"):
        yield mapping_in(entry, "resource")


def _patient(resource: Mapping[str, Any], place: int, today: dt.date) -> ImportedPerson:
    number = _nhs_number(resource)
    name = _current(mappings_in(resource, "name"), today, ("official", "usual"))
    known_as = next((each for each in mappings_in(resource, "name") if text_in(each, "use") == "nickname"), {})
    family, given = text_in(name, "family"), " ".join(texts_in(name, "given"))
    if not is_name(family) and not is_name(given):
        raise Refused("There is no usable name.", "family_name")
    birth = text_in(resource, "birthDate")
    born_on = parse_birth_date(birth, today) if len(birth) == 10 else None
    if born_on is None and not number:
        raise Refused("There is neither an NHS number nor a date of birth, so this person cannot be told from others.")
    died, died_on = _death(resource, born_on, today)
    restricted = any(text_in(label, "code") in _RESTRICTED for label in mappings_in(mapping_in(resource, "meta"),
                                                                                  "security"))  # fmt: skip
    address = _current(mappings_in(resource, "address"), today, ("home",))
    lines = _address_lines(address)
    postcode = check_postcode(text_in(address, "postalCode"))
    phones, email, kept = _telecom(mappings_in(resource, "telecom"), today)
    if len(birth) in (4, 7):
        kept.append(("born_on", birth))  # FHIR allows a year or a month alone
    return ImportedPerson(
        line=place,
        lines=(place,),
        nhs_number=number,
        title=" ".join(texts_in(name, "prefix")),
        family_name=family,
        given_name=given,
        known_as=" ".join(texts_in(known_as, "given")) or text_in(known_as, "text"),
        born_on=born_on,
        gender=_GENDERS.get(text_in(resource, "gender"), ""),
        gender_as_listed=text_in(resource, "gender"),
        address=lines,
        postcode=postcode.postcode,
        no_fixed_abode=postcode.no_fixed_abode,
        phones=tuple(phones),
        email=email,
        practice_code=_practice(resource),
        ethnicity=terms.extension_code(resource, terms.ETHNIC_CATEGORY)[:2].strip(),
        language=_language(resource),
        interpreter_needed=_interpreter(resource),
        died=died,
        died_on=died_on,
        restricted=restricted or None,
        address_withheld=restricted and not any(lines) and not postcode.postcode,
        kept_as_listed=tuple(kept),
    )


def _nhs_number(resource: Mapping[str, Any]) -> str:
    for identifier in mappings_in(resource, "identifier"):
        if text_in(identifier, "system") == terms.NHS_NUMBER and text_in(identifier, "value"):
            return parse_nhs_number(text_in(identifier, "value"))
    return ""


def _current(items: list[Mapping[str, Any]], today: dt.date, uses: tuple[str, ...]) -> Mapping[str, Any]:
    """The one in use today, by preference of use; an ended one only when there is no other."""
    usable = [item for item in items if text_in(item, "use") not in ("old", "nickname", "maiden", "temp")]
    open_ones = [item for item in usable if not _ended(item, today)]
    for pool in (open_ones, usable):
        for use in uses:
            for item in pool:
                if text_in(item, "use") == use:
                    return item
        if pool:
            return pool[0]
    return {}


def _ended(item: Mapping[str, Any], today: dt.date) -> bool:
    end = text_in(mapping_in(item, "period"), "end")
    return bool(end) and end[:10] < today.isoformat()


def _death(resource: Mapping[str, Any], born_on: dt.date | None, today: dt.date) -> tuple[bool | None, dt.date | None]:
    when = text_in(resource, "deceasedDateTime")
    if not when:
        flag = resource.get("deceasedBoolean")
        return (flag, None) if isinstance(flag, bool) else (None, None)
    if len(when) < 10:
        return True, None  # a year or a month alone: dead, the day not known
    died_on = parse_listed_date(when[:10], "died_on")
    if died_on > today:
        raise Refused("The date of death is in the future.", "died_on")
    if born_on is not None and died_on < born_on:
        raise Refused("The date of death is before the date of birth.", "died_on")
    return True, died_on


def _address_lines(address: Mapping[str, Any]) -> tuple[str, str, str, str, str]:
    lines = texts_in(address, "line")
    city, county = text_in(address, "city"), text_in(address, "district") or text_in(address, "state")
    if city or county:
        street = [*lines[:2], ", ".join(lines[2:])] if len(lines) > 3 else lines
        street += [""] * (3 - len(street))
        return street[0], street[1], street[2], city, county
    # PDS sends five lines, the town fourth.
    lines = [*lines[:4], ", ".join(lines[4:])]
    lines += [""] * (5 - len(lines))
    return lines[0], lines[1], lines[2], lines[3], lines[4]


def _telecom(items: list[Mapping[str, Any]], today: dt.date) -> tuple[list[ListedPhone], str, list[tuple[str, str]]]:
    phones: list[ListedPhone] = []
    email = ""
    kept: list[tuple[str, str]] = []
    for item in items:
        system, value, use = text_in(item, "system"), text_in(item, "value"), text_in(item, "use")
        if not value or _ended(item, today) or use == "old":
            continue
        if system == "email":
            email = email or value
        elif system in ("phone", "sms"):
            kind = _KINDS.get(use, "home")
            try:
                number = parse_telephone(value)
            except Refused:
                phones.append(ListedPhone(kind, value, understood=False))
            else:
                phones.append(ListedPhone(kind, number.e164, number.extension))
        else:
            kept.append(("telecom", value))
    return phones, email, kept


def _practice(resource: Mapping[str, Any]) -> str:
    for practice in mappings_in(resource, "generalPractitioner"):
        identifier = mapping_in(practice, "identifier")
        if text_in(identifier, "system") == terms.ODS_CODE:
            return text_in(identifier, "value").upper()
    return ""


def _language(resource: Mapping[str, Any]) -> str:
    coding = terms.part_coding(resource, terms.NHS_COMMUNICATION, "language")
    return text_in(coding, "display") or text_in(coding, "code")


def _interpreter(resource: Mapping[str, Any]) -> bool | None:
    part = terms.part(resource, terms.NHS_COMMUNICATION, "interpreterRequired")
    flag = part.get("valueBoolean")
    if isinstance(flag, bool):
        return flag
    flag = terms.extension(resource, terms.INTERPRETER_REQUIRED).get("valueBoolean")
    return flag if isinstance(flag, bool) else None


def _relative(resource: Mapping[str, Any]) -> ListedRelative:
    patient = mapping_in(resource, "patient")
    identifier = mapping_in(patient, "identifier")
    number = ""
    if text_in(identifier, "system") == terms.NHS_NUMBER:
        number = parse_nhs_number(text_in(identifier, "value"))
    of_id = text_in(patient, "reference").rpartition("/")[2].removeprefix("urn:uuid:")
    if not number and not of_id:
        raise Refused("It is not said whose relative this is.")
    name = next(iter(mappings_in(resource, "name")), {})
    words = " ".join([*texts_in(name, "prefix"), *texts_in(name, "given"), text_in(name, "family")]).strip()
    kinds = mappings_in(resource, "relationship")
    relationship = next(
        (text for kind in kinds for coding in [*mappings_in(kind, "coding"), {}]
         if (text := text_in(kind, "text") or text_in(coding, "display") or text_in(coding, "code"))), ""
    )  # fmt: skip
    if not is_name(words) and not relationship:
        raise Refused("There is no usable name.")
    telecom = mappings_in(resource, "telecom")
    return ListedRelative(
        of_nhs_number=number,
        of_id=of_id,
        name=words,
        relationship=relationship,
        telephone=next((text_in(item, "value") for item in telecom if text_in(item, "system") == "phone"), ""),
        email=next((text_in(item, "value") for item in telecom if text_in(item, "system") == "email"), ""),
    )
