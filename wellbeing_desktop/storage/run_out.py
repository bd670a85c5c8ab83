"""What the server last told of clocks that ran out, kept so that a locked laptop shows it again (PRACTICE W13).

Numbers, kinds, times and who has it: whom it is about is in this store, or nowhere here.
"""

import datetime as dt

import msgspec

from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.sync_state import set_sync_values, sync_number, sync_value

_KEY = "run_out"
_WATCHERS = "watchers"
_AT = "run_out_at"


class ToldClock(msgspec.Struct, frozen=True, kw_only=True):
    """One clock that ran out, by the server's time. `owner` is the practitioner who has it, or raised it."""

    id: str
    type: str
    due_at: str
    owner: str = ""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """`watchers` is how many people the service has named to be told; None while the server has never said."""

    clocks: tuple[ToldClock, ...] = ()
    watchers: int | None = None
    at: dt.datetime | None = None


def keep(writer: Writer, clocks: tuple[ToldClock, ...], watchers: int, at: dt.datetime) -> None:
    """In a transaction of its own."""
    with writer.immediate():
        set_sync_values(
            writer,
            {
                _KEY: msgspec.json.encode(clocks).decode(),
                _WATCHERS: watchers,
                _AT: at.astimezone(dt.UTC).isoformat(timespec="seconds"),
            },
        )


def told(reader: Reader) -> Told:
    """What is known; nothing where it cannot be read."""
    text = sync_value(reader, _KEY)
    if not text:
        return Told()
    try:
        clocks = msgspec.json.decode(text, type=tuple[ToldClock, ...])
        at = dt.datetime.fromisoformat(sync_value(reader, _AT))
    except (msgspec.DecodeError, ValueError):
        return Told()
    return Told(clocks=clocks, watchers=sync_number(reader, _WATCHERS), at=at)
