"""A letter as data for the page, and its words merged from a template (W10, W26; format by the person's need).

The merged words are kept in the record as small Markdown, so that what was printed can be printed again; values are
escaped on the way in, so that a name with stars in it stays as written.
"""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from wellbeing_desktop.documents.letter import Letter as LetterPage
from wellbeing_desktop.documents.print_style import STANDARD, PrintStyle, style_for
from wellbeing_desktop.documents.templates import LetterTemplate, fill, markdown_blocks
from wellbeing_desktop.domain.contact import Appointment
from wellbeing_desktop.domain.dates import letter_time, plain_date
from wellbeing_desktop.domain.document import Letter
from wellbeing_desktop.domain.london_time import local_time
from wellbeing_desktop.domain.names import letter_name, salutation_name, spoken_name
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.other_form import Asked, asked_of
from wellbeing_desktop.operations.service import Sender, sender
from wellbeing_desktop.storage.connection import Reader

_MARKDOWN: Final = re.compile(r"([\\`*_{}\[\]()#+\-.!|>~])")


class MergedLetter(msgspec.Struct, frozen=True):
    """A template with a person's values in it. `missing` are named before printing, never printed blank."""

    subject: str
    body: str
    missing: tuple[str, ...]


class SetLetter(msgspec.Struct, frozen=True):
    """A letter ready to be set, in the style that its reader needs."""

    page: LetterPage
    style: PrintStyle
    asked: Asked | None = None
    """What its reader's record asks for that paper is not."""


def merge(template: LetterTemplate, values: Mapping[str, str]) -> MergedLetter:
    """The words of a letter. Raises Refused when the template itself cannot be read."""
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    filled = fill(template, values)
    present = {name: value for name, value in values.items() if value.strip()}
    environment = ImmutableSandboxedEnvironment(finalize=escaped, lstrip_blocks=True, autoescape=False)
    environment.globals.clear()
    body = environment.from_string(template.body).render(present)
    return MergedLetter(filled.subject, re.sub(r"\n{3,}", "\n\n", body).strip(), filled.missing)


def usual_values(
    reader: Reader, person_id: str, *, today: dt.date, author_id: str = "", appointment_id: str = ""
) -> dict[str, str]:
    """Merge fields that every template may use; a template's own words are for the writer to give."""
    person = found.survivor(reader, person_id)
    who = sender(reader, author_id)
    values = {
        "person_name": spoken_name(person.family_name, person.given_name, person.known_as),
        "worker_name": who.name,
        "worker_role": who.role[:1].lower() + who.role[1:],
        "coordinator_name": who.name,
        "service_name": who.service,
        "service_telephone": who.telephone,
        "today": plain_date(today),
    }
    if appointment_id:
        appointment = found.found(reader, Appointment, appointment_id)
        if appointment.starts_at is not None:
            starts = local_time(appointment.starts_at)
            values |= {
                "appointment_date": plain_date(starts.date()),
                "appointment_time": letter_time(starts.time()),
                "appointment_place": appointment.place,
                "appointment_minutes": str(appointment.duration_minutes or ""),
            }
    return {name: value for name, value in values.items() if value}


def set_letter(reader: Reader, letter_id: str) -> SetLetter:
    """One letter for `documents.letter`. To the person, in the format that their record asks for."""
    return as_set(reader, found.found(reader, Letter, letter_id))


def as_set(reader: Reader, letter: Letter) -> SetLetter:
    """The same for a letter as it is being written, saved or not: the preview."""
    person = found.survivor(reader, letter.subject)
    who = sender(reader, letter.author_id)
    to_person = letter.to_kind == "person"
    style = style_for(person.communication_needs, letter.format or person.letter_format) if to_person else STANDARD
    asked = asked_of(reader, person, letter.format) if to_person else None
    return SetLetter(_page(letter, person, who, to_person), style, asked)


def _page(letter: Letter, person: Person, who: Sender, to_person: bool) -> LetterPage:
    name = letter_name(person.family_name, person.given_name, person.title)
    professional = letter.to_kind in ("gp", "referrer", "organisation")
    about = f"{name}, born {plain_date(person.born_on)}" if person.born_on else name
    greeting = letter.to_name
    if to_person:
        greeting = salutation_name(person.family_name, person.given_name, person.title, person.known_as)
    return LetterPage(
        subject=letter.subject_line,
        written_on=letter.written_on or dt.date.min,
        recipient=letter.to_name,
        address=tuple(line for line in letter.to_address.split("\n") if line.strip()),
        greeting=greeting,
        body=markdown_blocks(letter.body),
        service=who.service,
        signed_by=who.name,
        role=who.role,
        telephone=who.telephone,
        hours=who.hours,
        sender_address=who.address,
        email=who.email,
        about=about if professional else "",
        nhs_number=person.nhs_number if professional else "",
        reference=letter.reference,
        copies_to=letter.cc,
        to_person=not professional,
    )


def escaped(value: Any) -> Any:
    """Words as they were typed, also where they have signs that mean something in a letter's markup."""
    if not isinstance(value, str):
        return value
    return _MARKDOWN.sub(r"\\\1", value)
