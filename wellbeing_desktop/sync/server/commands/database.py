"""The database that a command works on, its key, and the answer."""

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.storage.keys import StoreKey
from wellbeing_desktop.sync.server.engine import Engine, EngineProblem
from wellbeing_desktop.sync.server.migrations import SCHEMA_NUMBER
from wellbeing_desktop.sync.server.service import Service

KEY_NAME: Final = "server.key"
Answer = dict[str, Any]
Add = Callable[[str, Callable[[argparse.Namespace], Answer], str], argparse.ArgumentParser]
"""Adds a command: its name, what it does, in a sentence."""


def first_line(path: Path) -> str:
    lines = path.read_text(encoding="utf-8").splitlines()
    if not lines or not lines[0].strip():
        raise Refused("The file is empty.")
    return lines[0].strip()


def with_service(options: argparse.Namespace, work: Callable[[Service], Answer]) -> Answer:
    engine = engine_of(options, read_key(options))
    try:
        return work(Service(engine, options.organisation))
    finally:
        engine.close()


def engine_of(
    options: argparse.Namespace,
    key: StoreKey,
    *,
    create: bool = False,
    serving: bool = False,
    schema: int = SCHEMA_NUMBER,
    earlier_allowed: bool = False,
) -> Engine:
    if options.database:
        from wellbeing_desktop.sync.server.postgres_engine import PostgresEngine

        return PostgresEngine(options.database, create=create, schema=schema, earlier_allowed=earlier_allowed)
    from wellbeing_desktop.sync.server.sqlite_engine import SqliteEngine

    return SqliteEngine(
        options.folder, key, create=create, serving=serving, schema=schema, earlier_allowed=earlier_allowed
    )


def new_key_place(options: argparse.Namespace) -> Path:
    if options.key_beside:
        return Path(options.folder) / KEY_NAME
    if options.key_file is None:
        raise Refused(
            "Say where the key goes: --key-file PATH, on another disk if you can, or --key-beside to keep it in the "
            "data folder. Whoever has the folder and the key can read everything."
        )
    return Path(options.key_file)


def write_key(path: Path) -> StoreKey:
    key = StoreKey.new()
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Refused("There is a key file already. Move it away, or name another.") from None
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key.material().hex() + "\n")
        file.flush()
        os.fsync(file.fileno())
    return key


def read_key(options: argparse.Namespace) -> StoreKey:
    path = Path(options.key_file) if options.key_file else Path(options.folder) / KEY_NAME
    try:
        return StoreKey(bytes.fromhex(path.read_text(encoding="ascii").strip()))
    except FileNotFoundError:
        raise EngineProblem("The key file is not there. Name it with --key-file.") from None
    except ValueError:
        raise EngineProblem("The key file does not hold a key: 64 hexadecimal digits.") from None


def plain(found: msgspec.Struct) -> Answer:
    answer: Answer = msgspec.to_builtins(found)
    return answer
