"""The focus ring: 3 px in two tones, so that it shows on every ground of every theme (UX section 7)."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPlainTextEdit, QTabBar, QWidget

from wellbeing_desktop.ui.tokens import FOCUS_INNER, RADIUS_CONTROL, Tokens

WIDTH = 3
_MOVES = {QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide}


class _Ring(QWidget):
    """Paints the two tones over the window; the mouse and assistive technology pass through it."""

    def __init__(self, window: QWidget, tokens: Callable[[], Tokens]) -> None:
        super().__init__(window)
        self.setObjectName("focusRing")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self._tokens = tokens
        self.outline = QRect()
        self.on_navigation = False

    def paintEvent(self, _event: QPaintEvent) -> None:
        t = self._tokens()
        outer = t.navigation_text if self.on_navigation else t.text
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = self.outline.toRectF()
        painter.setPen(QPen(QColor(outer), 1.5))
        painter.drawRoundedRect(area.adjusted(0.75, 0.75, -0.75, -0.75), RADIUS_CONTROL + 2, RADIUS_CONTROL + 2)
        painter.setPen(QPen(QColor(FOCUS_INNER), 1.5))
        painter.drawRoundedRect(area.adjusted(2.25, 2.25, -2.25, -2.25), RADIUS_CONTROL, RADIUS_CONTROL)


class FocusRing(QObject):
    """Keeps one ring round the control that has the keyboard.

    A text field always shows it. Another control shows it when the keyboard brought the focus: at the moment of
    a click a mouse button is down, which tells the two apart without watching every event of the program.
    """

    def __init__(self, app: QApplication, tokens: Callable[[], Tokens]) -> None:
        super().__init__(app)
        self._tokens = tokens
        self._ring: _Ring | None = None
        self._watched: list[QWidget] = []
        app.focusChanged.connect(self._move_to)

    def _move_to(self, _old: QWidget | None, new: QWidget | None) -> None:
        self._leave()
        if new is None or new.window() is new or new.focusPolicy() is Qt.FocusPolicy.NoFocus:
            return
        typed_into = isinstance(new, QLineEdit | QPlainTextEdit | QComboBox)
        if QApplication.mouseButtons() is not Qt.MouseButton.NoButton and not typed_into:
            return
        self._ring = _Ring(new.window(), self._tokens)
        # The ring dies with its window; forget it then, or the next focus change would touch a dead object.
        self._ring.destroyed.connect(self._forget)
        step: QWidget | None = new
        while step is not None:
            if step.objectName() == "navigation":
                self._ring.on_navigation = True
            step.installEventFilter(self)
            self._watched.append(step)
            step = None if step.isWindow() else step.parentWidget()
        if isinstance(new, QTabBar):
            new.currentChanged.connect(self._place, Qt.ConnectionType.UniqueConnection)
        self._place()

    def _forget(self) -> None:
        self._ring = None
        self._watched = []

    def _leave(self) -> None:
        ring, self._ring = self._ring, None
        watched, self._watched = self._watched, []
        for widget in watched:
            try:
                widget.removeEventFilter(self)
            except RuntimeError:  # the widget has gone; its filter went with it
                continue
        if ring is not None:
            ring.destroyed.disconnect(self._forget)
            ring.hide()
            ring.deleteLater()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() in _MOVES:
            self._place()
        return False

    @Slot()
    def _place(self) -> None:
        if self._ring is None or not self._watched:
            return
        target, window = self._watched[0], self._watched[-1]
        if not target.isVisible():
            self._ring.hide()
            return
        part = target.tabRect(target.currentIndex()) if isinstance(target, QTabBar) else target.rect()
        whole = QRect(target.mapTo(window, part.topLeft()), part.size()).adjusted(-WIDTH, -WIDTH, WIDTH, WIDTH)
        seen = QRect(whole)
        for ancestor in self._watched[1:]:
            # a scrolled-away control must not leave its ring over the banner above it
            area = QRect(ancestor.mapTo(window, QPoint(0, 0)), ancestor.size())
            seen = seen.intersected(area.adjusted(-WIDTH, -WIDTH, WIDTH, WIDTH))
        seen = seen.intersected(window.rect())
        self._ring.setGeometry(seen)
        self._ring.outline = whole.translated(-seen.topLeft())
        self._ring.setVisible(not seen.isEmpty())
        self._ring.raise_()
        self._ring.update()
