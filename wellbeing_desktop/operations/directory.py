"""The directory of services, in from Open Referral UK and out again.

A service is known again by the directory and its number there. `published` on the record is what the directory said
last: a field that reads otherwise was changed here, and what was changed here stands. What a file leaves out (a page
of a list is only a summary) takes nothing away.

A directory gives no ODS code, so an organisation is known by its name alone: only one without an ODS code is ever
taken for it.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.knowledge import SERVICE, Service
from wellbeing_desktop.domain.organisation import Organisation, Practitioner
from wellbeing_desktop.domain.wire import body_of
from wellbeing_desktop.exchange.open_referral import RefusedItem, ServicePlace, ServiceRow
from wellbeing_desktop.exchange.open_referral_out import PublishedService, services_bytes
from wellbeing_desktop.exchange.telephone import format_telephone
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.storage import field_rules
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.records import load_all
from wellbeing_desktop.storage.undo import undo

SOURCE: Final = "Open Referral UK"
"""Which directory, where nobody says: the numbers in it are unique anyway."""


class ServiceChange(msgspec.Struct, frozen=True):
    """What the directory says anew of a service that is here, and the labels of the fields changed here that stay."""

    service: Service
    fields: Mapping[str, Any]
    kept: tuple[str, ...] = ()


class DirectoryPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What a directory would do: nothing has been written. `organisations` are the new ones."""

    organisations: tuple[Organisation, ...] = ()
    created: tuple[Service, ...] = ()
    updated: tuple[ServiceChange, ...] = ()
    unchanged: int = 0
    kept: tuple[RefusedItem, ...] = ()
    refused: tuple[RefusedItem, ...] = ()


def plan_directory(reader: Reader, rows: Iterable[ServiceRow], *, source: str = SOURCE) -> DirectoryPlan:
    """Decide about each service; items are named by their place among `rows`."""
    here = load_all(reader, Service)
    known = {service.source_id: service for service in here if service.source == source and service.source_id}
    known |= {service.id: service for service in here}  # our own, come back
    organisations = {_key(one.name): one.id for one in load_all(reader, Organisation, ods_code="")}
    new_organisations: list[Organisation] = []
    created: list[Service] = []
    updated: list[ServiceChange] = []
    kept: list[RefusedItem] = []
    refused: list[RefusedItem] = []
    unchanged = 0
    seen: set[str] = set()
    for place, row in enumerate(rows, 1):
        item = f"service {place}"
        try:
            if row.source_id in seen:
                raise Refused("The same service stands in an earlier file.")
            said = _said(row)
            _check(said, source, row.source_id)
            seen.add(row.source_id)
        except Refused as refusal:
            refused.append(RefusedItem(item, refusal.message))
            continue
        if key := _key(row.organisation):
            if key not in organisations:
                new_organisations.append(Organisation(id=new_id(), name=" ".join(row.organisation.split())))
                organisations[key] = new_organisations[-1].id
            said["organisation_id"] = organisations[key]
        service = known.get(row.source_id)
        if service is None:
            published = _published({}, said)
            created.append(Service(id=new_id(), source=source, source_id=row.source_id, published=published, **said))
            continue
        change = _change(service, said)
        if change.kept:
            kept.append(RefusedItem(item, f"Changed here, so it stays: {', '.join(change.kept)}."))
        if change.fields:
            updated.append(change)
        else:
            unchanged += 1
    return DirectoryPlan(
        organisations=tuple(new_organisations),
        created=tuple(created),
        updated=tuple(updated),
        unchanged=unchanged,
        kept=tuple(kept),
        refused=tuple(refused),
    )


def import_directory(
    writer: Writer, rows: Iterable[ServiceRow], *, source: str = SOURCE, at: dt.datetime | None = None
) -> tuple[Changes, DirectoryPlan]:
    """Bring in what the directory says, all of it or nothing. Taking it back is `take_back_directory`."""
    with doing(writer, "import_directory", at=at) as tx:
        plan = plan_directory(tx.reader, rows, source=source)
        tx.create_all([one] for one in (*plan.organisations, *plan.created))
        for change in plan.updated:
            tx.begin_group()
            tx.change(Service, change.service.id, change.fields)
    return tx.changes, plan


def take_back_directory(writer: Writer, import_id: str, *, at: dt.datetime | None = None) -> Changes:
    """Take back one import as a whole. Refused if one of its services was changed since."""
    return undo(writer, import_id, at=at)


