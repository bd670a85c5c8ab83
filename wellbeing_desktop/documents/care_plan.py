"""The person's own copy of their care and support plan.

Headings follow PRSB Personalised Care and Support Plan v2.0 and About Me v2.01 (reference 3), in words for the person.
What is not in the data here cannot get onto the page: alerts, concerns, third-party words and staff-only notes have no
field (PRACTICE W24). The preview, not the page, says that anyone in the home may read it.
"""

from collections.abc import Collection
from datetime import date
from typing import Final

import msgspec

from wellbeing_desktop.documents import blocks as b
from wellbeing_desktop.documents.public_words import other_formats
from wellbeing_desktop.domain.dates import long_date, plain_date
from wellbeing_desktop.domain.nhs_number import format_nhs_number

SECTIONS: Final = {
    "about": "About me",
    "matters": "What matters to me",
    "goals": "My goals",
    "scores": "How I have been doing",
    "if_things_change": "If things change",
    "people": "People who help me",
    "agreement": "Our agreement",
}
"""Sections that can be chosen, in the order printed. Who the plan belongs to and who to call are always there."""


class PlanAction(msgspec.Struct, frozen=True):
    what: str
    who: str = ""
    by_when: date | None = None
    confidence: int | None = None
    """1 to 10, as the person said."""
    status: str = ""


class PlanGoal(msgspec.Struct, frozen=True):
    title: str
    why: str = ""
    """In the person's own words."""
    importance: int | None = None
    """1 to 10, as the person said."""
    actions: tuple[PlanAction, ...] = ()
    status: str = ""


class Contingency(msgspec.Struct, frozen=True):
    """PRSB contingency plan: the trigger factors are the one mandatory part."""

    triggers: str
    what_to_do: str = ""
    who_to_contact: str = ""
    coping: str = ""
    warning_signs: str = ""


class Helper(msgspec.Struct, frozen=True):
    name: str
    role: str
    contact: str = ""


class ScoreLine(msgspec.Struct, frozen=True):
    """One question over time."""

    name: str
    values: tuple[float | None, ...]


class ScoreHistory(msgspec.Struct, frozen=True):
    finding: str
    """The title of the chart: what changed, with numbers and no claim of cause."""
    description: str
    taken_on: tuple[date, ...]
    lines: tuple[ScoreLine, ...]
    low: float = 0
    high: float = 10


class PersonsPlan(msgspec.Struct, frozen=True):
    """Everything the person's copy may show."""

    name: str
    plan_code: str
    """A short code for this plan and version; it names no person."""
    version: int
    agreed_on: date | None
    review_on: date | None = None
    known_as: str = ""
    born_on: date | None = None
    nhs_number: str = ""
    address: tuple[str, ...] = ()
    practice: str = ""
    about_me: tuple[tuple[str, str], ...] = ()
    """(heading, words): the headings of About Me v2.01 that have something under them."""
    matters: str = ""
    strengths: str = ""
    goals: tuple[PlanGoal, ...] = ()
    scores: ScoreHistory | None = None
    contingencies: tuple[Contingency, ...] = ()
    helpers: tuple[Helper, ...] = ()
    coordinator: Helper | None = None
    service_telephone: str = ""
    service_hours: str = ""
    agreed_by: str = ""
    """Who agreed it, when it was not the person: name and in what role."""
    coordinator_word: str = "care coordinator"
    reference: str = ""
    language: str = "en-GB"


def care_plan_document(plan: PersonsPlan, sections: Collection[str] = tuple(SECTIONS)) -> b.Document:
    """The person's copy with the chosen `sections` (keys of SECTIONS)."""
    made: list[b.Block] = [
        b.Heading("My care and support plan", 1),
        b.Paragraph(f"This plan belongs to {plan.known_as or plan.name}.", tone="lead"),
        b.KeyValues(_identity(plan)),
        b.Paragraph(_who_to_call(plan), tone="notice"),
    ]
    for section, build in (
        ("about", _about),
        ("matters", _matters),
        ("goals", _goals),
        ("scores", _scores),
        ("if_things_change", _if_things_change),
        ("people", _people),
    ):
        if section in sections:
            made += build(plan)
    made += _agreement(plan) if "agreement" in sections else []
    made += _code(plan)
    # the offer of other formats belongs on page 1, so it stands with who the plan belongs to
    made.insert(4, b.Paragraph(other_formats(plan.service_telephone), tone="quiet"))
    return b.Document(
        "My care and support plan",
        tuple(made),
        language=plan.language,
        reference=plan.reference or f"Plan {plan.plan_code}",
        purpose=f"Version {plan.version}, your copy",
    )


def _identity(plan: PersonsPlan) -> tuple[tuple[str, b.Text], ...]:
    rows: list[tuple[str, b.Text]] = [("Name", plan.name)]
    if plan.known_as and plan.known_as != plan.name:
        rows.append(("I like to be called", plan.known_as))
    if plan.born_on is not None:
        rows.append(("Born", plain_date(plan.born_on)))
    if plan.nhs_number:
        rows.append(("NHS number", format_nhs_number(plan.nhs_number)))
    if plan.address:
        rows.append(("Address", ", ".join(plan.address)))
    if plan.practice:
        rows.append(("GP practice", plan.practice))
    rows.append(("Agreed on", long_date(plan.agreed_on) if plan.agreed_on else "Not agreed yet"))
    if plan.review_on is not None:
        rows.append(("We will look at it again", f"By {long_date(plan.review_on)}"))
    return tuple(rows)


