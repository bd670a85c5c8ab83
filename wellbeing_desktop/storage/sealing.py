"""Sealing a store by order of its organisation (SECURITY 3.6): what its user opens it by goes, the records all stay.

Passphrase, quick PIN and the keyring's part open nothing any more, here or in a copy that the program made beside it.
Where the organisation has a recovery key, the printed kit opens nothing either: whoever holds that paper is the person
whose access ended. Otherwise the kit's part stays, so that work which was never sent can still be had. Nothing typed is
destroyed.
"""

import contextlib
import datetime as dt
from pathlib import Path
from typing import Final

from wellbeing_desktop.storage import audit, grants
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.durable_file import write_durably
from wellbeing_desktop.storage.envelope import ORGANISATION_FILE, is_of
from wellbeing_desktop.storage.identity import Identity
from wellbeing_desktop.storage.keyring_vault import KeyringVault
from wellbeing_desktop.storage.keys import DataKey
from wellbeing_desktop.storage.organisation_part import part_is_whole, write_part
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


def prepare(folder: Path, identity: Identity, data_key: DataKey, organisation_key: bytes) -> bytes:
    """The organisation's part is written anew from the data key itself, so that nothing is taken away on the word of an
    old file. Answers the key that it is sealed to; empty if there is none, or the part is not there and whole."""
    if not organisation_key:
        return b""
    with contextlib.suppress(OSError):  # a full disk: the one that is there may be whole
        write_part(folder, identity, data_key, organisation_key)
    return organisation_key if part_is_whole(folder, organisation_key, identity) else b""


def seal(
    folder: Path,
    identity: Identity,
    organisation: str,
    ordered_at: dt.datetime,
    unconfirmed: Unconfirmed | None = None,
    organisation_key: bytes = b"",
) -> None:
    """Seal the store in `folder`, and each older copy of it that a restore left beside it. Safe to repeat.
    `organisation_key` is what `prepare` answered."""
    for other in _copies_beside(folder, identity):
        with contextlib.suppress(OSError):  # one that cannot be written now must not keep the others open
            if organisation_key:  # a copy has the same data key, and perhaps no part for the organisation yet
                with contextlib.suppress(OSError):
                    write_durably(other / ORGANISATION_FILE, (folder / ORGANISATION_FILE).read_bytes())
            put_mark(other, organisation, ordered_at, organisation_key=organisation_key)
    put_mark(folder, organisation, ordered_at, unconfirmed, organisation_key)
    vault = KeyringVault.find()
    if vault is not None:
        vault.drop(identity.store_id)
    forget_in_keyring(identity)


def _copies_beside(folder: Path, identity: Identity) -> list[Path]:
    try:
        return [other for other in sorted(folder.parent.iterdir()) if other != folder and is_of(other, identity)]
    except OSError:  # what cannot be read now cannot be opened from here either
        return []
