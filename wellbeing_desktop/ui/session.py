"""What every page is given: the open store and who is at the keyboard. Made at unlock, gone at lock."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from wellbeing_desktop.domain.london_time import local_date, local_time

if TYPE_CHECKING:
    from wellbeing_desktop.storage.store import Store  # the unlock window asks for the day before a store is open


class SyncControl(Protocol):
    """What the window may ask of the sync runner (sync/client/runner.py)."""

    def nudge(self) -> None:
        """Something was saved, or F5 was pressed: go as soon as may be."""

    def sync_now(self) -> None:
        """Go now, whatever was planned."""


def utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def local_today() -> dt.date:
    """The date on the wall, Europe/London."""
    return local_date(utc_now())


@dataclass(frozen=True, kw_only=True)
class Session:
    """`user_id` is the practitioner signed in. `sync` is None for a store on this computer only.

    Tests give their own `clock` (UTC).
    """

    store: "Store"
    user_id: str
    user_name: str
    organisation_id: str
    sync: SyncControl | None = None
    clock: Callable[[], dt.datetime] = field(default=utc_now)

    def now(self) -> dt.datetime:
        """The moment now, UTC."""
        return self.clock()

    def local_now(self) -> dt.datetime:
        """The same on the wall: Europe/London."""
        return local_time(self.clock())

    def today(self) -> dt.date:
        """The local date."""
        return self.local_now().date()
