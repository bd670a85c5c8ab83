"""Writing what somebody asked to have as a file: only for them to read, with no person's name in the file's name."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.storage.durable_file import write_durably
from wellbeing_desktop.storage.lease import require_export
from wellbeing_desktop.ui import background


def if_it_may_leave(owner: QWidget, store: background.StoreThreads, then: Callable[[], object]) -> None:
    """Does `then`, if the lease still lets something leave this laptop on paper or in a file; otherwise says why not."""
    background.query(owner, store, require_export, lambda _answer: then())


def ask_where(owner: QWidget, words: str, file_name: str) -> Path | None:
    """The system's own dialog; None when somebody thought better of it."""
    ending = Path(file_name).suffix
    chosen, _kind = QFileDialog.getSaveFileName(owner, words, file_name, f"*{ending}")
    return Path(chosen) if chosen else None


def ask_which(owner: QWidget, words: str) -> Path | None:
    """Which file to add; None when somebody thought better of it."""
    chosen, _kind = QFileDialog.getOpenFileName(owner, words)
    return Path(chosen) if chosen else None


def read_chosen(path: Path, most: int, report: Callable[[int, int], object]) -> bytes:
    """The bytes of an ordinary file, at most one more than `most`. Raises Refused in words."""
    try:
        with path.open("rb") as file:
            about = os.fstat(file.fileno())
            if not stat.S_ISREG(about.st_mode):
                raise Refused("This is not a file that can be added. Choose one file.", "file")
            content = bytearray()
            while len(content) <= most and (piece := file.read(1 << 20)):
                content += piece
                report(len(content), about.st_size)
            return bytes(content)
    except OSError as problem:
        raise Refused(
            f"The file could not be read ({problem.strerror}). Check that it is still there.", "file"
        ) from problem


def write_private(path: Path, content: bytes) -> None:
    """Writes `content` to `path`, readable by nobody else. Raises Refused in words when the disk says no."""
    try:
        write_durably(path, content)
    except OSError as problem:
        raise Refused(
            f"The file could not be written ({problem.strerror}). Choose another folder and save it again."
        ) from problem
