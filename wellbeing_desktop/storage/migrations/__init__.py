"""How a store comes to its present shape: numbered files, each frozen once it is released.

`0002_people.sql` holds statements; `m0003_split_names.py` has `apply(writer)`. Each runs in one transaction together
with the row that records it, so a crash leaves it done or not begun. A released file is never edited: the store keeps
each file's hash and refuses another.
"""

import hashlib
import importlib
import importlib.resources
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
from sqlcipher3 import dbapi2

from wellbeing_desktop.domain.errors import StoreProblem
from wellbeing_desktop.storage.connection import Reader, Writer

_FILE_NAME: Final = re.compile(r"m?(\d{4})_(\w+)\.(sql|py)")
_OF_ATTACHMENTS: Final = re.compile(r"attachments_(\d{4})_(\w+)\.(sql)")
"""The attachments file begins with the same first step, the identity, and then has steps of its own."""


class Migration(msgspec.Struct, frozen=True):
    """One step: its number, its name, the SHA-256 of its file, and what it does."""

    number: int
    name: str
    hash: str
    apply: Callable[[Writer], None]


def migrate(writer: Writer, steps: Sequence[Migration] | None = None) -> list[Migration]:
    """Bring a store to the newest shape; answers the steps that were run.

    Raises StoreProblem store_too_new if the store has a step that this program does not know, and
    migration_changed if a step was run here with other contents.
    """
    waiting = pending(writer, steps)
    for step in waiting:
        with writer.immediate():
            step.apply(writer)
            writer.execute(
                "INSERT INTO migration (number, name, applied_at, hash) VALUES (?, ?, ?, ?)",
                (step.number, step.name, datetime.now(UTC).isoformat(timespec="seconds"), step.hash),
            )
    return waiting


def pending(reader: Reader, steps: Sequence[Migration] | None = None) -> list[Migration]:
    """The steps a store has not seen yet, in order. Raises as `migrate`."""
    known = shipped() if steps is None else steps
    applied = _applied(reader)
    by_number = {step.number: step for step in known}
    for number, found_hash in applied.items():
        step = by_number.get(number)
        if step is None:
            raise StoreProblem(
                "store_too_new",
                "This case store was last used by a newer version of the program.",
                "Install the newest version of Wellbeing Desktop, then open it again. Nothing has been changed.",
            )
        if step.hash != found_hash:
            raise StoreProblem(
                "migration_changed",
                "This case store was made by a different edition of the program.",
                "Install the version of Wellbeing Desktop that made it. Nothing has been changed.",
            )
    return [step for step in known if step.number not in applied]


def shipped() -> list[Migration]:
    """Every step that comes with this program, in order. Raises ValueError if a number is missing or doubled."""
    return _in_order(_read(_FILE_NAME))


def shipped_for_attachments() -> list[Migration]:
    """Every step of the attachments file, in order. Raises ValueError likewise."""
    return _in_order([*shipped()[:1], *_read(_OF_ATTACHMENTS)])


def _read(pattern: "re.Pattern[str]") -> list[Migration]:
    steps = []
    for file in importlib.resources.files(__name__).iterdir():
        named = pattern.fullmatch(file.name)
        if named is None:
            continue
        number, name, kind = int(named[1]), named[2], named[3]
        content = file.read_bytes().replace(b"\r\n", b"\n")
        apply = _from_sql(content.decode()) if kind == "sql" else _from_module(file.name.removesuffix(".py"))
        steps.append(Migration(number, name, hashlib.sha256(content).hexdigest(), apply))
    return steps


def _in_order(steps: list[Migration]) -> list[Migration]:
    steps.sort(key=lambda step: step.number)
    if [step.number for step in steps] != list(range(1, len(steps) + 1)):
        raise ValueError("migrations are numbered from 1 without gaps or doubles")
    return steps


def statements(script: str) -> Iterator[str]:
    """The statements of a script one by one; triggers, strings and comments with semicolons stay whole."""
    statement = ""
    for part in re.split(r"(?<=;)", script):
        statement += part
        if dbapi2.complete_statement(statement):
            yield statement.strip()
            statement = ""
    if statement.strip():
        raise ValueError("the last statement of a migration has no end")


def _applied(reader: Reader) -> dict[int, str]:
    if reader.value("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'migration'") is None:
        return {}
    return dict(reader.rows("SELECT number, hash FROM migration ORDER BY number"))


def _from_sql(script: str) -> Callable[[Writer], None]:
    def apply(writer: Writer) -> None:
        for statement in statements(script):
            writer.execute(statement)

    return apply


def _from_module(module_name: str) -> Callable[[Writer], None]:
    def apply(writer: Writer) -> None:
        module: Any = importlib.import_module(f"{__name__}.{module_name}")
        module.apply(writer)

    return apply
