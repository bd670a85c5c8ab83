"""`wellbeing import directory FILE...`: services and who runs them, from Open Referral UK files."""

import argparse
from pathlib import Path

from wellbeing_desktop.cli.command import Command, Exit
from wellbeing_desktop.cli.import_files import in_file, read_each, summary
from wellbeing_desktop.cli.opening import add_store_arguments, opened_store
from wellbeing_desktop.cli.output import Output
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.exchange.open_referral import RefusedItem, read_services
from wellbeing_desktop.operations.directory import SOURCE, import_directory, plan_directory, take_back_directory


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files",
        type=Path,
        nargs="*",
        metavar="FILE",
        help="Open Referral UK as JSON: a service, a page of services, or an organisation",
    )
    parser.add_argument("--dry-run", action="store_true", help="only say what would be done")
    parser.add_argument("--source", default=SOURCE, metavar="NAME", help="which directory the files are of")
    parser.add_argument("--take-back", default="", metavar="ID", help="take back an import, named by its import_id")
    add_store_arguments(parser)


def _run(arguments: argparse.Namespace, output: Output) -> Exit:
    if arguments.take_back:
        with opened_store(arguments) as store:
            changes = store.write(lambda writer: take_back_directory(writer, arguments.take_back))
        output.result({"taken_back": len(changes.touched)})
        return Exit.DONE
    if not arguments.files:
        raise Refused("Name the file to bring in.")
    files, refused = read_each(arguments.files, read_services)
    rows, place_of = [], {}
    for file in files:
        refused += in_file(file.label, file.content.refused)
        if file.content.pages_missing:
            output.say(f"{file.label.capitalize()}: its publisher has {file.content.pages_missing} more pages.")
        for row in file.content.services:
            rows.append(row)
            place_of[f"service {len(rows)}"] = f"{file.label}, {row.name}"
    import_id = ""
    with opened_store(arguments) as store:
        if arguments.dry_run:
            plan = store.read(lambda reader: plan_directory(reader, rows, source=arguments.source))
        else:
            changes, plan = store.write(lambda writer: import_directory(writer, rows, source=arguments.source))
            import_id = changes.undo_id
    refused += [RefusedItem(place_of[each.item], each.reason) for each in plan.refused]
    output.result(
        summary(
            read=len(rows) + sum(len(file.content.refused) for file in files),
            created=len(plan.created),
            updated=len(plan.updated),
            refused=refused,
            not_understood=[name for file in files for name in file.content.not_understood],
            unchanged=plan.unchanged,
            organisations=len(plan.organisations),
            kept=[{"item": place_of[each.item], "reason": each.reason} for each in plan.kept],
            import_id=import_id,
        )
    )
    return Exit.DONE


IMPORT_DIRECTORY = Command("import directory", "bring in a directory of services", _add_arguments, _run)
