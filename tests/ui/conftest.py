"""A real application, offscreen, in a theme of its own for each test."""

import os
from collections.abc import Iterator

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from wellbeing_desktop.ui.theme import theme


@pytest.fixture(autouse=True)
def usual_look(qapp: QApplication) -> Iterator[None]:
    """Every test begins in light colours at 100 % and ends with nothing left waiting to be deleted."""
    theme().choose("light")
    theme().set_percent(100)
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
