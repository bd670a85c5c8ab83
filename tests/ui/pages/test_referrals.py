"""The referrals page, one referral, its triage form and what a colleague has on, in the real window."""

import pytest
from PySide6.QtCore import Qt

from tests.ui.accessibility import check_page
from tests.ui.pages.made_service import NOW, TODAY
from wellbeing_desktop.domain.code_lists import code_list
from wellbeing_desktop.domain.contact import Contact
from wellbeing_desktop.domain.document import Letter
from wellbeing_desktop.domain.organisation import Practitioner
from wellbeing_desktop.domain.referral import Episode, Referral
from wellbeing_desktop.domain.screening import Screening, TriageFormRecord
from wellbeing_desktop.domain.training import Training
from wellbeing_desktop.domain.triage_form import form_text, shipped_forms
from wellbeing_desktop.operations import allocation, referrals, triage, waiting_list
from wellbeing_desktop.storage.records import load, load_all
from wellbeing_desktop.storage.write_door import transaction
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.pages.concern.at_risk import AtRiskPage
from wellbeing_desktop.ui.pages.inbox.step_page import STEP
from wellbeing_desktop.ui.pages.referrals.list_page import ReferralsPage
from wellbeing_desktop.ui.pages.referrals.page import ReferralPage
from wellbeing_desktop.ui.pages.referrals.settings_page import ReferralSettingsPage
from wellbeing_desktop.ui.pages.referrals.triage_page import TriagePage
from wellbeing_desktop.ui.pages.referrals.workload_page import WorkloadPage
from wellbeing_desktop.ui.pages.today import TodayPage
from wellbeing_desktop.ui.widgets import messages

REASON = next(iter(code_list("referral_reasons").entries)).code
WHOLE = {"danger": "no", "within": "week", "knows": "yes"}


class Came:
    """Referrals in each state, by name."""

    def __init__(self, session, people) -> None:
        self.session, self.ids = session, {}
        store = session.store
        store.write(lambda writer: triage.use_form(writer, "example", "1", at=NOW))
        for state, person, fields in (
            ("incomplete", people[1], {"reason": ""}),
            ("new", people[2], {}),
            ("to_decide", people[3], {"urgency": "urgent"}),
            ("without_owner", people[4], {}),
            ("waiting", people[5], {}),
        ):
            made = {
                "subject": person,
                "received_on": TODAY,
                "source": "gp",
                "reason": REASON,
                "urgency": "routine",
                "referrer_name": "Dr Patel",
                "referrer_contact": "01724 000000",
                **fields,
            }
            for episode in self.all(Episode, subject=person, state="open"):
                store.write(lambda w, id=episode.id: referrals.close_episode(w, id, reason="completed", at=NOW))
            changes = store.write(
                lambda w, made=made: referrals.receive_referral(w, Referral(**made), words="Lives alone.", at=NOW)
            )
            (self.ids[state],) = {change.id for change in changes.touched if change.type == "referral"}
        for state in ("to_decide", "without_owner", "waiting"):
            id = self.ids[state]
            store.write(lambda w, id=id: triage.take_screening(w, id, WHOLE, at=NOW))
        self.accept("without_owner")
        self.accept("waiting", practitioner_id=session.user_id, waits=True)

    def accept(self, state: str, **more) -> None:
        id = self.ids[state]
        self.session.store.write(lambda w: referrals.accept_referral(w, id, at=NOW, **more))

    def all(self, struct, **equals):
        return self.session.store.read(lambda reader: load_all(reader, struct, **equals))

    def referral(self, state: str) -> Referral:
        found = self.session.store.read(lambda reader: load(reader, Referral, self.ids[state]))
        assert found is not None
        return found


@pytest.fixture
def came(session, people) -> Came:
    return Came(session, people)


def opened(qtbot, page, argument: str = ""):
    qtbot.addWidget(page)
    page.resize(1366, 728)
    page.show()
    page.on_shown(argument)
    settle(qtbot, page)
    return page


def settle(qtbot, page) -> None:
    qtbot.waitUntil(lambda: background.waiting_for(page) == 0, timeout=10_000)


def saved(writer, record) -> None:
    with transaction(writer, "test", at=NOW) as tx:
        tx.create(record)


def take(page, step: str, **values: str) -> None:
    page.form.rows[STEP].field.set_value(step)
    page._show_rows()
    page.form.set_values(values)
    page.save()


