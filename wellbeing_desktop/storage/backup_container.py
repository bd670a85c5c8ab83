"""A backup is one file: a plain zip of the two encrypted databases, the envelopes and a manifest.

Nothing in it is readable without the passphrase or the recovery key. The manifest names every part with its SHA-256
and is vouched for under a key of the store, so a part from elsewhere is noticed.
"""

import errno
import hashlib
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Final

import msgspec
from sqlcipher3 import dbapi2

from wellbeing_desktop.domain.errors import StoreProblem
from wellbeing_desktop.storage.attachments import files_problem, has_blobs, unsound
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.content import Content, content_of
from wellbeing_desktop.storage.durable_file import sync_directory, sync_file
from wellbeing_desktop.storage.envelope import ORGANISATION_FILE, RECOVERY_FILE, USER_FILE
from wellbeing_desktop.storage.identity import Identity
from wellbeing_desktop.storage.keys import AttachmentKey, DataKey, ExportKey, StoreKey, hkdf
from wellbeing_desktop.storage.opener import (
    checkpoint,
    cipher_findings,
    open_connection,
    structure_findings,
)
from wellbeing_desktop.storage.problems import DriverError, as_problem, from_system
from wellbeing_desktop.storage.sealed import BACKUP_BESIDE, WORK_FOLDER
from wellbeing_desktop.storage.store_files import ATTACHMENTS_FILE, STORE_FILE, about, make_attachments_file

BACKUP_FORMAT: Final = 1
BEFORE_MIGRATION_FILE: Final = BACKUP_BESIDE

MANIFEST: Final = "manifest.json"
PARTS: Final = (STORE_FILE, ATTACHMENTS_FILE, USER_FILE, RECOVERY_FILE, ORGANISATION_FILE)
_OPTIONAL: Final = frozenset({RECOVERY_FILE, ORGANISATION_FILE})
_CHUNK: Final = 1 << 20
_LARGEST_MANIFEST: Final = 1 << 16


class Part(msgspec.Struct, frozen=True):
    name: str
    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    format: int
    store_id: str
    made_at: str
    records: int
    content_hash: str
    parts: tuple[Part, ...]
    without_files: bool = False
    """The file of documents could not be read, and an empty one stands in its place."""


class _ManifestFile(msgspec.Struct, frozen=True):
    manifest: msgspec.Raw
    mac: bytes


class BackupReport(msgspec.Struct, frozen=True):
    """What a backup holds, read back from the file itself. `hash` is of the content (see `content.py`)."""

    file: Path
    records: int
    hash: str
    size: int
    made_at: str
    without_files: bool = False

    def warning(self) -> str:
        """A sentence when the backup is not of everything; empty when it is."""
        if not self.without_files:
            return ""
        return (
            "The documents are not in this backup, because their file on this laptop is damaged or missing. "
            "All records are. Keep the last backup that was made before."
        )


