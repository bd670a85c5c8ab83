"""`wellbeing people`: find people in a store."""

import argparse

from wellbeing_desktop.cli.command import Command, Exit
from wellbeing_desktop.cli.opening import add_store_arguments, opened_store
from wellbeing_desktop.cli.output import Output
from wellbeing_desktop.domain.nhs_number import format_nhs_number
from wellbeing_desktop.storage.lease import require_reading
from wellbeing_desktop.storage.search import PersonRow, find_people


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    add_store_arguments(parser)
    parser.add_argument(
        "--search", default="", metavar="TEXT", help="name, NHS number, postcode, date of birth, telephone"
    )
    parser.add_argument("--limit", type=int, default=50, help="at most this many (default 50)")


def _run(arguments: argparse.Namespace, output: Output) -> Exit:
    with opened_store(arguments, require=require_reading) as store:
        rows = store.read(lambda reader: find_people(reader, arguments.search, arguments.limit))
    output.result([_plain(row) for row in rows])
    return Exit.DONE


def _plain(row: PersonRow) -> dict[str, str]:
    return {
        "id": row.id,
        "name": row.name,
        "known_as": row.known_as,
        "born_on": row.born_on.isoformat() if row.born_on else "",
        "nhs_number": format_nhs_number(row.nhs_number).replace("\u00a0", " ") if row.nhs_number else "",
        "postcode": row.postcode,
    }


PEOPLE = Command("people", "find people", _add_arguments, _run)
