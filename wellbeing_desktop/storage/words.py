"""Passphrases: four generated words, or the person's own choice if it is long and not a common password."""

import secrets
import unicodedata
from functools import cache
from itertools import pairwise
from typing import Final

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.resources import resource

WORDS_IN_PASSPHRASE: Final = 4
"""Four of 7,776 words are 51.7 bits: about 870 years for 100 graphics cards at 256 MiB and 3 passes (SECURITY 2.9)."""

OWN_CHOICE_MINIMUM: Final = 15
"""Characters, spaces counted, in a passphrase of the person's own."""

_KEYBOARD_ROWS: Final = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz")
_FEWEST_DIFFERENT: Final = 6
_FEWEST_BITS: Final = 40.0
_BITS_OF_COMMON_PASSWORD: Final = 13.3
_BITS_OF_OTHER_CHARACTER: Final = 4.0


@cache
def word_list() -> tuple[str, ...]:
    """The EFF large word list, 7,776 words."""
    return tuple(resource("wordlists/eff_large_wordlist.txt").read_text("utf-8").split())


@cache
def common_passwords() -> frozenset[str]:
    """The 10,022 commonest passwords, in small letters."""
    return frozenset(resource("wordlists/common_passwords.txt").read_text("utf-8").split())


def generate_passphrase(words: int = WORDS_IN_PASSPHRASE) -> str:
    """New words from the operating system's random source, joined by single spaces. At least four.

    The rare draw that our own rule would refuse (all four are common passwords) is drawn again.
    """
    if words < WORDS_IN_PASSPHRASE:
        raise ValueError(f"a passphrase has at least {WORDS_IN_PASSPHRASE} words")
    while True:
        drawn = " ".join(secrets.choice(word_list()) for _ in range(words))
        if not _is_easily_guessed(drawn):
            return drawn


def normalise_passphrase(typed: str) -> str:
    """As it is used: Unicode NFKC, runs of white space as one space, none at the ends. Capitals count."""
    return " ".join(unicodedata.normalize("NFKC", typed).split())


def check_own_choice(typed: str) -> None:
    """Raise Refused with a sentence if a passphrase is too short or too easily guessed."""
    passphrase = normalise_passphrase(typed)
    if len(passphrase) < OWN_CHOICE_MINIMUM:
        raise Refused(
            f"Use at least {OWN_CHOICE_MINIMUM} characters. Four words that do not belong together are easy to keep.",
            "passphrase",
        )
    if _is_easily_guessed(passphrase.casefold()):
        raise Refused(
            "This passphrase is too easily guessed: it is a common password, a repeat or a row of keys. "
            "Use four words that do not belong together.",
            "passphrase",
        )


def _is_easily_guessed(passphrase: str) -> bool:
    packed = "".join(passphrase.split())
    if len(set(packed)) < _FEWEST_DIFFERENT or _is_repeat(packed) or _is_row_of_keys(packed):
        return True
    # A common password stays common with a year, a mark or another common password added on, so the parts are
    # weighed: one of 10,000 for each different common password, a few bits for each character that is left.
    common, left = _taken_apart(packed)
    return len(set(common)) * _BITS_OF_COMMON_PASSWORD + len(left) * _BITS_OF_OTHER_CHARACTER < _FEWEST_BITS


def _is_repeat(text: str) -> bool:
    """True if the text is some shorter text said again and again, the last one perhaps cut off."""
    return any((text[:size] * (len(text) // size + 1)).startswith(text) for size in range(1, len(text) // 2 + 1))


def _is_row_of_keys(text: str) -> bool:
    """True if three in four steps go to a neighbour in the alphabet, the digits or a keyboard row."""
    neighbours = {pair for row in _KEYBOARD_ROWS for pair in pairwise(row)}
    steps = list(pairwise(text))
    near = sum((a, b) in neighbours or (b, a) in neighbours or a == b for a, b in steps)
    return near * 4 >= len(steps) * 3


def _taken_apart(text: str) -> tuple[list[str], str]:
    """The common passwords of six characters or more in a text, longest first, and what is left between them."""
    known = common_passwords()
    for size in range(len(text), 5, -1):
        for start in range(len(text) - size + 1):
            part = text[start : start + size]
            if part in known:
                before, after = _taken_apart(text[:start]), _taken_apart(text[start + size :])
                return [part, *before[0], *after[0]], before[1] + after[1]
    return [], text
