"""The front door's lists: what came in and who has it, what was asked for, what colleagues say, who was sent on.

One reading gives every list of the screen, so that its counts are the lengths of what is shown.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.names import list_name
from wellbeing_desktop.storage.columns import as_day, as_moment
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.statements import fill
from wellbeing_desktop.storage.sync_state import has_organisation


class EnquiryRow(msgspec.Struct, frozen=True, kw_only=True):
    """A contact at the front door. `person_id` is the record it is read in, `name` empty while
    nobody knows whom it is about; `is_sent` is False while the server, where there is one, has not heard of it."""

    id: str
    person_id: str
    name: str
    received_at: dt.datetime | None
    medium: str
    caller: str
    caller_role: str
    topic: str
    words: str
    urgent: bool
    respond_by: dt.datetime | None
    state: str
    claimed_by: str
    is_sent: bool


class RequestRow(msgspec.Struct, frozen=True, kw_only=True):
    """Something asked for that is not done."""

    id: str
    person_id: str
    name: str
    kind: str
    items: str
    clinical: bool
    due_at: dt.datetime | None
    owner_id: str
    put_to: str
    state: str
    asked_on: dt.date | None


class MessageRow(msgspec.Struct, frozen=True, kw_only=True):
    """A message to the person signed in that is not dealt with, or one of theirs."""

    id: str
    from_id: str
    to_id: str
    person_id: str
    words: str
    urgent: bool
    sent_at: dt.datetime | None
    read_at: dt.datetime | None
    answer: str
    state: str


class OnwardRow(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who was sent on and about whom nobody knows yet."""

    id: str
    person_id: str
    name: str
    kind: str
    to_name: str
    sent_on: dt.date | None
    appointment_on: dt.date | None
    chase_on: dt.date | None
    chased_count: int
    owner_id: str
    state: str


class Inbox(msgspec.Struct, frozen=True, kw_only=True):
    """Everything on the screen. `names` are those of practitioners, by id."""

    waiting: tuple[EnquiryRow, ...]
    mine: tuple[EnquiryRow, ...]
    with_others: tuple[EnquiryRow, ...]
    finished: tuple[EnquiryRow, ...]
    """Those whose answer was due in the last week or is still, the newest first."""
    requests: tuple[RequestRow, ...]
    messages: tuple[MessageRow, ...]
    sent_messages: tuple[MessageRow, ...]
    onward: tuple[OnwardRow, ...]
    names: dict[str, str]


def read_inbox(reader: Reader, user_id: str, on: dt.date, *, limit: int = 500) -> Inbox:
    """The front door as the person signed in sees it; what is due for asking about by the end of `on`."""
    values = {"who": user_id, "on": on.isoformat(), "limit": limit}
    shared = has_organisation(reader)
    open_enquiries = [_enquiry(found, shared) for found in reader.rows(_ENQUIRIES, values)]
    since = {"since": (on - _FINISHED_SHOWN).isoformat(), "limit": limit}
    messages = [_message(found) for found in reader.rows(_MESSAGES, values)]
    return Inbox(
        waiting=tuple(row for row in open_enquiries if row.state == "new"),
        mine=tuple(row for row in open_enquiries if row.state == "claimed" and row.claimed_by == user_id),
        with_others=tuple(row for row in open_enquiries if row.state == "claimed" and row.claimed_by != user_id),
        finished=tuple(_enquiry(found, shared) for found in reader.rows(_FINISHED, since)),
        requests=tuple(_request(found) for found in reader.rows(_REQUESTS, values)),
        messages=tuple(row for row in messages if row.to_id == user_id and row.state != "done"),
        sent_messages=tuple(row for row in messages if row.from_id == user_id),
        onward=tuple(_onward(found) for found in reader.rows(_ONWARD, values)),
        names=dict(reader.rows("SELECT id, name FROM live_practitioner")),
    )


