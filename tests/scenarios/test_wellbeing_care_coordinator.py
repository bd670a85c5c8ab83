"""A day of a wellbeing care co-ordinator at the front door of a primary care network's team (seed 001), by keyboard
alone.

A practice refers somebody while there is no network. The referral is written down, the service's form is filled in, a
priority is signed, the referral is accepted and given to a colleague, and the practice's answer waits as a draft. A
neighbour's worry becomes a concern. Then everything is sent, and the colleague's laptop has it.
"""

import pytest
from PySide6.QtWidgets import QApplication

from tests.scenarios.keyboard import (
    CTRL,
    CTRL_SHIFT,
    Key,
    answer,
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
from wellbeing_desktop.domain.contact import Note
from wellbeing_desktop.domain.document import Letter
from wellbeing_desktop.domain.referral import Episode, Referral
from wellbeing_desktop.domain.screening import Screening
from wellbeing_desktop.operations.triage import use_form
from wellbeing_desktop.storage.records import load_all

pytestmark = pytest.mark.slow

SAYS = "Lonely since her husband died. Would like company and somebody to walk with."


@pytest.mark.capability("B1", "B2", "B3", "B4", "W14", "W21")
def test_a_referral_is_triaged_signed_accepted_and_given_to_a_colleague(office: Office, qapp: QApplication) -> None:
    person, team = the_person(office), office.team
    laptop = team.coordinator
    team.lead.store.write(lambda writer: use_form(writer, "example", "1"))  # the service's choice of a triage form
    team.lead.sync()
    laptop.sync()
    laptop.store.close()
    office.stop()  # from here on there is no network
    program, shell = open_and_unlock(laptop.store.folder, laptop.passphrase)
    store = program.session_now().store

    def referral() -> Referral | None:
        found = store.read(lambda r: load_all(r, Referral, subject=person.id))
        return next((one for one in found if one.referrer_name == "Dr Bevan"), None)

    run_command(person.family_name)
    write_the_referral()
    wait_for(referral, "the referral")
    fill_in_the_form(person.family_name)
    wait_for(lambda: store.read(lambda r: load_all(r, Screening)), "the answers")
    accept_and_give()
    wait_for(lambda: referral().state == "accepted", "the referral to be accepted")
    decided = referral()
    assert (decided.priority, decided.priority_signed_by, decided.allocated_to) == (
        "soon",
        laptop.user_id,
        team.colleague.user_id,
    )
    (reply,) = [one for one in store.read(lambda r: load_all(r, Letter)) if one.id == decided.reply_letter_id]
    assert (reply.state, reply.to_name) == ("draft", "Dr Bevan")

    wait_for(lambda: "Working offline" in words_on(shell), "the sync line to say that there is no network")
    office.start()
    press(Key.Key_F5)
    wait_for(lambda: "Up to date" in words_on(shell), "everything to be sent")
    close(program, shell)

    team.colleague.sync()
    there = team.colleague.store
    (support,) = [one for one in there.read(lambda r: load_all(r, Episode)) if one.referral_id == decided.id]
    assert (support.state, support.practitioner_id) == ("open", team.colleague.user_id)
    (words,) = there.read(lambda r: load_all(r, Note, about_id=decided.id))
    assert words.text == SAYS


def write_the_referral() -> None:
    press(Key.Key_N, CTRL_SHIFT)
    choose("Where it came from", "GP")
    choose("Reason", "Lone")
    choose("Urgency asked for", "Routine")
    tab_to("Referred by")
    write("Dr Bevan")
    tab_to("How to reach the referrer")
    write("01544 230302")
    tab_to("What the referral says")
    write(SAYS)
    press(Key.Key_S, CTRL)


def fill_in_the_form(family_name: str) -> None:
    run_command("Go to Referrals")
    tab_to("New")
    press(Key.Key_Return)
    push("Fill in the triage form")
    answer("in danger", 1)
    answer("need an answer", 2)
    answer("know about this referral", 0)
    press(Key.Key_S, CTRL)


def accept_and_give() -> None:
    """Saving the form leads back to the referral, where accepting it is the likeliest next step."""
    choose("Who takes it", "Sam")
    choose("Priority that you sign", "Soon")
    press(Key.Key_S, CTRL)
