"""PRACTICE W18: what a contact must say."""

import datetime as dt

import msgspec
import pytest

from wellbeing_desktop.domain.contact import Contact, Note
from wellbeing_desktop.domain.contact_rules import check_contact, check_note, completed, is_late
from wellbeing_desktop.domain.errors import Refused

NOW = dt.datetime(2026, 11, 20, 15, 0, tzinfo=dt.UTC)
VISIT = Contact(
    id="c",
    happened_at=NOW - dt.timedelta(hours=2),
    ended_at=NOW - dt.timedelta(hours=1, minutes=10),
    medium="home_visit",
    outcome="5",
    practitioner_id="me",
)


def test_w18_a_whole_contact_stands_and_gets_its_local_date_and_minutes() -> None:
    check_contact(VISIT, NOW)
    whole = completed(VISIT, NOW)
    assert whole.happened_on == dt.date(2026, 11, 20)
    assert whole.written_at == NOW
    assert whole.duration_minutes == 50


def test_the_local_date_is_that_of_the_clock_on_the_wall() -> None:
    late = msgspec.structs.replace(VISIT, happened_at=dt.datetime(2026, 6, 30, 23, 30, tzinfo=dt.UTC), ended_at=None)
    assert completed(late, NOW).happened_on == dt.date(2026, 7, 1)


def test_minutes_that_were_typed_are_kept() -> None:
    assert completed(msgspec.structs.replace(VISIT, duration_minutes=45), NOW).duration_minutes == 45


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"happened_at": None}, "happened_at"),
        ({"happened_at": NOW + dt.timedelta(hours=1)}, "happened_at"),
        ({"happened_at": dt.datetime(1999, 1, 1, tzinfo=dt.UTC), "ended_at": None}, "happened_at"),
        ({"ended_at": NOW - dt.timedelta(hours=3)}, "ended_at"),
        ({"ended_at": NOW + dt.timedelta(hours=1)}, "ended_at"),
        ({"travel_minutes": -1}, "travel_minutes"),
        ({"duration_minutes": 1441}, "duration_minutes"),
        ({"medium": ""}, "medium"),
        ({"outcome": ""}, "outcome"),
        ({"practitioner_id": ""}, "practitioner_id"),
        ({"seen_alone": False}, "not_alone_reason"),
    ],
)
def test_w18_what_a_contact_lacks_is_named_beside_its_field(changes: dict[str, object], field: str) -> None:
    with pytest.raises(Refused) as refusal:
        check_contact(msgspec.structs.replace(VISIT, **changes), NOW)
    assert refusal.value.field == field


def test_w18_a_late_entry_says_why() -> None:
    late = msgspec.structs.replace(VISIT, happened_at=NOW - dt.timedelta(hours=25), ended_at=None)
    with pytest.raises(Refused) as refusal:
        check_contact(late, NOW)
    assert refusal.value.field == "late_reason"
    check_contact(msgspec.structs.replace(late, late_reason="No signal, copied from paper"), NOW)
    check_contact(late, NOW, late_after_hours=48)
    assert not is_late(NOW - dt.timedelta(hours=24), NOW)


def test_a_telephone_call_need_not_say_why_nobody_was_seen_alone() -> None:
    check_contact(msgspec.structs.replace(VISIT, medium="02", seen_alone=False), NOW)


def test_w18_what_others_told_says_who() -> None:
    check_note(Note(text="Went well"))
    check_note(Note(told_by_others="She fell", told_by="Daughter", in_confidence=True))
    for note, field in (
        (Note(text="  "), "text"),
        (Note(told_by_others="She fell"), "told_by"),
        (Note(text="x", in_confidence=True), "in_confidence"),
    ):
        with pytest.raises(Refused) as refusal:
            check_note(note)
        assert refusal.value.field == field
