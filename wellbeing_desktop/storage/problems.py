"""The one place where what the driver reports becomes a sentence and what to do about it."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlcipher3 import dbapi2

from wellbeing_desktop.domain.errors import StoreProblem

DriverError: Final = dbapi2.Error
"""Every error of the driver; nothing outside `storage` names it."""


class _Code:
    """SQLite's primary result codes (https://sqlite.org/rescode.html); the low byte of an extended one."""

    BUSY: Final = 5
    LOCKED: Final = 6
    NOMEM: Final = 7
    READONLY: Final = 8
    INTERRUPT: Final = 9
    IOERR: Final = 10
    CORRUPT: Final = 11
    FULL: Final = 13
    CANTOPEN: Final = 14
    NOTADB: Final = 26


RESTORE: Final = (
    "Restore the store from its latest backup, or use the recovery key on a copy. Do not delete this folder: "
    "support may be able to save work from it."
)


def disk_full() -> StoreProblem:
    return StoreProblem(
        "disk_full",
        "The disk is full. The last change was not saved; everything saved before it is safe.",
        "Free some space on this computer, then save again.",
    )


def damaged_store(detail: str = "") -> StoreProblem:
    """`detail` is a sentence on how it was noticed."""
    return StoreProblem("damaged_store", f"The case store on this computer is damaged. {detail}".strip(), RESTORE)


def store_busy() -> StoreProblem:
    return StoreProblem(
        "store_busy",
        "Another program is holding the case store's files.",
        "Wait a moment and try again. A virus scanner or a backup program may be reading them.",
    )


def reading_stopped() -> StoreProblem:
    """For a statement that `interrupt` stopped."""
    return StoreProblem("interrupted", "This was stopped before it was finished.", "Try again.")


def disk_trouble() -> StoreProblem:
    return StoreProblem(
        "disk_trouble",
        "This computer's disk did not do what was asked of it.",
        "Check that the disk is connected and not full, then try again. If it happens again, make a backup.",
    )


def as_problem(error: dbapi2.Error) -> StoreProblem | None:
    """The problem that an error of the driver stands for; None if the error is a fault in the program."""
    code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    match code:
        case _Code.FULL:
            return disk_full()
        case _Code.CORRUPT | _Code.NOTADB:
            return damaged_store()
        case _Code.BUSY | _Code.LOCKED:
            return store_busy()
        case _Code.INTERRUPT:
            return reading_stopped()
        case _Code.IOERR | _Code.CANTOPEN:
            return disk_trouble()
        case _Code.READONLY:
            return StoreProblem(
                "read_only",
                "The case store's files may not be written to.",
                "Check that the folder is yours and that the disk is not write-protected.",
            )
        case _Code.NOMEM:
            return StoreProblem(
                "memory_full",
                "This computer ran out of memory. The last change was not saved.",
                "Close other programs and try again.",
            )
        case _:
            return None


@contextmanager
def driver_told() -> Iterator[None]:
    """What the driver reports within, as a StoreProblem; what stands for no problem is a fault and stays as it is."""
    try:
        yield
    except dbapi2.Error as error:
        problem = as_problem(error)
        if problem is None:
            raise
        raise problem from error


def from_system(error: OSError) -> StoreProblem:
    """The problem that an error of the operating system stands for."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_full()
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return StoreProblem(
            "folder_refused",
            "This computer does not let you write to that folder.",
            "Choose a folder of your own, or ask whoever looks after this computer.",
        )
    return disk_trouble()
