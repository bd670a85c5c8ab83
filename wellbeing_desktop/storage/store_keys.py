"""What opens a store, while it is open: passphrase, keyring, quick PIN, recovery kit. The data key stays the same."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from wellbeing_desktop.domain.errors import Refused, StoreProblem
from wellbeing_desktop.storage import envelope as envelopes
from wellbeing_desktop.storage import kdf, quick_pin
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.identity import Identity
from wellbeing_desktop.storage.kdf import KdfParams
from wellbeing_desktop.storage.keyring_vault import KeyringVault
from wellbeing_desktop.storage.keys import DataKey, DeviceSecret
from wellbeing_desktop.storage.organisation_part import part_key, write_part
from wellbeing_desktop.storage.problems import from_system
from wellbeing_desktop.storage.recovery import RecoveryKey, RecoveryKit, code_of
from wellbeing_desktop.storage.sealed import refuse_sealed
from wellbeing_desktop.storage.unlocking import device_secret_for, throttle_of
from wellbeing_desktop.storage.words import check_own_choice


class StoreKeys:
    """The keys of one open store: `store.keys`. `read` asks the store, `data_key` answers while it is open."""

    def __init__(
        self,
        folder: Path,
        identity: Identity,
        name: str,
        data_key: Callable[[], DataKey],
        read: Callable[[Callable[[Reader], bool]], bool],
    ) -> None:
        self._folder = folder
        self._identity = identity
        self._name = name
        self._data_key = data_key
        self._read = read

    def opened_by(self) -> str:
        """What opens this store, for the report of a lost laptop; empty if its key file cannot be read."""
        try:
            user = envelopes.read_user_envelope(self._folder)
        except StoreProblem:
            return ""
        return "passphrase and keyring" if user.needs_device_secret else "passphrase"

    def organisation_key(self) -> bytes:
        """The organisation's recovery key that this store's part is sealed to; empty if it has no part."""
        return part_key(self._folder)

    def confirm_passphrase(self, passphrase: str, *, device_secret: DeviceSecret | None = None) -> None:
        """Ask again before something risky. Raises StoreProblem wrong_passphrase or wait."""
        user = envelopes.read_user_envelope(self._folder)
        device_secret = device_secret_for(user, device_secret)
        tries = throttle_of(self._folder, user)
        tries.begin_try()
        envelopes.open_user_envelope(user, passphrase, device_secret).forget()
        tries.succeeded()

    def confirm_pin(self, pin: str, vault: KeyringVault, today: date) -> None:
        """The same by the quick PIN: a wrong try counts as at unlock. Raises StoreProblem wrong_pin or pin_gone."""
        quick_pin.open_with_pin(envelopes.read_user_envelope(self._folder), pin, vault, today).forget()

    def change_passphrase(
        self,
        old: str,
        new: str,
        *,
        device_secret: DeviceSecret | None = None,
        argon: KdfParams | None = None,
    ) -> None:
        """Seal the same data key under a new passphrase; milliseconds of writing, nothing re-encrypted.

        Raises StoreProblem wrong_passphrase for the old one, Refused for a weak new one.
        """
        check_own_choice(new)
        before = envelopes.read_user_envelope(self._folder)
        device_secret = device_secret_for(before, device_secret)
        self.confirm_passphrase(old, device_secret=device_secret)
        self.reseal(new, argon or kdf.calibrate(), device_secret, before)

    def use_keyring(self, passphrase: str, vault: KeyringVault, *, argon: KdfParams | None = None) -> None:
        """Bind the passphrase to this computer: from now on a copy of the files cannot be guessed at elsewhere.

        Raises StoreProblem wrong_passphrase, or keyring_refused if the keyring did not keep the secret; then
        nothing has changed. The recovery key opens the store on any computer.
        """
        self.confirm_passphrase(passphrase)
        if envelopes.read_user_envelope(self._folder).needs_device_secret:
            return  # a second secret in the place of the first would shut the store if the power went now
        secret = DeviceSecret.new()
        if not vault.keep(self._identity.store_id, secret):
            raise StoreProblem(
                "keyring_refused",
                "This computer's keyring did not keep the key.",
                "Unlock the keyring and try again. The passphrase alone still opens this store.",
            )
        self.reseal(passphrase, argon or kdf.calibrate(), secret, envelopes.read_user_envelope(self._folder))

    def stop_using_keyring(self, passphrase: str, *, argon: KdfParams | None = None) -> None:
        """Back to the passphrase alone. What is in the keyring stays until the next unlock has worked without it."""
        self.confirm_passphrase(passphrase)
        self.reseal(passphrase, argon or kdf.calibrate(), None, envelopes.read_user_envelope(self._folder))

    def set_pin(self, pin: str, vault: KeyringVault, today: date) -> None:
        """A quick PIN until the end of `today`; whoever calls this has just had the passphrase.

        Raises Refused for a weak PIN or where the organisation has none, StoreProblem keyring_refused.
        """
        if not self._read(quick_pin.is_allowed):
            raise Refused("Your organisation has turned the quick PIN off.", "pin")
        write_file(lambda: quick_pin.set_pin(self._folder, self._data_key(), pin, vault, today))

    def use_recovery_key_of_organisation(self, recovery_public: bytes) -> None:
        """Seal the data key to the organisation's public key (32 bytes) too; the printed kit goes on opening the store
        until the organisation seals it. Raises StoreProblem sealed."""
        refuse_sealed(self._folder)
        write_file(lambda: write_part(self._folder, self._identity, self._data_key(), recovery_public))

    def new_recovery_kit(self) -> RecoveryKit:
        """A new kit for a lost one; the old paper no longer opens this store. Raises StoreProblem sealed."""
        refuse_sealed(self._folder)
        key = RecoveryKey.new()
        recovery = envelopes.seal_recovery_envelope(self._data_key(), key.public(), self._identity, holder="kit")
        write_file(lambda: envelopes.write_recovery_envelope(self._folder, recovery))
        kit = RecoveryKit(self._identity.store_id, self._name, code_of(key))
        key.forget()
        return kit

    def reseal(
        self,
        passphrase: str,
        params: KdfParams,
        device_secret: DeviceSecret | None,
        before: envelopes.UserEnvelope | None,
    ) -> None:
        """Seal the data key anew, in place of the envelope `before`. Raises StoreProblem as the disk does."""
        user = envelopes.seal_user_envelope(
            self._data_key(),
            passphrase,
            self._identity,
            params,
            device_secret=device_secret,
            generation=before.generation + 1 if before else 1,
            label=before.label if before else self._name,
        )
        write_file(lambda: envelopes.write_user_envelope(self._folder, user))
        if before is None or before.quick is not None:
            quick_pin.forget_in_keyring(self._identity)


def write_file(write: Callable[[], None]) -> None:
    """Write a file of the store's folder. Raises StoreProblem as the disk does."""
    try:
        write()
    except OSError as error:
        raise from_system(error) from error
