"""`wellbeing check`: is this store whole, and does its chain of audit hold?"""

import argparse

from wellbeing_desktop.cli.command import Command, Exit
from wellbeing_desktop.cli.opening import add_store_arguments, opened_store
from wellbeing_desktop.cli.output import Output
from wellbeing_desktop.storage.health import check


def _run(arguments: argparse.Namespace, output: Output) -> Exit:
    with opened_store(arguments) as store:
        findings = check(store)
    if not findings:
        output.say("Nothing is wrong with this store.")
    output.result(
        {"findings": [{"kind": each.kind, "message": each.message, "advice": each.advice} for each in findings]}
    )
    return Exit.STORE_PROBLEM if findings else Exit.DONE


CHECK = Command("check", "check the store, its history and its audit", add_store_arguments, _run)
