"""One process per store: a lock of the operating system, held on `store.lock` as long as the store is open.

It goes when the process goes, however it ends; a file that merely exists would not.
"""

import os
from pathlib import Path
from typing import Any, Final

from wellbeing_desktop.domain.errors import StoreProblem

LOCK_FILE: Final = "store.lock"


class FolderLock:
    """Held from construction to `release`. Raises StoreProblem open_elsewhere if another holds it."""

    def __init__(self, folder: Path) -> None:
        self._descriptor = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(self._descriptor)
        except OSError:
            os.close(self._descriptor)
            raise StoreProblem(
                "open_elsewhere",
                "This case store is open in another window.",
                "Use that window, or close it and try again.",
            ) from None

    def release(self) -> None:
        """Safe to repeat."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def _lock(descriptor: int) -> None:
    if os.name == "nt":
        import importlib

        msvcrt: Any = importlib.import_module("msvcrt")  # the module and its names exist on Windows only
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
