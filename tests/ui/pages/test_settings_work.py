"""How the service works and who leads it, set in the window: each value is the one that its reader then uses."""

import pytest

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.organisation import Practitioner, Setting
from wellbeing_desktop.domain.watching import VISIT_GRACE_SETTING
from wellbeing_desktop.domain.work_rules import BOUNDS, CLINICIAN_SETTING, PATHWAY_STEPS
from wellbeing_desktop.operations import audit_trail
from wellbeing_desktop.operations.clocks import setting_value
from wellbeing_desktop.operations.not_reached import STEPS, attempts_allowed, pathway
from wellbeing_desktop.operations.overdue import lead_for, raise_after_minutes
from wellbeing_desktop.operations.same_referral import same_request_days
from wellbeing_desktop.operations.settings import change_setting
from wellbeing_desktop.storage.records import load_all
from wellbeing_desktop.storage.write_door import transaction
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.pages.settings import SettingsPage


@pytest.fixture
def sam(session) -> str:
    def hire(writer) -> str:
        with transaction(writer, "test") as tx:
            return tx.create(Practitioner(name="Sam Okoro", is_user=True))

    return session.store.write(hire)


@pytest.fixture
def page(session, sam, qtbot) -> SettingsPage:
    page = SettingsPage(session)
    qtbot.addWidget(page)
    background.on_changed(page.refresh)
    page.show()
    page.on_shown("work")
    qtbot.waitUntil(lambda: background.waiting_for(page) == 0, timeout=20_000)
    return page


@pytest.mark.capability("W15")
def test_what_is_set_here_is_what_is_used_and_is_in_the_audit(session, page, sam, qtbot) -> None:
    form, read = page.work.form, session.store.read
    assert form.values() | {"pathway": ""} == {
        "attempts": "3", "raise_after": "480", "visit": "60", "same_request": "90", "pathway": "", "clinician": "",
    }  # fmt: skip
    form.set_values(
        {
            "attempts": "2",
            "raise_after": "60",
            "visit": "45",
            "same_request": "0",
            "pathway": "ask_gp",
            "clinician": sam,
        }
    )
    page.work.save()
    qtbot.waitUntil(lambda: read(attempts_allowed) == 2, timeout=20_000)
    assert (read(raise_after_minutes), read(same_request_days), read(pathway)) == (60, 0, ("ask_gp",))
    assert read(lambda r: setting_value(r, VISIT_GRACE_SETTING)) == 45
    assert read(lambda r: setting_value(r, CLINICIAN_SETTING)) == sam
    assert read(lambda r: audit_trail.trail(r, limit=1)).lines[0].what == "Changed a setting"
    assert {one.key for one in read(lambda r: load_all(r, Setting))} >= {VISIT_GRACE_SETTING, *BOUNDS}


@pytest.mark.parametrize("name", ["attempts", "raise_after", "visit", "same_request"])
def test_a_number_out_of_bounds_gets_a_sentence_beside_it(page, name) -> None:
    for wrong in ("", "-1", "1.5", "many", "99999999", "١"):
        page.work.form.set_values({name: wrong})
        page.work.save()
        assert page.work.form.rows[name].error.text().startswith("Give a whole number"), wrong


def test_late_work_is_raised_within_ten_working_days_at_most_and_the_sentence_says_so(page) -> None:
    page.work.form.set_values({"raise_after": "4801"})
    page.work.save()
    said = page.work.form.rows["raise_after"].error.text()
    assert said == "Give a whole number from 1 to 4,800, which is 10 working days of 8 hours."


def test_the_store_takes_no_value_that_its_reader_would_not(session) -> None:
    for key, (least, most) in BOUNDS.items():
        for wrong in (least - 1, most + 1, True, "3", None):
            with pytest.raises(Refused):
                session.store.write(lambda w, key=key, wrong=wrong: change_setting(w, key, wrong))
    assert set(PATHWAY_STEPS) == set(STEPS)
    for wrong in ([], ["burn it"], "letter"):
        with pytest.raises(Refused):
            session.store.write(lambda w, wrong=wrong: change_setting(w, "reach.pathway", wrong))


@pytest.mark.capability("H3")
def test_a_team_has_its_lead_and_deputy_from_the_window(session, page, sam, qtbot) -> None:
    form, me = page.teams.form, session.user_id
    form.set_values({"team": "", "name": "North", "members": me, "lead": sam, "deputy": sam})
    page.teams.save()
    qtbot.waitUntil(lambda: form.rows["deputy"].error.text() != "", timeout=20_000)
    form.set_values({"deputy": ""})
    page.teams.save()
    today = session.today()
    qtbot.waitUntil(lambda: session.store.read(lambda r: lead_for(r, me, today)) == sam, timeout=20_000)
    qtbot.waitUntil(lambda: background.waiting_for(page) == 0, timeout=20_000)
    assert form.values()["name"] == "North"
