"""Offers to take back what was just done, in the window's undo bar."""

from PySide6.QtWidgets import QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.storage.undo import undo
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.widgets.undo_bar import UndoBar


def offer_undo(page: QWidget, store: Store, words: str, changes: Changes) -> None:
    """Shows `words` ("Task done.") with Undo for ten seconds. Without a window around the page nothing is shown."""
    bar = page.window().findChild(UndoBar)
    if bar is None or not changes.undo_id:
        return
    undo_id = changes.undo_id

    def take_back() -> None:
        background.operate(page, store, lambda writer: undo(writer, undo_id))

    bar.offer(words, take_back)
