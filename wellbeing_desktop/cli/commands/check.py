"""`wellbeing check`: is this store whole, and does its chain of audit hold?"""

import argparse
import datetime as dt

from wellbeing_desktop.cli.command import Command, Exit
from wellbeing_desktop.cli.opening import add_store_arguments, opened_store
from wellbeing_desktop.cli.output import Output
from wellbeing_desktop.domain.errors import SyncProblem
from wellbeing_desktop.storage.health import check
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.sync.client.address import server_address
from wellbeing_desktop.sync.client.conversation import Conversation
from wellbeing_desktop.sync.client.digest import compare
from wellbeing_desktop.sync.client.membership import membership_of
from wellbeing_desktop.sync.client.way import open_way


def _run(arguments: argparse.Namespace, output: Output) -> Exit:
    with opened_store(arguments) as store:
        findings = [{"kind": each.kind, "message": each.message, "advice": each.advice} for each in check(store)]
        try:
            compared = _compare_with_server(store, findings)
        except SyncProblem as problem:  # no network is no fault of the store
            output.say(f"Not compared with the server. {problem.message}")
            compared = False
    if not findings:
        output.say("Nothing is wrong with this store.")
    output.result({"findings": findings, "compared_with_server": compared})
    return Exit.STORE_PROBLEM if findings else Exit.DONE


def _compare_with_server(store: Store, findings: list[dict[str, str]]) -> bool:
    """Compare the sums of a store that has joined an organisation with its server's, and add what differs.

    Answers False, without a finding, if this store is on this computer only or work waits to be sent: then the two
    sides differ rightly. Raises SyncProblem if the server cannot be asked.
    """
    membership = store.read(membership_of)
    if membership is None:
        return False
    transport = open_way(server_address(membership.server), store.folder.parent)
    try:
        comparison = compare(store, Conversation(transport, membership, lambda: dt.datetime.now(dt.UTC)))
    finally:
        transport.close()
    differing = len(comparison.differing) + len(comparison.only_here)
    if differing:
        findings.append(
            {
                "kind": "differs_from_server",
                "message": f"{differing} records are not as the server has them.",
                "advice": "Sync once: what differs is fetched or sent again. Then check again.",
            }
        )
    return comparison.is_meaningful


CHECK = Command("check", "check the store, its history and its audit", add_store_arguments, _run)
