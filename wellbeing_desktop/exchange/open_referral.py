"""Community services in: Open Referral UK (HSDS-UK 3.0), a service, a page of services, or a list of either."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.code_lists import code_list, label_of
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.postcode import check_postcode
from wellbeing_desktop.exchange.json_input import mapping_in, mappings_in, read_json, text_in
from wellbeing_desktop.exchange.telephone import parse_telephone

_WHAT: Final = "an Open Referral UK file"
_STATES: Final = frozenset({"active", "inactive", "defunct", "temporarily closed"})
# What we keep. Every other element that is filled is named in `not_understood`, so that nothing goes unseen.
_UNDERSTOOD: Final = frozenset(
    {"id", "name", "alternate_name", "description", "url", "email", "status", "fees", "fees_description",
     "eligibility_description", "minimum_age", "maximum_age", "assured_date", "assurer_email", "alert", "last_modified",
     "schedules", "service_areas", "service_at_locations", "languages", "organization", "organization_id",
     "cost_options", "contacts", "phones", "attributes", "application_process", "wait_time", "accreditations",
     "interpretation_services"}
)  # fmt: skip


class ServicePlace(msgspec.Struct, frozen=True, kw_only=True):
    """Where a service is given. `accessibility` is what is written about getting in and hearing."""

    name: str = ""
    address: tuple[str, ...] = ()
    postcode: str = ""
    accessibility: tuple[str, ...] = ()


class ServiceRow(msgspec.Struct, frozen=True, kw_only=True):
    """One community service as published. `source_id` is the publisher's id; `checked_on` when it was assured."""

    source_id: str
    name: str
    organisation: str = ""
    organisation_id: str = ""
    description: str = ""
    website: str = ""
    email: str = ""
    telephones: tuple[str, ...] = ()
    status: str = ""
    alert: str = ""
    fees: tuple[str, ...] = ()
    who_for: str = ""
    how_to_apply: str = ""
    waiting: str = ""
    minimum_age: int | None = None
    maximum_age: int | None = None
    areas: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    opening: tuple[str, ...] = ()
    places: tuple[ServicePlace, ...] = ()
    checked_on: dt.date | None = None
    capacity: str = ""
    capacity_on: dt.date | None = None
    changed_at: str = ""


class RefusedItem(msgspec.Struct, frozen=True):
    """Something in the file that is not used: which (by place in the file), and why."""

    item: str
    reason: str


class ServiceList(msgspec.Struct, frozen=True, kw_only=True):
    """`pages_missing` is how many further pages the publisher says there are."""

    services: tuple[ServiceRow, ...]
    refused: tuple[RefusedItem, ...]
    not_understood: tuple[str, ...]
    pages_missing: int = 0


def read_services(data: bytes) -> ServiceList:
    """Every service in the file. Raises Refused when it is no Open Referral UK file."""
    content = read_json(data, _WHAT)
    items, pages_missing = _items(content)
    services: dict[str, ServiceRow] = {}
    refused: list[RefusedItem] = []
    unknown: dict[str, None] = {}
    for place, item in enumerate(items, 1):
        label = f"service {place}"
        if not isinstance(item, dict) or not _is_service(item):
            refused.append(RefusedItem(label, "This is not a service."))
            continue
        try:
            row = _service(item)
        except Refused as refusal:
            refused.append(RefusedItem(label, refusal.message))
            continue
        if row.source_id in services:
            refused.append(RefusedItem(label, "The same service stands earlier in this file."))
            continue
        services[row.source_id] = row
        unknown.update(dict.fromkeys(sorted(key for key, value in item.items() if value and key not in _UNDERSTOOD)))
    return ServiceList(
        services=tuple(services.values()),
        refused=tuple(refused),
        not_understood=tuple(unknown),
        pages_missing=pages_missing,
    )


def _items(content: Any) -> tuple[list[Any], int]:
    if isinstance(content, list):
        return _services_of_all(content), 0
    if isinstance(content, dict):
        for key in ("contents", "content"):
            if isinstance(content.get(key), list):
                total, page = content.get("total_pages"), content.get("page_number")
                missing = total - page if isinstance(total, int) and isinstance(page, int) else 0
                return _services_of_all(content[key]), max(0, missing)
        if found := _services_of(content):
            return found, 0
    raise Refused(f"This file is not {_WHAT}: it has no services in it.")


def _services_of_all(items: list[Any]) -> list[Any]:
    """The items, organisations replaced by the services in them; what is neither stays, to be refused by place."""
    return [service for item in items for service in (_services_of(item) or [item])]


def _services_of(item: Any) -> list[Any]:
    if not isinstance(item, dict):
        return []
    if _is_service(item):
        return [item]
    if isinstance(item.get("service"), dict):  # a service at a location
        return [item["service"]]
    owner = {"id": text_in(item, "id"), "name": text_in(item, "name")}
    return [{"organization": owner, **service} for service in mappings_in(item, "services")]


def _is_service(item: Mapping[str, Any]) -> bool:
    """Only a service has a status or belongs to an organisation; taxonomies and places have names too."""
    return "status" in item or "organization" in item or "organization_id" in item


