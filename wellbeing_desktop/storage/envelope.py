"""The envelopes that hold a store's data key, and their files.

    envelope.user           opened by the passphrase (and the device secret, where its version says so)
    envelope.recovery       opened by the user's printed recovery kit
    envelope.organisation   opened by the organisation's recovery key, where the store was given one

A changed passphrase is a new generation of `envelope.user`, written in one rename: after a crash at any point one
passphrase works, the old or the new. The generation before stays beside it until the new one has opened the store
once, and is read only if the new file is damaged.

A checksum in the file tells damage from a wrong passphrase. It covers what the file shows anyway, so it helps no guess.
"""

import contextlib
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal, TypeVar

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from wellbeing_desktop.domain.errors import StoreProblem
from wellbeing_desktop.domain.six_groups import six_groups
from wellbeing_desktop.storage import kdf
from wellbeing_desktop.storage.durable_file import remove_durably, write_durably
from wellbeing_desktop.storage.identity import Identity
from wellbeing_desktop.storage.kdf import KdfParams
from wellbeing_desktop.storage.keys import DataKey, DeviceSecret, hkdf
from wellbeing_desktop.storage.recovery import RecoveryKey, SealedKey, open_sealed, seal_to
from wellbeing_desktop.storage.words import normalise_passphrase

ENVELOPE_FORMAT: Final = 1

PASSPHRASE_ONLY: Final = 1
PASSPHRASE_AND_DEVICE: Final = 2

USER_FILE: Final = "envelope.user"
USER_FILE_BEFORE: Final = "envelope.user.before"
RECOVERY_FILE: Final = "envelope.recovery"
ORGANISATION_FILE: Final = "envelope.organisation"
SEALED_FILE: Final = "sealed"
"""The mark of a store that its organisation sealed; see sealing.py."""

Holder = Literal["kit", "organisation"]
_RECOVERY_FILES: Final[dict[Holder, str]] = {"kit": RECOVERY_FILE, "organisation": ORGANISATION_FILE}
HOLDERS: Final = tuple(_RECOVERY_FILES)
_GET_BACKUP: Final = "Restore the store from its latest backup."


class UserEnvelope(msgspec.Struct, frozen=True, kw_only=True):
    """The data key under the passphrase. Everything but `sealed`, `quick` and `label` is authenticated with it."""

    format: int
    identity: Identity
    version: int
    generation: int
    params: KdfParams
    salt: bytes
    nonce: bytes
    sealed: bytes
    device_check: bytes = b""
    label: str = ""
    quick: bytes | None = None
    """The data key under the quick PIN and this computer's keyring; see quick_pin.py."""

    @property
    def needs_device_secret(self) -> bool:
        return self.version == PASSPHRASE_AND_DEVICE


class RecoveryEnvelope(msgspec.Struct, frozen=True, kw_only=True):
    """The data key sealed to a recovery public key."""

    format: int
    identity: Identity
    holder: Holder
    key: SealedKey


class _EnvelopeFile(msgspec.Struct, frozen=True):
    """What is on disk: the envelope's own bytes, and their SHA-256."""

    envelope: msgspec.Raw
    sha256: str


def seal_user_envelope(
    data_key: DataKey,
    passphrase: str,
    identity: Identity,
    params: KdfParams,
    *,
    device_secret: DeviceSecret | None = None,
    generation: int = 1,
    label: str = "",
) -> UserEnvelope:
    """A new envelope under a passphrase. Raises ValueError for costs below the floor."""
    if not kdf.is_allowed(params):
        raise ValueError("these Argon2id costs are below the floor")
    bare = UserEnvelope(
        format=ENVELOPE_FORMAT,
        identity=identity,
        version=PASSPHRASE_AND_DEVICE if device_secret else PASSPHRASE_ONLY,
        generation=generation,
        params=params,
        salt=os.urandom(16),
        nonce=os.urandom(12),
        sealed=b"",
        device_check=device_secret.check(identity.store_id) if device_secret else b"",
        label=label,
    )
    wrapping = _wrapping_key(bare, passphrase, device_secret)
    sealed = AESGCM(wrapping).encrypt(bare.nonce, data_key.material(), _authenticated(bare))
    return msgspec.structs.replace(bare, sealed=sealed)


def open_user_envelope(envelope: UserEnvelope, passphrase: str, device_secret: DeviceSecret | None = None) -> DataKey:
    """The data key. Raises StoreProblem: wrong_passphrase, device_secret_missing or device_secret_wrong."""
    check_device_secret(envelope, device_secret)
    wrapping = _wrapping_key(envelope, passphrase, device_secret)
    try:
        return DataKey(AESGCM(wrapping).decrypt(envelope.nonce, envelope.sealed, _authenticated(envelope)))
    except InvalidTag:
        raise wrong_passphrase() from None


