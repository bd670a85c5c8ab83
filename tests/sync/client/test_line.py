import datetime as dt

import pytest

from wellbeing_desktop.sync.client.line import (
    SyncLine,
    SyncState,
    clock_words,
    resting_line,
    working_line,
)
from wellbeing_desktop.sync.client.problems import KINDS, problem

LONDON_SUMMER = dt.timezone(dt.timedelta(hours=1))
NOW = dt.datetime(2026, 7, 21, 11, 0, tzinfo=LONDON_SUMMER)


def line(*, waiting: int = 0, last: dt.datetime | None = None, kind: str = "") -> SyncLine:
    return resting_line(waiting=waiting, last_sync_at=last, problem=problem(kind) if kind else None, now=NOW)


def at(day: int, hour: int, minute: int) -> dt.datetime:
    return dt.datetime(2026, 7, day, hour, minute, tzinfo=dt.UTC)


@pytest.mark.capability("P4")
def test_the_line_says_what_is_shared_in_local_time() -> None:
    assert line(last=at(21, 9, 42)).words == "Up to date 10:42"
    assert line(last=at(21, 7, 12), waiting=3, kind="name_not_found").words == (
        "Working offline. 3 changes waiting. Last sync today 08:12"
    )
    assert line(last=at(20, 7, 12), waiting=1, kind="timed_out").words == (
        "Working offline. 1 change waiting. Last sync yesterday 08:12"
    )
    assert line(last=at(2, 7, 12), kind="busy").words == (
        "Waiting to try again. Nothing waiting. Last sync 02-Jul-2026 08:12"
    )
    assert line(waiting=1200).words == "1,200 changes waiting. Last sync not known"
    assert line(waiting=2, last=at(21, 7, 12)).words == "2 changes waiting. Last sync today 08:12"


def test_the_line_counts_while_it_works() -> None:
    assert working_line("sending", 2, 12).words == "Sending 3 of 12"
    assert working_line("sending", 12, 12).words == "Sending 12 of 12"
    assert working_line("loading", 5000, 110_000).words == "First load: 5,000 of 110,000"
    assert working_line("fetching", 0, 0).words == "Fetching"


def test_only_what_a_person_must_act_on_asks_for_attention() -> None:
    assert line(last=at(21, 9, 42), waiting=1, kind="sign_in_again") == SyncLine(
        state=SyncState.STOPPED, words="Cannot send: sign in again", needs_attention=True
    )
    for kind in ("name_not_found", "sign_in_page", "timed_out", "busy", "server_fault", "reply_damaged"):
        assert not line(waiting=1, kind=kind).needs_attention


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_problem_has_a_line_and_plain_words(kind: str) -> None:
    found = problem(kind)
    assert found.message.endswith(".")
    assert found.advice.endswith(".")
    for word in ("please", "!", "invalid", "error", "e.g.", "via "):
        assert word not in f"{found.message} {found.advice}".lower()
    assert len(line(waiting=12, last=at(21, 9, 42), kind=kind).words) < 100


@pytest.mark.parametrize(
    ("skew", "words"),
    [
        (None, ""),
        (0, ""),
        (-119, ""),
        (300, "This laptop's clock is 5 minutes ahead of"),
        (-3 * 3600, "This laptop's clock is 3 hours behind"),
        (400 * 86400, "This laptop's clock is 400 days ahead of"),
    ],
)
def test_a_wrong_clock_is_told_in_words(skew: int | None, words: str) -> None:
    assert clock_words(skew).startswith(words)
    assert bool(clock_words(skew)) == bool(words)