@pytest.mark.capability("B1", "B5")
def test_every_referral_stands_in_its_list_and_every_count_is_its_length(session, came, qtbot) -> None:
    page = opened(qtbot, ReferralsPage(session))
    for group, card in page.cards.items():
        ids = [row.record_id for row in card.model.rows()]
        wanted = came.all(Episode, referral_id=came.ids[group])[0].id if group == "waiting" else came.ids[group]
        assert wanted in ids
        assert card.title.text().endswith(f": {len(ids):,}")
    assert "Missing: the reason" in page.cards["incomplete"].model.rows()[0].cells[2]
    page.show_group("waiting")
    assert [group for group, card in page.cards.items() if not card.isHidden()] == ["waiting"]
    page.show_group("")
    page.find_field.set_value("nobody of this name")
    page._narrow()
    assert all(card.isHidden() for card in page.cards.values())


@pytest.mark.capability("B5")
def test_a_check_in_is_three_keys_and_sets_the_next_day(session, came, qtbot) -> None:
    page = opened(qtbot, ReferralsPage(session))
    table = page.cards["waiting"].table
    episode = came.all(Episode, referral_id=came.ids["waiting"])[0]
    chosen = dict(table.actions_of_row(episode.id))
    assert next(iter(chosen)) == "Rang: spoke with the person", (
        "Space opens the list of what can be done, Enter takes it"
    )
    chosen["Rang: spoke with the person"](episode.id)
    qtbot.waitUntil(lambda: bool(came.all(Contact, episode_id=episode.id)), timeout=5_000)
    assert came.all(Contact, episode_id=episode.id)[0].outcome == "spoke"


@pytest.mark.capability("B2", "W14")
def test_a_red_flag_stops_the_form_and_takes_the_words_along_to_somebody_at_risk(session, came, qtbot) -> None:
    page = opened(qtbot, TriagePage(session), came.ids["new"])
    went = []
    page.go.connect(lambda *where: went.append(where))
    rows = page.questions.form.rows
    rows["danger"].field._press("yes")
    assert not page.stopped.isHidden()
    assert "Somebody is at risk now (F8)" in page.instruction.text()
    assert rows["within"].holder.isHidden(), "what was not asked yet is out of sight"
    page.at_risk()
    qtbot.waitUntil(lambda: bool(went), timeout=5_000)
    assert went[-1][0] == "at_risk"
    (screening,) = came.all(Screening, referral_id=came.ids["new"])
    assert screening.flags == ("danger",)
    call = opened(qtbot, AtRiskPage(session), went[-1][1])
    qtbot.waitUntil(lambda: call.form.values()["caller_name"] == "Dr Patel", timeout=5_000)
    assert call.form.values()["call_back_number"] == "01724 000000"
    assert "somebody is in danger now? Yes" in call.form.values()["words"]
    qtbot.waitUntil(call.banner.isVisible, timeout=5_000)


def test_a_red_flag_that_was_followed_lets_the_form_go_on(session, came, qtbot) -> None:
    page = opened(qtbot, TriagePage(session), came.ids["new"])
    rows = page.questions.form.rows
    rows["danger"].field._press("yes")
    rows["followed"].field.setPlainText("Rang the lead, who has it")
    assert page.stopped.isHidden()
    assert not rows["within"].holder.isHidden()
    assert rows["why_today"].holder.isHidden()
    rows["within"].field._press("today")
    assert not rows["why_today"].holder.isHidden()
    rows["knows"].field._press("yes")
    page.save()
    qtbot.waitUntil(lambda: bool(came.all(Screening, referral_id=came.ids["new"])), timeout=5_000)
    assert came.referral("new").suggested_priority == "same_day"
    assert came.referral("new").state == "incomplete"


def test_half_a_triage_form_is_a_draft_that_comes_back(session, came, qtbot) -> None:
    page = opened(qtbot, TriagePage(session), came.ids["new"])
    page.questions.form.rows["within"].field._press("today")
    page.save_draft()
    settle(qtbot, page)
    again = opened(qtbot, TriagePage(session), came.ids["new"])
    qtbot.waitUntil(lambda: not again.questions.form.rows["why_today"].holder.isHidden(), timeout=5_000)
    assert again.questions.form.rows["within"].field.value() == "today"


