"""Light limits on how often one caller may try something; in memory, one server each."""

import threading
import time
from collections import deque
from typing import Final

from wellbeing_desktop.sync.server.problems import TooMany

WINDOW_SECONDS: Final = 60.0
MOST_CALLERS: Final = 10_000


class Limit:
    """At most `count` tries a minute by one caller. Raises TooMany from `check`."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._tries: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def check(self, caller: str) -> None:
        now = time.monotonic()
        with self._lock:
            if len(self._tries) >= MOST_CALLERS:
                self._tries = {who: tries for who, tries in self._tries.items() if tries[-1] > now - WINDOW_SECONDS}
            tries = self._tries.setdefault(caller, deque())
            while tries and tries[0] <= now - WINDOW_SECONDS:
                tries.popleft()
            if len(tries) >= self._count:
                raise TooMany(max(1, int(tries[0] + WINDOW_SECONDS - now) + 1))
            tries.append(now)
