"""`wellbeing create`: a store on this computer only, with its recovery kit."""

import argparse

from wellbeing_desktop.cli.command import Command, Exit
from wellbeing_desktop.cli.opening import add_store_arguments, passphrase_from
from wellbeing_desktop.cli.output import Output
from wellbeing_desktop.operations.setting_up import set_up_alone
from wellbeing_desktop.storage.words import generate_passphrase


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    add_store_arguments(parser)
    parser.add_argument("--name", required=True, help="shown on the unlock screen; name no other person")
    parser.add_argument("--user-name", default="", help="your name, as it stands in the records you write")


def _run(arguments: argparse.Namespace, output: Output) -> Exit:
    if arguments.passphrase_file is None:
        output.say(f"A passphrase you might use: {generate_passphrase()}")
    store, kit = set_up_alone(
        arguments.store, arguments.name, passphrase_from(arguments), user_name=arguments.user_name or arguments.name
    )
    store.close()
    output.say("Copy the recovery kit and keep it locked away, apart from the laptop. It is shown once.")
    output.result({"store": str(arguments.store), "recovery_kit": kit.code})
    return Exit.DONE


CREATE = Command("create", "make a case store on this computer", _add_arguments, _run)
