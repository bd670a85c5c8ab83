"""The sync line, bottom left: words and an icon, always; a click or F5 syncs now (UX section 4)."""

from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy

from wellbeing_desktop.ui import icons
from wellbeing_desktop.ui.theme import theme
from wellbeing_desktop.ui.tokens import SPACE_S, SPACE_XS
from wellbeing_desktop.ui.widgets import buttons, labels, messages

State = Literal["up_to_date", "sending", "offline", "cannot_send", "local_only", "not_known"]

_LOOK: Final[dict[State, tuple[str, labels.Tone]]] = {
    "up_to_date": ("circle-check", "plain"),
    "sending": ("refresh-cw", "plain"),
    "offline": ("cloud-off", "warning"),
    "cannot_send": ("circle-alert", "bad"),
    "local_only": ("lock", "plain"),
    "not_known": ("info", "plain"),
}


@dataclass(frozen=True)
class SyncState:
    """What the line says. `at` is ready words ("10:42", "today 08:12"); counts are changes, not bytes."""

    state: State = "not_known"
    at: str = ""
    waiting: int = 0
    sent: int = 0
    total: int = 0
    reason: str = ""
    said: str = ""
    """The whole sentence, where somebody else has made it (the sync runner)."""

    def words(self) -> str:
        """The sentence of the line."""
        if self.said:
            return self.said
        if self.state == "up_to_date":
            return f"Up to date {self.at}".strip()
        if self.state == "sending":
            return f"Sending {self.sent:,} of {self.total:,}"
        if self.state == "offline":
            parts = ["Working offline.", _waiting(self.waiting), f"Last sync {self.at}" if self.at else ""]
            return " ".join(filter(None, parts))
        if self.state == "cannot_send":
            return f"Cannot send: {self.reason or 'the reason is not known'}"
        if self.state == "local_only":
            return "Kept on this computer only"
        return "Sync state not known"


def _waiting(count: int) -> str:
    if count == 0:
        return "Nothing waiting to send."
    return "1 change waiting." if count == 1 else f"{count:,} changes waiting."


class SyncLine(QFrame):
    """The foot of the window: sync state left, the draft's words, then two reminders of keys."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("syncLine")
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_S, SPACE_XS - 1, SPACE_S, SPACE_XS - 1)
        row.setSpacing(SPACE_S)
        self.button = buttons.quiet("")
        self.button.setProperty("kind", "sync")
        self.button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.button.setAccessibleDescription("Sync now")
        self.at_risk = buttons.quiet("")
        self.at_risk.setProperty("kind", "sync")
        self.at_risk.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.at_risk.setAccessibleDescription("Show concerns that are not closed")
        self.at_risk.hide()
        self.draft = labels.muted("", wrap=False)
        self.hints = labels.muted("Ctrl+K find   F1 help", wrap=False)
        row.addWidget(self.button)
        row.addWidget(self.at_risk)
        row.addWidget(self.draft)
        row.addStretch()
        row.addWidget(self.hints)
        self.state = SyncState()
        theme().changed.connect(self._paint)
        self._paint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() is QEvent.Type.LayoutRequest:  # other words, another size of text
            self._fit()
        return done

    def _fit(self) -> None:
        """Where there is no room for all, the reminders of keys go first, then the draft's words (they stand beside Save
        too), and last the end of the sync words, which are said whole and shown on pointing at them."""
        room = self.width() - 2 * SPACE_S
        room -= self.at_risk.sizeHint().width() + SPACE_S if self.at_risk.isVisibleTo(self) else 0
        whole, metrics = self.state.words(), self.button.fontMetrics()
        frame = self.button.sizeHint().width() - metrics.horizontalAdvance(self.button.text())
        words = whole
        if frame + metrics.horizontalAdvance(whole) > room:
            words = metrics.elidedText(whole, Qt.TextElideMode.ElideRight, max(0, room - frame))
        if words != self.button.text():
            self.button.setText(words)
            self.button.setToolTip("" if words == whole else whole)
        room -= frame + metrics.horizontalAdvance(words)
        for part in (self.draft, self.hints):
            room -= part.sizeHint().width() + SPACE_S
            part.setVisible(room >= 0)

    def show_state(self, state: SyncState) -> None:
        """New words and icon; a screen reader is told when the kind of state changes, not at every count."""
        changed = state.state != self.state.state
        self.state = state
        self._paint()
        if changed and self.isVisible():
            messages.announce(self.button, state.words())

    def show_at_risk(self, count: int) -> None:
        """People at risk without an outcome stay here until they have one (PRACTICE W6)."""
        words = f"{count:,} at risk: no outcome yet" if count else ""
        self.at_risk.setText(words)
        self.at_risk.setAccessibleName(words)
        self.at_risk.setVisible(count > 0)

    def _paint(self) -> None:
        icon, tone = _LOOK[self.state.state]
        t = theme().tokens
        self.button.setText(self.state.words())
        self.button.setToolTip("")
        self.button.setAccessibleName(self.state.words())
        size = round(16 * max(1.0, theme().scale))
        colour = t.text if tone == "plain" else labels.tone_colour(t, tone)
        self.button.setIcon(icons.icon(icon, colour, size, SPACE_XS))
        self.button.setIconSize(QSize(size + SPACE_XS, size))
        labels.set_tone(self.button, tone)
        self.at_risk.setIcon(icons.icon("shield-alert", labels.tone_colour(t, "bad"), size, SPACE_XS))
        self.at_risk.setIconSize(QSize(size + SPACE_XS, size))
        labels.set_tone(self.at_risk, "bad")
