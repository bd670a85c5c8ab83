"""Nothing typed is ever lost: watches a form and hands what it holds to the store (UX section 1, rule 2)."""

from collections.abc import Callable, Mapping
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from wellbeing_desktop.ui.widgets.form import Form

WITHIN_MS: Final = 900
"""From the first unsaved key to the hand-over: under the promised second, with room for the store's queue."""

SaveDraft = Callable[[str, dict[str, str]], object]
"""(draft key, values by field name). It only queues the write; `DraftKeeper.confirm` is called when it is durable."""


class DraftKeeper(QObject):
    """One for each open form. `draft_key` names the form and record, for example `contact:<person id>`."""

    saved = Signal(str)
    """Words for the draft line, after the store said the draft is durable."""

    def __init__(self, form: Form, draft_key: str, save: SaveDraft, *, now_words: Callable[[], str]) -> None:
        """`now_words` gives the time as it is shown, "10:42"."""
        super().__init__(form)
        self._form = form
        self.draft_key = draft_key
        self._save = save
        self._now_words = now_words
        self._last: dict[str, str] = form.values()
        self._timer = QTimer(self, singleShot=True, interval=WITHIN_MS)
        self._timer.timeout.connect(self.save_now)
        self._stopped = False
        form.edited.connect(self._edited)
        form.left.connect(self.save_now)
        self.saved.connect(form.set_draft_line)

    def save_now(self) -> None:
        """Hands over what is typed if it has changed since the last time: on focus change, lock, close."""
        self._timer.stop()
        values = self._form.values()
        if self._stopped or values == self._last:
            return
        self._last = values
        self._save(self.draft_key, dict(values))

    def confirm(self) -> None:
        """Call when the store has the draft: only now does the form say so."""
        if not self._stopped:
            self.saved.emit(f"Draft saved on this laptop {self._now_words()}")

    def restore(self, kept: Mapping[str, str] | None) -> bool:
        """Puts a kept draft back into its fields; False when there is none."""
        if not kept:
            return False
        self._form.set_values(kept)
        self._last = self._form.values()
        return True

    def finish(self) -> None:
        """The record was saved: no draft of it may be written after this."""
        self._timer.stop()
        self._stopped = True
        self._form.set_draft_line("")

    def begin_again(self) -> None:
        """After `finish`, when the same form is used for the next record."""
        self._last = self._form.values()
        self._stopped = False

    def _edited(self) -> None:
        # not restarted by later keys: someone who types without pause is still saved within the second
        if not self._timer.isActive() and not self._stopped:
            self._timer.start()
