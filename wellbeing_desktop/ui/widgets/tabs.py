"""Tabs below a heading: Left and Right move, Tab leaves."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTabWidget, QWidget


def tabs(name: str, pages: Sequence[tuple[str, QWidget]]) -> QTabWidget:
    """Tabs with an accessible `name` and (words, widget) each; they scroll when there is no room."""
    made = QTabWidget()
    made.setDocumentMode(True)
    made.setAccessibleName(name)
    bar = made.tabBar()
    bar.setAccessibleName(name)
    bar.setUsesScrollButtons(True)
    bar.setElideMode(Qt.TextElideMode.ElideNone)
    bar.setExpanding(False)
    for words, widget in pages:
        made.addTab(widget, words)
    return made
