"""Python's collector of cycles, on the GUI thread alone.

By itself it runs in whatever thread happens to allocate. A cycle that holds a widget is then taken apart beside the
window, and that ends the program: with a collection every 20 ms in another thread, within a second.
"""

import gc
from typing import Final

from PySide6.QtCore import QObject, QTimer

_LOOK_EVERY_MS: Final = 250
"""Often enough that what a busy store thread leaves in between is collected within some milliseconds."""
_AFTER_LETTING_GO_MS: Final = 1_000


class Collector(QObject):
    """From its making on nothing is collected but here, at the times that Python itself would choose.

    A collection of everything stops the window for 130 ms, nearly all for what lives as long as an open store does:
    `keep` leaves out what there is now, `let_go` counts it in again.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self, interval=_LOOK_EVERY_MS)
        self._timer.timeout.connect(collect_what_is_due)
        self._timer.start()

    def keep(self) -> None:
        gc.freeze()

    def let_go(self) -> None:
        gc.unfreeze()
        QTimer.singleShot(_AFTER_LETTING_GO_MS, self, gc.collect)


def collect_what_is_due() -> None:
    """Collect the oldest generation that Python's thresholds call for, if any."""
    for generation in (2, 1, 0):
        if gc.get_count()[generation] > gc.get_threshold()[generation]:
            gc.collect(generation)
            return
