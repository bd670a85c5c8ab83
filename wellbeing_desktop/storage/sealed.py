"""The mark of a store that its organisation has sealed; how it comes to be is `sealing.py`.

The mark is written first, and whoever meets it finishes what a flat battery cut off: there is no half-sealed store.
Light to import, for the unlock screen asks.
"""

import contextlib
import datetime as dt
import os
from pathlib import Path
from typing import Final

import msgspec

from wellbeing_desktop.domain.dates import staff_date
from wellbeing_desktop.domain.errors import StoreProblem
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.storage.durable_file import remove_durably, sync_directory, write_durably
from wellbeing_desktop.storage.envelope import SEALED_FILE, USER_FILE, USER_FILE_BEFORE, read_user_envelope

ADVICE: Final = "Speak to your administrator: the recovery kit opens it, and what was not sent can be sent then."
BACKUP_BESIDE: Final = "before-update.backup"
_KEYS: Final = (USER_FILE_BEFORE, USER_FILE)
"""The generation before goes first: it must not reopen what the current one does not any more."""


class Unconfirmed(msgspec.Struct, frozen=True, kw_only=True):
    """What the server has not heard yet: that this laptop did as it was told. `signature` was made with the key that is
    in the sealed store; it says this one thing, and nobody signs in or opens anything with it."""

    server: str
    device: str
    ordered_at: str
    signature: str


class Seal(msgspec.Struct, frozen=True, kw_only=True):
    """The mark. `label` is what the owner chose for the unlock screen."""

    label: str
    organisation: str
    ordered_at: dt.datetime
    unconfirmed: Unconfirmed | None = None


def seal_of(folder: Path) -> Seal | None:
    """The mark of a sealed store; what was cut off while sealing it is finished first."""
    if (folder / SEALED_FILE).exists():
        with contextlib.suppress(OSError):
            remove_keys(folder)
    return mark_of(folder)


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
        raise StoreProblem("sealed", words(found), ADVICE)


def words(found: Seal) -> str:
    who = found.organisation or "Your organisation"
    when = f" on {staff_date(local_date(found.ordered_at))}" if found.organisation else ""
    return (
        f"{who} ended this laptop's access{when} and sealed this case store. Its passphrase, quick PIN and keyring open "
        "it no more. Nothing in it was deleted."
    )


def put_mark(folder: Path, organisation: str, ordered_at: dt.datetime, unconfirmed: Unconfirmed | None = None) -> None:
    """Mark one folder, and take away what opens it. What is still to be told to the server is part of the mark: either
    both are there, or neither is."""
    try:
        label = read_user_envelope(folder).label
    except StoreProblem:
        found = seal_of(folder)
        label = found.label if found else ""
    mark = Seal(label=label, organisation=organisation, ordered_at=ordered_at, unconfirmed=unconfirmed)
    write_durably(folder / SEALED_FILE, msgspec.json.encode(mark))
    remove_keys(folder)


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


def remove_keys(folder: Path) -> None:
    """Overwritten and then removed; on a disk that writes elsewhere the first does nothing, and the second is enough
    against whoever uses the file system. The backup before an update holds a copy of the key too, and no record that
    the store itself has not."""
    for name in _KEYS:
        path = folder / name
        with contextlib.suppress(FileNotFoundError), path.open("r+b") as file:
            file.write(b"\0" * os.fstat(file.fileno()).st_size)
            file.flush()
            os.fsync(file.fileno())
        path.unlink(missing_ok=True)
    (folder / BACKUP_BESIDE).unlink(missing_ok=True)
    sync_directory(folder)
