"""An open store and its anchor: is work missing that was there, and noting how far the audit has come."""

import contextlib
from collections.abc import Callable
from typing import Final, NamedTuple

from wellbeing_desktop.domain.errors import StoreProblem
from wellbeing_desktop.storage import audit
from wellbeing_desktop.storage.anchor import AnchorFiles
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.owner import Owner
from wellbeing_desktop.storage.problems import DriverError


class AuditChain(NamedTuple):
    """How the anchor asks the audit: its last sequence and hash, and the hash at a given sequence (None: no such)."""

    head: Callable[[Reader], tuple[int, str]]
    hash_at: Callable[[Reader, int], str | None]


OUR_AUDIT: Final = AuditChain(audit.head, audit.hash_at)


class AnchoredChain:
    """The audit chain of one store and the anchor beside it. `was_lost` if no anchor could be read at opening, so that
    shortening could not be noticed."""

    def __init__(self, files: AnchorFiles, chain: AuditChain, writer: Owner[Writer]) -> None:
        self._files = files
        self._chain = chain
        self._writer = writer
        self.was_lost = False

    def refuse_shortened(self) -> None:
        """Raise StoreProblem shortened_store if the anchor knows of work that the store has not."""
        anchor, chain = self._files.read(), self._chain
        if anchor is None:
            self.was_lost = True  # a new store and a restored one begin with an anchor at nought
            return
        if anchor.sequence == 0:
            return
        try:
            found = self._writer.call(lambda writer: chain.hash_at(writer, anchor.sequence))
        except DriverError:  # the log that was removed held the audit's own table
            found = None
        if found != anchor.head:
            raise StoreProblem(
                "shortened_store",
                "Saved work is missing from this case store: its files are older than they should be.",
                "Restore the latest backup or sync, if you can. You can also open it as it is.",
            )

    def note(self) -> None:
        """Bring the anchor up to date. A disk that refuses must not stop work: the older anchor stays true."""
        chain = self._chain
        with contextlib.suppress(OSError, StoreProblem, DriverError):
            # On the writer, where jobs are short: a long return on the reader would hold the anchor up.
            sequence, head = self._writer.call(chain.head)
            self._files.write(sequence, head)