class Earlier(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a telephone number: an earlier enquiry from it, or a person whose number it is."""

    person_id: str
    name: str
    born_on: dt.date | None
    postcode: str
    received_at: dt.datetime | None = None
    words: str = ""
    is_their_number: bool = False


def known_of_number(reader: Reader, number: str, *, limit: int = 10) -> tuple[Earlier, ...]:
    """What happened on this number before, the newest first, and after that whose number it is. `number` is in
    international form; nothing is known of an empty one."""
    if not number:
        return ()
    rows = [*reader.rows(_FROM_NUMBER, (number, limit)), *reader.rows(_WHOSE_NUMBER, (number, limit))]
    return tuple(
        Earlier(
            person_id=found[0],
            name="" if found[9] else list_name(found[1] or "", found[2] or "", found[3] or ""),
            born_on=as_day(found[4]),
            postcode=found[5] or "",
            received_at=as_moment(found[6]),
            words=found[7] or "",
            is_their_number=bool(found[8]),
        )
        for found in rows
    )


# The record that one is read in, through one join: a ring or a longer chain is resolved by whoever opens it.
READ_IN: Final = (
    "coalesce((SELECT a.survivor_id FROM live_alias AS a WHERE a.vanished_id = {row}.subject AND a.state = 'active'"
    " ORDER BY a.id DESC LIMIT 1), {row}.subject)"
)
_FINISHED_SHOWN: Final = dt.timedelta(days=7)
_ENQUIRY: Final = fill(
    "SELECT e.id, p.id, p.family_name, p.given_name, p.known_as, p.unidentified, e.received_at, e.medium,"
    " e.caller_name, e.caller_role, e.topic, e.words, e.urgent, e.respond_by, e.state, e.claimed_by,"
    " NOT EXISTS (SELECT 1 FROM outbox AS o WHERE o.id = e.id AND o.state < 3)"
    " FROM live_enquiry AS e LEFT JOIN live_person AS p ON p.id = {read_in}",
    read_in=fill(READ_IN, row="e"),
)
_ENQUIRIES: Final = (
    _ENQUIRY + " WHERE e.state IN ('new', 'claimed')"
    " ORDER BY e.urgent IS NOT 1, e.respond_by IS NULL, e.respond_by, e.id LIMIT +:limit"
)
# by the moment that it was to be answered, which the index has: years of finished ones are not gone through
_FINISHED: Final = (
    _ENQUIRY
    + " WHERE e.state = 'finished' AND e.respond_by >= :since ORDER BY e.respond_by DESC, e.id DESC LIMIT +:limit"
)
_REQUESTS: Final = fill(
    "SELECT q.id, p.id, p.family_name, p.given_name, p.known_as, q.kind, q.items, q.clinical, q.due_at, q.owner_id,"
    " q.put_to, q.state, q.asked_on FROM live_request AS q LEFT JOIN live_person AS p ON p.id = {read_in}"
    " WHERE q.state IN ('open', 'with_clinician', 'instructed')"
    " ORDER BY q.due_at IS NULL, q.due_at, q.asked_on, q.id LIMIT +:limit",
    read_in=fill(READ_IN, row="q"),
)
_MESSAGES: Final = (
    "SELECT m.id, m.from_id, m.subject, m.person_id, m.words, m.urgent, m.sent_at, m.read_at, m.answer, m.state"
    " FROM live_message AS m WHERE (m.subject = :who AND m.state IN ('sent', 'read'))"
    " OR (m.from_id = :who AND m.sent_at >= date(:on, '-14 days'))"
    " ORDER BY m.urgent IS NOT 1, m.sent_at DESC, m.id LIMIT +:limit"
)
_ONWARD: Final = fill(
    "SELECT w.id, p.id, p.family_name, p.given_name, p.known_as, w.kind, w.to_name, w.sent_on, w.appointment_on,"
    " w.chase_on, w.chased_count, w.owner_id, w.state"
    " FROM live_onward_referral AS w LEFT JOIN live_person AS p ON p.id = {read_in}"
    " WHERE w.state IN ('sent', 'booked') AND w.chase_on <= :on AND w.owner_id = :who"
    " ORDER BY w.chase_on, w.id LIMIT +:limit",
    read_in=fill(READ_IN, row="w"),
)
_WHO: Final = (
    "p.id, p.family_name, p.given_name, p.known_as, p.born_on,"
    " (SELECT h.postcode FROM live_address AS h WHERE h.subject = p.id ORDER BY h.ended_on IS NOT NULL, h.id DESC LIMIT 1)"
)
_FROM_NUMBER: Final = fill(
    "SELECT {who}, e.received_at, e.words, 0, p.unidentified FROM live_enquiry AS e JOIN live_person AS p"
    " ON p.id = {read_in} WHERE e.caller_number = ? ORDER BY e.received_at DESC LIMIT +?",
    who=_WHO,
    read_in=fill(READ_IN, row="e"),
)
_WHOSE_NUMBER: Final = fill(
    "SELECT {who}, NULL, '', 1, p.unidentified FROM live_contact_point AS n JOIN live_person AS p"
    " ON p.id = {read_in} WHERE n.value = ? ORDER BY p.family_name, p.id LIMIT +?",
    who=_WHO,
    read_in=fill(READ_IN, row="n"),
)


def _enquiry(found: Sequence[Any], shared: bool) -> EnquiryRow:
    return EnquiryRow(
        id=found[0],
        person_id=found[1] or "",
        name="" if found[5] else list_name(found[2] or "", found[3] or "", found[4] or ""),
        received_at=as_moment(found[6]),
        medium=found[7] or "",
        caller=found[8] or "",
        caller_role=found[9] or "",
        topic=found[10] or "",
        words=found[11] or "",
        urgent=bool(found[12]),
        respond_by=as_moment(found[13]),
        state=found[14],
        claimed_by=found[15] or "",
        is_sent=bool(found[16]) or not shared,
    )


def _request(found: Sequence[Any]) -> RequestRow:
    return RequestRow(
        id=found[0],
        person_id=found[1] or "",
        name=list_name(found[2] or "", found[3] or "", found[4] or ""),
        kind=found[5] or "",
        items=found[6] or "",
        clinical=bool(found[7]),
        due_at=as_moment(found[8]),
        owner_id=found[9] or "",
        put_to=found[10] or "",
        state=found[11],
        asked_on=as_day(found[12]),
    )


def _message(found: Sequence[Any]) -> MessageRow:
    return MessageRow(
        id=found[0],
        from_id=found[1] or "",
        to_id=found[2],
        person_id=found[3] or "",
        words=found[4] or "",
        urgent=bool(found[5]),
        sent_at=as_moment(found[6]),
        read_at=as_moment(found[7]),
        answer=found[8] or "",
        state=found[9] or "",
    )


def _onward(found: Sequence[Any]) -> OnwardRow:
    return OnwardRow(
        id=found[0],
        person_id=found[1] or "",
        name=list_name(found[2] or "", found[3] or "", found[4] or ""),
        kind=found[5] or "",
        to_name=found[6] or "",
        sent_on=as_day(found[7]),
        appointment_on=as_day(found[8]),
        chase_on=as_day(found[9]),
        chased_count=found[10] or 0,
        owner_id=found[11] or "",
        state=found[12],
    )
