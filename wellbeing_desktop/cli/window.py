"""What the command line may ask of the window, handed in by `__main__`: this room never sees Qt."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from wellbeing_desktop.storage.store import Store


class Shot(msgspec.Struct, frozen=True):
    """One screen to picture: the name of the file, the page of the window and what it is opened with."""

    name: str
    page: str
    argument: str = ""


class Window(Protocol):
    """The real window. Nothing of it is loaded before it is asked for."""

    def show(self, store: Store, make_practice: Callable[[Path], Store]) -> int:
        """Open the window on Today of an open store and stay until it is closed; answers the exit code."""

    def picture(self, stores: Sequence[tuple[Store, Sequence[Shot]]], folder: Path) -> list[Path]:
        """A PNG of each screen, taken of the real window, for each store in turn. The stores are closed afterwards."""
