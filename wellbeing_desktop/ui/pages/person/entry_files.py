"""What a document is called."""

from typing import Final

from wellbeing_desktop.domain.document import Attachment
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.operations import files
from wellbeing_desktop.ui.pages.person.entry_work import Beside, Job, Work
from wellbeing_desktop.ui.record_form import RecordForm
from wellbeing_desktop.ui.session import Session

_ROWS: Final = (("title",), ("kind", "received_on"), ("source",))


def describe(session: Session, beside: Beside) -> Work:
    """Another title, kind, day or sender; the id is the document's."""
    document = _document(beside)
    form = RecordForm(RECORD_TYPES["attachment"], _ROWS, session.today, shown=document)

    def job() -> Job:
        changed = form.changed()
        return lambda writer: files.describe_file(writer, document.id, changed, form.seen(), at=session.now())

    return Work("Change what a document is called", "&Save changes", "Changes saved.", form, job, tab="documents")


def _document(beside: Beside) -> Attachment:
    for document in beside.record.attachments:
        if document.id == beside.id:
            return document
    raise Refused("This document is not in the record any more.")
