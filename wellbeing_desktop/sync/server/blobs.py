"""The bytes of files (SYNC 3.4): taken and given a part at a time, apart from the records that name them.

Who may: a laptop in whose scope a record names the file may send it; it may read it when such a record was written by
somebody who has shown the server all the bytes, or when it has shown them itself. So a record with a guessed hash tells
nothing and fetches nothing, and every refusal is the same `no-file`.

No hashing and no bytes within a transaction that writes: parts are put first and named afterwards.
"""

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.sync.protocol.file_parts import PART_BYTES, part_size, parts_of
from wellbeing_desktop.sync.protocol.pulling import Row, Version
from wellbeing_desktop.sync.protocol.pushing import read_operation
from wellbeing_desktop.sync.protocol.transfer import content_digest
from wellbeing_desktop.sync.server import auth, sql
from wellbeing_desktop.sync.server.blob_bytes import BlobBytes, DatabaseBytes
from wellbeing_desktop.sync.server.engine import Transaction
from wellbeing_desktop.sync.server.problems import FilesFull, FileTooLarge, NoFile, PartDamaged, PullRefused
from wellbeing_desktop.sync.server.scope import Scope, Sight, scope_now
from wellbeing_desktop.sync.server.service import Reply, Service
from wellbeing_desktop.sync.server.settings import Settings

WHOLE, WANTED = "whole", "wanted"
OURS: Final = ""
"""The laptop that parts of a whole file belong to: none."""
STAGED_DAYS: Final = 30
"""How long parts of a file that never became whole are kept; laptops may be away on leave."""
MOST_WANTED: Final = 500
_SHA: Final = re.compile(r"[0-9a-f]{64}")


class Status(msgspec.Struct, frozen=True):
    """What the server has of a file, as far as this laptop may know: the whole, or the parts that it sent itself."""

    size: int
    whole: bool
    parts: tuple[int, ...]


class _Named(msgspec.Struct, frozen=True):
    """A file that a laptop may know of. `authors` wrote the records that name it."""

    size: int
    authors: frozenset[str]


class _Part(msgspec.Struct, frozen=True):
    i: int
    place: str
    hash: str


