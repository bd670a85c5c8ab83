"""A person has died (PRACTICE W9): what stops, what is asked, what may still be made.

Stopping changes states and never removes anything; undoing the record of death puts back what it stopped.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Final

import msgspec

from wellbeing_desktop.domain.care_plan import PlanCopy
from wellbeing_desktop.domain.contact import Appointment
from wellbeing_desktop.domain.document import Letter
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.domain.stop import Stop
from wellbeing_desktop.domain.task import Task

CLOSED_BECAUSE: Final = "The person has died."

_STILL_TO_GO: Final = frozenset({"draft", "ready", "printed"})
# Tasks that wait for the person. A task to tell the practice, the lead or to get a print back goes on.
_ABOUT_REACHING: Final = frozenset({"call_back", "follow_up", "review", "request", "print"})
GOES_ON: Final = frozenset({"tell_practice", "practice_list", "tell_lead", "recall", "check_duplicate"})
"""Kinds of task that are not about reaching the person; of what rules made, all else stops."""


class WhatStops(msgspec.Struct, frozen=True):
    """Ids by what happens to them when a death is recorded.

    `ask_to_cancel` are visits and calls in the diary: somebody may want to go all the same, so they are asked about
    and not cancelled. Everything else stops at once.
    """

    letters: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    ask_to_cancel: tuple[str, ...] = ()


def has_died(person: Person) -> bool:
    """True once a date of death, or how it is known, is recorded: the day is often learnt later."""
    return person.died_on is not None or bool(person.death_known_by)


def stop_because_died(person: Person) -> Stop | None:
    """What stops anything from being sent to somebody who has died; None while no death is recorded."""
    if not has_died(person):
        return None
    return Stop("died", "This person has died.", person.death_known_by, "died_on")


def check_death(person: Person, died_on: dt.date | None, known_by: str, today: dt.date) -> None:
    """Refused unless the death can be recorded: how it is known, and no date in the future or before birth."""
    if has_died(person):
        raise Refused("A death is already recorded. Change that record if it is wrong.", "died_on")
    if not known_by.strip():
        raise Refused("Say how the death is known.", "death_known_by")
    if died_on is not None and died_on > today:
        raise Refused("The date of death cannot be in the future.", "died_on")
    if died_on is not None and person.born_on is not None and died_on < person.born_on:
        raise Refused("The date of death cannot be before the date of birth.", "died_on")


def what_stops(
    letters: Iterable[Letter],
    appointments: Iterable[Appointment],
    tasks: Iterable[Task],
    copies: Iterable[PlanCopy],
    today: dt.date,
) -> WhatStops:
    """Sort what is open for the person by what a death does to it."""
    return WhatStops(
        letters=tuple(
            x.id for x in letters if x.state in _STILL_TO_GO and not is_for_the_bereaved(x.to_kind, x.template)
        ),
        tasks=tuple(
            x.id
            for x in tasks
            if x.state in ("open", "to_review") and (x.kind in _ABOUT_REACHING or (x.rule and x.kind not in GOES_ON))
        ),
        copies=tuple(x.id for x in copies if x.state == "owed"),
        ask_to_cancel=tuple(
            x.id for x in appointments if x.state == "booked" and (x.starts_on is None or x.starts_on >= today)
        ),
    )


def is_for_the_bereaved(to_kind: str, template: str) -> bool:
    """A letter to the next of kin, or from a template whose name begins with `bereavement`."""
    return to_kind == "next_of_kin" or template.startswith("bereavement")


def may_make_letter(person: Person, to_kind: str, template: str) -> Stop | None:
    """What stops a letter about this person: after a death, all but a bereavement or next-of-kin letter.

    A bereavement letter is to the family: one addressed to the person who died is stopped whatever its template.
    """
    if not has_died(person) or (is_for_the_bereaved(to_kind, template) and to_kind != "person"):
        return None
    return Stop(
        "died",
        "This person has died. Only a bereavement or next-of-kin letter can be made.",
        person.death_known_by,
        "died_on",
    )
