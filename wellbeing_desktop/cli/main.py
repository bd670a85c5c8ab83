"""The command line: for IT staff, scheduled jobs and tests from outside."""

import argparse
from collections.abc import Sequence

from wellbeing_desktop.cli.command import Command, Exit
from wellbeing_desktop.cli.commands import COMMANDS
from wellbeing_desktop.cli.output import Output
from wellbeing_desktop.cli.window import Window
from wellbeing_desktop.domain.errors import Refused, StoreProblem, SyncProblem


def parser() -> argparse.ArgumentParser:
    root = argparse.ArgumentParser(
        prog="wellbeing", description="Wellbeing Desktop. Without a command, opens the window."
    )
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")
    groups: dict[str, argparse._SubParsersAction[argparse.ArgumentParser]] = {}
    for command in COMMANDS:
        first, _, second = command.name.partition(" ")
        if second:
            if first not in groups:
                what = {
                    "export": "write a person's record or one's own calendar",
                    "import": "bring in people, services or a calendar",
                }
                group = commands.add_parser(first, help=what[first])
                groups[first] = group.add_subparsers(dest=f"{first}_what", required=True, metavar="WHAT")
            _add(groups[first], second, command)
        else:
            _add(commands, first, command)
    return root


def _add(place: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, command: Command) -> None:
    own = place.add_parser(name, help=command.summary, description=command.summary)
    own.add_argument("--json", action="store_true", help="machine-readable result on stdout")
    command.add_arguments(own)
    own.set_defaults(run=command.run)


def run(argv: Sequence[str], window: Window | None = None) -> int:
    """Run one command. Every expected problem becomes a sentence on stderr and its exit code.

    `window` is for the commands that show or picture it; without one they do the rest.
    """
    arguments = parser().parse_args(argv)
    arguments.window = window
    output = Output(as_json=arguments.json)
    try:
        return int(arguments.run(arguments, output))
    except Refused as refusal:
        output.say(refusal.message)
        return int(Exit.REFUSED)
    except StoreProblem as problem:
        output.say(" ".join(part for part in (problem.message, problem.advice) if part))
        return int(Exit.STORE_PROBLEM)
    except SyncProblem as problem:
        output.say(" ".join(part for part in (problem.message, problem.advice) if part))
        return int(Exit.SYNC_PROBLEM)
    except KeyboardInterrupt:
        output.say("Stopped. What was saved is safe.")
        return int(Exit.REFUSED)
