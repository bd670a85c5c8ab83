"""The monthly return: counted, kept with the facts behind every number, counted again, opened to its people (DESIGN 7).

A run is reproducible: the counts follow from the facts alone, and the hash covers counts, definition and program
version, so erasing somebody later swaps a token in the facts and changes no number.
"""

import datetime as dt
import hashlib
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.code_lists import code_list, label_of
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.grants import visible_body
from wellbeing_desktop.domain.london_time import local_date, moment_of
from wellbeing_desktop.domain.names import list_name
from wellbeing_desktop.domain.organisation import Organisation, ReturnRun
from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.domain.return_definition import (
    BreakdownBy,
    Measure,
    Month,
    ReturnDefinition,
    as_plain,
    band_label,
)
from wellbeing_desktop.domain.scoring import scale
from wellbeing_desktop.domain.wire import canonical
from wellbeing_desktop.domain.working_days import BankHolidays, working_days_between
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.aliases import final_survivor, survivor_of
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.storage import returns as counting
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.grants import grants_held
from wellbeing_desktop.storage.outbox import waiting_count
from wellbeing_desktop.storage.records import body_of_row, load_all
from wellbeing_desktop.storage.returns import Group, members_of
from wellbeing_desktop.storage.sync_state import has_organisation, sync_number, sync_value

CODE_VERSION: Final = "0.1.0"
_LATE_MONTHS: Final = 2
_EMPTY: Final = "Not known"
# Keys of a fact beyond those it is split by, from which medians and means follow.
DAYS: Final = "days"
FIRST: Final = "first"
LATEST: Final = "latest"


class Device(msgspec.Struct, frozen=True):
    """A laptop of the organisation and when it last synced, as the server knows; None for never."""

    name: str
    synced_at: dt.datetime | None


class Cell(msgspec.Struct, frozen=True):
    """One number of a split; `id` opens the people behind it: `contacts/medium=02`."""

    id: str
    label: str
    count: int


class Split(msgspec.Struct, frozen=True):
    by: str
    title: str
    cells: tuple[Cell, ...]


class MeasureResult(msgspec.Struct, frozen=True):
    """One measure. `figures` are what is said beyond the count: a median, a rate, a mean change with its n."""

    id: str
    title: str
    definition: str
    count: int
    splits: tuple[Split, ...] = ()
    figures: tuple[tuple[str, str], ...] = ()


class LateArrivals(msgspec.Struct, frozen=True):
    """What reached an earlier month after it was counted: added, and no longer counted since it was put right."""

    month: str
    measure: str
    title: str
    added: int
    taken_out: int


class Completeness(msgspec.Struct, frozen=True):
    """PRACTICE W27, page one."""

    devices_not_synced: tuple[str, ...] = ()
    appointments_without_outcome: int = 0
    undecided_referrals: int = 0
    people_without_practice: int = 0
    not_sent: int = 0
    month_is_over: bool = True

    def lines(self) -> tuple[tuple[str, str], ...]:
        """What and how many, for the first page; a clean one says none."""
        devices = ", ".join(self.devices_not_synced) or "none"
        return (
            ("Laptops not synced since the month ended", devices),
            ("Appointments with no outcome", str(self.appointments_without_outcome)),
            ("Referrals with no decision", str(self.undecided_referrals)),
            ("People supported without a practice", str(self.people_without_practice)),
            ("Pieces of work on this laptop not sent yet", str(self.not_sent)),
        )


class Fact(msgspec.Struct, frozen=True):
    """Records counted together: which measure, by which keys, and `record person` a line."""

    measure: str
    keys: dict[str, str]
    members: str

    @property
    def size(self) -> int:
        return self.members.count("\n") + 1 if self.members else 0


class ReturnResult(msgspec.Struct, frozen=True):
    definition: ReturnDefinition
    month: Month
    computed_at: dt.datetime
    as_of_epoch: str
    as_of_seq: int
    code_version: str
    measures: tuple[MeasureResult, ...]
    facts: tuple[Fact, ...]
    completeness: Completeness
    late: tuple[LateArrivals, ...]
    provisional: bool
    hash: str

    def measure(self, id: str) -> MeasureResult:
        for measure in self.measures:
            if measure.id == id:
                return measure
        raise KeyError(id)


class PersonBehind(msgspec.Struct, frozen=True):
    """Somebody behind a number. `name` is empty where the grant gives none."""

    person_id: str
    name: str
    born_on: dt.date | None
    record_ids: tuple[str, ...]