class Blobs:
    """One organisation's files. Thread-safe: holds nothing that changes."""

    def __init__(self, service: Service, settings: Settings, store: BlobBytes | None = None) -> None:
        self._service = service
        self._org: Final = service.org
        self._settings = settings
        self._bytes: BlobBytes = store or DatabaseBytes(service.engine, service.org)

    # for laptops

    def status(self, dev: str, sha: str) -> Status:
        """HEAD. Raises NoFile."""

        def look(transaction: Transaction) -> Status:
            device, named = self._named(transaction, dev, sha)
            if self._may_read(transaction, sha, device, named) and self._state(transaction, sha) == WHOLE:
                return Status(named.size, True, ())
            return Status(named.size, False, tuple(part.i for part in self._parts(transaction, sha, dev)))

        return self._service.engine.read(look)

    def read(self, dev: str, sha: str, start: int, end: int) -> tuple[bytes, int]:
        """GET of bytes `start` to `end`, both included, at most a part: the bytes and the size of the whole.

        Raises NoFile; where the file is named and not here, those who hold it are asked for it.
        """

        def look(transaction: Transaction) -> tuple[_Named, list[_Part], bool]:
            device, named = self._named(transaction, dev, sha)
            if device.state == auth.LEAVING:
                raise PullRefused
            if self._state(transaction, sha) != WHOLE:
                return named, [], True
            if not self._may_read(transaction, sha, device, named):
                return named, [], False
            return named, self._parts(transaction, sha, OURS), False

        named, parts, missing = self._service.engine.read(look)
        if missing:
            self._want(sha, named.size)
        if not parts or not 0 <= start <= end < max(1, named.size) or end - start >= PART_BYTES:
            raise NoFile
        found = bytearray()
        first = start // PART_BYTES
        for i in range(first, end // PART_BYTES + 1):
            data = self._sound(parts[i]) if i < len(parts) else None
            if data is None:
                self._want(sha, named.size)
                raise NoFile
            found += data
        offset = first * PART_BYTES
        return bytes(found[start - offset : end + 1 - offset]), named.size

    def put(self, dev: str, sha: str, i: int, data: bytes, digest: str) -> None:
        """PUT of part `i`. Raises NoFile, PartDamaged, FileTooLarge, FilesFull."""

        def look(transaction: Transaction) -> None:
            _device, named = self._named(transaction, dev, sha)
            if named.size > self._settings.largest_file_bytes:
                raise FileTooLarge
            if not 0 <= i < parts_of(named.size) or len(data) != part_size(named.size, i):
                raise PartDamaged
            begun = transaction.one(
                "SELECT 1 FROM blob_part WHERE org = ? AND sha = ? AND dev = ? LIMIT 1", (self._org, sha, dev)
            )
            if begun is None and self._used(transaction) + named.size > self._settings.all_files_bytes:
                raise FilesFull

        if digest != content_digest(data):
            raise PartDamaged
        self._service.engine.read(look)
        part = _Part(i, new_id(), hashlib.sha256(data).hexdigest())
        self._bytes.put(part.place, data)

        def name_it(transaction: Transaction) -> list[str]:
            before = transaction.all(
                "SELECT place FROM blob_part WHERE org = ? AND sha = ? AND dev = ? AND i = ?", (self._org, sha, dev, i)
            )
            transaction.run(
                "INSERT INTO blob_part (org, sha, dev, i, place, hash) VALUES (?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (org, sha, dev, i) DO UPDATE SET place = excluded.place, hash = excluded.hash",
                (self._org, sha, dev, i, part.place, part.hash),
            )
            return [str(place) for (place,) in before]

        self._bytes.drop(self._service.engine.write(name_it))

    def done(self, dev: str, sha: str) -> Reply:
        """Hash the whole, and keep it if it is what its name says. Raises NoFile."""

        def look(transaction: Transaction) -> tuple[_Named, list[_Part], list[_Part], str, bool, str]:
            device, named = self._named(transaction, dev, sha)
            state = self._state(transaction, sha)
            readable = state == WHOLE and self._may_read(transaction, sha, device, named)
            ours = self._parts(transaction, sha, OURS) if readable else []
            epoch = sql.clock(transaction, self._org).epoch
            return named, self._parts(transaction, sha, dev), ours, device.user_id, readable, epoch

        named, sent, ours, user_id, readable, epoch = self._service.engine.read(look)
        if not sent and readable:
            sound = self._hash_of(ours) == sha
            if not sound:
                self._want(sha, named.size)
            return self._service.reply(epoch, state=WHOLE if sound else WANTED)
        if [part.i for part in sent] != list(range(parts_of(named.size))):
            return self._service.reply(epoch, state="part")
        if self._hash_of(sent) != sha:
            self._drop_sent(sha, dev, sent)
            return self._service.reply(epoch, state="damaged")
        self._bytes.drop(self._keep(sha, dev, named.size, user_id, sent))
        return self._service.reply(epoch, state=WHOLE)

    def wanted(self, dev: str) -> Reply:
        """The files that were asked for and are not here, of those that this laptop may know of."""

        def look(transaction: Transaction) -> Reply:
            device = auth.known_device(transaction, self._org, dev)
            scope = scope_now(transaction, self._org, device.user_id, self._service.now().date())
            rows = transaction.all(
                "SELECT sha FROM blob WHERE org = ? AND state = 'wanted' ORDER BY sha LIMIT ?",
                (self._org, MOST_WANTED),
            )
            found = [str(sha) for (sha,) in rows if self._visible(transaction, str(sha), scope)]
            return self._service.reply(sql.clock(transaction, self._org).epoch, shas=found)

        return self._service.engine.read(look)

    # for whoever looks after the server

    def sweep(self) -> int:
        """Drop what laptops began to send and never finished, and bytes that a crash left unnamed."""
        now = self._service.now()
        old = _place_at(now - dt.timedelta(days=STAGED_DAYS))

        def unname(transaction: Transaction) -> list[str]:
            rows = transaction.all(
                "SELECT place FROM blob_part WHERE org = ? AND dev <> '' AND place < ?", (self._org, old)
            )
            transaction.run("DELETE FROM blob_part WHERE org = ? AND dev <> '' AND place < ?", (self._org, old))
            return [str(place) for (place,) in rows]

        places = self._service.engine.write(unname)
        unnamed = {*places, *self._bytes.unnamed(_place_at(now - dt.timedelta(days=1)))}
        self._bytes.drop(sorted(unnamed))
        return len(unnamed)

    def damaged(self) -> list[str]:
        """The whole files whose bytes are not what their names say; they are asked of the laptops again."""

        def names(transaction: Transaction) -> list[tuple[Any, ...]]:
            return transaction.all("SELECT sha, size FROM blob WHERE org = ? AND state = 'whole'", (self._org,))

        found = []
        for sha, size in self._service.engine.read(names):
            if self._hash_of(self._parts_now(str(sha))) != sha:
                found.append(str(sha))
                self._want(str(sha), int(size))
        return found

    # who may

    def _named(self, transaction: Transaction, dev: str, sha: str) -> tuple[sql.Device, _Named]:
        """Raises NoFile unless a record that names the file is in this laptop's scope, or was pushed by it and waits."""
        device = auth.known_device(transaction, self._org, dev)
        if not _SHA.fullmatch(sha):
            raise NoFile
        scope = scope_now(transaction, self._org, device.user_id, self._service.now().date())
        visible = self._visible(transaction, sha, scope)
        if visible:
            authors = frozenset(self._author(transaction, id) for id, _size in visible)
            return device, _Named(max(size for _id, size in visible), authors)
        size = self._in_quarantine(transaction, dev, sha)
        if size is None:
            raise NoFile
        return device, _Named(size, frozenset())

    def _visible(self, transaction: Transaction, sha: str, scope: Scope) -> list[tuple[str, int]]:
        """Id and size of the records in scope that name a file."""
        rows = transaction.all(
            "SELECT id, kind, subject, compartment, body FROM rec WHERE org = ? AND about <> '' AND about = ? "
            "AND t = 'attachment'",
            (self._org, sha),
        )
        found = []
        for id, kind, subject, compartment, body in rows:
            size = msgspec.json.decode(body, type=Row).body.get("bytes")
            if scope.sight(kind, subject, compartment) is Sight.WHOLE and isinstance(size, int) and size >= 0:
                found.append((str(id), size))
        return found

    def _author(self, transaction: Transaction, id: str) -> str:
        raw = sql.version_written(transaction, self._org, id, 1)
        return "" if raw is None else msgspec.json.decode(raw, type=Version).author

    def _in_quarantine(self, transaction: Transaction, dev: str, sha: str) -> int | None:
        """The size that a laptop's own waiting operation gives: its work is not lost, nor are the bytes with it."""
        rows = transaction.all(
            "SELECT j.raw FROM quarantine q JOIN journal j ON j.org = q.org AND j.dev = q.dev AND j.n = q.n "
            "WHERE q.org = ? AND q.dev = ? AND q.state <> 'done'",
            (self._org, dev),
        )
        for (raw,) in rows:
            operation = read_operation(bytes(raw))
            if operation is None or operation.type != "attachment" or operation.patch.get("sha256") != sha:
                continue
            size = operation.patch.get("bytes")
            if isinstance(size, int) and size >= 0:
                return size
        return None

    def _may_read(self, transaction: Transaction, sha: str, device: sql.Device, named: _Named) -> bool:
        rows = transaction.all("SELECT user_id FROM blob_holder WHERE org = ? AND sha = ?", (self._org, sha))
        holders = {str(user_id) for (user_id,) in rows}
        return device.user_id in holders or not holders.isdisjoint(named.authors)

    # what is here

    def _state(self, transaction: Transaction, sha: str) -> str:
        row = transaction.one("SELECT state FROM blob WHERE org = ? AND sha = ?", (self._org, sha))
        return str(row[0]) if row else ""

    def _parts(self, transaction: Transaction, sha: str, dev: str) -> list[_Part]:
        rows = transaction.all(
            "SELECT i, place, hash FROM blob_part WHERE org = ? AND sha = ? AND dev = ? ORDER BY i",
            (self._org, sha, dev),
        )
        return [_Part(int(i), str(place), str(hash)) for i, place, hash in rows]

    def _parts_now(self, sha: str) -> list[_Part]:
        return self._service.engine.read(lambda transaction: self._parts(transaction, sha, OURS))

    def _used(self, transaction: Transaction) -> int:
        whole = transaction.one("SELECT SUM(size) FROM blob WHERE org = ? AND state = 'whole'", (self._org,))
        coming = transaction.one("SELECT COUNT(*) FROM blob_part WHERE org = ? AND dev <> ''", (self._org,))
        return int((whole and whole[0]) or 0) + int(coming[0] if coming else 0) * PART_BYTES

    def _sound(self, part: _Part) -> bytes | None:
        data = self._bytes.get(part.place)
        return data if data is not None and hashlib.sha256(data).hexdigest() == part.hash else None

    def _hash_of(self, parts: Sequence[_Part]) -> str:
        digest = hashlib.sha256()
        for part in parts:
            digest.update(self._sound(part) or b"\x00damaged")
        return digest.hexdigest()

    # changes

    def _keep(self, sha: str, dev: str, size: int, user_id: str, sent: Sequence[_Part]) -> list[str]:
        """What this laptop sent becomes the file, or, where the file is here already, the proof that it holds it."""

        def work(transaction: Transaction) -> list[str]:
            if self._parts(transaction, sha, dev) != list(sent):
                return []  # another request of the same laptop was quicker
            transaction.run(
                "INSERT INTO blob_holder (org, sha, user_id) VALUES (?, ?, ?) ON CONFLICT (org, sha, user_id) DO NOTHING",
                (self._org, sha, user_id),
            )
            if self._state(transaction, sha) == WHOLE:
                transaction.run("DELETE FROM blob_part WHERE org = ? AND sha = ? AND dev = ?", (self._org, sha, dev))
                return [part.place for part in sent]
            transaction.run(
                "UPDATE blob_part SET dev = '' WHERE org = ? AND sha = ? AND dev = ?", (self._org, sha, dev)
            )
            self._put_state(transaction, sha, size, WHOLE)
            return []

        return self._service.engine.write(work)

    def _drop_sent(self, sha: str, dev: str, sent: Iterable[_Part]) -> None:
        self._service.engine.write(
            lambda transaction: transaction.run(
                "DELETE FROM blob_part WHERE org = ? AND sha = ? AND dev = ?", (self._org, sha, dev)
            )
        )
        self._bytes.drop(part.place for part in sent)

    def _want(self, sha: str, size: int) -> None:
        """Note that a file is asked for and not here, or not sound: whoever holds it is asked to send it."""

        def work(transaction: Transaction) -> list[str]:
            if self._state(transaction, sha) == WANTED:
                return []
            places = [part.place for part in self._parts(transaction, sha, OURS)]
            transaction.run("DELETE FROM blob_part WHERE org = ? AND sha = ? AND dev = ''", (self._org, sha))
            self._put_state(transaction, sha, size, WANTED)
            return places

        self._bytes.drop(self._service.engine.write(work))

    def _put_state(self, transaction: Transaction, sha: str, size: int, state: str) -> None:
        transaction.run(
            "INSERT INTO blob (org, sha, size, state) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (org, sha) DO UPDATE SET size = excluded.size, state = excluded.state",
            (self._org, sha, size, state),
        )


def _place_at(moment: dt.datetime) -> str:
    """The lowest place of this moment: places are UUIDv7, in the order of time."""
    stamp = f"{int(moment.timestamp() * 1000):012x}"
    return f"{stamp[:8]}-{stamp[8:]}-7000-8000-000000000000"
