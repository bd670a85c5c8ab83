"""Writing what somebody asked to have as a file: only for them to read, with no person's name in the file's name."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.storage.durable_file import write_durably


def ask_where(owner: QWidget, words: str, file_name: str) -> Path | None:
    """The system's own dialog; None when somebody thought better of it."""
    ending = Path(file_name).suffix
    chosen, _kind = QFileDialog.getSaveFileName(owner, words, file_name, f"*{ending}")
    return Path(chosen) if chosen else None


def write_private(path: Path, content: bytes) -> None:
    """Writes `content` to `path`, readable by nobody else. Raises Refused in words when the disk says no."""
    try:
        write_durably(path, content)
    except OSError as problem:
        raise Refused(
            f"The file could not be written ({problem.strerror}). Choose another folder and save it again."
        ) from problem
