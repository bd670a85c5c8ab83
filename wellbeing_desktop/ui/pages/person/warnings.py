"""What to know first: alerts with what to do, how to get in, communication, how to reach safely, sharing.

Above the tabs, in words. There is no level of risk (PRACTICE W7): each alert is a dated statement with its source.
"""

import datetime as dt
from typing import Final

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from wellbeing_desktop.domain.alerts import AlertInForce
from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.consent_rules import State, standing
from wellbeing_desktop.domain.dates import day_words, staff_date
from wellbeing_desktop.domain.person import ContactPoint
from wellbeing_desktop.domain.safe_to_reach import (
    TELEPHONES,
    how_to_reach,
    may_call,
    may_email,
    may_leave_message,
    may_write_to,
)
from wellbeing_desktop.exchange.telephone import format_telephone
from wellbeing_desktop.operations.person_record import PersonRecord
from wellbeing_desktop.ui.pages.person.parts import Around, TwoColumns, column_of, fact_line, in_a_sentence
from wellbeing_desktop.ui.tokens import SPACE_M, SPACE_S
from wellbeing_desktop.ui.widgets import buttons, cards, labels

Fact = tuple[str, str, labels.Tone, str]
_BY_TELEPHONE: Final = frozenset({"3", "5", "6", "9"})
_BY_EMAIL: Final = frozenset({"4"})
"""Codes of `preferred_contact_method` that need a telephone number, and an e-mail address."""


def build(record: PersonRecord, around: Around) -> QWidget:
    """Alerts, then one card of facts."""
    parts: list[QWidget] = [alert_notice(item, record, around) for item in record.alerts]
    if record.clashes:
        parts.append(_clashes(record, around))
    card = cards.Card()
    card.setAccessibleName("What to know first")
    columns = TwoColumns()
    found = facts(record, around.today)
    half = (len(found) + 1) // 2
    for at, (label, words, tone, icon) in enumerate(found):
        (columns.left if at < half else columns.right).addWidget(fact_line(label, words, tone, icon))
    columns.finish()
    card.body.addWidget(columns)
    return column_of(*parts, card)


def alert_notice(item: AlertInForce, record: PersonRecord, around: Around | None) -> QFrame:
    """One alert: what is known, what to do, who says so, when it is looked at again. Clashing statements stand in it."""
    alert = item.alert
    frame = QFrame()
    frame.setProperty("kind", "notice")
    labels.set_tone(frame, "warning")
    row = QHBoxLayout(frame)
    row.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, SPACE_S)
    row.setSpacing(SPACE_S)
    row.addWidget(labels.IconLabel("triangle-alert", "warning"))
    column = QVBoxLayout()
    column.setSpacing(0)
    before = "Before you visit. " if alert.before_visit else ""
    column.addWidget(labels.strong(f"{before}{label_of('alert_kinds', alert.kind)}: {alert.statement}"))
    column.addWidget(labels.body(f"What to do: {alert.what_to_do}"))
    column.addWidget(labels.muted(_source(item)))
    for other in item.clashing:
        ended = " It says that this has ended." if other.ended else ""
        column.addWidget(
            labels.body(f"Somebody else recorded on {day_words(other.stated_on)}: {other.statement}{ended}")
        )
    row.addLayout(column, 1)
    if around is not None:
        review = buttons.link(
            "Review this alert", lambda: around.go("person_entry", f"alert/{record.person.id}/{alert.id}")
        )
        review.setAccessibleName(f"Review the alert: {label_of('alert_kinds', alert.kind)}")
        row.addWidget(review)
    frame.setAccessibleName(f"Alert. {before}{alert.statement}. What to do: {alert.what_to_do}")
    return frame


def facts(record: PersonRecord, today: dt.date) -> list[Fact]:
    """Everything to know first, as (label, words, tone, icon)."""
    found: list[Fact] = [
        ("Communication needs", communication(record), "plain", "message-square"),
        ("Safe to reach", *_reach(record, today), "mail"),
        ("How to get in", *_access(record), "key-round"),
        ("Sharing", *_sharing(record, today), "users"),
    ]
    if record.closed_to:
        names = ", ".join(one.name for one in record.closed_to)
        found.append(("Closed to colleagues who know them", names, "warning", "lock"))
    if record.stay is not None and record.stay.kind != "home":
        since = f" since {staff_date(record.stay.started_on)}" if record.stay.started_on else ""
        found.append(("Where they are now", f"{record.stay.place}{since}", "warning", "map-pin"))
    found += [
        (
            label_of("safety_fact_kinds", fact.kind),
            _safety_words(fact.statement, fact.reaction, fact.presence, fact.source, fact.original_kept_at),
            "warning" if fact.presence != "none_known" else "plain",
            "shield-alert",
        )
        for fact in record.safety_facts
    ]
    return found


