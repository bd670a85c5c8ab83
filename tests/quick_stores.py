"""New stores for tests at a twentieth of the cost: the tables are made once, then enciphered under each store's own key.

Three hundred CREATE statements in an encrypted file take most of a second. The file that a test gets is the same as
the program makes, byte layout and profile included: the pages of one that the program made are enciphered anew, as
SQLCipher 4 does it, and the identity row is written as the program writes it. Whoever opens it is SQLCipher itself.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from wellbeing_desktop.storage import migrations, opener, store_files
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.opener import PAGE_BYTES, checkpoint, open_connection

SALT, IV, MAC = 16, 16, 64
_make_database = store_files._make_database

_plain: dict[tuple[str, ...], list[bytes]] = {}
"""The pages of a new file without cipher, by the steps that made its tables."""


@contextmanager
def quick_stores() -> Iterator[None]:
    """Within, the pages of a new store are those of one that was made before in this process, and no memory is locked."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store_files, "_make_database", _copied)
        set_in_profile(patch, cipher_memory_security=("OFF", "0"))
        yield


@contextmanager
def made_by_the_program() -> Iterator[None]:
    """Within, a new store's tables are made by the program itself, also inside `quick_stores`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store_files, "_make_database", _make_database)
        yield


def set_in_profile(patch: pytest.MonkeyPatch, **pragmas: tuple[str, str]) -> None:
    """Open every store with these instead: what each is set to, and what is then read back."""
    first = tuple((name, pragmas.get(name, (value,))[0]) for name, value in opener._BEFORE_KEY)
    patch.setattr(opener, "_BEFORE_KEY", first)
    patch.setattr(opener, "_PROFILE", tuple((row[0], *pragmas.get(row[0], row[1:])) for row in opener._PROFILE))


def _copied(path: Path, key: Any, identity: Any, facts: Any, steps: Any) -> None:
    name = (type(key).__name__, *(step.hash for step in steps or migrations.shipped()))
    if name not in _plain:
        _make_database(path, key, identity, facts, steps)
        _plain[name] = deciphered(path.read_bytes(), key.material())
        return
    path.touch(0o600, exist_ok=False)
    path.write_bytes(enciphered(_plain[name], key.material()))
    connection = open_connection(path, key, role="writer", identity=None)
    writer = Writer(connection)
    with writer.immediate():
        writer.execute(
            "UPDATE identity SET store_id = ?, organisation_id = ?, user_id = ?, format = ?, name = ?,"
            " user_name = ?, device_id = ?, created_at = ?",
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
    connection.close()


def deciphered(file: bytes, key: bytes) -> list[bytes]:
    """What is in each page of a file of SQLCipher 4 with a raw key; the first without the salt in its place."""
    pages = []
    for at in range(0, len(file), PAGE_BYTES):
        page = file[at + (0 if at else SALT) : at + PAGE_BYTES]
        content, iv = page[: -IV - MAC], page[-IV - MAC : -MAC]
        decryptor = Cipher(algorithms.AES256(key), modes.CBC(iv)).decryptor()
        pages.append(decryptor.update(content) + decryptor.finalize())
    return pages


def enciphered(pages: list[bytes], key: bytes) -> bytes:
    """A file of SQLCipher 4: each page with AES-256-CBC, an IV of its own, and a MAC over both and its number."""
    salt = secrets.token_bytes(SALT)
    vouched = hmac.new(
        hashlib.pbkdf2_hmac("sha512", key, bytes(byte ^ 0x3A for byte in salt), 2, 32), digestmod="sha512"
    )
    cipher, file = algorithms.AES256(key), [salt]
    for number, page in enumerate(pages, start=1):
        iv = secrets.token_bytes(IV)
        encryptor = Cipher(cipher, modes.CBC(iv)).encryptor()
        content = encryptor.update(page) + encryptor.finalize() + iv
        mac = vouched.copy()
        mac.update(content + number.to_bytes(4, "little"))
        file += [content, mac.digest()]
    return b"".join(file)
