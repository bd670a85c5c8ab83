"""Where a document's bytes are, in words."""

from collections.abc import Iterable

import msgspec

from wellbeing_desktop.domain.document import Attachment
from wellbeing_desktop.storage.attachments import Blob, State, blobs_of
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.storage.sync_state import has_organisation
from wellbeing_desktop.sync.client.line import megabytes
from wellbeing_desktop.ui.widgets.labels import Tone


class Where(msgspec.Struct, frozen=True):
    """`is_here` is whether it can be opened; `is_settled` that nothing is still on its way."""

    words: str
    tone: Tone
    icon: str
    is_here: bool
    is_settled: bool


def where_is(store: Store, documents: Iterable[Attachment]) -> dict[str, Where]:
    """By id. Waits for the file of documents: not for the window's thread. Raises StoreProblem files_damaged, files_missing."""
    documents = tuple(documents)
    shares = store.read(has_organisation)
    found = store.files.call(lambda writer: blobs_of(writer, [document.sha256 for document in documents]))
    return {document.id: _where(document, found.get(document.sha256), shares) for document in documents}


def _where(document: Attachment, blob: Blob | None, shares: bool) -> Where:
    if blob is None or not blob.is_whole:
        if not shares:
            return Where("Not on this computer", "bad", "circle-alert", False, True)
        size = document.bytes or 0
        if blob is None or not blob.have:
            return Where("Not here yet", "plain", "clock", False, False)
        return Where(f"Arriving, {megabytes(blob.have, size)}", "plain", "clock", False, False)
    if shares and blob.state is State.HERE:
        return Where("Not sent yet", "warning", "cloud-upload", True, False)
    return Where("Here", "good", "circle-check", True, True)
