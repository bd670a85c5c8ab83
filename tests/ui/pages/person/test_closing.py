"""Support closed and opened again, referrals withdrawn, appointments cancelled and moved: on a real store."""

import datetime as dt

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from tests.ui.accessibility import check_page
from tests.ui.pages.person.people import BRONWEN, NOW
from wellbeing_desktop.domain.contact import Appointment
from wellbeing_desktop.domain.document import Letter
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.referral import Episode, Referral
from wellbeing_desktop.operations import appointments, referrals
from wellbeing_desktop.operations.person_record import read_person
from wellbeing_desktop.storage.records import load, load_all
from wellbeing_desktop.storage.write_door import transaction
from wellbeing_desktop.ui.page_list import add_pages
from wellbeing_desktop.ui.pages.person.entry import PersonEntryPage
from wellbeing_desktop.ui.pages.person.entry_support import SUPPORT_FORMS
from wellbeing_desktop.ui.pages.person.page import PersonPage
from wellbeing_desktop.ui.shell import Shell

REFERRAL = "01932f00-0000-7000-8000-000000000040"
EPISODE = "01932f00-0000-7000-8000-000000000041"
SECOND = "01932f00-0000-7000-8000-000000000042"
_WHEN = NOW - dt.timedelta(days=30)


@pytest.fixture
def supported(session):
    """Support is open since 30 days, and a second referral waits."""
    store = session.store
    for id in (REFERRAL, SECOND):
        made = Referral(id=id, subject=BRONWEN, source="gp", received_on=_WHEN.date(), referrer_name="Dr Shah")
        store.write(lambda writer, made=made: referrals.receive_referral(writer, made, at=_WHEN))
    store.write(
        lambda writer: referrals.accept_referral(
            writer, REFERRAL, practitioner_id=session.user_id, episode_id=EPISODE, at=_WHEN
        )
    )


@pytest.fixture
def open_form(session, settle, qtbot):
    def open_one(argument: str) -> PersonEntryPage:
        page = PersonEntryPage(session)
        qtbot.addWidget(page)
        page.on_shown(argument)
        settle(page)
        settle(page.work.form)
        return page

    return open_one


@pytest.fixture
def record(session):
    return lambda: session.store.read(lambda reader: read_person(reader, BRONWEN, NOW.date()))


def fill_and_save(page: PersonEntryPage, settle, **values: str) -> None:
    page.work.form.set_values(values)
    page.save()
    settle(page)


def words_of(widget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel))


@pytest.mark.parametrize("kind", ["close_support", "withdraw", "cancel_appointment", "move_appointment"])
def test_every_form_passes_the_checklist(kind, supported, open_form, qtbot) -> None:
    check_page(open_form(f"{kind}/{BRONWEN}"), qtbot)


def test_what_is_still_waiting_is_shown_before_support_is_closed(supported, open_form) -> None:
    said = words_of(open_form(f"close_support/{BRONWEN}"))
    for words in ("Ring about the hearing aid clinic", "The person's copy", "Review of the plan"):
        assert words in said


def test_support_is_closed_with_its_reason_only_when_the_box_is_ticked(supported, open_form, settle, record) -> None:
    page = open_form(f"close_support/{BRONWEN}")
    fill_and_save(page, settle, close_reason="goals_met")
    assert page.work.form.rows["checked"].error.text()
    assert record().episode is not None
    fill_and_save(page, settle, checked="yes")
    assert record().episode is None
    closed = record().closed_episode
    assert (closed.close_reason, closed.closed_on) == ("goals_met", NOW.date())
    assert record().open_tasks(), "what was promised stays"


def test_what_waits_is_closed_or_handed_over_where_somebody_chose_it(
    supported, session, open_form, settle, record
) -> None:
    from wellbeing_desktop.domain.organisation import Practitioner

    def colleague(writer) -> str:
        with transaction(writer, "add_colleague") as tx:
            return tx.create(Practitioner(name="Jo Price"))

    jo = session.store.write(colleague)
    page = open_form(f"close_support/{BRONWEN}")
    choices = {"tasks": "hand_over", "appointments": "close", "copies": "close"}
    fill_and_save(page, settle, close_reason="moved", checked="yes", **choices)
    assert page.work.form.rows["hand_to"].error.text(), "nobody was named"
    assert record().episode is not None
    fill_and_save(page, settle, hand_to=jo)
    after = record()
    assert after.episode is None
    assert {task.owner_id for task in after.open_tasks()} == {jo}
    assert after.coming_appointments(NOW.date()) == ()
    assert {each.outcome for each in after.appointments if each.cancel_reason == referrals.SUPPORT_CLOSED} == {"4"}
    assert after.copies_owed == ()


