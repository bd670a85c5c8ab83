"""`wellbeing import email FILE...`: e-mails as contacts that wait in the Inbox."""

import argparse
import datetime as dt

from wellbeing_desktop.cli.command import Command, Exit
from wellbeing_desktop.cli.import_files import add_files_arguments, read_each, summary
from wellbeing_desktop.cli.opening import add_store_arguments, opened_store
from wellbeing_desktop.cli.output import Output
from wellbeing_desktop.exchange.eml import read_email
from wellbeing_desktop.operations.emails import begin_all, is_here, keep_files


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    add_files_arguments(parser, "e-mails as .eml files, each its own")
    add_store_arguments(parser)


def _run(arguments: argparse.Namespace, output: Output) -> Exit:
    files, refused = read_each(arguments.files, read_email)
    emails = [file.content for file in files]
    with opened_store(arguments) as store:
        if arguments.dry_run:
            unchanged = store.read(lambda reader: sum(is_here(reader, email) for email in emails))
        else:
            now = dt.datetime.now(dt.UTC)
            received = [keep_files(store.files, email, now=now) for email in emails]
            unchanged = store.write(lambda writer: begin_all(writer, received, at=now)).here
    output.result(
        summary(
            read=len(arguments.files),
            created=len(emails) - unchanged,
            updated=0,
            refused=refused,
            not_understood=(),
            unchanged=unchanged,
        )
    )
    return Exit.DONE


IMPORT_EMAIL = Command("import email", "bring in e-mails as contacts that wait in the Inbox", _add_arguments, _run)
