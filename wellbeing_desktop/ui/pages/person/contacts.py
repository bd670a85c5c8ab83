"""The contacts as they read now, newest first, with what can be done to each."""

from functools import partial

from PySide6.QtWidgets import QFrame, QWidget

from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.contact import Contact, Note
from wellbeing_desktop.domain.dates import day_words, moment_words
from wellbeing_desktop.domain.definition import fields_of
from wellbeing_desktop.domain.scoring import SCALES, Scale
from wellbeing_desktop.operations.person_record import Noted, PersonRecord
from wellbeing_desktop.ui.pages.person.parts import Around, column_of, entry, in_a_sentence, joined, row_of_buttons
from wellbeing_desktop.ui.widgets import buttons, labels
from wellbeing_desktop.ui.widgets.empty_state import empty_state

_PAGE = 25
_GP_TONES: dict[str, labels.Tone] = {"to_enter": "warning", "entered": "good", "not_needed": "plain"}


def build(record: PersonRecord, around: Around, shown: int = _PAGE) -> QWidget:
    """The newest `shown` contacts and loose notes; a button shows the rest."""
    if not record.contacts and not record.loose_notes:
        add = buttons.primary("Add the first contact", partial(around.go, "contact", record.person.id), icon="plus")
        return empty_state("No contact yet.", "Calls, visits, letters and messages are kept here.", add)
    entries = [contact_entry(noted, record, around) for noted in record.contacts[:shown]]
    entries += [_loose(note, record) for note in record.loose_notes]
    parts: list[QWidget] = [*entries]
    if len(record.contacts) > shown:
        left = len(record.contacts) - shown
        parts.append(buttons.secondary(f"Show {left} earlier", partial(around.act, "show_all_contacts", "")))
    return column_of(*parts)


def contact_entry(noted: Noted, record: PersonRecord, around: Around) -> QFrame:
    """One contact with its notes, scores and state in the GP record."""
    contact = noted.contact
    title = heading(noted)
    lines: list[tuple[str, str]] = []
    for note in noted.notes:
        lines += note_lines(note)
    lines += [("Measures", words) for words in _measures(noted, record)]
    entry_of = noted.gp_entry
    state = entry_of.state if entry_of else ""
    chip = labels.chip(
        f"GP record: {(label_of('gp_entry_states', state) or 'not said').lower()}", _GP_TONES.get(state, "plain")
    )
    ends: list[QWidget] = [chip]
    if noted.amended:
        ends.append(labels.chip("Amended", "plain", "pencil"))
    if noted.clashes:
        ends.append(labels.chip("Two amendments differ", "warning"))
    frame = entry(title, lines, _meta(contact, noted, record), *ends)
    layout = frame.layout()
    if layout is not None:
        layout.addWidget(_actions(noted, record, around, title))
    return frame


def heading(noted: Noted) -> str:
    """`21-Nov-2026 09:40 · Home visit · Seen`."""
    contact = noted.contact
    return joined(
        moment_words(contact.happened_at) or day_words(contact.happened_on, "Date not known"),
        label_of("contact_mediums", contact.medium),
        label_of("contact_outcomes", contact.outcome),
    )


def note_lines(note: Note) -> list[tuple[str, str]]:
    """The words of a note, each under what kind of words they are."""
    told = f"Told by {in_a_sentence(note.told_by or 'others')}{', in confidence' if note.in_confidence else ''}"
    agreed = f"Agreed by {in_a_sentence(note.agreed_by)}" if note.agreed_by else "Agreed"
    lines = [
        ("", note.text),
        ("Said by the person", note.said_by_person),
        ("Observed", note.observed),
        (told, note.told_by_others),
        (agreed, note.agreed),
    ]
    return [(label, words) for label, words in lines if words.strip()]


def _meta(contact: Contact, noted: Noted, record: PersonRecord) -> str:
    late = f"written {moment_words(contact.written_at)}: {contact.late_reason}" if contact.late_reason else ""
    return joined(
        record.names.get(contact.practitioner_id, ""),
        f"with {record.names.get(contact.second_worker_id, 'a second worker')}" if contact.second_worker_id else "",
        label_of("contact_places", contact.place),
        f"{contact.duration_minutes} minutes" if contact.duration_minutes else "",
        f"Present: {', '.join(contact.present)}" if contact.present else "",
        f"Not seen alone: {contact.not_alone_reason}" if contact.seen_alone is False else "",
        "Seen alone" if contact.seen_alone else "",
        late,
        "the laptop's clock was in doubt" if contact.clock_doubtful else "",
        "not sent" if {contact.id, *(note.id for note in noted.notes)} & record.unsent else "",
        "not signed" if any(note.signed_at is None for note in noted.notes) else "",
    )


def _measures(noted: Noted, record: PersonRecord) -> list[str]:
    said = []
    for assessment in noted.assessments:
        scales: dict[str, Scale] = {scale.id: scale for scale in SCALES.get(assessment.tool, ())}
        parts = [
            f"{scales[score.scale].label} {score.value} of {scales[score.scale].highest}"
            for score in record.scores
            if score.assessment_id == assessment.id and score.scale in scales
        ]
        if parts:
            said.append(f"{assessment.tool.upper()}: {', '.join(parts)}")
    return said


def _actions(noted: Noted, record: PersonRecord, around: Around, title: str) -> QWidget:
    contact_id, person_id = noted.contact.id, record.person.id
    made = [
        ("Copy for GP record", partial(around.act, "copy_for_gp", contact_id)),
        ("Amend this contact", partial(around.go, "person_entry", f"amend/{person_id}/{contact_id}")),
        ("Written in the wrong record", partial(around.go, "person_entry", f"misfiled/{person_id}/{contact_id}")),
    ]
    if noted.gp_entry is None or noted.gp_entry.state != "entered":
        made.insert(1, ("Entered in the GP record", partial(around.act, "gp_entered", contact_id)))
    links = []
    for words, run in made:
        link = buttons.link(words, run)
        link.setAccessibleName(f"{words}: {title}")
        links.append(link)
    return row_of_buttons(*links)


def _loose(note: Note, record: PersonRecord) -> QFrame:
    who = record.names.get(note.author_id, "")
    return entry(
        f"Note of {day_words(note.written_on)}", note_lines(note), joined(who, "" if note.signed_at else "not signed")
    )


def field_words(name: str) -> str:
    """The label of a contact's field."""
    return next((field.label for field in fields_of(Contact) if field.name == name), name)
