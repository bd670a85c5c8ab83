"""When a concern may be closed, and who is to be tried next (PRACTICE W6, W12; Care Act 2014 section 42, reference/06).

Raising a concern asks for nothing but its path: whatever is known is kept at once. No level of risk is worked out from
any of it (W7).
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.concern import Concern, ConcernStep
from wellbeing_desktop.domain.errors import Refused

CHAIN_SETTING: Final = "escalation.chain"
WAIT_SETTING: Final = "escalation.minutes"
PROMPTS_OFF_SETTING: Final = "concern.prompts_off"
USUAL_WAIT_MINUTES: Final = 15
"""Until the next is tried when nobody answered: a product choice, a setting of the service."""

SECTION_42: Final = ("has_care_needs", "at_risk_of_abuse", "cannot_protect_self")


class Link(msgspec.Struct, frozen=True):
    """One who is called about a concern, in the service's own order: named lead, deputy, on-call."""

    role: str
    name: str
    telephone: str = ""
    practitioner_id: str = ""
    hours: str = ""
    """When they can be rung, in the service's own words; nothing is worked out from it."""


class Escalation(msgspec.Struct, frozen=True):
    """Where finding somebody stands. `following` is who is to be tried next, None when everybody was; `answered_by` is
    who answered; `try_at` when the next is due."""

    following: Link | None
    try_at: dt.datetime
    tried: tuple[ConcernStep, ...]
    answered_by: str = ""

    def is_due(self, now: dt.datetime) -> bool:
        return not self.answered_by and now >= self.try_at


def chain_from(value: Any) -> tuple[Link, ...]:
    """The service's order of calling from its setting; empty where it has none that can be used."""
    try:
        links = msgspec.convert(value, tuple[Link, ...])
    except msgspec.ValidationError:
        return ()
    return tuple(link for link in links if link.name.strip() and link.role.strip())


def escalation(concern: Concern, steps: Iterable[ConcernStep], chain: Sequence[Link], wait_minutes: int) -> Escalation:
    """Who has been tried and who follows. One who did not answer is followed by the next in the chain; after the last
    the chain begins again, because a concern that nobody took is never done."""
    raised_at = concern.raised_at or dt.datetime.min.replace(tzinfo=dt.UTC)
    tried = tuple(
        sorted(
            (step for step in steps if step.answered is not None and step.tried),
            key=lambda step: (step.at or raised_at, step.id),
        )
    )
    for step in tried:
        if step.answered:
            return Escalation(None, step.at or raised_at, tried, answered_by=step.tried)
    if not chain:
        return Escalation(None, raised_at, tried)
    following = chain[len(tried) % len(chain)]
    try_at = raised_at if not tried else (tried[-1].at or raised_at) + dt.timedelta(minutes=wait_minutes)
    return Escalation(following, try_at, tried)


def missing_before_closing(concern: Concern) -> tuple[tuple[str, str], ...]:
    """What is to be said before this concern is closed: field and sentence."""
    missing: list[tuple[str, str]] = []
    if concern.path == "adult":
        if not concern.abuse_types:
            missing.append(("abuse_types", "Choose at least one type of abuse."))
        missing += [
            (name, "Answer the three questions of section 42, with Not sure where that is so.")
            for name in SECTION_42
            if not getattr(concern, name)
        ][:1]
        if concern.consent != "agreed" and not concern.without_consent_reason.strip():
            missing.append(
                ("without_consent_reason", "The person has not agreed: say why this went ahead, or did not.")
            )
    if concern.path == "child":
        if not concern.child_categories:
            missing.append(("child_categories", "Choose at least one category."))
        if not concern.parents_told.strip():
            missing.append(("parents_told", "Say whether the parents were told, or why not."))
    if not concern.outcome:
        missing.append(("outcome", "A concern is not closed without an outcome."))
    if not concern.outcome_words.strip():
        missing.append(("outcome_words", "Say in words what came of it."))
    return tuple(missing)


def check_close(concern: Concern) -> None:
    """Refused with the first thing that is missing; one that is closed is not closed again."""
    if concern.state == "closed":
        raise Refused("This concern is closed already.", "state")
    for field, sentence in missing_before_closing(concern):
        raise Refused(sentence, field)
