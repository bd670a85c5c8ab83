"""Every command of the program in one list: it feeds the shortcuts, the palette and F1 (UX section 5).

A page offers its commands so:

    def commands(self):
        return (for_page("save", self.save, name="Save contact"), for_page("filter", self.filter_field.setFocus))
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final


@dataclass(frozen=True)
class Command:
    """Something that can be done: `key` is its stable word, `name` is verb + thing, `keys` are Qt key names.

    `page` is the `nav_key` it belongs to, or "" when it works everywhere.
    """

    key: str
    name: str
    keys: tuple[str, ...] = ()
    page: str = ""
    run: Callable[[], object] | None = None

    def keys_in_words(self) -> str:
        """ "Ctrl+Shift+N", or both where there are two ("Shift+F10 or Menu")."""
        return " or ".join(self.keys)


KEY_MAP: Final[tuple[Command, ...]] = (
    Command("palette", "Find a person or a command", ("Ctrl+K",)),
    Command("filter", "Filter this list", ("Ctrl+F",)),
    Command("next_pane", "Go to the next pane", ("F6",)),
    Command("previous_pane", "Go to the previous pane", ("Shift+F6",)),
    Command("new_contact", "Add a contact for this person", ("Ctrl+N",)),
    Command("new_referral", "Add a referral", ("Ctrl+Shift+N",)),
    Command("new_task", "Add a task or action", ("Ctrl+T",)),
    Command("new_letter", "Write a letter", ("Ctrl+Shift+L",)),
    Command("save", "Save this record", ("Ctrl+S",)),
    Command("save_next", "Save and go to the next in the list", ("Ctrl+Return", "Ctrl+Enter")),
    Command("undo", "Undo the last change", ("Ctrl+Z",)),
    Command("redo", "Redo the last change", ("Ctrl+Y",)),
    Command("print", "Preview and print", ("Ctrl+P",)),
    Command("back", "Go back", ("Alt+Left",)),
    Command("forward", "Go forward", ("Alt+Right",)),
    Command("close", "Close or go back, keeping the draft", ("Escape",)),
    Command("row_actions", "Show the actions of this row", ("Shift+F10", "Menu")),
    Command("edit", "Edit this record", ("F2",)),
    Command("phrase", "Put in a quick phrase", ("F3",)),
    Command("sync", "Sync now", ("F5",)),
    Command("at_risk", "Somebody is at risk now", ("F8",)),
    Command("visit_mode", "Turn Visit mode on or off", ("F9",)),
    Command("lock", "Lock the program", ("Ctrl+L",)),
    Command("larger_text", "Make text larger", ("Ctrl+=", "Ctrl++")),
    Command("smaller_text", "Make text smaller", ("Ctrl+-",)),
    Command("usual_text", "Set text to its usual size", ("Ctrl+0",)),
    Command("help", "Show help for this screen", ("F1",)),
)
"""The keys of UX section 5. Ctrl+1 to Ctrl+9 come with the sections of the window."""

IN_LISTS: Final[tuple[tuple[str, str], ...]] = (
    ("Up, Down", "Move in a list"),
    ("Enter", "Open the row"),
    ("Space", "Tick the row"),
    ("Tab, Shift+Tab", "Go to the next or previous control"),
)
"""Keys that lists and forms answer themselves; F1 lists them."""


def for_page(key: str, run: Callable[[], object], *, name: str = "", page: str = "") -> Command:
    """The command `key` of KEY_MAP done by `run`, with the page's own words. Raises KeyError for an unknown key."""
    for known in KEY_MAP:
        if known.key == key:
            return replace(known, run=run, name=name or known.name, page=page)
    raise KeyError(key)


class CommandList:
    """What can be done now: the window's own commands, then those of the page in front, which win by key."""

    def __init__(self) -> None:
        self._everywhere: dict[str, Command] = {}
        self._page: dict[str, Command] = {}

    def add(self, commands: Iterable[Command]) -> None:
        """Commands that work on every page."""
        self._everywhere.update((each.key, each) for each in commands)

    def set_page(self, commands: Iterable[Command]) -> None:
        """Commands of the page that came to the front; those of the last page go."""
        self._page = {each.key: each for each in commands}

    def available(self) -> tuple[Command, ...]:
        """Everything that can be run now, the page's own first."""
        rest = (each for key, each in self._everywhere.items() if key not in self._page)
        return tuple(each for each in (*self._page.values(), *rest) if each.run is not None)

    def run(self, key: str) -> bool:
        """Runs the command if it is available now; False if it is not."""
        command = self._page.get(key) or self._everywhere.get(key)
        if command is None or command.run is None:
            return False
        command.run()
        return True

    def matching(self, text: str) -> tuple[Command, ...]:
        """Available commands whose name holds every word of `text`, in any order and case."""
        words = text.casefold().split()
        return tuple(each for each in self.available() if all(word in each.name.casefold() for word in words))
