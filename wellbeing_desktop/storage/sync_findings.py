"""What syncs found that somebody should know, in sentences without anybody's data, until they say that they read it.

A sync goes on by itself, many times a day: what it has to say would be gone with the next one.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Final

import msgspec

from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.sync_state import set_sync_values, sync_value

MOST: Final = 20
_KEY: Final = "findings"


class Finding(msgspec.Struct, frozen=True):
    """One sentence, and when it was last true."""

    at: dt.datetime
    words: str


_kept: Final = msgspec.json.Decoder(tuple[Finding, ...])


def findings(reader: Reader) -> tuple[Finding, ...]:
    """The latest first."""
    return _kept.decode(sync_value(reader, _KEY, "[]"))


def note_findings(writer: Writer, said: Sequence[str], at: dt.datetime) -> None:
    """In a transaction of its own. What is said again stands once; of many the oldest go."""
    if not said:
        return
    with writer.immediate():
        new = [Finding(at, words) for words in dict.fromkeys(said)]
        before = [each for each in findings(writer) if each.words not in said]
        _keep(writer, (*new, *before)[:MOST])


def forget_findings(writer: Writer, read: Sequence[Finding]) -> None:
    """Somebody has read these; what was said since stays."""
    with writer.immediate():
        _keep(writer, [each for each in findings(writer) if each not in read])


def _keep(writer: Writer, left: Sequence[Finding]) -> None:
    set_sync_values(writer, {_KEY: msgspec.json.encode(left).decode()})
