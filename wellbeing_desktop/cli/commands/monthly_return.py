"""`wellbeing return YYYY-MM`: the monthly return, counted on this laptop and written to files."""

import argparse
from pathlib import Path
from typing import Any

from wellbeing_desktop.cli.command import Command, Exit
from wellbeing_desktop.cli.opening import add_store_arguments, opened_store
from wellbeing_desktop.cli.output import Output
from wellbeing_desktop.cli.return_files import count_month, write_return
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.return_definition import ReturnDefinition, parse_month, shipped_definition
from wellbeing_desktop.operations.return_document import suppression_rule
from wellbeing_desktop.operations.return_results import MeasureResult
from wellbeing_desktop.storage.lease import require_export

USUAL_DEFINITION = "monthly-coordination"


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("month", metavar="YYYY-MM", help="the month to count")
    add_store_arguments(parser)
    parser.add_argument("--definition", default=USUAL_DEFINITION, metavar="NAME", help="which return")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder for CSV, XLSX and PDF")


def _run(arguments: argparse.Namespace, output: Output) -> Exit:
    month = parse_month(arguments.month)
    definition = _definition(arguments.definition)
    with opened_store(arguments, require=require_export) as store:
        result = count_month(store, definition, month)
        files = write_return(store, result, arguments.out)
    output.say(f"The numbers here are true numbers. In the files: {suppression_rule(definition).sentence}")
    output.result(
        {
            "measures": [_plain(measure) for measure in result.measures],
            "files": [str(path) for path in files.paths()],
            "hash": result.hash,
            "provisional": result.provisional,
        }
    )
    return Exit.DONE


def _definition(name: str) -> ReturnDefinition:
    if not name.replace("-", "").isalnum():
        raise Refused("There is no return of that name.")
    try:
        return shipped_definition(name)
    except FileNotFoundError as error:
        raise Refused("There is no return of that name.") from error


def _plain(measure: MeasureResult) -> dict[str, Any]:
    return {
        "id": measure.id,
        "value": measure.count,
        "breakdowns": {split.by: {cell.label: cell.count for cell in split.cells} for split in measure.splits},
        "figures": dict(measure.figures),
    }


RETURN = Command("return", "count a month and write its return", _add_arguments, _run)