def check_device_secret(envelope: UserEnvelope, device_secret: DeviceSecret | None) -> None:
    """Raise StoreProblem device_secret_missing or device_secret_wrong; costs no time, so it comes before a try."""
    if envelope.needs_device_secret:
        if device_secret is None:
            raise StoreProblem(
                "device_secret_missing",
                "This computer's own part of the key is not in its keyring.",
                "Sign in to the computer as usual and try again. If it is lost, use the recovery key.",
            )
        if device_secret.check(envelope.identity.store_id) != envelope.device_check:
            raise StoreProblem(
                "device_secret_wrong",
                "The key kept in this computer's keyring belongs to another store or another computer.",
                "Use the recovery key.",
            )


def wrong_passphrase() -> StoreProblem:
    return StoreProblem("wrong_passphrase", "That passphrase is not right.", "Try again, or use the recovery key.")


def seal_recovery_envelope(
    data_key: DataKey, recovery_public: bytes, identity: Identity, *, holder: Holder
) -> RecoveryEnvelope:
    sealed = seal_to(recovery_public, data_key, nonce=os.urandom(12), associated=_recovery_associated(identity, holder))
    return RecoveryEnvelope(format=ENVELOPE_FORMAT, identity=identity, holder=holder, key=sealed)


def open_recovery_envelope(envelope: RecoveryEnvelope, recovery_key: RecoveryKey) -> DataKey:
    """The data key. Raises StoreProblem wrong_recovery_key if the key is for another store."""
    data_key = open_sealed(
        recovery_key, envelope.key, associated=_recovery_associated(envelope.identity, envelope.holder)
    )
    if data_key is None:
        raise _wrong_recovery_key(envelope)
    return data_key


def write_user_envelope(folder: Path, envelope: UserEnvelope) -> None:
    """Put a generation in place, keeping the one before until `drop_generation_before`."""
    current = folder / USER_FILE
    if current.exists() and not (folder / SEALED_FILE).exists():
        write_durably(folder / USER_FILE_BEFORE, current.read_bytes())
    write_durably(current, _encode(envelope))


def write_quick(folder: Path, quick: bytes) -> None:
    """Put the quick PIN's part in place. Not a new generation, so the one before stays as it is."""
    envelope = msgspec.structs.replace(read_user_envelope(folder), quick=quick)
    write_durably(folder / USER_FILE, _encode(envelope))


def drop_generation_before(folder: Path) -> None:
    """The current generation has opened the store: the one before is no longer needed."""
    remove_durably(folder / USER_FILE_BEFORE)


def read_user_envelope(folder: Path) -> UserEnvelope:
    """The current generation; the one before only if the current file is damaged or gone, and never of a store that
    was sealed.

    Raises StoreProblem: no_store, envelope_missing, envelope_damaged, envelope_too_new.
    """
    try:
        return _read(folder / USER_FILE, _decode_user)
    except StoreProblem as problem:
        if problem.kind == "envelope_too_new" or (folder / SEALED_FILE).exists():
            raise
        try:
            return _read(folder / USER_FILE_BEFORE, _decode_user)
        except StoreProblem:
            raise problem from None


def write_recovery_envelope(folder: Path, envelope: RecoveryEnvelope) -> None:
    write_durably(folder / _RECOVERY_FILES[envelope.holder], _encode(envelope))


def read_recovery_envelope(folder: Path, holder: Holder = "kit") -> RecoveryEnvelope:
    """Raises StoreProblem: envelope_missing, envelope_damaged, envelope_too_new."""
    found = _read(folder / _RECOVERY_FILES[holder], _decode_recovery)
    if found.holder != holder:
        raise _damaged()
    return found


def is_of(folder: Path, identity: Identity) -> bool:
    """Is this a folder of that store, by any of its key files? One whose passphrase part is lost opens by the others."""
    stores = []
    with contextlib.suppress(StoreProblem):
        stores.append(read_user_envelope(folder).identity.store_id)
    for holder in HOLDERS:
        with contextlib.suppress(StoreProblem):
            stores.append(read_recovery_envelope(folder, holder).identity.store_id)
    return identity.store_id in stores


def recovery_envelope_for(folder: Path, recovery_key: RecoveryKey) -> RecoveryEnvelope:
    """The one that this key was made for: the kit's or the organisation's. Raises StoreProblem wrong_recovery_key, or
    as `read_recovery_envelope` where neither can be read."""
    public, found, problems = recovery_key.public(), [], []
    for holder in HOLDERS:
        try:
            envelope = read_recovery_envelope(folder, holder)
        except StoreProblem as problem:
            problems.append(problem)
        else:
            if envelope.key.recovery_public == public:
                return envelope
            found.append(envelope)
    raise _wrong_recovery_key(*found) if found else problems[0]


