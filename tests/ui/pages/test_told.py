"""W17: what a relative says at the front door is stored as from them, and kept in confidence if they ask."""

import datetime as dt

import pytest

from tests.ui.pages.made_service import NOW
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.ui.pages.inbox.fields import USUAL, ending_of


def ended(**values: str):
    given = {"note": "She fell on Sunday", "caller_role": "", "caller_name": "", "in_confidence": "", **values}
    return ending_of({**USUAL, "outcome": "answered", **given}, NOW, NOW + dt.timedelta(minutes=5), keep=True).note


@pytest.mark.capability("W17")
def test_what_the_daughter_says_is_stored_as_from_her() -> None:
    note = ended(caller_role="family", caller_name="Sian", in_confidence="yes")
    assert (note.text, note.told_by_others) == ("", "She fell on Sunday")
    assert note.told_by == "Sian, family, friend or carer"
    assert note.in_confidence is True
    assert ended(caller_role="neighbour").told_by == "neighbour or member of the public"


def test_what_the_person_says_is_theirs_and_cannot_be_in_confidence_from_them() -> None:
    assert ended(caller_role="self").text == "She fell on Sunday"
    assert ended().told_by_others == ""
    with pytest.raises(Refused, match="only what others told"):
        ended(caller_role="self", in_confidence="yes")
    assert ended(note="") is None
