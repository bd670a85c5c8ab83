"""Saved views of the caseload, the chart of stages, columns and order, and a list that never scrolls sideways."""

import pytest
from PySide6.QtCore import Qt

from tests.sync.client.practice import Practice
from tests.ui.accessibility import check_page
from tests.ui.pages.made_service import NOW
from tests.ui.pages.test_caseload import names, opened
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.domain.referral import Episode, Referral
from wellbeing_desktop.domain.saved_view import SavedView
from wellbeing_desktop.operations import saved_views
from wellbeing_desktop.operations.people import record_death, register_person
from wellbeing_desktop.storage.caseload import CaseloadFilter, caseload_count, caseload_stages
from wellbeing_desktop.storage.records import load_all
from wellbeing_desktop.storage.write_door import transaction
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.pages.caseload import CaseloadPage
from wellbeing_desktop.ui.theme import theme
from wellbeing_desktop.ui.widgets import messages


def wait_for_views(page, qtbot, *wanted: str) -> None:
    def there() -> bool:
        return {page.views.choice.itemText(at) for at in range(page.views.choice.count())} >= set(wanted)

    qtbot.waitUntil(there)


def choose(page, qtbot, name: str) -> None:
    wait_for_views(page, qtbot, name)
    page.views.choice.setCurrentText(name)
    with qtbot.waitSignal(page.model.loaded):
        page.views.choice.edited.emit()
    qtbot.waitUntil(lambda: background.waiting_for(page.model) == 0)


def save_as(page, qtbot, name: str) -> None:
    page.views.begin_save()
    assert page.views.name.hasFocus()
    qtbot.keyClicks(page.views.name, name)
    qtbot.keyClick(page.views.name, Qt.Key.Key_Return)


def narrow(page, qtbot, **values: str) -> None:
    for name, value in values.items():
        field = getattr(page, name)
        field.set_value(value)
        with qtbot.waitSignal(page.model.loaded):
            field.edited.emit()


@pytest.mark.capability("N1")
def test_a_view_is_saved_by_keyboard_found_again_after_a_restart_renamed_and_deleted(session, qtbot) -> None:
    page = opened(session, qtbot)
    narrow(page, qtbot, whose="everyone", which="late", stage="none")
    page.order.show_columns(("stage", "practice"))
    page.order.show_order("last_contact", descending=True)
    page.order.edited.emit()
    shown, listed = page.view(), names(page)
    save_as(page, qtbot, "Late and new")
    qtbot.waitUntil(lambda: page.views.choice.currentText() == "Late and new")
    assert page.views.panel.isHidden()

    again = opened(session, qtbot)  # a page that knows only what the store kept
    choose(again, qtbot, "Late and new")
    assert again.view() == shown
    assert names(again) == listed
    assert [at for at in range(3, 11) if not again.table.isColumnHidden(at)] == [6, 8]

    again.views.begin_rename()
    again.views.name.set_value("Late, not started")
    again.views.new_button.click()
    wait_for_views(again, qtbot, "Late, not started")
    again.views.delete_button.click()
    qtbot.waitUntil(lambda: session.store.read(lambda r: load_all(r, SavedView)) == [])
    qtbot.waitUntil(lambda: again.views.choice.findText("Late, not started") < 0)


def test_changing_an_opened_view_and_names_that_are_taken(session, qtbot) -> None:
    view = SavedView(name="Mine", whose="mine", which="copy")
    session.store.write(lambda w: saved_views.save_view(w, view, at=NOW))
    page = opened(session, qtbot)
    choose(page, qtbot, "Mine")
    assert page.views.rename_button.isVisibleTo(page)
    narrow(page, qtbot, which="alert")
    assert page.views.choice.value() == ""  # it is not that view any more
    save_as(page, qtbot, "mine")
    row = page.views.form.rows["view_name"]
    qtbot.waitUntil(lambda: "There is a view with this name" in row.error.text())
    page.views.change_button.click()
    qtbot.waitUntil(lambda: page.views.choice.currentText() == "Mine")
    assert [one.which for one in session.store.read(lambda r: load_all(r, SavedView))] == ["alert"]


def test_the_shipped_views_open_and_are_not_offered_for_deleting(session, qtbot) -> None:
    page = opened(session, qtbot)
    for shipped in saved_views.SHIPPED:
        choose(page, qtbot, shipped.name)
        assert page.views.choice.currentText() == shipped.name
        assert not page.views.delete_button.isVisibleTo(page)
    assert page.count.text().endswith("In order of review, soonest first.")


def test_a_view_of_a_newer_version_is_not_guessed_at(session, qtbot) -> None:
    odd = SavedView(name="From next year", whose="mine", which="weather")
    session.store.write(lambda w: saved_views.save_view(w, odd, at=NOW))
    page = opened(session, qtbot)
    before, seen = page.view(), []
    wait_for_views(page, qtbot, odd.name)
    with messages.replaced_by(lambda _owner, problem: seen.append(str(problem))):
        page.views.choice.setCurrentText(odd.name)
        page.views.choice.edited.emit()
    assert "newer version" in seen[0]
    assert page.view() == before


