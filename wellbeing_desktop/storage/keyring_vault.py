"""The device secret in the operating system's keyring: an optional second factor, so that a copied file is no use.

Only three keyrings are trusted, by exact class, and the object is made here: `keyring.get_keyring()` would let the
environment, a configuration file or any installed package choose who receives the secret (SECURITY 0, finding 11).
Whatever goes wrong here, the answer is "no keyring", and the passphrase or the recovery key opens the store.
"""

import base64
import binascii
import importlib
import sys
from typing import Any, Final, Self

from wellbeing_desktop.storage.keys import DeviceSecret

_SERVICE: Final = "Wellbeing Desktop"

_ALLOWED: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "win32": (("keyring.backends.Windows", "WinVaultKeyring"),),
    "darwin": (("keyring.backends.macOS", "Keyring"),),
    "linux": (("keyring.backends.SecretService", "Keyring"), ("keyring.backends.kwallet", "DBusKeyring")),
}
"""Module and class by platform, the preferred one first."""


class KeyringVault:
    """One allowed keyring. Every method answers instead of raising."""

    def __init__(self, backend: object) -> None:
        """Raises TypeError unless the object's class is exactly an allowed one; a subclass is another class."""
        kind = type(backend)
        if not any((kind.__module__, kind.__qualname__) in names for names in _ALLOWED.values()):
            raise TypeError("this keyring is not one of the allowed ones")
        self._backend: Any = backend

    @property
    def name(self) -> str:
        """For the settings page: which keyring it is."""
        return {
            "keyring.backends.Windows": "Windows Credential Manager",
            "keyring.backends.macOS": "macOS Keychain",
            "keyring.backends.SecretService": "Secret Service",
            "keyring.backends.kwallet": "KWallet",
        }[type(self._backend).__module__]

    def keep(self, store_id: str, secret: DeviceSecret) -> bool:
        """Store the secret and read it back; False if it is not safely there."""
        self._set(store_id, base64.b64encode(secret.material()).decode())
        return self.fetch(store_id) == secret

    def fetch(self, store_id: str) -> DeviceSecret | None:
        """The secret of a store; None if there is none, or the keyring is locked or gone."""
        kept = self._get(store_id)
        if kept is None:
            return None
        try:
            return DeviceSecret(base64.b64decode(kept, validate=True))
        except (binascii.Error, ValueError):
            return None

    def drop(self, store_id: str) -> None:
        """Forget the secret of a store."""
        try:
            self._backend.delete_password(_SERVICE, store_id)
        except Exception:  # noqa: BLE001  # each keyring has errors of its own; none may keep a person from their work
            return

    def tries_of(self, store_id: str) -> "KeyringEntry":
        """Where `Throttle` keeps its second count."""
        return KeyringEntry(self, f"{store_id} tries")

    def pin_of(self, store_id: str) -> "KeyringEntry":
        """The keyring's part of the quick PIN."""
        return KeyringEntry(self, f"{store_id} pin")

    def _get(self, entry: str) -> str | None:
        try:
            kept = self._backend.get_password(_SERVICE, entry)
        except Exception:  # noqa: BLE001  # as above: fails closed, to the passphrase
            return None
        return kept if isinstance(kept, str) else None

    def _set(self, entry: str, text: str) -> None:
        try:
            self._backend.set_password(_SERVICE, entry, text)
        except Exception:  # noqa: BLE001  # as above: reading back will not find it
            return

    @classmethod
    def find(cls) -> Self | None:
        """The allowed keyring of this computer, or None."""
        platform = "linux" if sys.platform not in ("win32", "darwin") else sys.platform
        for module_name, class_name in _ALLOWED[platform]:
            try:
                kind: Any = getattr(importlib.import_module(module_name), class_name)
            except (ImportError, AttributeError):
                continue
            if kind.viable:  # the property itself catches whatever looking for the service raises
                return cls(_made_without_environment(kind))
        return None


class KeyringEntry:
    """A text that is kept in the keyring beside the secret of a store."""

    def __init__(self, vault: KeyringVault, entry: str) -> None:
        self._vault = vault
        self._entry = entry

    def read(self) -> str | None:
        return self._vault._get(self._entry)

    def write(self, text: str) -> None:
        self._vault._set(self._entry, text)

    def drop(self) -> None:
        """Forget it; a keyring that cannot delete is at least left without it."""
        self._vault.drop(self._entry)
        if self._vault._get(self._entry) is not None:
            self._vault._set(self._entry, "")


def _made_without_environment(kind: Any) -> object:
    """An instance whose constructor has not run: it would take any attribute from `KEYRING_PROPERTY_` variables,
    the D-Bus name of the wallet among them."""
    backend = kind.__new__(kind)
    if kind.__module__ == "keyring.backends.kwallet":
        backend.handle = -1
    elif kind.__module__ == "keyring.backends.macOS":
        backend.keychain = None
    elif kind.__module__ == "keyring.backends.Windows":
        backend.persist = "local machine"  # the default would roam with the account to other computers
    made: object = backend
    return made
