"""Backup, how to restore one, and whether this store is whole."""

import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QVBoxLayout, QWidget

from wellbeing_desktop.storage import health
from wellbeing_desktop.storage.backup import backup, note_backup
from wellbeing_desktop.storage.backup_container import BackupReport
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.entry.opening import in_background
from wellbeing_desktop.ui.saving_files import ask_where
from wellbeing_desktop.ui.tokens import SPACE_M, SPACE_S
from wellbeing_desktop.ui.widgets import buttons, cards, labels, layouts, messages
from wellbeing_desktop.ui.widgets.progress import Progress


class SafekeepingPart(QWidget):
    """Work goes on while a backup is made; locking meanwhile leaves the old file as it was."""

    def __init__(self, store: Store, today: Callable[[], dt.date]) -> None:
        super().__init__()
        self._store, self._today = store, today
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACE_M, 0, 0)
        column.setSpacing(SPACE_M)
        column.addWidget(self._backup_card())
        column.addWidget(self._restore_card())
        column.addWidget(self._check_card())

    def _backup_card(self) -> cards.Card:
        card = cards.Card("Back up now")
        card.body.addWidget(
            labels.body(
                "One encrypted file with everything in this store, for a drive that is kept apart from this laptop. It "
                "opens only with your passphrase of today, the recovery kit, or your organisation's recovery key if it has "
                "given one."
            )
        )
        self.backup_button = buttons.primary("&Back up now", self._ask)
        card.body.addWidget(self.backup_button)
        self.progress = Progress("Writing the backup, and proving it by opening it.")
        self.progress.hide()
        card.body.addWidget(self.progress)
        self.report = messages.notice("", "good", can_close=True)
        self.report.hide()
        card.body.addWidget(self.report)
        return card

    def _ask(self) -> None:
        chosen = ask_where(self, "Back up to", f"wellbeing-{self._today().isoformat()}.backup")
        if chosen is not None:
            self.back_up_to(chosen)

    def back_up_to(self, file: Path) -> None:
        """Writes the backup to `file`, which is replaced only by a proven one."""
        messages.clear(self)
        self.report.hide()
        self._busy(self.backup_button, self.progress, busy=True)
        in_background(self, partial(backup, self._store, file), self._backed_up, self._failed)

    def _backed_up(self, made: BackupReport) -> None:
        at = dt.datetime.now(dt.UTC)
        background.operate(self, self._store, lambda writer: note_backup(writer, at))
        self._busy(self.backup_button, self.progress, busy=False)
        self.report.show()
        if made.without_files:
            self.report.show_message(messages.Message(made.warning(), "", "", "warning"))
            self.report.close_button.setFocus()
            return
        self.report.show_message(
            messages.Message(
                f"The backup is whole: {made.records:,} records in {_size(made.size)}, proven by opening it.",
                f"Fingerprint of its content: {' '.join(made.hash[at : at + 8] for at in range(0, 32, 8))}",
                "",
                "good",
            )
        )
        self.report.close_button.setFocus()

    def _restore_card(self) -> cards.Card:
        return cards.card(
            "Put a backup back",
            labels.body(
                "Close this window and open the program again. On the unlock screen, choose “Restore from a backup”."
            ),
            labels.body(
                "It asks for the passphrase of the day of the backup, the recovery kit or two recovery sheets, checks everything before "
                "anything is put in place, and keeps what is here now under another name. Nothing is deleted."
            ),
            labels.muted("The folder of this store:"),
            labels.muted(_breakable(str(self._store.folder))),
        )

    def _check_card(self) -> cards.Card:
        card = cards.Card("Check this store")
        card.body.addWidget(
            labels.body("Reads every page and follows the whole audit. On a large store it takes a minute or two.")
        )
        self.check_button = buttons.secondary("&Check this store", self.check)
        card.body.addWidget(self.check_button)
        self.checking = Progress("Checking the store.")
        self.checking.hide()
        card.body.addWidget(self.checking)
        self.findings = QWidget()
        self._found = QVBoxLayout(self.findings)
        self._found.setContentsMargins(0, 0, 0, 0)
        self._found.setSpacing(SPACE_S)
        card.body.addWidget(self.findings)
        return card

    def check(self) -> None:
        messages.clear(self)
        self._clear_findings()
        self._busy(self.check_button, self.checking, busy=True)
        in_background(self, partial(health.check, self._store), self._checked, self._failed)

    def _checked(self, found: Sequence[health.Finding]) -> None:
        self._busy(self.check_button, self.checking, busy=False)
        self._clear_findings()
        if not found:
            self._found.addWidget(messages.notice("Nothing is wrong with this store.", "good"))
            messages.announce(self.findings, "Nothing is wrong with this store.")
        for finding in found:
            notice = messages.notice("", "bad")
            notice.show_message(messages.Message(finding.message, finding.advice, f"check-{finding.kind}", "bad"))
            self._found.addWidget(notice)
        if found:
            messages.announce(self.findings, " ".join(finding.message for finding in found))

    def _failed(self, problem: BaseException) -> None:
        self._busy(self.backup_button, self.progress, busy=False)
        self._busy(self.check_button, self.checking, busy=False)
        messages.show(self, problem)

    def _busy(self, button: QWidget, progress: Progress, *, busy: bool) -> None:
        button.setEnabled(not busy)
        progress.setVisible(busy)

    def _clear_findings(self) -> None:
        layouts.empty(self._found)


def _size(size: int) -> str:
    return f"{size / 1_000_000:,.1f} MB" if size >= 100_000 else f"{size / 1_000:,.0f} kB"


def _breakable(path: str) -> str:
    """A long path may wrap after each part: a zero-width space stands there."""
    return path.replace("/", "/\u200b").replace("\\", "\\\u200b")