class Recounted(msgspec.Struct, frozen=True):
    """Whether the facts of a kept run give its numbers, to the digit, and where they do not."""

    agrees: bool
    differences: tuple[str, ...] = ()


def run_return(
    reader: Reader,
    definition: ReturnDefinition,
    month: Month,
    *,
    holidays: BankHolidays,
    devices: Sequence[Device] = (),
    at: dt.datetime | None = None,
) -> ReturnResult:
    """Count one month as it stands on this laptop now. `holidays` are for working days; `devices` what the server
    says of laptops."""
    now = at or dt.datetime.now(dt.UTC)
    counter = _Counter(reader, definition, month, holidays)
    facts = counter.counted()
    measures = _measures(definition, facts, counter)
    completeness = _completeness(reader, month, devices, local_date(now))
    provisional = bool(completeness.devices_not_synced or completeness.not_sent) or not completeness.month_is_over
    return ReturnResult(
        definition=definition,
        month=month,
        computed_at=now,
        as_of_epoch=sync_value(reader, "epoch"),
        as_of_seq=sync_number(reader, "seq"),
        code_version=CODE_VERSION,
        measures=measures,
        facts=facts,
        completeness=completeness,
        late=_late(reader, definition, month, holidays),
        provisional=provisional,
        hash=_hash(definition, month, measures),
    )


def keep_return(writer: Writer, result: ReturnResult, *, at: dt.datetime | None = None) -> Changes:
    """Keep the run with its facts, so that it can be counted again and opened."""
    with doing(writer, "keep_return", at=at) as tx:
        tx.create(
            ReturnRun(
                definition=result.definition.id,
                definition_version=result.definition.version,
                month=str(result.month),
                computed_at=result.computed_at,
                computed_by=tx.author,
                as_of_epoch=result.as_of_epoch,
                as_of_seq=result.as_of_seq,
                code_version=result.code_version,
                counts=_text(_counts(result.measures)),
                facts=_text({"definition": as_plain(result.definition), "facts": msgspec.to_builtins(result.facts)}),
                completeness=_text(msgspec.to_builtins(result.completeness)),
                hash=result.hash,
                provisional=result.provisional,
            )
        )
    return tx.changes


def close_return(writer: Writer, run_id: str, *, completeness_seen: bool, at: dt.datetime | None = None) -> Changes:
    """Close a kept run. What is missing must have been seen (W27); a provisional run is counted again instead."""
    with doing(writer, "close_return", at=at) as tx:
        run = found.found(tx.reader, ReturnRun, run_id)
        if run.provisional:
            raise Refused("This return is provisional. Count the month again when everything has arrived.")
        if not completeness_seen:
            raise Refused("Look at how complete the return is before closing it.", "completeness")
        tx.change(ReturnRun, run_id, {"closed_on": local_date(tx.at)})
    return tx.changes


def recount(reader: Reader, run_id: str) -> Recounted:
    """Count the facts of a kept run again, and compare with the numbers and the hash that were kept."""
    run = found.found(reader, ReturnRun, run_id)
    definition, facts = _kept_facts(run)
    kept = msgspec.json.decode(run.counts)
    again = _counts_of(definition, facts)
    differences = [
        f"{cell}: kept {kept.get(cell, 0)}, counted {again.get(cell, 0)}"
        for cell in sorted(set(kept) | set(again))
        if kept.get(cell, 0) != again.get(cell, 0)
    ]
    month = Month(*map(int, run.month.split("-")))
    if _hash_of(definition, month, kept, run.code_version) != run.hash:
        differences.append("The fingerprint does not fit the counts and definitions.")
    return Recounted(not differences, tuple(differences))


def people_behind(reader: Reader, result: ReturnResult, cell_id: str) -> tuple[PersonBehind, ...]:
    """Everybody behind one number, for those whose grant lets them see; names only where it gives them."""
    return _people(reader, result.definition, result.facts, cell_id)


def people_behind_run(reader: Reader, run_id: str, cell_id: str) -> tuple[PersonBehind, ...]:
    """The same for a kept run."""
    definition, facts = _kept_facts(found.found(reader, ReturnRun, run_id))
    return _people(reader, definition, facts, cell_id)


def late_arrivals(reader: Reader, run_id: str, holidays: BankHolidays) -> tuple[LateArrivals, ...]:
    """What has reached the month of a kept run since it was counted, by measure."""
    run = found.found(reader, ReturnRun, run_id)
    definition, kept = _kept_facts(run)
    month = Month(*map(int, run.month.split("-")))
    now = _Counter(reader, definition, month, holidays).counted()
    late = []
    for measure in definition.measures:
        # a caseload on a past day, and a change of scores, follow from what else arrived
        if measure.query in ("caseload_open", "paired_score"):
            continue
        before, after = _records(kept, measure.id), _records(now, measure.id)
        if before != after:
            late.append(LateArrivals(run.month, measure.id, measure.title, len(after - before), len(before - after)))
    return tuple(late)


