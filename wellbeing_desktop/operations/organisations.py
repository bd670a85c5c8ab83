"""The organisations a service works with: GP practices above all, whose address letters need.

One with an ODS code is known by that, never by its name. Nothing here joins two entries: what may be the same is
offered to whoever is writing.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from wellbeing_desktop.documents.letter_layout import ends_with_postcode
from wellbeing_desktop.domain import grants as rules
from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.dates import staff_date
from wellbeing_desktop.domain.definition import Compartment, SubjectKind
from wellbeing_desktop.domain.email_address import parse_email_address
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.names import comparison_key
from wellbeing_desktop.domain.ods_code import parse_ods_code
from wellbeing_desktop.domain.organisation import ORGANISATION, Organisation
from wellbeing_desktop.domain.postcode import parse_postcode
from wellbeing_desktop.exchange.telephone import tidy_telephone
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.grants import grants_held, organisation_of
from wellbeing_desktop.storage.organisation_list import OrganisationRow, organisation_rows
from wellbeing_desktop.storage.records import load_all
from wellbeing_desktop.storage.search_words import matches, name_words, number_words, postcode_words, terms_of

PRACTICE: Final = "practice"
IN_USE, PRACTICES, NO_ADDRESS, CLOSED = "", "practices", "no_address", "closed"
"""Which of them a list shows."""

_READ: Final[Mapping[str, Callable[[str], str]]] = {
    "ods_code": parse_ods_code,
    "postcode": parse_postcode,
    "telephone": tidy_telephone,
    "email": parse_email_address,
}
"""What is kept in our writing, or refused beside its field."""


def may_change_organisations(reader: Reader, on: dt.date) -> bool:
    """Whether the person signed in may add one or change one: in a team that is who answers for the organisation."""
    return rules.may_write(
        grants_held(reader),
        organisation_of(reader),
        Compartment.CARD,
        on,
        ORGANISATION,
        SubjectKind.ORGANISATION,
    )


def add_organisation(writer: Writer, organisation: Organisation, *, at: dt.datetime | None = None) -> Changes:
    """Who refers, who is responsible, where we signpost. Refused if another has its ODS code."""
    with doing(writer, "add_organisation", at=at) as tx:
        given = {name: getattr(organisation, name) for name in ("name", *_READ)}
        organisation = msgspec.structs.replace(organisation, **_read(given))
        _refuse_known_code(tx.reader, organisation.ods_code, organisation.id)
        tx.create(organisation)
    return tx.changes


def change_organisation(
    writer: Writer,
    organisation_id: str,
    fields: Mapping[str, Any],
    seen: Mapping[str, Any] | None = None,
    *,
    at: dt.datetime | None = None,
) -> Changes:
    """Change what is known of one. With `closed_on` it is not offered any more; whoever has it keeps it."""
    with doing(writer, "change_organisation", at=at) as tx:
        found.found(tx.reader, Organisation, organisation_id)
        changed = _read(fields)
        _refuse_known_code(tx.reader, changed.get("ods_code", ""), organisation_id)
        tx.change(Organisation, organisation_id, changed, seen)
    return tx.changes


def alike(reader: Reader, organisation: Organisation) -> list[Organisation]:
    """Others that may be the same one: with its ODS code, or its name and no other postcode."""
    own, key = organisation_of(reader), comparison_key(organisation.name)
    return [
        other
        for other in load_all(reader, Organisation)
        if other.id not in (own, organisation.id)
        and (
            (organisation.ods_code and other.ods_code == organisation.ods_code)
            or (
                key
                and comparison_key(other.name) == key
                and (not other.postcode or not organisation.postcode or other.postcode == organisation.postcode)
            )
        )
    ]


def find_organisations(reader: Reader, typed: str, show: str, today: dt.date) -> list[OrganisationRow]:
    """Those whose name, ODS code, postcode or kind begins with every word typed, by name."""
    terms = terms_of(typed)
    return [row for row in organisation_rows(reader) if _is_shown(row, show, today) and matches(terms, _words(row))]


def practices_to_choose(reader: Reader, kept_id: str, today: dt.date) -> tuple[tuple[str, str], ...]:
    """(id, words) of every practice in use, and the one that a person has already; two of one name say which they are."""
    own = organisation_of(reader)
    offered = [
        one
        for one in load_all(reader, Organisation)
        if one.id == kept_id or (is_practice(one) and one.id != own and not is_closed(one.closed_on, today))
    ]
    names = [comparison_key(one.name) for one in offered]
    choices = []
    for one in offered:
        more = one.postcode or one.ods_code if names.count(comparison_key(one.name)) > 1 else ""
        closed = f"closed {staff_date(one.closed_on)}" if one.closed_on and is_closed(one.closed_on, today) else ""
        choices.append((one.id, ", ".join(filter(None, (one.name, more, closed)))))
    return tuple(sorted(choices, key=lambda choice: (choice[1].casefold(), choice[0])))


def address_gap(address: str, postcode: str) -> str:
    """What the post needs of an address and it does not have: "address", "postcode", or nothing."""
    if not address.strip():
        return "address"
    return "" if postcode or ends_with_postcode(tuple(address.split("\n"))) else "postcode"


def is_practice(organisation: Organisation) -> bool:
    """Lists of people name practices by their ODS code; before kinds were kept that was all."""
    return organisation.kind == PRACTICE or (not organisation.kind and bool(organisation.ods_code))


def is_closed(closed_on: dt.date | None, today: dt.date) -> bool:
    return closed_on is not None and closed_on <= today


def _is_shown(row: OrganisationRow, show: str, today: dt.date) -> bool:
    if is_closed(row.closed_on, today):
        return show == CLOSED
    if show == PRACTICES:
        return row.kind == PRACTICE
    return show == IN_USE or (show == NO_ADDRESS and bool(address_gap(row.address, row.postcode)))


def _words(row: OrganisationRow) -> list[str]:
    kind = label_of("organisation_kinds", row.kind) if row.kind else ""
    return [
        *name_words(row.name),
        *number_words(row.ods_code),
        *postcode_words(row.postcode),
        *name_words(kind),
    ]


def _read(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as they are kept: without spaces around, numbers and codes in our writing."""
    kept: dict[str, Any] = {}
    for name, value in fields.items():
        text = value.strip() if isinstance(value, str) else value
        try:
            kept[name] = _READ[name](text) if text and name in _READ else text
        except Refused as refusal:
            raise Refused(refusal.message, name) from refusal
    return kept


def _refuse_known_code(reader: Reader, code: str, id: str) -> None:
    if code and any(other.id != id for other in load_all(reader, Organisation, ods_code=code)):
        raise Refused("Another organisation has this ODS code already.", "ods_code")
