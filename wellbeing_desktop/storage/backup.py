"""Back a store up into one file, and restore one from it."""

import itertools
import os
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from wellbeing_desktop.domain.errors import StoreProblem
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.storage.anchor import AnchorFiles
from wellbeing_desktop.storage.backup_container import (
    BackupReport,
    backup_damaged,
    check_manifest,
    prove_databases,
    told_as_problem,
    unpack,
    write_backup,
)
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.content import Content
from wellbeing_desktop.storage.durable_file import sync_directory
from wellbeing_desktop.storage.envelope import (
    open_recovery_envelope,
    open_user_envelope,
    read_user_envelope,
    recovery_envelope_for,
)
from wellbeing_desktop.storage.folder_lock import FolderLock
from wellbeing_desktop.storage.folder_rules import refuse_unsafe_folder
from wellbeing_desktop.storage.identity import Identity
from wellbeing_desktop.storage.keys import DataKey, DeviceSecret
from wellbeing_desktop.storage.opener import checkpoint, open_connection
from wellbeing_desktop.storage.places import BEFORE_RESTORE
from wellbeing_desktop.storage.recovery import RecoveryKey
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.storage.store_files import ATTACHMENTS_FILE, STORE_FILE, refuse_taken_folder
from wellbeing_desktop.storage.sync_state import set_sync_values, sync_value

_MADE_AT: Final = "backup_made_at"


class RestoreReport(msgspec.Struct, frozen=True):
    """What was put back. `moved_aside` is where the files that were there before are now, if there were any."""

    folder: Path
    records: int
    hash: str
    made_at: str
    device_id: str
    moved_aside: Path | None = None


def note_backup(writer: Writer, at: datetime) -> None:
    """That a proven backup of this store was made. After it: what is in the store must equal what is in the file."""
    with writer.immediate():
        set_sync_values(writer, {_MADE_AT: at.isoformat()})


def last_backup_at(reader: Reader) -> datetime | None:
    """When the last backup was made from this store that it knows of."""
    try:
        return datetime.fromisoformat(sync_value(reader, _MADE_AT))
    except ValueError:
        return None


def backup(store: Store, file: Path) -> BackupReport:
    """Write a proven, encrypted backup of an open store; work goes on meanwhile.

    It opens by the passphrase of the moment or by the recovery key. Raises StoreProblem disk_full, folder_refused,
    damaged_store; then a file of that name is as it was.
    """
    if store.has_one_connection:  # the disk is full: nobody else may open the file
        return store.write(
            lambda writer: write_backup(file, store.folder, writer.connection, store.data_key, store.identity)
        )
    key = store.data_key.store_key(store.identity.store_id)
    # A third connection, so that neither a Save nor a list waits for the copy.
    source = open_connection(store.folder / STORE_FILE, key, role="reader", identity=store.identity)
    try:
        return write_backup(file, store.folder, source, store.data_key, store.identity)
    finally:
        source.close()


def restore(
    file: Path,
    folder: Path,
    secret: str | RecoveryKey,
    *,
    device_secret: DeviceSecret | None = None,
    move_aside: bool = False,
    new_device: Callable[[Writer, str], None] | None = None,
) -> RestoreReport:
    """Put a backup back as the store in `folder`; open it afterwards with `Store.open` or `Store.recover`.

    `secret` is the passphrase of the time of the backup, or the recovery key. Everything is checked before anything
    is put in place. The restored store is a new device, so that the server sees its history branch; `new_device` is
    called in the transaction that gives it its id. `move_aside` keeps what is in the folder now under another name;
    nothing is deleted. Raises StoreProblem not_a_backup, backup_damaged, backup_too_new, wrong_passphrase,
    wrong_recovery_key, store_exists, folder_not_empty, open_elsewhere, disk_full, synced_folder, network_folder.
    """
    refuse_unsafe_folder(folder)
    if not move_aside:
        refuse_taken_folder(folder)
    if not file.is_file():
        raise StoreProblem("not_a_backup", "There is no backup file of that name.", "Choose another file.")
    making = folder.with_name(folder.name + ".making")
    with told_as_problem():
        if making.exists():
            shutil.rmtree(making)
        making.mkdir(mode=0o700, parents=True)
    try:
        with told_as_problem():
            manifest = unpack(file, making)
            data_key, identity = _unlock(making, secret, device_secret)
            check_manifest(file, data_key.export_key(identity.store_id))
            content = prove_databases(making, data_key, identity)
            if manifest.store_id != identity.store_id or content != Content(manifest.records, manifest.content_hash):
                raise backup_damaged()
            device_id = _become_new_device(making, data_key, identity, new_device)
            AnchorFiles(making, data_key.anchor_key(identity.store_id), identity.store_id).write(0, "")
            moved = _move_aside(folder)
            making.rename(folder)
            sync_directory(folder.parent)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise
    return RestoreReport(folder, content.records, content.hash, manifest.made_at, device_id, moved)


def _unlock(folder: Path, secret: str | RecoveryKey, device_secret: DeviceSecret | None) -> tuple[DataKey, Identity]:
    if isinstance(secret, RecoveryKey):
        recovery = recovery_envelope_for(folder, secret)
        return open_recovery_envelope(recovery, secret), recovery.identity
    user = read_user_envelope(folder)
    return open_user_envelope(user, secret, device_secret), user.identity


def _become_new_device(
    folder: Path, data_key: DataKey, identity: Identity, new_device: Callable[[Writer, str], None] | None
) -> str:
    device_id = new_id()
    store_key, attachment_key = data_key.store_key(identity.store_id), data_key.attachment_key(identity.store_id)
    for name, key in ((STORE_FILE, store_key), (ATTACHMENTS_FILE, attachment_key)):
        connection = open_connection(folder / name, key, role="writer", identity=identity)
        try:
            writer = Writer(connection)
            with writer.immediate():
                writer.execute("UPDATE identity SET device_id = ?", (device_id,))
                if new_device is not None and name == STORE_FILE:
                    new_device(writer, device_id)
            checkpoint(connection)
        finally:
            connection.close()
    return device_id


def _move_aside(folder: Path) -> Path | None:
    """Free the name; an empty folder is removed, another is renamed. Raises StoreProblem open_elsewhere."""
    if not folder.exists():
        return None
    if not any(folder.iterdir()):
        folder.rmdir()
        return None
    lock = FolderLock(folder)
    if os.name == "nt":  # an open file would keep Windows from renaming its folder
        lock.release()
    try:
        stamp = datetime.now().astimezone().strftime("%Y-%m-%d %H%M%S")
        name = f"{folder.name}{BEFORE_RESTORE}{stamp}"
        places = (folder.with_name(name if number == 1 else f"{name} {number}") for number in itertools.count(1))
        aside = next(place for place in places if not place.exists())  # two restores within one second
        folder.rename(aside)
    finally:
        lock.release()
    return aside
