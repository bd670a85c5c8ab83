"""`wellbeing import people FILE`: a CSV or XLSX list, previewed before anything is written."""

import argparse
import datetime as dt
from pathlib import Path
from typing import Any, Final

from wellbeing_desktop.cli.command import Command, Exit
from wellbeing_desktop.cli.opening import add_store_arguments, opened_store
from wellbeing_desktop.cli.output import Output
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.exchange.column_mapping import Preset
from wellbeing_desktop.exchange.people_list import PeopleFile, read_people_file
from wellbeing_desktop.operations.import_plan import ImportPreview
from wellbeing_desktop.operations.import_preview import preview_people_list
from wellbeing_desktop.operations.imports import ImportResult, import_people

PRESETS: Final[tuple[Preset, ...]] = ("auto", "emis", "systmone", "generic")


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="the list, CSV or XLSX")
    add_store_arguments(parser)
    parser.add_argument("--preset", choices=PRESETS, default="auto", help="the layout of the list")
    parser.add_argument("--dry-run", action="store_true", help="only say what would be done")


def _run(arguments: argparse.Namespace, output: Output) -> Exit:
    people = read(arguments.file, arguments.preset)
    with opened_store(arguments) as store:
        preview = store.read(lambda reader: preview_people_list(reader, people.people, source=people.mapping.preset))
        result: ImportResult | None = None
        if not arguments.dry_run:
            _changes, result = store.write(lambda writer: import_people(writer, preview))
    for notice in (*people.people.notices, *preview.notices):
        output.say(notice)
    output.result(summary(preview, result))
    return Exit.DONE


def read(file: Path, preset: Preset) -> PeopleFile:
    """The list in `file`. Raises Refused when it cannot be read or is no list."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise Refused(f"The file cannot be read ({error.strerror}).") from error
    return read_people_file(data, file.name, local_date(dt.datetime.now(dt.UTC)), preset=preset)


def summary(preview: ImportPreview, result: ImportResult | None) -> dict[str, Any]:
    """The counts of the command line's contract; what was done where `result` is given, else what would be."""
    return {
        "rows": preview.rows,
        "new": result.new if result else len(preview.new),
        "updated": result.updated if result else len(preview.updated),
        "unchanged": result.unchanged if result else len(preview.unchanged),
        "possible_duplicates": len(preview.possible_duplicates),
        "refused": [{"line": each.line, "reason": each.reason} for each in preview.refused],
        "not_on_list": len(preview.not_on_list),
        "import_id": result.import_id if result else "",
    }


IMPORT_PEOPLE = Command("import people", "bring in a list of people", _add_arguments, _run)
