"""`wellbeing import calendar FILE...`: appointments from ICS files; nobody is ever found by a name in an event."""

import argparse
import datetime as dt
from pathlib import Path

import msgspec

from wellbeing_desktop.cli.command import Command, Exit
from wellbeing_desktop.cli.import_files import in_file, read_each, summary
from wellbeing_desktop.cli.opening import add_store_arguments, opened_store
from wellbeing_desktop.cli.output import Output
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.exchange.ics import read_calendar
from wellbeing_desktop.exchange.open_referral import RefusedItem
from wellbeing_desktop.operations.calendars import import_calendar, plan_calendar, take_back_calendar


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", type=Path, nargs="*", metavar="FILE", help="calendars as ICS")
    parser.add_argument("--dry-run", action="store_true", help="only say what would be done")
    parser.add_argument(
        "--person", default="", metavar="ID", help="whose appointments the events of other calendars are"
    )
    parser.add_argument("--take-back", default="", metavar="ID", help="take back an import, named by its import_id")
    add_store_arguments(parser)


def _run(arguments: argparse.Namespace, output: Output) -> Exit:
    if arguments.take_back:
        with opened_store(arguments) as store:
            changes = store.write(lambda writer: take_back_calendar(writer, arguments.take_back))
        output.result({"taken_back": len(changes.touched)})
        return Exit.DONE
    if not arguments.files:
        raise Refused("Name the calendar to bring in.")
    files, refused = read_each(arguments.files, read_calendar)
    events, place_of, place = [], {}, 0
    for file in files:
        refused += in_file(file.label, file.content.refused)
        for event in file.content.entries:  # several files are one import, so each event needs a place of its own
            place += 1
            place_of[f"event {place}"] = f"{file.label}, event {event.place}"
            events.append(msgspec.structs.replace(event, place=place))
    import_id = ""
    with opened_store(arguments) as store:
        person_id = arguments.person
        if arguments.dry_run:
            now = dt.datetime.now(dt.UTC)
            plan = store.read(lambda reader: plan_calendar(reader, events, person_id=person_id, at=now))
        else:
            changes, plan = store.write(lambda writer: import_calendar(writer, events, person_id=person_id))
            import_id = changes.undo_id
    refused += [RefusedItem(place_of[each.item], each.reason) for each in plan.refused]
    floating = sum(event.floating for event in events)
    if floating:
        output.say(f"{floating} events give no time zone. Their times were read as UK time.")
    output.result(
        summary(
            read=len(events) + sum(len(file.content.refused) for file in files),
            created=len(plan.created),
            updated=len(plan.updated),
            refused=refused,
            not_understood=[name for file in files for name in file.content.not_understood],
            unchanged=plan.unchanged,
            import_id=import_id,
        )
    )
    return Exit.DONE


IMPORT_CALENDAR = Command("import calendar", "bring in appointments from calendars", _add_arguments, _run)
