"""`wellbeing import directory FILE...`: the organisations of an Open Referral UK file; services have no record yet."""

import argparse

from wellbeing_desktop.cli.command import Command, Exit
from wellbeing_desktop.cli.import_files import add_files_arguments, in_file, read_each, summary
from wellbeing_desktop.cli.opening import add_store_arguments, opened_store
from wellbeing_desktop.cli.output import Output
from wellbeing_desktop.exchange.open_referral import read_services
from wellbeing_desktop.operations.directory import add_named_organisations, organisations_not_here


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    add_files_arguments(parser, "Open Referral UK as JSON: a service, a page of services, or an organisation")
    add_store_arguments(parser)


def _run(arguments: argparse.Namespace, output: Output) -> Exit:
    files, refused = read_each(arguments.files, read_services)
    for file in files:
        refused += in_file(file.label, file.content.refused)
        if file.content.pages_missing:
            output.say(f"{file.label.capitalize()}: its publisher has {file.content.pages_missing} more pages.")
    services = [service for file in files for service in file.content.services]
    names = [service.organisation for service in services]
    with opened_store(arguments) as store:
        if arguments.dry_run:
            created = len(store.read(lambda reader: organisations_not_here(reader, names)))
        else:
            _changes, created = store.write(lambda writer: add_named_organisations(writer, names))
    kept_for_later = [
        f"{service.name}: this service is not kept. The directory comes in a later release." for service in services
    ]
    output.result(
        summary(
            read=sum(len(file.content.services) + len(file.content.refused) for file in files),
            created=created,
            updated=0,
            refused=refused,
            not_understood=[*kept_for_later, *(name for file in files for name in file.content.not_understood)],
        )
    )
    return Exit.DONE


IMPORT_DIRECTORY = Command(
    "import directory", "bring in the organisations of a directory of services", _add_arguments, _run
)
