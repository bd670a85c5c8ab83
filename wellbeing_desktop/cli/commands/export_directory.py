"""`wellbeing export directory`: the services of the directory as Open Referral UK. Nothing of any person is in it."""

import argparse
from pathlib import Path

from wellbeing_desktop.cli.command import Command, Exit
from wellbeing_desktop.cli.opening import add_store_arguments, opened_store
from wellbeing_desktop.cli.output import Output
from wellbeing_desktop.cli.return_files import write_export
from wellbeing_desktop.operations.directory import directory_bytes


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    add_store_arguments(parser)
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="the file to write")


def _run(arguments: argparse.Namespace, output: Output) -> Exit:
    with opened_store(arguments) as store:
        content, count = store.read(directory_bytes)
    path = write_export(arguments.out, content)
    output.result({"files": [str(path)], "services": count})
    return Exit.DONE


EXPORT_DIRECTORY = Command("export directory", "write the directory of services", _add_arguments, _run)
