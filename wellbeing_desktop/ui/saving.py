"""What every page does when something was saved, and while something is typed: undo, sync, drafts."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.dates import staff_time
from wellbeing_desktop.storage import drafts
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.drafting import DraftKeeper
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.undoing import offer_undo
from wellbeing_desktop.ui.widgets.form import Form

_FOCUS: Final = "_focus"


def tell_saved(page: QWidget, session: Session, words: str, changes: Changes) -> None:
    """Offers to undo what was just saved ("Contact saved.") and lets the sync go when it can."""
    offer_undo(page, session.store, words, changes)
    if session.sync is not None:
        session.sync.nudge()


def keep_draft(
    form: Form, session: Session, key: str, person_id: str, *, on_kept: Callable[[], object] | None = None
) -> DraftKeeper:
    """Keeps what is typed in `form` under `key` within a second, with the field that the keyboard is in."""

    def save(draft_key: str, values: dict[str, str]) -> None:
        body = {**values, _FOCUS: _field_in_focus(form)}

        def write(writer: Writer) -> None:
            drafts.save_draft(writer, draft_key, person_id, body, at=session.now())

        def kept(_nothing: object) -> None:
            keeper.confirm()
            if on_kept is not None:
                on_kept()

        background.operate(form, session.store, write, kept)

    keeper = DraftKeeper(form, key, save, now_words=lambda: staff_time(session.local_now().time()))
    return keeper


def bring_back(
    form: Form, keeper: DraftKeeper, session: Session, on_answer: Callable[[bool], object] | None = None
) -> None:
    """Puts the draft kept under the keeper's key into the form, and the keyboard into the same field."""

    def show(draft: drafts.Draft | None) -> None:
        values = {name: str(value) for name, value in draft.body.items()} if draft is not None else {}
        focused = values.pop(_FOCUS, "")
        restored = keeper.restore(values)
        if on_answer is not None:
            on_answer(restored)
        if restored and focused in form.rows and form.rows[focused].field.isVisibleTo(form):
            form.rows[focused].field.setFocus(Qt.FocusReason.OtherFocusReason)

    background.query(form, session.store, lambda reader: drafts.load_draft(reader, keeper.draft_key), show)


def discarding(key: str, save: Callable[[Writer], Changes]) -> Callable[[Writer], Changes]:
    """`save`, and then the end of the draft it came from, in one turn of the writer's thread."""

    def both(writer: Writer) -> Changes:
        changes = save(writer)
        drafts.discard_draft(writer, key)
        return changes

    return both


def discard(owner: QWidget, session: Session, key: str) -> None:
    """Forgets a draft that is not wanted."""

    def forget(writer: Writer) -> None:
        drafts.discard_draft(writer, key)

    background.operate(owner, session.store, forget)


def without_focus(values: Mapping[str, Any]) -> dict[str, str]:
    """A draft's body as form values."""
    return {name: str(value) for name, value in values.items() if name != _FOCUS}


def _field_in_focus(form: Form) -> str:
    focus = QApplication.focusWidget()
    for name, row in form.rows.items():
        if focus is not None and (row.field is focus or row.field.isAncestorOf(focus)):
            return name
    return ""
