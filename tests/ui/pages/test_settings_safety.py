"""What a service sets about safety: checked, kept, used by F8, the concern and the complaint, and in the audit."""

from tests.ui.accessibility import check_page
from tests.ui.pages.made_service import NOW
from wellbeing_desktop.operations import concerns
from wellbeing_desktop.operations.audit_trail import trail
from wellbeing_desktop.operations.call_sheet import call_sheet
from wellbeing_desktop.operations.service_files import file_clocks
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.pages.settings import SettingsPage


def opened(session, qtbot) -> SettingsPage:
    page = SettingsPage(session)
    qtbot.addWidget(page)
    page.show()
    page.on_shown("safety")
    qtbot.waitUntil(lambda: not background.waiting() and page.safety.form.values()["wait_minutes"] != "")
    return page


def test_what_is_set_is_what_the_screens_use_and_who_set_it_is_in_the_audit(session, qtbot) -> None:
    page = opened(session, qtbot)
    form = page.safety.form
    assert form.values()["acknowledge"] == "3"
    form.set_values(
        {
            "chain_0_role": "Named lead",
            "chain_0_who": session.user_id,
            "chain_0_telephone": "01632 960 011",
            "chain_0_hours": "Mon to Fri 9 to 5",
            "chain_1_role": "On call",
            "chain_1_name": "Night desk",
            "wait_minutes": "20",
            "crisis_words": "Crisis team",
            "crisis_telephone": "01632 960 099",
            "prompt_prevent": "",
            "acknowledge": "2",
        }
    )
    page.safety.save()
    qtbot.waitUntil(lambda: not background.waiting())
    read = session.store.read
    first, second = read(concerns.chain)
    assert (first.name, first.practitioner_id, first.hours) == ("Alex Reed", session.user_id, "Mon to Fri 9 to 5")
    assert (second.name, second.telephone) == ("Night desk", "")
    assert [line.telephone for line in read(concerns.script)] == ["999", "111", "01632 960099"]
    assert read(concerns.prompts_off) == {"prevent"}
    assert read(concerns.wait_minutes) == 20
    assert read(file_clocks).acknowledge == 2
    assert "Alex Reed (Mon to Fri 9 to 5)" in str(read(lambda r: call_sheet(r, NOW.date())).chain)
    lines = read(trail).lines
    assert any(line.what == "Changed a setting" and line.who == "Alex Reed" for line in lines)
    again = opened(session, qtbot)
    assert again.safety.form.values() == {**form.values(), "chain_0_name": "Alex Reed"}


def test_a_number_that_cannot_be_rung_is_said_beside_its_field_and_nothing_is_kept(session, qtbot) -> None:
    page = opened(session, qtbot)
    page.safety.form.set_values({"chain_0_role": "Lead", "chain_0_name": "Sam", "chain_0_telephone": "12345"})
    page.safety.save()
    assert page.safety.form.rows["chain_0_telephone"].error.text()
    page.safety.form.set_values({"chain_0_telephone": "", "chain_0_name": ""})
    page.safety.save()
    qtbot.waitUntil(lambda: "who it is" in page.safety.form.rows["chain_0_name"].error.text())
    assert session.store.read(concerns.chain) == ()


def test_the_tab_passes_the_checklist(session, qtbot) -> None:
    check_page(opened(session, qtbot), qtbot)
