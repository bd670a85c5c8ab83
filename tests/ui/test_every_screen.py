"""The pictures for whoever looks: no page of the window is left out of them."""

from types import SimpleNamespace
from typing import Any

from tests.every_screen import EVERY
from tests.screenshots import MORE, WITH_A_CLASH
from wellbeing_desktop.cli.demo.screens import coordinator_shots
from wellbeing_desktop.ui.page_list import add_pages


def test_every_page_of_the_window_is_in_the_pictures() -> None:
    names: list[str] = []
    shell: Any = SimpleNamespace(
        add_page=lambda name, *_more: names.append(name),
        commands=SimpleNamespace(add=lambda _commands: None),
        navigation=SimpleNamespace(pin=lambda *_row: None),
    )
    session: Any = None
    add_pages(shell, lambda: session)
    pictured = {scene.page for scene in EVERY} | {shot.page for shot in (*MORE, *coordinator_shots("person"))}
    assert set(names) - pictured == set()
    assert set(WITH_A_CLASH) <= pictured


def test_no_two_pictures_have_one_name() -> None:
    names = [scene.name for scene in EVERY]
    assert sorted(names) == sorted(set(names))
