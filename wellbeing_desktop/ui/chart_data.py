"""What a chart shows, as plain data, and how its values read in words and figures."""

from dataclasses import dataclass
from typing import Literal

ChartKind = Literal["line", "bar", "stacked", "band", "progress"]


@dataclass(frozen=True)
class Series:
    """One row of values, one for each of the chart's labels; None where nothing was recorded."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class Band:
    """A named range of the value axis, for example "Low" from 0 to 4."""

    name: str
    low: float
    high: float


@dataclass(frozen=True)
class ChartData:
    """What a chart shows. `kind` "progress" is one series of shares from 0 to `top`, one bar for each label.

    `top` is the end of the value axis (10 for ONS4); 0 finds a round number above the greatest value.
    """

    kind: ChartKind
    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str = ""
    label_heading: str = "When"
    top: float = 0
    bands: tuple[Band, ...] = ()

    def description(self) -> str:
        """The whole chart in words, for a screen reader."""
        parts = [self.title]
        for series in self.series:
            values = ", ".join(f"{at} {shown(value)}" for at, value in zip(self.labels, series.values, strict=True))
            parts.append(f"{series.name}{f' in {self.unit}' if self.unit else ''}: {values}")
        return ". ".join(parts)


def shown(value: float | None) -> str:
    """A value as printed: "6", "6.5", "1,204", "not recorded"."""
    if value is None:
        return "not recorded"
    return f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"


def axis_top(data: ChartData) -> float:
    """The end of the value axis: `top`, or a round number at or above the greatest value (or total of a stack)."""
    if data.top:
        return data.top
    if data.kind == "stacked":
        greatest = max((sum(s.values[at] or 0 for s in data.series) for at in range(len(data.labels))), default=0)
    else:
        greatest = max((value or 0 for series in data.series for value in series.values), default=0)
    size = 1.0
    while size * 10 <= greatest:
        size *= 10
    return next((size * step for step in (1, 2, 4, 5, 10) if size * step >= greatest), 10 * size) if greatest else 1
