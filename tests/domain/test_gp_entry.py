"""PRACTICE W22: one plain-text block in the practice's order."""

import datetime as dt

import pytest

from wellbeing_desktop.domain.contact import Contact, Note
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.gp_entry import BLOCKS, DEFAULT_ORDER, GpCopy, check_order, copy_for_gp_record

CONTACT = Contact(
    happened_at=dt.datetime(2026, 7, 1, 8, 40, tzinfo=dt.UTC),
    medium="home_visit",
    outcome="5",
    duration_minutes=50,
    present=("Ann Jones, daughter",),
)
NOTE = Note(
    text="Settled in.",
    said_by_person="I miss\r\n\tthe garden.",
    observed="Walking well",
    told_by_others="She fell on Monday",
    told_by="daughter",
    agreed="Order a frame",
    agreed_by="Mary",
)


def test_w22_the_block_says_each_part_once_in_the_usual_order() -> None:
    block = copy_for_gp_record(
        GpCopy(
            CONTACT, NOTE, scores=("Satisfied with life 6 of 10",), next_step="Visit in two weeks", author="B. Green"
        )
    )
    assert block == (
        "01-Jul-2026 09:40. Home visit. Seen. 50 minutes\n"
        "Present: Ann Jones, daughter\n"
        "Said by the person: I miss\nthe garden.\n"
        "Told by others: She fell on Monday (daughter)\n"
        "Observed: Walking well\n"
        "Note: Settled in.\n"
        "Measures: Satisfied with life 6 of 10\n"
        "Agreed: Order a frame (agreed by Mary)\n"
        "Next: Visit in two weeks\n"
        "B. Green"
    )


def test_w22_the_practice_chooses_the_order_and_nothing_is_left_out() -> None:
    block = copy_for_gp_record(GpCopy(CONTACT, NOTE), order=("plan", "heading"))
    assert block.startswith("Agreed: Order a frame")
    assert "Observed: Walking well" in block
    assert set(check_order(("plan",))) == set(BLOCKS)
    with pytest.raises(Refused):
        check_order(("plan", "weather"))


def test_what_was_told_in_confidence_is_not_in_the_gp_block() -> None:
    secret = Note(told_by_others="He drinks", told_by="neighbour", in_confidence=True, text="Seen")
    assert "drinks" not in copy_for_gp_record(GpCopy(CONTACT, secret))


def test_empty_parts_leave_no_empty_label() -> None:
    assert copy_for_gp_record(GpCopy(note=Note(text="Rang.", written_on=dt.date(2026, 7, 1)))) == (
        "01-Jul-2026\nNote: Rang."
    )
    assert copy_for_gp_record(GpCopy()) == ""


def test_the_usual_order_has_every_part() -> None:
    assert set(DEFAULT_ORDER) == set(BLOCKS)
