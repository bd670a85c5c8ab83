"""A record before and after an operation, and what came of it: the words in which the merge answers."""

import datetime as dt
from enum import StrEnum
from typing import Any

import msgspec


class Verdict(StrEnum):
    APPLIED = "applied"
    MERGED = "merged"  # applied, beside what somebody else changed at the same time
    CONFLICT = "conflict"  # at least one value waits for a person
    HELD = "held"  # the record has not arrived yet
    QUARANTINED = "quarantined"


class Mark(StrEnum):
    """What history says beside a version."""

    AT_SAME_TIME = "at_same_time"  # somebody else changed the record meanwhile
    RETURNED = "returned"  # it had been removed and an edit brought it back
    OVERTAKEN = "overtaken"  # the change came after something that goes further; see `kept`
    DECIDED = "decided"  # it could not be applied when it came, and somebody else decided that it should be
    AS_CREATION = "as_creation"  # its creation never came: what the edits say was made into the record


class RecordState(msgspec.Struct, frozen=True, kw_only=True):
    """A record as the server holds it. `field_rev` says at which revision each field last changed and by whom; a set
    field has one entry for each member added, under "field/member"; REMOVED stands for a removal."""

    id: str
    type: str
    subject: str
    compartment: str
    body: dict[str, Any] = {}
    rev: int = 0
    deleted: bool = False
    field_rev: dict[str, tuple[int, str]] = {}


class ConflictWrite(msgspec.Struct, frozen=True, kw_only=True):
    """A record of type `conflict` to be made or changed, in the bucket of its target.

    `theirs_rev` is the target's revision in which the standing value was written, to look up when and on which
    laptop; 0 if that is not known.
    """

    id: str
    body: dict[str, Any]
    patch: dict[str, Any]
    was: dict[str, Any]
    is_new: bool
    theirs_rev: int = 0


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """`patch` and `was` are what really changed on the record and what stood there before; both are empty when
    nothing did, and `state` is then the state given in. `kept` holds typed values that are neither current nor in a
    conflict, for the version."""

    verdict: Verdict
    state: RecordState | None
    patch: dict[str, Any] = {}
    was: dict[str, Any] = {}
    conflicts: tuple[ConflictWrite, ...] = ()
    marks: tuple[Mark, ...] = ()
    kept: dict[str, Any] = {}
    why: str = ""

    @property
    def is_new_version(self) -> bool:
        return bool(self.patch or self.kept or self.marks)


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What a new conflict is given: the laptop that sent the operation, who settles it, by when."""

    device: str = ""
    owner_id: str = ""
    due_on: dt.date | None = None


def quarantined(state: RecordState | None, why: str) -> Outcome:
    return Outcome(verdict=Verdict.QUARANTINED, state=state, why=why)