# Counting -----------------------------------------------------------------------------------------------------------


class _Counter:
    def __init__(self, reader: Reader, definition: ReturnDefinition, month: Month, holidays: BankHolidays) -> None:
        self._reader = reader
        self._definition = definition
        self._first, self._last = month.first, month.last
        self._holidays = holidays
        self._survivors = survivor_of(reader)
        self._joined = _joined_groups(self._survivors)
        self._contacts: list[Group] | None = None
        self._practices: dict[str, str] | None = None
        self._kinds = {entry.code: str(entry.more.get("kind", "")) for entry in code_list("contact_outcomes").entries}

    def survivor(self, person_id: str) -> str:
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
            "first_contacts": self._first_contacts,
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
        for group in counting.referrals(self._reader, sql, self._first, self._last):
            source, practice, reason, age = group.keys
            band = band_label(self._definition.age_bands, int(age) if age else None)
            keys = {"source": source, "practice": practice, "reason": reason, "age_band": band}
            facts.append(_fact(measure, keys, group.members))
        return facts

    def _contacts_of(self, measure: Measure) -> list[Fact]:
        if self._contacts is None:
            self._contacts = counting.contacts(self._reader, self._first, self._last)
        return [
            Fact(measure.id, {"medium": group.keys[0], "outcome": group.keys[1]}, group.members)
            for group in self._contacts
            if self._kinds.get(group.keys[1], "") in measure.outcome_kinds
        ]

    def _plans(self, measure: Measure, sql: str) -> list[Fact]:
        groups = counting.plans(self._reader, sql, self._first, self._last)
        return [_fact(measure, {"practice": group.keys[0]}, group.members) for group in groups]

    def _episodes(self, measure: Measure, sql: str) -> list[Fact]:
        groups = counting.episodes(self._reader, sql, self._first, self._last)
        return [
            _fact(measure, {"practice": group.keys[0], "close_reason": group.keys[1]}, group.members)
            for group in groups
        ]

    def _first_contacts(self, measure: Measure) -> list[Fact]:
        reached = sorted(code for code, kind in self._kinds.items() if kind == "happened")
        rows = counting.first_contacts(self._reader, self._first, self._last, reached, self._joined)
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
        rows = counting.scores(self._reader, measure.tool, measure.scale, self._first, self._last, self._joined)
        series: dict[tuple[str, str], list[counting.ScoreRow]] = {}
        for row in rows:
            series.setdefault((self.survivor(row.person_id), row.episode_id), []).append(row)
        pairs: dict[str, tuple[counting.ScoreRow, counting.ScoreRow]] = {}
        for (person_id, _), scored in series.items():
            first, latest = scored[0], scored[-1]
            if latest.taken_on < self._first or latest.taken_on == first.taken_on:
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
                    FIRST: str(before),
                    LATEST: str(after),
                },
                "\n".join(sorted(lines)),
            )
            for (before, after), lines in sorted(by_values.items())
        ]


def _fact(measure: Measure, keys: Mapping[str, str], members: str) -> Fact:
    wanted = {split.by for split in measure.breakdowns}
    return Fact(measure.id, {by: code for by, code in keys.items() if by in wanted}, members)


def _joined_groups(survivors: dict[str, str]) -> list[list[str]]:
    groups: dict[str, set[str]] = {}
    for vanished in survivors:
        kept = final_survivor(survivors, vanished)
        groups.setdefault(kept, {kept}).add(vanished)
    return [sorted(group) for group in groups.values()]


def _measures(
    definition: ReturnDefinition,
    facts: Sequence[Fact],
    counter: _Counter,
) -> tuple[MeasureResult, ...]:
    made = []
    for measure in definition.measures:
        own = [fact for fact in facts if fact.measure == measure.id]
        made.append(
            MeasureResult(
                id=measure.id,
                title=measure.title,
                definition=measure.definition,
                count=_count(measure, own),
                splits=tuple(_split(definition, measure, split, own, counter) for split in measure.breakdowns),
                figures=_figures(measure, facts),
            )
        )
    return tuple(made)


