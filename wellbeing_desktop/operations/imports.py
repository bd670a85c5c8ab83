"""Bringing in a list of people: whole or not at all, one transaction here, one group for each person when it is sent.

Running the same list again adds nothing. Taking it back is `import_undo`.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.definition import Record
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.domain.organisation import ImportRun, Organisation
from wellbeing_desktop.domain.person import Address, Demographics, Person, Registration
from wellbeing_desktop.domain.practice_list import ADDED_HERE, NOT_ON_LIST, ON_LIST, TASK_TITLE
from wellbeing_desktop.domain.registry import RECORD_TYPES, type_of
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.domain.wire import body_hash, body_of, from_wire
from wellbeing_desktop.exchange.people_rows import ImportedPerson
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.operations.import_plan import Difference, ImportPreview, PlannedUpdate
from wellbeing_desktop.operations.list_said import address_of, listed_of, points_of, said_of
from wellbeing_desktop.operations.people import stop_for_death
from wellbeing_desktop.storage.bulk import collecting_later
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.records import body_of_row, load_all
from wellbeing_desktop.storage.write_door import Transaction

KNOWN_BY_LIST: Final = "Practice list"
KNOWN_BY_FILE: Final = "A record sent by another system"
TELL_PRACTICE: Final = "Tell the practice: its list says otherwise than this record"
CHECK_DUPLICATE: Final = "May be a double record: look at both"

NEW: Final = "new"
LEAVE: Final = "leave"
SAME: Final = "same:"

_DUE_IN: Final = dt.timedelta(days=14)


class ImportDecisions(msgspec.Struct, frozen=True):
    """What somebody decided. `duplicates` maps the line of a possible duplicate to `new`, `leave` or `same:` and the
    person's id; a line without a decision is added with a task, or left when it has another person's NHS number.
    `move_not_on_list` None moves them unless the list looks cut short."""

    duplicates: Mapping[int, str] = {}
    move_not_on_list: bool | None = None


class ImportResult(msgspec.Struct, frozen=True):
    """What was done. `left` are lines that wait for a decision."""

    import_id: str = ""
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    left: tuple[int, ...] = ()
    possible_duplicates: int = 0
    not_on_list: int = 0
    differing: int = 0


def import_people(
    writer: Writer,
    preview: ImportPreview,
    decisions: ImportDecisions | None = None,
    *,
    at: dt.datetime | None = None,
) -> tuple[Changes, ImportResult]:
    """Write what the preview says, and the decisions, or nothing at all."""
    with collecting_later():
        return _import(writer, preview, decisions or ImportDecisions(), at)


def _import(
    writer: Writer, preview: ImportPreview, decisions: ImportDecisions, at: dt.datetime | None
) -> tuple[Changes, ImportResult]:
    with doing(writer, "import_people", at=at) as tx:
        result = _Import(tx, preview, decisions).run()
    return tx.changes, result


class _Import:
    def __init__(self, tx: Transaction, preview: ImportPreview, decisions: ImportDecisions) -> None:
        self._tx = tx
        self._preview = preview
        self._decisions = decisions
        self._import_id = new_id()
        self._known_by = KNOWN_BY_LIST if preview.practice_list else KNOWN_BY_FILE
        self._today = local_date(tx.at)
        self._practices_made: set[str] = set()
        self._told = {
            (task.subject, task.title, task.detail)
            for task in load_all(tx.reader, Task)
            if task.title in (TELL_PRACTICE, TASK_TITLE, CHECK_DUPLICATE)
        }
        self._did_something = False

    def run(self) -> ImportResult:
        preview = self._preview
        for planned in preview.new:
            self._practice(planned.practice_id)
        if preview.new:
            self._did_something = True
            self._tx.create_all(self._records_of(planned.row, planned.practice_id) for planned in preview.new)
        new = len(preview.new)
        updated = 0
        skipped_updates = 0
        for plan in preview.updated:
            if self._update(plan):
                updated += 1
            else:
                skipped_updates += 1
        for plan in preview.differing:
            self._tell_practice(plan.person_id, plan.differences)
        left, added, matched = self._duplicates()
        moved = self._move()
        result = ImportResult(
            import_id=self._import_id if self._did_something else "",
            new=new + added,
            updated=updated + matched,
            unchanged=len(preview.unchanged) + skipped_updates,
            refused=len(preview.refused),
            left=tuple(left),
            possible_duplicates=len(preview.possible_duplicates),
            not_on_list=moved,
            differing=len(preview.differing),
        )
        if self._did_something:
            self._tx.begin_group()
            self._tx.create(
                ImportRun(
                    id=self._import_id,
                    source=preview.source,
                    imported_at=self._tx.at,
                    imported_by=self._tx.author,
                    rows=preview.rows,
                    new=result.new,
                    updated=result.updated,
                    unchanged=result.unchanged,
                    refused=result.refused,
                )
            )
        return result

    def _begin(self) -> None:
        self._tx.begin_group()
        self._did_something = True

    def _practice(self, practice_id: str) -> None:
        """A practice that the list names and that is not here yet."""
        if practice_id in self._preview.new_practices and practice_id not in self._practices_made:
            code, name = self._preview.new_practices[practice_id]
            self._practices_made.add(practice_id)
            self._begin()
            self._tx.create(Organisation(id=practice_id, name=name, ods_code=code, kind="practice"))

    def _add(self, row: ImportedPerson, practice_id: str) -> str:
        self._practice(practice_id)
        self._did_something = True
        records = self._records_of(row, practice_id)
        self._tx.create_all([records])
        return records[0].id

    def _records_of(self, row: ImportedPerson, practice_id: str) -> list[Record]:
        """A new person and all that the list says, with what an undo needs to know; the person first."""
        person_id = new_id()
        # family name is where lists look first; some people have one name
        family, given = (row.family_name, row.given_name) if row.family_name else (row.given_name, "")
        person = Person(
            id=person_id,
            subject=person_id,
            family_name=family,
            given_name=given,
            known_as=row.known_as,
            title=row.title,
            born_on=row.born_on,
            nhs_number=row.nhs_number,
            local_number=row.local_number,
            practice_id=practice_id,
            registration=row.registration,
            usual_gp=row.usual_gp,
            language=row.language,
            interpreter_needed=row.interpreter_needed,
            no_fixed_abode=True if row.no_fixed_abode else None,
            restricted=True if row.restricted else None,
            list_state=ON_LIST if self._preview.practice_list else ADDED_HERE,
            died_on=row.died_on,
            death_known_by=self._known_by if row.died else "",
        )
        records: list[Record] = [person]
        if address := address_of(row, person_id):
            records.append(msgspec.structs.replace(address, started_on=self._today))
        records += points_of(row, person_id)
        if row.gender or row.ethnicity:
            records.append(Demographics(subject=person_id, stated_gender=row.gender, ethnicity=row.ethnicity))
        records = [record if record.id else msgspec.structs.replace(record, id=new_id()) for record in records]
        made = {record.id: _short_hash(record) for record in records}
        listed: dict[str, Any] = {
            "import": self._import_id,
            "new": True,
            "said": said_of(row, practice_id),
            "made": made,
        }
        if row.kept_as_listed:
            listed["kept"] = dict(row.kept_as_listed)
        if row.ethnicity_as_listed and not row.ethnicity:
            listed.setdefault("kept", {})["ethnicity"] = row.ethnicity_as_listed
        records.append(
            Registration(
                id=new_id(),
                subject=person_id,
                practice_id=practice_id,
                status=row.registration or "registered",
                started_on=self._today,
                listed=_json(listed),
            )
        )
        return records

    def _update(self, plan: PlannedUpdate) -> bool:
        """False when the record is not as the preview saw it: then it is left for the next time."""
        tx = self._tx
        for update in plan.updates:
            body = body_of_row(tx.reader, RECORD_TYPES[update.type], update.id)
            if body is None or body.get(update.field) != update.before:
                return False
        self._practice(plan.practice_id)
        self._begin()
        changed: list[list[Any]] = []
        for update in plan.updates:
            record_type = RECORD_TYPES[update.type]
            field = record_type.field(update.field)
            tx.change(record_type.struct, update.id, {update.field: from_wire(field.kind, update.after)})
            changed.append([update.type, update.id, update.field, update.before, update.after])
        made = {}
        for record in plan.additions:
            if isinstance(record, Address):
                record = msgspec.structs.replace(record, started_on=self._today)
            made[tx.create(record)] = _short_hash(record)
        if plan.ends_address:
            tx.change(Address, plan.ends_address, {"ended_on": self._today})
            changed.append(["address", plan.ends_address, "ended_on", None, self._today.isoformat()])
        if plan.died:
            known_by = {"died_on": plan.row.died_on, "death_known_by": self._known_by}
            tx.change(Person, plan.person_id, known_by)
            died_on = plan.row.died_on.isoformat() if plan.row.died_on else None
            changed.append(["person", plan.person_id, "died_on", None, died_on])
            changed.append(["person", plan.person_id, "death_known_by", None, self._known_by])
            stop_for_death(tx, plan.person_id, self._today)
        self._remember(plan, changed, made)
        return True

    def _remember(self, plan: PlannedUpdate, changed: list[list[Any]], made: dict[str, str]) -> None:
        """What this list said, and what it changed, with the practice registration that it belongs to."""
        tx = self._tx
        entry = found.found(tx.reader, Registration, plan.registration_id) if plan.registration_id else None
        before = listed_of(entry).get("said", {})
        # what this list is silent about, the last one still said
        said = {**before, **plan.said}
        listed = _json(
            {"import": self._import_id, "said": said, "said_before": before, "changed": changed, "made": made}
        )
        if entry is not None and (entry.practice_id == plan.practice_id or not plan.practice_id):
            tx.change(Registration, entry.id, {"listed": listed})
            return
        if entry is not None:
            tx.change(Registration, entry.id, {"ended_on": self._today})
        tx.create(
            Registration(
                subject=plan.person_id,
                practice_id=plan.practice_id,
                status=plan.row.registration or "registered",
                started_on=self._today,
                listed=listed,
            )
        )

    def _duplicates(self) -> tuple[list[int], int, int]:
        left: list[int] = []
        added = matched = 0
        for offer in self._preview.possible_duplicates:
            decision = self._decisions.duplicates.get(offer.line, LEAVE if offer.same_number else "")
            if decision == LEAVE:
                left.append(offer.line)
            elif decision.startswith(SAME):
                person_id = decision.removeprefix(SAME)
                if person_id not in {candidate.person_id for candidate in offer.candidates}:
                    raise Refused("That is not one of the people offered for this line.", "duplicates")
                self._take_as(person_id, offer.row, offer.practice_id)
                matched += 1
            elif decision in ("", NEW):
                person_id = self._add(offer.row, offer.practice_id)
                added += 1
                if not decision:
                    reasons = "; ".join(offer.candidates[0].reasons)
                    self._task(person_id, CHECK_DUPLICATE, reasons[:1].upper() + reasons[1:], "check_duplicate")
            else:
                raise Refused("Choose new, leave, or the person it is.", "duplicates")
        return left, added, matched

    def _take_as(self, person_id: str, row: ImportedPerson, practice_id: str) -> None:
        """Somebody decided that the row is this person: only what is empty here is filled in."""
        tx = self._tx
        person = found.person(tx.reader, person_id)
        said = said_of(row, practice_id)
        self._practice(practice_id)
        self._begin()
        changed = []
        for name in (*Person.__struct_fields__,):
            if name in said and getattr(person, name) in ("", None):
                field = RECORD_TYPES["person"].field(name)
                tx.change(Person, person_id, {name: from_wire(field.kind, said[name])})
                changed.append(["person", person_id, name, None, said[name]])
        if self._preview.practice_list and person.list_state != ON_LIST:
            tx.change(Person, person_id, {"list_state": ON_LIST})
            changed.append(["person", person_id, "list_state", person.list_state or None, ON_LIST])
        current = [entry for entry in load_all(tx.reader, Registration, subject=person_id) if entry.ended_on is None]
        plan = PlannedUpdate(
            line=row.line,
            person_id=person_id,
            row=row,
            practice_id=practice_id,
            registration_id=current[-1].id if current else "",
            said=said,
        )
        self._remember(plan, changed, {})

    def _move(self) -> int:
        """PRACTICE W20: to not on list, with a task; nothing else changes until somebody decides."""
        preview, wanted = self._preview, self._decisions.move_not_on_list
        if wanted is False or (wanted is None and preview.short_list):
            return 0
        moved = 0
        decided = {choice.removeprefix(SAME) for choice in self._decisions.duplicates.values()}
        for person_id in preview.not_on_list:
            if person_id in decided:
                continue
            person = found.person(self._tx.reader, person_id)
            if person.list_state != ON_LIST:
                continue
            self._begin()
            self._tx.change(Person, person_id, {"list_state": NOT_ON_LIST})
            self._task(person_id, TASK_TITLE, "", "practice_list")
            moved += 1
        return moved

    def _tell_practice(self, person_id: str, differences: tuple[Difference, ...]) -> None:
        detail = "\n".join(
            f"{one.label}: the list says “{_one_line(one.listed)}”, here it is “{_one_line(one.here)}”"
            for one in differences
        )
        if (person_id, TELL_PRACTICE, detail) not in self._told:
            self._begin()
            self._task(person_id, TELL_PRACTICE, detail, "tell_practice")

    def _task(self, person_id: str, title: str, detail: str, kind: str) -> None:
        self._tx.create(
            Task(
                subject=person_id,
                title=title,
                detail=detail,
                kind=kind,
                owner_id=self._tx.author,
                due_on=self._today + _DUE_IN,
                state="open",
            )
        )


def _short_hash(record: Record) -> str:
    return body_hash(body_of(type_of(record), record))[:16]


def _one_line(text: str) -> str:
    return ", ".join(text.split("\n"))


def _json(value: Any) -> str:
    return msgspec.json.encode(value, order="deterministic").decode()
