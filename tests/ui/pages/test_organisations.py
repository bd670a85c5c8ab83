"""GP practices and organisations in the window: found, added, changed, offered where one is here, seen by who may not."""

import pytest
from PySide6.QtCore import Qt

from tests.ui.accessibility import check_pages
from tests.ui.pages.made_service import NOW
from wellbeing_desktop.domain.organisation import Organisation
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.operations.organisations import NO_ADDRESS, add_organisation
from wellbeing_desktop.storage.records import load, load_all
from wellbeing_desktop.storage.write_door import transaction
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.pages.forms.new_person import NewPersonPage
from wellbeing_desktop.ui.pages.letters import MANY, LettersPage
from wellbeing_desktop.ui.pages.organisations import list_page
from wellbeing_desktop.ui.pages.organisations import page as one_page
from wellbeing_desktop.ui.pages.organisations.list_page import OrganisationsPage
from wellbeing_desktop.ui.pages.organisations.page import OrganisationPage
from wellbeing_desktop.ui.worker import end_worker


@pytest.fixture(autouse=True)
def no_worker_left():
    yield
    end_worker()


def opened(page, qtbot, argument=""):
    qtbot.addWidget(page)
    background.on_changed(page.refresh)
    page.resize(1160, 690)
    page.show()
    page.on_shown(argument)
    settle(page, qtbot)
    return page


def settle(page, qtbot) -> None:
    qtbot.waitUntil(lambda: not background.waiting_for(page), timeout=10_000)


@pytest.fixture
def hill(session) -> str:
    known = Organisation(
        id="01932f00-0000-7000-8000-0000000000aa",
        name="Hill Surgery",
        ods_code="B81001",
        postcode="DN18 6AA",
        kind="practice",
    )
    session.store.write(lambda w: add_organisation(w, known, at=NOW))
    return known.id


def kept(session, id: str) -> Organisation:
    return session.store.read(lambda r: load(r, Organisation, id))


def named(session, name: str) -> list[Organisation]:
    return session.store.read(lambda r: load_all(r, Organisation, name=name))


def fill(page, **values: str) -> None:
    page.form.set_values(values)
    for name in values:
        page.form.rows[name].field.edited.emit()


def test_the_list_and_a_practice_pass_the_checklist(session, hill, qtbot) -> None:
    one = opened(OrganisationPage(session), qtbot, hill)
    check_pages([opened(OrganisationsPage(session), qtbot), one], qtbot)


def test_a_practice_without_an_address_is_found_and_given_one(session, hill, qtbot) -> None:
    listed = opened(OrganisationsPage(session), qtbot, NO_ADDRESS)
    assert [row.cells for row in listed.list.model.rows()] == [
        ("Hill Surgery\nGP practice", "B81001", "No address", "Nobody")
    ]
    listed.list.table.setFocus()
    listed.list.table.choose_row(0)
    with qtbot.waitSignal(listed.go) as went:
        qtbot.keyClick(listed.list.table, Qt.Key.Key_Return)
    page = opened(OrganisationPage(session), qtbot, went.args[1])
    assert "No address" in page.facts.text()
    fill(page, address="1 High Street\nBarton", postcode="dn186aa")
    assert page.form.rows["postcode"].field.text() == "DN18 6AA"
    with qtbot.waitSignal(page.go) as went:
        page.save()
    assert went.args == ["organisations", ""]
    assert (kept(session, hill).address, kept(session, hill).postcode) == ("1 High Street\nBarton", "DN18 6AA")
    qtbot.waitUntil(lambda: listed.nothing.isVisible() and listed.list.isHidden())
    listed.find_field.setFocus()
    qtbot.keyClicks(listed.find_field, "b81")
    listed.show_field.set_value("")
    listed.show_field.edited.emit()
    qtbot.waitUntil(lambda: [row.cells[2] for row in listed.list.model.rows()] == ["DN18 6AA"])


def test_what_is_typed_is_kept_when_another_is_opened(session, hill, qtbot) -> None:
    page = opened(OrganisationPage(session), qtbot, "new")
    assert page.form.values()["kind"] == "practice"
    fill(page, name="Mill Surgery", telephone="01632 960123")
    page.on_shown(hill)
    qtbot.waitUntil(lambda: page.form.values()["name"] == "Hill Surgery")
    settle(page, qtbot)
    page.on_shown("new")
    qtbot.waitUntil(lambda: page.form.values()["name"] == "Mill Surgery")
    assert page.form.values()["telephone"] == "01632 960123"


