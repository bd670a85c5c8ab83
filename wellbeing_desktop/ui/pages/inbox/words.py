"""The front door as rows: what the lists hold is what the sentence counts."""

import datetime as dt
from collections.abc import Mapping, Sequence

from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.dates import recent_words, staff_date
from wellbeing_desktop.domain.response_clock import ServiceHours, clock_words, division_of
from wellbeing_desktop.exchange.bank_holidays import shipped_bank_holidays
from wellbeing_desktop.exchange.telephone import format_telephone
from wellbeing_desktop.storage.inbox import EnquiryRow, Inbox, MessageRow, OnwardRow, RequestRow
from wellbeing_desktop.ui.models.paged_table import TableRow
from wellbeing_desktop.ui.pages.today_parts.day import things, when
from wellbeing_desktop.ui.widgets.labels import Tone

NOBODY_KNOWN = "Not known yet"
_LONGEST = 120


def summary(inbox: Inbox, now: dt.datetime) -> str:
    """The front door in one sentence."""
    parts = []
    if inbox.waiting:
        late = sum(1 for row in inbox.waiting if row.respond_by is not None and row.respond_by < now)
        parts.append(f"{len(inbox.waiting):,} waiting for somebody" + (f", {late:,} of them late" if late else ""))
    if inbox.mine:
        parts.append(f"{len(inbox.mine):,} with you")
    if inbox.requests:
        parts.append(things(len(inbox.requests), "request"))
    unread = sum(1 for row in inbox.messages if row.state == "sent")
    if unread:
        parts.append(things(unread, "message") + " to read")
    if inbox.onward:
        parts.append(things(len(inbox.onward), "person", "people") + " to ask about")
    return ". ".join(parts) + "." if parts else ""


def enquiry_rows(
    rows: Sequence[EnquiryRow], names: Mapping[str, str], now: dt.datetime, hours: ServiceHours
) -> list[TableRow]:
    """The clock, who and what, and how it came. What the server has not heard of is watched by nobody there (W13)."""
    return [
        TableRow(
            row.id,
            (
                clock(row.respond_by, now, hours) + ("" if row.is_sent else "\nNot sent: not yet watched by anyone"),
                f"{row.name or NOBODY_KNOWN}\n{_asked(row)}",
                f"{label_of('contact_mediums', row.medium)}\n{_received(row, names, now)}",
            ),
        )
        for row in rows
    ]


def finished_rows(rows: Sequence[EnquiryRow], names: Mapping[str, str], now: dt.datetime) -> list[TableRow]:
    """What was finished, by whom: where it can be opened again."""
    return [
        TableRow(
            row.id,
            (
                "Finished",
                f"{row.name or NOBODY_KNOWN}\n{_asked(row)}",
                f"{label_of('contact_mediums', row.medium)}\n{_received(row, names, now)}",
            ),
        )
        for row in rows
    ]


def request_rows(
    rows: Sequence[RequestRow], names: Mapping[str, str], now: dt.datetime, hours: ServiceHours
) -> list[TableRow]:
    return [
        TableRow(
            row.id,
            (
                clock(row.due_at, now, hours),
                f"{row.name or NOBODY_KNOWN}\n{label_of('request_kinds', row.kind)}{_items(row.items)}",
                f"{_request_state(row)}\n{names.get(row.owner_id, 'Nobody has it')}",
            ),
        )
        for row in rows
    ]


def message_rows(
    rows: Sequence[MessageRow], names: Mapping[str, str], user_id: str, now: dt.datetime
) -> list[TableRow]:
    """Messages to read first; then one's own with whether they were read."""
    made = []
    for row in rows:
        if row.to_id == user_id:
            state, who = (
                ("Urgent" if row.urgent else "To read") if row.state == "sent" else "Read",
                names.get(row.from_id),
            )
            second = f"From {who or 'a colleague'}, {recent_words(row.sent_at, now)}"
        else:
            state = _read_words(row, now)
            second = f"To {names.get(row.to_id, 'a colleague')}, {recent_words(row.sent_at, now)}"
            second += f". Answer: {short(row.answer)}" if row.answer else ""
        made.append(TableRow(row.id, (state, f"{short(row.words)}\n{second}")))
    return made


def onward_rows(rows: Sequence[OnwardRow], on: dt.date) -> list[TableRow]:
    return [
        TableRow(
            row.id,
            (
                when(row.chase_on, on),
                f"{row.name}\n{label_of('onward_kinds', row.kind)}: {row.to_name}",
                _onward_state(row),
            ),
        )
        for row in rows
    ]


def clock(respond_by: dt.datetime | None, now: dt.datetime, hours: ServiceHours) -> str:
    """`25 minutes left`, `1 hour late`; `No time set` when nobody promised one."""
    holidays = shipped_bank_holidays(division_of(hours.nation))
    return clock_words(respond_by, now, hours, holidays) if respond_by is not None else "No time set"


def clock_tone(words: str) -> Tone:
    first = words.partition("\n")[0]
    if first.endswith("ate"):
        return "bad"
    return "warning" if first == "Due now" or "minute" in first else "plain"


def message_tone(words: str) -> Tone:
    if words == "Urgent":
        return "bad"
    return "warning" if words in ("To read", "Not read yet") else "plain"


def short(text: str) -> str:
    """The first line, cut at a word where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[:_LONGEST].rsplit(" ", 1)[0] + " ..."


def telephone(number: str) -> str:
    return format_telephone(number) if number else ""


def _asked(row: EnquiryRow) -> str:
    role = label_of("caller_roles", row.caller_role)
    caller = f"{row.caller} ({role.lower()})" if row.caller and role else row.caller or role
    about = label_of("enquiry_topics", row.topic)
    return ". ".join(part for part in (caller.strip(), short(row.words) or about) if part) or "Nothing written yet"


def _received(row: EnquiryRow, names: Mapping[str, str], now: dt.datetime) -> str:
    by = f", {names.get(row.claimed_by, 'a colleague')}" if row.state != "new" else ""
    return recent_words(row.received_at, now) + by


def _items(items: str) -> str:
    return f": {short(items)}" if items.strip() else ""


def _request_state(row: RequestRow) -> str:
    if row.state == "with_clinician":
        return f"With {row.put_to}" if row.put_to else "With the clinician"
    if row.clinical and row.state == "open":
        return "Needs a clinician"
    return label_of("request_states", row.state)


def _read_words(row: MessageRow, now: dt.datetime) -> str:
    if row.state == "sent":
        return "Not read yet"
    return f"Read {recent_words(row.read_at, now)}" if row.state == "read" else "Dealt with"


def _onward_state(row: OnwardRow) -> str:
    booked = f"Booked for {staff_date(row.appointment_on)}" if row.appointment_on else ""
    sent = f"Sent {staff_date(row.sent_on)}" if row.sent_on else ""
    asked = f"asked {things(row.chased_count, 'time')}" if row.chased_count else ""
    return "\n".join(part for part in (booked or sent, asked) if part)
