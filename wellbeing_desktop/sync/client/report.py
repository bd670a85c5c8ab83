"""What one sync did, for the sync line, the sync page and the command line. Counts only, nobody's data."""

from typing import Protocol

import msgspec

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.errors import SyncProblem


class SyncReport(msgspec.Struct, frozen=True, kw_only=True):
    """`sent` and `received` count operations and records; `conflicts`, `held` and `quarantined` are of what was sent.

    `head` is the server's sequence that this laptop now holds everything up to. `problems` are what stopped one step
    (push failing never prevents pull). `skew_seconds` is how far this laptop's clock is ahead of the server's
    (negative if behind), None if the server was not reached. `findings` are the sums that did not agree, in words.
    `more` is True if what is left was put off to the next sync. `changes` names every record touched; when `loaded` a
    first load was among it, and every view is to be read anew. `files_left` are those that are still to be sent or
    fetched; `file_problem` stopped only them. `sealed` is True when the organisation's order to seal the store was
    obeyed: it is to be closed at once.
    """

    sent: int = 0
    received: int = 0
    conflicts: int = 0
    held: int = 0
    quarantined: int = 0
    head: int = 0
    waiting: int = 0
    problems: tuple[SyncProblem, ...] = ()
    findings: tuple[str, ...] = ()
    skew_seconds: int | None = None
    changes: Changes = Changes()
    more: bool = False
    loaded: bool = False
    files_sent: int = 0
    files_received: int = 0
    files_left: int = 0
    file_problem: SyncProblem | None = None
    sealed: bool = False

    @property
    def is_complete(self) -> bool:
        return not self.problems


class Progress(Protocol):
    """Told how far a sync is, from the sync thread: `step` is sending, fetching, loading, checking, sending_file
    or fetching_file.

    `total` is 0 when it is not known; of a file both are bytes.
    """

    def __call__(self, step: str, done: int, total: int) -> None: ...


def no_progress(step: str, done: int, total: int) -> None:
    """For those who do not watch."""
