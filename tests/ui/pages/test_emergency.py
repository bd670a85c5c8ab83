"""Emergency access in the window: what is said beforehand, what is asked, and the record that opens."""

import datetime as dt

import pytest

from tests.ui.accessibility import check_page
from tests.ui.pages.conftest import PASSPHRASE
from wellbeing_desktop.domain.changes import Change, Changes
from wellbeing_desktop.sync.client.problems import problem
from wellbeing_desktop.sync.protocol.oversight import EmergencyReply
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.pages.emergency import EmergencyPage
from wellbeing_desktop.ui.widgets import messages


def filled(session, qtbot, **more: str) -> EmergencyPage:
    page = EmergencyPage(session)
    qtbot.addWidget(page)
    page.show()
    values = {"nhs_number": "943 476 5919", "reason": "safety_now", "words": "She rang and hung up"}
    page.form.set_values({**values, "passphrase": PASSPHRASE, **more})
    return page


def test_the_page_passes_the_checklist_and_says_who_is_told_before_anything_opens(session, qtbot) -> None:
    page = EmergencyPage(session)
    said = " ".join(label.text() for label in page.findChildren(type(page.form.rows["words"].error)))
    assert "your lead is told" in said
    assert "change nothing" in said
    check_page(page, qtbot)


def test_what_is_missing_is_said_beside_its_field_and_nothing_is_asked(session, qtbot) -> None:
    page = filled(session, qtbot, nhs_number="", family_name="Hughes")
    page.ask()
    assert "date of birth" in page.form.rows["nhs_number"].error.text()
    page.form.set_values({"nhs_number": "943 476 5918"})
    page.ask()
    assert not page.form.rows["nhs_number"].error.isHidden()
    page.form.set_values({"nhs_number": "943 476 5919", "words": "x"})
    page.ask()
    assert "in a few words" in page.form.rows["words"].error.text()


def test_without_a_server_it_says_so(session, qtbot) -> None:
    page = filled(session, qtbot)
    shown: list[BaseException] = []
    with messages.replaced_by(lambda _owner, found: shown.append(found)):
        page.ask()
        qtbot.waitUntil(lambda: bool(shown))
    assert str(shown[0]) == problem("not_joined").message
    assert page.button.isEnabled()


@pytest.mark.capability("D6")
def test_the_record_opens_when_it_has_come(session, people, qtbot) -> None:
    page = filled(session, qtbot)
    gone: list[tuple[str, str]] = []
    page.go.connect(lambda key, argument: gone.append((key, argument)))
    until = dt.datetime(2026, 11, 18, 21, 10, tzinfo=dt.UTC).isoformat()
    page._opened(EmergencyReply(subject=people[0], until=until, told=1))
    assert "Open until 18-Nov-2026 21:10. 1 person is told." in page.told.accessibleName()
    assert page.form.values()["passphrase"] == ""
    page.refresh(Changes(frozenset({Change("note", "x", "somebody else")})))
    assert gone == []
    page.refresh(Changes(frozenset({Change("person", people[0], people[0])})))
    assert gone == [("person", people[0])]
    page._opened(EmergencyReply(subject=people[1]))
    assert gone[-1] == ("person", people[1]), "what was held already opens at once"
    assert background.waiting_for(page) == 0
