"""`wellbeing join` and `wellbeing sync`: share this store's work through the organisation's server."""

import argparse
import math

from wellbeing_desktop.cli.command import Command, Exit
from wellbeing_desktop.cli.opening import add_store_arguments, opened_store, passphrase_from, way_to_server
from wellbeing_desktop.cli.output import Output
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.sync.client.address import server_address
from wellbeing_desktop.sync.client.pairing import enrol, join
from wellbeing_desktop.sync.client.sealing import confirm_again
from wellbeing_desktop.sync.client.session import sync_once
from wellbeing_desktop.sync.client.way import open_way


def _add_join_arguments(parser: argparse.ArgumentParser) -> None:
    add_store_arguments(parser)
    parser.add_argument("--server", required=True, metavar="URL", help="the server's address")
    parser.add_argument("--code", required=True, help="the one-time code of the invitation")
    parser.add_argument("--name", default="", help="shown on the unlock screen; name no other person")


def _run_join(arguments: argparse.Namespace, output: Output) -> Exit:
    passphrase = passphrase_from(arguments)
    address = server_address(arguments.server)
    transport = open_way(address, arguments.store.parent)
    try:
        enrolment = enrol(transport, address, arguments.code)
    finally:
        transport.close()
    store, kit = Store.create(
        arguments.store,
        arguments.name or enrolment.practitioner_name,
        passphrase,
        organisation_id=enrolment.membership.organisation,
        user_id=enrolment.practitioner_id,
        user_name=enrolment.practitioner_name,
    )
    with store:
        join(store, enrolment)
    if enrolment.is_pending:
        output.say(f"Read these letters out to your administrator, who approves this laptop: {enrolment.fingerprint}")
    output.say("Copy the recovery kit and keep it locked away, apart from the laptop. It is shown once.")
    output.result(
        {
            "device": enrolment.membership.device,
            "organisation": enrolment.organisation_name,
            "approved": not enrolment.is_pending,
            "fingerprint": enrolment.fingerprint,
            "recovery_kit": kit.code,
        }
    )
    return Exit.DONE


def _run_sync(arguments: argparse.Namespace, output: Output) -> Exit:
    confirm_again(arguments.store)  # of a sealed store that is all there is to say, and no passphrase opens it
    with opened_store(arguments) as store, way_to_server(store) as transport:
        report = sync_once(store, transport, files_seconds=math.inf)
    files = (report.file_problem,) if report.file_problem else ()
    for problem in (*report.problems, *files):
        output.say(" ".join(part for part in (problem.message, problem.advice) if part))
    output.result(
        {
            "sent": report.sent,
            "received": report.received,
            "conflicts": report.conflicts,
            "held": report.held,
            "quarantined": report.quarantined,
            "head": report.head,
            "waiting": report.waiting,
            "files_sent": report.files_sent,
            "files_received": report.files_received,
            "files_left": report.files_left,
        }
    )
    return Exit.SYNC_PROBLEM if report.problems else Exit.DONE


JOIN = Command("join", "enrol this laptop with an organisation", _add_join_arguments, _run_join)
SYNC = Command("sync", "push and pull once", add_store_arguments, _run_sync)
