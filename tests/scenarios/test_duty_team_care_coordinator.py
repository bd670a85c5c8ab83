"""A day of a care co-ordinator of a duty team (seed 002), by keyboard alone.

The telephone rings with no network: a daughter asks for her mother's tablets. The request goes to the clinician on duty
and comes back as an instruction; the hospital appointment is sent for and will be asked about; a colleague gets a task.
She turns out to be a neighbour: the record goes to a colleague and closes. Then everything is sent, and the colleague's
laptop has it.
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
    push,
    run_command,
    tab_to,
    wait_for,
    words_on,
    write,
)
from tests.scenarios.office import Office, the_person
from wellbeing_desktop.domain.enquiry import Enquiry, Instruction, Request
from wellbeing_desktop.domain.onward import OnwardReferral
from wellbeing_desktop.domain.organisation import Practitioner
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.storage.records import load, load_all
from wellbeing_desktop.storage.search import find_people
from wellbeing_desktop.storage.store import Store

pytestmark = pytest.mark.slow

ASKED = "Her mother has two days of tablets left"
TABLETS = "Amlodipine, one month"
INSTRUCTION = "Issue one month. Blood pressure check before the next."
DONE = "Sent to the pharmacy in Kington"
WHY = "Knee: the physiotherapist asks for an opinion"
PROMISE = "Book the blood pressure check"


@pytest.mark.capability("A1", "A6", "W4", "W23", "B6", "H1", "Q7", "P1")
def test_a_request_is_seen_through_to_the_clinicians_instruction(office: Office, qapp: QApplication) -> None:
    person, team = the_person(office), office.team
    laptop = team.coordinator
    laptop.store.close()
    office.stop()  # from here on there is no network
    program, shell = open_and_unlock(laptop.store.folder, laptop.passphrase)
    store = program.session_now().store

    run_command("Write down a contact at the front door")
    write("Nerys, her daughter")
    tab_to("What is asked")
    write(ASKED)
    tab_to("Find the person")
    write(person.family_name)
    push(f"{person.family_name.upper()}, ")
    wait_for(lambda: "Who is it about?" not in words_on(shell), "the person's name in the banner")
    press(Key.Key_S, CTRL)
    wait_for(lambda: store.read(lambda r: load_all(r, Enquiry)), "the call to be saved")
    (call,) = store.read(lambda r: load_all(r, Enquiry))
    assert (call.subject, call.claimed_by, call.words) == (person.id, laptop.user_id, ASKED)

    take_the_request()
    wait_for(lambda: store.read(lambda r: load_all(r, Request)), "the request")
    finish_the_call()
    wait_for(lambda: store.read(lambda r: load_all(r, Enquiry))[0].state == "finished", "the call to be finished")

    see_the_clinician()
    wait_for(lambda: store.read(lambda r: load_all(r, Instruction)), "the instruction")
    do_as_instructed()
    wait_for(lambda: store.read(lambda r: load_all(r, Request))[0].state == "done", "the request to be done")

    send_to_the_hospital(person.family_name)
    wait_for(lambda: store.read(lambda r: load_all(r, OnwardReferral)), "the referral to the hospital")
    promise(person.family_name)
    wait_for(lambda: any(task.title == PROMISE for task in store.read(lambda r: load_all(r, Task))), "the task")

    i_know_this_person(person.family_name, name_on(store, team.colleague.user_id))
    wait_for(lambda: store.read(lambda r: load(r, Person, person.id)) is None, "the record to close")
    assert store.read(lambda r: find_people(r, person.family_name)) == []
    assert person.family_name.upper() not in words_on(shell)

    wait_for(lambda: "Working offline" in words_on(shell), "the sync line to say that there is no network")
    office.start()
    press(Key.Key_F5)
    wait_for(lambda: "Up to date" in words_on(shell), "everything to be sent")
    close(program, shell)

    team.colleague.sync()
    there = team.colleague.store
    handed = there.read(lambda r: load(r, Person, person.id))
    assert handed is not None
    assert handed.coordinator_id == team.colleague.user_id
    (request,) = there.read(lambda r: load_all(r, Request))
    (given,) = there.read(lambda r: load_all(r, Instruction, request_id=request.id))
    assert (request.items, request.done_words, request.person_told) == (TABLETS, DONE, "told")
    assert (given.words, given.clinician, given.read_back) == (INSTRUCTION, "Dr Okoro", True)
    (onward,) = there.read(lambda r: load_all(r, OnwardReferral))
    assert (onward.kind, onward.reason, onward.state) == ("secondary_care", WHY, "sent")
    assert PROMISE in [task.title for task in there.read(lambda r: load_all(r, Task, subject=person.id))]


def i_know_this_person(family_name: str, colleague: str) -> None:
    run_command(family_name)
    run_command("I know this person")
    choose("How they know each other", "Neighbour")
    choose("Who takes over", colleague)
    tab_to("I have checked whose record this is")
    press(Key.Key_Space)
    press(Key.Key_S, CTRL)


def name_on(store: Store, practitioner_id: str) -> str:
    """The first letters by which a list is moved: a space would open it."""
    colleague = store.read(lambda r: load(r, Practitioner, practitioner_id))
    assert colleague is not None
    return colleague.name.split()[0]


def take_the_request() -> None:
    tab_to("With you")
    press(Key.Key_Return)
    run_command("Take a request from this contact")
    choose("What is asked for", "Repeat")
    tab_to("Items")
    write(TABLETS)
    press(Key.Key_S, CTRL)


def finish_the_call() -> None:
    """Saving the request leads back to the call."""
    choose("What came of it", "Request")
    run_command("Finish this contact")


def see_the_clinician() -> None:
    """The request is put to the clinician on duty, who says what is to be done."""
    open_request()
    tab_to("Which clinician")
    write("Dr Okoro")
    press(Key.Key_S, CTRL)
    open_request()
    tab_to("The instruction as it was given")
    write(INSTRUCTION)
    tab_to("Read back to the clinician")
    press(Key.Key_Space)
    press(Key.Key_S, CTRL)


def do_as_instructed() -> None:
    open_request()
    tab_to("What was done")
    write(DONE)
    choose("Was the person told", "Told")
    press(Key.Key_S, CTRL)


def open_request() -> None:
    run_command("Go to Inbox")
    tab_to("Requests")
    press(Key.Key_Return)


def send_to_the_hospital(family_name: str) -> None:
    run_command(family_name)
    run_command("Send")
    choose("What kind", "Secondary")
    tab_to("Where to")
    write("Hereford County Hospital")
    tab_to("Why")
    write(WHY)
    press(Key.Key_S, CTRL)


def promise(family_name: str) -> None:
    run_command(family_name)
    press(Key.Key_T, CTRL)
    tab_to("Task")
    write(PROMISE)
    press(Key.Key_S, CTRL)