def test_support_cannot_be_closed_before_it_was_opened(supported, open_form, settle, record) -> None:
    page = open_form(f"close_support/{BRONWEN}")
    fill_and_save(page, settle, close_reason="moved", closed_on="2026-01-01", checked="yes")
    assert page.work.form.rows["closed_on"].error.text()
    assert record().episode is not None


def test_support_closed_in_error_is_opened_again(supported, session, open_form, settle, record, qtbot) -> None:
    session.store.write(lambda writer: referrals.close_episode(writer, EPISODE, reason="moved", at=NOW))
    page = open_form(f"reopen_support/{BRONWEN}")
    check_page(page, qtbot)
    assert "Moved away" in words_of(page)
    fill_and_save(page, settle, checked="yes")
    assert record().episode.id == EPISODE
    assert record().episode.close_reason == ""


def test_support_is_not_opened_again_beside_newer_support(supported, session) -> None:
    store = session.store
    store.write(lambda writer: referrals.close_episode(writer, EPISODE, reason="moved", at=NOW))
    store.write(lambda writer: referrals.accept_referral(writer, SECOND, practitioner_id=session.user_id, at=NOW))
    with pytest.raises(Refused, match="supported already"):
        store.write(lambda writer: referrals.reopen_episode(writer, EPISODE, at=NOW))
    opened = store.read(lambda reader: [one for one in load_all(reader, Episode) if one.state == "open"])
    assert len(opened) == 1


def test_a_waiting_referral_is_withdrawn_and_not_the_one_being_worked_on(
    supported, session, open_form, settle, record
) -> None:
    page = open_form(f"withdraw/{BRONWEN}")
    fill_and_save(page, settle, withdrawn_on="2026-11-23")
    assert page.work.form.rows["withdrawn_on"].error.text(), "not in the future"
    fill_and_save(page, settle, withdrawn_on="2026-11-20")
    assert record().referrals_waiting == ()
    states = {one.id: one.state for one in session.store.read(lambda reader: load_all(reader, Referral))}
    assert (states[REFERRAL], states[SECOND]) == ("accepted", "withdrawn")


def test_of_two_waiting_referrals_the_one_chosen_is_withdrawn(supported, session, open_form, settle, record) -> None:
    third = Referral(id=EPISODE[:-1] + "9", subject=BRONWEN, source="self", received_on=NOW.date())
    session.store.write(lambda writer: referrals.receive_referral(writer, third, at=NOW))
    fill_and_save(open_form(f"withdraw/{BRONWEN}"), settle, referral=third.id)
    assert [one.id for one in record().referrals_waiting] == [SECOND]


@pytest.mark.parametrize(("by", "outcome"), [("person", "2"), ("us", "4")])
def test_an_appointment_is_cancelled_with_who_and_why(by, outcome, session, open_form, settle, record) -> None:
    booked = record().next_appointment(NOW.date())
    page = open_form(f"cancel_appointment/{BRONWEN}/{booked.id}")
    fill_and_save(page, settle, by=by)
    assert page.work.form.rows["reason"].error.text()
    fill_and_save(page, settle, reason="A cold")
    after = session.store.read(lambda reader: load(reader, Appointment, booked.id))
    assert (after.state, after.outcome, after.cancel_reason) == ("cancelled", outcome, "A cold")
    assert record().next_appointment(NOW.date()) is None


@pytest.mark.capability("E2")
def test_an_appointment_is_moved_and_not_into_the_past(open_form, settle, record) -> None:
    booked = record().next_appointment(NOW.date())
    page = open_form(f"move_appointment/{BRONWEN}/{booked.id}")
    fill_and_save(page, settle, day="2026-11-20")
    assert page.work.form.rows["time"].error.text()
    fill_and_save(page, settle, day="2026-11-24", time="9:40")
    moved = record().next_appointment(NOW.date())
    assert (moved.id, moved.starts_at) == (booked.id, dt.datetime(2026, 11, 24, 9, 40, tzinfo=dt.UTC))


