"""Who writes: the organisation and the member of staff, as letters and plans show them."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

import msgspec

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.organisation import Organisation, Practitioner, Setting
from wellbeing_desktop.domain.words import Words, words_from
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.grants import organisation_of, user_of
from wellbeing_desktop.storage.records import load, load_all

HOURS_SETTING = "service.hours"
_DESCRIBED: Final = frozenset({"name", "address", "postcode", "telephone", "email"})


class Sender(msgspec.Struct, frozen=True):
    """What a page says of its sender; any of it may be empty."""

    service: str = ""
    address: tuple[str, ...] = ()
    telephone: str = ""
    email: str = ""
    hours: str = ""
    name: str = ""
    role: str = ""
    words: Words = Words()


def sender(reader: Reader, practitioner_id: str = "") -> Sender:
    """The organisation of this store and a member of staff, the person signed in if nobody is named.

    The member of staff's own telephone is used where there is one, else the organisation's.
    """
    organisation = load(reader, Organisation, organisation_of(reader)) or Organisation()
    practitioner = load(reader, Practitioner, practitioner_id or user_of(reader)) or Practitioner()
    settings = settings_of(reader)
    words = words_from(settings)
    address = tuple(line.strip() for line in organisation.address.split("\n") if line.strip())
    return Sender(
        service=organisation.name,
        address=(*address, *((organisation.postcode,) if organisation.postcode else ())),
        telephone=practitioner.telephone or organisation.telephone,
        email=organisation.email,
        hours=settings.get(HOURS_SETTING, ""),
        name=practitioner.name,
        role=practitioner.job_title or words.worker.capitalize(),
        words=words,
    )


def describe_service(
    writer: Writer, details: Mapping[str, str], seen: Mapping[str, str] | None = None, *, at: dt.datetime | None = None
) -> Changes:
    """Says who the organisation of this store is, under the id that the store was made with: name, address, postcode,
    telephone, email.

    A store that joined a new organisation has no such record until the first to say it makes it. Raises Refused when
    the person signed in may not, or a name is missing.
    """
    if unknown := set(details) - _DESCRIBED:
        raise ValueError(f"not said here: {', '.join(sorted(unknown))}")
    id = organisation_of(writer)
    with doing(writer, "describe_service", at=at) as tx:
        if load(tx.reader, Organisation, id) is None:
            ours = Organisation(id=id, subject=id, kind="service")
            tx.create(msgspec.structs.replace(ours, **details))
        else:
            tx.change(Organisation, id, details, seen)
    return tx.changes


def settings_of(reader: Reader) -> dict[str, str]:
    """Every setting whose value is text, by key; the newest of a key counts."""
    settings: dict[str, str] = {}
    for setting in load_all(reader, Setting):
        try:
            value = msgspec.json.decode(setting.value) if setting.value else ""
        except msgspec.DecodeError:
            continue
        if isinstance(value, str):
            settings[setting.key] = value
    return settings
