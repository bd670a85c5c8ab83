"""Settings, used as people use them: on a real store, with real files, the window's settings naming nobody."""

import os
import stat
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.accessibility import check_page
from tests.ui.pages.conftest import PASSPHRASE
from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.errors import StoreProblem
from wellbeing_desktop.domain.six_groups import six_groups
from wellbeing_desktop.operations.service import describe_service, sender
from wellbeing_desktop.operations.settings import change_setting, idle_minutes
from wellbeing_desktop.storage import grants, kdf
from wellbeing_desktop.storage.backup import restore
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.kdf import FAST_FOR_TESTS
from wellbeing_desktop.storage.keyring_vault import KeyringVault
from wellbeing_desktop.storage.organisation_key import FROM_SERVER, Belief, keep_belief
from wellbeing_desktop.storage.recovery import RecoveryKey
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.storage.sync_state import set_sync_values
from wellbeing_desktop.storage.undo import undo
from wellbeing_desktop.sync.client.way import OwnWay, own_way
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.pages.settings import TABS, SettingsPage
from wellbeing_desktop.ui.pages.settings_parts.who_opens import openers_of
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.theme import theme
from wellbeing_desktop.ui.widgets import messages

NEW = "copper lantern meadow fourteen"


@pytest.fixture(autouse=True)
def fast_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kdf, "calibrate", lambda: FAST_FOR_TESTS)
    monkeypatch.setattr(KeyringVault, "find", lambda: None)


@pytest.fixture
def page(session: Session, qtbot: QtBot) -> SettingsPage:
    page = SettingsPage(session)
    qtbot.addWidget(page)
    background.on_changed(page.refresh)
    page.resize(1160, 690)
    page.show()
    page.on_shown()
    settled(page, qtbot)
    return page


def settled(page: SettingsPage, qtbot: QtBot) -> None:
    parts = (page, page.keys, page.safekeeping, page.service, page.our_service, page.keys.kit)
    qtbot.waitUntil(lambda: not any(background.waiting_for(part) for part in parts), timeout=20_000)


def turned(page: SettingsPage, tab: str) -> None:
    page.tabs.bar.setCurrentIndex(TABS.index(tab))


@pytest.mark.slow
def test_every_tab_passes_the_checklist(page: SettingsPage, qtbot: QtBot) -> None:
    def show(tab: str) -> None:
        page.on_shown(tab)
        settled(page, qtbot)

    check_page(page, qtbot, parts={tab: partial(show, tab) for tab in TABS})


@pytest.mark.capability("P11", "Q3")
def test_the_passphrase_is_changed_by_keyboard_and_the_old_one_no_longer_opens(
    page: SettingsPage, session: Session, qtbot: QtBot
) -> None:
    turned(page, "keys")
    page.keys.change.rows["old"].field.setFocus()
    for text in (PASSPHRASE, None, NEW, NEW):
        if text is None:
            qtbot.keyClick(page.focusWidget(), Qt.Key.Key_Tab)  # past "Make different words"
            continue
        qtbot.keyClicks(page.focusWidget(), text)
        qtbot.keyClick(page.focusWidget(), Qt.Key.Key_Tab)
    assert page.focusWidget() is page.keys.change_button
    qtbot.keyClick(page.keys.change_button, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: page.done.isVisible(), timeout=20_000)
    assert page.keys.change.values() == {"old": "", "new": "", "again": ""}
    session.store.keys.confirm_passphrase(NEW)
    with pytest.raises(StoreProblem):
        session.store.keys.confirm_passphrase(PASSPHRASE)


def test_a_wrong_or_weak_or_mistyped_passphrase_is_said_beside_its_field(page: SettingsPage, qtbot: QtBot) -> None:
    turned(page, "keys")
    form = page.keys.change
    form.set_values({"old": PASSPHRASE, "new": "short", "again": "other"})
    page.keys.change_passphrase()
    assert "15" in form.rows["new"].error.text()
    assert "not the same" in form.rows["again"].error.text()
    form.set_values({"old": "not this one at all", "new": NEW, "again": NEW})
    page.keys.change_passphrase()
    qtbot.waitUntil(lambda: "not right" in form.rows["old"].error.text(), timeout=20_000)
    assert page.keys.change_button.isEnabled()
    turned(page, "about")
    assert form.values() == {"old": "", "new": "", "again": ""}