def communication(record: PersonRecord) -> str:
    """The recorded needs in words; that none is recorded is said too."""
    person = record.person
    words = [label_of("communication_needs", need) for need in person.communication_needs]
    if person.language:
        words.append(f"Main language {person.language}")
    if person.interpreter_needed:
        words.append("Interpreter needed")
    if person.preferred_contact_method:
        words.append(_best_way(record))
    if person.communication_detail:
        words.append(person.communication_detail)
    return ". ".join(words) if words else "None recorded. Ask."


def _best_way(record: PersonRecord) -> str:
    """How the person likes to be reached, and whether the record has what that needs."""
    method = record.person.preferred_contact_method
    best = f"Best way: {label_of('preferred_contact_method', method).lower()}"
    for methods, missing in ((_BY_TELEPHONE, "telephone number"), (_BY_EMAIL, "e-mail address")):
        if method in methods and not any(reached_by(point) is methods for point in record.contact_points):
            return f"{best}, but no {missing} is recorded"
    return best


def reached_by(point: ContactPoint) -> frozenset[str]:
    """The ways to reach somebody (`preferred_contact_method`) that such a number or address is for."""
    return _BY_TELEPHONE if point.medium in TELEPHONES else _BY_EMAIL


def number_line(record: PersonRecord, point: ContactPoint, clashing: frozenset[str] = frozenset()) -> str:
    """One number or address with what is safe on it."""
    kind = label_of("contact_point_medium", point.medium)
    if point.medium == "email":
        stop = may_email(record.person, point, clashing)
        return f"{kind} {point.value}{f'. {stop.sentence}' if stop else ''}"
    number = format_telephone(point.value, point.extension)
    stop = may_call(record.person, point, clashing)
    if stop is not None:
        return f"{kind} {number}. {stop.sentence}{f' {stop.detail}' if stop.detail else ''}"
    message = may_leave_message(record.person, point, clashing)
    left = "A message may be left" if message is None else "Leave no message"
    extra = how_to_reach(point)
    return f"{kind} {number}. {left}.{f' {extra}.' if extra else ''}"


def _reach(record: PersonRecord, today: dt.date) -> tuple[str, labels.Tone]:
    lines = [number_line(record, point) for point in record.contact_points[:2]]
    tone: labels.Tone = "plain"
    address = record.address(today)
    stop = may_write_to(address, today) if address is not None else None
    if stop is not None and stop.kind == "unsafe_address":
        lines.append(f"{stop.sentence}{f' {stop.detail}' if stop.detail else ''}")
        tone = "bad"
    if any(point.safe_to_call is False or point.safe_to_leave_message is False for point in record.contact_points):
        tone = "bad" if tone == "bad" else "warning"
    return (" ".join(lines) or "No telephone number or e-mail is recorded."), tone


def _access(record: PersonRecord) -> tuple[str, labels.Tone]:
    note = record.access_note
    if note is None:
        return "Nothing recorded.", "plain"
    words = [note.instructions]
    if note.two_person_visit:
        words.append("Two people visit together.")
    if note.animals:
        words.append(f"Animals: {note.animals}.")
    if note.key_safe:
        words.append("There is a key safe: its code is shown on the day of a visit.")
    return " ".join(words), "warning" if note.two_person_visit or note.animals else "plain"


def _sharing(record: PersonRecord, today: dt.date) -> tuple[str, labels.Tone]:
    professionals = standing(record.consents, "share_professionals", "", today)
    family = standing(record.consents, "share_family", "", today)
    words = (
        f"Professionals giving care: {professionals.label.lower()}. Family or friends: {family.label.lower()}."
        f"{' Two people recorded different answers.' if professionals.clashes or family.clashes else ''}"
    )
    objected = State.OBJECTED in (professionals.state, family.state)
    return words, "warning" if objected else "plain"


def _clashes(record: PersonRecord, around: Around) -> QFrame:
    count = len(record.clashes)
    words = "1 clash of edits is" if count == 1 else f"{count} clashes of edits are"
    frame = cards.Card()
    frame.body.addWidget(labels.chip(f"{words} not settled", "warning"))
    frame.body.addWidget(labels.body("Both versions are kept. Until one is chosen, the more careful one counts."))
    frame.body.addWidget(buttons.link("Show the clashes", lambda: around.go("clashes", record.person.id)))
    return frame


def _safety_words(statement: str, reaction: str, presence: str, source: str, original: str) -> str:
    parts = [
        statement,
        f"Reaction: {reaction}" if reaction else "",
        label_of("presence", presence) if presence and presence != "present" else "",
        f"Said by {in_a_sentence(source)}" if source else "",
        f"Original: {original}" if original else "",
    ]
    return ". ".join(part.rstrip(".") for part in parts if part) + "."


def _source(item: AlertInForce) -> str:
    alert = item.alert
    review = f"review {'was due' if item.review_overdue else 'on'} {day_words(alert.review_on, 'no date')}"
    return f"Said by {in_a_sentence(alert.source)}, {day_words(alert.stated_on)}; {review}"
