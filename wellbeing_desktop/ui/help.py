"""F1: help for this screen and every key. Text from resources/help, shown as plain blocks: nothing is ever loaded."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from wellbeing_desktop.domain.resources import resource
from wellbeing_desktop.ui.commands import IN_LISTS, Command
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.tokens import SPACE_M, SPACE_S
from wellbeing_desktop.ui.widgets import cards, labels, layouts

BlockKind = Literal["h1", "h2", "paragraph", "item"]


@dataclass(frozen=True)
class Block:
    """A heading, paragraph or list item of a help text."""

    kind: BlockKind
    text: str


def blocks(markdown: str) -> Iterator[Block]:
    """The blocks of a small Markdown text: `#`, `##`, `-` and paragraphs. Anything else is read as plain words."""
    paragraph: list[str] = []

    def finished() -> Iterator[Block]:
        if paragraph:
            yield Block("paragraph", " ".join(paragraph))
            paragraph.clear()

    for line in markdown.splitlines():
        words = line.strip()
        if words.startswith(("# ", "## ")):
            yield from finished()
            level, text = words.split(" ", 1)
            yield Block("h1" if level == "#" else "h2", text.strip())
        elif words.startswith(("- ", "* ")):
            yield from finished()
            yield Block("item", words[2:])
        elif words:
            paragraph.append(words)
        else:
            yield from finished()
    yield from finished()


def help_text(help_key: str) -> str:
    """The help of a screen, or a sentence saying there is none yet. `help_key` is one plain word."""
    if not help_key.replace("_", "").replace("-", "").isalnum():
        return _NO_HELP
    try:
        return resource(f"help/{help_key}.md").read_text(encoding="utf-8")
    except FileNotFoundError:
        return _NO_HELP


_NO_HELP: Final = "This screen has no help of its own yet. The keys below work on it."


class HelpPage(Page):
    """The help of the screen that was in front, and the keys that work there."""

    title = "Help"
    nav_key = "help"

    def __init__(self) -> None:
        super().__init__()
        if self.scroll_area is not None:  # there is nothing else on it that could take the keys that scroll
            self.scroll_area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.scroll_area.setAccessibleName("Help text")

    def first_focus(self) -> QWidget | None:
        return self.scroll_area

    def show_help(self, screen_title: str, help_key: str, commands: Iterable[Command]) -> None:
        """Fills the page anew."""
        layouts.empty(self.body)
        self.body.addWidget(labels.heading(f"Help: {screen_title}", 1))
        text = cards.Card()
        for block in blocks(help_text(help_key)):
            text.body.addWidget(_shown(block))
        self.body.addWidget(text)
        keys = cards.Card("Keys that work on this screen")
        for words, name in [*((each.keys_in_words(), each.name) for each in commands if each.keys), *IN_LISTS]:
            keys.body.addWidget(_key_row(words, name))
        self.body.addWidget(keys)
        self.body.addStretch()


def _shown(block: Block) -> QWidget:
    if block.kind in ("h1", "h2"):
        return labels.heading(block.text, 2 if block.kind == "h1" else 3)
    return _item(block.text) if block.kind == "item" else labels.body(block.text)


def _item(words: str) -> QWidget:
    """A list item whose later lines stand under its first."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(SPACE_S)
    row.addWidget(labels.body("•", wrap=False), 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(labels.body(words), 1)
    return holder


def _key_row(words: str, name: str) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(SPACE_M)
    keys = labels.strong(words)
    row.addWidget(keys, 1)
    row.addWidget(labels.body(name), 3)
    return holder
