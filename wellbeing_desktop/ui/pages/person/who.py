"""Whose record this is, in words (PRACTICE W2): the banner of every screen about one person."""

import datetime as dt

from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.dates import age_on, staff_date
from wellbeing_desktop.domain.death import has_died
from wellbeing_desktop.domain.names import list_name
from wellbeing_desktop.domain.nhs_number import format_nhs_number
from wellbeing_desktop.domain.person import Address, Person
from wellbeing_desktop.operations.person_record import PersonRecord
from wellbeing_desktop.ui.widgets.banner import BannerFact, PersonBanner
from wellbeing_desktop.ui.widgets.labels import Tone


def show_in(banner: PersonBanner, record: PersonRecord, today: dt.date) -> None:
    """Fills the banner."""
    person = record.person
    banner.show_person(
        list_name(person.family_name, person.given_name, person.known_as),
        _facts(record, today),
        _second_line(record, today),
        statuses(record),
    )


def statuses(record: PersonRecord) -> list[tuple[str, Tone]]:
    """Died, restricted, similar name, and so on, each in words."""
    person = record.person
    found: list[tuple[str, Tone]] = []
    if has_died(person):
        found.append((f"Died {staff_date(person.died_on)}" if person.died_on else "Died, date not known", "bad"))
    if person.restricted:
        found.append(("Restricted", "bad"))
    if record.similar_name:
        found.append(("Similar name: check birth date and address", "warning"))
    if person.list_state == "not_on_list":
        found.append((label_of("list_state", person.list_state), "warning"))
    if record.clashes:
        count = len(record.clashes)
        found.append(("1 clash of edits to settle" if count == 1 else f"{count} clashes of edits to settle", "warning"))
    return found


def born_words(person: Person, today: dt.date) -> str:
    """`14-Mar-1943 (83 years)`; the age at death for somebody who has died."""
    if person.born_on is None:
        return "Not known"
    if has_died(person) and person.died_on is None:
        return staff_date(person.born_on)
    age = age_on(person.born_on, person.died_on or today)
    counted = f"{age} year{'' if age == 1 else 's'}"
    return f"{staff_date(person.born_on)} ({'aged ' if person.died_on else ''}{counted})"


def nhs_number_words(person: Person) -> str:
    """`999 123 4567`, or why there is none."""
    if not person.nhs_number:
        return person.no_nhs_number_reason or "Not known"
    return format_nhs_number(person.nhs_number)


def address_line(address: Address | None) -> str:
    """The address in one line, the postcode last; empty when there is none."""
    if address is None:
        return ""
    lines = (address.line1, address.line2, address.line3, address.line4, address.line5, address.postcode)
    return ", ".join(line.strip() for line in lines if line.strip())


def short_name(person: Person) -> str:
    """The name the person goes by, for the middle of a sentence on a screen about them."""
    return person.known_as or person.given_name or person.family_name


def _facts(record: PersonRecord, today: dt.date) -> list[BannerFact]:
    person = record.person
    return [
        BannerFact("Born", born_words(person, today)),
        BannerFact("NHS number", nhs_number_words(person)),
    ]


def _second_line(record: PersonRecord, today: dt.date) -> list[str]:
    person = record.person
    where = address_line(record.address(today))
    if not where:
        where = "No fixed abode" if person.no_fixed_abode else "Address not known"
    parts = [
        person.pronouns,
        f"Uses the title {person.title}" if person.title else "",
        where,
        record.practice or "Practice not known",
        f"Coordinator: {record.coordinator}" if record.coordinator else "",
    ]
    return [part for part in parts if part]
