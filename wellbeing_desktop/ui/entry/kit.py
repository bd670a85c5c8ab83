"""The recovery kit, shown once: print it, or copy it by hand."""

import datetime as dt
import os
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QGridLayout, QWidget

from wellbeing_desktop.storage.recovery import RecoveryKit
from wellbeing_desktop.ui.entry.opening import in_background
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.tokens import SPACE_L, SPACE_S
from wellbeing_desktop.ui.widgets import buttons, cards, fields, labels, messages

_COLUMNS = 5


class KitPage(Page):
    """`done` comes only after the person has said that the kit is safe."""

    title, nav_key, help_key = "Recovery kit", "kit", "first_run"
    done = Signal()

    def __init__(self, kit: RecoveryKit, made_on: dt.date) -> None:
        super().__init__()
        self._kit, self._made_on = kit, made_on
        self.body.addWidget(labels.heading("Keep this recovery kit", 1))
        self.body.addWidget(
            labels.body(
                "If the passphrase is forgotten, this code is your own other way in. It is shown once and kept nowhere "
                "on this computer. Print it, and lock it away apart from the laptop."
            )
        )
        card = cards.Card("Recovery code")
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_L)
        grid.setVerticalSpacing(SPACE_S)
        for number, group in enumerate(kit.groups()):
            cell = labels.strong(f"{number + 1}. {group}")
            grid.addWidget(cell, number // _COLUMNS, number % _COLUMNS)
        card.body.addLayout(grid)
        self.body.addWidget(card)
        self.save_button = buttons.primary("Save the kit to &print", self._save)
        self.body.addWidget(self.save_button)
        self.safe = fields.tick("The kit is printed or &copied, and kept apart from this laptop")
        self.body.addWidget(self.safe)
        self.go_on = buttons.secondary("&Go on", self.done.emit)
        self.go_on.setEnabled(False)
        self.safe.toggled.connect(self.go_on.setEnabled)
        self.body.addWidget(self.go_on)
        self.body.addStretch(1)

    def first_focus(self) -> QWidget:
        return self.save_button

    def _save(self) -> None:
        chosen, _kind = QFileDialog.getSaveFileName(self, "Save the recovery kit", "recovery-kit.pdf", "PDF (*.pdf)")
        if chosen:
            self.save_to(Path(chosen))

    def save_to(self, path: Path) -> None:
        """Writes the kit as PDF where the person pointed, readable by them alone."""

        def write() -> None:
            from wellbeing_desktop.documents import recovery_kit
            from wellbeing_desktop.documents.pdf import render_pdf

            sheet = recovery_kit.RecoveryKit(
                store_name=self._kit.name, code_groups=self._kit.groups(), made_on=self._made_on
            )
            data = render_pdf(recovery_kit.recovery_kit_document(sheet)).data
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(data)

        in_background(self, write, lambda _nothing: messages.announce(self, "The kit is saved."))
