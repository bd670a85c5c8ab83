"""Files named on the command line: each read by itself, so that one that is no good does not stop the others.

An item is named by its place, never by the file's name: such names hold NHS numbers.
"""

import argparse
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.exchange.open_referral import RefusedItem

T = TypeVar("T")


class FileRead(msgspec.Struct, Generic[T], frozen=True):
    """What one file holds. `label` is its place among those named: `file 2`."""

    label: str
    content: T


def add_files_arguments(parser: argparse.ArgumentParser, what: str) -> None:
    """`what` says in the help which files they are."""
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE", help=what)
    parser.add_argument("--dry-run", action="store_true", help="only say what would be done")


def read_each(files: Sequence[Path], read: Callable[[bytes], T]) -> tuple[list[FileRead[T]], list[RefusedItem]]:
    """Every file that can be read, and the others with the reason. Raises Refused when none can."""
    contents: list[FileRead[T]] = []
    refused: list[RefusedItem] = []
    for place, file in enumerate(files, 1):
        label = f"file {place}"
        try:
            contents.append(FileRead(label, read(file.read_bytes())))
        except OSError as error:
            refused.append(RefusedItem(label, f"The file cannot be read ({error.strerror})."))
        except Refused as refusal:
            refused.append(RefusedItem(label, refusal.message))
    if not contents:
        raise Refused(" ".join(dict.fromkeys(each.reason for each in refused)))
    return contents, refused


def in_file(label: str, refused: Iterable[RefusedItem]) -> list[RefusedItem]:
    """What one file refused, its place said as well."""
    return [RefusedItem(f"{label}, {each.item}", each.reason) for each in refused]


def summary(
    *, read: int, created: int, updated: int, refused: Iterable[RefusedItem], not_understood: Iterable[str], **more: Any
) -> dict[str, Any]:
    """The result of the command line's contract; `more` comes after it."""
    return {
        "read": read,
        "created": created,
        "updated": updated,
        "refused": [{"item": each.item, "reason": each.reason} for each in refused],
        "not_understood": list(dict.fromkeys(not_understood)),
        **more,
    }
