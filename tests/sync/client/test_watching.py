"""Clocks on the screen: run out, not watched yet and whom to ring, not confirmed (PRACTICE W13)."""

import datetime as dt

import msgspec
import pytest

from tests.sync.client.practice import Laptop, Practice
from wellbeing_desktop.domain.concern_rules import CHAIN_SETTING
from wellbeing_desktop.domain.enquiry import Enquiry
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.operation import OperationKind
from wellbeing_desktop.domain.organisation import Setting
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.operations.watching import Clocks, ClockState, clocks, run_out_count, words_of
from wellbeing_desktop.storage import run_out
from wellbeing_desktop.storage.run_out import ToldClock
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.sync.client.conversation import Conversation
from wellbeing_desktop.sync.client.hints import waiting_for_news
from wellbeing_desktop.sync.client.line import SyncState, lease_words, resting_line
from wellbeing_desktop.sync.client.membership import membership_of
from wellbeing_desktop.sync.protocol.waiting import WaitReply

NOW = dt.datetime(2026, 11, 21, 10, 0, tzinfo=dt.UTC)


def of(laptop: Laptop) -> Clocks:
    return laptop.store.read(lambda reader: clocks(reader, NOW.date()))


def told(store: Store, *found: ToldClock, watchers: int = 1) -> None:
    store.write(lambda writer: run_out.keep(writer, found, watchers, NOW))


def with_chain(practice: Practice, deputy: str) -> None:
    chain = [{"role": "Deputy", "name": "Dee Fell", "telephone": "01632 960001", "practitioner_id": deputy}]
    setting = Setting(
        id=new_id(), subject=practice.service.org, key=CHAIN_SETTING, value=msgspec.json.encode(chain).decode()
    )
    practice.write_as_server(OperationKind.CREATE, setting, "card")


@pytest.mark.capability("W13")
def test_a_clock_begun_off_line_says_that_nobody_watches_it_and_whom_to_phone_until_it_was_sent(
    file_practice: Practice,
) -> None:
    practice = file_practice
    dee = practice.member("Dee")
    with_chain(practice, dee.id)
    ann = practice.laptop(practice.member("Ann"))
    ann.synced()
    person = ann.create(Person(family_name="Hughes"))
    enquiry = Enquiry(
        subject=person,
        received_at=NOW,
        received_on=NOW.date(),
        medium="phone",
        urgent=True,
        state="new",
        respond_by=NOW,
    )
    id = ann.create(enquiry)
    [row] = of(ann).rows
    assert (row.state, row.id, row.person_id) == (ClockState.NOT_WATCHED, id, person)
    assert row.ring == "Phone Dee Fell (Deputy), 01632 960001."
    said = ann.store.read(lambda reader: words_of(reader, id))
    assert said == "Not yet watched by anyone. Phone Dee Fell (Deputy), 01632 960001."
    ann.synced()
    assert of(ann).rows == ()
    assert ann.store.read(lambda reader: words_of(reader, id)) == ""


@pytest.mark.capability("W13")
def test_taking_something_off_line_is_not_confirmed_until_the_server_has_answered(file_practice: Practice) -> None:
    practice = file_practice
    ann, bob = practice.laptop(practice.member("Ann")), practice.laptop(practice.member("Bob"))
    ann.synced()
    person = ann.create(Person(family_name="Hughes"))
    id = ann.create(
        Enquiry(subject=person, received_at=NOW, received_on=NOW.date(), medium="phone", urgent=True, state="new")
    )
    ann.synced()
    bob.synced()
    bob.change(Enquiry, id, state="claimed", claimed_by=bob.member.id)
    [row] = of(bob).rows
    assert row.state is ClockState.NOT_CONFIRMED
    assert bob.store.read(lambda reader: words_of(reader, id)).startswith("Not confirmed. You took it")
    bob.synced()
    assert of(bob).rows == ()


def test_what_the_server_told_is_shown_with_the_name_where_the_record_is_here_and_whom_to_ring_where_it_is_not(
    file_practice: Practice,
) -> None:
    practice = file_practice
    ann = practice.laptop(practice.member("Ann"))
    ann.synced()
    person = ann.create(Person(family_name="Hughes"))
    here = ann.create(
        Enquiry(
            subject=person,
            received_at=NOW,
            received_on=NOW.date(),
            medium="phone",
            urgent=True,
            state="new",
            respond_by=NOW,
        )
    )
    ann.synced()
    elsewhere = new_id()
    told(
        ann.store,
        ToldClock(id=here, type="enquiry", due_at="2026-11-21T10:00:00.000000Z"),
        ToldClock(id=elsewhere, type="referral", due_at="2026-11-21T10:00:00.000000Z", owner=ann.member.id),
    )
    found = of(ann)
    assert found.run_out == 2
    assert [row.person_id for row in found.rows] == [person, ""]
    assert found.rows[1].ring == "It is not on this laptop: phone Ann."
    assert found.nobody_named == ""
    assert ann.store.read(run_out_count) == 2
    ann.change(Enquiry, here, state="finished")  # dealt with here; the server has not said so yet
    assert [row.id for row in of(ann).rows if row.state is ClockState.RUN_OUT] == [elsewhere]
    told(ann.store, ToldClock(id=elsewhere, type="referral", due_at="x"), watchers=0)
    assert "has named no deputy" in of(ann).nobody_named


def test_the_listening_thread_passes_on_what_the_server_says_once(file_practice: Practice) -> None:
    practice = file_practice
    dee = practice.member("Dee")
    with_chain(practice, dee.id)
    laptop = practice.laptop(dee)
    laptop.synced()
    heard: list[WaitReply] = []
    membership = laptop.store.read(membership_of)
    assert membership is not None
    ask = waiting_for_news(
        lambda: Conversation(laptop.transport, membership, lambda: dt.datetime.now(dt.UTC)), heard.append
    )
    head = ask(0)
    assert ask(0) == head
    assert [reply.watchers for reply in heard] == [1]


def test_the_sync_line_says_what_has_run_out_and_by_when_to_connect() -> None:
    quiet = resting_line(waiting=0, last_sync_at=NOW, problem=None, now=NOW)
    assert quiet.words == "Up to date 10:00"
    line = resting_line(waiting=0, last_sync_at=NOW, problem=None, now=NOW, run_out=2)
    assert (line.state, line.words) == (
        SyncState.UP_TO_DATE,
        "2 clocks have run out: see Today. Up to date 10:00",
    )
    days = [NOW + dt.timedelta(days=by) for by in (1, 3)]
    assert lease_words(*days, NOW) == "Connect before 22-Nov-2026"
    assert lease_words(*days, NOW + dt.timedelta(days=1)) == "You can only add until 24-Nov-2026: connect"
    assert lease_words(*days, NOW + dt.timedelta(days=3)) == "Connect to open the records again"
    said = resting_line(waiting=0, last_sync_at=NOW, problem=None, now=NOW, lease="Connect before 22-Nov-2026")
    assert said.words == "Up to date 10:00. Connect before 22-Nov-2026"
