"""The papers of the demo's day: the person's plan, a visit sheet, letters to print, the manager's return."""

import datetime as dt
from pathlib import Path

import msgspec

from wellbeing_desktop.cli.return_files import ReturnFiles, count_month, write_export, write_return
from wellbeing_desktop.documents.pdf import render_pdf
from wellbeing_desktop.documents.print_style import SMALL
from wellbeing_desktop.documents.visit_sheet import VisitSheet, visit_sheet_document
from wellbeing_desktop.domain.dates import age_on, staff_date
from wellbeing_desktop.domain.london_time import local_date, local_time
from wellbeing_desktop.domain.names import list_name
from wellbeing_desktop.domain.return_definition import Month, shipped_definition
from wellbeing_desktop.operations.letters import address_block
from wellbeing_desktop.operations.person_record import PersonRecord, read_person
from wellbeing_desktop.operations.returns import people_behind
from wellbeing_desktop.storage.store import Store


class Paper(msgspec.Struct, frozen=True):
    """One file. `person_id` is "" for a batch."""

    kind: str
    file: Path
    person_id: str = ""


def coordinator_papers(store: Store, person_id: str, out: Path, now: dt.datetime) -> list[Paper]:
    """What is left with the person and what is carried to the next visit."""
    record = store.read(lambda reader: read_person(reader, person_id, local_date(now)))
    sheet = render_pdf(visit_sheet_document(_sheet(record, store.about.user_name, now)), SMALL)
    return [Paper("visit sheet", write_export(out / "visit-sheet.pdf", sheet.data), person_id)]


class CountedReturn(msgspec.Struct, frozen=True):
    """`people_behind` is how many people the manager saw behind the first number of the return."""

    files: ReturnFiles
    people_behind: int


def manager_return(store: Store, first_day: dt.date, out: Path, now: dt.datetime) -> CountedReturn:
    """Last month, counted on the manager's own laptop under the return grant, and opened to its people."""
    result = count_month(store, shipped_definition(), Month(first_day.year, first_day.month), at=now)
    cell = next((cell.id for measure in result.measures for split in measure.splits for cell in split.cells), "")
    behind = store.read(lambda reader: people_behind(reader, result, cell)) if cell else ()
    return CountedReturn(write_return(store, result, out), len(behind))


def _sheet(record: PersonRecord, worker: str, now: dt.datetime) -> VisitSheet:
    person, today = record.person, local_date(now)
    born = f", born {staff_date(person.born_on)}, {age_on(person.born_on, today)} years" if person.born_on else ""
    address = record.address(today)
    visit = record.next_appointment(today)
    starts_at = visit.starts_at if visit is not None and visit.starts_at is not None else now
    plan = record.plan
    return VisitSheet(
        person_line=list_name(person.family_name, person.given_name, person.known_as) + born,
        starts_at=local_time(starts_at),
        place=address_block(address).replace("\n", ", ") if address else "Not known",
        reference=f"V-{person.id.replace('-', '')[-8:].upper()}",
        reason=visit.purpose if visit else "",
        communication=tuple(part for part in (person.communication_detail,) if part),
        goals=tuple(goal.what for goal in plan.goals) if plan else (),
        open_actions=tuple(
            (action.what, action.who, staff_date(action.due_on) if action.due_on else "No date")
            for action in plan.actions
            if action.state != "done"
        )
        if plan
        else (),
        telephone=next((point.value for point in record.contact_points if point.safe_to_call is not False), ""),
        worker=worker,
    )
