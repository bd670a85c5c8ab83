"""How many people are at each stage, as bars: each bar, and each row of its table, leads to those people."""

from collections.abc import Mapping
from typing import Final

from wellbeing_desktop.storage.stages import stages
from wellbeing_desktop.ui.chart_data import ChartData, Series

NOBODY: Final = "Nobody to count"


def stage_chart(counts: Mapping[str, int]) -> ChartData:
    """Every stage, those with nobody too; the title says where most are."""
    total = sum(counts.values())
    words = dict(stages())
    title = NOBODY
    if total:
        most = max(words, key=lambda stage: counts.get(stage, 0))
        people = "1 person" if total == 1 else f"{total:,} people"
        title = f"{words[most]}: {counts[most]:,} of {people}"
    return ChartData(
        kind="progress",
        title=title,
        labels=tuple(words.values()),
        series=(Series("People", tuple(float(counts.get(stage, 0)) for stage in words)),),
        label_heading="Stage",
        top=float(max(counts.values(), default=0)),
    )


def stage_at(number: int) -> str:
    """The stage of a bar."""
    return stages()[number][0]
