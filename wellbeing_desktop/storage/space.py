"""Room on the disk: a warning before it is full."""

import shutil
from pathlib import Path
from typing import Final

import msgspec

RESERVE_BYTES: Final = 64 << 20
"""Below this there is a warning: about a year's notes of one coordinator, and enough for one large import."""


class Space(msgspec.Struct, frozen=True):
    """Free bytes on the store's disk; `is_low` below the reserve."""

    free_bytes: int

    @property
    def is_low(self) -> bool:
        return self.free_bytes < RESERVE_BYTES

    def warning(self) -> str:
        """A sentence for the status line; empty when there is room."""
        if not self.is_low:
            return ""
        return (
            f"This computer's disk is nearly full: {self.free_bytes >> 20} MB left. "
            "Free some space soon, or new work cannot be saved."
        )


def space_at(folder: Path) -> Space:
    """Raises OSError if the folder is not there."""
    return Space(shutil.disk_usage(folder).free)
