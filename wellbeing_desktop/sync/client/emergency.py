"""Asking for access in an emergency: noted here first, then asked of the server, which notes it too (SECURITY 3.4)."""

import datetime as dt

from wellbeing_desktop.domain.emergency import check_reason
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.nhs_number import parse_nhs_number
from wellbeing_desktop.storage import audit
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.grants import user_of
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.sync.client.conversation import EMERGENCY, Transport
from wellbeing_desktop.sync.client.desk import talk_to
from wellbeing_desktop.sync.protocol.oversight import EmergencyReply, EmergencyRequest

ACTION = "ask_emergency_access"


def ask_access(
    store: Store,
    transport: Transport,
    *,
    reason: str,
    words: str,
    nhs_number: str = "",
    family_name: str = "",
    born_on: dt.date | None = None,
) -> EmergencyReply:
    """The person's number and until when, empty where the record was held already; fetch with the next sync.

    Raises Refused for a reason or a person that is not said, SyncProblem no_person, may_not, and every other: off line
    only what this laptop holds can be opened.
    """
    check_reason(reason, words)
    if not nhs_number.strip() and not (family_name.strip() and born_on is not None):
        raise Refused("Give the NHS number, or the family name and the date of birth.", "nhs_number")
    number = parse_nhs_number(nhs_number) if nhs_number.strip() else ""
    store.write(lambda writer: _note(writer, reason))
    talk = talk_to(store, transport)
    request = EmergencyRequest(
        device=talk.device,
        nhs_number=number,
        family_name=family_name.strip(),
        born_on=born_on.isoformat() if born_on is not None else "",
        reason=reason,
        words=words,
    )
    return talk.ask(EMERGENCY, request, EmergencyReply)


def _note(writer: Writer, reason: str) -> None:
    """Before anything is asked: an attempt that fails is known too."""
    with writer.immediate():
        audit.append(writer, user=user_of(writer), action=ACTION, at=dt.datetime.now(dt.UTC), detail={"reason": reason})
