"""What changed between two texts, word by word, for people: what stayed, what was added, what was taken out."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final

import msgspec

MOST_WORDS: Final = 3000
"""Longer texts are compared a line at a time: word by word would take seconds."""


class Change(StrEnum):
    SAME = "same"
    ADDED = "added"
    TAKEN_OUT = "taken out"


class Piece(msgspec.Struct, frozen=True):
    """A run of text and what became of it."""

    change: Change
    text: str


def compared(before: str, after: str) -> tuple[Piece, ...]:
    """The pieces of both, in order; without the pieces taken out they are `after`, without those added `before`."""
    if before == after:
        return (Piece(Change.SAME, after),) if after else ()
    one, other = _words(before), _words(after)
    if len(one) + len(other) > 2 * MOST_WORDS:
        one, other = before.splitlines(keepends=True), after.splitlines(keepends=True)
    pieces: list[Piece] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if tag == "equal":
            _add(pieces, Change.SAME, other[j1:j2])
            continue
        _add(pieces, Change.TAKEN_OUT, one[i1:i2])
        _add(pieces, Change.ADDED, other[j1:j2])
    return tuple(pieces)


def _words(text: str) -> list[str]:
    """Each word with the space after it: a changed word takes its space along, and no space is a change by itself."""
    return re.findall(r"\s+|\S+\s*", text)


def _add(pieces: list[Piece], change: Change, words: Sequence[str]) -> None:
    if words:
        pieces.append(Piece(change, "".join(words)))
