"""Counting one month: from the queries of a return to facts, each a group of records and the people they are about."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import msgspec

from wellbeing_desktop.domain.code_lists import code_list
from wellbeing_desktop.domain.organisation import Organisation
from wellbeing_desktop.domain.return_definition import Measure, Month, ReturnDefinition, band_label
from wellbeing_desktop.domain.scoring import Scale, scale
from wellbeing_desktop.domain.working_days import BankHolidays, working_days_between
from wellbeing_desktop.operations.aliases import final_survivor, survivor_of
from wellbeing_desktop.operations.return_results import Fact
from wellbeing_desktop.storage import returns as counting
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.records import load_all
from wellbeing_desktop.storage.returns import Group, members_of

# Keys of a fact beyond those it is split by, from which medians and means follow.
DAYS: Final = "days"
FIRST: Final = "first"
LATEST: Final = "latest"


class Counter:
    def __init__(self, reader: Reader, definition: ReturnDefinition, month: Month, holidays: BankHolidays) -> None:
        self._reader = reader
        self._definition = definition
        self._first_day, self._last = month.first, month.last
        self._holidays = holidays
        self._survivors = survivor_of(reader)
        self._joined = _joined_groups(self._survivors)
        self._contacts: list[Group] | None = None
        self._practices: dict[str, str] | None = None
        self._kinds = {entry.code: str(entry.more.get("kind", "")) for entry in code_list("contact_outcomes").entries}

    def survivor(self, person_id: str) -> str:
        """Whoever a joined record is read as now, so that nobody counts twice."""
        return final_survivor(self._survivors, person_id) if self._survivors else person_id

    def counted(self) -> tuple[Fact, ...]:
        """The facts of every measure."""
        queries = self._queries()
        facts: list[Fact] = []
        for measure in self._definition.measures:
            facts += [self._through_survivors(fact) for fact in queries[measure.query](measure)]
        return tuple(facts)

    def practice_name(self, id: str) -> str:
        if self._practices is None:
            self._practices = {one.id: one.name for one in load_all(self._reader, Organisation)}
        return self._practices.get(id, id)

    def _queries(self) -> Mapping[str, Callable[[Measure], list[Fact]]]:
        return {
            "referrals_received": lambda measure: self._referrals(measure, counting.REFERRALS_RECEIVED),
            "referrals_accepted": lambda measure: self._referrals(measure, counting.REFERRALS_ACCEPTED),
            "referrals_declined": lambda measure: self._referrals(measure, counting.REFERRALS_DECLINED),
            "first_attempts": lambda measure: self._first(measure, ("happened", "no_reply", "did_not_attend")),
            "first_contacts": lambda measure: self._first(measure, ("happened",)),
            "first_plans": self._first_plans,
            "people_seen": self._people_seen,
            "plans_offered": lambda measure: self._plans(measure, counting.PLANS_OFFERED),
            "plans_declined": lambda measure: self._plans(measure, counting.PLANS_DECLINED),
            "plans_overdue": lambda measure: self._plans(measure, counting.PLANS_OVERDUE),
            "onward": lambda measure: self._onward(measure, counting.ONWARD),
            "onward_waiting": lambda measure: self._onward(measure, counting.ONWARD_WAITING),
            "not_recorded": self._not_recorded,
            "contacts": self._contacts_of,
            "plans_agreed": lambda measure: self._plans(measure, counting.PLANS_AGREED),
            "plans_reviewed": lambda measure: self._plans(measure, counting.PLANS_REVIEWED),
            "caseload_open": lambda measure: self._episodes(measure, counting.CASELOAD_OPEN),
            "caseload_opened": lambda measure: self._episodes(measure, counting.CASELOAD_OPENED),
            "caseload_closed": lambda measure: self._episodes(measure, counting.CASELOAD_CLOSED),
            "paired_score": self._paired,
        }

    def _through_survivors(self, fact: Fact) -> Fact:
        if not self._survivors:
            return fact
        lines = []
        for line in fact.members.split("\n"):
            record_id, _, person_id = line.partition(" ")
            lines.append(f"{record_id} {self.survivor(person_id)}")
        return msgspec.structs.replace(fact, members="\n".join(lines))

    def _referrals(self, measure: Measure, sql: str) -> list[Fact]:
        facts = []
        for group in counting.referrals(self._reader, sql, self._first_day, self._last):
            source, practice, reason, age, asked_for, gender, ethnicity = group.keys
            band = band_label(self._definition.age_bands, int(age) if age else None)
            keys = {"source": source, "practice": practice, "reason": reason, "age_band": band}
            keys |= {"asked_for": asked_for, "gender": gender, "ethnicity": ethnicity}
            facts.append(_fact(measure, keys, group.members))
        return facts

    def _all_contacts(self) -> list[Group]:
        if self._contacts is None:
            self._contacts = counting.contacts(self._reader, self._first_day, self._last)
        return self._contacts

    def _contacts_of(self, measure: Measure) -> list[Fact]:
        return [
            # the outcome is kept whether or not it is split by: the rate of not attending follows from it
            _fact(measure, dict(zip(("medium", "outcome", "place"), group.keys, strict=True)), group.members, "outcome")
            for group in self._all_contacts()
            if self._kinds.get(group.keys[1], "") in measure.outcome_kinds
        ]

    def _people_seen(self, measure: Measure) -> list[Fact]:
        """By whether the person was supported before the month already."""
        before = {self.survivor(person) for person in counting.supported_before(self._reader, self._first_day)}
        lines: dict[str, list[str]] = {}
        for group in self._all_contacts():
            if self._kinds.get(group.keys[1], "") == "happened":
                for record_id, person_id in members_of(group):
                    seen = "continuing" if self.survivor(person_id) in before else "new"
                    lines.setdefault(seen, []).append(f"{record_id} {person_id}")
        return [Fact(measure.id, {"seen": seen}, "\n".join(sorted(each))) for seen, each in sorted(lines.items())]

    def _plans(self, measure: Measure, sql: str) -> list[Fact]:
        groups = counting.grouped(self._reader, sql, self._first_day, self._last)
        return [_fact(measure, {"practice": group.keys[0]}, group.members) for group in groups]

    def _onward(self, measure: Measure, sql: str) -> list[Fact]:
        groups = counting.grouped(self._reader, sql, self._first_day, self._last)
        return [_fact(measure, {"kind": group.keys[0], "state": group.keys[1]}, group.members) for group in groups]

    def _not_recorded(self, measure: Measure) -> list[Fact]:
        return [
            Fact(measure.id, {"missing": what}, group.members)
            for what, group in counting.not_recorded(self._reader, self._last)
        ]

    def _episodes(self, measure: Measure, sql: str) -> list[Fact]:
        facts = []
        for group in counting.grouped(self._reader, sql, self._first_day, self._last):
            practice, close_reason, weeks = group.keys
            band = band_label(self._definition.length_bands, int(weeks) if weeks else None)
            keys = {"practice": practice, "close_reason": close_reason, "length_band": band}
            facts.append(_fact(measure, keys, group.members))
        return facts

    def _first(self, measure: Measure, kinds: Sequence[str]) -> list[Fact]:
        codes = sorted(code for code, kind in self._kinds.items() if kind in kinds)
        return self._waited(
            measure, counting.first_contacts(self._reader, self._first_day, self._last, codes, self._joined)
        )

    def _first_plans(self, measure: Measure) -> list[Fact]:
        return self._waited(measure, counting.first_plans(self._reader, self._first_day, self._last))

    def _waited(self, measure: Measure, rows: Sequence[counting.FirstContact]) -> list[Fact]:
        by_days: dict[int, list[str]] = {}
        for row in rows:
            days = working_days_between(row.received_on, row.first_on, self._holidays)
            by_days.setdefault(days, []).append(f"{row.referral_id} {row.person_id}")
        return [
            Fact(
                measure.id,
                {"waiting_band": band_label(self._definition.waiting_bands, days), DAYS: str(days)},
                "\n".join(sorted(lines)),
            )
            for days, lines in sorted(by_days.items())
        ]

    def _paired(self, measure: Measure) -> list[Fact]:
        measured = scale(measure.tool, measure.scale)
        rows = counting.scores(self._reader, measure.tool, measure.scale, self._first_day, self._last, self._joined)
        series: dict[tuple[str, str], list[counting.ScoreRow]] = {}
        for row in rows:
            series.setdefault((self.survivor(row.person_id), row.episode_id), []).append(row)
        pairs: dict[str, tuple[counting.ScoreRow, counting.ScoreRow]] = {}
        for (person_id, _), scored in series.items():
            first, latest = scored[0], scored[-1]
            if latest.taken_on < self._first_day or latest.taken_on == first.taken_on:
                continue
            # one pair a person: of two periods of support the later counts
            if person_id not in pairs or pairs[person_id][1].taken_on < latest.taken_on:
                pairs[person_id] = (first, latest)
        by_values: dict[tuple[int, int], list[str]] = {}
        for person_id, (first, latest) in pairs.items():
            by_values.setdefault((first.value, latest.value), []).append(f"{latest.id} {person_id}")
        return [
            Fact(
                measure.id,
                {
                    "first_band": measured.band(before),
                    "latest_band": measured.band(after),
                    "change": _change(measured, before, after),
                    FIRST: str(before),
                    LATEST: str(after),
                },
                "\n".join(sorted(lines)),
            )
            for (before, after), lines in sorted(by_values.items())
        ]


def _change(measured: Scale, before: int, after: int) -> str:
    """By the published threshold of the scale; empty where none is."""
    if not measured.reliable_change:
        return ""
    better = (after - before) if measured.higher_is_better else (before - after)
    if better >= measured.reliable_change:
        return "better"
    return "worse" if better <= -measured.reliable_change else "about the same"


def _fact(measure: Measure, keys: Mapping[str, str], members: str, *also: str) -> Fact:
    wanted = {split.by for split in measure.breakdowns} | set(also)
    return Fact(measure.id, {by: code for by, code in keys.items() if by in wanted}, members)


def _joined_groups(survivors: dict[str, str]) -> list[list[str]]:
    groups: dict[str, set[str]] = {}
    for vanished in survivors:
        kept = final_survivor(survivors, vanished)
        groups.setdefault(kept, {kept}).add(vanished)
    return [sorted(group) for group in groups.values()]
