"""What the organisation chooses for everybody in it: when an idle window locks, and its words (PRACTICE W5, W31)."""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.idle_lock import IDLE_SETTING, LEAST_MINUTES, MOST_MINUTES, PIN_SETTING
from wellbeing_desktop.domain.words import PEOPLE_SETTING, PEOPLE_WORDS, WORKER_SETTING, WORKER_WORDS, capitalised
from wellbeing_desktop.ui.pages.settings_parts.keeping import keep_choices
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.tokens import SPACE_M
from wellbeing_desktop.ui.widgets import buttons, cards, fields, labels
from wellbeing_desktop.ui.widgets.form import Form


class ServicePart(QWidget):
    """Each choice is a record of the organisation: it is sent to every laptop, and can be undone."""

    def __init__(self, session: Session, saved: Callable[[str, Changes], object]) -> None:
        """`saved` gets the words and the changes after a save."""
        super().__init__()
        self._session, self._saved = session, saved
        self._shown: dict[str, str] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACE_M, 0, 0)
        self.form = Form()
        self.form.add(
            "idle",
            "&Lock when nobody has typed for",
            fields.choice([(str(n), "1 minute" if n == 1 else f"{n} minutes") for n in _MINUTES]),
            help_text="An open call or visit waits up to 15 minutes. Ctrl+L locks at once.",
        )
        self.form.add(
            "pin",
            "Quick PIN",
            fields.choice([("yes", "May be used"), ("no", "Turned off")]),
            help_text="Unlocks again on the same day, on computers with a keyring that this program trusts.",
        )
        self.form.begin_row()
        self.form.add(
            "person",
            "We call the people we &support",
            fields.choice([(word, capitalised(many)) for word, many in PEOPLE_WORDS.items()]),
        )
        self.form.add(
            "worker",
            "We call those who support &them",
            fields.choice([(word, capitalised(many)) for word, many in WORKER_WORDS.items()]),
        )
        self.form.end_row()
        self.form.add_actions(buttons.primary("Save these &choices", self.save))
        column.addWidget(
            cards.card("For everybody in the organisation", labels.body("These go to every laptop."), self.form)
        )

    def show_kept(self, idle_minutes: int, person: str, worker: str, *, has_pin: bool) -> None:
        """What the store says now; a form that is being changed is left alone."""
        if self._shown and self.form.values() != self._shown:
            return
        self.form.set_values(
            {"idle": str(idle_minutes), "pin": "yes" if has_pin else "no", "person": person, "worker": worker}
        )
        self._shown = self.form.values()

    def save(self) -> None:
        if not self.form.check():
            return
        values = self.form.values()
        changed: Mapping[str, Any] = {
            key: _kept(name, values[name])
            for name, key in (
                ("idle", IDLE_SETTING),
                ("pin", PIN_SETTING),
                ("person", PEOPLE_SETTING),
                ("worker", WORKER_SETTING),
            )
            if values[name] != self._shown.get(name)
        }

        def done(changes: Changes) -> None:
            self._shown = values
            self._saved("The choices are saved.", changes)

        keep_choices(self, self._session, self.form, changed, done)


def _kept(name: str, value: str) -> int | bool | str:
    match name:
        case "idle":
            return int(value)
        case "pin":
            return value == "yes"
        case _:
            return value


_MINUTES = range(LEAST_MINUTES, MOST_MINUTES + 1)
