"""An attempt that reached nobody, from the record; what was asked for and where somebody was sent on, in it."""

import pytest
from PySide6.QtWidgets import QLabel

from tests.ui.accessibility import check_page
from tests.ui.pages.made_service import NOW
from tests.ui.pages.test_today import opened, settle
from wellbeing_desktop.domain.contact import Contact
from wellbeing_desktop.domain.enquiry import Request
from wellbeing_desktop.domain.onward import OnwardReferral
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.operations.onward import send_onward
from wellbeing_desktop.operations.requests import add_request
from wellbeing_desktop.storage.records import load_all
from wellbeing_desktop.ui.pages.person.entry import PersonEntryPage
from wellbeing_desktop.ui.pages.person.page import PersonPage


@pytest.mark.capability("W15")
def test_the_last_attempt_offers_what_follows_and_makes_it_in_one_step(session, people, qtbot) -> None:
    page = PersonEntryPage(session)
    qtbot.addWidget(page)
    page.resize(1160, 690)
    page.show()

    def attempt(**values: str) -> None:
        page.on_shown(f"not_reached/{people[14]}")
        settle(page, qtbot)
        qtbot.waitUntil(lambda: page.work is not None)
        page.work.form.set_values(values)
        page.save()
        settle(page, qtbot)

    def contacts() -> int:
        return len(session.store.read(lambda r: load_all(r, Contact, subject=people[14], outcome="no_answer")))

    before = contacts()
    for count in (1, 2):
        attempt(words="Rang out")
        assert contacts() == before + count
    page.on_shown(f"not_reached/{people[14]}")
    settle(page, qtbot)
    assert "step" in page.work.form.rows
    check_page(page, qtbot)
    attempt(step="letter")
    tasks = session.store.read(lambda r: load_all(r, Task, subject=people[14], kind="print"))
    assert [task.title for task in tasks] == ["Write to the person: we could not reach them"]


def test_the_record_lists_requests_and_where_the_person_was_sent_on(session, people, qtbot) -> None:
    person_id = people[15]
    session.store.write(
        lambda w: add_request(w, Request(subject=person_id, kind="letter", items="For housing"), at=NOW)
    )
    session.store.write(
        lambda w: send_onward(w, OnwardReferral(subject=person_id, kind="signpost", to_name="Lunch club"), at=NOW)
    )
    page = opened(session, qtbot, PersonPage)
    page.on_shown(person_id)
    settle(page, qtbot)
    said = " ".join(label.text() for label in page.findChildren(QLabel))
    assert "For housing" in said
    assert "Lunch club" in said
    check_page(page, qtbot)
