"""Opening the store that a command names, and the way to its server."""

import argparse
import getpass
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.sync.client.address import server_address
from wellbeing_desktop.sync.client.conversation import Transport
from wellbeing_desktop.sync.client.membership import membership_of
from wellbeing_desktop.sync.client.way import open_way


def add_store_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--store", type=Path, required=True, metavar="PATH", help="the folder of the case store")
    parser.add_argument(
        "--passphrase-file",
        type=Path,
        metavar="FILE",
        help="a file whose first line is the passphrase; asked for if not given",
    )


def passphrase_from(arguments: argparse.Namespace, *, question: str = "Passphrase: ") -> str:
    """The passphrase from its file or from the keyboard. Raises Refused when there is neither."""
    path: Path | None = arguments.passphrase_file
    if path is not None:
        try:
            first_line = path.read_text(encoding="utf-8").split("\n", 1)[0].rstrip("\r")
        except OSError as error:
            raise Refused(f"The passphrase file cannot be read ({error.strerror}).") from error
        except UnicodeDecodeError as error:
            raise Refused("The passphrase file is not plain text.") from error
        if not first_line:
            raise Refused("The passphrase file is empty.")
        return first_line
    if not sys.stdin.isatty():
        raise Refused("There is no keyboard to ask for the passphrase. Name a file with --passphrase-file.")
    return getpass.getpass(question)


@contextmanager
def opened_store(arguments: argparse.Namespace, *, require: Callable[[Reader], None] | None = None) -> Iterator[Store]:
    """The store, open for the length of the block. StoreProblem if it cannot be opened, or is open elsewhere.

    `require` is what the lease must still allow: `lease.require_export` or `lease.require_reading`; Refused if not.
    """
    store = Store.open(arguments.store, passphrase_from(arguments))
    try:
        if require is not None:
            store.read(require)
        yield store
    finally:
        store.close()


@contextmanager
def way_to_server(store: Store) -> Iterator[Transport]:
    """The way to the server of the store's organisation, open for the length of the block. Raises Refused without one."""
    membership = store.read(membership_of)
    if membership is None:
        raise Refused("This store is on this computer only. Join an organisation first.")
    transport = open_way(server_address(membership.server), store.folder.parent)
    try:
        yield transport
    finally:
        transport.close()
