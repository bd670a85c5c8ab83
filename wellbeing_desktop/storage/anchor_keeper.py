"""Keeps the anchor up to date in the background: within two seconds of a commit, never on the Save path."""

import threading
from collections.abc import Callable
from typing import Final

AUDITED_WITHIN_SECONDS: Final = 2.0

_GATHER_SECONDS: Final = 1.0
"""Commits within this time share one anchor; the rest of the two seconds is for the reader's queue and the disk."""


class AnchorKeeper:
    """`write` brings the anchor up to date; it is called on a thread of its own and raises nothing."""

    def __init__(self, write: Callable[[], None], *, gather_seconds: float = _GATHER_SECONDS) -> None:
        self._write = write
        self._gather_seconds = gather_seconds
        self._changed = threading.Event()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="store-anchor", daemon=True)
        self._thread.start()

    def committed(self) -> None:
        """A transaction has been committed; returns at once."""
        self._changed.set()

    def end(self) -> None:
        """Stop; the caller writes the last anchor."""
        self._ending.set()
        self._changed.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ending.is_set():
            self._changed.wait()
            if self._ending.wait(self._gather_seconds):
                return
            self._changed.clear()
            self._write()