def directory_bytes(reader: Reader) -> tuple[bytes, int]:
    """Every service of the directory as Open Referral UK, by name, and how many."""
    names = {one.id: one.name for one in load_all(reader, Organisation)}
    emails = {one.id: one.email for one in load_all(reader, Practitioner)}
    services = sorted(load_all(reader, Service), key=lambda one: (one.name.casefold(), one.id))
    listed = [
        PublishedService(
            service=one,
            organisation=names.get(one.organisation_id, ""),
            checked_by_email=emails.get(one.checked_by, ""),
        )
        for one in services
    ]
    return services_bytes(listed), len(listed)


def _change(service: Service, said: Mapping[str, Any]) -> ServiceChange:
    before = _published_before(service)
    fields: dict[str, Any] = {}
    kept: list[str] = []
    agreed: dict[str, Any] = {}
    for name, value in said.items():
        now = getattr(service, name)
        now = tuple(sorted(now)) if isinstance(now, tuple) else now
        if value == now:
            if name in before:
                agreed[name] = value
        elif name in ("checked_on", "capacity_on"):
            if now is None or value > now:  # a day earlier than ours says nothing
                fields[name] = agreed[name] = value
        elif name == "capacity":
            if service.capacity_on is None or said["capacity_on"] > service.capacity_on:
                fields[name] = agreed[name] = value
                fields["capacity_by"] = ""
        elif _plain(now) == before.get(name) or (name not in before and not now):
            fields[name] = agreed[name] = value
        else:
            kept.append(SERVICE.field(name).label)
    published = _published(before, agreed)
    if agreed and published != _published(before, {}):
        fields["published"] = published
    return ServiceChange(service, fields, tuple(kept))


def _said(row: ServiceRow) -> dict[str, Any]:
    """What the directory says, as our fields; what it leaves out is left out."""
    said = {
        "name": row.name,
        "description": _paragraphs(row.description, row.alert),
        "topics": tuple(sorted(set(row.topics))),
        "eligibility": row.who_for,
        "minimum_age": row.minimum_age,
        "maximum_age": row.maximum_age,
        "areas": tuple(sorted(set(row.areas))),
        "cost": "; ".join(row.fees),
        "how_to_use": _paragraphs(row.how_to_apply, row.waiting),
        "opening": "\n".join(row.opening),
        "languages": tuple(sorted(set(row.languages))),
        "accessibility": "\n".join(dict.fromkeys(each for place in row.places for each in place.accessibility)),
        "address": "\n\n".join(_addresses(row.places)),
        "postcode": next((place.postcode for place in row.places if place.postcode), ""),
        "telephone": ", ".join(format_telephone(number) for number in row.telephones),
        "email": row.email,
        "website": row.website,
        "capacity": row.capacity,
        "capacity_on": row.capacity_on,
        "checked_on": row.checked_on,
        "state": row.status,
    }
    return {name: value for name, value in said.items() if value not in ("", (), None)}


def _check(said: Mapping[str, Any], source: str, source_id: str) -> None:
    """Refused if the record cannot hold it: one bad service does not stop the others."""
    texts = [source, source_id, *(text for value in said.values() for text in _texts(value))]
    for text in texts:
        field_rules.plain_text(text, "")
    field_rules.checked_body(SERVICE, body_of(SERVICE, Service(source=source, source_id=source_id, **said)))


def _texts(value: Any) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (value,) if isinstance(value, str) else ()


def _published(before: Mapping[str, Any], said: Mapping[str, Any]) -> str:
    whole = {**before, **{name: _plain(value) for name, value in said.items()}}
    return msgspec.json.encode(whole, order="deterministic").decode()


def _published_before(service: Service) -> dict[str, Any]:
    try:
        return msgspec.json.decode(service.published or "{}", type=dict[str, Any])
    except msgspec.DecodeError:
        return {}


def _plain(value: Any) -> Any:
    """A value as JSON gives it back."""
    return msgspec.json.decode(msgspec.json.encode(value))


def _paragraphs(*texts: str) -> str:
    return "\n\n".join(text for text in texts if text)


def _addresses(places: Sequence[ServicePlace]) -> list[str]:
    """Each place's lines; a further place has its postcode on its last line, the first has the service's own."""
    found: list[str] = []
    for place in places:
        lines = _address(place)
        if lines and found and place.postcode:
            lines = f"{lines}\n{place.postcode}"
        if lines:
            found.append(lines)
    return found


def _address(place: ServicePlace) -> str:
    return "\n".join(line for line in (place.name, *place.address) if line)


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()