def test_one_that_is_here_is_offered_and_a_code_is_nobodys_twice(session, hill, qtbot) -> None:
    page = opened(OrganisationPage(session), qtbot, "new")
    fill(page, name="hill surgery", ods_code="b81001")
    page.save()
    qtbot.waitUntil(lambda: bool(page.form.rows["ods_code"].error.text()))
    assert [row.record_id for row in page.same.model.rows()] == [hill]
    fill(page, ods_code="")
    page.save()
    qtbot.waitUntil(page.warning.isVisible)
    assert named(session, "hill surgery") == []
    page.same.table.setFocus()
    page.same.table.choose_row(0)
    with qtbot.waitSignal(page.go) as went:
        qtbot.keyClick(page.same.table, Qt.Key.Key_Return)
    assert went.args == ["organisation", hill]
    with qtbot.waitSignal(page.go):
        page.save()
    assert len(named(session, "hill surgery")) == 1
    again = opened(OrganisationPage(session), qtbot, hill)
    assert "hill surgery" in again.same.model.rows()[0].cells[0]


def test_who_may_not_change_them_reads_and_is_told_who_can(session, hill, qtbot, monkeypatch) -> None:
    for module in (list_page, one_page):
        monkeypatch.setattr(module, "may_change_organisations", lambda _reader, _on: False)
    listed = opened(OrganisationsPage(session), qtbot)
    assert listed.add_button.isHidden()
    assert listed.who_may.isVisible()
    page = opened(OrganisationPage(session), qtbot, hill)
    assert "Your administrator" in page.facts.text()
    assert "ODS code: B81001" in page.facts.text()
    assert not page.save_button.isVisible()
    fill(page, name="Other")
    page.save()
    settle(page, qtbot)
    assert kept(session, hill).name == "Hill Surgery"


def test_a_practice_is_added_while_a_person_is_added_and_both_are_kept(session, hill, qtbot) -> None:
    page = opened(NewPersonPage(session), qtbot)
    qtbot.waitUntil(page.practices.link.isVisible)
    assert page.form.rows["practice_id"].field.findText("Hill Surgery") > 0
    fill(page, family_name="Zebedee")
    with qtbot.waitSignal(page.go) as went:
        page.practices.link.click()
    assert went.args == ["organisation", "new/new_person/"]
    one = opened(OrganisationPage(session), qtbot, went.args[1])
    fill(one, name="Mill Surgery")
    with qtbot.waitSignal(one.go) as went:
        one.save()
    assert went.args == ["new_person", ""]
    page.on_shown("")
    qtbot.waitUntil(lambda: page.form.rows["practice_id"].field.currentText() == "Mill Surgery")
    page.save()
    qtbot.waitUntil(lambda: bool(session.store.read(lambda r: load_all(r, Person, family_name="Zebedee"))))
    (person,) = session.store.read(lambda r: load_all(r, Person, family_name="Zebedee"))
    assert kept(session, person.practice_id).name == "Mill Surgery"


@pytest.mark.capability("L2")
def test_letters_lead_to_the_practice_without_an_address_and_go_when_it_has_one(session, people, hill, qtbot) -> None:
    def register(writer) -> None:
        with transaction(writer, "arrange", at=NOW) as tx:
            for person_id in people:
                tx.change(Person, person_id, {"practice_id": hill if person_id in people[:2] else ""})

    session.store.write(register)
    page = opened(LettersPage(session), qtbot, people[0])
    settle(page.write, qtbot)
    page.write.to_kind.set_value("gp")
    page.write.form.set_values({"body": "Words."})
    page.write.refresh_preview()
    qtbot.waitUntil(page.write.practice_link.isVisible, timeout=20_000)
    with qtbot.waitSignal(page.go) as went:
        page.write.practice_link.click()
    assert went.args == ["organisation", f"{hill}/letters/"]
    page.tabs.setCurrentIndex(MANY)
    page.many.to_kind.set_value("gp")
    page.many.to_kind.edited.emit()
    page.many.template.set_value("reply-to-referrer")
    page.many.template.edited.emit()
    qtbot.waitUntil(page.many.practice_link.isVisible)
    assert page.many.practice_link.text() == "Write the address of Hill Surgery"

    one = opened(OrganisationPage(session), qtbot, went.args[1])
    fill(one, address="1 High Street", postcode="DN18 6AA")
    with qtbot.waitSignal(one.go) as went:
        one.save()
    assert went.args == ["letters", ""]
    qtbot.waitUntil(lambda: page.many.practice_link.isHidden())
    qtbot.waitUntil(lambda: page.write.form.values()["to_address"] == "1 High Street\nDN18 6AA")
    qtbot.waitUntil(page.write.practice_link.isHidden)
