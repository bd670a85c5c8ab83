"""Access in an emergency to a record that somebody has no grant for (D6, SECURITY 3.4): a reason, a time limit, and
others are told. What is restricted within a record stays with those who are named, as ever (docs/decisions/0009)."""

from collections.abc import Mapping
from typing import Final

from wellbeing_desktop.domain.errors import Refused

HOURS: Final = 12
REVIEW_DAYS: Final = 5
"""Working days until the lead has looked at it (SECURITY 3.4)."""
COMPARTMENTS: Final = ("card", "clinical", "core", "documents")
FEWEST_WORDS: Final = 3

REASONS: Final[Mapping[str, str]] = {
    "safety_now": "Somebody's safety now",
    "asks_for_help": "The person, or somebody for them, asks for help now",
    "nobody_reached": "Whoever looks after them cannot be reached, and it cannot wait",
    "other": "Something else",
}
"""A product choice; what happened is said in words besides."""


def check_reason(reason: str, words: str) -> None:
    """Raise Refused unless it says why, and in words."""
    if reason not in REASONS:
        raise Refused("Choose why the record is needed now.", "reason")
    if len(words.split()) < FEWEST_WORDS:
        raise Refused("Say in a few words what happened: your lead reads it.", "words")
