"""An attempt that reached nobody: counted, with the step that follows the last (PRACTICE W15)."""

import datetime as dt

from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.contact import Contact
from wellbeing_desktop.domain.dates import moment_words
from wellbeing_desktop.operations.not_reached import STEPS, Standing, record_attempt, standing
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.ui.pages.forms.form_page import choices_of
from wellbeing_desktop.ui.pages.person.entry_work import Beside, Job, Work
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import fields, labels
from wellbeing_desktop.ui.widgets.form import Form

_WAYS = ("02", "home_visit", "09", "11", "05", "letter", "relay", "interpreter_call")
_ENDS = ("no_answer", "message_left", "not_in", "wrong_number")


def ask(reader: Reader, person_id: str, _id: str, today: dt.date) -> Standing:
    return standing(reader, person_id, today)


def make(session: Session, beside: Beside) -> Work:
    known, person_id = beside.read, beside.record.person.id
    assert isinstance(known, Standing)
    form = Form()
    form.begin_row()
    form.add(
        "medium", "&How you tried", fields.choice([one for one in choices_of("contact_mediums") if one[0] in _WAYS])
    )
    ends = [one for one in choices_of("contact_outcomes") if one[0] in _ENDS]
    if known.no_message:
        ends = [one for one in ends if one[0] != "message_left"]
    form.add("outcome", "How it &went", fields.choice(ends))
    form.end_row()
    form.add("words", "Anything to &know", fields.line())
    if known.is_last:
        offered = [(step, STEPS[step].words) for step in known.steps]
        form.add("step", "What &follows", fields.choice(offered, empty="Nothing yet"))
    form.set_values({"medium": "02", "outcome": "no_answer"})

    def job() -> Job:
        values, now = form.values(), session.now()
        attempt = Contact(
            subject=person_id, happened_at=now, medium=values["medium"], direction="out", outcome=values["outcome"]
        )
        return lambda writer: record_attempt(writer, attempt, values["words"], step=values.get("step", ""), at=now)

    above = [labels.strong(count_words(known))]
    above += [
        labels.muted(
            f"{moment_words(one.happened_at)}, {label_of('contact_mediums', one.medium)}: "
            f"{label_of('contact_outcomes', one.outcome)}"
        )
        for one in known.tries
    ]
    if known.no_message:
        above.append(labels.body(known.no_message))
    if known.is_last and known.has_alert:
        above.append(
            labels.body("There is an alert: saving this puts it to the named clinician as well, and it stays there.")
        )
    return Work("Could not be reached", "&Save the attempt", "Attempt saved.", form, job, above=above)


def count_words(known: Standing) -> str:
    """ "This is attempt 2 of 3."."""
    number = len(known.tries) + 1
    if number > known.attempts:
        return f"Attempt {number}: the service makes {known.attempts}."
    return f"This is attempt {number} of {known.attempts}."
