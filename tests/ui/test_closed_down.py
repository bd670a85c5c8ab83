"""A laptop that has been away too long: Today says so in time; then nothing but one page is left, and all comes back."""

import datetime as dt

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from tests.storage.signing import SERVER, SERVER_KEY
from tests.ui.test_program import home, kit, program, unlock
from wellbeing_desktop import app as program_module
from wellbeing_desktop.domain.lease import Days, lease_message, new_lease
from wellbeing_desktop.storage import lease
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.storage.sync_state import set_sync_values
from wellbeing_desktop.sync.client.report import SyncReport

__all__ = ["home", "kit", "program"]


def away_for(store: Store, days: int) -> None:
    """As after a sync so many days ago."""
    issued = dt.datetime.now(dt.UTC) - dt.timedelta(days=days)
    text = msgspec.json.encode(new_lease("org", "dev", "me", issued, Days(), ())).decode()

    def keep(writer: Writer) -> None:
        with writer.immediate():
            set_sync_values(
                writer, {"organisation": "org", "practitioner": "me", "server_key": SERVER_KEY, "loaded": "1"}
            )
            # without a device the window sees a store that no sync runs for: nothing goes to any network
            set_sync_values(writer, {"device": "dev", "lease": text})
            set_sync_values(writer, {"lease_signature": SERVER.sign(lease_message(text)).hex()})
            lease.keep_clock(writer, issued)

    store.write(keep)


@pytest.mark.usefixtures("kit")
def test_today_says_when_the_lease_runs_out_and_closing_leaves_one_page(
    program: program_module.Program, qtbot: QtBot
) -> None:
    shell = unlock(program, qtbot)
    session = program.session_now()
    program.sync.stop() if program.sync is not None else None
    away_for(session.store, 11)
    shell.forget_pages()
    shell.go("today")
    today = shell.page()
    assert today is not None
    qtbot.waitUntil(lambda: not today.lease.isHidden())
    assert "Nothing you write is lost." in today.lease.accessibleName()

    away_for(session.store, 31)
    program._reported(SyncReport())
    closed = shell.page()
    assert closed is not None
    assert closed.nav_key == "closed"
    qtbot.waitUntil(lambda: "Nothing is lost" in closed.words.text())
    for elsewhere in ("today", "caseload", "person", "sync", "settings", "audit"):
        assert not shell.go(elsewhere)
    assert list(shell.pages) == ["closed"]

    away_for(session.store, 1)
    program._reported(SyncReport())
    assert shell.place is not None
    assert shell.place.nav_key == "today"
    assert shell.go("caseload")
