"""`wellbeing letters TEMPLATE --to SAVED_SEARCH`: one letter to each person of a list, in one file to print or as web pages."""

import argparse
import datetime as dt
from functools import partial
from pathlib import Path
from typing import Any, Final

import msgspec

from wellbeing_desktop.cli.command import Command, Exit
from wellbeing_desktop.cli.opening import add_store_arguments, opened_store
from wellbeing_desktop.cli.output import Output
from wellbeing_desktop.cli.return_files import write_export
from wellbeing_desktop.documents.html import render_html
from wellbeing_desktop.documents.letter import letter_document
from wellbeing_desktop.documents.pdf import render_batch
from wellbeing_desktop.documents.templates import LetterTemplate, shipped_templates
from wellbeing_desktop.domain.contact import Appointment
from wellbeing_desktop.domain.document import Letter
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.operations.letter_document import SetLetter, merge, set_letter, usual_values
from wellbeing_desktop.operations.letters import SAVED_A_COPY, draft_letters, plan_letters, ready_letter
from wellbeing_desktop.operations.looking import noted
from wellbeing_desktop.operations.service import sender
from wellbeing_desktop.storage.caseload import CaseloadFilter, caseload
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.lease import require_export
from wellbeing_desktop.storage.records import load_all

QUIET_DAYS: Final = 28
REVIEW_DAYS: Final = 14
SEARCHES: Final = {
    "mine": "people I support",
    "everyone": "everyone I may see",
    "late": "something is late",
    "quiet": "no contact in 4 weeks",
    "review": "review due in 2 weeks",
    "copy": "copy of the plan owed",
    "not_on_list": "not on the practice list",
    "alert": "alert in force",
}
"""The filters of the caseload by the words that the command line takes."""
_MOST_PEOPLE: Final = 2000


class Failed(msgspec.Struct, frozen=True):
    """Nobody's name: a scheduled job's log is read by many."""

    person: str
    reason: str


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("template", metavar="TEMPLATE", help="which letter, for example closing")
    add_store_arguments(parser)
    parser.add_argument("--to", choices=sorted(SEARCHES), required=True, metavar="SAVED_SEARCH", help="to whom")
    parser.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help="the PDF to write; with --format html a folder"
    )
    parser.add_argument(
        "--format",
        choices=("pdf", "html"),
        default="pdf",
        help="pdf: all in one file to print; html: a web page for each person, for a screen reader",
    )


def _run(arguments: argparse.Namespace, output: Output) -> Exit:
    template = shipped_templates().get(arguments.template)
    if template is None:
        raise Refused(f"There is no letter of that name. There is {', '.join(sorted(shipped_templates()))}.")
    if template.kind != "person":
        raise Refused("This letter does not go to the people themselves. Write it in the window.")
    today = local_date(dt.datetime.now(dt.UTC))
    with opened_store(arguments, require=require_export) as store:
        user_id = store.identity.user_id
        if not store.read(sender).telephone:
            raise Refused("A letter needs a number to call. Put your organisation's telephone in Settings first.")
        people = store.read(lambda reader: _people(reader, filter_of(arguments.to, user_id, today), today))
        drafts, failures = store.read(lambda reader: _drafts(reader, template, people, today))

        def write(writer: Writer) -> None:
            draft_letters(writer, drafts)
            for draft in drafts:
                ready_letter(writer, draft.id)

        if not drafts:
            raise Refused("Nobody in this list can be written to now.")
        store.write(write)
        pages = store.read(lambda reader: [set_letter(reader, draft.id) for draft in drafts])
        if arguments.format == "html":
            store.write(partial(noted, what=SAVED_A_COPY, people=tuple(draft.subject for draft in drafts)))
            letters, files = len(pages), _web_pages(pages, drafts, arguments.out)
        else:
            batch = render_batch([letter_document(each.page) for each in pages], [each.style for each in pages])
            failures += [Failed(drafts[each.index].subject, each.sentence) for each in batch.failures]
            letters, files = batch.letters, ()
            write_export(arguments.out, batch.data)
    for failure in failures:
        output.say(failure.reason)
    output.say("The letters are in the print queue. Say in the window which were printed.")
    output.result(
        {
            "letters": letters,
            "failures": [{"person": each.person, "reason": each.reason} for each in failures],
            "file": str(arguments.out),
            "files": [{"person": person, "file": str(path)} for person, path in files],
        }
    )
    return Exit.DONE


def _web_pages(pages: list[SetLetter], drafts: list[Letter], folder: Path) -> tuple[tuple[str, Path], ...]:
    """One file for each person, its name without theirs: (person, file)."""
    written = []
    for number, (draft, page) in enumerate(zip(drafts, pages, strict=True), 1):
        content = render_html(letter_document(page.page), page.style).encode()
        written.append((draft.subject, write_export(folder / f"letter-{number:03}.html", content)))
    return tuple(written)


def filter_of(name: str, user_id: str, today: dt.date) -> CaseloadFilter:
    """The saved search of that name: the people signed in's own, but for `everyone`."""
    found = CaseloadFilter(coordinator_id="" if name == "everyone" else user_id, living_only=True)
    changes: dict[str, dict[str, Any]] = {
        "late": {"late_on": today},
        "quiet": {"quiet_since": today - dt.timedelta(days=QUIET_DAYS), "supported_only": True},
        "review": {"reviews_by": today + dt.timedelta(days=REVIEW_DAYS)},
        "copy": {"copy_owed": True},
        "not_on_list": {"list_state": "not_on_list"},
        "alert": {"with_alert": True},
    }
    return msgspec.structs.replace(found, **changes.get(name, {}))


def _people(reader: Reader, narrowed: CaseloadFilter, today: dt.date) -> list[str]:
    return [row.id for row in caseload(reader, narrowed, today, limit=_MOST_PEOPLE).rows]


def _drafts(
    reader: Reader, template: LetterTemplate, people: list[str], today: dt.date
) -> tuple[list[Letter], list[Failed]]:
    drafts, failures = [], []
    for plan in plan_letters(reader, people, "person", template.id, today):
        if plan.stop is not None:
            failures.append(Failed(plan.person_id, plan.stop.sentence))
            continue
        coming = [
            one
            for one in load_all(reader, Appointment, subject=plan.person_id, state="booked")
            if one.starts_on is not None and one.starts_on >= today
        ]
        values = usual_values(reader, plan.person_id, today=today, appointment_id=coming[0].id if coming else "")
        words = merge(template, values)
        if words.missing:
            failures.append(Failed(plan.person_id, f"The record has nothing for {', '.join(words.missing)}."))
            continue
        drafts.append(
            Letter(
                id=new_id(),
                subject=plan.person_id,
                template=template.id,
                template_version=str(template.version),
                to_kind="person",
                subject_line=words.subject,
                body=words.body,
            )
        )
    return drafts, failures


LETTERS: Final = Command("letters", "a letter to each person of a list, in one file", _add_arguments, _run)
