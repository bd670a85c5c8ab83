"""Backups: one encrypted file, the same from either engine and for either engine, proven by reading it back.

    WBSERVERBACKUP1\n  |  32 random bytes  |  frames: 4 bytes of length, then AES-256-GCM of zstd of MessagePack

The key is HKDF of the server's key with the random bytes. A frame's nonce is its number, and its number and whether
it is the last are authenticated: no frame can be dropped, doubled, moved or cut off unseen. Only a backup that was
read back whole moves `backed_up_seq`, on which laptops drop what they keep (I7).
"""

import datetime as dt
import hashlib
import os
import secrets
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final

import msgspec
import zstandard
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.storage.durable_file import sync_directory
from wellbeing_desktop.storage.keys import hkdf
from wellbeing_desktop.sync.server import history, sql
from wellbeing_desktop.sync.server.engine import Engine, EngineProblem, Transaction
from wellbeing_desktop.sync.server.migrations import SCHEMA_NUMBER, schema_number, tables_at

MAGIC: Final = b"WBSERVERBACKUP1\n"
SALT_BYTES: Final = 32
ROWS_IN_FRAME: Final = 1_000
FILE_PARTS_IN_FRAME: Final = 8
"""Of the bytes of files, a mebibyte each."""
MAX_FRAME: Final = 512 * 1024 * 1024
_LENGTH: Final = struct.Struct(">I")
_PASSING: Final = frozenset({"nonce", "admin_session"})
"""Not worth keeping, and better not put back."""


class Manifest(msgspec.Struct, frozen=True):
    """The first frame. `heads` maps each organisation to the sequence number that its backup reaches."""

    schema: int
    made_at: str
    heads: dict[str, int]


class Frame(msgspec.Struct, frozen=True):
    table: str
    rows: list[list[Any]]


class End(msgspec.Struct, frozen=True):
    """The last frame: how many rows of each table, and the hash of all frames before."""

    counts: dict[str, int]
    hash: str


class Summary(msgspec.Struct, frozen=True):
    """What a backup holds: records of people and of the organisation, every row, and its hash."""

    records: int
    rows: int
    hash: str
    heads: dict[str, int]


class NotABackup(Refused):
    """The file is no backup, is damaged, or was made with another key."""


def make_backup(engine: Engine, key: bytes, path: Path, now: dt.datetime) -> Summary:
    """Write a backup beside `path`, read it back, give it its name, and only then say that it exists.

    Raises Refused if there is a file already; OSError as the disk does.
    """
    if path.exists():
        raise Refused("There is a file with that name already. Choose another name.")
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            written = engine.read(lambda transaction: _write_all(transaction, key, file, now))
            file.flush()
            os.fsync(file.fileno())
        found = read_backup(part, key)
        if found != written:
            raise Refused("The backup could not be read back as it was written. Try another disk.")
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    part.replace(path)
    sync_directory(path.parent)

    def remember(transaction: Transaction) -> None:
        for org, seq in sorted(written.heads.items()):
            sql.locked_clock(transaction, org)
            sql.set_backed_up(transaction, org, seq)
            if "backup_made" in tables_at(schema_number(transaction)):
                transaction.run(
                    "INSERT INTO backup_made (org, made_at, file, seq, records, hash) VALUES (?, ?, ?, ?, ?, ?) "
                    "ON CONFLICT (org, made_at, file) DO UPDATE SET seq = excluded.seq",
                    (org, history.moment(now), path.name, seq, written.records, written.hash),
                )

    engine.write(remember)
    return written


def schema_of(path: Path, key: bytes) -> int:
    """The step of the database that a backup was made of. Raises NotABackup."""
    return _first(_frames(path, key)).schema


def upgrade(engine: Engine, key: bytes, path: Path, now: dt.datetime) -> tuple[int, ...]:
    """Prove a backup, then bring the database to this version's step; the numbers of the steps taken.

    Raises as `make_backup`; the database is untouched unless the backup was read back whole.
    """
    if engine.read(schema_number) == SCHEMA_NUMBER:
        return ()
    make_backup(engine, key, path, now)
    return engine.migrate()


def read_backup(path: Path, key: bytes) -> Summary:
    """Read a whole backup without keeping it. Raises NotABackup."""
    frames = _frames(path, key)
    manifest = _first(frames)
    counts: dict[str, int] = {}
    end: End | None = None
    for found in frames:
        if isinstance(found, End):
            end = found
        else:
            counts[found.table] = counts.get(found.table, 0) + len(found.rows)
    if end is None or {name: count for name, count in end.counts.items() if count} != counts:
        raise NotABackup("The backup is damaged: rows are missing.")
    return Summary(records=counts.get("rec", 0), rows=sum(counts.values()), hash=end.hash, heads=manifest.heads)


