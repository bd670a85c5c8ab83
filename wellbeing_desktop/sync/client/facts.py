"""What sync remembers between syncs, beside the membership: where the cursor is, when all was well, whose clock is off.

Kept in the store's small table, under the names given here. Dates are the server's where a date decides anything.
"""

import datetime as dt
from typing import Final

import msgspec

from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.sync_state import set_sync_values, sync_number, sync_value
from wellbeing_desktop.sync.protocol.message import Head

KEEP_AGAIN_AFTER: Final = dt.timedelta(minutes=10)
"""An empty sync writes nothing, except that this much later it notes that all was still well."""

OTHERS_SEND_AGAIN_WITHIN: Final = dt.timedelta(days=14)
"""After a restore, how long the laptops that wrote what the server lacks are waited for (SYNC 3.7)."""


class Cursor(msgspec.Struct, frozen=True, kw_only=True):
    """Everything up to `head` in this scope is here. `is_loaded` is False until a first load has come to its end;
    `scope_on` is the day on which the server last said what this laptop may hold."""

    head: Head
    scope_ver: int
    is_loaded: bool
    scope_on: str = ""


class Loading(msgspec.Struct, frozen=True, kw_only=True):
    """A first load on its way: the id that it has come to, how many rows, and where to pull from afterwards."""

    after_id: str
    done: int
    head: Head
    scope_ver: int


class Lease(msgspec.Struct, frozen=True, kw_only=True):
    """When the server last confirmed this person's access, by its clock: the beginning of the offline lease."""

    confirmed_at: dt.datetime | None
    skew_seconds: int | None


def cursor_of(reader: Reader) -> Cursor:
    return Cursor(
        head=Head(seq=sync_number(reader, "seq"), tok=sync_value(reader, "tok")),
        scope_ver=sync_number(reader, "scope"),
        is_loaded=sync_value(reader, "loaded") == "1",
        scope_on=sync_value(reader, "scope_on"),
    )


def put_cursor(writer: Writer, head: Head, scope_ver: int, scope_on: str = "") -> None:
    """Within the transaction of the page that it speaks of (SYNC I6)."""
    set_sync_values(writer, {"seq": head.seq, "tok": head.tok, "scope": scope_ver, "scope_on": scope_on})


def loading_of(reader: Reader) -> Loading | None:
    """None if no first load has begun."""
    if sync_value(reader, "load_tok") == "" and sync_number(reader, "load_done") == 0:
        return None
    return Loading(
        after_id=sync_value(reader, "load_after"),
        done=sync_number(reader, "load_done"),
        head=Head(seq=sync_number(reader, "load_seq"), tok=sync_value(reader, "load_tok")),
        scope_ver=sync_number(reader, "load_scope"),
    )


def put_loading(writer: Writer, loading: Loading) -> None:
    set_sync_values(
        writer,
        {
            "load_after": loading.after_id,
            "load_done": loading.done,
            "load_seq": loading.head.seq,
            "load_tok": loading.head.tok,
            "load_scope": loading.scope_ver,
        },
    )


def finish_loading(writer: Writer, loading: Loading) -> None:
    """The first load is whole: from here on changes are pulled."""
    put_cursor(writer, loading.head, loading.scope_ver)
    set_sync_values(
        writer, {"loaded": "1", "load_after": "", "load_done": 0, "load_seq": 0, "load_tok": "", "load_scope": 0}
    )
    set_sync_values(writer, {"load_again": ""})


def begin_loading_again(writer: Writer) -> None:
    """Everything is fetched anew beside what is here."""
    put_cursor(writer, Head(seq=0, tok=""), 0)
    set_sync_values(
        writer, {"loaded": "", "load_after": "", "load_done": 0, "load_seq": 0, "load_tok": "", "load_scope": 0}
    )
    set_sync_values(writer, {"load_again": "1"})


def is_loading_again(reader: Reader) -> bool:
    """Is everything being fetched beside what is here? Then nobody tells what left scope since the last sync."""
    return sync_value(reader, "load_again") == "1"


def last_sync_at(reader: Reader) -> dt.datetime | None:
    """When everything had last been exchanged, by this laptop's clock."""
    return _moment(sync_value(reader, "synced_at"))


def lease_of(reader: Reader) -> Lease:
    skew = sync_value(reader, "skew_seconds")
    return Lease(confirmed_at=_moment(sync_value(reader, "server_at")), skew_seconds=int(skew) if skew else None)


def is_worth_keeping(reader: Reader, now: dt.datetime, skew_seconds: int | None) -> bool:
    """Would noting the end of an empty sync say anything new?"""
    last, skew = last_sync_at(reader), lease_of(reader).skew_seconds
    if last is None or abs(now - last) >= KEEP_AGAIN_AFTER:
        return True
    return skew_seconds is not None and (skew is None or abs(skew_seconds - skew) > 60)


def keep_end(writer: Writer, *, now: dt.datetime, server_at: str, skew_seconds: int | None, complete: bool) -> None:
    """Note that the server was reached, and if `complete` that nothing is left to exchange."""
    values: dict[str, str | int] = {}
    if server_at:
        values["server_at"] = server_at
    if skew_seconds is not None:
        values["skew_seconds"] = skew_seconds
    if complete:
        values["synced_at"] = now.astimezone(dt.UTC).isoformat()
    set_sync_values(writer, values)


def verified_at(reader: Reader) -> dt.datetime | None:
    """When both sides' sums last agreed."""
    return _moment(sync_value(reader, "verified_at"))


def is_new_history(reader: Reader, now: dt.datetime) -> bool:
    """Was the server restored so lately that other laptops may not have sent again what it lacks?"""
    began = _moment(sync_value(reader, "new_history_at"))
    return began is not None and abs(now - began) < OTHERS_SEND_AGAIN_WITHIN


def _moment(text: str) -> dt.datetime | None:
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