def write_backup(
    file: Path, folder: Path, source: dbapi2.Connection, data_key: DataKey, identity: Identity
) -> BackupReport:
    """Make a backup of the store in `folder` through `source`, prove it by opening it, then give it its name.

    An existing file of that name is replaced only by a proven one. Raises StoreProblem.
    """
    store_key, attachment_key = data_key.store_key(identity.store_id), data_key.attachment_key(identity.store_id)
    made_at = datetime.now(UTC).isoformat(timespec="seconds")
    fresh = file.with_name(file.name + ".making")
    try:
        with told_as_problem(), tempfile.TemporaryDirectory(dir=folder, prefix=WORK_FOLDER) as temporary:
            work = Path(temporary)
            _copy_database(source, work / STORE_FILE, store_key)
            without_files = not _copy_attachments(folder, work, attachment_key, identity)
            if without_files:  # the records must not go unsaved for the sake of the documents
                facts = about(Reader(source))
                make_attachments_file(work / ATTACHMENTS_FILE, data_key, identity, facts)
            for name in (USER_FILE, RECOVERY_FILE, ORGANISATION_FILE):
                if (folder / name).exists():
                    shutil.copyfile(folder / name, work / name)
            content = prove_databases(work, data_key, identity)
            parts = tuple(_describe(work / name) for name in PARTS if (work / name).exists())
            manifest = Manifest(
                BACKUP_FORMAT, identity.store_id, made_at, content.records, content.hash, parts, without_files
            )
            _write_zip(fresh, work, manifest, data_key.export_key(identity.store_id))
        with told_as_problem(), tempfile.TemporaryDirectory(dir=folder, prefix=WORK_FOLDER) as temporary:
            proven = unpack(fresh, Path(temporary))
            check_manifest(fresh, data_key.export_key(identity.store_id))
            if prove_databases(Path(temporary), data_key, identity) != Content(proven.records, proven.content_hash):
                raise backup_damaged()
        with told_as_problem():
            fresh.replace(file)
            sync_directory(file.parent)
    finally:
        fresh.unlink(missing_ok=True)
    return BackupReport(file, content.records, content.hash, file.stat().st_size, made_at, without_files)


def backup_before_migration(folder: Path, writer: Writer, data_key: DataKey, identity: Identity) -> BackupReport:
    """A proven backup in the store's own folder, replaced at the next update. Raises StoreProblem; then nothing moves."""
    return write_backup(folder / BEFORE_MIGRATION_FILE, folder, writer.connection, data_key, identity)


def unpack(file: Path, folder: Path) -> Manifest:
    """Take a backup's parts into a folder, checking each against the manifest.

    Only the known names are taken and only as many bytes as the manifest says, so a hostile file can neither leave
    the folder nor fill the disk. Raises StoreProblem backup_damaged, backup_too_new, not_a_backup.
    """
    try:
        with zipfile.ZipFile(file) as container:
            manifest = msgspec.json.decode(_manifest_file(container).manifest, type=Manifest)
            names = [part.name for part in manifest.parts]
            if len(set(names)) != len(names) or not set(PARTS) - _OPTIONAL <= set(names) <= set(PARTS):
                raise backup_damaged()
            for part in manifest.parts:
                info = container.getinfo(part.name)
                if info.compress_type != zipfile.ZIP_STORED or info.file_size != part.size:
                    raise backup_damaged()
                with container.open(info) as stream:
                    _take_part(stream, folder / part.name, part)
            return manifest
    except (zipfile.BadZipFile, KeyError, EOFError, msgspec.DecodeError, NotImplementedError, RuntimeError, ValueError):
        raise backup_damaged() from None
    except OSError as error:
        if error.errno == errno.EINVAL:  # zipfile follows a damaged offset to before the file
            raise backup_damaged() from None
        raise


def check_manifest(file: Path, key: ExportKey) -> None:
    """Raise StoreProblem backup_damaged unless the manifest was written by the holder of the store's key."""
    with zipfile.ZipFile(file) as container:
        manifest_file = _manifest_file(container)
    if _mac(key, bytes(manifest_file.manifest)) != manifest_file.mac:
        raise backup_damaged()


def prove_databases(folder: Path, data_key: DataKey, identity: Identity) -> Content:
    """Open both databases of an unpacked backup, check every page, and say what is in them."""
    keys: tuple[tuple[str, StoreKey | AttachmentKey], ...] = (
        (ATTACHMENTS_FILE, data_key.attachment_key(identity.store_id)),
        (STORE_FILE, data_key.store_key(identity.store_id)),
    )
    content = Content(0, "")
    for name, key in keys:
        connection = open_connection(folder / name, key, role="writer", identity=identity)
        try:
            checkpoint(connection)
            if cipher_findings(connection) or structure_findings(connection):
                raise backup_damaged()
            if name == STORE_FILE:
                content = content_of(Reader(connection))
            elif has_blobs(Reader(connection)) and unsound(Reader(connection)):
                raise backup_damaged()
        finally:
            connection.close()
    return content


