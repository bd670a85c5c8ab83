"""A real application, offscreen, in a theme of its own for each test."""

import os
from collections.abc import Iterator
from typing import Final

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from wellbeing_desktop.ui.theme import theme

LONGEST_WAIT_MS: Final = 20_000
"""A busy machine is slow, not wrong: how long what a test waits for may take before it fails."""

for _wait in (QtBot.waitUntil, QtBot.waitSignal):
    _wait.__kwdefaults__["timeout"] = LONGEST_WAIT_MS


@pytest.fixture(autouse=True)
def usual_look(qapp: QApplication) -> Iterator[None]:
    """Every test begins in light colours at 100 % and leaves no widget to the next: each would be laid out again with
    every change of the look, and a hundred tests later that is all that a test does."""
    look = theme()
    if look.choice != "light":
        look.choose("light")
    if look.percent != 100:
        look.set_percent(100)
    yield
    for left in qapp.topLevelWidgets():
        left.close()
        left.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
