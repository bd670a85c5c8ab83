"""Steps, calls and open concerns as words. Nothing here says how great a risk is (PRACTICE W7)."""

import datetime as dt
from collections.abc import Sequence

from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.concern import ConcernStep
from wellbeing_desktop.domain.concern_rules import Escalation, Link
from wellbeing_desktop.domain.dates import recent_words


def step_line(step: ConcernStep, now: dt.datetime) -> str:
    """ "09:12 Called the deputy: Jo Fell (Deputy), no answer"."""
    parts = [label_of("concern_steps", step.kind)]
    if step.tried:
        parts.append(": " + step.tried + (f" ({step.tried_role})" if step.tried_role else ""))
    if step.answered is not None:
        parts.append(", answered" if step.answered else ", no answer")
    said = f". {step.words}" if step.words else ""
    return f"{recent_words(step.at, now)} {''.join(parts)}{said}"


def kind_of_call(link: Link) -> str:
    """The code of the step that trying somebody of the chain is, by their role."""
    role = link.role.casefold()
    if "deputy" in role:
        return "call_deputy"
    return "call_on_call" if "call" in role else "call_lead"


def following_words(standing: Escalation, now: dt.datetime) -> str:
    """Who is to be called, or why nobody is."""
    if standing.answered_by:
        return f"{standing.answered_by} answered. Make sure that they have taken it."
    link = standing.following
    if link is None:
        return "Nobody is set to be called. Ring your manager, and ask for the order of calling to be set."
    number = link.telephone or "no number set: ask your manager"
    when = "" if standing.is_due(now) else f" Due at {recent_words(standing.try_at, now)}; you need not wait."
    hours = f" ({link.hours})" if link.hours else ""
    return f"{link.name}, {link.role}: {number}{hours}.{when}"


def many(count: int, one: str, several: str) -> str:
    return f"{count:,} {one if count == 1 else several}"


def without_outcome(count: int) -> str:
    """The first line of Today, empty when there is none."""
    return f"{many(count, 'person', 'people')} at risk: no outcome is recorded yet" if count else ""


def not_seen_to(count: int) -> str:
    """The next line of Today: answers that came from elsewhere, empty when there are none."""
    return f"{many(count, 'answer', 'answers')} about safety to see to" if count else ""


def steps_in_words(steps: Sequence[ConcernStep], now: dt.datetime) -> str:
    return "\n".join(step_line(step, now) for step in steps) or "Nothing yet."
