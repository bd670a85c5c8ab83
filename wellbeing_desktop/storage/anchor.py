"""The anchor: a note beside the store of how far its audit chain had come, so that a shortened store is noticed.

SQLCipher cannot tell an old file from a new one, and a log file that is removed takes committed work with it without
a word (SECURITY 0, finding 2). The anchor says "entry 4711 had this hash". It is written after the commit, never on
the Save path: an anchor ahead of its store means loss; a store ahead of its anchor is ordinary after a crash.

Two files are written by turns and fsynced, so that a torn write leaves the other.
"""

import os
from pathlib import Path
from typing import Final

import msgspec

from wellbeing_desktop.storage.durable_file import sync_directory
from wellbeing_desktop.storage.keys import AnchorKey

ANCHOR_FILES: Final = ("anchor.a", "anchor.b")

_FILE_BYTES: Final = 512
"""Always the same size: writing it again needs no new space, so it works on a full disk."""


class Anchor(msgspec.Struct, frozen=True):
    """`sequence` and `head` of the last audit entry; `count` rises with every anchor written for this store."""

    store_id: str
    sequence: int
    head: str
    count: int


class _AnchorFile(msgspec.Struct, frozen=True):
    anchor: Anchor
    mac: bytes


class AnchorFiles:
    """The two files of one store."""

    def __init__(self, folder: Path, key: AnchorKey, store_id: str) -> None:
        self._folder = folder
        self._key = key
        self._store_id = store_id
        newest = self.read()
        self._count = newest.count if newest else 0

    def read(self) -> Anchor | None:
        """The newest anchor that is whole and ours; None if there is none."""
        found = [anchor for name in ANCHOR_FILES if (anchor := self._read_one(name)) is not None]
        return max(found, key=lambda anchor: anchor.count, default=None)

    def write(self, sequence: int, head: str) -> None:
        """Note how far the chain has come. Raises OSError if the disk refuses."""
        count = self._count + 1
        anchor = Anchor(self._store_id, sequence, head, count)
        content = msgspec.json.encode(_AnchorFile(anchor, self._key.mac(_signed(anchor))))
        path = self._folder / ANCHOR_FILES[count % 2]
        is_new = not path.exists()
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
        try:
            os.write(descriptor, content.ljust(_FILE_BYTES))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if is_new:
            sync_directory(self._folder)
        self._count = count

    def _read_one(self, name: str) -> Anchor | None:
        try:
            content = (self._folder / name).read_bytes()
            file = msgspec.json.decode(content.strip(), type=_AnchorFile)
        except (OSError, msgspec.DecodeError):
            return None
        anchor = file.anchor
        is_ours = anchor.store_id == self._store_id and self._key.mac(_signed(anchor)) == file.mac
        return anchor if is_ours else None


def _signed(anchor: Anchor) -> bytes:
    return b"wellbeing-desktop|1|anchor|" + msgspec.json.encode(anchor)
