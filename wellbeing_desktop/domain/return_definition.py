"""A return as data: what is counted, in plain English, by what it is split, and how small numbers are hidden.

Files in `resources/returns`; a service may bring its own. The queries are a closed list, in `storage/returns.py`.
"""

import calendar
import datetime as dt
import re
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.resources import resource

_REFERRAL: Final = frozenset({"source", "practice", "age_band", "asked_for", "gender", "ethnicity"})
QUERIES: Final[Mapping[str, frozenset[str]]] = {
    "referrals_received": _REFERRAL,
    "referrals_accepted": _REFERRAL,
    "referrals_declined": _REFERRAL | {"reason"},
    "first_attempts": frozenset({"waiting_band"}),
    "first_contacts": frozenset({"waiting_band"}),
    "first_plans": frozenset({"waiting_band"}),
    "contacts": frozenset({"medium", "outcome", "place"}),
    "people_seen": frozenset({"seen"}),
    "plans_offered": frozenset({"practice"}),
    "plans_agreed": frozenset({"practice"}),
    "plans_reviewed": frozenset({"practice"}),
    "plans_declined": frozenset({"practice"}),
    "plans_overdue": frozenset({"practice"}),
    "caseload_open": frozenset({"practice", "length_band"}),
    "caseload_opened": frozenset({"practice"}),
    "caseload_closed": frozenset({"practice", "close_reason", "length_band"}),
    "paired_score": frozenset({"first_band", "latest_band", "change"}),
    "onward": frozenset({"kind", "state"}),
    "onward_waiting": frozenset({"kind", "state"}),
    "not_recorded": frozenset({"missing"}),
}
"""Each query and what it can be split by."""

_MONTH: Final = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


class BreakdownBy(msgspec.Struct, frozen=True):
    by: str
    title: str
    code_list: str = ""


class Measure(msgspec.Struct, frozen=True, omit_defaults=True):
    """One number and its splits. `counts` is `records` or `people`."""

    id: str
    title: str
    definition: str
    query: str
    counts: str = "records"
    breakdowns: tuple[BreakdownBy, ...] = ()
    outcome_kinds: tuple[str, ...] = ()
    tool: str = ""
    scale: str = ""


class SuppressionChoice(msgspec.Struct, frozen=True):
    round_to: int
    source: str


class SuppressionRule(msgspec.Struct, frozen=True):
    """`below` is the smallest number shown; zero is always shown."""

    below: int
    choices: dict[str, SuppressionChoice]


class ReturnDefinition(msgspec.Struct, frozen=True, omit_defaults=True):
    """Defaults are left out of the hash, so that a field of a later version changes no kept return."""

    id: str
    version: str
    title: str
    source: str
    measures: tuple[Measure, ...]
    suppression: SuppressionRule
    counting_rules: tuple[str, ...] = ()
    age_bands: tuple[tuple[int, int | None], ...] = ()
    waiting_bands: tuple[tuple[int, int | None], ...] = ()
    length_bands: tuple[tuple[int, int | None], ...] = ()

    def measure(self, id: str) -> Measure:
        """KeyError when there is none."""
        for measure in self.measures:
            if measure.id == id:
                return measure
        raise KeyError(id)


class Month(msgspec.Struct, frozen=True, order=True):
    """A calendar month."""

    year: int
    number: int

    @property
    def first(self) -> dt.date:
        return dt.date(self.year, self.number, 1)

    @property
    def last(self) -> dt.date:
        return dt.date(self.year, self.number, calendar.monthrange(self.year, self.number)[1])

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"


def parse_month(text: str) -> Month:
    """`2026-10`. Raises Refused."""
    found = _MONTH.fullmatch(text.strip())
    if found is None or not 1 <= int(found[2]) <= 12 or not 2000 <= int(found[1]) <= 2999:
        raise Refused("Give the month like 2026-10.", "month")
    return Month(int(found[1]), int(found[2]))


def shipped_definition(id: str = "monthly-coordination") -> ReturnDefinition:
    """FileNotFoundError when there is none of that name."""
    return read_definition(resource(f"returns/{id}.json").read_bytes())


def read_definition(content: bytes | str) -> ReturnDefinition:
    """A definition from its file. Refused, in a sentence, when it cannot be counted by."""
    try:
        found = msgspec.json.decode(content, type=ReturnDefinition)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise Refused("This file is not the definition of a return.") from error
    ids = [measure.id for measure in found.measures]
    if len(ids) != len(set(ids)):
        raise Refused("Two measures of this return have the same id.")
    for measure in found.measures:
        if measure.query not in QUERIES or measure.counts not in ("records", "people"):
            raise Refused(f"The measure {measure.id} asks for something that this version cannot count. Update first.")
        unknown = {split.by for split in measure.breakdowns} - QUERIES[measure.query]
        if unknown:
            raise Refused(f"The measure {measure.id} cannot be split by {', '.join(sorted(unknown))}.")
    if str(found.suppression.below) not in found.suppression.choices:
        raise Refused("The rule for small numbers is not among its choices.")
    return found


def band_label(bands: tuple[tuple[int, int | None], ...], value: int | None) -> str:
    """`18 to 24`, `85 and over`, or `Not known`."""
    if value is not None:
        for low, high in bands:
            if value >= low and (high is None or value <= high):
                return f"{low} and over" if high is None else f"{low} to {high}"
    return "Not known"


def as_plain(definition: ReturnDefinition) -> Any:
    """For the hash."""
    return msgspec.to_builtins(definition)