def _split(
    definition: ReturnDefinition, measure: Measure, split: BreakdownBy, own: Sequence[Fact], counter: _Counter
) -> Split:
    grouped: dict[str, list[Fact]] = {}
    for fact in own:
        grouped.setdefault(fact.keys.get(split.by, ""), []).append(fact)
    codes = sorted(grouped, key=_order(definition, measure, split))
    cells = [
        Cell(cell_id(measure.id, split.by, code), _label(split, code, counter), _count(measure, grouped[code]))
        for code in codes
    ]
    return Split(split.by, split.title, tuple(cells))


def _figures(measure: Measure, facts: Sequence[Fact]) -> tuple[tuple[str, str], ...]:
    """What is said beyond the count, from the facts alone."""
    own = [fact for fact in facts if fact.measure == measure.id]
    if measure.query == "first_contacts":
        waited = [int(fact.keys[DAYS]) for fact in own for _ in range(fact.size)]
        if not waited:
            return ()
        return (
            ("Median", f"{statistics.median(waited):g} working days"),
            ("9 in 10 within", f"{_ninetieth(waited)} working days"),
        )
    if measure.query == "paired_score":
        changes = [int(fact.keys[LATEST]) - int(fact.keys[FIRST]) for fact in own for _ in range(fact.size)]
        if not changes:
            return ()
        mean = _rounded(Fraction(sum(changes), len(changes)))
        sign = "+" if sum(changes) > 0 and mean != "0.0" else ""
        return (("Mean change, first to latest", f"{sign}{mean} (n = {len(changes)})"),)
    if measure.outcome_kinds == ("did_not_attend",):
        coded: dict[str, int] = {}
        for fact in facts:
            if "outcome" in fact.keys:
                coded[fact.keys["outcome"]] = coded.get(fact.keys["outcome"], 0) + fact.size
        due = sum(coded.get(code, 0) for code in ("3", "5", "6", "7"))
        if not due:
            return ()
        rate = _rounded(Fraction(100 * (coded.get("3", 0) + coded.get("7", 0)), due))
        return (("Rate", f"{rate} % of {due} attended or missed (codes 3 and 7 over 3, 5, 6 and 7)"),)
    return ()


def cell_id(measure_id: str, by: str, code: str) -> str:
    return f"{measure_id}/{by}={code}"


def _label(split: BreakdownBy, code: str, counter: _Counter) -> str:
    if not code:
        return _EMPTY
    if split.code_list:
        return label_of(split.code_list, code)
    if split.by == "practice":
        return counter.practice_name(code)
    return code[:1].upper() + code[1:]


def _order(definition: ReturnDefinition, measure: Measure, split: BreakdownBy) -> Callable[[str], tuple[int, str]]:
    known: list[str] = []
    if split.code_list:
        known = [entry.code for entry in code_list(split.code_list).entries]
    elif split.by == "age_band":
        known = [band_label(definition.age_bands, low) for low, _ in definition.age_bands]
    elif split.by == "waiting_band":
        known = [band_label(definition.waiting_bands, low) for low, _ in definition.waiting_bands]
    elif split.by in ("first_band", "latest_band"):
        known = [word for _, _, word in scale(measure.tool, measure.scale).bands]
    places = {code: place for place, code in enumerate(known)}
    return lambda code: (places.get(code, len(places)), code) if code else (len(places) + 1, "")


def _count(measure: Measure, facts: Iterable[Fact]) -> int:
    if measure.counts == "people":
        return len({line.partition(" ")[2] for fact in facts for line in fact.members.split("\n") if line})
    return sum(fact.size for fact in facts)


def _counts(measures: Iterable[MeasureResult]) -> dict[str, Any]:
    counts: dict[str, Any] = {}
    for measure in measures:
        counts[measure.id] = measure.count
        for split in measure.splits:
            for cell in split.cells:
                counts[cell.id] = cell.count
        for label, text in measure.figures:
            counts[f"{measure.id}#{label}"] = text
    return counts


def _counts_of(definition: ReturnDefinition, facts: Sequence[Fact]) -> dict[str, Any]:
    counts: dict[str, Any] = {}
    for measure in definition.measures:
        own = [fact for fact in facts if fact.measure == measure.id]
        counts[measure.id] = _count(measure, own)
        for split in measure.breakdowns:
            for code in {fact.keys.get(split.by, "") for fact in own}:
                chosen = [fact for fact in own if fact.keys.get(split.by, "") == code]
                counts[cell_id(measure.id, split.by, code)] = _count(measure, chosen)
        for label, text in _figures(measure, facts):
            counts[f"{measure.id}#{label}"] = text
    return counts