def test_an_incomplete_referral_says_what_is_missing_and_is_not_accepted(session, came, qtbot) -> None:
    page = opened(qtbot, ReferralPage(session), came.ids["incomplete"])
    assert "Missing: the reason; the triage form" in page.missing.accessibleName() or page.missing.isVisible()
    take(page, "accept", taken_by=session.user_id)
    settle(qtbot, page)
    assert came.referral("incomplete").state == "incomplete"
    with qtbot.waitSignal(page.go):
        take(page, "details", reason=REASON)
    assert came.referral("incomplete").state == "new"


@pytest.mark.capability("B4")
def test_the_priority_is_signed_with_a_reason_then_accepted_with_the_reply_drafted(session, came, qtbot) -> None:
    page = opened(qtbot, ReferralPage(session), came.ids["to_decide"])
    take(page, "sign", priority="routine")
    settle(qtbot, page)
    assert "The form suggests Urgent" in page.form.rows["priority_reason"].error.text()
    page.form.set_values({"priority_reason": "Spoke with the surgery"})
    with qtbot.waitSignal(page.go) as went:
        page.save()
    assert came.referral("to_decide").priority == "routine"
    page.on_shown(went.args[1])
    settle(qtbot, page)
    page.choose(session.user_id)
    with qtbot.waitSignal(page.go):
        page.save()
    assert came.referral("to_decide").state == "accepted"
    reply_id = came.referral("to_decide").reply_letter_id
    assert [one.state for one in came.all(Letter) if one.id == reply_id] == ["draft"]
    assert came.all(Episode, referral_id=came.ids["to_decide"])[0].practitioner_id == session.user_id


@pytest.mark.capability("B3")
def test_who_could_take_it_stands_with_reasons_and_leads_to_their_lists(session, came, qtbot) -> None:
    def add(writer):
        with transaction(writer, "register_person", at=NOW) as tx:
            return tx.create(Practitioner(name="Bo Marsh", is_user=True, job_title="Link worker"))

    bo = session.store.write(add)
    page = opened(qtbot, ReferralPage(session), came.ids["without_owner"])
    went = []
    page.go.connect(lambda *where: went.append(where))
    assert page.could.model.rows()[0].record_id == bo, "nobody of theirs yet: the least work"
    page.could.table.opened.emit(session.user_id)
    assert went[-1] == ("workload", session.user_id)
    work = opened(qtbot, WorkloadPage(session), session.user_id)
    people = work.people.model.rowCount()
    (mine,) = [one for one in page.known.more.candidates if one.practitioner_id == session.user_id]
    assert (mine.load.people, work.people.title.text()) == (people, f"{people} people supported")
    assert mine.load.tasks == work.tasks.model.rowCount()
    page.choose(bo)
    with qtbot.waitSignal(page.go):
        page.save()
    assert came.referral("without_owner").allocated_to == bo


@pytest.mark.parametrize("which", ["list", "to_decide", "triage", "workload", "settings"])
def test_each_page_passes_the_checklist(session, came, qtbot, which) -> None:
    pages = {"list": ReferralsPage, "triage": TriagePage, "workload": WorkloadPage, "settings": ReferralSettingsPage}
    page = pages.get(which, ReferralPage)(session)
    argument = (
        {"list": "", "triage": came.ids["new"], "workload": "", "settings": ""}.get(which)
        if which in pages
        else came.ids[which]
    )
    check_page(opened(qtbot, page, argument), qtbot)


def test_another_referral_of_the_person_is_shown_beside_it_and_opens(session, came, qtbot) -> None:
    first = came.referral("to_decide")
    again = Referral(subject=first.subject, received_on=TODAY, source="gp", reason=REASON)
    changes = session.store.write(lambda w: referrals.receive_referral(w, again, at=NOW))
    (second,) = {change.id for change in changes.touched if change.type == "referral"}
    page = opened(qtbot, ReferralPage(session), second)
    went = []
    page.go.connect(lambda *where: went.append(where))
    rows = {row.record_id: row.cells for row in page.earlier.model.rows()}
    assert "Waiting for a decision; same reason; same source" in rows[first.id][1]
    page.earlier.table.opened.emit(first.id)
    assert went[-1] == ("referral", first.id)


