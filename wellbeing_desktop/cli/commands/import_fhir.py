"""`wellbeing import fhir FILE...`: patients from other systems, through the same decisions as a list of people."""

import argparse
import datetime as dt
from collections.abc import Sequence
from typing import Final

import msgspec

from wellbeing_desktop.cli.command import Command, Exit
from wellbeing_desktop.cli.import_files import FileRead, add_files_arguments, in_file, read_each, summary
from wellbeing_desktop.cli.opening import add_store_arguments, opened_store
from wellbeing_desktop.cli.output import Output
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.exchange.fhir_in import FhirFile, read_fhir
from wellbeing_desktop.exchange.open_referral import RefusedItem
from wellbeing_desktop.exchange.people_list import PeopleList
from wellbeing_desktop.exchange.people_rows import ImportedPerson
from wellbeing_desktop.operations.import_plan import ImportPreview
from wellbeing_desktop.operations.import_preview import preview_people_list
from wellbeing_desktop.operations.imports import ImportResult, import_people

_RELATIVE: Final = "This release does not bring in related people. Add them from the person's record."
_SAME_NUMBER: Final = (
    "Somebody with this NHS number is here, or earlier in these files, and the rest does not show that it is the same "
    "person. Compare the two."
)


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    add_files_arguments(parser, "FHIR R4 as JSON: a Patient, or a Bundle of them")
    add_store_arguments(parser)


def _run(arguments: argparse.Namespace, output: Output) -> Exit:
    today = local_date(dt.datetime.now(dt.UTC))
    files, refused = read_each(arguments.files, lambda data: read_fhir(data, today))
    people, places = _all_people(files)
    for file in files:
        refused += in_file(file.label, file.content.refused)
        related = range(1, len(file.content.relatives) + 1)
        refused += [RefusedItem(f"{file.label}, RelatedPerson {place}", _RELATIVE) for place in related]
    with opened_store(arguments) as store:
        preview = store.read(lambda reader: preview_people_list(reader, people, source="fhir", practice_list=False))
        result: ImportResult | None = None
        if not arguments.dry_run:
            _changes, result = store.write(lambda writer: import_people(writer, preview))
    waiting = [offer.line for offer in preview.possible_duplicates if offer.same_number]
    refused += [RefusedItem(places[line], _SAME_NUMBER) for line in waiting]
    for notice in preview.notices:
        output.say(notice)
    output.result(
        summary(
            read=sum(_resources_in(file.content) for file in files),
            created=result.new if result else _would_be_new(preview),
            updated=result.updated if result else len(preview.updated),
            refused=refused,
            not_understood=[kind for file in files for kind in file.content.not_understood],
            unchanged=result.unchanged if result else len(preview.unchanged),
            possible_duplicates=len(preview.possible_duplicates),
            import_id=result.import_id if result else "",
        )
    )
    return Exit.DONE


def _all_people(files: Sequence[FileRead[FhirFile]]) -> tuple[PeopleList, dict[int, str]]:
    """Everyone in the files under one numbering, and where each number stands in which file."""
    people: list[ImportedPerson] = []
    places: dict[int, str] = {}
    for file in files:
        for person in file.content.people:
            line = len(people) + 1
            places[line] = f"{file.label}, Patient {person.line}"
            people.append(msgspec.structs.replace(person, line=line, lines=(line,)))
    together = PeopleList(
        people=tuple(people), refused=(), unmapped_headers=(), notices=(), gender_words=(), read=len(people)
    )
    return together, places


def _resources_in(file: FhirFile) -> int:
    return len(file.people) + len(file.relatives) + len(file.refused)


def _would_be_new(preview: ImportPreview) -> int:
    """Somebody who may be here already is added, with a task to look at both, unless the NHS number is the same."""
    return len(preview.new) + sum(not offer.same_number for offer in preview.possible_duplicates)


IMPORT_FHIR = Command("import fhir", "bring in people from FHIR files", _add_arguments, _run)
