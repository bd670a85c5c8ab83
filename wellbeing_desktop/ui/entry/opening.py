"""Slow work of the entry screens off the GUI thread: key derivation takes about a second on purpose."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from PySide6.QtCore import QObject

from wellbeing_desktop.domain.errors import StoreProblem
from wellbeing_desktop.storage.places import StorePlace
from wellbeing_desktop.ui import background

if TYPE_CHECKING:
    from wellbeing_desktop.storage.keyring_vault import KeyringVault
    from wellbeing_desktop.storage.store import Store

T = TypeVar("T")

_threads: Final = ThreadPoolExecutor(max_workers=1, thread_name_prefix="entry")
_keyring_threads: Final = ThreadPoolExecutor(max_workers=1, thread_name_prefix="keyring")
"""A keyring that does not answer must not keep a passphrase waiting."""


class Ways(NamedTuple):
    """How a store can be opened besides its passphrase."""

    place: StorePlace
    has_keyring: bool
    has_pin: bool


def in_background(
    owner: QObject,
    work: Callable[[], T],
    on_success: Callable[[T], object],
    on_failure: background.OnFailure | None = None,
) -> "Future[T]":
    """Runs `work` on the entry thread and brings its answer to the GUI thread, unless `owner` has gone."""
    return background.deliver(owner, _threads.submit(work), on_success, on_failure)


def look_in_keyring(owner: QObject, work: Callable[[], T], on_success: Callable[[T], object]) -> "Future[T]":
    """The same for a question to the keyring, on a thread of its own."""
    return background.deliver(owner, _keyring_threads.submit(work), on_success, None)


def ways_of(place: StorePlace) -> Ways:
    """Whether this computer has an allowed keyring, and a quick PIN of today for this store."""
    from wellbeing_desktop.storage.keyring_vault import KeyringVault
    from wellbeing_desktop.storage.quick_pin import is_ready
    from wellbeing_desktop.ui.session import local_today

    vault = KeyringVault.find()
    return Ways(place, vault is not None, vault is not None and is_ready(place.folder, vault, local_today()))


def open_by_pin(place: StorePlace, pin: str, *, accept_shortened: bool = False) -> "Store":
    """Open a store by its quick PIN. Raises StoreProblem as `Store.open_by_pin`."""
    from wellbeing_desktop.storage.store import Store
    from wellbeing_desktop.ui.session import local_today

    return Store.open_by_pin(place.folder, pin, _vault(), local_today(), accept_shortened=accept_shortened)


def set_pin(store: "Store", pin: str) -> None:
    """A quick PIN for the rest of today; the passphrase was typed just now. Raises as `StoreKeys.set_pin`."""
    from wellbeing_desktop.ui.session import local_today

    store.keys.set_pin(pin, _vault(), local_today())


def confirm_pin(store: "Store", pin: str) -> None:
    """Is this the quick PIN of today? Raises StoreProblem as `StoreKeys.confirm_pin`."""
    from wellbeing_desktop.ui.session import local_today

    store.keys.confirm_pin(pin, _vault(), local_today())


def _vault() -> "KeyringVault":
    from wellbeing_desktop.storage.keyring_vault import KeyringVault

    vault = KeyringVault.find()
    if vault is None:
        raise StoreProblem(
            "pin_gone", "The keyring of this computer cannot be reached.", "Unlock with the passphrase alone."
        )
    return vault


def open_place(place: StorePlace, passphrase: str, *, new_pin: str = "", accept_shortened: bool = False) -> "Store":
    """Open a store by its passphrase, with the device secret from the keyring where it has one, and set a quick PIN
    if one was typed. Raises StoreProblem as `Store.open`, and as `set_pin` with the store closed again.
    """
    from wellbeing_desktop.storage.envelope import read_user_envelope
    from wellbeing_desktop.storage.keyring_vault import KeyringVault
    from wellbeing_desktop.storage.store import Store

    user = read_user_envelope(place.folder)
    vault = KeyringVault.find() if user.needs_device_secret else None
    secret = vault.fetch(user.identity.store_id) if vault is not None else None
    store = Store.open(place.folder, passphrase, device_secret=secret, accept_shortened=accept_shortened)
    if new_pin:
        try:
            set_pin(store, new_pin)
        except BaseException:
            store.close()
            raise
    return store
