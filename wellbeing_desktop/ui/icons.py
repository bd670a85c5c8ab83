"""Lucide icons (ISC licence) painted in a theme colour. An icon never stands without words or an accessible name."""

import functools

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from wellbeing_desktop.domain.resources import resource
from wellbeing_desktop.ui.tokens import ICON_SIZE


@functools.lru_cache(maxsize=512)
def pixmap(name: str, colour: str, size: int = ICON_SIZE, gap: int = 0) -> QPixmap:
    """The icon `name` (a file of resources/icons without its ending) drawn at twice `size` for sharp screens.

    `gap` is empty room at its right, in pixels: Qt puts words too near an icon in a styled button.
    """
    svg = resource(f"icons/{name}.svg").read_text(encoding="utf-8").replace("currentColor", colour)
    renderer = QSvgRenderer(QByteArray(svg.encode("utf-8")))
    drawn = QPixmap((size + gap) * 2, size * 2)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    renderer.render(painter, QRectF(0, 0, size * 2, size * 2))
    painter.end()
    drawn.setDevicePixelRatio(2.0)
    return drawn


def icon(name: str, colour: str, size: int = ICON_SIZE, gap: int = 0, *, disabled: str = "") -> QIcon:
    """The same as a QIcon, for buttons and navigation; `disabled` is its colour where the button cannot be pressed."""
    made = QIcon(pixmap(name, colour, size, gap))
    if disabled:
        made.addPixmap(pixmap(name, disabled, size, gap), QIcon.Mode.Disabled)
    return made
