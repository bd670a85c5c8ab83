"""How a record is laid down: the JSON that is sent, made once, beside what the server asks by."""

from typing import Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from wellbeing_desktop.domain.grants import grant_message
from wellbeing_desktop.sync.outcome import RecordState
from wellbeing_desktop.sync.protocol.comparing import row_hash
from wellbeing_desktop.sync.protocol.pulling import Row
from wellbeing_desktop.sync.protocol.transfer import encode
from wellbeing_desktop.sync.server.scope import subject_kind_of
from wellbeing_desktop.sync.server.sql import RecordRow
from wellbeing_desktop.sync.server.watch import watch_column

_stamps: Final = msgspec.json.Encoder()


def record_row(state: RecordState, seq: int) -> RecordRow:
    """The row of `rec` for a record whose last change has this sequence number."""
    row = Row(
        id=state.id,
        type=state.type,
        subject=state.subject,
        compartment=state.compartment,
        seq=seq,
        rev=state.rev,
        deleted=state.deleted,
        body=state.body,
    )
    return RecordRow(
        id=state.id,
        t=state.type,
        subject=state.subject,
        kind=str(subject_kind_of(state.type, state.body)),
        compartment=state.compartment,
        about=_about(state),
        seq=seq,
        rev=state.rev,
        deleted=state.deleted,
        h=row_hash(state.id, state.type, state.rev, state.deleted, state.body),
        body=encode(row),
        field_rev=_stamps.encode(state.field_rev),
        due_on=_due_on(state),
        watch_at=watch_column(state),
    )


def _due_on(state: RecordState) -> str:
    """The day of an appointment that is still booked."""
    if state.type != "appointment" or state.deleted or state.body.get("state") != "booked":
        return ""
    day = state.body.get("starts_on")
    return day if isinstance(day, str) and len(day) == 10 else ""


def _about(state: RecordState) -> str:
    """What a record is found by: the record that a conflict or amendment is about, the bytes that an attachment names."""
    if state.type == "attachment":
        return str(state.body.get("sha256") or "")
    return str(state.body.get("target_id") or "") if state.type in ("conflict", "amendment") else ""


def signed_grant(state: RecordState, signing_key: bytes) -> RecordState:
    """The grant with the server's signature over everything else in it, so that a laptop can check it offline."""
    body = {name: value for name, value in state.body.items() if name != "signature"}
    message = grant_message(state.id, state.subject, state.deleted, body)
    signature = Ed25519PrivateKey.from_private_bytes(signing_key).sign(message).hex()
    return msgspec.structs.replace(state, body={**body, "signature": signature})
