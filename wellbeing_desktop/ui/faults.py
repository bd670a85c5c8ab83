"""What happens when our own code fails: nobody sees a traceback, nothing personal is written, work goes on.

An exception in a slot would otherwise print its words ("bad value for <person>") to the error stream (SECURITY 2.8).
"""

import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QObject, Qt, QtMsgType, Signal, qInstallMessageHandler

from wellbeing_desktop.ui.widgets import messages


class Faults(QObject):
    """Catches what nothing else caught, on every thread; shows it in the window and records one line.

    The line names the kind of error, the place in the code and the support code; never the error's words.
    """

    _met = Signal(object)

    def __init__(self, window: QObject, record: Callable[[str], object]) -> None:
        """`record` takes one line for the log; `window` is where the message is shown."""
        super().__init__(window)
        self._window = window
        self._record = record
        self._met.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """From now on every uncaught error and Qt message comes here."""
        sys.excepthook = self.take
        threading.excepthook = lambda args: self.take(args.exc_type, args.exc_value, args.exc_traceback)
        qInstallMessageHandler(self._qt_message)

    def take(
        self, kind: type[BaseException], problem: BaseException | None, _traceback: TracebackType | None = None
    ) -> None:
        """One uncaught error. The person's wish to stop (Ctrl+C in a terminal) is none."""
        if problem is None or issubclass(kind, KeyboardInterrupt | SystemExit):
            return
        self._record(line_for(problem))
        self._met.emit(problem)

    def _show(self, problem: object) -> None:
        if isinstance(problem, BaseException):
            messages.show(self._window, problem)

    def _qt_message(self, kind: QtMsgType, context: QMessageLogContext, _words: str) -> None:
        self._record(f"Qt {kind.name} in category {context.category or 'none'}")


def line_for(problem: BaseException) -> str:
    """The line of the log for `problem`: kind, file and line of ours, support code."""
    step, place = problem.__traceback__, "unknown place"
    while step is not None:
        place = f"{Path(step.tb_frame.f_code.co_filename).name}:{step.tb_lineno}"
        step = step.tb_next
    return f"{type(problem).__name__} at {place}, support code {messages.support_code(problem)}"