def restore_backup(engine: Engine, key: bytes, path: Path) -> Summary:
    """Fill an empty database, in one transaction, and begin a new epoch: laptops then send what came later.

    The database must be empty and of the backup's own step; it is then brought to this version's. Raises NotABackup,
    or Refused if the database is not empty.
    """
    summary = read_backup(path, key)
    tables = tables_at(schema_of(path, key))

    def fill(transaction: Transaction) -> None:
        if transaction.one("SELECT org FROM organisation") is not None:
            raise Refused("The database is not empty. Restore into a new folder or database.")
        frames = _frames(path, key)
        if schema_number(transaction) != _first(frames).schema:
            raise EngineProblem("The empty database is of another version than the backup.")
        for frame in frames:
            if isinstance(frame, End):
                continue
            columns = tables[frame.table]
            marks = ", ".join("?" * len(columns))
            transaction.insert(
                f"INSERT INTO {frame.table} ({','.join(columns)}) VALUES ({marks})",  # noqa: S608 -- names are ours
                frame.rows,
            )
        for org in summary.heads:
            transaction.run("UPDATE org_clock SET epoch = ?, mark = '' WHERE org = ?", (history.new_epoch(), org))

    engine.write(fill)
    engine.migrate()
    return summary


def _write_all(transaction: Transaction, key: bytes, file: BinaryIO, now: dt.datetime) -> Summary:
    salt = secrets.token_bytes(SALT_BYTES)
    file.write(MAGIC + salt)
    writer = _Writer(file, _cipher(key, salt))
    heads = {str(org): int(seq) for org, seq in transaction.all("SELECT org, seq FROM org_clock")}
    number = schema_number(transaction)
    writer.add(Manifest(schema=number, made_at=history.moment(now), heads=heads))
    counts = {}
    for table, columns in tables_at(number).items():
        counts[table] = 0
        if table in _PASSING:
            continue
        rows: list[list[Any]] = []
        most = FILE_PARTS_IN_FRAME if table == "blob_bytes" else ROWS_IN_FRAME
        statement = f"SELECT {','.join(columns)} FROM {table}"  # noqa: S608 -- names are ours
        for row in transaction.each(statement, at_once=most):
            rows.append(list(row))
            if len(rows) == most:
                writer.add(Frame(table, rows))
                counts[table] += len(rows)
                rows = []
        if rows:
            writer.add(Frame(table, rows))
            counts[table] += len(rows)
    end = End(counts=counts, hash=writer.hash())
    writer.add(end, last=True)
    return Summary(records=counts["rec"], rows=sum(counts.values()), hash=end.hash, heads=heads)


class _Writer:
    def __init__(self, file: BinaryIO, cipher: AESGCM) -> None:
        self._file = file
        self._cipher = cipher
        self._number = 0
        self._sum = hashlib.blake2b(digest_size=16)
        self._packer = zstandard.ZstdCompressor(level=3)

    def add(self, message: msgspec.Struct, *, last: bool = False) -> None:
        plain = msgspec.msgpack.encode(message)
        if not last:
            self._sum.update(plain)
        sealed = self._cipher.encrypt(_nonce(self._number), self._packer.compress(plain), _bound(self._number, last))
        self._file.write(_LENGTH.pack(len(sealed)) + sealed)
        self._number += 1

    def hash(self) -> str:
        return self._sum.hexdigest()


def _frames(path: Path, key: bytes) -> Iterator[Any]:
    """The manifest, frames and end of a file, each checked. Raises NotABackup."""
    total = hashlib.blake2b(digest_size=16)
    unpacker = zstandard.ZstdDecompressor()
    with path.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            raise NotABackup("This file is not a backup of wellbeing-server.")
        cipher = _cipher(key, file.read(SALT_BYTES))
        number = 0
        while True:
            head = file.read(_LENGTH.size)
            if len(head) < _LENGTH.size:
                raise NotABackup("The backup is damaged: it ends too early.")
            size = _LENGTH.unpack(head)[0]
            sealed = file.read(size)
            if len(sealed) < size:
                raise NotABackup("The backup is damaged: it ends too early.")
            plain, last = _opened(cipher, number, sealed)
            try:
                plain = unpacker.decompress(plain, max_output_size=MAX_FRAME)
                if last:
                    end = msgspec.msgpack.decode(plain, type=End)
                    if end.hash != total.hexdigest() or file.read(1):
                        raise NotABackup("The backup is damaged.")
                    yield end
                    return
                total.update(plain)
                yield msgspec.msgpack.decode(plain, type=Frame if number else Manifest)
            except (zstandard.ZstdError, msgspec.MsgspecError) as error:
                raise NotABackup("The backup is damaged.") from error
            number += 1


def _opened(cipher: AESGCM, number: int, sealed: bytes) -> tuple[bytes, bool]:
    for last in (False, True):
        try:
            return cipher.decrypt(_nonce(number), sealed, _bound(number, last)), last
        except InvalidTag:
            continue
    if number == 0:
        raise NotABackup("The backup was made with another key, or is damaged.")
    raise NotABackup("The backup is damaged.")


def _first(frames: Iterator[Any]) -> Manifest:
    manifest = next(frames)
    if not isinstance(manifest, Manifest):
        raise NotABackup("The backup is damaged.")
    if manifest.schema > SCHEMA_NUMBER:
        raise NotABackup("The backup is from a newer version of wellbeing-server. Install that version.")
    return manifest


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(hkdf(key, info="wellbeing-server|1|backup", salt=salt))


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")


def _bound(number: int, last: bool) -> bytes:
    return MAGIC + number.to_bytes(8, "big") + (b"end" if last else b"more")
