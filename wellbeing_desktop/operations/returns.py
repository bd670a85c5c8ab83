"""The monthly return: counted, kept with the facts behind every number, counted again, opened to its people (DESIGN 7).

A run is reproducible: the counts follow from the facts alone, and the hash covers counts, definition and program
version, so erasing somebody later swaps a token in the facts and changes no number.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.grants import visible_body
from wellbeing_desktop.domain.london_time import local_date, moment_of
from wellbeing_desktop.domain.names import list_name
from wellbeing_desktop.domain.organisation import ReturnRun
from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.domain.return_definition import (
    Month,
    ReturnDefinition,
    as_plain,
)
from wellbeing_desktop.domain.wire import canonical
from wellbeing_desktop.domain.working_days import BankHolidays
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.operations.return_counting import Counter
from wellbeing_desktop.operations.return_measures import counts_of, counts_of_facts, measures_of
from wellbeing_desktop.operations.return_results import (
    Completeness,
    Device,
    Fact,
    LateArrivals,
    MeasureResult,
    PersonBehind,
    Recounted,
    ReturnResult,
)
from wellbeing_desktop.storage import returns as counting
from wellbeing_desktop.storage.clock_guard import doubtful_contacts
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.grants import about, grants_held
from wellbeing_desktop.storage.outbox import waiting_count
from wellbeing_desktop.storage.records import body_of_row, load_all
from wellbeing_desktop.storage.returns import Group, members_of
from wellbeing_desktop.storage.sync_state import has_organisation, sync_number, sync_value

CODE_VERSION: Final = "0.1.0"
_LATE_MONTHS: Final = 2


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
    counter = Counter(reader, definition, month, holidays)
    facts = counter.counted()
    measures = measures_of(definition, facts, counter.practice_name)
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
                counts=_text(counts_of(result.measures)),
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
    again = counts_of_facts(definition, facts)
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
    now = Counter(reader, definition, month, holidays).counted()
    late = []
    for measure in definition.measures:
        # what stood on a past day, and a change of scores, follow from what else arrived
        if measure.query in ("caseload_open", "paired_score", "plans_overdue", "onward_waiting", "not_recorded"):
            continue
        before, after = _records(kept, measure.id), _records(now, measure.id)
        if before != after:
            late.append(LateArrivals(run.month, measure.id, measure.title, len(after - before), len(before - after)))
    return tuple(late)


def _hash(definition: ReturnDefinition, month: Month, measures: Iterable[MeasureResult]) -> str:
    return _hash_of(definition, month, counts_of(measures), CODE_VERSION)


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
        doubtful_contacts=len(doubtful_contacts(reader, month.first, month.last, today)),
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
        seen = (
            None
            if body is None
            else visible_body(about(reader, grants, person_id), RECORD_TYPES["person"], person_id, body, today)
        )
        if seen is None:
            # erased since, closed to whoever looks, or no grant: counted, and not shown
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


def _text(value: Any) -> str:
    return canonical(value).decode() if isinstance(value, dict) else msgspec.json.encode(value).decode()
