"""Community services out: one page of Open Referral UK (HSDS-UK 3.0), which `open_referral.py` reads back as it was.

What HSDS-UK 3.0 has a place for stands there: cost in `fees`, telephone in `contacts`, who checked in `assurer_email`.
Eligibility and how to get in have none in the UK profile and stand where HSDS 3.0 has them, which readers of the
profile pass over. Whether there is room is a short-term notice, so it stands in `alert`. The web address goes out as
`url`, which the profile asks for and we do not make up.
"""

import re
import uuid
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.knowledge import Service
from wellbeing_desktop.domain.postcode import check_postcode
from wellbeing_desktop.exchange.open_referral import room_alert

_ADDRESS: Final = ("address_1", "address_2", "city", "region", "state_province")


class PublishedService(msgspec.Struct, frozen=True):
    """A service and the name of the organisation that runs it."""

    service: Service
    organisation: str = ""
    checked_by_email: str = ""


def services_bytes(services: Sequence[PublishedService]) -> bytes:
    """All of them as one page. What a service does not say is left out."""
    page = {
        "total_items": len(services),
        "total_pages": 1,
        "page_number": 1,
        "size": len(services),
        "first_page": True,
        "last_page": True,
        "empty": not services,
        "contents": [_service(one) for one in services],
    }
    return msgspec.json.format(msgspec.json.encode(page), indent=1)


def _service(one: PublishedService) -> dict[str, Any]:
    service = one.service
    id = service.source_id or service.id

    def part(kind: str, at: int | str, **values: Any) -> dict[str, Any]:
        """An element with an id of its own: the same one in every export, so that a reader knows it again."""
        return {"id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{id}/{kind}/{at}")), **_filled(values)}

    places = []
    for number, (lines, postcode) in enumerate(_addresses(service)):
        place = part("location", number, location_type="physical")
        if lines or postcode:
            parts = {**_address(lines), "postal_code": postcode, "address_type": "physical"}
            place["addresses"] = [part("address", number, **parts)]
        if service.accessibility and number == 0:
            place["accessibility"] = [part("accessibility", 0, description=service.accessibility)]
        if "addresses" in place or "accessibility" in place:
            places.append(place)
    phones = [number.strip() for number in service.telephone.split(", ") if number.strip()]
    owner = {"id": service.organisation_id, "name": one.organisation, "description": one.organisation}
    return {
        "id": id,
        **_filled(
            {
                "name": service.name,
                "description": service.description,
                "url": service.website,
                "email": service.email,
                "status": service.state,
                "fees": service.cost,
                "alert": room_alert(service.capacity, service.capacity_on),
                "eligibility_description": service.eligibility,
                "application_process": service.how_to_use,
                "minimum_age": service.minimum_age,
                "maximum_age": service.maximum_age,
                "assured_date": service.checked_on.isoformat() if service.checked_on else None,
                "assurer_email": one.checked_by_email if service.checked_on else "",
            }
        ),
        "organization": _filled(owner),
        **_filled(
            {
                "schedules": [part("schedule", 0, description=service.opening)] if service.opening else [],
                "service_areas": [part("area", area, name=area) for area in service.areas],
                "languages": [part("language", language, name=language) for language in service.languages],
                "attributes": [
                    part("topic", topic, taxonomy_term=part("term", topic, name=topic)) for topic in service.topics
                ],
                "contacts": [
                    part("contact", number, phones=[part("phone", number, number=number)]) for number in phones
                ],
                "service_at_locations": [part("at", number, location=place) for number, place in enumerate(places)],
            }
        ),
    }


def _addresses(service: Service) -> list[tuple[str, str]]:
    """Each address with its postcode. The first has the postcode of the service, the others their last line."""
    first, *others = re.split(r"\n[ \t]*\n", service.address.strip())
    found = [(first, service.postcode)]
    for address in others:
        *lines, last = address.split("\n")
        checked = check_postcode(last)
        is_postcode = bool(lines) and bool(last) and not checked.message and checked.postcode == last
        found.append(("\n".join(lines), last) if is_postcode else (address, ""))
    return found


def _address(address: str) -> dict[str, str]:
    """A line an element; several places, or more lines than there are elements, stay one text."""
    lines = [line.strip() for line in address.strip().split("\n")]
    if len(lines) > len(_ADDRESS) or not all(lines):
        return {"address_1": re.sub(r"[ \t]*\n[ \t]*", "\n", address.strip())}
    return dict(zip(_ADDRESS, lines, strict=False))


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in (None, "", [])}
