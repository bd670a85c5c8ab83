"""The sync line: one short sentence on what is shared and what is not, and whether anybody needs to act (UX 4)."""

import datetime as dt
from enum import StrEnum
from typing import Final

import msgspec

from wellbeing_desktop.domain.dates import staff_clock, staff_date, staff_moment
from wellbeing_desktop.domain.errors import SyncProblem
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.sync.client.problems import is_offline

WRONG_CLOCK_SECONDS: Final = 120
"""A clock that is further off than this is worth telling: dates that people type lean on it."""


class SyncState(StrEnum):
    """Where the laptop is with the server; the icon follows this, the words say it."""

    NOT_JOINED = "not_joined"
    NOT_KNOWN = "not_known"
    UP_TO_DATE = "up_to_date"
    WAITING = "waiting"
    SENDING = "sending"
    FETCHING = "fetching"
    LOADING = "loading"
    CHECKING = "checking"
    OFFLINE = "offline"
    PUSH_ONLY = "push_only"
    STOPPED = "stopped"


class SyncLine(msgspec.Struct, frozen=True, kw_only=True):
    """`needs_attention` is True only when nothing will happen until a person does something."""

    state: SyncState
    words: str
    needs_attention: bool = False


_ATTENTION: Final = {
    "sign_in_again": "Cannot send: sign in again",
    "revoked": "Cannot send: this laptop may no longer connect",
    "sealed": "Your organisation has sealed this case store",
    "waiting_for_approval": "Cannot send: waiting for your administrator to approve this laptop",
    "approval_refused": "Cannot send: this laptop was not approved",
    "not_our_server": "Cannot send: there is no Wellbeing server at this address",
    "another_organisation": "Cannot send: another server answers at this address",
    "leaving": "Your access here has ended. What you have is still sent",
    "forked": "Not sent yet: a copy of this store was used",
    "redirected": "Cannot send: the address leads to another server",
    "certificate_expired": "Cannot send: the server's certificate has expired",
    "certificate_not_yet_valid": "Cannot send: check this laptop's date and time",
    "certificate_wrong_name": "Cannot send: another server answered",
    "certificate_not_trusted": "Cannot send: the server's certificate is not trusted",
    "upgrade": "Changes are sent. Install the new version to receive others'",
    "mass_removal": "Stopped: an unusual number of people would be removed",
}


def not_joined_line() -> SyncLine:
    return SyncLine(state=SyncState.NOT_JOINED, words="On this computer only")


def working_line(step: str, done: int, total: int) -> SyncLine:
    """While a sync runs. `step` as Progress gives it."""
    match step:
        case "sending":
            words = f"Sending {min(done + 1, total)} of {total}" if total else "Sending"
            return SyncLine(state=SyncState.SENDING, words=words)
        case "loading":
            words = f"First load: {done:,} of {total:,}" if total else f"First load: {done:,}"
            return SyncLine(state=SyncState.LOADING, words=words)
        case "sending_file":
            return SyncLine(state=SyncState.SENDING, words=f"Sending a file: {megabytes(done, total)}")
        case "fetching_file":
            return SyncLine(state=SyncState.FETCHING, words=f"Fetching a file: {megabytes(done, total)}")
        case "checking":
            return SyncLine(state=SyncState.CHECKING, words="Checking that both sides agree")
        case _:
            words = f"Fetching {done:,} of {total:,}" if total else f"Fetching {done:,}" if done else "Fetching"
            return SyncLine(state=SyncState.FETCHING, words=words)


def resting_line(
    *,
    waiting: int,
    last_sync_at: dt.datetime | None,
    problem: SyncProblem | None,
    now: dt.datetime,
    files: int = 0,
    run_out: int = 0,
    lease: str = "",
) -> SyncLine:
    """Between syncs. `now` is local time with its zone; `last_sync_at` is when everything was last exchanged; `files`
    are those that are only on this laptop; `run_out` are clocks that somebody must look at, `lease` what is to be said
    of how long this laptop was away."""
    line = _resting(waiting, last_sync_at, problem, now, files)
    if run_out:
        said = "1 clock has run out: see Today." if run_out == 1 else f"{run_out:,} clocks have run out: see Today."
        line = msgspec.structs.replace(line, words=f"{said} {line.words}")
    return msgspec.structs.replace(line, words=f"{line.words}. {lease}") if lease else line