def _hash(definition: ReturnDefinition, month: Month, measures: Iterable[MeasureResult]) -> str:
    return _hash_of(definition, month, _counts(measures), CODE_VERSION)


def _hash_of(definition: ReturnDefinition, month: Month, counts: Mapping[str, Any], code_version: str) -> str:
    covered = {
        "definition": as_plain(definition),
        "month": str(month),
        "counts": dict(counts),
        "code_version": code_version,
    }
    return hashlib.sha256(canonical(covered)).hexdigest()


def _completeness(reader: Reader, month: Month, devices: Sequence[Device], today: dt.date) -> Completeness:
    ended_at = moment_of(month.last + dt.timedelta(days=1), dt.time(0))
    return Completeness(
        devices_not_synced=tuple(
            device.name for device in devices if device.synced_at is None or device.synced_at < ended_at
        ),
        appointments_without_outcome=counting.appointments_without_outcome(reader, month.first, min(month.last, today)),
        undecided_referrals=counting.undecided_referrals(reader, month.last),
        people_without_practice=counting.supported_without_practice(reader, month.last),
        not_sent=waiting_count(reader) if has_organisation(reader) else 0,
        month_is_over=today > month.last,
    )


def _late(
    reader: Reader, definition: ReturnDefinition, month: Month, holidays: BankHolidays
) -> tuple[LateArrivals, ...]:
    """For the newest kept run of each of the months before."""
    newest: dict[str, ReturnRun] = {}
    for run in load_all(reader, ReturnRun, definition=definition.id):
        if run.month < str(month):
            newest[run.month] = run
    late: list[LateArrivals] = []
    for earlier in sorted(newest)[-_LATE_MONTHS:]:
        late += late_arrivals(reader, newest[earlier].id, holidays)
    return tuple(late)


def _kept_facts(run: ReturnRun) -> tuple[ReturnDefinition, tuple[Fact, ...]]:
    try:
        kept = msgspec.json.decode(run.facts)
        definition = msgspec.convert(kept["definition"], ReturnDefinition)
        facts = msgspec.convert(kept["facts"], tuple[Fact, ...])
    except (msgspec.DecodeError, msgspec.ValidationError, KeyError, TypeError) as error:
        raise Refused("The facts of this return cannot be read.") from error
    return definition, facts


def _records(facts: Iterable[Fact], measure_id: str) -> set[str]:
    return {
        line.partition(" ")[0]
        for fact in facts
        if fact.measure == measure_id
        for line in fact.members.split("\n")
        if line
    }


def _people(reader: Reader, definition: ReturnDefinition, facts: Sequence[Fact], cell: str) -> tuple[PersonBehind, ...]:
    measure_id, _, chosen = cell.partition("/")
    by, _, code = chosen.partition("=")
    try:
        definition.measure(measure_id)
    except KeyError:
        raise Refused("This number is not part of the return.") from None
    records: dict[str, list[str]] = {}
    for fact in facts:
        if fact.measure == measure_id and (not by or fact.keys.get(by, "") == code):
            for record_id, person_id in members_of(Group((), 0, fact.members)):
                records.setdefault(person_id, []).append(record_id)
    grants = grants_held(reader)
    today = dt.datetime.now(dt.UTC).date()
    behind = []
    for person_id, ids in records.items():
        body = body_of_row(reader, RECORD_TYPES["person"], person_id)
        seen = None if body is None else visible_body(grants, RECORD_TYPES["person"], person_id, body, today)
        if seen is None:
            # erased since, or no grant: counted, and not shown
            behind.append(PersonBehind("", "", None, tuple(ids)))
            continue
        behind.append(
            PersonBehind(
                person_id,
                list_name(seen.get("family_name", ""), seen.get("given_name", ""), seen.get("known_as", "")),
                dt.date.fromisoformat(seen["born_on"]) if "born_on" in seen else None,
                tuple(ids),
            )
        )
    return tuple(sorted(behind, key=lambda person: (person.name, person.person_id)))


def _ninetieth(values: Sequence[int]) -> int:
    """The smallest number of days within which at least nine in ten were reached (nearest rank)."""
    ordered = sorted(values)
    return ordered[-(-9 * len(ordered) // 10) - 1]


def _rounded(value: Fraction) -> str:
    """One decimal, halves away from zero: `-0.3`."""
    tenths = abs(value) * 10
    whole = int(tenths + Fraction(1, 2))
    sign = "-" if value < 0 and whole else ""
    return f"{sign}{whole // 10}.{whole % 10}"


def _text(value: Any) -> str:
    return canonical(value).decode() if isinstance(value, dict) else msgspec.json.encode(value).decode()
