"""The mark of a store that its organisation has sealed; how it comes to be is `sealing.py`.

The mark is written first, and whoever meets it finishes what a flat battery cut off: there is no half-sealed store.
Light to import, for the unlock screen asks.
"""

import contextlib
import datetime as dt
import os
import shutil
from pathlib import Path
from typing import Final

import msgspec

from wellbeing_desktop.domain.dates import staff_date
from wellbeing_desktop.domain.errors import StoreProblem
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.domain.six_groups import six_groups
from wellbeing_desktop.storage.durable_file import remove_durably, sync_directory, write_durably
from wellbeing_desktop.storage.envelope import (
    RECOVERY_FILE,
    SEALED_FILE,
    USER_FILE,
    USER_FILE_BEFORE,
    read_user_envelope,
)
from wellbeing_desktop.storage.organisation_part import part_is_whole

BACKUP_BESIDE: Final = "before-update.backup"
WORK_FOLDER: Final = "backup-work-"
"""In the store's folder, while a backup is made; what a crash leaves is swept away at the next unlock."""
_KEYS: Final = (USER_FILE_BEFORE, USER_FILE)
"""The generation before goes first: it must not reopen what the current one does not any more."""


class Unconfirmed(msgspec.Struct, frozen=True, kw_only=True):
    """What the server has not heard yet: that this laptop did as it was told. `signature` was made with the key that is
    in the sealed store; it says this one thing, and nobody signs in or opens anything with it."""

    server: str
    device: str
    ordered_at: str
    signature: str
    opened_by: str = ""


class Seal(msgspec.Struct, frozen=True, kw_only=True):
    """The mark. `label` is what the owner chose for the unlock screen; `organisation_key` the organisation's recovery
    key that opens the store from then on (its public half), empty where it has no part for one and its printed
    kit still does."""

    label: str
    organisation: str
    ordered_at: dt.datetime
    unconfirmed: Unconfirmed | None = None
    organisation_key: bytes = b""


def seal_of(folder: Path) -> Seal | None:
    """The mark of a sealed store; what was cut off while sealing it is finished first."""
    found = mark_of(folder)
    if found is not None:
        with contextlib.suppress(OSError):
            remove_keys(folder, found.organisation_key)
    return found


def mark_of(folder: Path) -> Seal | None:
    """The mark as it stands; nothing is touched, for its recovery kit may be at work."""
    path = folder / SEALED_FILE
    if not path.exists():
        return None
    try:
        return msgspec.json.decode(path.read_bytes(), type=Seal)
    except (OSError, msgspec.DecodeError):
        return Seal(label="", organisation="", ordered_at=dt.datetime.fromtimestamp(0, dt.UTC))


def refuse_sealed(folder: Path) -> None:
    """Raise StoreProblem sealed for a store that nothing but its recovery key opens."""
    found = seal_of(folder)
    if found is not None:
        raise StoreProblem("sealed", words(folder, found), advice(folder, found))


def words(folder: Path, found: Seal) -> str:
    who = found.organisation or "Your organisation"
    when = f" on {staff_date(local_date(found.ordered_at))}" if found.organisation else ""
    ended = "passphrase, quick PIN and keyring" if kit_opens(folder) else "passphrase, PIN, keyring and recovery kit"
    return (
        f"{who} ended this laptop's access{when} and sealed this case store. Its {ended} open it no more. Nothing in it "
        "was deleted."
    )


def advice(folder: Path, found: Seal) -> str:
    """Which key opens it now."""
    key = "the recovery kit"
    if not kit_opens(folder):
        groups = f" {six_groups(found.organisation_key)}" if found.organisation_key else ""
        key = f"two sheets of your organisation's recovery key{groups}"
    opens = "opens" if kit_opens(folder) else "open"
    return f"Speak to your administrator: {key} {opens} it, and what was not sent can be sent then."


def kit_opens(folder: Path) -> bool:
    """Is the part for the printed kit there? Asked of the file itself, whatever the mark says."""
    return (folder / RECOVERY_FILE).exists()


def is_finished(folder: Path, found: Seal) -> bool:
    """Is everything gone that was to go? Not while something of it is there, whatever the reason."""
    names = (*_KEYS, RECOVERY_FILE) if found.organisation_key else _KEYS
    return not any((folder / name).exists() for name in names)


def put_mark(
    folder: Path,
    organisation: str,
    ordered_at: dt.datetime,
    unconfirmed: Unconfirmed | None = None,
    organisation_key: bytes = b"",
) -> None:
    """Mark one folder, and take away what opens it. What is still to be told to the server is part of the mark: either
    both are there, or neither is. With `organisation_key` the printed kit's part goes too."""
    try:
        label = read_user_envelope(folder).label
    except StoreProblem:
        found = seal_of(folder)
        label = found.label if found else ""
    mark = Seal(
        label=label,
        organisation=organisation,
        ordered_at=ordered_at,
        unconfirmed=unconfirmed,
        organisation_key=organisation_key,
    )
    write_durably(folder / SEALED_FILE, msgspec.json.encode(mark))
    remove_keys(folder, organisation_key)


def unconfirmed_in(home: Path) -> list[Path]:
    """The sealed stores under `home` whose server has not heard of it."""
    found = []
    with contextlib.suppress(OSError):
        for folder in sorted(home.iterdir()):
            seal = mark_of(folder)
            if seal is not None and seal.unconfirmed is not None:
                found.append(folder)
    return found


def confirmed(folder: Path) -> None:
    """The server has heard; the mark stays. Raises OSError."""
    found = mark_of(folder)
    if found is not None and found.unconfirmed is not None:
        write_durably(folder / SEALED_FILE, msgspec.json.encode(msgspec.structs.replace(found, unconfirmed=None)))


def remove_mark(folder: Path) -> None:
    """The recovery key opened it and gave it a new passphrase."""
    remove_durably(folder / SEALED_FILE)


def remove_keys(folder: Path, organisation_key: bytes = b"") -> None:
    """Overwritten and then removed; on a disk that writes elsewhere the first does nothing, and the second is enough
    against whoever uses the file system. The backup before an update, and what a backup that was cut off left, hold a
    copy of the keys too, and no record that the store itself has not.

    The printed kit's part goes last, and only where the organisation's is there and whole: what was never sent must not
    be lost with the last key to it."""
    names = [*_KEYS]
    if organisation_key and part_is_whole(folder, organisation_key):
        names.append(RECOVERY_FILE)
    for path in (folder / ending for name in names for ending in (f"{name}.new", name)):
        with contextlib.suppress(FileNotFoundError), path.open("r+b") as file:
            file.write(b"\0" * os.fstat(file.fileno()).st_size)
            file.flush()
            os.fsync(file.fileno())
        path.unlink(missing_ok=True)
    (folder / BACKUP_BESIDE).unlink(missing_ok=True)
    for leftover in folder.glob(f"{WORK_FOLDER}*"):
        shutil.rmtree(leftover, ignore_errors=True)
    sync_directory(folder)
