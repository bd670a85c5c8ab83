"""The letters and the plan that P8 and P9 print, and the bare reportlab drawing that they are held against."""

import datetime as dt
import io
from collections.abc import Sequence

from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from wellbeing_desktop.documents.blocks import Document, Paragraph, Strong
from wellbeing_desktop.documents.care_plan import (
    Contingency,
    Helper,
    PersonsPlan,
    PlanAction,
    PlanGoal,
    ScoreHistory,
    ScoreLine,
    care_plan_document,
)
from wellbeing_desktop.documents.expected import texts
from wellbeing_desktop.documents.letter import Letter, letter_document
from wellbeing_desktop.documents.print_style import PrintStyle
from wellbeing_desktop.documents.strip import PAGE_HEIGHT, PAGE_WIDTH
from wellbeing_desktop.domain.dates import long_date
from wellbeing_desktop.domain.resources import resource

_FIRST = ("Amina", "Bronwen", "Carys", "Dilip", "Ewan", "Fatima", "Gwyn", "Hannah", "Ioan", "Joyce")
_LAST = ("Ahmed", "Bevan", "Clarke", "Davies", "Evans", "Fernandez", "Griffiths", "Hughes", "Iqbal", "Jones")
_WORDS = (
    "Thank you for talking to me on the phone. I am the care coordinator who works with your GP surgery. My job is to "
    "help you plan the care and support that matters to you.",
    "We agreed that I will visit you at home. The visit takes about 45 minutes. You can have a family member, friend or "
    "carer with you. Have your medicines and any letters from the hospital ready.",
    "Before I visit, think about what a good day looks like for you, what gets in the way of it, and one thing you would "
    "like to change in the next 3 months. There are no wrong answers.",
)


def letter(number: int) -> Document:
    """One of many letters: names, dates and places differ, the rest is the same, as in a real batch."""
    name = f"{_FIRST[number % 10]} {_LAST[number // 10 % 10]}"
    visit = dt.date(2026, 11, 23) + dt.timedelta(days=number % 40)
    return letter_document(
        Letter(
            subject="Your home visit",
            written_on=dt.date(2026, 11, 21),
            recipient=name,
            address=(f"{number % 97 + 1} Heol y Bryn", "Tref Newydd", "Herefordshire", "HR9 9ZZ"),
            greeting=name,
            body=(
                Paragraph(("Your visit is on ", Strong(long_date(visit)), f" at {number % 7 + 9}:30am.")),
                *(Paragraph(words) for words in _WORDS),
            ),
            service="Example Primary Care Network",
            signed_by="Sam Example",
            role="Care coordinator",
            telephone="01632 960 123",
            reference=f"CC-{number:06d}",
        )
    )


def plan() -> Document:
    """A plan of about four pages."""
    goals = tuple(
        PlanGoal(
            title,
            "I want to get to the shop and the lunch club on my own. " + _WORDS[2],
            8,
            (
                PlanAction(
                    "Referral to falls service; lend walking frame", "Care coordinator", dt.date(2027, 1, 12), 7
                ),
                PlanAction("Try community transport with a friend", "Me", dt.date(2027, 1, 5), 4),
            ),
        )
        for title in ("Getting out of the house", "Managing my medicines", "Feeling less low", "Money")
    )
    return care_plan_document(
        PersonsPlan(
            name="Bronwen Jones",
            plan_code="7F3K-9Q",
            version=2,
            agreed_on=dt.date(2026, 11, 21),
            born_on=dt.date(1938, 4, 2),
            nhs_number="9991234567",
            address=("1 Heol y Bryn", "Tref Newydd", "Herefordshire", "HR9 9ZZ"),
            about_me=(("What is most important to me", _WORDS[0]), ("How and when to support me", _WORDS[1])),
            matters=_WORDS[2],
            goals=goals,
            scores=ScoreHistory(
                "My life satisfaction went from 4 to 7 out of 10",
                "Each from 0 to 10.",
                (dt.date(2026, 5, 2), dt.date(2026, 8, 12), dt.date(2026, 11, 21)),
                (ScoreLine("Satisfied with life", (4, 5, 7)), ScoreLine("Anxious yesterday", (8, 7, 4))),
            ),
            contingencies=(Contingency("I fall.", _WORDS[1], "My sister Carys"),),
            coordinator=Helper("Sam Example", "Care coordinator", "01632 960 123"),
            service_telephone="01632 960 123",
        )
    )


def bare_drawing(documents: Sequence[Document], style: PrintStyle) -> bytes:
    """The same words split and drawn by reportlab alone: one embedded font, no tables, no bold, no bookmarks."""
    if "BareInter" not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont("BareInter", str(resource("fonts/Inter-Regular.ttf"))))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(PAGE_WIDTH, PAGE_HEIGHT), pageCompression=1, invariant=1)
    size, step, width = style.body, style.body * style.leading, PAGE_WIDTH - 2 * style.margin
    for document in documents:
        down = style.margin
        canvas.setFont("BareInter", size)
        for text in texts(document):
            for line in simpleSplit(text, "BareInter", size, width):
                if down + step > PAGE_HEIGHT - 2 * style.margin:
                    canvas.showPage()
                    canvas.setFont("BareInter", size)
                    down = style.margin
                down += step
                canvas.drawString(style.margin, PAGE_HEIGHT - down, line)
            down += size * 0.5
        canvas.drawString(style.margin, style.margin * 0.5, document.reference)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()
