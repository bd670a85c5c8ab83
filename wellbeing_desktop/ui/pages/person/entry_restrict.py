"""The record restricted, because the person's whereabouts are protected, or the restriction lifted; with the reason."""

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.operations import people
from wellbeing_desktop.ui.pages.person.entry_work import Beside, Job, Work
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import fields, labels
from wellbeing_desktop.ui.widgets.form import Form

_RESTRICTING = (
    "The banner says Restricted. A file for another system leaves out the address, the numbers and the practice. "
    "A list of people that is brought in cannot lift it."
)
_LIFTING = "The record is restricted now. Lift it only when the person's whereabouts need no protection any more."


def make(session: Session, beside: Beside) -> Work:
    """Which of the two follows from the record."""
    person = beside.record.person
    restricting = not person.restricted
    form = Form()
    form.add("reason", "Wh&y", fields.line(), help_text="Without saying where the person is.", required=True)
    form.add("told_by", "Who &asked for it", fields.line(), required=True)

    def job() -> Job:
        values = form.values()
        reason, told_by = values["reason"].strip(), values["told_by"].strip()
        if not reason:
            raise Refused("Say why.", "reason")
        return lambda writer: people.restrict_person(
            writer, person.id, restricting, reason=reason, told_by=told_by, at=session.now()
        )

    return Work(
        "Restrict this record" if restricting else "Lift the restriction",
        "&Restrict this record" if restricting else "&Lift the restriction",
        "Record restricted." if restricting else "Restriction lifted.",
        form,
        job,
        above=(
            labels.body(_RESTRICTING if restricting else _LIFTING),
            labels.muted("The reason is kept as a note told in confidence."),
        ),
    )
