"""`wellbeing demo`: a practice organisation of made-up people, with a server of its own, and one day of its work."""

import argparse
import datetime as dt
import os
import tempfile
from pathlib import Path
from typing import Final

from wellbeing_desktop.cli.command import Command, Exit
from wellbeing_desktop.cli.output import Output
from wellbeing_desktop.domain.errors import Refused

DATABASE_VARIABLE: Final = "WELLBEING_DEMO_DATABASE"


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    from wellbeing_desktop.cli.demo.people import LEAST_PEOPLE, USUAL_PEOPLE

    parser.add_argument("--headless", action="store_true", help="live the day and report; open no window")
    parser.add_argument("--out", type=Path, metavar="DIR", help="the folder for the stores, papers and report.json")
    parser.add_argument(
        "--people",
        type=int,
        default=USUAL_PEOPLE,
        metavar="N",
        help=f"how many made-up people, {LEAST_PEOPLE} or more (default {USUAL_PEOPLE})",
    )
    parser.add_argument(
        "--database",
        default="",
        metavar="URL",
        help=f"a PostgreSQL for the demo's server in place of its own file; or set {DATABASE_VARIABLE}",
    )


def _run(arguments: argparse.Namespace, output: Output) -> Exit:
    from wellbeing_desktop.cli.demo.day import hire, live
    from wellbeing_desktop.cli.demo.laptops import demo_server
    from wellbeing_desktop.cli.demo.people import LEAST_PEOPLE
    from wellbeing_desktop.cli.demo.practice import make_practice
    from wellbeing_desktop.cli.demo.report import report_of, write_passphrases, write_report
    from wellbeing_desktop.cli.demo.screens import shots_of

    if arguments.people < LEAST_PEOPLE:
        raise Refused(f"The demo needs at least {LEAST_PEOPLE} people.")
    out = new_folder(arguments.out)
    database = arguments.database or os.environ.get(DATABASE_VARIABLE, "")
    output.say("Starting a server and five laptops, all made up")
    with demo_server(out, database=database) as server:
        team = hire(server)
        passphrases = write_passphrases(out, team)
        day = live(team, arguments.people, dt.datetime.now(dt.UTC), out / "papers", output.say)
        window = arguments.window
        screenshots: list[Path] = []
        if window is not None and arguments.headless:
            output.say("Pictures of the screens")
            screenshots = window.picture(shots_of(team, day), out / "screenshots")
        report = report_of(
            day,
            team,
            screenshots,
            engine="postgresql" if database else "sqlcipher",
            server_records=server.record_count(),
            passphrases=passphrases,
        )
        path = write_report(out, report)
        output.say(f"The report is in {path}")
        output.result(report)
        if window is not None and not arguments.headless:
            output.say("The window opens on the coordinator's day. Close it to end the demo.")
            window.show(team.coordinator.store, make_practice)
    return Exit.DONE if day.converged else Exit.SYNC_PROBLEM


def new_folder(chosen: Path | None) -> Path:
    """An empty folder. One that a demo made before is put aside, never mixed with: stores are never written over."""
    if chosen is None:
        return Path(tempfile.mkdtemp(prefix="wellbeing-demo-"))
    out = chosen.absolute()
    try:
        if out.exists() and any(out.iterdir()):
            number = 1
            while (aside := out.with_name(f"{out.name}-before-{number}")).exists():
                number += 1
            out.rename(aside)
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Refused(f"The folder for the demo cannot be used ({error.strerror}).") from error
    return out


DEMO = Command("demo", "a practice organisation of made-up people, and one day of its work", _add_arguments, _run)
