"""What the organisation chooses about services and articles: after how long to look again, and who may approve."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.operations.knowledge_rules import (
    ASK_SETTING,
    CHECK_SETTING,
    OWN_SETTING,
    ROOM_SETTING,
    KnowledgeRules,
)
from wellbeing_desktop.ui.pages.settings_parts.keeping import keep_choices
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.tokens import SPACE_M
from wellbeing_desktop.ui.widgets import buttons, cards, fields, labels
from wellbeing_desktop.ui.widgets.form import Form

_KEYS: Final = {"check": CHECK_SETTING, "room": ROOM_SETTING, "ask": ASK_SETTING, "own": OWN_SETTING}


class KnowledgePart(QWidget):
    """Each choice is a record of the organisation: it is sent to every laptop, and can be undone."""

    def __init__(self, session: Session, saved: Callable[[str, Changes], object]) -> None:
        """`saved` gets the words and the changes after a save."""
        super().__init__()
        self._session, self._saved = session, saved
        self._shown: dict[str, str] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACE_M, 0, 0)
        self.form = Form()
        self.form.begin_row()
        for name, words in (
            ("check", "Days until a service is to be checked again"),
            ("room", "Days for which its room is believed"),
            ("ask", "Days until we ask whether somebody got there"),
        ):
            field = self.form.add(name, words, fields.line())
            field.check = _whole
        self.form.end_row()
        self.form.add(
            "own",
            "Who may approve an article",
            fields.choice([("no", "Not who wrote it"), ("yes", "Also who wrote it")]),
            help_text="Where only one person signs in, that person approves.",
        )
        self.form.add_actions(buttons.primary("Save how we loo&k again", self.save))
        column.addWidget(cards.card("Services and articles", labels.body("These go to every laptop."), self.form))

    def show_kept(self, rules: KnowledgeRules) -> None:
        """What the store says now; a form that is being changed is left alone."""
        if self._shown and self.form.values() != self._shown:
            return
        self.form.set_values(
            {
                "check": str(rules.check_after_days),
                "room": str(rules.room_fades_days),
                "ask": str(rules.ask_after_days),
                "own": "yes" if rules.own_approval else "no",
            }
        )
        self._shown = self.form.values()

    def save(self) -> None:
        if not self.form.check():
            return
        values = self.form.values()
        changed: Mapping[str, Any] = {
            key: values[name] == "yes" if name == "own" else _whole(values[name])
            for name, key in _KEYS.items()
            if values[name] != self._shown.get(name)
        }

        def done(changes: Changes) -> None:
            self._shown = values
            self._saved("The choices are saved.", changes)

        keep_choices(self, self._session, self.form, changed, done)


def _whole(text: str) -> int:
    bare = text.strip()
    if not bare.isascii() or not bare.isdigit():
        raise Refused("Give a whole number of days, like 28.")
    return int(bare)
