"""Sealing a store by order of its organisation (SECURITY 3.6): what its user opens it by goes, the records all stay.

Passphrase, quick PIN and the keyring's part open nothing any more, here or in a copy that the program made beside it.
The recovery envelope stays, so that work which was never sent can still be had. Nothing typed is destroyed.
"""

import contextlib
import datetime as dt
from pathlib import Path
from typing import Final

from wellbeing_desktop.domain.errors import StoreProblem
from wellbeing_desktop.storage import audit, grants
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.envelope import read_user_envelope
from wellbeing_desktop.storage.identity import Identity
from wellbeing_desktop.storage.keyring_vault import KeyringVault
from wellbeing_desktop.storage.quick_pin import forget_in_keyring
from wellbeing_desktop.storage.sealed import Unconfirmed, put_mark
from wellbeing_desktop.storage.sync_state import set_sync_values, sync_number

ACTION: Final = "seal_store"
REFUSED: Final = "seals_refused"
"""How many orders came that were not ours, or not for this laptop and this moment."""


def note(writer: Writer, ordered_at: dt.datetime) -> None:
    """In the audit, in a transaction of its own, before anything is taken away."""
    with writer.immediate():
        audit.append(
            writer,
            user=grants.user_of(writer),
            action=ACTION,
            at=dt.datetime.now(dt.UTC),
            detail={"ordered_at": ordered_at.isoformat()},
        )


def count_refused(writer: Writer) -> None:
    """An order that proves nothing does nothing; it is counted, and told to the server when it is met again."""
    with writer.immediate():
        set_sync_values(writer, {REFUSED: sync_number(writer, REFUSED) + 1})


def seal(
    folder: Path,
    identity: Identity,
    organisation: str,
    ordered_at: dt.datetime,
    unconfirmed: Unconfirmed | None = None,
) -> None:
    """Seal the store in `folder`, and each older copy of it that a restore left beside it. Safe to repeat."""
    with contextlib.suppress(OSError):  # one that cannot be read now cannot be opened from here either
        for other in folder.parent.iterdir():
            if other != folder and _is_of(other, identity):
                put_mark(other, organisation, ordered_at)
    put_mark(folder, organisation, ordered_at, unconfirmed)
    vault = KeyringVault.find()
    if vault is not None:
        vault.drop(identity.store_id)
    forget_in_keyring(identity)


def _is_of(folder: Path, identity: Identity) -> bool:
    try:
        return read_user_envelope(folder).identity.store_id == identity.store_id
    except StoreProblem:
        return False
