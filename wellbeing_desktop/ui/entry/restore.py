"""Put a backup back: it is proven first, then put in place and opened; the store that was there is kept beside it."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from wellbeing_desktop.domain.errors import Refused, StoreProblem
from wellbeing_desktop.storage.places import StorePlace
from wellbeing_desktop.storage.recovery import RecoveryKey
from wellbeing_desktop.ui.entry import recovery_ways
from wellbeing_desktop.ui.entry.making import Made, recover
from wellbeing_desktop.ui.entry.opening import in_background
from wellbeing_desktop.ui.entry.recovery_ways import KIT, SHEETS
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.widgets import buttons, fields, labels, messages
from wellbeing_desktop.ui.widgets.form import Form

if TYPE_CHECKING:
    from wellbeing_desktop.storage.keys import DeviceSecret

PASSPHRASE: Final = "passphrase"
_WAYS: Final = (
    (PASSPHRASE, "The passphrase at the time of the backup"),
    (KIT, "The recovery kit, and a new passphrase"),
    (SHEETS, "Two recovery sheets, and a new passphrase"),
)


class RestorePage(Page):
    """`place` is the store that the backup takes the place of; without one it becomes a store of its own in `folder`."""

    title, nav_key, help_key = "Restore from a backup", "restore", "unlock"
    opened = Signal(object)
    made = Signal(object)
    """The open store and its new kit, where the organisation's key opened it."""
    given_up = Signal()

    def __init__(self, folder: Path, place: StorePlace | None = None) -> None:
        super().__init__()
        self._folder, self._place = folder, place
        self.body.addWidget(labels.heading("Restore from a backup", 1))
        words = "The backup is checked from end to end before anything is put in place. "
        if place is None:
            words += "It becomes a store on this computer."
        else:
            words += f"It takes the place of: {place.label}. What is there now is kept beside it; nothing is deleted."
        self.body.addWidget(labels.body(words))
        self.form = Form()
        self.form.add("file", "&Backup file", fields.line(), required=True)
        self.form.add_actions(buttons.secondary("&Choose the file", self.choose))
        self.form.add("way", "&Open it with", fields.choice(_WAYS))
        self.form.add("secret", "&Passphrase", fields.secret())
        recovery_ways.add_fields(self.form)
        self.form.add("new", "&New passphrase", fields.secret())
        self.form.add("again", "New passphrase &again", fields.secret())
        self.button = buttons.primary("Chec&k and restore", self.restore)
        self.back = buttons.link("Back to &unlock", self.given_up.emit)
        end = Form()
        end.add_actions(self.button, self.back)
        self.body.addWidget(self.form)
        self.body.addWidget(end)
        self.body.addStretch(1)
        self.form.rows["way"].field.edited.connect(self._show_way)
        self._show_way()

    def first_focus(self) -> QWidget:
        return self.form.rows["file"].field

    def choose(self) -> None:
        """The system's own dialog."""
        chosen, _kind = QFileDialog.getOpenFileName(self, "Choose the backup")
        if chosen:
            self.form.set_values({"file": chosen})

    def restore(self) -> None:
        messages.clear(self)
        if not self.form.check():
            return
        values = self.form.values()
        try:
            secret = self._secret(values)
        except Refused as refusal:
            self.form.show_refusal(refusal)
            return
        self.button.setEnabled(False)
        self.button.set_words("Checking the backup")
        work = partial(restore_and_open, Path(values["file"]), self._folder, secret, values["new"])
        in_background(self, work, self._restored, self._refused)

    def _secret(self, values: dict[str, str]) -> str | RecoveryKey:
        if values["way"] == PASSPHRASE:
            if not values["secret"]:
                raise Refused("Type the passphrase of the time of the backup.", "secret")
            return values["secret"]
        if not values["new"]:
            raise Refused("Choose a new passphrase.", "new")
        if values["again"] != values["new"]:
            raise Refused("The two passphrases are not the same. Type both again.", "again")
        return recovery_ways.key_of(values, values["way"])

    def _restored(self, made: Made) -> None:
        if made.kit is None:
            self.opened.emit(made.store)
        else:
            self.made.emit(made)

    def _show_way(self) -> None:
        way = self.form.rows["way"].field.value()
        recovery_ways.show_fields(self.form, way)
        for name in ("secret", "new", "again"):
            self.form.rows[name].holder.setVisible((name == "secret") == (way == PASSPHRASE))

    def _refused(self, problem: BaseException) -> None:
        self.button.setEnabled(True)
        self.button.set_words("Chec&k and restore")
        if isinstance(problem, StoreProblem) and problem.kind in ("wrong_passphrase", "wrong_recovery_key"):
            way = self.form.values()["way"]
            name = "secret" if way == PASSPHRASE else recovery_ways.fields_of(way)[-1]
            self.form.show_errors({name: f"{problem.message} {problem.advice}".strip()})
        elif isinstance(problem, StoreProblem) and problem.kind in ("not_a_backup", "backup_damaged", "backup_too_new"):
            self.form.show_errors({"file": f"{problem.message} {problem.advice}".strip()})
        else:
            self.form.show_refusal(problem)


def restore_and_open(file: Path, folder: Path, secret: str | RecoveryKey, new_passphrase: str) -> Made:
    """Restore and open. If it cannot be opened, the store that was in the folder is put back as it was."""
    from wellbeing_desktop.storage.backup import restore
    from wellbeing_desktop.storage.store import Store

    report = restore(file, folder, secret, device_secret=_device_secret(folder), move_aside=True)
    try:
        if isinstance(secret, RecoveryKey):
            return recover(folder, secret, new_passphrase)
        return Made(Store.open(folder, secret, device_secret=_device_secret(folder)), None)
    except BaseException:
        if report.moved_aside is not None:
            folder.rename(folder.with_name(f"{report.moved_aside.name} not opened"))
            report.moved_aside.rename(folder)
        raise


def _device_secret(folder: Path) -> "DeviceSecret | None":
    from wellbeing_desktop.storage.envelope import read_user_envelope
    from wellbeing_desktop.storage.keyring_vault import KeyringVault

    try:
        user = read_user_envelope(folder)
    except StoreProblem:
        return None  # there is no store yet, or its envelope is lost: the backup brings its own
    vault = KeyringVault.find() if user.needs_device_secret else None
    return vault.fetch(user.identity.store_id) if vault is not None else None
