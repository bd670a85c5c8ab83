"""Where both sides did not agree: only the buckets that differ are fetched again, and the server is told (SYNC 3.8).

If they differ again straight afterwards, something else is wrong: a proven copy of the store is put beside it first,
then everything is fetched anew, and the copy is kept until the sums agree.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from wellbeing_desktop.domain.errors import StoreProblem
from wellbeing_desktop.storage import incoming, resending
from wellbeing_desktop.storage.backup import backup
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.storage.sync_state import set_sync_values, sync_number
from wellbeing_desktop.sync.client.digest import Comparison
from wellbeing_desktop.sync.client.facts import begin_loading_again

COPY_SUFFIX: Final = " before repair.backup"
_IN_A_ROW: Final = "differed_in_a_row"


def copy_beside(folder: Path) -> Path:
    """Where the copy is that is kept until the sums agree."""
    return folder.with_name(folder.name + COPY_SUFFIX)


def repair(store: Store, found: Comparison) -> bool:
    """Mark for fetching what differs; True if only buckets are fetched, False if everything is. Never raises for a
    copy that could not be made: then the buckets are fetched once more, and nothing is replaced without a copy."""
    again = store.read(lambda reader: sync_number(reader, _IN_A_ROW)) > 0
    whole = again and _copied(store)
    store.write(_begin(found, whole=whole))
    return not whole


def agreed(store: Store) -> None:
    """The sums agree: the copy is not needed any more."""
    if store.read(lambda reader: sync_number(reader, _IN_A_ROW)):
        store.write(_end)
    copy_beside(store.folder).unlink(missing_ok=True)


def _copied(store: Store) -> bool:
    file = copy_beside(store.folder)
    if file.exists():
        return True
    try:
        backup(store, file)
    except StoreProblem:  # a full disk: repairing on the spot is better than nothing, replacing everything is not
        return False
    return True


def _begin(found: Comparison, *, whole: bool) -> Callable[[Writer], None]:
    def begin(writer: Writer) -> None:
        with writer.immediate():
            counts = {name: sync_number(writer, name) + 1 for name in (_IN_A_ROW, "repairs")}
            set_sync_values(writer, {**counts, "verified_at": ""})
            if whole:
                resending.forget_sequences(writer)
                begin_loading_again(writer)
                return
            resending.forget_sequences_of(writer, found.differing)
            for subject, compartment in found.buckets:
                incoming.bucket_entered(writer, subject, compartment)

    return begin


def _end(writer: Writer) -> None:
    with writer.immediate():
        set_sync_values(writer, {_IN_A_ROW: 0})
