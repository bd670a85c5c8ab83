"""Slow work of the entry screens off the GUI thread: key derivation takes about a second on purpose."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, TypeVar

from PySide6.QtCore import QObject

from wellbeing_desktop.storage.places import StorePlace
from wellbeing_desktop.ui import background

if TYPE_CHECKING:
    from wellbeing_desktop.storage.store import Store

T = TypeVar("T")

_threads: Final = ThreadPoolExecutor(max_workers=1, thread_name_prefix="entry")


def in_background(
    owner: QObject,
    work: Callable[[], T],
    on_success: Callable[[T], object],
    on_failure: background.OnFailure | None = None,
) -> "Future[T]":
    """Runs `work` on the entry thread and brings its answer to the GUI thread, unless `owner` has gone."""
    return background.deliver(owner, _threads.submit(work), on_success, on_failure)


def open_place(place: StorePlace, passphrase: str, *, accept_shortened: bool = False) -> "Store":
    """Open a store by its passphrase, with the device secret from the keyring where it has one.

    Raises StoreProblem as `Store.open`.
    """
    from wellbeing_desktop.storage.envelope import read_user_envelope
    from wellbeing_desktop.storage.keyring_vault import KeyringVault
    from wellbeing_desktop.storage.store import Store

    user = read_user_envelope(place.folder)
    vault = KeyringVault.find() if user.needs_device_secret else None
    secret = vault.fetch(user.identity.store_id) if vault is not None else None
    return Store.open(place.folder, passphrase, device_secret=secret, accept_shortened=accept_shortened)
