"""What every page does when something was saved, and while something is typed: undo, sync, drafts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.dates import staff_clock
from wellbeing_desktop.storage import drafts
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.records import envelope_of
from wellbeing_desktop.storage.undo import undo
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.drafting import DraftKeeper
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.undoing import offer_undo
from wellbeing_desktop.ui.widgets.form import Form
from wellbeing_desktop.ui.widgets.undo_bar import UndoBar

RECORD_ID: Final = "_record"
"""In a draft: the id that its record will have, so that a draft whose record was saved is known."""
FOCUS: Final = "_focus"


@dataclass(frozen=True)
class WayBack:
    """What undoing brings back beside the record as it was: the words, as a draft in the form they were typed in."""

    key: str
    person_id: str
    values: Mapping[str, str]
    go: Callable[[], object]
    """Opens that form."""


def tell_saved(page: QWidget, session: Session, words: str, changes: Changes, way_back: WayBack | None = None) -> None:
    """Offers to undo what was just saved ("Contact saved.") and lets the sync go when it can."""
    if way_back is None:
        offer_undo(page, session.store, words, changes)
    else:
        _offer_way_back(page, session, words, changes, way_back)
    if session.sync is not None:
        session.sync.nudge()


def _offer_way_back(page: QWidget, session: Session, words: str, changes: Changes, way: WayBack) -> None:
    bar = page.window().findChild(UndoBar)
    if bar is None or not changes.undo_id:
        return

    def take_back() -> None:
        def both(writer: Writer) -> Changes:
            undone = undo(writer, changes.undo_id, at=session.now())
            drafts.save_draft(writer, way.key, way.person_id, way.values, at=session.now())
            return undone

        background.operate(page, session.store, both, lambda _changes: way.go())

    bar.offer(words, take_back)


def keep_draft(
    form: Form,
    session: Session,
    key: str = "",
    *,
    person: Callable[[], str],
    beside: Callable[[], Mapping[str, str]] = dict,
) -> DraftKeeper:
    """Keeps what is typed in `form` under the keeper's key within a second, with the field that the keyboard is in.

    `person` gives whose record it is about, `beside` what else the draft must know (the id that the record will have).
    Set `keeper.draft_key` and call `begin_again` when the form is used for the next one.
    """

    def save(draft_key: str, values: dict[str, str]) -> None:
        body = {**values, **beside(), FOCUS: field_in_focus(form)}
        person_id = person()

        def write(writer: Writer) -> None:
            drafts.save_draft(writer, draft_key, person_id, body, at=session.now())

        def kept(_nothing: object) -> None:
            if keeper.draft_key == draft_key:
                keeper.confirm()

        background.operate(form, session.store, write, kept)

    keeper = DraftKeeper(form, key, save, now_words=lambda: staff_clock(session.now()))
    return keeper


def bring_back(
    form: Form,
    keeper: DraftKeeper,
    session: Session,
    on_kept: Callable[[Mapping[str, str]], object] | None = None,
) -> None:
    """Puts the draft kept under the keeper's key into the form, and the keyboard into the same field.

    `on_kept` gets the whole draft before its values are put in. A draft left over by a crash just after Save, whose
    record is there, is not brought back.
    """
    key = keeper.draft_key

    def ask(reader: Reader) -> dict[str, str]:
        draft = drafts.load_draft(reader, key)
        kept = {name: str(value) for name, value in draft.body.items()} if draft is not None else {}
        made = kept.get(RECORD_ID, "")
        return {} if made and envelope_of(reader, made) is not None else kept

    def show(kept: dict[str, str]) -> None:
        if not kept or keeper.draft_key != key:
            return
        if on_kept is not None:
            on_kept(kept)
        keeper.restore(kept)
        focused = kept.get(FOCUS, "")
        if focused in form.rows and form.rows[focused].field.isVisibleTo(form):
            form.rows[focused].field.setFocus(Qt.FocusReason.OtherFocusReason)

    background.query(form, session.store, ask, show)


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


def field_in_focus(form: Form) -> str:
    """The name of the field that the keyboard is in, or empty."""
    focus = form.window().focusWidget()  # the window may not be the active one: at lock it is not
    for name, row in form.rows.items():
        if focus is not None and (row.field is focus or row.field.isAncestorOf(focus)):
            return name
    return ""
