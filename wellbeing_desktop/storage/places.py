"""Where this computer's case stores are: one folder each, all in one place that only this person may read."""

from pathlib import Path
from typing import Final, NamedTuple

from wellbeing_desktop.domain.errors import StoreProblem
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.storage.envelope import USER_FILE, read_user_envelope
from wellbeing_desktop.storage.sealed import advice, seal_of, words
from wellbeing_desktop.storage.store_files import STORE_FILE

BEFORE_RESTORE: Final = " before restore "
"""In the name of a folder that a backup took the place of, before the moment."""


class StorePlace(NamedTuple):
    """A store on this computer. `label` is what its owner chose for the unlock screen; it names nobody else. `sealed` is
    the sentence about a store that its organisation sealed, and empty for every other."""

    folder: Path
    label: str
    sealed: str = ""


def stores_on_this_computer(home: Path) -> list[StorePlace]:
    """Every store under `home`, by label. One whose envelope cannot be read is listed by its folder's name, so that
    it can be recovered rather than overlooked."""
    found = []
    if home.is_dir():
        for folder in sorted(home.iterdir()):
            if (folder / STORE_FILE).exists() or (folder / USER_FILE).exists():
                found.append(place_of(folder))
    return sorted(found, key=lambda place: place.label.casefold())


def place_of(folder: Path) -> StorePlace:
    """The store in a folder; one that a backup took the place of says so."""
    _name, replaced, moment = folder.name.partition(BEFORE_RESTORE)
    kept = f" (kept from before the restore of {moment[:10]})" if replaced else ""
    sealed = seal_of(folder)
    if sealed is not None:
        return StorePlace(
            folder, (sealed.label or folder.name) + kept, f"{words(folder, sealed)} {advice(folder, sealed)}"
        )
    try:
        return StorePlace(folder, (read_user_envelope(folder).label or folder.name) + kept)
    except StoreProblem:
        return StorePlace(folder, folder.name)


def new_place(home: Path) -> Path:
    """A folder for a new store; its name says nothing about anybody."""
    return home / new_id()
