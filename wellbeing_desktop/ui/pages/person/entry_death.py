"""Recording a death (PRACTICE W9): what it stops is shown first, the visits are asked about, and it can be taken back."""

import datetime as dt

from wellbeing_desktop.domain.dates import day_words, moment_words
from wellbeing_desktop.domain.death import WhatStops, has_died
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.operations import people
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.ui.pages.person.entry_work import Beside, Job, Work
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import fields, labels
from wellbeing_desktop.ui.widgets.choices import TickSetField
from wellbeing_desktop.ui.widgets.form import Form


def ask(reader: Reader, person_id: str, _id: str, today: dt.date) -> WhatStops:
    """What recording the death would stop."""
    return people.stopped_by_death(reader, person_id, today)


def make(session: Session, beside: Beside) -> Work:
    """The form, or the way back when a death is recorded already."""
    if has_died(beside.record.person):
        return _undo(session, beside)
    person_id = beside.record.person.id
    stops = beside.read if isinstance(beside.read, WhatStops) else WhatStops()
    form = Form()
    form.begin_row()
    form.add("died_on", "&Date of death", fields.day(session.today), help_text="Leave empty when it is not known.")
    form.add("death_known_by", "&How it is known", fields.line(), help_text="Who said so, and when.", required=True)
    form.end_row()
    form.add("death_verified_by", "&Verified by", fields.line(), help_text="For example the practice, by telephone.")
    booked = [
        (one.id, f"Cancel the appointment of {moment_words(one.starts_at) or day_words(one.starts_on)}")
        for one in beside.record.appointments
        if one.id in stops.ask_to_cancel
    ]
    if booked:
        form.add("cancel", "&Appointments in the diary", TickSetField(booked))
    form.add("checked", "", fields.tick("I have checked the name, birth date and NHS number a&bove"))

    def job() -> Job:
        values = form.values()
        if not values["checked"]:
            raise Refused("Check whose record this is, then tick the box.", "checked")
        died_on = dt.date.fromisoformat(values["died_on"]) if values["died_on"].strip() else None
        cancel = [id for id in values.get("cancel", "").split("\n") if id]
        return lambda writer: people.record_death(
            writer,
            person_id,
            died_on=died_on,
            known_by=values["death_known_by"],
            verified_by=values["death_verified_by"],
            cancel_appointments=cancel,
            at=session.now(),
        )

    return Work(
        "Record a death",
        "Record the death",
        "Death recorded. Letters and follow-ups have stopped.",
        form,
        job,
        above=(labels.body(_sentence(stops)), labels.muted("It can be taken back. Nothing is removed.")),
    )


def _undo(session: Session, beside: Beside) -> Work:
    person = beside.record.person
    form = Form()
    form.add("checked", "", fields.tick("The record of death is &wrong"))

    def job() -> Job:
        if not form.values()["checked"]:
            raise Refused("Tick the box to take the record of death back.", "checked")
        return lambda writer: people.undo_death(writer, person.id, at=session.now())

    day = f" on {day_words(person.died_on)}" if person.died_on else ""
    words = (
        f"A death{day} is recorded, known by: {person.death_known_by or 'not said'}. Taking it back opens the follow-ups "
        "that it stopped. Letters that it cancelled become drafts, to be looked at before they go."
    )
    return Work(
        "Take back the record of death",
        "Take it back",
        "The record of death is taken back.",
        form,
        job,
        above=(labels.body(words),),
    )


def _sentence(stops: WhatStops) -> str:
    parts = [
        f"{len(ids)} {one if len(ids) == 1 else many}"
        for ids, one, many in (
            (stops.letters, "letter", "letters"),
            (stops.tasks, "follow-up", "follow-ups"),
            (stops.copies, "copy of the plan that is owed", "copies of the plan that are owed"),
        )
        if ids
    ]
    if not parts:
        return "Nothing is waiting that this would stop. From now on only a letter to the family can be made."
    return f"This stops {', '.join(parts)}. From now on only a letter to the family can be made."
