"""`wellbeing export calendar`: one's own appointments as ICS, with as little of the people as was chosen."""

import argparse
import datetime as dt
from pathlib import Path

from wellbeing_desktop.cli.command import Command, Exit
from wellbeing_desktop.cli.opening import add_store_arguments, opened_store
from wellbeing_desktop.cli.output import Output
from wellbeing_desktop.cli.return_files import write_export
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.exchange.ics import calendar_bytes
from wellbeing_desktop.operations.calendars import INITIALS, LEVELS, own_calendar
from wellbeing_desktop.storage.lease import require_export


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    add_store_arguments(parser)
    parser.add_argument("--level", choices=LEVELS, default=INITIALS, help="what others who see the calendar may read")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="the file to write")


def _run(arguments: argparse.Namespace, output: Output) -> Exit:
    now = dt.datetime.now(dt.UTC)
    with opened_store(arguments, require=require_export) as store:
        entries = store.read(lambda reader: own_calendar(reader, level=arguments.level, today=local_date(now)))
    path = write_export(arguments.out, calendar_bytes(entries, now))
    output.say("This file is not encrypted. Whoever sees the calendar sees what is in it.")
    output.result({"files": [str(path)], "appointments": len(entries)})
    return Exit.DONE


EXPORT_CALENDAR = Command("export calendar", "write one's own appointments as a calendar", _add_arguments, _run)
