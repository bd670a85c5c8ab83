"""The case store of one person: a folder, opened by a passphrase, read and written through two threads.

The *writer* runs short transactions, drafts first; the *reader* is read-only and can be interrupted, so that a long
return never holds up Save. Locking the application is closing the store.
"""

import contextlib
import os
from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final, Self, TypeVar

from sqlcipher3 import dbapi2

from wellbeing_desktop.domain.errors import StoreProblem
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.storage import envelope as envelopes
from wellbeing_desktop.storage import kdf, quick_pin, sealing
from wellbeing_desktop.storage.anchor import AnchorFiles
from wellbeing_desktop.storage.anchor_keeper import AnchorKeeper
from wellbeing_desktop.storage.anchoring import OUR_AUDIT, AnchoredChain, AuditChain
from wellbeing_desktop.storage.attachments import Attachments
from wellbeing_desktop.storage.backup_container import backup_before_migration
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.folder_lock import FolderLock
from wellbeing_desktop.storage.folder_rules import refuse_unsafe_folder
from wellbeing_desktop.storage.identity import Identity
from wellbeing_desktop.storage.kdf import KdfParams
from wellbeing_desktop.storage.keyring_vault import KeyringVault
from wellbeing_desktop.storage.keys import DataKey, DeviceSecret
from wellbeing_desktop.storage.migrations import migrate, pending, shipped_for_attachments
from wellbeing_desktop.storage.opener import Role, checkpoint, open_connection, refresh_statistics
from wellbeing_desktop.storage.organisation_key import belief
from wellbeing_desktop.storage.owner import Owner, store_is_closed
from wellbeing_desktop.storage.problems import DriverError, from_system
from wellbeing_desktop.storage.recovery import RecoveryKey, RecoveryKit, code_of, key_from_code
from wellbeing_desktop.storage.sealed import Unconfirmed, remove_mark
from wellbeing_desktop.storage.space import Space, space_at
from wellbeing_desktop.storage.store_files import (
    ATTACHMENTS_FILE,
    STORE_FILE,
    About,
    about,
    make_folder,
    refuse_taken_folder,
    renew_attachments_file,
)
from wellbeing_desktop.storage.store_keys import StoreKeys, write_file
from wellbeing_desktop.storage.throttle import Throttle
from wellbeing_desktop.storage.unlocking import (
    device_secret_for,
    note_recovery,
    refuse_foreign_envelope,
    sweep,
    take_folder,
    throttle_of,
)
from wellbeing_desktop.storage.words import check_own_choice

T = TypeVar("T")


