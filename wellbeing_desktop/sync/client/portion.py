"""How many rows are asked for at once: fewer where the line or the server cannot carry them."""

from collections.abc import Callable
from typing import Final, TypeVar

from wellbeing_desktop.domain.errors import SyncProblem
from wellbeing_desktop.sync.protocol.limits import PAGE_ROWS_FLOOR

Answer = TypeVar("Answer")

_TOO_MUCH: Final = ("timed_out", "reply_too_large", "too_much_at_once")


class Portion:
    """Halves when it was too much and doubles after each success, up to the usual (SYNC 3.9)."""

    def __init__(self, usual: int) -> None:
        self._usual = usual
        self._rows = usual

    def ask(self, question: Callable[[int], Answer]) -> Answer:
        """The answer to `question`, which is given how many rows to ask for. Raises SyncProblem, also when the fewest
        were too much."""
        while True:
            try:
                answer = question(self._rows)
            except SyncProblem as found:
                if found.kind not in _TOO_MUCH or self._rows <= PAGE_ROWS_FLOOR:
                    raise
                self._rows = max(PAGE_ROWS_FLOOR, self._rows // 2)
            else:
                self._rows = min(self._usual, self._rows * 2)
                return answer
