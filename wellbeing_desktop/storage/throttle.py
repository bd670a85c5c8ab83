"""Waiting times after wrong passphrases: five tries at once, then 2, 4, 8 and 15 minutes. Nothing is ever wiped.

It is a control against a colleague at the screen; somebody with a copy of the file ignores it (SECURITY 3.3).

The wall clock is not used, so setting it changes nothing. Time is counted on the monotonic clock, which starts at
zero with the computer: after a restart at least that much time has passed since the last try, and no more is granted.
"""

import contextlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol

import msgspec

from wellbeing_desktop.domain.errors import StoreProblem
from wellbeing_desktop.storage.durable_file import remove_durably, write_durably

THROTTLE_FILE: Final = "tries"

FREE_TRIES: Final = 5
WAITS_MINUTES: Final = (2, 4, 8, 15)


class Mirror(Protocol):
    """A second place that remembers the tries (the keyring), so that deleting the file does not help."""

    def read(self) -> str | None: ...
    def write(self, text: str) -> None: ...


class _Tries(msgspec.Struct, frozen=True):
    failures: int
    at: float
    """Seconds on the monotonic clock when the last one was made."""


class Throttle:
    """The count of one store's folder."""

    def __init__(
        self, folder: Path, *, monotonic: Callable[[], float] = time.monotonic, mirror: Mirror | None = None
    ) -> None:
        self._file = folder / THROTTLE_FILE
        self._monotonic = monotonic
        self._mirror = mirror

    def seconds_to_wait(self) -> float:
        """How long until the next try is allowed; 0 when it is."""
        tries = self._read()
        if tries.failures < FREE_TRIES:
            return 0.0
        step = min(tries.failures - FREE_TRIES, len(WAITS_MINUTES) - 1)
        now = self._monotonic()
        passed = now - tries.at if now >= tries.at else now
        return max(0.0, WAITS_MINUTES[step] * 60 - passed)

    def begin_try(self) -> None:
        """Count a try before it is made, so that ending the program in the middle gains nothing.

        Raises StoreProblem wait if it is too early.
        """
        wait = self.seconds_to_wait()
        if wait > 0:
            raise StoreProblem("wait", f"Too many wrong passphrases. Try again in {_in_words(wait)}.", _ADVICE)
        self._write(_Tries(self._read().failures + 1, self._monotonic()))

    def succeeded(self) -> None:
        """The passphrase was right: forget the tries."""
        with contextlib.suppress(OSError):
            remove_durably(self._file)
        if self._mirror is not None:
            self._mirror.write("")

    def _read(self) -> _Tries:
        """The worse of the two records; a record that cannot be read counts as none."""
        records = [_parsed(self._from_file())]
        if self._mirror is not None:
            records.append(_parsed((self._mirror.read() or "").encode()))
        return max(records, key=lambda tries: tries.failures)

    def _from_file(self) -> bytes:
        try:
            return self._file.read_bytes()
        except OSError:
            return b""

    def _write(self, tries: _Tries) -> None:
        content = msgspec.json.encode(tries)
        with contextlib.suppress(OSError):  # a full or read-only disk must not keep a person from their records
            write_durably(self._file, content)
        if self._mirror is not None:
            self._mirror.write(content.decode())


_ADVICE: Final = "Nothing has been deleted. With the recovery key you can choose a new passphrase now."


def _parsed(content: bytes) -> _Tries:
    try:
        tries = msgspec.json.decode(content, type=_Tries)
    except msgspec.DecodeError:
        return _Tries(0, 0.0)
    return tries if tries.failures >= 0 else _Tries(0, 0.0)


def _in_words(seconds: float) -> str:
    if seconds < 60:
        return f"{max(1, round(seconds))} seconds"
    minutes = -(-seconds // 60)
    return "1 minute" if minutes == 1 else f"{minutes:.0f} minutes"
