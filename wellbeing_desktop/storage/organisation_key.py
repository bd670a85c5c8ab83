"""The organisation's recovery key as this store knows it. What is sealed to it is in organisation_part.py.

Whom a laptop believes (docs/decisions/0014): what the policy file says counts. Without one, the key that the server named
first stays. Another key that the server names is kept only as an offer, which the user may take up in Settings after
comparing it with a sheet; it is never used by itself. Whoever runs the server cannot put a key of their own in the place
of the organisation's, seal the store and open it.
"""

import datetime as dt
from typing import Final

import msgspec

from wellbeing_desktop.domain.six_groups import six_groups
from wellbeing_desktop.storage import audit, grants
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.sync_state import set_sync_values, sync_values

FROM_POLICY: Final = "policy"
FROM_SERVER: Final = "server"
FROM_USER: Final = "user"
TAKEN: Final = "take_recovery_key"
NOT_TAKEN: Final = "leave_recovery_key"
_KEYS: Final = ("recovery_key", "recovery_key_from", "recovery_key_offered")


class Belief(msgspec.Struct, frozen=True):
    """Public halves of 32 bytes, empty for none. `source` is who named `key`; `offered` is another one that the server
    names, and that is not used."""

    key: bytes = b""
    source: str = ""
    offered: bytes = b""

    @property
    def groups(self) -> str:
        """The six groups of four digits on the sheets; empty for no key."""
        return six_groups(self.key) if self.key else ""


def believe(before: Belief, *, policy: bytes, server: bytes) -> Belief:
    """What to believe, from what was believed and what the two say now; empty is who says nothing."""
    if policy:
        return Belief(policy, FROM_POLICY, server if server != policy else b"")
    if not before.key:
        return Belief(server, FROM_SERVER) if server else Belief()
    return msgspec.structs.replace(before, offered=server if server != before.key else b"")


def belief(reader: Reader) -> Belief:
    if reader.value("SELECT 1 FROM sqlite_master WHERE name = 'sync'") is None:
        return Belief()  # a store from before it could sync
    found = sync_values(reader, _KEYS)
    return Belief(
        bytes.fromhex(found["recovery_key"]), found["recovery_key_from"], bytes.fromhex(found["recovery_key_offered"])
    )


def keep_belief(writer: Writer, after: Belief) -> None:
    """In a transaction of its own; what changed is noted in the audit."""
    with writer.immediate():
        before = belief(writer)
        if after == before:
            return
        values = (after.key.hex(), after.source, after.offered.hex())
        set_sync_values(writer, dict(zip(_KEYS, values, strict=True)))
        if after.key != before.key:
            _note(writer, TAKEN, {"key": after.key.hex(), "from": after.source})
        if after.offered and after.offered != before.offered:
            _note(writer, NOT_TAKEN, {"key": after.offered.hex()})


def other_key_words(what: Belief) -> str:
    """What is said of a key that the server names, and that is not used."""
    return (
        f"The server names another recovery key of the organisation, {six_groups(what.offered)}. It is not used: this "
        f"store is opened by {what.groups}. Tell whoever looks after information governance."
    )


def banner_words(what: Belief) -> str:
    """What Today and the sync page say; empty while the server names no other key."""
    if not what.offered:
        return ""
    return (
        "The server names another recovery key of your organisation. It is not used. Settings, Passphrase and keys, shows "
        "both: compare them with a sheet."
    )


def _note(writer: Writer, action: str, detail: dict[str, str]) -> None:
    audit.append(writer, user=grants.user_of(writer), action=action, at=dt.datetime.now(dt.UTC), detail=detail)
