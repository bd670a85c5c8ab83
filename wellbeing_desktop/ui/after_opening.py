"""What is seen to once a store was opened, and again when something of it changed; nothing of it is waited for."""

from functools import partial
from pathlib import Path

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.operations.follow_ups import look_after_follow_ups
from wellbeing_desktop.operations.settings import idle_minutes
from wellbeing_desktop.storage import quick_pin
from wellbeing_desktop.storage.concerns import without_outcome
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.entry.opening import look_in_keyring
from wellbeing_desktop.ui.session import Session, SyncControl
from wellbeing_desktop.ui.shell import Shell


def look_after(shell: Shell, session: Session, sync: SyncControl | None) -> None:
    """What the follow-up rules make and end: soon after the store was opened, and after each sync."""

    def made(changes: Changes) -> None:
        if changes.touched and sync is not None:
            sync.nudge()

    background.operate(shell, session.store, look_after_follow_ups, made)


def use_idle_minutes(shell: Shell, session: Session, by_policy: int) -> None:
    """How long a window may stand idle is the organisation's choice (PRACTICE W5), this computer's policy first: 0
    where it says nothing."""
    background.query(
        shell, session.store, lambda reader: by_policy or idle_minutes(reader), shell.idle_clock.set_minutes
    )


def end_pin_if_off(shell: Shell, session: Session, folder: Path) -> None:
    """The quick PIN ends where the organisation does not allow one any more."""

    def heard(is_allowed: bool) -> None:
        if not is_allowed:
            look_in_keyring(shell, partial(quick_pin.forget, folder), lambda _nothing: None)

    background.query(shell, session.store, quick_pin.is_allowed, heard)


def count_at_risk(shell: Shell, session: Session) -> None:
    """The sync line keeps saying that somebody is at risk without an outcome, on every page."""
    today = session.today()
    background.query(shell, session.store, lambda reader: without_outcome(reader, today), shell.sync_line.show_at_risk)
