"""From what is typed to a letter that can be set: read in one go, so that preview and record never disagree."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from wellbeing_desktop.documents.blocks import Document
from wellbeing_desktop.documents.letter import letter_document
from wellbeing_desktop.documents.letter_layout import ends_with_postcode
from wellbeing_desktop.documents.print_style import STANDARD, PrintStyle
from wellbeing_desktop.documents.templates import LetterTemplate, shipped_templates
from wellbeing_desktop.domain.document import Letter
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.names import letter_name
from wellbeing_desktop.domain.person import Address, Person
from wellbeing_desktop.domain.stop import Stop
from wellbeing_desktop.operations.letter_document import as_set, merge
from wellbeing_desktop.operations.letter_recipients import GP, practice_without_address
from wellbeing_desktop.operations.letter_values import recipient_for, values_for
from wellbeing_desktop.operations.letters import address_block, stop_at_print, where_to_write
from wellbeing_desktop.operations.other_form import Asked
from wellbeing_desktop.storage.caseload import CaseloadFilter, caseload
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.records import load, load_all
from wellbeing_desktop.storage.search import PersonRow
from wellbeing_desktop.storage.similar import row_of

USUAL_RECIPIENT: Final = {
    "person": "person",
    "professional": "gp",
    "family": "next_of_kin",
    "bereavement": "next_of_kin",
}
EVERYONE_IN_A_BATCH: Final = 2000
_GAP_OPENS: Final = "\u27e6"
_GAP_CLOSES: Final = "\u27e7"
_GAP: Final = re.compile(r"\[\[([^\]]*)\]\]")
OF_OUR_SERVICE: Final = frozenset({"service_name", "service_telephone"})
"""Merge fields that no person's record holds: the service says them once, in Settings."""
SAID_IN_SETTINGS: Final = "Write it once in Settings, under Our service."


class Written(msgspec.Struct, frozen=True):
    """A letter merged for one person. `missing` are the merge fields that the record has no value for."""

    subject: str
    body: str
    missing: tuple[str, ...]
    to_name: str
    to_address: str
    stop: Stop | None


class Shown(msgspec.Struct, frozen=True):
    """What the preview needs, or the sentence that stands in its place."""

    document: Document | None
    style: PrintStyle
    words: str
    stop: Stop | None
    problem: str = ""
    lacks_service: bool = False
    """True when it is our own service that has not said what a letter needs."""
    practice_id: str = ""
    """The GP practice that it would go to, where nobody has written its address or postcode."""
    asked: Asked | None = None
    """What its reader's record asks for that paper is not."""


class Queued(msgspec.Struct, frozen=True):
    """A letter in the queue with whom it is about and what stops it now."""

    letter: Letter
    about: str
    document: Document | None
    style: str
    stop: str
    asked: Asked | None = None


def template_of(id: str) -> LetterTemplate | None:
    return shipped_templates().get(id)


def write(
    reader: Reader, person_id: str, template_id: str, to_kind: str, today: dt.date, given: Mapping[str, str]
) -> Written:
    """Merge a template for one person; `given` are values that the writer typed, which win."""
    template = shipped_templates()[template_id]
    values = {
        **values_for(reader, person_id, today=today),
        **{name: text for name, text in given.items() if text.strip()},
    }
    known = merge(template, values)
    # what is missing stands in the words between double brackets: seen by the writer, and refused by the print queue
    gaps = {name: f"{_GAP_OPENS}{field_words(name)}{_GAP_CLOSES}" for name in known.missing}
    merged = merge(template, {**values, **gaps})
    body, subject = _with_gaps(merged.body), _with_gaps(merged.subject)
    person = load(reader, Person, person_id)
    if person is None:
        stop = Stop("not_here", "This person's record is not on this laptop.")
        return Written(subject, body, known.missing, "", "", stop)
    where = where_to_write(reader, person, to_kind, template_id, today)
    name, address = recipient_for(reader, person_id, to_kind)
    if isinstance(where, Address):
        name = letter_name(person.family_name, person.given_name, person.title)
        address = address_block(where)
    return Written(subject, body, known.missing, name, address, where if isinstance(where, Stop) else None)


def field_words(name: str) -> str:
    """A merge field as words: `closed_on` is `closed on`, `goals_words` is `goals`."""
    return name.removesuffix("_words").replace("_", " ")


def gaps_in(body: str) -> list[str]:
    """What is still to be filled in, in the order it stands."""
    return list(dict.fromkeys(_GAP.findall(body)))


def _with_gaps(text: str) -> str:
    return text.replace(_GAP_OPENS, "[[").replace(_GAP_CLOSES, "]]")


def show(reader: Reader, letter: Letter, today: dt.date) -> Shown:
    """The letter as it would be printed now."""
    person = load(reader, Person, letter.subject)
    if person is None:
        return Shown(None, STANDARD, "", Stop("not_here", "This person's record is not on this laptop."))
    where = where_to_write(reader, person, letter.to_kind, letter.template, today)
    stop = where if isinstance(where, Stop) else None
    if isinstance(where, Address):
        letter = msgspec.structs.replace(letter, to_address=address_block(where))
    posted = ends_with_postcode(tuple(letter.to_address.split("\n")))
    practice_id = "" if letter.to_kind != GP or posted else practice_without_address(reader, person)
    made = as_set(reader, letter)
    words = format_words(made.style, to_person=letter.to_kind == "person")
    if stop is not None:
        return Shown(None, made.style, words, stop)
    try:
        document = letter_document(made.page)
        return Shown(document, made.style, words, None, practice_id=practice_id, asked=made.asked)
    except Refused as refusal:
        return Shown(None, made.style, words, None, _problem(refusal), refusal.field == "telephone", practice_id)


def _problem(refusal: Refused) -> str:
    """Why a letter cannot be made, and for what the record of a person cannot hold, where it is written."""
    return f"{refusal.message} {SAID_IN_SETTINGS}" if refusal.field == "telephone" else refusal.message


def format_words(style: PrintStyle, *, to_person: bool) -> str:
    """The format and why."""
    size = f"{style.body:g} point"
    if style is STANDARD:
        return f"Standard print, {size}" if to_person else f"Standard print for professionals, {size}"
    return f"{style.name.capitalize()}, {size}: the person's record asks for it"


def queue(reader: Reader, today: dt.date, states: Sequence[str]) -> list[Queued]:
    """Letters in these states, oldest first, each with what stops it now."""
    found = []
    letters = [letter for letter in load_all(reader, Letter) if letter.state in states]
    for letter in sorted(letters, key=lambda one: (one.written_on or dt.date.min, one.id)):
        row = row_of(reader, letter.subject)
        stop = stop_at_print(reader, letter.id, today)
        document: Document | None = None
        sentence = stop.sentence if stop is not None else ""
        style, asked = STANDARD.name, None
        if stop is None:
            try:
                made = as_set(reader, letter)
                style, asked = made.style.name, made.asked
                document = letter_document(made.page)
            except Refused as refusal:
                sentence = _problem(refusal)
        about = row.name if row is not None else "Not on this laptop"
        found.append(Queued(letter, about, document, style, sentence, asked))
    return found


def people_of(reader: Reader, narrowed: CaseloadFilter, today: dt.date) -> tuple[str, ...]:
    """The ids of everybody a filter of the caseload finds."""
    return tuple(row.id for row in caseload(reader, narrowed, today, limit=EVERYONE_IN_A_BATCH).rows)


def person_row(reader: Reader, person_id: str) -> PersonRow | None:
    return row_of(reader, person_id) if person_id else None
