"""`wellbeing emergency`: opens for some hours one record that nobody gave you, as the window's page does (D6)."""

import argparse
import datetime as dt

from wellbeing_desktop.cli.command import Command, Exit
from wellbeing_desktop.cli.opening import add_store_arguments, opened_store, way_to_server
from wellbeing_desktop.cli.output import Output
from wellbeing_desktop.domain.emergency import HOURS, REASONS
from wellbeing_desktop.storage.lease import require_reading
from wellbeing_desktop.sync.client.emergency import ask_access
from wellbeing_desktop.sync.client.session import sync_once


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    add_store_arguments(parser)
    parser.add_argument("--nhs-number", default="", metavar="NUMBER", help="the person's NHS number, or:")
    parser.add_argument("--family-name", default="", metavar="NAME", help="the family name, with the date of birth")
    parser.add_argument("--born", type=dt.date.fromisoformat, metavar="DATE", help="the date of birth, as 1950-02-03")
    parser.add_argument("--reason", required=True, choices=tuple(REASONS), help="why now")
    parser.add_argument("--words", required=True, metavar="TEXT", help="what happened; your lead reads it")


def _run(arguments: argparse.Namespace, output: Output) -> Exit:
    """The passphrase is asked, so that it is you at the keyboard; what was asked is noted before it is answered."""
    with opened_store(arguments, require=require_reading) as store, way_to_server(store) as transport:
        reply = ask_access(
            store,
            transport,
            reason=arguments.reason,
            words=arguments.words,
            nhs_number=arguments.nhs_number,
            family_name=arguments.family_name,
            born_on=arguments.born,
        )
        report = sync_once(store, transport)
    if reply.until:
        output.say(
            f"For {HOURS} hours you can read this record, but not what is restricted within it, and change nothing."
        )
        if not reply.told:
            output.say("Your service has named no lead to be told: tell one yourself.")
    for problem in report.problems:
        output.say(" ".join(part for part in (problem.message, problem.advice) if part))
    output.result({"person": reply.subject, "until": reply.until, "told": reply.told})
    return Exit.SYNC_PROBLEM if report.problems else Exit.DONE


EMERGENCY = Command(
    "emergency", "open a record for twelve hours, for a reason that your lead is told", _add_arguments, _run
)
