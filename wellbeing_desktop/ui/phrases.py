"""Quick phrases by one key (F3) in every text field of a page that has some: some letters or arrows, Enter puts it in.

It stands where the cursor is. Nothing that was typed is replaced but what is selected, and the draft is kept as after
typing.
"""

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QLineEdit, QWidget

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.phrase import Phrase
from wellbeing_desktop.operations.phrases import phrases_for
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.palette import Found
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.shell import Shell
from wellbeing_desktop.ui.widgets import messages
from wellbeing_desktop.ui.widgets.fields import LineField, NoteField

TextField = LineField | NoteField


def offer_phrases(shell: Shell, session: Session) -> None:
    """At the field that has the keyboard; otherwise the page says what to do."""
    page = shell.page()
    if page is None:
        return
    field = _field_in(page, shell.focusWidget())
    if not page.phrase_place:
        messages.show(page, Refused("No quick phrases are offered on this screen."))
    elif field is None:
        messages.show(page, Refused("Put the keyboard into a text field first, then press F3."))
    else:
        place = page.phrase_place
        background.query(
            page, session.store, lambda reader: phrases_for(reader, place), partial(_show, shell, page, field)
        )


def _field_in(page: Page, focus: QWidget | None) -> TextField | None:
    if not isinstance(focus, LineField | NoteField) or not page.isAncestorOf(focus) or focus.isReadOnly():
        return None
    is_secret = isinstance(focus, QLineEdit) and focus.echoMode() is not QLineEdit.EchoMode.Normal
    return None if is_secret else focus


def _show(shell: Shell, page: Page, field: TextField, phrases: Sequence[Phrase]) -> None:
    if not phrases:
        messages.show(page, Refused("The service has no quick phrases for this screen yet. Settings has them."))
        return
    rows = [
        Found(
            one.name, "" if one.words == one.name else " ".join(one.words.split()), partial(_put_in, field, one.words)
        )
        for one in phrases
    ]
    shell.palette_box.choose("Quick phrases", "Short name or words of the phrase", rows)


def _put_in(field: TextField, words: str) -> None:
    if isinstance(field, NoteField):
        cursor = field.textCursor()
        before = field.toPlainText()[: cursor.selectionStart()]
        field.insertPlainText(_joint(before) + words)
    else:
        before = field.text()[: field.selectionStart() if field.hasSelectedText() else field.cursorPosition()]
        field.insert(_joint(before) + " ".join(words.split()))
        field.edited.emit()


def _joint(before: str) -> str:
    return "" if not before or before[-1].isspace() else " "