def test_a_new_kit_is_shown_once_and_only_it_opens_the_store(
    page: SettingsPage, session: Session, qtbot: QtBot
) -> None:
    turned(page, "keys")
    page.keys.kit.set_values({"passphrase": PASSPHRASE})
    page.keys.make_kit()
    qtbot.waitUntil(lambda: page.kit_page is not None, timeout=20_000)
    kit_page = page.kit_page
    assert kit_page is not None
    assert not page.can_leave()
    kit_page.safe.click()
    kit_page.go_on.click()
    assert page.kit_page is None
    assert page.can_leave()
    code = kit_page._kit.code
    folder = session.store.folder
    session.store.close()
    Store.recover(folder, code, NEW, argon=FAST_FOR_TESTS).close()


def test_without_a_trusted_keyring_it_says_so_and_offers_nothing(page: SettingsPage) -> None:
    turned(page, "keys")
    assert "no keyring" in page.keys.keyring_state.text()
    assert not page.keys.keyring.isVisible()


def test_the_keyring_is_bound_and_let_go(session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    from keyring.backends import SecretService

    kept: dict[tuple[str, str], str] = {}
    monkeypatch.setattr(
        SecretService.Keyring, "set_password", lambda _self, service, entry, text: kept.update({(service, entry): text})
    )
    monkeypatch.setattr(SecretService.Keyring, "get_password", lambda _self, *entry: kept.get(entry))
    monkeypatch.setattr(SecretService.Keyring, "delete_password", lambda _self, *entry: kept.pop(entry))
    vault = KeyringVault(SecretService.Keyring())
    monkeypatch.setattr(KeyringVault, "find", lambda: vault)
    page = SettingsPage(session)
    qtbot.addWidget(page)
    page.show()
    page.on_shown("keys")
    settled(page, qtbot)
    for on in (True, False):
        page.keys.keyring.set_values({"passphrase": PASSPHRASE})
        page.keys.turn_keyring()
        qtbot.waitUntil(lambda on=on: page.keys.is_bound is on, timeout=20_000)
        assert page.keys.keyring_state.text().startswith("On" if on else "Off")


def test_a_backup_is_proven_private_and_opens_again(
    page: SettingsPage, session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    turned(page, "backup")
    file = tmp_path / "safe.backup"
    page.safekeeping.back_up_to(file)
    assert not page.safekeeping.backup_button.isEnabled()
    qtbot.waitUntil(lambda: page.safekeeping.report.isVisible(), timeout=30_000)
    report = restore(file, tmp_path / "again", PASSPHRASE)
    said = page.safekeeping.report.sentence.text()
    assert f"{report.records:,} records" in said
    assert "proven by opening it" in said
    assert report.hash[:8] in page.safekeeping.report.advice.text()
    if os.name != "nt":
        assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0


def test_a_whole_store_is_said_to_be_whole(page: SettingsPage, qtbot: QtBot) -> None:
    turned(page, "backup")
    page.safekeeping.check()
    qtbot.waitUntil(lambda: page.safekeeping._found.count() > 0, timeout=30_000)
    notice = page.safekeeping._found.itemAt(0).widget()
    assert notice.sentence.text() == "Nothing is wrong with this store."


def test_the_organisations_choices_are_records_and_undone_as_one(
    page: SettingsPage, session: Session, qtbot: QtBot
) -> None:
    turned(page, "service")
    page.service.form.set_values({"idle": "3", "person": "client", "worker": "link worker"})
    seen = []
    background.on_changed(seen.append)
    page.service.save()
    qtbot.waitUntil(lambda: bool(seen), timeout=20_000)
    settled(page, qtbot)
    assert session.store.read(idle_minutes) == 3
    words = session.store.read(sender).words
    assert (words.people, words.worker) == ("clients", "link worker")
    session.store.write(lambda writer: undo(writer, seen[-1].undo_id))
    assert session.store.read(idle_minutes) == 5
    assert session.store.read(sender).words.people == "people"


def test_who_to_call_is_typed_by_keyboard_printed_on_letters_and_undone(
    page: SettingsPage, session: Session, qtbot: QtBot
) -> None:
    page.on_shown("our_service")
    settled(page, qtbot)
    form = page.our_service.form
    assert form.values()["telephone"] == "01632 960001"
    form.rows["name"].field.setFocus()
    for text in ("Kington wellbeing", "The Old Station/Station Road", "hr59zz", "01632 960100", "us@kington.example"):
        page.focusWidget().selectAll()
        for at, line in enumerate(text.split("/")):
            if at:
                qtbot.keyClick(page.focusWidget(), Qt.Key.Key_Return)
            qtbot.keyClicks(page.focusWidget(), line)
        qtbot.keyClick(page.focusWidget(), Qt.Key.Key_Tab)
    assert page.focusWidget() is page.our_service.save_button
    seen: list[Changes] = []
    background.on_changed(seen.append)
    qtbot.keyClick(page.our_service.save_button, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: bool(seen), timeout=20_000)
    settled(page, qtbot)
    said = session.store.read(sender)
    assert said.service == "Kington wellbeing"
    assert said.address == ("The Old Station", "Station Road", "HR5 9ZZ")
    assert (said.telephone, said.email) == ("01632 960100", "us@kington.example")
    session.store.write(lambda writer: undo(writer, seen[-1].undo_id))
    assert session.store.read(sender).telephone == "01632 960 001"


def test_what_a_colleague_changed_meanwhile_is_not_undone_by_a_save_of_another_field(
    page: SettingsPage, session: Session, qtbot: QtBot
) -> None:
    turned(page, "our_service")
    page.our_service.form.set_values({"email": "us@kington.example"})
    session.store.write(lambda writer: describe_service(writer, {"telephone": "01632 960 777"}))
    page.our_service.save()
    qtbot.waitUntil(lambda: session.store.read(sender).email == "us@kington.example", timeout=20_000)
    settled(page, qtbot)
    assert session.store.read(sender).telephone == "01632 960 777"
    qtbot.waitUntil(lambda: page.our_service.form.values()["telephone"] == "01632 960777", timeout=20_000)


def test_a_service_without_a_name_or_with_words_for_a_number_is_not_saved(page: SettingsPage, session: Session) -> None:
    turned(page, "our_service")
    form = page.our_service.form
    form.set_values({"name": "", "telephone": "ask Mary"})
    page.our_service.save()
    assert form.rows["name"].error.text() == "Enter name of our service"
    assert "telephone number" in form.rows["telephone"].error.text()
    assert session.store.read(sender).service == "Practice"


def test_whoever_may_not_change_the_service_is_told_so_and_what_was_typed_stays(
    page: SettingsPage, session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    turned(page, "our_service")
    page.our_service.form.set_values({"telephone": "01632 960 555"})
    monkeypatch.setattr(grants, "grants_held", lambda _reader: ())
    said: list[str] = []
    with messages.replaced_by(lambda _owner, problem: said.append(str(problem))):
        page.our_service.save()
        qtbot.waitUntil(lambda: bool(said), timeout=20_000)
    assert said == ["You may not change this: organisation. Your administrator can."]
    assert page.our_service.form.values()["telephone"] == "01632 960555"
    assert page.our_service.save_button.isEnabled()


def test_minutes_outside_the_range_are_refused_or_brought_in(session: Session) -> None:
    from wellbeing_desktop.domain.errors import Refused

    with pytest.raises(Refused):
        session.store.write(lambda writer: change_setting(writer, "lock.idle_minutes", 60))


def test_at_large_text_no_part_is_behind_an_arrow(page: SettingsPage, qtbot: QtBot) -> None:
    page.resize(1276, 690)
    page.show()
    assert page.tabs.bar.isVisible()
    assert not page.tabs.list.isVisible()
    page.tabs.bar.setFocus()
    theme().set_percent(200)
    qtbot.waitUntil(page.tabs.list.isVisible)
    assert page.tabs.list.hasFocus()
    assert not page.tabs.bar.isVisible()
    assert page.tabs.list.count() == len(TABS)
    last = page.tabs.list.visualItemRect(page.tabs.list.item(len(TABS) - 1))
    assert page.tabs.list.viewport().rect().contains(last)
    qtbot.keyClick(page.tabs.list, Qt.Key.Key_End)
    assert page.tabs.bar.currentIndex() == TABS.index("about")
    assert page.about.isVisible()


def test_the_look_is_used_at_once_and_kept(page: SettingsPage, qtbot: QtBot) -> None:
    page.look.colours.options["dark"].click()
    assert theme().choice == "dark"
    page.look.sizes.options["125"].click()
    assert theme().percent == 125
    page.look.sizes.options["125"].click()
    assert page.look.sizes.value() == "125"
    assert page._window_settings().theme == "dark"


def test_about_credits_the_questionnaires_and_says_who_and_where(page: SettingsPage, session: Session) -> None:
    turned(page, "about")
    from PySide6.QtWidgets import QLabel

    said = "\n".join(label.text() for label in page.about.findChildren(QLabel))
    assert "Source: Office for National Statistics." in said
    assert "GAD-7\nNo permission required to reproduce, translate, display or distribute" in said
    assert "You are Alex Reed." in said
    assert "on this computer only" in said
    assert session.store.about.device_id in said


def test_the_proxy_is_chosen_here_and_kept_for_this_user_only(page: SettingsPage, session: Session) -> None:
    turned(page, "connection")
    home = session.store.folder.parent
    page.connection.form.set_values({"way": "address", "address": "ftp://proxy"})
    page.connection.save()
    assert "http://proxy.example:8080" in page.connection.form.rows["address"].error.text()
    page.connection.form.set_values({"address": "http://proxy.example:3128"})
    page.connection.save()
    assert own_way(home).proxy == "http://proxy.example:3128"
    assert stat.S_IMODE((home / "connection.json").stat().st_mode) == 0o600
    page.connection.form.set_values({"way": "", "address": ""})
    page.connection.save()
    assert own_way(home) == OwnWay()


def words_on(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if not label.isHidden())


def test_what_the_organisation_set_is_shown_and_cannot_be_chosen(
    page: SettingsPage, session: Session, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text('server = "https://x.example"\nproxy = "http://n:secret@p.example:8080"\nlock_minutes = 3')
    policy.chmod(0o600)
    monkeypatch.setenv("WELLBEING_POLICY", str(policy))
    page.on_shown("connection")
    settled(page, qtbot)
    said = [label.text() for label in page.connection.set.findChildren(QLabel)]
    assert "Proxy: p.example:8080" in said
    assert not any("secret" in line for line in said)
    assert page.connection.own.isHidden()
    policy.write_text("nonsense")
    page.on_shown("connection")
    settled(page, qtbot)
    shown = page.connection.set
    qtbot.waitUntil(lambda: "cannot be understood" in words_on(shown) and "Nothing is sent" in words_on(shown))


def test_who_can_open_the_store_is_said_and_another_key_is_taken_up_only_from_a_sheet(
    page: SettingsPage, session: Session, qtbot: QtBot
) -> None:
    who = page.keys.who
    qtbot.waitUntil(lambda: "Nobody else: this store is on this computer only." in words_on(who.card))
    assert who.other.isHidden()
    first, second = RecoveryKey.new().public(), RecoveryKey.new().public()

    def join(writer: Writer) -> None:
        with writer.immediate():
            set_sync_values(writer, {"organisation": "org"})
        keep_belief(writer, Belief(first, FROM_SERVER, second))

    session.store.write(join)
    session.store.keys.use_recovery_key_of_organisation(first)
    page.on_shown("keys")
    qtbot.waitUntil(lambda: six_groups(first) in words_on(who.card))
    assert "two sheets open the store and the kit does not" in words_on(who.card)
    assert six_groups(second) in who.other_words.text()
    settled(page, qtbot)
    check_page(page, qtbot)
    for groups, passphrase, field in (
        (six_groups(first), PASSPHRASE, "groups"),
        (six_groups(second), NEW, "passphrase"),
    ):
        who.form.set_values({"groups": groups, "passphrase": passphrase})
        who.accept()
        qtbot.waitUntil(lambda field=field: who.button.isEnabled() and who.form.rows[field].error.text() != "")
        assert session.store.keys.organisation_key() == first
    who.form.set_values({"groups": six_groups(second), "passphrase": PASSPHRASE})
    who.accept()
    qtbot.waitUntil(lambda: "You compared this key with a sheet" in words_on(who.card))
    assert session.store.keys.organisation_key() == second
    assert who.form.values() == {"groups": "", "passphrase": ""}
    qtbot.waitUntil(who.other.isHidden)
    (session.store.folder / "envelope.organisation").unlink()
    assert not openers_of(session.store).has_part