def test_what_a_colleague_cancelled_meanwhile_is_said(session, settle, qtbot, record, no_problem_shown) -> None:
    booked = record().next_appointment(NOW.date())
    session.store.write(
        lambda writer: appointments.cancel_appointment(writer, booked.id, reason="A cold", by_person=True, at=NOW)
    )
    page = PersonEntryPage(session)
    qtbot.addWidget(page)
    page.on_shown(f"move_appointment/{BRONWEN}/{booked.id}")
    settle(page)
    assert "booked" in str(no_problem_shown.pop())
    assert page.work is None


def test_the_record_offers_only_what_fits_it(session, settle, qtbot, request) -> None:
    page = PersonPage(session)
    qtbot.addWidget(page)
    page.on_shown(BRONWEN)
    settle(page)

    def offered() -> set[str]:
        return {kind for kind in SUPPORT_FORMS if not page.more_buttons[kind].isHidden()}

    assert offered() == set()
    request.getfixturevalue("supported")
    page.on_shown(BRONWEN)
    settle(page)
    assert offered() == {"close_support", "withdraw"}
    session.store.write(lambda writer: referrals.close_episode(writer, EPISODE, reason="moved", at=NOW))
    page.on_shown(BRONWEN)
    settle(page)
    assert offered() == {"reopen_support", "withdraw"}


def test_an_appointment_is_cancelled_and_brought_back_by_keyboard_alone(session, qtbot, settle, record) -> None:
    shell = Shell()
    qtbot.addWidget(shell)
    add_pages(shell, lambda: session)
    shell.show()
    shell.activateWindow()
    shell.go("person", BRONWEN)
    settle(shell.pages["person"])
    _tab_to(qtbot, shell, "Cancel appointment")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    page = shell.pages["person_entry"]
    settle(page)
    settle(page.work.form)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    qtbot.keyClicks(QApplication.focusWidget(), "She has a cold")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    settle(page)
    qtbot.waitUntil(lambda: shell.place.nav_key == "person")
    cancelled = next(one for one in record().appointments if one.state == "cancelled")
    assert (cancelled.outcome, cancelled.cancel_reason) == ("2", "She has a cold")
    qtbot.keyClick(QApplication.focusWidget() or shell, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: record().next_appointment(NOW.date()) is not None)
    settle(page)
    settle(page.work.form)
    assert page.work.form.values()["reason"] == "She has a cold"


def _tab_to(qtbot, shell, words: str) -> None:
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    for _step in range(120):
        focused = QApplication.focusWidget()
        if isinstance(focused, QPushButton) and focused.text().replace("&", "") == words:
            return
        qtbot.keyClick(focused or shell, Qt.Key.Key_Tab)
    raise AssertionError(f"Tab never reached {words}")


@pytest.mark.capability("D6")
def test_the_record_is_restricted_with_a_reason_in_confidence_and_lifted(open_form, settle, record, qtbot) -> None:
    fill_and_save(open_form(f"restrict/{BRONWEN}"), settle, reason="Her former husband looks for her", told_by="Sian")
    assert record().person.restricted
    note = record().loose_notes[0]
    assert note.in_confidence
    assert "former husband" in note.told_by_others
    again = open_form(f"restrict/{BRONWEN}")
    check_page(again, qtbot)
    assert "Lift the restriction" in again.heading.text()
    fill_and_save(again, settle, reason="He has moved abroad", told_by="Bronwen")
    assert not record().person.restricted


@pytest.mark.capability("L6")
def test_a_sent_letter_comes_back_and_no_other(session, open_form, settle, record, qtbot) -> None:
    letter = Letter(subject=BRONWEN, to_kind="gp", to_name="Dr Shah", written_on=NOW.date())
    with_door(session, letter)
    id = record().letters[0].id
    page = open_form(f"letter_came_back/{BRONWEN}/{id}")
    check_page(page, qtbot)
    fill_and_save(page, settle, returned_on="2026-11-25")
    assert page.work.form.rows["returned_on"].error.text(), "not in the future"
    fill_and_save(page, settle, returned_on="2026-11-21")
    assert (record().letters[0].state, record().letters[0].returned_on) == ("returned", NOW.date())


def with_door(session, letter: Letter) -> None:
    """A letter as it is once sent: the way there is tested with the letters."""

    def write(writer) -> None:
        with transaction(writer, "draft_letter", at=NOW) as tx:
            id = tx.create(msgspec.structs.replace(letter, state="draft"))
            for state in ("ready", "printed", "sent"):
                tx.change(Letter, id, {"state": state})

    session.store.write(write)
