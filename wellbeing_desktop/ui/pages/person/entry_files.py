"""What a document is called, and removing one that was entered in error."""

from typing import Final

from wellbeing_desktop.domain.dates import day_words
from wellbeing_desktop.domain.document import Attachment
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.file_kinds import size_words
from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.operations import files
from wellbeing_desktop.ui.pages.person.entry_work import Beside, Job, Work
from wellbeing_desktop.ui.pages.person.parts import joined
from wellbeing_desktop.ui.record_form import RecordForm
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import fields, labels
from wellbeing_desktop.ui.widgets.form import Form

_ROWS: Final = (("title",), ("kind", "received_on"), ("source",))


def describe(session: Session, beside: Beside) -> Work:
    """Another title, kind, day or sender; the id is the document's."""
    document = _document(beside)
    form = RecordForm(RECORD_TYPES["attachment"], _ROWS, session.today, shown=document)

    def job() -> Job:
        changed = form.changed()
        return lambda writer: files.describe_file(writer, document.id, changed, form.seen(), at=session.now())

    return Work("Change what a document is called", "&Save changes", "Changes saved.", form, job, tab="documents")


def remove(session: Session, beside: Beside) -> Work:
    """Entered in error, with a reason; the id is the document's."""
    document = _document(beside)
    form = Form()
    form.add(
        "reason", "&Why it is removed", fields.line(), required=True, help_text="For example: it is somebody else's."
    )

    def job() -> Job:
        reason = form.values()["reason"]
        return lambda writer: files.remove_file(writer, document.id, reason, at=session.now())

    named = joined(
        document.title,
        f"{files.kind_of(document).words}, {size_words(document.bytes or 0)}",
        f"Received {day_words(document.received_on)}" * bool(document.received_on),
    )
    return Work(
        "Remove a document entered in error",
        "&Remove document",
        "Document removed.",
        form,
        job,
        tab="documents",
        above=(
            labels.strong(named),
            labels.muted("It leaves this record on every laptop. That it was here stays in the history."),
        ),
    )


def _document(beside: Beside) -> Attachment:
    for document in beside.record.attachments:
        if document.id == beside.id:
            return document
    raise Refused("This document is not in the record any more.")