def _service(service: Mapping[str, Any]) -> ServiceRow:
    name, source_id = text_in(service, "name"), text_in(service, "id")
    if not name:
        raise Refused("This service has no name.")
    if not source_id:
        raise Refused("This service has no id, so a later import could not find it again.")
    organisation = mapping_in(service, "organization")
    status = text_in(service, "status").lower()
    alert = text_in(service, "alert")
    capacity, capacity_on = _room(alert)
    phones = [*mappings_in(service, "phones")]
    for contact in mappings_in(service, "contacts"):
        phones += mappings_in(contact, "phones")
    return ServiceRow(
        source_id=source_id,
        name=name,
        organisation=text_in(organisation, "name"),
        organisation_id=text_in(organisation, "id") or text_in(service, "organization_id"),
        description=text_in(service, "description"),
        website=_web_address(text_in(service, "url")),
        email=text_in(service, "email"),
        telephones=_telephones(phones),
        status=status if status in _STATES else "",
        alert="" if capacity else alert,
        capacity=capacity,
        capacity_on=capacity_on,
        fees=_fees(service),
        who_for=text_in(service, "eligibility_description"),
        how_to_apply=text_in(service, "application_process"),
        waiting=text_in(service, "wait_time"),
        minimum_age=_age(service, "minimum_age"),
        maximum_age=_age(service, "maximum_age"),
        areas=_distinct(text_in(area, "name") for area in mappings_in(service, "service_areas")),
        languages=_distinct(
            text_in(language, "name") or text_in(language, "code") for language in mappings_in(service, "languages")
        ),
        topics=_distinct(
            text_in(mapping_in(attribute, "taxonomy_term"), "name") for attribute in mappings_in(service, "attributes")
        ),
        opening=_distinct(_opening(schedule) for schedule in mappings_in(service, "schedules")),
        places=tuple(
            _place(mapping_in(at, "location"))
            for at in mappings_in(service, "service_at_locations")
            if mapping_in(at, "location")
        ),
        checked_on=_date(text_in(service, "assured_date")),
        changed_at=text_in(service, "last_modified"),
    )


def room_alert(capacity: str, on: dt.date | None) -> str:
    """Whether a service has room, as a notice that is read back: "Full, as of 2026-11-20."."""
    return f"{label_of('capacity_states', capacity)}, as of {on.isoformat()}." if capacity and on else ""


def _room(alert: str) -> tuple[str, dt.date | None]:
    """What `room_alert` wrote; any other notice is words of the publisher."""
    for entry in code_list("capacity_states").entries:
        if alert.startswith(f"{entry.label}, as of ") and (on := _date(alert[len(entry.label) + 8 :])):
            return (entry.code, on) if room_alert(entry.code, on) == alert else ("", None)
    return "", None


def _place(location: Mapping[str, Any]) -> ServicePlace:
    addresses = mappings_in(location, "addresses")
    # The physical address, where one is marked as such.
    address: Mapping[str, Any] = next(
        (each for each in addresses if text_in(each, "address_type") == "physical"), addresses[0] if addresses else {}
    )
    lines = (text_in(address, key) for key in ("address_1", "address_2", "city", "region", "state_province"))
    accessibility = (
        text_in(each, "description") or text_in(each, "accessibility")
        for each in mappings_in(location, "accessibility")
    )
    return ServicePlace(
        name=text_in(location, "name"),
        address=tuple(line for line in lines if line),
        postcode=check_postcode(text_in(address, "postal_code")).postcode,
        accessibility=_distinct(accessibility),
    )


def _fees(service: Mapping[str, Any]) -> tuple[str, ...]:
    found = [text_in(service, "fees_description") or text_in(service, "fees")]
    for cost in mappings_in(service, "cost_options"):
        amount = cost.get("amount")
        price = f"£{amount:,.2f}" if isinstance(amount, int | float) and not isinstance(amount, bool) else ""
        words = (text_in(cost, "option"), price, text_in(cost, "amount_description"))
        found.append(", ".join(word for word in words if word))
    return _distinct(found)


def _opening(schedule: Mapping[str, Any]) -> str:
    days = {"MO": "Monday", "TU": "Tuesday", "WE": "Wednesday", "TH": "Thursday", "FR": "Friday", "SA": "Saturday",
            "SU": "Sunday"}  # fmt: skip
    on = ", ".join(days[day] for day in text_in(schedule, "byday").upper().split(",") if day in days)
    opens, closes = text_in(schedule, "opens_at")[:5], text_in(schedule, "closes_at")[:5]
    hours = f"{opens} to {closes}" if opens and closes else ""
    return " ".join(part for part in (on, hours) if part) or text_in(schedule, "description")


def _telephones(phones: list[Mapping[str, Any]]) -> tuple[str, ...]:
    found = []
    for phone in phones:
        listed = text_in(phone, "number")
        try:
            found.append(parse_telephone(listed).e164)
        except Refused:
            found.append(listed)  # short codes such as 111 are right for a service
    return _distinct(found)


def _age(service: Mapping[str, Any], key: str) -> int | None:
    value = service.get(key)
    return int(value) if isinstance(value, int | float) and 0 <= value <= 130 else None


def _date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text[:10])
    except ValueError:
        return None


def _web_address(text: str) -> str:
    """Only http and https: a directory is shown as links, and a link can be a script."""
    return text if text.lower().startswith(("http://", "https://")) else ""


def _distinct(texts: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))
