"""What comes before the passphrase is tried: whose folder, which lock, which tries, which part in the keyring."""

import datetime as dt
import shutil
from pathlib import Path

from wellbeing_desktop.domain.errors import StoreProblem
from wellbeing_desktop.storage import audit, grants
from wellbeing_desktop.storage import envelope as envelopes
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.folder_lock import FolderLock
from wellbeing_desktop.storage.folder_rules import refuse_unsafe_folder
from wellbeing_desktop.storage.identity import Identity
from wellbeing_desktop.storage.keyring_vault import KeyringVault
from wellbeing_desktop.storage.keys import DeviceSecret
from wellbeing_desktop.storage.problems import from_system
from wellbeing_desktop.storage.sealed import WORK_FOLDER, refuse_sealed
from wellbeing_desktop.storage.store_files import STORE_FILE
from wellbeing_desktop.storage.throttle import Throttle


def take_folder(folder: Path, *, sealed_too: bool = False) -> FolderLock:
    """Lock a store's folder for this process. Raises StoreProblem no_store, open_elsewhere, sealed unless `sealed_too`,
    and for an unsafe folder."""
    refuse_unsafe_folder(folder)
    if not (folder / STORE_FILE).exists() and not (folder / envelopes.USER_FILE).exists():
        raise StoreProblem("no_store", "There is no case store in this folder.", "Choose another folder, or restore.")
    try:
        lock = FolderLock(folder)
    except OSError as error:
        raise from_system(error) from error
    try:
        if not sealed_too:
            refuse_sealed(folder)
    except BaseException:
        lock.release()
        raise
    return lock


def device_secret_for(user: envelopes.UserEnvelope, given: DeviceSecret | None) -> DeviceSecret | None:
    """The device secret if the envelope needs one, from this computer's keyring unless it is given.

    Raises StoreProblem device_secret_missing or device_secret_wrong.
    """
    if not user.needs_device_secret:
        return None
    if given is None:
        vault = KeyringVault.find()
        given = vault.fetch(user.identity.store_id) if vault else None
    envelopes.check_device_secret(user, given)
    return given


def throttle_of(folder: Path, user: envelopes.UserEnvelope) -> Throttle:
    """Where this computer's keyring holds a part of the key, it also remembers the wrong tries."""
    vault = KeyringVault.find() if user.needs_device_secret else None
    return Throttle(folder, mirror=vault.tries_of(user.identity.store_id) if vault else None)


def sweep(folder: Path) -> None:
    """Remove what a backup left behind that was cut off; the lock is held, so nobody is making one now."""
    for leftover in folder.glob(WORK_FOLDER + "*"):
        shutil.rmtree(leftover, ignore_errors=True)


def refuse_foreign_envelope(folder: Path, identity: Identity) -> None:
    """The envelopes must name the same store; a damaged recovery envelope is for `check` to report."""
    for holder in envelopes.HOLDERS:
        try:
            recovery = envelopes.read_recovery_envelope(folder, holder)
        except StoreProblem:
            continue
        if recovery.identity != identity:
            raise StoreProblem(
                "foreign_envelope",
                "The key files in this folder belong to different case stores.",
                "Put back the files that belong together, or restore the latest backup.",
            )


def note_recovery(writer: Writer, holder: envelopes.Holder) -> None:
    """In the audit, before the store gets its new passphrase: by which recovery key it was opened."""
    if writer.value("SELECT 1 FROM sqlite_master WHERE name = 'audit'") is None:
        return  # a store from before it kept one
    with writer.immediate():
        audit.append(
            writer,
            user=grants.user_of(writer),
            action=f"recover_by_{holder}",
            at=dt.datetime.now(dt.UTC),
            detail={"by": holder},
        )