def _wrapping_key(envelope: UserEnvelope, passphrase: str, device_secret: DeviceSecret | None) -> bytes:
    """KEK_user = HKDF(PK || DS or nothing, info = store id | user id | envelope version)."""
    stretched = kdf.stretch(normalise_passphrase(passphrase), envelope.salt, envelope.params)
    own = device_secret.material() if device_secret and envelope.needs_device_secret else b""
    identity = envelope.identity
    info = f"wellbeing-desktop|1|user|{identity.store_id}|{identity.user_id}|{envelope.version}"
    return hkdf(stretched + own, info=info)


def _authenticated(envelope: UserEnvelope) -> bytes:
    """Store id, user id, costs and version, with what else must not be altered; JSON keeps the parts apart."""
    identity, params = envelope.identity, envelope.params
    return msgspec.json.encode(
        [
            "user",
            envelope.format,
            identity.store_id,
            identity.organisation_id,
            identity.user_id,
            identity.format,
            params.memory_kib,
            params.passes,
            params.lanes,
            envelope.version,
            envelope.generation,
            envelope.salt,
            envelope.device_check,
        ]
    )


def _recovery_associated(identity: Identity, holder: str) -> bytes:
    return msgspec.json.encode(
        [
            "recovery",
            ENVELOPE_FORMAT,
            identity.store_id,
            identity.organisation_id,
            identity.user_id,
            identity.format,
            holder,
        ]
    )


def _encode(envelope: UserEnvelope | RecoveryEnvelope) -> bytes:
    body = msgspec.json.encode(envelope)
    return msgspec.json.encode(_EnvelopeFile(msgspec.Raw(body), hashlib.sha256(body).hexdigest()))


_T = TypeVar("_T")


class _AnyEnvelope(msgspec.Struct):
    format: int


def _read(path: Path, decode: Callable[[bytes], _T]) -> _T:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise StoreProblem(
            "envelope_missing", "The key file of this case store is missing.", f"Use the recovery key. {_GET_BACKUP}"
        ) from None
    except OSError as error:
        raise StoreProblem(
            "envelope_unreadable",
            "The key file of this case store cannot be read.",
            "Check that this computer's disk works and that you are signed in as yourself.",
        ) from error
    return _decode(content, decode)


def _decode(content: bytes, decode: Callable[[bytes], _T]) -> _T:
    try:
        outer = msgspec.json.decode(content, type=_EnvelopeFile)
        body = bytes(outer.envelope)
        if hashlib.sha256(body).hexdigest() != outer.sha256:
            raise _damaged()
        if msgspec.json.decode(body, type=_AnyEnvelope).format > ENVELOPE_FORMAT:
            raise StoreProblem(
                "envelope_too_new",
                "This case store was made by a newer version of the program.",
                "Install the newest version of Wellbeing Desktop.",
            )
        return decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise _damaged() from None


def _decode_user(body: bytes) -> UserEnvelope:
    envelope = msgspec.json.decode(body, type=UserEnvelope)
    sizes_hold = len(envelope.salt) >= 16 and len(envelope.nonce) == 12 and len(envelope.sealed) == 48
    known_version = envelope.version in (PASSPHRASE_ONLY, PASSPHRASE_AND_DEVICE)
    if not (sizes_hold and known_version and kdf.is_openable(envelope.params)):
        raise _damaged()
    return envelope


def _decode_recovery(body: bytes) -> RecoveryEnvelope:
    envelope = msgspec.json.decode(body, type=RecoveryEnvelope)
    key = envelope.key
    if not (
        len(key.recovery_public) == len(key.moment_public) == 32 and len(key.nonce) == 12 and len(key.sealed) == 48
    ):
        raise _damaged()
    return envelope


def _wrong_recovery_key(*parts: RecoveryEnvelope) -> StoreProblem:
    """`parts` are what the store can be opened by."""
    ways = {part.holder: part for part in parts}
    advice = []
    if "kit" in ways:
        advice.append("the recovery kit that was printed last for it")
    if "organisation" in ways:
        groups = six_groups(ways["organisation"].key.recovery_public)
        advice.append(f"two sheets of the organisation's key {groups}")
    return StoreProblem(
        "wrong_recovery_key",
        "This recovery key is for another store, or opens this one no more.",
        f"What opens it: {', or '.join(advice)}.",
    )


def _damaged() -> StoreProblem:
    return StoreProblem(
        "envelope_damaged", "The key file of this case store is damaged.", f"Use the recovery key. {_GET_BACKUP}"
    )