def lease_words(adding_at: dt.datetime, locks_at: dt.datetime, now: dt.datetime) -> str:
    """From the day of the warning on: by when to connect. `now` is local time with its zone."""
    if now >= locks_at:
        return "Connect to open the records again"
    if now >= adding_at:
        return f"You can only add until {staff_date(local_date(locks_at))}: connect"
    return f"Connect before {staff_date(local_date(adding_at))}"


def _resting(
    waiting: int, last_sync_at: dt.datetime | None, problem: SyncProblem | None, now: dt.datetime, files: int
) -> SyncLine:
    last = last_sync_words(last_sync_at, now)
    if problem is not None and not is_offline(problem):
        if problem.kind in _ATTENTION:
            state = SyncState.PUSH_ONLY if problem.kind == "upgrade" else SyncState.STOPPED
            return SyncLine(state=state, words=_ATTENTION[problem.kind], needs_attention=True)
        if not problem.retry:
            return SyncLine(state=SyncState.STOPPED, words=f"Cannot send: {problem.message}", needs_attention=True)
    if problem is not None:
        words = "Working offline." if is_offline(problem) else "Waiting to try again."
        return SyncLine(state=SyncState.OFFLINE, words=f"{words} {waiting_words(waiting, files)}. {last}")
    if last_sync_at is None:
        return SyncLine(state=SyncState.NOT_KNOWN, words=f"{waiting_words(waiting, files)}. {last}")
    if waiting or files:
        return SyncLine(state=SyncState.WAITING, words=f"{waiting_words(waiting, files)}. {last}")
    return SyncLine(state=SyncState.UP_TO_DATE, words=f"Up to date {_when(last_sync_at, now, today='')}")


def megabytes(done: int, total: int) -> str:
    """`3 of 20 MB`; in kB where the whole is less than one."""
    unit, name = (1_000_000, "MB") if total >= 1_000_000 else (1_000, "kB")
    return f"{done // unit:,} of {-(-total // unit):,} {name}"


def waiting_words(waiting: int, files: int = 0) -> str:
    parts = [f"{waiting:,} change{'' if waiting == 1 else 's'}"] if waiting else []
    parts += [f"{files:,} document{'' if files == 1 else 's'}"] if files else []
    return f"{' and '.join(parts)} waiting" if parts else "Nothing waiting"


def last_sync_words(last_sync_at: dt.datetime | None, now: dt.datetime) -> str:
    if last_sync_at is None:
        return "Last sync not known"
    return f"Last sync {_when(last_sync_at, now, today='today ')}"


def clock_words(skew_seconds: int | None) -> str:
    """What to say of this laptop's clock, or nothing if it is near enough. Clocks never decide an order (I9)."""
    if skew_seconds is None or abs(skew_seconds) <= WRONG_CLOCK_SECONDS:
        return ""
    amount = abs(skew_seconds)
    if amount < 2 * 3600:
        size = f"{amount // 60} minutes"
    elif amount < 2 * 86400:
        size = f"{amount // 3600} hours"
    else:
        size = f"{amount // 86400:,} days"
    direction = "ahead of" if skew_seconds > 0 else "behind"
    return f"This laptop's clock is {size} {direction} the server's. Set it right: new records carry its time."


def _when(moment: dt.datetime, now: dt.datetime, *, today: str) -> str:
    days_ago = (local_date(now) - local_date(moment)).days
    if days_ago == 0:
        return f"{today}{staff_clock(moment)}"
    return f"yesterday {staff_clock(moment)}" if days_ago == 1 else staff_moment(moment)
