"""Community services out: one page of Open Referral UK (HSDS-UK 3.0), which `open_referral.py` reads back as it was."""

import re
import uuid
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.knowledge import Service

_ADDRESS: Final = ("address_1", "address_2", "city", "region", "state_province")


class PublishedService(msgspec.Struct, frozen=True):
    """A service and the name of the organisation that runs it."""

    service: Service
    organisation: str = ""


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
        "contents": [_service(one.service, one.organisation) for one in services],
    }
    return msgspec.json.format(msgspec.json.encode(page), indent=1)


def _service(service: Service, organisation: str) -> dict[str, Any]:
    id = service.source_id or service.id

    def part(kind: str, at: int | str, **values: Any) -> dict[str, Any]:
        """An element with an id of its own: the same one in every export, so that a reader knows it again."""
        return {"id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{id}/{kind}/{at}")), **_filled(values)}

    place = part("location", 0, location_type="physical")
    if service.address or service.postcode:
        place["addresses"] = [
            part("address", 0, **_address(service.address), postal_code=service.postcode, address_type="physical")
        ]
    if service.accessibility:
        place["accessibility"] = [part("accessibility", 0, description=service.accessibility)]
    has_place = "addresses" in place or "accessibility" in place
    phones = [number.strip() for number in service.telephone.split(", ") if number.strip()]
    owner = {"id": service.organisation_id, "name": organisation, "description": organisation}
    return {
        "id": id,
        **_filled(
            {
                "name": service.name,
                "description": service.description,
                "url": service.website,
                "email": service.email,
                "status": service.state,
                "fees_description": service.cost,
                "eligibility_description": service.eligibility,
                "application_process": service.how_to_use,
                "minimum_age": service.minimum_age,
                "maximum_age": service.maximum_age,
                "assured_date": service.checked_on.isoformat() if service.checked_on else None,
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
                "phones": [part("phone", number, number=number) for number in phones],
                "service_at_locations": [part("at", 0, location=place)] if has_place else [],
            }
        ),
    }


def _address(address: str) -> dict[str, str]:
    """A line an element; several places, or more lines than there are elements, stay one text."""
    lines = [line.strip() for line in address.strip().split("\n")]
    if len(lines) > len(_ADDRESS) or not all(lines):
        return {"address_1": re.sub(r"[ \t]*\n[ \t]*", "\n", address.strip())}
    return dict(zip(_ADDRESS, lines, strict=False))


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in (None, "", [])}
