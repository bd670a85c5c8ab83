"""The quick PIN: a second way in for the rest of the day on which the passphrase was typed (PRACTICE W5).

The data key is sealed in the envelope's `quick` field under two things at once: a random key of 256 bits that only
this computer's keyring holds, and the PIN. The strength is in the keyring's key, so Argon2id is cheap here: an unlock
takes well under half a second, and a copy of the files is no use for guessing PINs. Whoever already acts as the
signed-in user of this computer can read the keyring, and from there six digits are soon guessed: the PIN keeps out a
colleague at the screen, not a program that runs as the user.

The keyring's entry also holds the day and the count of wrong tries, so neither can be turned back by putting files
back. To forget the PIN is to drop that entry; what is left in the envelope opens nothing. Nothing else is ever wiped.
"""

import datetime as dt
import itertools
import os
from pathlib import Path
from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from wellbeing_desktop.domain.errors import Refused, StoreProblem
from wellbeing_desktop.domain.idle_lock import PIN_SETTING
from wellbeing_desktop.domain.organisation import Setting
from wellbeing_desktop.storage import kdf
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.envelope import UserEnvelope, read_user_envelope, write_quick
from wellbeing_desktop.storage.identity import Identity
from wellbeing_desktop.storage.kdf import MIB, KdfParams
from wellbeing_desktop.storage.keyring_vault import KeyringEntry, KeyringVault
from wellbeing_desktop.storage.keys import KEY_BYTES, DataKey, hkdf
from wellbeing_desktop.storage.records import load_all

MOST_TRIES: Final = 5
SHORTEST: Final = 6
LONGEST: Final = 12

_COSTS: Final = KdfParams(19 * MIB, 2, 1)
"""About 30 ms. It need not be slow: see above."""


class _InKeyring(msgspec.Struct, frozen=True):
    key: bytes
    day: dt.date
    tries: int = 0


class _InEnvelope(msgspec.Struct, frozen=True):
    salt: bytes
    nonce: bytes
    sealed: bytes


def check_pin(pin: str) -> None:
    """Raises Refused unless it is 6 to 12 digits that are neither all the same nor a run."""
    if not (pin.isascii() and pin.isdigit() and SHORTEST <= len(pin) <= LONGEST):
        raise Refused(f"Choose a PIN of {SHORTEST} to {LONGEST} digits.", "pin")
    steps = {int(after) - int(before) for before, after in itertools.pairwise(pin)}
    if steps in ({0}, {1}, {-1}):
        raise Refused("Choose a PIN that is harder to guess than a row of digits.", "pin")


def is_allowed(reader: Reader) -> bool:
    """True unless the organisation has turned the PIN off."""
    for setting in reversed(load_all(reader, Setting, key=PIN_SETTING)):
        try:
            return msgspec.json.decode(setting.value, type=bool)
        except msgspec.DecodeError:
            continue
    return True


def set_pin(folder: Path, data_key: DataKey, pin: str, vault: KeyringVault, today: dt.date) -> None:
    """Seal the data key under a PIN until the end of `today`; the PIN before ends here.

    Only `StoreKeys.set_pin` calls this, on an open store whose passphrase was typed today. Raises Refused for a weak PIN,
    StoreProblem keyring_refused if the keyring did not keep its part.
    """
    check_pin(pin)
    user = read_user_envelope(folder)
    entry = vault.pin_of(user.identity.store_id)
    kept = _InKeyring(os.urandom(KEY_BYTES), today)
    salt, nonce = os.urandom(16), os.urandom(12)
    wrapping = _wrapping_key(user.identity, kept, pin, salt)
    sealed = AESGCM(wrapping).encrypt(nonce, data_key.material(), _authenticated(user.identity, kept.day))
    if not _keep(entry, kept):
        entry.drop()
        raise StoreProblem(
            "keyring_refused",
            "This computer's keyring did not keep the PIN.",
            "Unlock the keyring and try again. The passphrase opens this store as before.",
        )
    write_quick(folder, msgspec.json.encode(_InEnvelope(salt, nonce, sealed)))