def test_support_that_two_referrals_opened_apart_is_said_on_both(session, came, qtbot) -> None:
    accepted, other = came.referral("waiting"), came.referral("to_decide")
    page = opened(qtbot, ReferralPage(session), accepted.id)
    assert page.clash.isHidden()
    with_another = Episode(subject=accepted.subject, referral_id=other.id, opened_on=TODAY, state="open")
    session.store.write(lambda w: saved(w, with_another))
    page.on_shown(accepted.id)
    settle(qtbot, page)
    assert page.clash.isVisible()
    assert "support is open twice" in page.clash.accessibleName()


def test_the_keyboard_alone_opens_a_referral_from_its_list(session, came, qtbot) -> None:
    page = opened(qtbot, ReferralsPage(session))
    went = []
    page.go.connect(lambda *where: went.append(where))
    page.first_focus().setFocus()
    qtbot.keyClick(page.first_focus(), Qt.Key.Key_Return)
    assert went[-1][0] == "referral"


@pytest.mark.capability("B5")
def test_a_check_in_that_is_due_stands_on_today_and_goes_when_it_is_done(session, came, qtbot) -> None:
    (episode,) = came.all(Episode, referral_id=came.ids["waiting"])
    with_day = {"check_in_due_on": TODAY}

    def due(writer):
        with transaction(writer, "check_in", at=NOW) as tx:
            tx.change(Episode, episode.id, with_day)

    session.store.write(due)
    page = opened(qtbot, TodayPage(session))
    assert page.check_ins.title.text() == "1 check-in with people who wait"
    assert "1 check-in with people who wait" in page.summary.text()
    (row,) = page.check_ins.model.rows()
    dict(page.check_ins.table.actions_of_row(row.record_id))["Rang: spoke with the person"](row.record_id)
    qtbot.waitUntil(lambda: bool(came.all(Contact, episode_id=episode.id)), timeout=5_000)
    page.on_shown()
    settle(qtbot, page)
    assert page.check_ins.isHidden()


def test_a_form_of_our_own_is_brought_in_looked_at_and_asked(session, came, qtbot, tmp_path) -> None:
    page = opened(qtbot, ReferralSettingsPage(session))
    seen = []
    with messages.replaced_by(lambda _owner, problem: seen.append(str(problem))):
        wrong = tmp_path / "wrong.json"
        wrong.write_text('{"form": "ours", "version": "1", "title": "Ours", "redflags": []}')
        page.bring_in(wrong)
        qtbot.waitUntil(lambda: bool(seen), timeout=5_000)
    assert "not known here: 'redflags'" in seen[0]
    ours = tmp_path / "ours.json"
    ours.write_text(form_text(shipped_forms()[0]).replace('"form":"example"', '"form":"ours"'))
    page.bring_in(ours)
    qtbot.waitUntil(lambda: bool(came.all(TriageFormRecord)), timeout=5_000)
    page.on_shown()
    settle(qtbot, page)
    page.form_field.set_value("ours/1")
    page.form_field.edited.emit()
    page.use()
    qtbot.waitUntil(lambda: getattr(session.store.read(triage.known_forms).in_use, "form", "") == "ours", timeout=5_000)
    page.on_shown()
    settle(qtbot, page)
    assert page.in_use.text().startswith("Asked now: Example")


def test_the_rules_of_waiting_and_where_a_colleague_works_are_set_in_the_window(session, came, qtbot) -> None:
    page = opened(qtbot, ReferralSettingsPage(session))
    page.rule.set_values({"weeks": "0"})
    page.save_rule()
    assert page.rule.rows["weeks"].error.text() == "Choose 1 to 52 weeks."
    page.rule.set_values({"weeks": "2", "needed": "Induction\nSafeguarding"})
    page.save_rule()
    qtbot.waitUntil(lambda: session.store.read(waiting_list.check_in_weeks) == 2, timeout=5_000)
    assert session.store.read(allocation.needed_training) == ("Induction", "Safeguarding")
    settle(qtbot, page)
    page.who_field.set_value(session.user_id)
    page.who_field.edited.emit()
    page.areas.set_values({"districts": "dn18, DN20", "languages": "Welsh"})
    page.save_areas()
    qtbot.waitUntil(lambda: ("DN18", "DN20") in [one.districts for one in came.all(Practitioner)], timeout=5_000)
    page.training.set_values({"kind": "Induction", "done_on": TODAY.isoformat()})
    page.save_training()
    qtbot.waitUntil(lambda: [one.kind for one in came.all(Training)] == ["Induction"], timeout=5_000)
