"""A question to the server from a page, outside of a sync: on a thread for waiting, never on the window's."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, TypeVar

from PySide6.QtCore import QObject

from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.sync.client.address import server_address
from wellbeing_desktop.sync.client.conversation import Transport
from wellbeing_desktop.sync.client.membership import membership_of
from wellbeing_desktop.sync.client.problems import problem
from wellbeing_desktop.sync.client.way import open_way
from wellbeing_desktop.ui import background

T = TypeVar("T")

_threads: Final = ThreadPoolExecutor(max_workers=1, thread_name_prefix="asking")


def ask_server(
    owner: QObject,
    store: Store,
    question: Callable[[Store, Transport], T],
    on_success: Callable[[T], object],
    on_failure: background.OnFailure | None = None,
) -> "Future[T]":
    """Runs `question` with a transport of its own, and brings its answer to the GUI thread unless `owner` has gone."""

    def ask() -> T:
        membership = store.read(membership_of)
        if membership is None:
            raise problem("not_joined")
        transport = open_way(server_address(membership.server), store.folder.parent)
        try:
            return question(store, transport)
        finally:
            transport.close()

    return background.deliver(owner, _threads.submit(ask), on_success, on_failure)