def test_views_reach_the_same_person_s_other_laptop_and_nobody_else_s(practice: Practice) -> None:
    sam, lee = practice.member("Sam"), practice.member("Lee")
    first, second, other = practice.laptop(sam), practice.laptop(sam), practice.laptop(lee)
    try:
        view = SavedView(name="Mrs Jones's street", whose="mine", which="late")
        first.synced()
        first.store.write(lambda w: saved_views.save_view(w, view))
        for laptop in (first, second, other):
            laptop.synced()
        assert [one.name for one in second.all(SavedView)] == ["Mrs Jones's street"]
        assert other.all(SavedView) == []
        second.store.write(lambda w: saved_views.delete_view(w, second.all(SavedView)[0].id))
        second.synced()
        first.synced()
        assert first.all(SavedView) == []
    finally:
        for laptop in (first, second, other):
            laptop.close()


def test_everybody_is_at_one_stage_and_the_bars_add_up_to_the_list(session) -> None:
    people = [new_id() for _stage in range(6)]

    def arrange(writer) -> None:
        for person_id in people:
            register_person(writer, Person(id=person_id, family_name="Stages"), at=NOW)
        with transaction(writer, "arrange", at=NOW) as tx:
            asked = [
                tx.create(Referral(subject=person_id, received_on=NOW.date(), source="gp", state="new"))
                for person_id in people[:2]
            ]
            tx.change(Referral, asked[1], {"state": "declined", "decided_on": NOW.date()})
            waiting = {"opened_on": NOW.date(), "waiting_since": NOW.date()}
            tx.create(Episode(subject=people[2], state="open", **waiting))
            tx.create(Episode(subject=people[3], state="open", started_on=NOW.date(), **waiting))
            tx.create(Referral(subject=people[3], received_on=NOW.date(), source="gp", state="new"))
            ended = tx.create(Episode(subject=people[4], state="open", opened_on=NOW.date()))
            tx.change(Episode, ended, {"state": "closed", "closed_on": NOW.date()})
            tx.create(Episode(subject=people[5], state="open", opened_on=NOW.date()))
        record_death(writer, people[5], died_on=NOW.date(), known_by="GP", at=NOW)

    def stages(reader, *ids: str) -> dict[str, int]:
        return caseload_stages(reader, CaseloadFilter(only=ids))

    store = session.store
    store.write(arrange)
    expected = ("to_decide", "none", "waiting", "supported", "ended", "died")
    for person_id, stage in zip(people, expected, strict=True):
        assert store.read(lambda r, id=person_id: stages(r, id))[stage] == 1
    counts = store.read(lambda r: caseload_stages(r, CaseloadFilter()))
    assert sum(counts.values()) == store.read(lambda r: caseload_count(r, CaseloadFilter()))
    for stage, count in counts.items():
        assert store.read(lambda r, stage=stage: caseload_count(r, CaseloadFilter(stage=stage))) == count


@pytest.mark.capability("O3")
def test_each_bar_and_each_row_of_its_table_leads_to_those_people(session, people, qtbot) -> None:
    page = opened(session, qtbot)
    page.chart_button.click()
    qtbot.waitUntil(lambda: page.chart.title.text() != "Nobody to count")
    bars = page.chart.area.bars
    counted = {bar.accessibleName().rpartition(": ")[0]: int(bar.accessibleName().rpartition(": ")[2]) for bar in bars}
    assert sum(counted.values()) == len(people)
    at, most = max(enumerate(counted.values()), key=lambda pair: pair[1])
    assert page.chart.title.text() == f"{list(counted)[at]}: {most} of {len(people)} people"
    bars[at].setFocus()
    with qtbot.waitSignal(page.model.loaded):
        qtbot.keyClick(bars[at], Qt.Key.Key_Space)
    assert page.model.rowCount() == most
    assert page.stage.currentText() == list(counted)[at]
    page.chart.toggle.click()
    table = page.chart._table
    table.setFocus()
    table.choose_row(next(n for n, count in enumerate(counted.values()) if not count))
    with qtbot.waitSignal(page.model.loaded):
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert page.model.rowCount() == 0


@pytest.mark.parametrize(("width", "percent"), [(1160, 100), (1276, 200), (944, 100)])
def test_no_column_is_out_of_sight_to_the_side(session, qtbot, width: int, percent: int) -> None:
    page = opened(session, qtbot)
    theme().set_percent(percent)
    page.resize(width, 690)
    for columns in ((), ("last_contact", "next_appointment"), tuple(page.order.columns.ticks)):
        page.order.show_columns(columns)
        page.order.edited.emit()
        qtbot.waitUntil(lambda: page.table.horizontalScrollBar().maximum() == 0)
        shown = [at for at in range(len(page.model.columns)) if not page.table.isColumnHidden(at)]
        assert {0, len(page.model.columns) - 1} <= set(shown)
        assert page.table.horizontalHeader().length() <= page.table.viewport().width()
        said = page.model.index(0, 0).data()
        row = page.model.row_at(0)
        for at in (1, 2):  # birth date and postcode are always there, beside the name or under it
            assert (row.cells[at] in said) is (at not in shown)


def test_the_caseload_with_everything_open_passes_the_checklist(session, qtbot) -> None:
    view = SavedView(name="A view with rather a long name for a list", whose="mine", which="copy")
    session.store.write(lambda w: saved_views.save_view(w, view, at=NOW))
    page: CaseloadPage = opened(session, qtbot)
    choose(page, qtbot, view.name)
    page.order_button.click()
    page.chart_button.click()
    narrow(page, qtbot, which="")
    page.views.begin_save()
    qtbot.waitUntil(lambda: page.chart.title.text() != "Nobody to count")
    check_page(page, qtbot)
