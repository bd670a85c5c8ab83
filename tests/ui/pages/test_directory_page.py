"""A directory in the window: looked at first, brought in, undone, saved; a file that is none, in a sentence."""

import json
from pathlib import Path

import pytest

from tests.ui.accessibility import check_page
from wellbeing_desktop.domain.knowledge import Service
from wellbeing_desktop.exchange.open_referral import read_services
from wellbeing_desktop.storage.records import load_all
from wellbeing_desktop.storage.undo import undo
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.pages.services.directory import DirectoryPage
from wellbeing_desktop.ui.widgets import messages

DATA = Path(__file__).parents[2] / "data" / "open-referral-uk"


def opened(session, qtbot):
    page = DirectoryPage(session)
    qtbot.addWidget(page)
    page.resize(1160, 690)
    page.show()
    page.on_shown("")
    return page


def services(session) -> list[str]:
    return [one.name for one in session.store.read(lambda r: load_all(r, Service))]


@pytest.mark.capability("J1")
def test_a_directory_is_looked_at_brought_in_taken_back_and_saved(session, qtbot, tmp_path) -> None:
    page = opened(session, qtbot)
    page.look_at(DATA / "service_full.json")
    qtbot.waitUntil(lambda: page.preview.isVisible())
    assert page.said.text().startswith("1 service new. 0 changed. 0 as they are here.")
    assert services(session) == []
    check_page(page, qtbot)
    undo_ids: list[str] = []
    background.on_changed(lambda changes: undo_ids.append(changes.undo_id))
    with qtbot.waitSignal(page.go):
        page.bring_in()
    assert services(session) == ["Community Counselling"]
    path = tmp_path / "directory.json"
    page.write_file(path)
    qtbot.waitUntil(lambda: page.told.isVisible())
    assert [one.name for one in read_services(path.read_bytes()).services] == services(session)
    session.store.write(lambda w: undo(w, undo_ids[-1]))
    assert services(session) == []


@pytest.mark.parametrize("content", [b"<html>no</html>", b"", json.dumps({"name": "x"}).encode(), b"\x00\xff" * 40])
def test_what_is_no_directory_is_said_and_nothing_is_brought_in(session, qtbot, tmp_path, content: bytes) -> None:
    page = opened(session, qtbot)
    (tmp_path / "file.json").write_bytes(content)
    seen: list[str] = []
    with messages.replaced_by(lambda _owner, problem: seen.append(str(problem))):
        page.look_at(tmp_path / "file.json")
        qtbot.waitUntil(lambda: bool(seen))
    assert page.preview.isHidden()
    assert page.choose_button.isEnabled()
    assert services(session) == []
