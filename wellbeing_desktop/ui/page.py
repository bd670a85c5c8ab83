"""What the main window knows of a screen. Every screen is one file with one subclass of `Page`."""

import itertools
from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.ui.commands import Command
from wellbeing_desktop.ui.tokens import SPACE_L, SPACE_M, SPACE_XL

_living: Final[dict[int, "Page"]] = {}
_numbers: Final = itertools.count()


class ScrollBody(QWidget):
    """What scrolls. Its height follows from its width alone: held also to the height of its words in the narrowest
    columns, as Qt would, most forms had an empty stretch to scroll through."""

    def minimumSizeHint(self) -> QSize:
        least, layout = super().minimumSizeHint(), self.layout()
        return QSize(least.width(), 0) if layout is not None and layout.hasHeightForWidth() else least


class Page(QWidget):
    """One screen. The window makes it on first visit, then shows and hides it.

    Put widgets into `self.body` (it scrolls), or into `self.outer` for what must not scroll (the person banner above,
    the row with Save below).
    """

    title: str = ""
    """Said by the navigation, the palette and help; never a person's name."""
    nav_key: str = ""
    """Its name in `shell.go(nav_key)`."""
    section_key: str = ""
    """The row of the navigation that it lights when that is another page's; `nav_key` when empty."""
    help_key: str = ""
    """The file resources/help/<help_key>.md that F1 shows; `nav_key` when empty."""
    phrase_place: str = ""
    """Where its quick phrases are from (code list `phrase_places`); empty where none are offered."""

    go = Signal(str, str)
    """Ask the window for another page: (nav_key, argument). The argument is an id, never a name."""
    draft_state = Signal(str)
    """Words for the sync line's neighbour, "Draft saved on this laptop 10:42"."""

    def __init__(self, parent: QWidget | None = None, *, scrolls: bool = True) -> None:
        super().__init__(parent)
        # A page ends when Qt deletes it, never with its last Python reference. A stack gives a page that it lets go
        # back to Python, and what then still holds it are connections of its own parts (`clicked.connect(partial(
        # self...))`). The part that is deleted first would drop the last of them inside its own destructor: the page
        # would delete that part a second time.
        number = next(_numbers)
        _living[number] = self
        self.destroyed.connect(partial(_living.pop, number))
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("shows_messages", True)
        self.outer = QVBoxLayout(self)
        self.outer.setContentsMargins(0, 0, 0, 0)
        self.outer.setSpacing(0)
        holder = ScrollBody() if scrolls else QWidget()
        holder.setObjectName("scrollBody")
        self.body = QVBoxLayout(holder)
        self.body.setContentsMargins(SPACE_XL, SPACE_L, SPACE_XL, SPACE_L)
        self.body.setSpacing(SPACE_M)
        self.scroll_area: QScrollArea | None = None
        if scrolls:
            area = QScrollArea()
            area.setViewport(QWidget())  # one that Python knows: see import_cost.meet_what_qt_made
            area.setWidgetResizable(True)
            area.setFrameShape(QFrame.Shape.NoFrame)
            area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            area.setWidget(holder)
            self.scroll_area = area
            self.outer.addWidget(area, 1)
        else:
            self.outer.addWidget(holder, 1)

    def on_shown(self, argument: str = "") -> None:
        """The page came to the front; `argument` is the id it is asked to show. Ask the store here, not before."""

    def refresh(self, changes: Changes) -> None:
        """Something changed. Look with `changes.touches(...)`; never refill a form that is being edited."""

    def can_leave(self) -> bool:
        """False keeps the page in front, with the reason already shown in it. A draft is never a reason."""
        return True

    def save_draft(self) -> None:
        """Hands what is typed to the store now: before lock, close and leaving."""

    def commands(self) -> Sequence[Command]:
        """What this page can do by key and in the palette; see `ui.commands.for_page`."""
        return ()

    def panes(self) -> Sequence[QWidget]:
        """The parts that F6 goes through; each gives the keyboard to its first control."""
        return (self,)

    def on_visit_mode(self, on: bool) -> None:
        """Visit mode was turned on or off: one column, the main action bottom right, no side lists."""

    def first_control_focus(self) -> None:
        """Gives the keyboard to the first control of the page in Tab order, or to the page when it has none."""
        step = self.nextInFocusChain()
        while step is not None and step is not self and self.isAncestorOf(step):
            if step.isVisibleTo(self) and step.isEnabled() and step.focusPolicy() & Qt.FocusPolicy.TabFocus:
                step.setFocus(Qt.FocusReason.OtherFocusReason)
                return
            step = step.nextInFocusChain()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def first_focus(self) -> QWidget | None:
        """The control that gets the keyboard when the page comes to the front; None for the first in Tab order."""
        return None
