"""The screens before a store is open pass the checklist of accessibility."""

import datetime as dt
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.accessibility import check_page
from wellbeing_desktop.storage.places import StorePlace
from wellbeing_desktop.storage.recovery import RecoveryKey, RecoveryKit, code_of
from wellbeing_desktop.ui.entry.kit import KitPage
from wellbeing_desktop.ui.entry.new_store import NewStorePage
from wellbeing_desktop.ui.entry.recover import RecoverPage
from wellbeing_desktop.ui.entry.restore import RestorePage
from wellbeing_desktop.ui.entry.unlock import UnlockPanel
from wellbeing_desktop.ui.entry.welcome import WelcomePage
from wellbeing_desktop.ui.lock import middle
from wellbeing_desktop.ui.page import Page

PLACES = [StorePlace(Path("one"), "Priya's laptop"), StorePlace(Path("two"), "Practice mode")]


def unlock_page() -> Page:
    page = Page()
    page.body.addWidget(UnlockPanel(PLACES))
    page.body.addStretch(1)
    return page


def kit_page() -> Page:
    return KitPage(RecoveryKit("id", "Priya's laptop", code_of(RecoveryKey.new())), dt.date(2026, 11, 21))


@pytest.mark.parametrize(
    "make",
    [
        WelcomePage,
        lambda: NewStorePage(joining=False),
        lambda: NewStorePage(joining=True),
        kit_page,
        lambda: RecoverPage(PLACES[0]),
        unlock_page,
        lambda: RestorePage(Path("one"), PLACES[0]),
        lambda: RestorePage(Path("new")),
    ],
    ids=["welcome", "alone", "join", "kit", "recover", "unlock", "restore", "restore_new"],
)
def test_an_entry_page_passes_the_checklist(make, qtbot: QtBot) -> None:
    check_page(make(), qtbot)


def test_a_long_label_leaves_the_passphrase_its_room(qtbot: QtBot) -> None:
    page, row = Page(), middle()
    panel = UnlockPanel([StorePlace(Path("one"), "Practice mode. The passphrase is: four made up words. " * 2)])
    page.body.addStretch(1)
    row.insertWidget(1, panel, 1)
    page.body.addLayout(row)
    page.body.addStretch(2)
    qtbot.addWidget(page)
    page.resize(900, 700)
    page.show()
    for part in (panel.passphrase, panel.button):
        assert part.height() >= part.sizeHint().height()
    assert panel.passphrase.visibleRegion().boundingRect().height() == panel.passphrase.height()


def test_a_passphrase_of_ones_own_must_be_long_and_typed_twice(qtbot: QtBot) -> None:
    page = NewStorePage(joining=False)
    qtbot.addWidget(page)
    page.form.set_values(
        {"user_name": "Sam", "organisation_name": "K", "label": "Sam", "passphrase": "short", "again": "x"}
    )
    made: list[object] = []
    page.made.connect(made.append)
    page.make()
    assert "15" in page.form.rows["passphrase"].error.text()
    assert "not the same" in page.form.rows["again"].error.text()
    assert made == []


def test_the_server_of_the_organisations_policy_is_filled_in_and_stays(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text('server = "https://wellbeing.example.nhs.uk"')
    policy.chmod(0o600)
    monkeypatch.setenv("WELLBEING_POLICY", str(policy))
    page = NewStorePage(joining=True)
    qtbot.addWidget(page)
    assert page.form.values()["server"] == "https://wellbeing.example.nhs.uk"
    assert page.form.rows["server"].field.property("readOnly") is True
    assert page.first_focus() is page.form.rows["code"].field
    policy.write_text("nonsense")
    assert NewStorePage(joining=True).form.values()["server"] == ""
