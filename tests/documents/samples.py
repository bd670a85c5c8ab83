"""Plain data for the document tests. Nobody here is real; numbers are from the test and drama ranges."""

from datetime import date

from wellbeing_desktop.documents.blocks import Paragraph
from wellbeing_desktop.documents.care_plan import (
    Contingency,
    Helper,
    PersonsPlan,
    PlanAction,
    PlanGoal,
    ScoreHistory,
    ScoreLine,
)
from wellbeing_desktop.documents.letter import Letter

ADDRESS = ("1 Heol y Bryn", "Tref Newydd", "Herefordshire", "HR9 9ZZ")


def letter(number: int = 0, **changes: object) -> Letter:
    facts: dict[str, object] = {
        "subject": "Your first appointment",
        "written_on": date(2026, 11, 21),
        "recipient": f"Mrs Bronwen Jones {number}",
        "address": ADDRESS,
        "greeting": "Mrs Jones",
        "body": (Paragraph(f"We would like to meet you. This is letter {number}."),),
        "service": "Example wellbeing team",
        "signed_by": "Sam Example",
        "role": "Care coordinator",
        "telephone": "01632 960 123",
        "sender_address": ("2 High Street", "Hereford", "HR1 2ZZ"),
        "reference": f"CC-{number:06d}",
        "copies_to": ("Your GP practice",),
        "enclosures": ("About our team",),
    }
    return Letter(**{**facts, **changes})


def plan(**changes: object) -> PersonsPlan:
    goals = tuple(
        PlanGoal(
            f"Goal number {number}",
            "I want to get to the shop and the lunch club on my own.",
            8,
            (
                PlanAction("Lend a walking frame and show how to use it", "Care coordinator", date(2027, 1, 12), 7),
                PlanAction("Ring my sister", "Me", None, None),
            ),
        )
        for number in range(1, 5)
    )
    facts: dict[str, object] = {
        "name": "Bronwen Jones",
        "plan_code": "7F3K-9Q",
        "version": 2,
        "agreed_on": date(2026, 11, 21),
        "review_on": date(2027, 2, 22),
        "known_as": "Bron",
        "born_on": date(1938, 4, 2),
        "nhs_number": "9991234567",
        "address": ADDRESS,
        "practice": "Example Surgery",
        "about_me": (("What is most important to me", "My garden and my sister. <b>Not bold</b> & so on."),),
        "matters": "I want to get out of the house without being frightened of falling.",
        "strengths": "I am good with people.",
        "goals": goals,
        "scores": ScoreHistory(
            "My life satisfaction went from 4 to 7 out of 10",
            "Four questions, each from 0 to 10.",
            (date(2026, 5, 2), date(2026, 11, 21)),
            (ScoreLine("Satisfied with life", (4, 7)), ScoreLine("Anxious yesterday", (8, None))),
        ),
        "contingencies": (Contingency("I fall.", "Ring my pendant alarm.", "My sister"),),
        "helpers": (Helper("Carys Bevan", "My sister", "01632 960 456"),),
        "coordinator": Helper("Sam Example", "Care coordinator", "01632 960 123"),
        "service_telephone": "01632 960 123",
    }
    return PersonsPlan(**{**facts, **changes})
