"""A sent letter that the post brought back."""

import datetime as dt

from wellbeing_desktop.domain.dates import day_words
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.operations import letters
from wellbeing_desktop.ui.pages.person.entry_work import Beside, Job, Work
from wellbeing_desktop.ui.pages.person.parts import joined
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import fields, labels
from wellbeing_desktop.ui.widgets.form import Form


def came_back(session: Session, beside: Beside) -> Work:
    """From Documents; the id is the letter's."""
    letter = next((one for one in beside.record.letters if one.id == beside.id), None)
    if letter is None or letter.state != "sent":
        raise Refused("Only a letter that was sent can come back.")
    form = Form()
    form.add("returned_on", "Came back &on", fields.day(session.today), required=True)
    form.set_values({"returned_on": session.today().isoformat()})

    def job() -> Job:
        on = dt.date.fromisoformat(form.values()["returned_on"])
        return lambda writer: letters.letter_came_back(writer, letter.id, returned_on=on, at=session.now())

    named = joined(
        letter.subject_line or "Letter",
        f"To {letter.to_name}",
        f"Sent {day_words(letter.sent_on)}" * bool(letter.sent_on),
    )
    return Work(
        "The letter came back",
        "&Record that it came back",
        "Recorded that the letter came back.",
        form,
        job,
        tab="documents",
        above=(labels.strong(named), labels.muted("Check the address in the record before the letter goes again.")),
    )
