"""One chart painted by us: line, bar, stacked bar, band or progress.

Values are printed on the points; series differ by shape or hatching and by their printed name, never by colour alone.
"""

import itertools
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from wellbeing_desktop.ui.chart_data import ChartData, axis_top, shown
from wellbeing_desktop.ui.theme import tabular, theme

_HATCHES: Final = (
    Qt.BrushStyle.SolidPattern,
    Qt.BrushStyle.BDiagPattern,
    Qt.BrushStyle.Dense6Pattern,
    Qt.BrushStyle.CrossPattern,
    Qt.BrushStyle.FDiagPattern,
    Qt.BrushStyle.HorPattern,
)


class ChartArea(QWidget):
    """Paints one ChartData in the colours and text size of the theme."""

    def __init__(self, data: ChartData) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme().changed.connect(self._restyled)
        self.show_data(data)

    def show_data(self, data: ChartData) -> None:
        self.data = data
        self.setAccessibleName(data.title)
        self.setAccessibleDescription(data.description())
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        line = self.fontMetrics().height()
        if self.data.kind == "progress":
            return QSize(line * 16, round(len(self.data.labels) * line * 2.6) + 4)
        # several lines cross: their figures need more room between them
        return QSize(line * 18, line * (12 if len(self.data.series) > 2 else 9) + (line * 3 if self._has_key() else 0))

    def minimumSizeHint(self) -> QSize:
        hint = self.sizeHint()
        return QSize(self.fontMetrics().height() * 10, hint.height())

    def _restyled(self) -> None:
        self.updateGeometry()
        self.update()

    def _has_key(self) -> bool:
        return len(self.data.series) > 1

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(tabular(self.font()))
        if self.data.kind == "progress":
            self._paint_progress(painter)
            return
        metrics = QFontMetricsF(painter.font())
        line = metrics.height()
        top = axis_top(self.data)
        key_lines = self._key_lines(metrics) if self._has_key() else []
        key_height = line * 1.5 * len(key_lines)
        left = max(metrics.horizontalAdvance(shown(v)) for v in (0, top / 2, top)) + 10
        right = 8.0
        if self.data.bands:
            right += max(metrics.horizontalAdvance(band.name) for band in self.data.bands) + 8
        plot = QRectF(left, line * 1.3, self.width() - left - right, self.height() - line * 2.9 - key_height)
        self._paint_ground(painter, plot, top, metrics)
        if self.data.kind in ("line", "band"):
            self._paint_lines(painter, plot, top, metrics)
        else:
            self._paint_bars(painter, plot, top, metrics)
        self._paint_labels(painter, plot, metrics)
        if self._has_key():
            top_of_key = self.height() - key_height
            for at, numbers in enumerate(key_lines):
                area = QRectF(0, top_of_key + at * line * 1.5, self.width(), line * 1.5)
                self._paint_key(painter, numbers, area, metrics)

    def _colour(self, number: int) -> QColor:
        series = theme().tokens.series
        return QColor(series[number % len(series)])

    def _brush(self, number: int) -> QBrush:
        return QBrush(self._colour(number), _HATCHES[number % len(_HATCHES)])

    def _paint_ground(self, painter: QPainter, plot: QRectF, top: float, metrics: QFontMetricsF) -> None:
        t = theme().tokens
        for number, band in enumerate(self.data.bands):
            area = QRectF(plot)
            area.setTop(plot.bottom() - plot.height() * band.high / top)
            area.setBottom(plot.bottom() - plot.height() * band.low / top)
            painter.fillRect(area, QColor(t.sunken if number % 2 == 0 else t.surface))
            if band.low > 0:  # a line too: in high contrast both grounds are white
                painter.setPen(QPen(QColor(t.muted), 1, Qt.PenStyle.DashLine))
                painter.drawLine(area.bottomLeft(), area.bottomRight())
            painter.setPen(QColor(t.muted))
            words = QRectF(plot.right() + 8, area.top(), self.width() - plot.right() - 8, area.height())
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, band.name)
        for value in (0, top / 2, top):
            y = plot.bottom() - plot.height() * value / top
            painter.setPen(QPen(QColor(t.line), 1))
            painter.drawLine(QPointF(plot.left(), round(y) + 0.5), QPointF(plot.right(), round(y) + 0.5))
            painter.setPen(QColor(t.muted))
            words = QRectF(0, y - metrics.height() / 2, plot.left() - 8, metrics.height())
            painter.drawText(words, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, shown(value))

    def _centre(self, plot: QRectF, at: int) -> float:
        return plot.left() + plot.width() * (at + 0.5) / max(1, len(self.data.labels))

    def _paint_lines(self, painter: QPainter, plot: QRectF, top: float, metrics: QFontMetricsF) -> None:
        taken: list[QRectF] = []
        for number, series in enumerate(self.data.series):
            colour = self._colour(number)
            dashes = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine, Qt.PenStyle.DashDotLine)
            points = [
                None if value is None else QPointF(self._centre(plot, at), plot.bottom() - plot.height() * value / top)
                for at, value in enumerate(series.values)
            ]
            painter.setPen(QPen(colour, 2, dashes[number % len(dashes)]))
            for one, other in itertools.pairwise(points):
                if one is not None and other is not None:  # a gap stays a gap: nothing was recorded between
                    painter.drawLine(one, other)
            for point, value in zip(points, series.values, strict=True):
                if point is not None:
                    self._paint_mark(painter, point, number)
                    self._paint_value(painter, point, shown(value), metrics, taken)

    def _paint_mark(self, painter: QPainter, point: QPointF, number: int) -> None:
        painter.setPen(QPen(QColor(theme().tokens.surface), 1.5))
        painter.setBrush(self._colour(number))
        x, y, r = point.x(), point.y(), 5.0
        if number % 4 == 0:
            painter.drawEllipse(point, r, r)
        elif number % 4 == 1:
            painter.drawRect(QRectF(x - r, y - r, 2 * r, 2 * r))
        elif number % 4 == 2:
            painter.drawPolygon(
                QPolygonF([QPointF(x, y - r - 1), QPointF(x + r + 1, y + r), QPointF(x - r - 1, y + r)])
            )
        else:
            far = r + 1.5
            painter.drawPolygon(
                QPolygonF([QPointF(x, y - far), QPointF(x + far, y), QPointF(x, y + far), QPointF(x - far, y)])
            )
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _paint_value(
        self, painter: QPainter, point: QPointF, text: str, metrics: QFontMetricsF, taken: list[QRectF]
    ) -> None:
        width = metrics.horizontalAdvance(text) + 2
        above = QRectF(point.x() - width / 2, point.y() - metrics.height() - 6, width, metrics.height())
        below = above.translated(0, metrics.height() + 12)
        place = next((each for each in (above, below) if not any(each.intersects(o) for o in taken)), None)
        if place is None:
            return  # the table holds it; two numbers over each other tell nobody anything
        taken.append(place)
        painter.fillRect(place, QColor(theme().tokens.surface))  # a grid line through a figure makes it hard to read
        painter.setPen(QColor(theme().tokens.text))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_bars(self, painter: QPainter, plot: QRectF, top: float, metrics: QFontMetricsF) -> None:
        group = plot.width() / max(1, len(self.data.labels)) * 0.7
        count = 1 if self.data.kind == "stacked" else max(1, len(self.data.series))
        width = min(group / count, 64.0)
        for at in range(len(self.data.labels)):
            base, total = plot.bottom(), 0.0
            for number, series in enumerate(self.data.series):
                value = series.values[at]
                if value is None:
                    continue
                height = plot.height() * value / top
                offset = 0.0 if self.data.kind == "stacked" else number * width
                bar = QRectF(self._centre(plot, at) - width * count / 2 + offset, base - height, width - 2, height)
                painter.setPen(QPen(self._colour(number), 1))
                painter.setBrush(self._brush(number))
                painter.drawRect(bar)
                total += value
                if self.data.kind == "stacked":
                    if height > metrics.height() + 2:
                        self._paint_inside(painter, bar, shown(value), metrics)
                    base -= height
                else:
                    self._paint_over(painter, bar, shown(value), metrics)
            if self.data.kind == "stacked":
                stack = QRectF(self._centre(plot, at) - width / 2, base, width, 0)
                self._paint_over(painter, stack, shown(total), metrics)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _paint_inside(self, painter: QPainter, bar: QRectF, text: str, metrics: QFontMetricsF) -> None:
        words = QRectF(0, 0, metrics.horizontalAdvance(text) + 8, metrics.height())
        words.moveCenter(bar.center())
        painter.fillRect(words, QColor(theme().tokens.surface))  # hatching under a figure makes it hard to read
        painter.setPen(QColor(theme().tokens.text))
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_over(self, painter: QPainter, bar: QRectF, text: str, metrics: QFontMetricsF) -> None:
        painter.setPen(QColor(theme().tokens.text))
        width = metrics.horizontalAdvance(text) + 4
        words = QRectF(bar.center().x() - width / 2, bar.top() - metrics.height() - 3, width, metrics.height())
        painter.fillRect(words, QColor(theme().tokens.surface))
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_labels(self, painter: QPainter, plot: QRectF, metrics: QFontMetricsF) -> None:
        painter.setPen(QColor(theme().tokens.muted))
        widest = max((metrics.horizontalAdvance(words) for words in self.data.labels), default=0) + 8
        room = plot.width() / max(1, len(self.data.labels))
        every = max(1, -(-int(widest) // max(1, int(room))))  # as many labels as fit without touching
        for at, words in enumerate(self.data.labels):
            if at % every == 0:
                width = min(widest, max(room * every, widest))
                x = min(max(0.0, self._centre(plot, at) - width / 2), self.width() - width)
                area = QRectF(x, plot.bottom() + 6, width, metrics.height())
                painter.drawText(area, Qt.AlignmentFlag.AlignCenter, words)

    def _key_lines(self, metrics: QFontMetricsF) -> list[list[int]]:
        """The numbers of the series on each line of the key: a name is never cut off."""
        lines: list[list[int]] = [[]]
        used = 0.0
        for number, series in enumerate(self.data.series):
            width = metrics.horizontalAdvance(series.name) + 40
            if lines[-1] and used + width - 20 > self.width():
                lines.append([])
                used = 0.0
            lines[-1].append(number)
            used += width
        return lines

    def _paint_key(self, painter: QPainter, numbers: list[int], area: QRectF, metrics: QFontMetricsF) -> None:
        x = area.left()
        for number in numbers:
            series = self.data.series[number]
            if self.data.kind in ("line", "band"):
                self._paint_mark(painter, QPointF(x + 8, area.center().y()), number)
            else:
                painter.setPen(QPen(self._colour(number), 1))
                painter.setBrush(self._brush(number))
                painter.drawRect(QRectF(x + 1, area.center().y() - 6, 12, 12))
                painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QColor(theme().tokens.text))
            width = metrics.horizontalAdvance(series.name)
            words = QRectF(x + 20, area.top(), width + 2, area.height())
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, series.name)
            x += width + 40

    def _paint_progress(self, painter: QPainter) -> None:
        t = theme().tokens
        metrics = QFontMetricsF(painter.font())
        top = axis_top(self.data)
        row = self.height() / max(1, len(self.data.labels))
        for at, (words, value) in enumerate(zip(self.data.labels, self.data.series[0].values, strict=True)):
            y = at * row
            number = f"{shown(value)} of {shown(top)}" if value is not None else shown(value)
            room = self.width() - metrics.horizontalAdvance(number) - 12
            painter.setPen(QColor(t.text))
            name = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)
            painter.drawText(QRectF(0, y, room, metrics.height()), Qt.AlignmentFlag.AlignLeft, name)
            side = Qt.AlignmentFlag.AlignRight
            painter.drawText(QRectF(0, y, self.width() - 1, metrics.height()), side, number)
            track = QRectF(0.5, y + metrics.height() + 5, self.width() - 1, max(8.0, metrics.height() * 0.5))
            painter.setPen(QPen(QColor(t.edge), 1))
            painter.setBrush(QColor(t.sunken))
            painter.drawRoundedRect(track, 4, 4)
            if value:
                filled = QRectF(track)
                filled.setWidth(track.width() * min(1.0, value / top))
                painter.setBrush(QColor(t.accent))
                painter.setPen(Qt.PenStyle.NoPen)
                painter.drawRoundedRect(filled, 4, 4)
            painter.setBrush(Qt.BrushStyle.NoBrush)