def backup_damaged() -> StoreProblem:
    return StoreProblem(
        "backup_damaged",
        "This backup file is damaged or is not whole.",
        "Use an earlier backup. Nothing on this computer has been changed.",
    )


@contextmanager
def told_as_problem() -> Iterator[None]:
    """What the system or the driver reports while files are copied, as a StoreProblem."""
    try:
        yield
    except OSError as error:
        raise from_system(error) from error
    except DriverError as error:
        raise as_problem(error) or backup_damaged() from error


def _copy_database(source: dbapi2.Connection, target_file: Path, key: StoreKey | AttachmentKey) -> None:
    """Copy page by page under the same key (and a new salt). A target without a key would be refused by SQLCipher."""
    target = open_connection(target_file, key, role="writer", create=True, identity=None)
    try:
        source.backup(target)
        checkpoint(target)
    finally:
        target.close()


def _copy_attachments(folder: Path, work: Path, key: AttachmentKey, identity: Identity) -> bool:
    """Copy the file of documents and prove the copy. False, with nothing left in `work`, if it is damaged or missing."""
    target = work / ATTACHMENTS_FILE
    try:
        source = open_connection(folder / ATTACHMENTS_FILE, key, role="reader", identity=identity)
        try:
            _copy_database(source, target, key)
        finally:
            source.close()
        copy = open_connection(target, key, role="writer", identity=identity)
        try:
            sound = not (cipher_findings(copy) or structure_findings(copy))
            sound = sound and not (has_blobs(Reader(copy)) and unsound(Reader(copy)))
        finally:
            copy.close()
    except (StoreProblem, DriverError) as problem:
        told = problem if isinstance(problem, StoreProblem) else as_problem(problem) or backup_damaged()
        if files_problem(told) is told and told.kind != "backup_damaged":
            raise told from problem  # a full disk, a busy file: not the documents' fault
        sound = False
    if not sound:
        for left in work.glob(f"{ATTACHMENTS_FILE}*"):
            left.unlink()
    return sound


def _describe(path: Path) -> Part:
    with path.open("rb") as stream:
        return Part(path.name, path.stat().st_size, hashlib.file_digest(stream, "sha256").hexdigest())


def _write_zip(file: Path, folder: Path, manifest: Manifest, key: ExportKey) -> None:
    body = msgspec.json.encode(manifest)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(descriptor, "wb") as stream, zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as container:
        container.writestr(MANIFEST, msgspec.json.encode(_ManifestFile(msgspec.Raw(body), _mac(key, body))))
        for part in manifest.parts:
            container.write(folder / part.name, part.name)
    sync_file(file)


def _manifest_file(container: zipfile.ZipFile) -> _ManifestFile:
    info = container.getinfo(MANIFEST)
    if info.file_size > _LARGEST_MANIFEST or info.compress_type != zipfile.ZIP_STORED:
        raise backup_damaged()
    file = msgspec.json.decode(container.read(info), type=_ManifestFile)
    if msgspec.json.decode(file.manifest, type=_AnyManifest).format > BACKUP_FORMAT:
        raise StoreProblem(
            "backup_too_new",
            "This backup was made by a newer version of the program.",
            "Install the newest version of Wellbeing Desktop.",
        )
    return file


class _AnyManifest(msgspec.Struct):
    format: int


def _take_part(stream: IO[bytes], target: Path, part: Part) -> None:
    digest, left = hashlib.sha256(), part.size
    with target.open("wb") as out:
        while left > 0 and (chunk := stream.read(min(_CHUNK, left))):
            digest.update(chunk)
            out.write(chunk)
            left -= len(chunk)
        out.flush()
        os.fsync(out.fileno())
    if left or digest.hexdigest() != part.sha256:
        raise backup_damaged()


def _mac(key: ExportKey, manifest: bytes) -> bytes:
    return hkdf(key.material(), info="wellbeing-desktop|1|manifest", salt=hashlib.sha256(manifest).digest())
