"""The files of a store's folder, and how a new folder comes to be: whole, in one rename, or not at all.

store.db  attachments.db                the two encrypted databases
envelope.user  envelope.recovery        the data key, sealed twice, and a third time where the organisation has a key:
envelope.organisation
store.lock  anchor.a  anchor.b  tries   one window at a time; how far the audit had come; wrong passphrases
"""

import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from wellbeing_desktop.domain.errors import StoreProblem
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.storage.anchor import AnchorFiles
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.durable_file import sync_directory
from wellbeing_desktop.storage.envelope import (
    RecoveryEnvelope,
    UserEnvelope,
    write_recovery_envelope,
    write_user_envelope,
)
from wellbeing_desktop.storage.identity import Identity
from wellbeing_desktop.storage.keys import AttachmentKey, DataKey, StoreKey
from wellbeing_desktop.storage.migrations import Migration, migrate, shipped_for_attachments
from wellbeing_desktop.storage.opener import checkpoint, open_connection

STORE_FILE: Final = "store.db"
ATTACHMENTS_FILE: Final = "attachments.db"


class About(msgspec.Struct, frozen=True):
    """What the identity row says beyond the ids: the store's name, its person's name, this device's id."""

    name: str
    user_name: str
    device_id: str
    created_at: str


def about(reader: Reader) -> About:
    """Raises StoreProblem empty_store for a file that opens and holds no store."""
    row = reader.row("SELECT name, user_name, device_id, created_at FROM identity")
    if row is None:
        raise StoreProblem("empty_store", "The case store file holds no case store, although one was kept here.")
    return About(*row)


def make_folder(
    folder: Path,
    data_key: DataKey,
    identity: Identity,
    user_envelope: UserEnvelope,
    recovery_envelope: RecoveryEnvelope,
    *,
    name: str,
    user_name: str,
) -> None:
    """Make a new store beside `folder` and rename it into place. Raises StoreProblem folder_not_empty, OSError."""
    refuse_taken_folder(folder)
    making = folder.with_name(folder.name + ".making")
    if making.exists():  # left by a crash; never used by anybody
        shutil.rmtree(making)
    making.mkdir(mode=0o700, parents=True)
    try:
        facts = About(name, user_name, new_id(), datetime.now(UTC).isoformat(timespec="seconds"))
        _make_database(making / STORE_FILE, data_key.store_key(identity.store_id), identity, facts, None)
        make_attachments_file(making / ATTACHMENTS_FILE, data_key, identity, facts)
        AnchorFiles(making, data_key.anchor_key(identity.store_id), identity.store_id).write(0, "")
        write_recovery_envelope(making, recovery_envelope)
        write_user_envelope(making, user_envelope)
        if folder.exists():
            folder.rmdir()
        making.rename(folder)
        sync_directory(folder.parent)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise


def refuse_taken_folder(folder: Path) -> None:
    """Raise StoreProblem store_exists or folder_not_empty unless the folder is absent or empty."""
    if (folder / STORE_FILE).exists():
        raise StoreProblem("store_exists", "There is already a case store here.", "Open it, or choose another folder.")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise StoreProblem(
            "folder_not_empty", "This folder already holds other files.", "Choose an empty or a new folder."
        )


def make_attachments_file(path: Path, data_key: DataKey, identity: Identity, facts: About) -> None:
    """A new attachments file with nothing in it. Raises StoreProblem store_exists if there is one."""
    _make_database(path, data_key.attachment_key(identity.store_id), identity, facts, shipped_for_attachments())


def renew_attachments_file(folder: Path, data_key: DataKey, identity: Identity, facts: About) -> Path | None:
    """Move the attachments file aside and begin an empty one; answers where it is now. Raises OSError."""
    path = folder / ATTACHMENTS_FILE
    aside: Path | None = None
    for file in (path, *folder.glob(f"{ATTACHMENTS_FILE}-*")):
        if file.exists():
            moved = file.with_name(f"damaged-{new_id()}-{file.name}")
            file.rename(moved)
            aside = moved if file == path else aside
    make_attachments_file(path, data_key, identity, facts)
    return aside


def _make_database(
    path: Path, key: StoreKey | AttachmentKey, identity: Identity, facts: About, steps: Sequence[Migration] | None
) -> None:
    connection = open_connection(path, key, role="writer", create=True, identity=None)
    try:
        writer = Writer(connection)
        migrate(writer, steps)
        with writer.immediate():
            writer.execute(
                "INSERT INTO identity (only_row, store_id, organisation_id, user_id, format, name, user_name,"
                " device_id, created_at) VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    identity.store_id,
                    identity.organisation_id,
                    identity.user_id,
                    identity.format,
                    facts.name,
                    facts.user_name,
                    facts.device_id,
                    facts.created_at,
                ),
            )
        checkpoint(connection)
    finally:
        connection.close()
