"""The lease that this laptop holds, kept as the server signed it, and where it stands now (SECURITY 3.4, W25).

Locking by lease destroys nothing: what waits to be sent is kept, and a sync that reaches the server opens everything.
A store that is on this computer only has no lease, and neither has one that has not met its server yet.
"""

import datetime as dt
import time
from collections.abc import Mapping
from typing import Final

import msgspec

from wellbeing_desktop.domain.dates import staff_date
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.lease import WHILE_ADDING, Known, Lease, Standing, best_now, lease_message
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.signed import is_from_our_server, is_proven
from wellbeing_desktop.storage.sync_state import set_sync_values, sync_values

KEEP_CLOCK_AGAIN_AFTER: Final = dt.timedelta(hours=1)


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """Where the lease stands, for the window. `lease` is None if there is none, or none that our server signed."""

    standing: Standing
    lease: Lease | None = None


def ticks_now() -> int:
    """Milliseconds of the clock that only goes forward."""
    return time.monotonic_ns() // 1_000_000


def utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def held_lease(reader: Reader) -> Lease | None:
    """The lease, if every word of it is our server's and it is this laptop's and this person's."""
    return _lease(sync_values(reader, _KEYS))


def terms(reader: Reader, wall: dt.datetime | None = None) -> Terms:
    """Where this laptop stands. Without a lease that can be proved, a store that holds an organisation's records may
    add and no more: it cannot show when it last met its server."""
    kept = sync_values(reader, _KEYS)
    if not kept["organisation"] or kept["loaded"] != "1":
        return Terms(standing=Standing.FULL)
    lease = _lease(kept)
    if lease is None:
        return Terms(standing=Standing.ADDING)
    return Terms(standing=lease.standing(best_now(_known(kept), wall or utc_now(), ticks_now())), lease=lease)


def clock(reader: Reader, wall: dt.datetime | None = None) -> dt.datetime:
    """The best time known: the server's hints, the forward clock, and the wall clock where it is possible."""
    return best_now(_known(sync_values(reader, _KEYS)), wall or utc_now(), ticks_now())


def keep_clock(writer: Writer, at: dt.datetime) -> None:
    """Within a transaction: from now on it is at least this late."""
    set_sync_values(writer, {"clock_at": at.astimezone(dt.UTC).isoformat(), "clock_ticks": ticks_now()})


def keep_clock_now_and_then(writer: Writer) -> None:
    """Within a transaction of one's own work, so that a clock that is moved later is seen through."""
    known = _known(sync_values(writer, _KEYS))
    if known is None:
        return
    now = clock(writer)
    if now - known.at >= KEEP_CLOCK_AGAIN_AFTER:
        keep_clock(writer, now)


def keep_lease(writer: Writer, text: str, signature: str) -> bool:
    """Within a transaction: a lease as it came. False, with nothing kept, if our server did not sign it."""
    if not is_from_our_server(writer, lease_message(text), signature):
        return False
    set_sync_values(writer, {"lease": text, "lease_signature": signature})
    return True


def require_action(reader: Reader, standing: Standing, action: str) -> None:
    """Raise Refused if the lease does not leave room for this piece of work."""
    if standing is Standing.LOCKED:
        raise Refused(locked_words(terms(reader)))
    if standing is Standing.ADDING and action not in WHILE_ADDING:
        raise Refused(adding_words(terms(reader)))


def require_new(reader: Reader, standing: Standing, rev: int, action: str) -> None:
    """While only adding is left, a note that the server has is not changed any more."""
    if standing is Standing.ADDING and rev and action in ("change_note", "sign_note"):
        raise Refused(adding_words(terms(reader)))


def require_export(reader: Reader) -> None:
    """Raise Refused once only adding is left: nothing leaves the laptop on paper or in a file for others."""
    found = terms(reader)
    if found.standing >= Standing.ADDING:
        raise Refused(locked_words(found) if found.standing is Standing.LOCKED else adding_words(found))


def require_reading(reader: Reader) -> None:
    """Raise Refused once the lease has locked: for the command line; the window covers itself."""
    found = terms(reader)
    if found.standing is Standing.LOCKED:
        raise Refused(locked_words(found))


def banner_words(found: Terms) -> str:
    """What Today and the sync page say; empty while all is well."""
    match found.standing:
        case Standing.FULL:
            return ""
        case Standing.WARNED:
            assert found.lease is not None
            return (
                f"This laptop last met its server on {_day(found.lease.issued_at)}. Connect before "
                f"{_day(found.lease.adding_at)}: from then on you can only add, and from "
                f"{_day(found.lease.locks_at)} records are closed. Nothing you write is lost."
            )
        case Standing.ADDING:
            return adding_words(found)
        case _:
            return locked_words(found)


def adding_words(found: Terms) -> str:
    """What is said while only adding is allowed, by when and until when."""
    if found.lease is None:
        return (
            "This laptop cannot show when it last met its server. You can add notes, contacts, scores and concerns. "
            "Connect to change or export."
        )
    return (
        f"This laptop last met its server on {_day(found.lease.issued_at)}. You can add notes, contacts, scores and "
        f"concerns until {_day(found.lease.locks_at)}; your lead looks at them. Connect to change or export."
    )


def locked_words(found: Terms) -> str:
    """What is said once the records are closed for having been away too long."""
    since = f" since {_day(found.lease.issued_at)}" if found.lease is not None else ""
    return (
        f"This laptop has not met its server{since}, so its records are closed. Nothing is lost: what you wrote is "
        "kept and is sent when you connect, and then everything opens again."
    )


def _day(moment: dt.datetime) -> str:
    return staff_date(local_date(moment))


def _lease(kept: Mapping[str, str]) -> Lease | None:
    text = kept["lease"]
    if not text or not is_proven(kept["server_key"], lease_message(text), kept["lease_signature"]):
        return None
    try:
        lease = msgspec.json.decode(text, type=Lease)
    except msgspec.DecodeError:
        return None
    ours = (kept["organisation"], kept["device"], kept["practitioner"])
    return lease if (lease.organisation, lease.device, lease.practitioner) == ours else None


def _known(kept: Mapping[str, str]) -> Known | None:
    try:
        return Known(
            at=dt.datetime.fromisoformat(kept["clock_at"]),
            ticks=int(kept["clock_ticks"] or 0),
            skew_seconds=int(kept["skew_seconds"] or 0),
        )
    except ValueError:
        return None


_KEYS: Final = (
    "organisation",
    "device",
    "practitioner",
    "server_key",
    "loaded",
    "lease",
    "lease_signature",
    "clock_at",
    "clock_ticks",
    "skew_seconds",
)
