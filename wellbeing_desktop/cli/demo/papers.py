"""The papers of the demo's day: the person's plan, a visit sheet, letters to print, the manager's return."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from wellbeing_desktop.cli.return_files import ReturnFiles, count_month, write_export, write_return
from wellbeing_desktop.documents.care_plan import care_plan_document
from wellbeing_desktop.documents.letter import letter_document
from wellbeing_desktop.documents.pdf import render_batch, render_pdf
from wellbeing_desktop.documents.print_style import LARGE_PRINT, SMALL
from wellbeing_desktop.documents.templates import shipped_templates
from wellbeing_desktop.documents.visit_sheet import visit_sheet_document
from wellbeing_desktop.domain.contact import Appointment
from wellbeing_desktop.domain.dates import plain_date
from wellbeing_desktop.domain.document import Letter
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.domain.organisation import Organisation
from wellbeing_desktop.domain.return_definition import Month, shipped_definition
from wellbeing_desktop.operations import letters, plan_copies
from wellbeing_desktop.operations.letter_document import SetLetter, merge, set_letter, usual_values
from wellbeing_desktop.operations.letters import LetterPlan, plan_letters
from wellbeing_desktop.operations.person_record import PersonRecord, read_person
from wellbeing_desktop.operations.plan_document import plan_page
from wellbeing_desktop.operations.returns import people_behind
from wellbeing_desktop.operations.visit_sheet import visit_sheet
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.records import load, load_all
from wellbeing_desktop.storage.store import Store

_REMINDER: Final = "appointment-reminder"
_GP_SUMMARY: Final = "plan-summary-gp"


class Paper(msgspec.Struct, frozen=True):
    """One file. `person_id` is "" for a batch."""

    kind: str
    file: Path
    person_id: str = ""


def coordinator_papers(store: Store, person_id: str, out: Path, now: dt.datetime) -> list[Paper]:
    """What is left with the person, what is carried to the next visit, and the draft of a letter to the GP."""
    today = local_date(now)
    record = store.read(lambda reader: read_person(reader, person_id, today))
    plan = record.plan
    if plan is None or not plan.copies:
        raise LookupError("the demo's person has no agreed plan")
    copy = plan.copies[-1]
    page = store.read(lambda reader: plan_page(reader, plan.plan.id, copy.id))
    printed = render_pdf(care_plan_document(page.plan), page.style)
    store.write(lambda writer: plan_copies.settle_copy(writer, copy.id, "handed", at=now))
    made = [Paper("care plan", write_export(out / "care-plan.pdf", printed.data), person_id)]
    visit = record.next_appointment(today)
    if visit is not None:
        sheet = store.read(lambda reader: visit_sheet(reader, visit.id, with_access=True, today=today))
        data = render_pdf(visit_sheet_document(sheet), SMALL).data
        made.append(Paper("visit sheet", write_export(out / "visit-sheet.pdf", data), person_id))
    store.write(lambda writer: _draft_to_gp(writer, record, now))
    return made


def administrator_papers(
    store: Store, person_ids: Sequence[str], author_id: str, out: Path, now: dt.datetime
) -> tuple[list[Paper], tuple[str, ...]]:
    """Reminders to everybody with an appointment, and the letters that wait to be printed: all in one file, each on a
    new sheet. Also the reasons of those that may not be written to."""
    today = local_date(now)
    plans = store.read(lambda reader: plan_letters(reader, person_ids, "person", _REMINDER, today))
    stopped = tuple(plan.stop.sentence for plan in plans if plan.stop is not None)
    store.write(lambda writer: _draft_reminders(writer, plans, author_id, now))
    # a reply to a referrer without an address stays the coordinator's draft
    waiting = store.read(
        lambda reader: [letter.id for letter in load_all(reader, Letter, state="draft") if letter.to_address]
    )

    def ready(writer: Writer) -> None:
        for letter_id in waiting:
            letters.ready_letter(writer, letter_id, at=now)

    store.write(ready)
    pages = store.read(lambda reader: [set_letter(reader, letter_id) for letter_id in waiting])
    batch = render_batch([letter_document(each.page) for each in pages], [each.style for each in pages])
    if batch.failures:
        raise LookupError("a letter of the demo could not be printed")
    store.write(lambda writer: letters.record_printed(writer, waiting, at=now))
    made = [Paper("letters", write_export(out / "letters.pdf", batch.data))]
    for letter_id, each in zip(waiting, pages, strict=True):
        if each.style == LARGE_PRINT:
            made.append(_alone(store, letter_id, each, out))
            break
    return made, stopped


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


def _alone(store: Store, letter_id: str, letter: SetLetter, out: Path) -> Paper:
    """The large-print letter by itself as well, so that it can be looked at beside the others."""
    data = render_pdf(letter_document(letter.page), letter.style).data
    person_id = store.read(lambda reader: _subject_of(reader, letter_id))
    return Paper("large-print letter", write_export(out / "large-print-letter.pdf", data), person_id)


def _subject_of(reader: Reader, letter_id: str) -> str:
    letter = load(reader, Letter, letter_id)
    return letter.subject if letter else ""


def _draft_reminders(writer: Writer, plans: Sequence[LetterPlan], author_id: str, now: dt.datetime) -> None:
    template = shipped_templates()[_REMINDER]
    drafts = []
    for plan in plans:
        if plan.stop is not None:
            continue
        booked = load_all(writer, Appointment, subject=plan.person_id, state="booked")
        if not booked:
            continue
        values = usual_values(
            writer, plan.person_id, today=local_date(now), author_id=author_id, appointment_id=booked[-1].id
        )
        words = merge(template, values)
        if words.missing:
            raise LookupError(f"the demo's letter has nothing for {', '.join(words.missing)}")
        drafts.append(
            Letter(
                id=new_id(),
                subject=plan.person_id,
                template=template.id,
                template_version=str(template.version),
                to_kind="person",
                subject_line=words.subject,
                body=words.body,
                author_id=author_id,
            )
        )
    letters.draft_letters(writer, drafts, at=now)


def _draft_to_gp(writer: Writer, record: PersonRecord, now: dt.datetime) -> None:
    """The plan in short, for the practice. It waits for the office to print it."""
    person, plan = record.person, record.plan
    practice = load(writer, Organisation, person.practice_id) if person.practice_id else None
    if plan is None or plan.plan.agreed_on is None:
        raise LookupError("the demo's person has no agreed plan")
    template = shipped_templates()[_GP_SUMMARY]
    today = local_date(now)
    words = merge(
        template,
        usual_values(writer, person.id, today=today)
        | {
            "agreed_on": plain_date(plan.plan.agreed_on),
            "goals_words": " ".join(f"{goal.what}." for goal in plan.goals),
            "matters_words": plan.narrative.most_important if plan.narrative else "",
            "review_on": plain_date(plan.plan.review_on) if plan.plan.review_on else "",
        },
    )
    letters.draft_letter(
        writer,
        Letter(
            id=new_id(),
            subject=person.id,
            template=template.id,
            template_version=str(template.version),
            to_kind="gp",
            to_name=person.usual_gp or "The practice",
            to_address=_practice_address(practice),
            subject_line=words.subject,
            body=words.body,
        ),
        at=now,
    )


def _practice_address(practice: Organisation | None) -> str:
    if practice is None:
        return ""
    return "\n".join(part for part in (practice.name, practice.address, practice.postcode) if part.strip())
