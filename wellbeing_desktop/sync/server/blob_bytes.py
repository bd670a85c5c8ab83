"""Where the bytes of files are: three calls, behind which an object store can stand in the place of the database.

A place is a UUIDv7 that is used once: bytes are put first and named afterwards, and dropped after their name has gone.
"""

from collections.abc import Callable, Iterable
from typing import Protocol

from wellbeing_desktop.sync.server.engine import Engine, Transaction


class BlobBytes(Protocol):
    """Each call is durable, or has not happened, when it returns."""

    def put(self, place: str, data: bytes) -> None: ...

    def get(self, place: str) -> bytes | None: ...

    def drop(self, places: Iterable[str]) -> None:
        """Places that are not there are passed over."""
        ...

    def unnamed(self, before: str) -> list[str]:
        """Places below `before` (they are in the order of time) that no part names: left by a crash."""
        ...


class DatabaseBytes:
    """Beside the records, in the same database: sealed, backed up and restored with them."""

    def __init__(self, engine: Engine, org: str) -> None:
        self._engine = engine
        self._org = org

    def put(self, place: str, data: bytes) -> None:
        self._engine.write(
            lambda transaction: transaction.run(
                "INSERT INTO blob_bytes (org, place, data) VALUES (?, ?, ?)", (self._org, place, data)
            )
        )

    def get(self, place: str) -> bytes | None:
        row = self._engine.read(
            lambda transaction: transaction.one(
                "SELECT data FROM blob_bytes WHERE org = ? AND place = ?", (self._org, place)
            )
        )
        return None if row is None else bytes(row[0])

    def drop(self, places: Iterable[str]) -> None:
        for place in places:  # one by one: each is a mebibyte to overwrite, and a push must not wait for all
            self._engine.write(_dropping(self._org, place))

    def unnamed(self, before: str) -> list[str]:
        rows = self._engine.read(
            lambda transaction: transaction.all(
                "SELECT b.place FROM blob_bytes b LEFT JOIN blob_part p ON p.org = b.org AND p.place = b.place "
                "WHERE b.org = ? AND b.place < ? AND p.place IS NULL",
                (self._org, before),
            )
        )
        return [str(place) for (place,) in rows]


def _dropping(org: str, place: str) -> Callable[[Transaction], None]:
    return lambda transaction: transaction.run("DELETE FROM blob_bytes WHERE org = ? AND place = ?", (org, place))


def erase_unnamed(transaction: Transaction, org: str, shas: Iterable[str]) -> None:
    """Of these files, take out what no record names any more: names, who held it, parts on their way, and the bytes.
    An object store would be told afterwards, by the sweep."""
    for sha in dict.fromkeys(shas):
        if transaction.one("SELECT 1 FROM rec WHERE org = ? AND about <> '' AND about = ? LIMIT 1", (org, sha)):
            continue
        transaction.run(
            "DELETE FROM blob_bytes WHERE org = ? AND place IN (SELECT place FROM blob_part WHERE org = ? AND sha = ?)",
            (org, org, sha),
        )
        for table in ("blob_part", "blob_holder", "blob"):
            transaction.run(f"DELETE FROM {table} WHERE org = ? AND sha = ?", (org, sha))  # noqa: S608 -- our own three
