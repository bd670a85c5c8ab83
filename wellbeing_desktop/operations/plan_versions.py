"""What changed between two agreed versions of a plan, in words, from the history that every record keeps.

A version is the plan as it stood when it was agreed, by the clocks of the laptops that wrote it.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.care_plan import ACTION, GOAL, PLAN_NARRATIVE, PlanNarrative
from wellbeing_desktop.domain.definition import RecordType
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.organisation import Practitioner
from wellbeing_desktop.operations.person_history import value_words
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.history import HistoryLine, history
from wellbeing_desktop.storage.records import load_all

NOW: Final = 0
"""In place of a version: the plan as it stands."""
_NOT_SHOWN: Final = frozenset({"plan_id", "goal_id", "position"})
_END_OF_TIME: Final = "9999"
_OF_PLAN: Final = {
    "plan_narrative": "SELECT id FROM plan_narrative WHERE plan_id = ? ORDER BY id",
    "goal": "SELECT id FROM goal WHERE plan_id = ? ORDER BY id",
    "action": "SELECT id FROM action WHERE plan_id = ? ORDER BY id",
}


class AgreedVersion(msgspec.Struct, frozen=True):
    """One version that was agreed: its number, when, and with whom."""

    number: int
    agreed_on: dt.date | None
    agreed_with: str
    at: str


class Difference(msgspec.Struct, frozen=True):
    """One heading, goal or action that differs. `before` or `after` is empty where it was not there."""

    kind: str
    heading: str
    before: str
    after: str

    @property
    def sentence(self) -> str:
        """`Goal changed`, `Action added`, `Words taken out`."""
        done = "changed" if self.before and self.after else "added" if self.after else "taken out"
        return f"{self.kind} {done}"


def agreed_versions(reader: Reader, plan_id: str) -> tuple[AgreedVersion, ...]:
    """The versions that were agreed, the oldest first."""
    body: dict[str, Any] = {}
    found = {}
    for line in history(reader, plan_id):
        _apply(body, line)
        number = line.patch.get("version")
        if isinstance(number, int):
            on = body.get("agreed_on")
            agreed_on = dt.date.fromisoformat(on) if isinstance(on, str) else None
            found[number] = AgreedVersion(number, agreed_on, str(body.get("agreed_with", "")), line.at_claimed)
    return tuple(found[number] for number in sorted(found))


def compare_versions(reader: Reader, plan_id: str, earlier: int, later: int) -> tuple[Difference, ...]:
    """Every heading, goal and action that is not the same in both; `NOW` is the plan as it stands.

    Refused when one of them was never agreed here.
    """
    moments = {version.number: version.at for version in agreed_versions(reader, plan_id)} | {NOW: _END_OF_TIME}
    for number in (earlier, later):
        if number not in moments:
            raise Refused(f"Version {number} of this plan is not on this laptop.")
    names = {one.id: one.name for one in load_all(reader, Practitioner)}
    span = moments[earlier], moments[later]
    differences: list[Difference] = []
    for id in _ids(reader, PLAN_NARRATIVE, plan_id):
        differences += _words(*(_body_at(reader, id, moment) for moment in span))
    for record_type in (GOAL, ACTION):
        for id in _ids(reader, record_type, plan_id):
            before, after = (_body_at(reader, id, moment) for moment in span)
            differences += _item(record_type, before, after, names)
    return tuple(differences)


def _words(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    for name in PlanNarrative.__struct_fields__:
        if name in ("id", "subject") or name in _NOT_SHOWN:
            continue
        said = [str(body.get(name, "")).strip() for body in (before, after)]
        if said[0] != said[1]:
            yield Difference("Words", PLAN_NARRATIVE.field(name).label, *said)


def _item(
    record_type: RecordType, before: Mapping[str, Any], after: Mapping[str, Any], names: Mapping[str, str]
) -> Iterator[Difference]:
    """A goal or an action: whole where it came or went, else only what changed of it."""
    shown = [field for field in record_type.fields if field.name not in _NOT_SHOWN]
    changed = [field for field in shown if before.get(field.name) != after.get(field.name)]
    if not changed:
        return
    both = bool(before) and bool(after)
    sides = [
        "\n".join(
            f"{field.label}: {value_words(field, body.get(field.name), names) or 'Not said'}"
            for field in (changed if both else shown)
            if both or body.get(field.name) is not None
        )
        for body in (before, after)
    ]
    yield Difference(record_type.label, str((after or before).get("what", "")), *sides)


def _ids(reader: Reader, record_type: RecordType, plan_id: str) -> list[str]:
    """Also what was taken out since."""
    return [row[0] for row in reader.rows(_OF_PLAN[record_type.name], (plan_id,))]


def _body_at(reader: Reader, id: str, moment: str) -> dict[str, Any]:
    """The record as it stood; empty where it was not there or was taken out."""
    body: dict[str, Any] = {}
    removed = False
    for line in history(reader, id):
        if line.at_claimed > moment:
            continue
        if line.kind in ("remove", "restore"):
            removed = line.kind == "remove"
        else:
            _apply(body, line)
    return {} if removed else body


def _apply(body: dict[str, Any], line: HistoryLine) -> None:
    if line.kind not in ("create", "change"):
        return
    for name, value in line.patch.items():
        if value is None:
            body.pop(name, None)
        elif not isinstance(value, dict):  # no field of a plan's words, goals or actions is a set
            body[name] = value
