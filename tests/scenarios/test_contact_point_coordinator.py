"""A day of a wellbeing coordinator at a contact point (seed 000), by keyboard alone.

With no network, a call about somebody unknown is interrupted by a second one: the first is parked, the second finished
with its new person's record, the first taken up again and left for the queue. A colleague gets a message. Then somebody
is at risk: one key, every step timed, saved before there is an outcome, and Today does not let it go. Everything is sent
and is on the colleague's laptop.
"""

import pytest
from PySide6.QtWidgets import QApplication

from tests.scenarios.keyboard import (
    CTRL,
    Key,
    choose,
    close,
    open_and_unlock,
    press,
    run_command,
    tab_to,
    wait_for,
    words_on,
    write,
)
from tests.scenarios.office import Office, the_person
from wellbeing_desktop.domain.concern import Concern
from wellbeing_desktop.domain.enquiry import Enquiry, Message
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.storage.records import load, load_all

pytestmark = pytest.mark.slow

WORRIED = "Has not seen the man at number 14 since Monday"
WALKS = "Looks for a walking group near Kington"
MESSAGE = "A man rang about walks. Ring him back when you are in."
WHERE = "On the bench by the river"


@pytest.mark.capability("A1", "A2", "A3", "A5", "W3", "W6", "D8")
def test_two_calls_at_once_a_message_and_somebody_at_risk(office: Office, qapp: QApplication) -> None:
    the_person(office)
    team = office.team
    laptop = team.coordinator
    laptop.store.close()
    office.stop()  # from here on there is no network
    program, shell = open_and_unlock(laptop.store.folder, laptop.passphrase)
    store = program.session_now().store

    run_command("Write down a contact at the front door")
    write("A neighbour")
    tab_to("What is asked")
    write(WORRIED)
    press(Key.Key_N, CTRL)
    a_second_call()
    wait_for(lambda: store.read(lambda r: load_all(r, Enquiry)), "the second call to be finished")
    press(Key.Key_F7)
    wait_for(lambda: "Parked contacts" not in words_on(shell), "the first call")
    run_command("Save this contact for the queue")
    wait_for(lambda: len(store.read(lambda r: load_all(r, Enquiry))) == 2, "the first call to wait in the queue")

    run_command("Message a colleague")
    choose("To", "Sam")
    tab_to("Message")
    write(MESSAGE)
    press(Key.Key_S, CTRL)
    wait_for(lambda: store.read(lambda r: load_all(r, Message)), "the message")

    press(Key.Key_F8)
    write(WHERE)
    tab_to("999")
    press(Key.Key_Space)
    press(Key.Key_S, CTRL)
    wait_for(lambda: store.read(lambda r: load_all(r, Concern)), "the concern")
    run_command("Go to Today")
    wait_for(lambda: "at risk" in words_on(shell) or "concern" in words_on(shell), "Today to hold on to it")

    office.start()
    press(Key.Key_F5)
    wait_for(lambda: "Up to date" in words_on(shell), "everything to be sent")
    close(program, shell)

    team.colleague.sync()
    there = team.colleague.store
    calls = {one.words: one for one in there.read(lambda r: load_all(r, Enquiry))}
    assert (calls[WORRIED].state, calls[WORRIED].caller_name) == ("new", "A neighbour")
    assert calls[WALKS].state == "finished"
    walker = there.read(lambda r: load(r, Person, calls[WALKS].subject))
    assert (walker.given_name, walker.family_name, walker.unidentified) == ("Emlyn", "Lewis", None)
    (message,) = there.read(lambda r: load_all(r, Message, subject=team.colleague.user_id))
    assert message.words == MESSAGE


def a_second_call() -> None:
    write("Mr Lewis")
    tab_to("What is asked")
    write(WALKS)
    choose("What came of it", "Answered")
    tab_to("Family name")
    write("Lewis")
    tab_to("First name")
    write("Emlyn")
    run_command("Finish this contact")
