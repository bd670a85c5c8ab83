"""Listens for news from the server, so that a colleague's work is here in seconds and not at the next interval.

A thread of its own, with its own connection and session: it only ever says "there may be something", and everything
else is the sync's. When the server cannot be reached it waits as sync does, and the timer goes on without it.
"""

import random
import threading
from collections.abc import Callable
from typing import Final

from wellbeing_desktop.domain.errors import SyncProblem, WellbeingError
from wellbeing_desktop.sync.client.backoff import wait_after
from wellbeing_desktop.sync.client.conversation import WAIT, Conversation
from wellbeing_desktop.sync.client.problems import ServerSaid
from wellbeing_desktop.sync.protocol.waiting import WaitReply, WaitRequest

SETTLE_SECONDS: Final = 5.0
"""After a hint, before listening again: the sync that it caused moves the cursor meanwhile."""


UNKNOWN_MARK: Final = "-"
"""Nothing is known of clocks yet: the first answer comes at once."""

SPREAD_SECONDS: Final = 3.0
QUIET_SECONDS: Final = 1.0
"""Between two waits that brought nothing: a server that answers at once must not be asked without end."""


def _nobody(_reply: WaitReply) -> None:
    """For those who do not show clocks."""


def waiting_for_news(
    talk: Callable[[], Conversation], on_clocks: Callable[[WaitReply], object] = _nobody
) -> Callable[[int], int]:
    """How a Listener asks: the server's head, once it is beyond a sequence number or the server has had enough.
    `on_clocks` is told, from the listening thread, whenever what the server says of clocks that ran out is other than
    before (PRACTICE W13)."""
    kept: list[Conversation] = []
    mark = [UNKNOWN_MARK]

    def ask(seq: int) -> int:
        if not kept:
            kept.append(talk())
        try:
            request = WaitRequest(device=kept[0].device, seq=seq, mark=mark[0])
            reply = kept[0].ask(WAIT, request, WaitReply)
            if reply.mark != mark[0]:
                mark[0] = reply.mark
                on_clocks(reply)
            return reply.seq
        except SyncProblem:
            kept.clear()  # another history, another session: begin again
            raise

    return ask


class Listener:
    """Owns the listening thread of one open store. `start`, and `stop` at lock or close."""

    def __init__(
        self,
        ask: Callable[[int], int],
        *,
        joined: Callable[[], bool],
        seq_here: Callable[[], int],
        on_news: Callable[[], None],
        chance: Callable[[], float] = random.random,
        settle_seconds: float = SETTLE_SECONDS,
        spread_seconds: float = SPREAD_SECONDS,
        rest_seconds: float = 120.0,
    ) -> None:
        """`seq_here` is this laptop's cursor. `on_news` is called from the listening thread."""
        self._ask = ask
        self._joined = joined
        self._seq_here = seq_here
        self._on_news = on_news
        self._chance = chance
        self._settle = settle_seconds
        self._spread = spread_seconds
        self._rest = rest_seconds
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="sync-hints", daemon=True)
        self._thread.start()

    def stop(self, timeout_seconds: float = 0.0) -> bool:
        """End; False if it still waits for the network, and then it ends alone."""
        self._stopping.set()
        if self._thread is None:
            return True
        self._thread.join(timeout_seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            pause = 0.0
            try:
                if not self._joined():
                    pause = self._rest
                elif self._listen():
                    failures, pause = 0, self._settle
                else:
                    failures, pause = 0, QUIET_SECONDS
            except SyncProblem as found:
                if found.kind == "revoked" and not failures:
                    self._on_news()  # the sync learns why, and does what is asked of it
                failures += 1
                asked_for = found.retry_after_seconds if isinstance(found, ServerSaid) else 0.0
                pause = wait_after(failures, self._chance(), asked_for=asked_for) if found.retry else self._rest
            except WellbeingError:
                return  # the store was locked
            self._stopping.wait(pause)

    def _listen(self) -> bool:
        """Wait once; was there news?"""
        seq = self._ask(self._seq_here())
        if self._stopping.is_set() or seq <= self._seq_here():
            return False
        self._stopping.wait(self._chance() * self._spread)  # two hundred laptops are told at the same moment
        self._on_news()
        return True
