"""`wellbeing backup FILE` and `wellbeing restore FILE`: verified and encrypted."""

import argparse
import datetime as dt
from pathlib import Path

from wellbeing_desktop.cli.command import Command, Exit
from wellbeing_desktop.cli.opening import add_store_arguments, opened_store, passphrase_from
from wellbeing_desktop.cli.output import Output
from wellbeing_desktop.storage.backup import backup, note_backup, restore


def _add_backup_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="the backup to write")
    add_store_arguments(parser)


def _run_backup(arguments: argparse.Namespace, output: Output) -> Exit:
    with opened_store(arguments) as store:
        report = backup(store, arguments.file)
        store.write(lambda writer: note_backup(writer, dt.datetime.now(dt.UTC)))
    if report.without_files:
        output.say(report.warning())
    output.result(
        {
            "file": str(arguments.file),
            "records": report.records,
            "hash": report.hash,
            "without_files": report.without_files,
        }
    )
    return Exit.DONE


def _add_restore_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="the backup to put back")
    add_store_arguments(parser)
    parser.add_argument("--move-aside", action="store_true", help="keep the files there now under another name")


def _run_restore(arguments: argparse.Namespace, output: Output) -> Exit:
    secret = passphrase_from(arguments, question="Passphrase at the time of the backup: ")
    report = restore(arguments.file, arguments.store, secret, move_aside=arguments.move_aside)
    if report.moved_aside is not None:
        output.say(f"The files that were there are now in {report.moved_aside}.")
    output.result(
        {"store": str(report.folder), "records": report.records, "hash": report.hash, "made_at": report.made_at}
    )
    return Exit.DONE


BACKUP = Command("backup", "write a verified, encrypted backup", _add_backup_arguments, _run_backup)
RESTORE = Command("restore", "put a backup back as a store", _add_restore_arguments, _run_restore)
