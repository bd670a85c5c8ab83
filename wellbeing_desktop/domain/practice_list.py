"""Who is no longer on a practice's list (PRACTICE W20): moved to *not on list* with a task, never deleted.

Scope does not change until somebody decides.
"""

from collections.abc import Iterable, Set
from typing import Final

from wellbeing_desktop.domain.death import has_died
from wellbeing_desktop.domain.person import Person

ON_LIST: Final = "on_list"
NOT_ON_LIST: Final = "not_on_list"
ADDED_HERE: Final = "added_here"

TASK_TITLE: Final = "Not on the latest practice list: find out and decide"


def no_longer_on_list(people: Iterable[Person], practice_id: str, seen_ids: Set[str]) -> tuple[Person, ...]:
    """People of this practice who came from its list, are not on the latest, and have not been moved already.

    Only those: somebody whom we added ourselves was never on the list, people of other practices are not in this
    file, and somebody who has died has a reason of their own.
    """
    return tuple(
        person
        for person in people
        if person.practice_id == practice_id
        and person.list_state == ON_LIST
        and person.id not in seen_ids
        and not has_died(person)
    )


def is_suspiciously_short(on_list_before: int, missing: int) -> bool:
    """A list that lacks more than a tenth of the people, and at least twenty, is more likely cut short than true."""
    return missing >= 20 and missing * 10 > on_list_before
