"""Putting a saved contact right: an amendment with its reason, or "written in the wrong record" (PRACTICE W8)."""

import datetime as dt
from typing import Any, Final

from PySide6.QtWidgets import QWidget

from wellbeing_desktop.domain.clock_time import parse_clock_time
from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.contact import CONTACT, NOTE
from wellbeing_desktop.domain.dates import day_words, staff_moment, staff_time
from wellbeing_desktop.domain.definition import Kind
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.london_time import local_time, moment_of
from wellbeing_desktop.operations import contacts, notes
from wellbeing_desktop.operations.contacts import RecallItem
from wellbeing_desktop.operations.person_record import Noted
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.ui.pages.contact.fields import time_field
from wellbeing_desktop.ui.pages.person.contacts import heading
from wellbeing_desktop.ui.pages.person.entry_work import Beside, Job, Work
from wellbeing_desktop.ui.pages.person.picker import PersonPicker
from wellbeing_desktop.ui.record_form import text_of, value_from, widget_for
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import cards, fields, labels
from wellbeing_desktop.ui.widgets.form import Form

_OF_CONTACT: Final = ("medium", "outcome", "direction", "place", "planned", "duration_minutes", "seen_alone", "present")
_OF_NOTE: Final = ("text", "said_by_person", "observed", "told_by_others", "told_by", "agreed", "agreed_by")
_STARTED: Final = "happened_at"


def amend(session: Session, beside: Beside) -> Work:
    """One field of the contact or of its note should read otherwise; the original stays readable."""
    noted = _noted(beside)
    note = noted.notes[0] if noted.notes else None
    form = Form()
    names = [(name, CONTACT.field(name).label) for name in _OF_CONTACT]
    if note is not None and note.signed_at is not None:
        names += [(name, NOTE.field(name).label) for name in _OF_NOTE]
    which = fields.choice([(_STARTED, "Date and start"), *names])
    form.add("which", "&What should read otherwise", which)
    now_words = labels.muted("")
    form.add_widget(now_words)
    form.begin_row()
    form.add("on", "New &date", fields.day(session.today))
    form.add("at", "New star&t", time_field())
    form.end_row()
    shown: dict[str, Any] = {_STARTED: noted.contact.happened_at}
    for name, label in names:
        record_type = CONTACT if name in _OF_CONTACT else NOTE
        shown[name] = getattr(noted.contact if name in _OF_CONTACT else note, name)
        field = record_type.field(name)
        form.add(name, f"{label}, as it should read", widget_for(field, session.today))
        form.set_values({name: text_of(field, shown[name])})
    if noted.contact.happened_at is not None:
        local = local_time(noted.contact.happened_at)
        form.set_values({"on": local.date().isoformat(), "at": staff_time(local.time())})
    form.add("reason", "&Reason", fields.line(), required=True, help_text="Why it should read otherwise.")

    def show_chosen() -> None:
        chosen = form.rows["which"].field.value()
        for name in ("on", "at", *(each for each, _label in names)):
            form.rows[name].holder.setVisible(name == chosen or (chosen == _STARTED and name in ("on", "at")))
        now_words.setText(f"It says now: {_words(chosen, shown[chosen])}")

    which.currentIndexChanged.connect(lambda _row: show_chosen())  # also when a draft comes back
    show_chosen()

    def job() -> Job:
        values = form.values()
        name, reason = values["which"], values["reason"]
        if name == _STARTED:
            if not values["on"]:
                raise Refused("Enter the new date.", "on")
            moment = moment_of(dt.date.fromisoformat(values["on"]), parse_clock_time(values["at"], "at"))
            return lambda writer: contacts.amend_contact(
                writer, noted.contact.id, _STARTED, moment, reason, at=session.now()
            )
        if name in _OF_CONTACT:
            value = value_from(CONTACT.field(name), values[name])
            return lambda writer: contacts.amend_contact(
                writer, noted.contact.id, name, value, reason, at=session.now()
            )
        if note is None:
            raise Refused("There is no note to amend.", "which")
        words = value_from(NOTE.field(name), values[name])
        return lambda writer: notes.amend_note(writer, note.id, name, words, reason, at=session.now())

    return Work(
        "Amend this contact",
        "Save amendment",
        "Amendment saved. The original stays.",
        form,
        job,
        tab="contacts",
        above=(labels.strong(heading(noted)),),
        field_of={_STARTED: "at"},
    )


def ask_recall(reader: Reader, _person_id: str, id: str, _today: dt.date) -> tuple[RecallItem, ...]:
    """Letters that were printed or sent from this entry."""
    return contacts.recall_list(reader, id)


def misfiled(session: Session, beside: Beside) -> Work:
    """The entry leaves this record, and is copied to the right person with its author and time."""
    noted = _noted(beside)
    form = Form()
    picker = PersonPicker(session, "Whose entry it &is", not_id=beside.record.person.id)
    form.add_widget(picker)
    form.add("nobody_yet", "", fields.tick("Nobody &knows yet whose it is: only mark it"))
    form.add("reason", "&How you know that it is somebody else's", fields.line(), required=True)
    above: list[QWidget] = [
        labels.strong(heading(noted)),
        labels.body("It leaves this person's screen, prints, letters and returns. Both ends stay in the audit."),
    ]
    recall = beside.read if isinstance(beside.read, tuple) else ()
    if recall:
        card = cards.Card("To get back: printed or sent from this entry")
        for item in recall:
            card.body.addWidget(labels.body(f"Letter to {item.to_name}, {day_words(item.sent_on, 'not sent yet')}"))
        above.append(card)

    def job() -> Job:
        values = form.values()
        if not picker.person_id and not values["nobody_yet"]:
            raise Refused("Choose whose entry it is, or say that nobody knows yet.", "nobody_yet")
        return lambda writer: contacts.mark_written_in_wrong_record(
            writer,
            noted.contact.id,
            right_person_id="" if values["nobody_yet"] else picker.person_id,
            reason=values["reason"],
            at=session.now(),
        )

    return Work(
        "Written in the wrong record",
        "Move the entry",
        "The entry has left this record.",
        form,
        job,
        tab="contacts",
        above=above,
        field_of={"right_person_id": "nobody_yet"},
    )


def _noted(beside: Beside) -> Noted:
    for noted in beside.record.contacts:
        if noted.contact.id == beside.id:
            return noted
    raise Refused("This contact is not in the record any more.")


def _words(name: str, value: object) -> str:
    if value in (None, "", ()):
        return "nothing"
    if isinstance(value, dt.datetime):
        return staff_moment(value)
    field = (CONTACT if name in _OF_CONTACT else NOTE).field(name)
    if field.kind is Kind.YES_NO:
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(value)
    return label_of(field.about.code_list, str(value)) if field.about.code_list else str(value)
