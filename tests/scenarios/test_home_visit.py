"""The day that the product is for, by keyboard alone: a home visit with no network, killed in the middle of a
sentence, finished, agreed, written to the GP, sent, and found word for word on a second laptop, on paper and in the
return."""

import datetime as dt
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtWidgets import QApplication

from tests.scenarios.keyboard import (
    CTRL,
    CTRL_SHIFT,
    Key,
    close,
    focused,
    open_and_unlock,
    press,
    run_command,
    settle,
    tab_to,
    wait_for,
    words_on,
    write,
)
from tests.scenarios.office import Office, record_on, the_person
from wellbeing_desktop.cli.demo.day import Team
from wellbeing_desktop.cli.return_files import count_month, write_return
from wellbeing_desktop.documents.care_plan import care_plan_document
from wellbeing_desktop.documents.pdf import render_pdf
from wellbeing_desktop.domain.document import Letter
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.domain.return_definition import Month, shipped_definition
from wellbeing_desktop.operations.person_record import PersonRecord
from wellbeing_desktop.operations.plan_document import plan_page
from wellbeing_desktop.operations.return_results import ReturnResult
from wellbeing_desktop.storage.records import load_all
from wellbeing_desktop.storage.store import Store

pytestmark = pytest.mark.slow

HALF = "She asked about the Thursday lun"
REST = "ch club and laughed about the bus."
SAID = "I do not want to be a bother."
MATTERS = "My allotment, and tea with Nerys on Sundays."
GOALS = ("I want to walk to the allotment", "I want to cook for Nerys once")
SCORES = {"satisfied": 6, "worthwhile": 8, "happy": 7, "anxious": 2}


def killed_in_mid_sentence(folder: Path, passphrase: str, person: Person, tmp_path: Path) -> None:
    secret = tmp_path / "passphrase"
    secret.write_text(passphrase, encoding="utf-8")
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.scenarios.visiting_child", folder, secret, person.family_name, HALF],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == "typed\n"
    finally:
        child.send_signal(signal.SIGKILL)
        child.communicate()
    assert child.returncode == -signal.SIGKILL


def finish_the_visit() -> None:
    """The rest of the sentence, the person's words, two goals, the four scores."""
    press(Key.Key_End, CTRL)
    write(REST)
    tab_to("Said by the person")
    write(SAID)
    tab_to("New goal 1")
    write(GOALS[0])
    tab_to("What will be done for goal 1")
    write("Walk as far as the gate on Tuesday")
    tab_to("Add another goal")
    press(Key.Key_Space)
    tab_to("New goal 2")
    write(GOALS[1])
    for question, answer in zip(("satisfied", "worthwhile", "happy", "anxious"), SCORES.values(), strict=True):
        tab_to(question)
        write(str(answer))
    press(Key.Key_S, CTRL)


@pytest.mark.capability("F4", "P1")
def test_a_home_visit_from_the_door_to_the_return(office: Office, tmp_path: Path, qapp: QApplication) -> None:
    person = the_person(office)
    team = office.team
    before = month_so_far(team)
    laptop = team.coordinator
    folder, passphrase = laptop.store.folder, laptop.passphrase
    laptop.store.close()
    office.stop()  # from here on there is no network

    killed_in_mid_sentence(folder, passphrase, person, tmp_path)

    program, shell = open_and_unlock(folder, passphrase)
    run_command(person.family_name)
    wait_for(lambda: "Fell on the bathroom step" in words_on(shell), "what to know before knocking")
    press(Key.Key_F9)
    assert HALF in focused().toPlainText()
    finish_the_visit()
    wait_for(lambda: "Visit saved" in words_on(shell), "the visit to be saved")
    wait_for(lambda: "Working offline" in words_on(shell), "the sync line to say that there is no network")

    tab_to("Agree the plan")
    press(Key.Key_Space)
    tab_to("What is most important to me")
    write(MATTERS)
    press(Key.Key_S, CTRL)
    settle()
    run_command("Open the care plan")
    run_command("Agree the plan")
    tab_to("Agreed with")
    press(Key.Key_A, CTRL)
    write(f"{person.given_name} {person.family_name.title()}")
    press(Key.Key_S, CTRL)
    wait_for(lambda: record_on(program.session_now().store, person.id).plan.plan.state == "agreed", "the plan")

    run_command(person.family_name)
    press(Key.Key_L, CTRL_SHIFT)
    tab_to("Template")
    write("Plan")  # the only one that begins so; a space would open the list
    tab_to("Words")
    press(Key.Key_S, CTRL)
    wait_for(lambda: letters_of(program.session_now().store, person.id), "the letter to the GP")

    office.start()
    press(Key.Key_F5)
    wait_for(lambda: "Up to date" in words_on(shell), "everything to be sent")
    close(program, shell)

    team.colleague.sync()
    there = record_on(team.colleague, person.id)
    notes = [note for noted in there.contacts for note in noted.notes]
    assert [note.text for note in notes] == [HALF + REST]
    assert [note.said_by_person for note in notes] == [SAID]
    assert there.plan is not None
    assert there.plan.plan.state == "agreed"
    assert there.plan.narrative is not None
    assert there.plan.narrative.most_important == MATTERS
    assert [goal.what for goal in there.plan.goals] == list(GOALS)
    assert dict(there.series("ons4")[-1][1]) == SCORES
    assert GOALS[0] in letters_of(team.colleague.store, person.id)[0].body.replace("\\", "")

    words = plan_on_paper(team.colleague.store, there, tmp_path)
    for expected in (MATTERS, *GOALS):
        assert expected in words
    after = month_so_far(team)
    assert after.measure("contacts").count == before.measure("contacts").count + 1
    files = write_return(team.manager.store, after, tmp_path / "return")
    assert "How complete this return is" in text_of(files.pdf)
    assert REST not in files.csv.read_text(encoding="utf-8-sig")


def month_so_far(team: Team) -> ReturnResult:
    team.manager.sync()
    today = local_date(dt.datetime.now(dt.UTC))
    return count_month(team.manager.store, shipped_definition(), Month(today.year, today.month))


def letters_of(store: Store, person_id: str) -> list[Letter]:
    return store.read(lambda reader: load_all(reader, Letter, subject=person_id))


def plan_on_paper(store: Store, record: PersonRecord, tmp_path: Path) -> str:
    plan = record.plan
    assert plan is not None
    page = store.read(lambda reader: plan_page(reader, plan.plan.id, plan.copies[-1].id))
    path = tmp_path / "plan.pdf"
    path.write_bytes(render_pdf(care_plan_document(page.plan), page.style).data)
    return text_of(path)


def text_of(path: Path) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(path).pages).split())