class Store:
    """An open store. Make one with `create`, `open` or `recover`; end it with `close`, or use it in `with`."""

    def __init__(
        self,
        folder: Path,
        lock: FolderLock,
        data_key: DataKey,
        identity: Identity,
        *,
        chain: AuditChain,
        accept_shortened: bool,
    ) -> None:
        self.folder = folder
        self.identity = identity
        self._lock = lock
        self._data_key = data_key
        self._store_key = data_key.store_key(identity.store_id)
        self._is_open = True
        self.opened_at: Final = datetime.now(UTC)
        self.files: Final = Attachments(self._open_attachments)
        anchors = AnchorFiles(folder, data_key.anchor_key(identity.store_id), identity.store_id)
        self._writer, self._reader = self._start_threads()
        self._anchor = AnchoredChain(anchors, chain, self._writer)
        try:
            self.about: About = self._writer.call(about)
            if not accept_shortened:
                self._anchor.refuse_shortened()
        except BaseException:
            self._stop_threads()
            raise
        self.keys: Final = StoreKeys(folder, identity, self.about.name, lambda: self.data_key, self.read)
        self._keeper = AnchorKeeper(self._anchor.note)
        self._keeper.committed()

    # Making and opening ----------------------------------------------------------------------------------------

    @classmethod
    def create(
        cls,
        folder: Path,
        name: str,
        passphrase: str,
        *,
        organisation_id: str | None = None,
        user_id: str | None = None,
        user_name: str = "",
        device_secret: DeviceSecret | None = None,
        argon: KdfParams | None = None,
        chain: AuditChain = OUR_AUDIT,
    ) -> tuple[Self, RecoveryKit]:
        """A new store and its recovery kit, which is shown once and kept nowhere.

        `name` is shown on the unlock screen, so it names no other person. `argon` is for tests; otherwise the costs
        are measured on this computer. Raises Refused for a weak passphrase; StoreProblem synced_folder,
        network_folder, store_exists, folder_not_empty, disk_full, folder_refused.
        """
        check_own_choice(passphrase)
        refuse_unsafe_folder(folder)
        refuse_taken_folder(folder)
        identity = Identity(new_id(), organisation_id or new_id(), user_id or new_id())
        data_key, recovery_key = DataKey.new(), RecoveryKey.new()
        user = envelopes.seal_user_envelope(
            data_key, passphrase, identity, argon or kdf.calibrate(), device_secret=device_secret, label=name
        )
        recovery = envelopes.seal_recovery_envelope(data_key, recovery_key.public(), identity, holder="kit")
        try:
            make_folder(folder, data_key, identity, user, recovery, name=name, user_name=user_name)
        except OSError as error:
            raise from_system(error) from error
        kit = RecoveryKit(identity.store_id, name, code_of(recovery_key))
        recovery_key.forget()
        lock = FolderLock(folder)
        return cls._unlocked(folder, lock, data_key, identity, chain=chain, accept_shortened=False), kit

    @classmethod
    def open(
        cls,
        folder: Path,
        passphrase: str,
        *,
        device_secret: DeviceSecret | None = None,
        chain: AuditChain = OUR_AUDIT,
        accept_shortened: bool = False,
        throttle: Throttle | None = None,
    ) -> Self:
        """Open a store by its passphrase.

        Raises StoreProblem: wrong_passphrase, wait, no_store, open_elsewhere, the kinds of
        `envelope.read_user_envelope` and `opener.open_connection`, store_too_new, migration_changed, and
        shortened_store if work is missing; `accept_shortened` opens it all the same, after somebody has been told.
        """
        lock = take_folder(folder)
        try:
            user = envelopes.read_user_envelope(folder)
            refuse_foreign_envelope(folder, user.identity)
            device_secret = device_secret_for(user, device_secret)
            tries = throttle or throttle_of(folder, user)
            tries.begin_try()
            data_key = envelopes.open_user_envelope(user, passphrase, device_secret)
            tries.succeeded()
        except BaseException:
            lock.release()
            raise
        store = cls._unlocked(folder, lock, data_key, user.identity, chain=chain, accept_shortened=accept_shortened)
        with contextlib.suppress(OSError):  # a full disk: both wait for the next unlock
            envelopes.drop_generation_before(folder)
            if not kdf.is_allowed(user.params):  # the policy has risen
                store.keys.reseal(passphrase, kdf.calibrate(), device_secret, user)
        return store

    @classmethod
    def open_by_pin(
        cls,
        folder: Path,
        pin: str,
        vault: KeyringVault,
        today: date,
        *,
        chain: AuditChain = OUR_AUDIT,
        accept_shortened: bool = False,
    ) -> Self:
        """Open a store by the quick PIN that was set today. Raises StoreProblem wrong_pin, pin_gone, and as `open`."""
        lock = take_folder(folder)
        try:
            user = envelopes.read_user_envelope(folder)
            refuse_foreign_envelope(folder, user.identity)
            data_key = quick_pin.open_with_pin(user, pin, vault, today)
        except BaseException:
            lock.release()
            raise
        return cls._unlocked(folder, lock, data_key, user.identity, chain=chain, accept_shortened=accept_shortened)

    @classmethod
    def recover(
        cls,
        folder: Path,
        recovery_key: RecoveryKey | str,
        new_passphrase: str,
        *,
        device_secret: DeviceSecret | None = None,
        argon: KdfParams | None = None,
        chain: AuditChain = OUR_AUDIT,
        accept_shortened: bool = False,
    ) -> Self:
        """Open a store by its recovery key (its kit's, or its printed code, or the organisation's) and give it a new
        passphrase; which of them it was is noted in the audit.

        A store that its organisation sealed opens by this alone, and is sealed no more: its laptop still has no access,
        and is sealed again by its server if it asks before an administrator let it send its last work.

        Raises Refused for a typing error in the code (named by its group) or a weak passphrase, StoreProblem
        wrong_recovery_key, and as `open`.
        """
        key = key_from_code(recovery_key) if isinstance(recovery_key, str) else recovery_key
        check_own_choice(new_passphrase)
        lock = take_folder(folder, sealed_too=True)
        try:
            recovery = envelopes.recovery_envelope_for(folder, key)
            data_key = envelopes.open_recovery_envelope(recovery, key)
            try:
                before: envelopes.UserEnvelope | None = envelopes.read_user_envelope(folder)
            except StoreProblem:
                before = None
        except BaseException:
            lock.release()
            raise
        store = cls._unlocked(folder, lock, data_key, recovery.identity, chain=chain, accept_shortened=accept_shortened)
        try:
            store.write(lambda writer: note_recovery(writer, recovery.holder))
            store.keys.reseal(new_passphrase, argon or kdf.calibrate(), device_secret, before)
            write_file(lambda: remove_mark(folder))
            Throttle(folder).succeeded()
        except BaseException:
            store.close()
            raise
        return store

    @classmethod
    def _unlocked(
        cls,
        folder: Path,
        lock: FolderLock,
        data_key: DataKey,
        identity: Identity,
        *,
        chain: AuditChain,
        accept_shortened: bool,
    ) -> Self:
        try:
            if os.name != "nt":
                folder.chmod(0o700)
            sweep(folder)
            return cls(folder, lock, data_key, identity, chain=chain, accept_shortened=accept_shortened)
        except BaseException:
            data_key.forget()
            lock.release()
            raise

    # Reading and writing ---------------------------------------------------------------------------------------

    def write(self, job: Callable[[Writer], T], *, urgent: bool = False) -> T:
        """Run a function on the writer's thread and wait for its answer. Urgent ones (drafts) go first."""
        self._writer.refuse_own_thread()
        return self.submit_write(job, urgent=urgent).result()

    def submit_write(self, job: Callable[[Writer], T], *, urgent: bool = False) -> "Future[T]":
        """The same without waiting."""

        def run(writer: Writer) -> T:
            before = writer.changes
            try:
                return job(writer)
            finally:
                if writer.changes != before:
                    self._keeper.committed()

        return self._writer.submit(run, urgent=urgent)

    def read(self, job: Callable[[Reader], T]) -> T:
        """Run a function on the reader's thread and wait for its answer. All it reads is of one moment."""
        (self._reader or self._writer).refuse_own_thread()
        return self.submit_read(job).result()

    def submit_read(self, job: Callable[[Reader], T]) -> "Future[T]":
        """The same without waiting."""
        if self._reader is None:
            return self._writer.submit(job)

        def run(reader: Reader) -> T:
            with reader.at_one_moment():
                return job(reader)

        return self._reader.submit(run)

    def interrupt_reads(self) -> None:
        """Stop the statement that the reader is running; its job ends with StoreProblem interrupted."""
        if self._reader is not None:
            self._reader.interrupt()

    @property
    def is_open(self) -> bool:
        return self._is_open

    @property
    def has_one_connection(self) -> bool:
        """True if the disk was too full to open the store in its usual way."""
        return self._reader is None

    def anchor_is_lost(self) -> bool:
        """True if no anchor could be read at opening, so that shortening could not be noticed."""
        return self._anchor.was_lost

    def space(self) -> Space:
        """Room on the store's disk, with a warning before it is full."""
        return space_at(self.folder)

    # Keys ------------------------------------------------------------------------------------------------------

    @property
    def data_key(self) -> DataKey:
        """For backup and attachments. Gone once the store is closed."""
        if not self._is_open:
            raise store_is_closed()
        return self._data_key

    def seal(
        self,
        organisation: str,
        ordered_at: datetime,
        unconfirmed: Callable[[envelopes.Holder], Unconfirmed] | None = None,
    ) -> None:
        """By order of the organisation: nothing its user has opens this store after it was closed, the printed kit only
        where the organisation has no part of its own. Whoever calls this has proved the order; `unconfirmed` makes what
        is to be told to the server, from who can open the store now. Raises StoreProblem as the disk does."""
        self.write(lambda writer: sealing.note(writer, ordered_at))
        key = sealing.prepare(self.folder, self.identity, self.data_key, self.read(belief).key)
        told = unconfirmed("organisation" if key else "kit") if unconfirmed is not None else None
        write_file(lambda: sealing.seal(self.folder, self.identity, organisation, ordered_at, told, key))

    def begin_new_attachments_file(self) -> Path | None:
        """Where the file of documents is damaged or missing: move it aside and begin an empty one. Answers where the
        damaged one is now. What was sent comes back from the server. Raises StoreProblem as the disk does."""
        self.files.close()
        try:
            return renew_attachments_file(self.folder, self.data_key, self.identity, self.about)
        except OSError as error:
            raise from_system(error) from error
        finally:
            self.files.reopen()

    # Closing ---------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Lock: finish queued writes, stop reads, write the anchor, close both connections, drop the keys. Safe to repeat."""
        if not self._is_open:
            return
        self._is_open = False
        if self._reader is not None:
            self._reader.stop(at_once=True)
        self.files.close()
        self._keeper.end()
        with contextlib.suppress(StoreProblem, DriverError):
            self._writer.call(lambda writer: refresh_statistics(writer.connection))
        self._anchor.note()
        self._stop_threads()
        self._data_key.forget()
        self._store_key.forget()
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Within ----------------------------------------------------------------------------------------------------

    def _start_threads(self) -> tuple[Owner[Writer], Owner[Reader] | None]:
        try:
            writer = Owner("store-writer", lambda: self._open("writer"), Writer)
        except StoreProblem as problem:
            if problem.kind not in ("disk_full", "disk_trouble"):
                raise
            # A full disk has no room for the shared-memory file (SECURITY 0, finding 12).
            return Owner("store-writer", lambda: self._open("single"), Writer), None
        try:
            return writer, Owner("store-reader", lambda: self._open("reader"), Reader)
        except BaseException:
            writer.stop()
            raise

    def _open(self, role: Role) -> dbapi2.Connection:
        connection = open_connection(self.folder / STORE_FILE, self._store_key, role=role, identity=self.identity)
        try:
            if role != "reader":
                self._migrate(Writer(connection))
        except BaseException:
            connection.close()
            raise
        return connection

    def _open_attachments(self) -> dbapi2.Connection:
        key = self.data_key.attachment_key(self.identity.store_id)
        connection = open_connection(self.folder / ATTACHMENTS_FILE, key, role="writer", identity=self.identity)
        try:
            # Only tables are added; the store's own migration has backed both files up before.
            migrate(Writer(connection), shipped_for_attachments())
        except BaseException:
            connection.close()
            raise
        return connection

    def _migrate(self, writer: Writer) -> None:
        if pending(writer):
            backup_before_migration(self.folder, writer, self._data_key, self.identity)
            migrate(writer)
            checkpoint(writer.connection)  # a log that is lost later must not take tables with it

    def _stop_threads(self) -> None:
        if self._reader is not None:
            self._reader.stop()
        with contextlib.suppress(StoreProblem, DriverError):  # what could not be brought in now stays in the log
            self._writer.call(lambda writer: checkpoint(writer.connection))
        self._writer.stop()
