"""Hiding small numbers in what leaves the team (reference/07).

A count from 1 to one below the limit is hidden; zero is shown. Because a total is shown from true counts, one hidden
cell could be worked out from the rest: so at least two are hidden, and together they are not small either, until the
total itself is small. How the second is chosen is a product choice; that there must be one is the published principle.
Where the rule rounds, totals are rounded from true counts, never from rounded cells.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

HIDDEN: Final = "*"


class Rule(msgspec.Struct, frozen=True):
    """`below` is the smallest number shown (5 or 8); `round_to` 1 leaves numbers as they are."""

    below: int
    round_to: int = 1

    @property
    def sentence(self) -> str:
        """Printed under every table that the rule was used on."""
        said = (
            f"Numbers from 1 to {self.below - 1} are shown as {HIDDEN}. Where one alone would be hidden, the next "
            "smallest is hidden too, so that it cannot be worked out."
        )
        if self.round_to > 1:
            said += (
                f" Other numbers are rounded to the nearest {self.round_to}; totals are rounded from the true count."
            )
        return said


def shown(count: int, rule: Rule) -> str:
    """One number by itself."""
    if 0 < count < rule.below:
        return HIDDEN
    return str(_rounded(count, rule))


def shown_table(counts: Sequence[int], rule: Rule) -> list[str]:
    """The cells of one breakdown whose total is shown beside it."""
    hidden = {place for place, count in enumerate(counts) if 0 < count < rule.below}
    if hidden:
        others = sorted(
            (place for place, count in enumerate(counts) if count >= rule.below), key=lambda place: counts[place]
        )
        while others and (len(hidden) < 2 or sum(counts[place] for place in hidden) < rule.below):
            hidden.add(others.pop(0))
    return [HIDDEN if place in hidden else str(_rounded(count, rule)) for place, count in enumerate(counts)]


def _rounded(count: int, rule: Rule) -> int:
    step = rule.round_to
    return (count + step // 2) // step * step
