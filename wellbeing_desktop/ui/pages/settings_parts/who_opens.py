"""Who can open this store, by the files that are there; and taking up another recovery key that the server names."""

from collections.abc import Callable
from functools import partial
from typing import Final

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from wellbeing_desktop.domain.errors import Refused, StoreProblem
from wellbeing_desktop.domain.six_groups import six_groups
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.envelope import read_user_envelope
from wellbeing_desktop.storage.organisation_key import (
    FROM_POLICY,
    FROM_SERVER,
    FROM_USER,
    Belief,
    belief,
    other_key_words,
)
from wellbeing_desktop.storage.organisation_part import part_is_whole
from wellbeing_desktop.storage.sealed import kit_opens
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.storage.sync_state import has_organisation
from wellbeing_desktop.sync.client.organisation_key import accept_offered, policy_key
from wellbeing_desktop.ui.entry.opening import in_background
from wellbeing_desktop.ui.tokens import SPACE_M
from wellbeing_desktop.ui.widgets import buttons, cards, fields, labels, messages
from wellbeing_desktop.ui.widgets.form import Form

_MOST_LINES: Final = 5
_NAMED_BY: Final = {
    FROM_POLICY: "Your organisation set this key in this computer's policy file.",
    FROM_SERVER: "The server named this key first, and it stays. Compare it with a sheet when you see one.",
    FROM_USER: "You compared this key with a sheet and took it up.",
}


class Openers(msgspec.Struct, frozen=True):
    """What can open this store. `has_part` is whether the organisation's part is there and whole."""

    is_bound: bool = False
    has_kit: bool = True
    is_joined: bool = False
    known: Belief = Belief()
    has_part: bool = False
    is_set_by_policy: bool = False

    def lines(self) -> tuple[str, ...]:
        keyring = " and this computer's keyring" if self.is_bound else ""
        first = f"You, with your passphrase{keyring}."
        kit = (
            "Whoever holds the recovery kit that was printed last."
            if self.has_kit
            else "No recovery kit opens it. Make one below."
        )
        if not self.is_joined:
            return first, kit, "Nobody else: this store is on this computer only."
        if not self.known.key:
            return (
                first,
                kit,
                "Nobody at your organisation by itself: it has given no recovery key.",
                "If your organisation ends this laptop's access, the kit still opens the store.",
            )
        whole = "" if self.has_part else " Its part is missing or damaged: sync, and it is written again."
        return (
            first,
            kit,
            f"Your organisation, with two of the three sheets of its recovery key {self.known.groups}.{whole}",
            _NAMED_BY.get(self.known.source, ""),
            "If your organisation ends this laptop's access, two sheets open the store and the kit does not.",
        )


class WhoOpensPart(QWidget):
    """`said` gives a sentence when another key was taken up."""

    said = Signal(str)

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_M)
        self.card = cards.Card("Who can open this store")
        column.addWidget(self.card)
        self._lines = [labels.body("", selectable=True) for _line in range(_MOST_LINES)]
        for line in self._lines:
            line.hide()
            self.card.body.addWidget(line)
        self.other = cards.Card("Another recovery key")
        self.other_words = labels.body("", selectable=True)
        self.other.body.addWidget(self.other_words)
        self.form = Form()
        self.form.add(
            "groups",
            "Si&x groups on the sheet",
            fields.line(),
            help_text="Ask somebody who keeps a sheet to read out its six groups of four digits. Type what you hear.",
            required=True,
        )
        self.form.add("passphrase", "Your passphrase, for the ot&her key", fields.secret(), required=True)
        self.button = buttons.secondary("Use the other key from now &on", self.accept)
        self.form.add_actions(self.button)
        self.other.body.addWidget(self.form)
        column.addWidget(self.other)
        self.other.hide()

    def show_state(self) -> None:
        """Reads the files and what is believed, off the GUI thread."""
        in_background(self, partial(openers_of, self._store), self.show_openers)

    def forget(self) -> None:
        self.form.set_values(dict.fromkeys(self.form.rows, ""))
        self.form.show_errors({})

    def show_openers(self, found: Openers) -> None:
        said = found.lines()
        for number, line in enumerate(self._lines):
            words = said[number] if number < len(said) else ""
            line.setText(words)
            line.setVisible(bool(words))
        self.other.setVisible(bool(found.known.offered))
        if not found.known.offered:
            return
        self.other_words.setText(other_key_words(found.known))
        self.form.setVisible(not found.is_set_by_policy)

    def accept(self) -> None:
        messages.clear(self)
        if not self.form.check():
            return
        values = self.form.values()
        self.button.setEnabled(False)
        work: Callable[[], Belief] = partial(accept_offered, self._store, values["passphrase"], values["groups"])
        in_background(self, work, self._accepted, self._refused)

    def _accepted(self, now: Belief) -> None:
        self.button.setEnabled(True)
        self.forget()
        self.show_state()
        self.said.emit(f"Two sheets of the key {six_groups(now.key)} open this store from now on.")

    def _refused(self, problem: BaseException) -> None:
        self.button.setEnabled(True)
        if isinstance(problem, StoreProblem) and problem.kind in ("wrong_passphrase", "wait"):
            self.form.set_values({"passphrase": ""})
            self.form.show_errors({"passphrase": f"{problem.message} {problem.advice}".strip()})
        elif isinstance(problem, Refused) and problem.field:
            self.form.show_errors({problem.field: problem.message})
        else:
            messages.show(self, problem)


def openers_of(store: Store) -> Openers:
    def read(reader: Reader) -> tuple[bool, Belief]:
        return has_organisation(reader), belief(reader)

    is_joined, known = store.read(read)
    try:
        is_bound = read_user_envelope(store.folder).needs_device_secret
    except StoreProblem:
        is_bound = False
    try:
        is_set = bool(policy_key())
    except Refused:
        is_set = True  # what is set is not known, so nobody chooses in its place
    has_part = bool(known.key) and part_is_whole(store.folder, known.key, store.identity)
    return Openers(is_bound, kit_opens(store.folder), is_joined, known, has_part, is_set)
