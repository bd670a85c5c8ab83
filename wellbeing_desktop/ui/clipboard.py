"""Words of a record on the clipboard for half a minute, and out of the system's clipboard history."""

from typing import Final

from PySide6.QtCore import QMimeData, QTimer
from PySide6.QtGui import QGuiApplication

SECONDS: Final = 30
# Windows: not into the history, not to other devices
_NOT_KEPT: Final = 'application/x-qt-windows-mime;value="ExcludeClipboardContentFromMonitorProcessing"'


def lend(text: str) -> QTimer:
    """Copies `text`; answers the timer that clears the clipboard if it still holds it."""
    clipboard = QGuiApplication.clipboard()
    data = QMimeData()
    data.setText(text)
    data.setData(_NOT_KEPT, b"1")
    clipboard.setMimeData(data)
    timer = QTimer(QGuiApplication.instance(), singleShot=True, interval=SECONDS * 1000)

    def clear() -> None:
        if clipboard.text() == text:
            clipboard.clear()
        timer.deleteLater()

    timer.timeout.connect(clear)
    timer.start()
    return timer
