"""Cover and hand-over in the window: arranged, ended, handed over and taken back, and the caseload on one page."""

import datetime as dt

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from tests.ui.accessibility import check_page, screenshot
from tests.ui.pages import made_service
from wellbeing_desktop.domain.onward import Cover
from wellbeing_desktop.domain.organisation import Practitioner
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.domain.recusal import Recusal
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.operations.digest import digest_document
from wellbeing_desktop.operations.tasks import add_task
from wellbeing_desktop.storage.records import load_all
from wellbeing_desktop.storage.undo import undo
from wellbeing_desktop.storage.write_door import transaction
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.pages.cover import CoverPage


@pytest.fixture
def page(session, people, qtbot):
    def fill(writer):
        with transaction(writer, "fill", at=made_service.NOW) as tx:
            colleague = tx.create(Practitioner(name="Sam Okafor", is_user=True))
            for person_id in people[:3]:
                tx.change(Person, person_id, {"coordinator_id": session.user_id})
        add_task(
            writer,
            Task(
                subject=people[0], title="Ring the optician", owner_id=session.user_id, due_on=made_service.NOW.date()
            ),
            at=made_service.NOW,
        )
        return colleague

    colleague = session.store.write(fill)
    page = CoverPage(session)
    qtbot.addWidget(page)
    page.colleague = colleague
    page.on_shown()
    page.show()
    qtbot.waitUntil(lambda: page._answer is not None and background.waiting() == 0, timeout=20_000)
    return page


def stands_aside(writer, recusal):
    with transaction(writer, "fill", at=made_service.NOW) as tx:
        tx.create(recusal)


def coordinators(session, ids):
    return {one.id: one.coordinator_id for one in session.store.read(lambda r: load_all(r, Person)) if one.id in ids}


def test_it_passes_the_checklist(page, qtbot) -> None:
    check_page(page, qtbot)
    for look, scale in (("light", 100), ("dark", 100), ("light", 200)):
        screenshot(page, "cover", look, scale)


@pytest.mark.capability("B8")
def test_cover_is_arranged_by_day_and_ended(page, session, qtbot) -> None:
    page.arrange()
    assert not page.cover_form.rows["cover_id"].error.isHidden()
    page.cover_form.set_values(
        {"cover_id": page.colleague, "kind": "job_share", "since_on": "2026-12-01", "words": "Monday to Wednesday"}
    )
    page.arrange()

    def covers() -> list[Cover]:
        return session.store.read(lambda r: load_all(r, Cover))

    qtbot.waitUntil(lambda: len(covers()) == 1)
    assert (covers()[0].subject, covers()[0].since_on) == (session.user_id, dt.date(2026, 12, 1))
    away = Recusal(subject=page.colleague, person_id=page._answer.people[0].id, how="friend", since_at=made_service.NOW)
    session.store.write(lambda writer: stands_aside(writer, away))
    page.on_shown()
    qtbot.waitUntil(lambda: len(page._answer.covers) == 1)
    said = [label.text() for label in page.covers.findChildren(QLabel) if "Not covered" in label.text()]
    assert said == [
        f"Not covered: {page._answer.people[0].name}. Sam Okafor stands aside from them: hand them to somebody else."
    ]
    page.end(covers()[0].id)
    qtbot.waitUntil(lambda: covers()[0].ended is True)
    page.on_shown()
    qtbot.waitUntil(lambda: page._answer.covers == ())


@pytest.mark.capability("B8")
def test_people_are_chosen_handed_over_with_what_waits_and_taken_back(page, session, people, qtbot) -> None:
    mine = [one.id for one in page._answer.people]
    assert set(people[:3]) <= set(mine)
    page.table.choose_row(mine.index(people[0]))
    qtbot.keyClick(page.table, Qt.Key.Key_Space)
    page.choose(people[1])
    assert page.chosen == {people[0], people[1]}
    page.hand_over()
    assert not page.hand_form.rows["to"].error.isHidden()
    page.hand_form.set_values({"to": page.colleague})
    page.hand_over()
    qtbot.waitUntil(lambda: set(coordinators(session, people[:2]).values()) == {page.colleague})
    assert coordinators(session, [people[2]]) == {people[2]: session.user_id}
    (task,) = session.store.read(lambda r: load_all(r, Task, subject=people[0], title="Ring the optician"))
    assert task.owner_id == page.colleague
    door = session.store.read(lambda r: r.value("SELECT door FROM outbox ORDER BY local DESC LIMIT 1"))
    session.store.write(lambda writer: undo(writer, door, at=made_service.NOW))
    assert set(coordinators(session, people[:3]).values()) == {session.user_id}


@pytest.mark.capability("B8")
def test_the_page_for_whoever_takes_over_is_one_page_without_words_of_alerts(page, session, qtbot) -> None:
    import io

    from pypdf import PdfReader

    qtbot.waitUntil(lambda: page.paper.preview.answer is not None, timeout=30_000)
    pdf = PdfReader(io.BytesIO(page.paper.preview.answer.data))
    assert len(pdf.pages) == 1
    text = pdf.pages[0].extract_text()
    assert page._answer.digest.due[0].when in text
    assert "Ring the optician" in {entry.what for entry in page._answer.digest.due}
    assert "risk" not in text.casefold()
    entry = page._answer.digest.due[0]
    import msgspec

    entry = msgspec.structs.replace(
        entry, name="ABERNATHY-WILLIAMSON, Bronwen Margaret", what="Ring about glasses " * 9
    )
    many = (entry,) * 40
    full = msgspec.structs.replace(page._answer.digest, changed=many, due=many, worried=many, copies=many, calls=many)
    document = digest_document(full, of_name="Alex Reed", user_name="Alex Reed")
    page.paper.show_document("", document, "small", "")
    before = page.paper.preview.answer
    qtbot.waitUntil(lambda: page.paper.preview.answer not in (None, before), timeout=30_000)
    pages = PdfReader(io.BytesIO(page.paper.preview.answer.data)).pages
    assert len(pages) == 1
    assert " of 40" in " ".join(pages[0].extract_text().split())
