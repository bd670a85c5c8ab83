"""The part of a store that the organisation's recovery key opens: the data key, sealed to the public half."""

from pathlib import Path

from wellbeing_desktop.domain.errors import StoreProblem
from wellbeing_desktop.storage.envelope import (
    read_recovery_envelope,
    seal_recovery_envelope,
    write_recovery_envelope,
)
from wellbeing_desktop.storage.identity import Identity
from wellbeing_desktop.storage.keys import DataKey


def write_part(folder: Path, identity: Identity, data_key: DataKey, public: bytes) -> None:
    """Beside the user's kit, in the place of an earlier one. Raises OSError."""
    write_recovery_envelope(folder, seal_recovery_envelope(data_key, public, identity, holder="organisation"))


def part_is_whole(folder: Path, public: bytes, identity: Identity | None = None) -> bool:
    """Is the part there, undamaged, of this store where that is known, and sealed to this key?"""
    try:
        found = read_recovery_envelope(folder, "organisation")
    except StoreProblem:
        return False
    return found.key.recovery_public == public and identity in (None, found.identity)


def part_key(folder: Path) -> bytes:
    """The key that the part is sealed to; empty if there is no part that can be read."""
    try:
        return read_recovery_envelope(folder, "organisation").key.recovery_public
    except StoreProblem:
        return b""