def _who_to_call(plan: PersonsPlan) -> b.Text:
    coordinator = plan.coordinator
    name = f"{coordinator.name}, my {plan.coordinator_word}" if coordinator else f"My {plan.coordinator_word}"
    number = (coordinator.contact if coordinator else "") or plan.service_telephone
    hours = f" {plan.service_hours}." if plan.service_hours else ""
    call: tuple[str | b.Strong, ...] = (b.Strong("Who to call. "), f"{name}: ", b.Strong(number or "not known"), ".")
    emergency = (
        f"{hours} If you need urgent help that is not an emergency, call 111. In an emergency, or if someone is in "
        "danger, call 999."
    )
    return (*call, emergency)


def _about(plan: PersonsPlan) -> list[b.Block]:
    written = [(heading, words) for heading, words in plan.about_me if words.strip()]
    if not written:
        return []
    made: list[b.Block] = [b.Heading(SECTIONS["about"], 2)]
    for heading, words in written:
        made += [b.Heading(heading, 3), b.Paragraph(words)]
    return made


def _matters(plan: PersonsPlan) -> list[b.Block]:
    made: list[b.Block] = []
    if plan.matters.strip():
        made += [b.Heading(SECTIONS["matters"], 2), b.Paragraph(plan.matters)]
    if plan.strengths.strip():
        made += [b.Heading("What I am good at and what helps me", 2), b.Paragraph(plan.strengths)]
    return made


def _goals(plan: PersonsPlan) -> list[b.Block]:
    if not plan.goals:
        return []
    made: list[b.Block] = [b.Heading(SECTIONS["goals"], 2)]
    for number, goal in enumerate(plan.goals, 1):
        made.append(b.Heading(f"{number}. {goal.title}", 3))
        if goal.why.strip():
            made.append(b.Paragraph(goal.why))
        facts = []
        if goal.importance is not None:
            facts.append(f"How important this is to me: {goal.importance} out of 10.")
        if goal.status:
            facts.append(f"How it stands: {goal.status}.")
        if facts:
            made.append(b.Paragraph(" ".join(facts), tone="quiet"))
        if goal.actions:
            made.append(_actions(goal))
    return made


def _actions(goal: PlanGoal) -> b.Table:
    with_confidence = any(action.confidence is not None for action in goal.actions)
    with_status = any(action.status for action in goal.actions)
    header = ["What we will do", "Who", "By when"]
    if with_confidence:
        header.append("How sure I am")
    if with_status:
        header.append("How it stands")
    rows = []
    for action in goal.actions:
        row = [action.what, action.who or "Not decided", plain_date(action.by_when) if action.by_when else "No date"]
        if with_confidence:
            row.append("Not asked" if action.confidence is None else f"{action.confidence} out of 10")
        if with_status:
            row.append(action.status or "Not known")
        rows.append(tuple(row))
    return b.Table(tuple(header), tuple(rows), weights=(3.2, 1.8, 1.6, 1.3, 1.3)[: len(header)])


def _scores(plan: PersonsPlan) -> list[b.Block]:
    scores = plan.scores
    if scores is None or not scores.taken_on:
        return []
    chart = b.Chart(
        "line",
        scores.finding,
        scores.description,
        tuple(plain_date(day) for day in scores.taken_on),
        tuple(b.Series(line.name, line.values) for line in scores.lines),
        scores.low,
        scores.high,
    )
    return [b.Heading(SECTIONS["scores"], 2), chart]


def _if_things_change(plan: PersonsPlan) -> list[b.Block]:
    if not plan.contingencies:
        return []
    made: list[b.Block] = [b.Heading(SECTIONS["if_things_change"], 2)]
    for one in plan.contingencies:
        rows: list[tuple[str, b.Text]] = [("If this happens", one.triggers)]
        rows += [
            (name, words)
            for name, words in (
                ("Early signs", one.warning_signs),
                ("What helps me cope", one.coping),
                ("What should happen", one.what_to_do),
                ("Who to contact", one.who_to_contact),
            )
            if words.strip()
        ]
        made.append(b.KeyValues(tuple(rows)))
    return made


def _people(plan: PersonsPlan) -> list[b.Block]:
    helpers = ((plan.coordinator,) if plan.coordinator else ()) + plan.helpers
    if not helpers:
        return []
    rows = tuple((helper.name, helper.role, helper.contact or "Not known") for helper in helpers)
    return [b.Heading(SECTIONS["people"], 2), b.Table(("Name", "How they help", "How to reach them"), rows)]


def _agreement(plan: PersonsPlan) -> list[b.Block]:
    return [
        b.Heading(SECTIONS["agreement"], 2),
        b.Paragraph(
            "We have talked about this plan together. I can change my mind, and I can ask to change this plan."
        ),
        b.Signature("Signed for me", plan.agreed_by) if plan.agreed_by else b.Signature("Signed by me", plan.name),
        b.Signature(
            plan.coordinator_word[:1].upper() + plan.coordinator_word[1:],
            plan.coordinator.name if plan.coordinator else "",
        ),
    ]


def _code(plan: PersonsPlan) -> list[b.Block]:
    """Paper goes out of date: the code lets the next person who visits see whether this copy is the newest."""
    words = (
        f"This is version {plan.version} of plan {plan.plan_code}. "
        "Anyone who helps you can tell us this code to ask whether there is a newer plan."
    )
    return [b.QR(f"WDPLAN:{plan.plan_code}:{plan.version}", words)]
