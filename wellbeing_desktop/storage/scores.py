"""The numbers of questionnaires over time, as they read now and through joined records."""

import datetime as dt
from typing import Final

import msgspec

from wellbeing_desktop.domain.assessment import Score
from wellbeing_desktop.domain.definition import Compartment
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.effective import effective_of
from wellbeing_desktop.storage.grants import require_hold
from wellbeing_desktop.storage.joined import ids_of


class ScorePoint(msgspec.Struct, frozen=True, kw_only=True):
    """One number: `scale` of a questionnaire on a day. `amended` when it was put right after it was saved."""

    id: str
    assessment_id: str
    scale: str
    taken_on: dt.date
    value: int
    amended: bool


def scores(reader: Reader, person_id: str, tool: str) -> list[ScorePoint]:
    """Every score of one questionnaire about somebody, oldest first, then in the order they were saved. Refused to whoever may not hold
    this person's core."""
    require_hold(reader, person_id, Compartment.CORE)
    ids = [found[0] for found in reader.rows(_IDS, (msgspec.json.encode(ids_of(reader, person_id)).decode(), tool))]
    points = []
    for id, now in effective_of(reader, Score, ids).items():
        body = now.body
        if isinstance(body.get("value"), int) and body.get("taken_on"):
            points.append(
                ScorePoint(
                    id=id,
                    assessment_id=body.get("assessment_id", ""),
                    scale=body.get("scale", ""),
                    taken_on=dt.date.fromisoformat(body["taken_on"]),
                    value=body["value"],
                    amended=bool(now.amended),
                )
            )
    return sorted(points, key=lambda point: (point.taken_on, point.id))


_IDS: Final = (
    "SELECT id FROM live_score WHERE subject IN (SELECT value FROM json_each(?)) AND tool = ? ORDER BY taken_on, id"
)
_TOOLS: Final = (
    "SELECT DISTINCT tool FROM live_score WHERE subject IN (SELECT value FROM json_each(?)) AND tool IS NOT NULL"
    " ORDER BY tool"
)
