"""A bar chart whose bars are buttons: words, bar, figure on one line; pressing one shows whom it counts (O3)."""

from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout

from wellbeing_desktop.ui.chart_area import ChartArea
from wellbeing_desktop.ui.chart_data import ChartData, axis_top, shown
from wellbeing_desktop.ui.theme import tabular, theme
from wellbeing_desktop.ui.tokens import SPACE_M, SPACE_S, SPACE_XS
from wellbeing_desktop.ui.widgets import buttons


class Bar(buttons.IconButton):
    """One label of the chart with its value. What is drawn is what is said: the words and the figure."""

    def __init__(self) -> None:
        super().__init__("", "quiet", None)
        self._words, self._value, self._top, self._room = "", 0.0, 1.0, ("", "")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_value(self, words: str, value: float, top: float, room: tuple[str, str]) -> None:
        """`room` are the longest words and the longest figure of the chart, so that its bars begin and end together."""
        self._words, self._value, self._top, self._room = words, value, top, room
        self.setAccessibleName(f"{words}: {shown(value)}")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        width = sum(self._widths(metrics)) + 10 * metrics.averageCharWidth() + 2 * (SPACE_M + SPACE_S)
        return QSize(width, max(28, round(metrics.height() * 1.6)))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)  # its ground, when the mouse is over it
        t, metrics = theme().tokens, self.fontMetrics()
        words, figure = self._widths(metrics)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(tabular(self.font()))
        painter.setPen(QColor(t.text))
        line = QRectF(SPACE_S, 0, self.width() - 2 * SPACE_S, self.height())
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(line, middle | Qt.AlignmentFlag.AlignLeft, self._words)
        painter.drawText(line, middle | Qt.AlignmentFlag.AlignRight, shown(self._value))
        high = max(8.0, metrics.height() * 0.6)
        track = QRectF(line.left() + words + SPACE_M, (self.height() - high) / 2, 0, high)
        track.setRight(line.right() - figure - SPACE_M)
        painter.setPen(QPen(QColor(t.edge), 1))
        painter.setBrush(QColor(t.sunken))
        painter.drawRoundedRect(track, 4, 4)
        if self._value:
            track.setWidth(max(4.0, track.width() * min(1.0, self._value / self._top)))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(t.accent))
            painter.drawRoundedRect(track, 4, 4)

    def _widths(self, metrics: QFontMetrics) -> tuple[int, int]:
        words, figure = self._room
        return metrics.horizontalAdvance(words) + 4, metrics.horizontalAdvance(figure) + 8


class PressableBars(ChartArea):
    """Give it to `ChartCard` as its area; it shows the first series of its data. `pressed` carries the bar's number."""

    pressed = Signal(int)

    def __init__(self, data: ChartData) -> None:
        self.bars: list[Bar] = []
        super().__init__(data)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_data(self, data: ChartData) -> None:
        column = self.layout()
        if column is None:
            column = QVBoxLayout(self)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(SPACE_XS)
        while len(self.bars) < len(data.labels):
            bar = Bar()
            bar.clicked.connect(partial(self._press, len(self.bars)))
            self.bars.append(bar)
            column.addWidget(bar)
        values = [value or 0.0 for value in data.series[0].values]
        widest = self.fontMetrics().horizontalAdvance
        room = (max(data.labels, key=widest, default=""), max(map(shown, values), key=widest, default=""))
        for at, bar in enumerate(self.bars):
            bar.setVisible(at < len(values))
            if at < len(values):
                bar.show_value(data.labels[at], values[at], axis_top(data), room)
        super().show_data(data)

    def sizeHint(self) -> QSize:
        column = self.layout()
        return column.sizeHint() if column is not None else QSize()

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Its bars paint themselves."""

    def _press(self, at: int, _checked: bool = False) -> None:
        self.pressed.emit(at)
