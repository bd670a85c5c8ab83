"""Sent on, asked about, known at last; cover; and digital content."""

import datetime as dt

import pytest

from tests.operations.made import NOW, TODAY, Made, made_id
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.knowledge import DigitalModule, ModuleRelease, Service
from wellbeing_desktop.domain.onward import Cover, OnwardReferral
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.operations import cover, digital, knowledge, onward
from wellbeing_desktop.storage.grants import user_of
from wellbeing_desktop.storage.worklist import Wanted, worklist

DAY = dt.timedelta(days=1)


def sent(made: Made, **fields: object) -> str:
    values = {"kind": "signpost", "to_name": "Men's Shed", **fields}
    return made_id(
        onward.send_onward(made.writer, OnwardReferral(subject=made.mary, **values), at=NOW), "onward_referral"
    )


@pytest.mark.capability("B6", "J5")
def test_what_is_sent_on_stays_open_and_is_asked_about_until_it_is_known(made: Made) -> None:
    id = sent(made)
    assert made.one(OnwardReferral, id).chase_on == TODAY + 14 * DAY
    onward.ask_again(made.writer, id, TODAY + 7 * DAY, "Left a message", at=NOW)
    onward.booked_onward(made.writer, id, TODAY + 9 * DAY, at=NOW)
    booked = made.one(OnwardReferral, id)
    assert (booked.state, booked.chase_on, booked.chased_count) == ("booked", TODAY + 10 * DAY, 1)
    onward.end_onward(made.writer, id, "attended", useful="yes", at=NOW + 10 * DAY)
    assert made.one(OnwardReferral, id).chase_on is None
    with pytest.raises(Refused, match="known already"):
        onward.ask_again(made.writer, id, TODAY + 30 * DAY, at=NOW + 10 * DAY)
    onward.reopen_onward(made.writer, id, at=NOW + 10 * DAY)
    assert made.one(OnwardReferral, id).state == "sent"


@pytest.mark.capability("B6", "J5")
def test_a_full_service_is_full_in_the_directory_too(made: Made) -> None:
    service_id = made_id(knowledge.add_service(made.writer, Service(name="Lunch club"), at=NOW), "service")
    id = sent(made, to_name="", service_id=service_id)
    assert made.one(OnwardReferral, id).to_name == "Lunch club"
    onward.end_onward(made.writer, id, "full", at=NOW)
    service = made.one(Service, service_id)
    assert (service.capacity, service.capacity_on) == ("full", TODAY)


def test_sending_on_says_where_and_what_kind(made: Made) -> None:
    with pytest.raises(Refused, match="where the person is sent"):
        sent(made, to_name=" ")
    with pytest.raises(Refused, match="signpost"):
        sent(made, kind="")
    with pytest.raises(Refused, match="became of it"):
        onward.end_onward(made.writer, sent(made), "gone", at=NOW)


def test_cover_is_arranged_for_days_and_counts_on_them(made: Made) -> None:
    me = user_of(made.writer)
    with pytest.raises(Refused, match="until which day"):
        cover.arrange_cover(made.writer, Cover(cover_id="bo", kind="leave", since_on=TODAY), at=NOW)
    arranged = Cover(cover_id="bo", kind="leave", since_on=TODAY + DAY, until_on=TODAY + 5 * DAY)
    id = made_id(cover.arrange_cover(made.writer, arranged, at=NOW), "cover")
    assert made.one(Cover, id).subject == me
    assert cover.covers_on(made.writer, "bo", TODAY) == ()
    assert [one.id for one in cover.covers_on(made.writer, "bo", TODAY + 5 * DAY)] == [id]
    cover.end_cover(made.writer, id, at=NOW)
    assert cover.covers_on(made.writer, "bo", TODAY + 5 * DAY) == ()


def module(made: Made, **fields: object) -> str:
    values = {"name": "Sleeping better", "sessions": "One\nTwo", "criteria": "Over 18\nAgreed a goal", **fields}
    return made_id(digital.add_module(made.writer, DigitalModule(**values), at=NOW), "digital_module")


def test_content_is_released_by_its_criteria_or_with_a_reason(made: Made) -> None:
    id = module(made, days_open=30)
    with pytest.raises(Refused, match="Not met: Agreed a goal"):
        digital.release_module(made.writer, made.mary, id, ["Over 18"], at=NOW)
    released = digital.release_module(made.writer, made.mary, id, ["Over 18", "Agreed a goal"], at=NOW)
    release_id = made_id(released, "module_release")
    assert made.one(ModuleRelease, release_id).expires_on == TODAY + 30 * DAY
    with pytest.raises(Refused, match="already"):
        digital.release_module(made.writer, made.mary, id, [], "Asked again", at=NOW)
    digital.note_use(made.writer, release_id, TODAY, 2, at=NOW)
    assert made.one(ModuleRelease, release_id).state == "finished"


def test_somebody_who_stops_is_asked_about_once_and_what_ran_out_is_closed(made: Made) -> None:
    id = module(made, days_open=30, drop_off_days=7, criteria="")
    release_id = made_id(digital.release_module(made.writer, made.mary, id, [], at=NOW), "module_release")
    digital.look_after_releases(made.writer, at=NOW + 6 * DAY)
    assert not made.all(Task)
    for days in (7, 8):
        digital.look_after_releases(made.writer, at=NOW + days * DAY)
    assert made.only(Task).rule == "digital_drop_off"
    digital.look_after_releases(made.writer, at=NOW + 31 * DAY)
    assert made.one(ModuleRelease, release_id).state == "expired"
    with pytest.raises(Refused, match="not open"):
        digital.revoke_release(made.writer, release_id, "Moved away", at=NOW + 31 * DAY)


def test_somebody_sent_on_is_handed_to_a_colleague_who_asks(made: Made) -> None:
    sent = onward.send_onward(
        made.writer, OnwardReferral(subject=made.mary, kind="secondary_care", to_name="Eye clinic"), at=NOW
    )
    id = made_id(sent, "onward_referral")
    with pytest.raises(Refused, match="who asks"):
        onward.hand_on_onward(made.writer, id, "", at=NOW)
    onward.hand_on_onward(made.writer, id, "bob", at=NOW)
    with pytest.raises(Refused, match="already"):
        onward.hand_on_onward(made.writer, id, "bob", at=NOW)
    onward.booked_onward(made.writer, id, TODAY + DAY, at=NOW)
    due = Wanted(who="bob", on=TODAY, until=TODAY + 2 * DAY, raised_before=TODAY)
    assert [(item.kind, item.due_on) for item in worklist(made.writer, due).items] == [("onward", TODAY + 2 * DAY)]
    onward.ask_again(made.writer, id, TODAY + 3 * DAY, at=NOW)
    assert worklist(made.writer, due).items == ()
    onward.end_onward(made.writer, id, "not_attended", outcome="The taxi did not come", at=NOW)
    assert worklist(made.writer, Wanted(who="bob", on=TODAY, until=TODAY + 9 * DAY, raised_before=TODAY)).items == ()
