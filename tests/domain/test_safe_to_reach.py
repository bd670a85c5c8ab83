"""PRACTICE W10: an unsafe address never prints, and no call, text or message goes where it is not safe."""

import datetime as dt

import pytest

from wellbeing_desktop.domain.person import Address, ContactPoint, Person
from wellbeing_desktop.domain.safe_to_reach import (
    address_to_write_to,
    how_to_reach,
    may_call,
    may_email,
    may_leave_message,
    may_text,
    may_write_to,
)
from wellbeing_desktop.domain.stop import Stop

TODAY = dt.date(2026, 11, 20)
MARY = Person(id="mary", subject="mary", family_name="Jones")
HOME = Address(id="home", line1="1 High Street", postcode="HU1 1AA", use="1")


def test_w10_an_unsafe_address_stops_a_letter_by_reason() -> None:
    unsafe = Address(id="a", line1="1 High Street", safe_to_write=False, safety_reason="Partner opens the post")
    stop = may_write_to(unsafe, TODAY)
    assert stop is not None
    assert stop.kind == "unsafe_address"
    assert stop.detail == "Partner opens the post"
    assert "Partner" not in stop.sentence, "the sentence may reach a log"


def test_w10_an_unsettled_clash_about_safety_stops_a_letter() -> None:
    stop = may_write_to(HOME, TODAY, clashing={"safe_to_write"})
    assert stop is not None
    assert stop.kind == "unsafe_address"


def test_not_asked_is_not_unsafe() -> None:
    assert may_write_to(HOME, TODAY) is None


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        (Address(line1="x", ended_on=TODAY), "old_address"),
        (Address(line1="x", started_on=TODAY + dt.timedelta(days=1)), "address_not_yet"),
        (Address(postcode="HU1 1AA"), "no_address"),
    ],
)
def test_an_address_that_cannot_be_used_says_why(address: Address, kind: str) -> None:
    stop = may_write_to(address, TODAY)
    assert stop is not None
    assert stop.kind == kind


def test_w10_an_unsafe_home_is_not_replaced_by_another_in_silence() -> None:
    unsafe = Address(id="home", line1="1 High Street", use="1", safe_to_write=False)
    other = Address(id="other", line1="2 Low Street", use="2")
    assert isinstance(address_to_write_to(MARY, [unsafe, other], TODAY), Stop)
    for better in (
        Address(id="sister", line1="3 Mill Lane", use="2", safe_to_write=True),
        Address(id="sister", line1="3 Mill Lane", use="4"),
    ):
        chosen = address_to_write_to(MARY, [unsafe, better], TODAY)
        assert isinstance(chosen, Address)
        assert chosen.id == "sister"


def test_letters_go_to_the_correspondence_address_first_and_never_to_a_safe_haven() -> None:
    haven = Address(id="haven", line1="Refuge", use="8")
    post = Address(id="post", line1="PO Box 1", use="4")
    chosen = address_to_write_to(MARY, [HOME, haven, post], TODAY)
    assert isinstance(chosen, Address)
    assert chosen.id == "post"
    assert isinstance(address_to_write_to(MARY, [haven], TODAY), Stop)


def test_the_newest_of_two_home_addresses_is_used() -> None:
    newer = Address(id="new", line1="9 New Road", use="1", started_on=dt.date(2026, 1, 1))
    chosen = address_to_write_to(MARY, [HOME, newer], TODAY)
    assert isinstance(chosen, Address)
    assert chosen.id == "new"


def test_no_address_and_no_fixed_abode_are_said_apart() -> None:
    nothing = address_to_write_to(MARY, [], TODAY)
    assert isinstance(nothing, Stop)
    assert nothing.kind == "no_address"
    roofless = address_to_write_to(Person(id="p", no_fixed_abode=True), [], TODAY)
    assert isinstance(roofless, Stop)
    assert roofless.kind == "no_fixed_abode"


def test_w9_nothing_goes_to_somebody_who_has_died() -> None:
    died = Person(id="p", died_on=dt.date(2026, 10, 1), death_known_by="GP")
    mobile = ContactPoint(medium="mobile", value="+447700900123", safe_to_leave_message=True)
    for stop in (
        address_to_write_to(died, [HOME], TODAY),
        may_call(died, mobile),
        may_text(died, mobile),
        may_leave_message(died, mobile),
        may_email(died, ContactPoint(medium="email", value="a@example.org")),
    ):
        assert isinstance(stop, Stop)
        assert stop.kind == "died"


@pytest.mark.parametrize(
    ("gate", "field"),
    [(may_call, "safe_to_call"), (may_text, "safe_to_text"), (may_leave_message, "safe_to_leave_message")],
)
def test_w10_each_way_has_its_own_answer(gate, field: str) -> None:
    safe = {"safe_to_call": True, "safe_to_text": True, "safe_to_leave_message": True}
    assert gate(MARY, ContactPoint(medium="mobile", **safe)) is None
    stop = gate(MARY, ContactPoint(medium="mobile", **{**safe, field: False}, safety_reason="Son listens"))
    assert stop is not None
    assert stop.detail == "Son listens"
    clash = gate(MARY, ContactPoint(medium="mobile", **safe), clashing={field})
    assert clash is not None


def test_w10_a_message_is_left_only_on_a_recorded_yes() -> None:
    stop = may_leave_message(MARY, ContactPoint(medium="mobile"))
    assert stop is not None
    assert stop.kind == "not_asked"
    assert may_call(MARY, ContactPoint(medium="mobile")) is None


def test_an_e_mail_address_is_not_called_and_a_telephone_is_not_e_mailed() -> None:
    assert may_call(MARY, ContactPoint(medium="email")) is not None
    assert may_text(MARY, ContactPoint(medium="email")) is not None
    assert may_email(MARY, ContactPoint(medium="mobile")) is not None
    assert may_email(MARY, ContactPoint(medium="email", safe_to_text=False)) is not None
    assert may_email(MARY, ContactPoint(medium="email")) is None


def test_what_to_know_before_dialling() -> None:
    point = ContactPoint(medium="mobile", safe_times="after 10:00", code_word="bluebell", note="Daughter's number.")
    assert how_to_reach(point) == "Safe times: after 10:00. Code word: bluebell. Daughter's number"