def open_with_pin(user: UserEnvelope, pin: str, vault: KeyringVault, today: dt.date) -> DataKey:
    """The data key. The try is counted, and read back, before it is made: ending the program in the middle gains
    nothing. Raises StoreProblem wrong_pin, or pin_gone once only the passphrase opens the store."""
    entry = vault.pin_of(user.identity.store_id)
    kept, quick = _read(entry), _quick_of(user)
    if kept is None or quick is None or kept.day != today or kept.tries >= MOST_TRIES:
        entry.drop()
        raise _gone("The PIN has ended.")
    counted = msgspec.structs.replace(kept, tries=kept.tries + 1)
    if not _keep(entry, counted):
        raise _gone("This computer's keyring did not answer.")
    wrapping = _wrapping_key(user.identity, kept, pin, quick.salt)
    try:
        data_key = DataKey(AESGCM(wrapping).decrypt(quick.nonce, quick.sealed, _authenticated(user.identity, kept.day)))
    except InvalidTag:
        left = MOST_TRIES - counted.tries
        if left:
            tries = "1 try is" if left == 1 else f"{left} tries are"
            raise StoreProblem("wrong_pin", "That PIN is not right.", f"{tries} left, then the passphrase.") from None
        entry.drop()
        raise _gone(f"That PIN was wrong {MOST_TRIES} times and has ended.") from None
    _keep(entry, kept if kept.tries == 0 else msgspec.structs.replace(kept, tries=0))
    return data_key


def is_ready(folder: Path, vault: KeyringVault, today: dt.date) -> bool:
    """True if a PIN can open this store now. One that yesterday left behind is forgotten on the way."""
    try:
        user = read_user_envelope(folder)
    except StoreProblem:
        return False
    entry = vault.pin_of(user.identity.store_id)
    kept = _read(entry)
    if kept is None:
        return False
    if kept.day != today or kept.tries >= MOST_TRIES:
        entry.drop()
        return False
    return _quick_of(user) is not None


def forget(folder: Path) -> None:
    """The PIN ends: at sign-out, when the passphrase changes, when the organisation turns it off, or when asked."""
    try:
        user = read_user_envelope(folder)
    except StoreProblem:
        return
    if user.quick is not None:
        forget_in_keyring(user.identity)


def forget_in_keyring(identity: Identity) -> None:
    vault = KeyringVault.find()
    if vault is not None:
        vault.pin_of(identity.store_id).drop()


def _keep(entry: KeyringEntry, kept: _InKeyring) -> bool:
    entry.write(msgspec.json.encode(kept).decode())
    return _read(entry) == kept


def _read(entry: KeyringEntry) -> _InKeyring | None:
    try:
        kept = msgspec.json.decode(entry.read() or "", type=_InKeyring)
    except msgspec.DecodeError:
        return None
    return kept if len(kept.key) == KEY_BYTES and kept.tries >= 0 else None


def _quick_of(user: UserEnvelope) -> _InEnvelope | None:
    try:
        quick = msgspec.json.decode(user.quick or b"", type=_InEnvelope)
    except msgspec.DecodeError:
        return None
    return quick if len(quick.salt) == 16 and len(quick.nonce) == 12 and len(quick.sealed) == 48 else None


def _wrapping_key(identity: Identity, kept: _InKeyring, pin: str, salt: bytes) -> bytes:
    stretched = kdf.stretch(pin, salt, _COSTS)
    return hkdf(kept.key + stretched, info=f"wellbeing-desktop|1|pin|{identity.store_id}|{identity.user_id}")


def _authenticated(identity: Identity, day: dt.date) -> bytes:
    return msgspec.json.encode(["pin", identity.store_id, identity.organisation_id, identity.user_id, day])


def _gone(why: str) -> StoreProblem:
    return StoreProblem("pin_gone", why, "Nothing has been deleted. Unlock with the passphrase.")
