"""One sheet to take on a visit when the laptop cannot come: what to know before knocking, and room to write.

For staff. It holds no alert text by default: `before_knocking` is what the caller chose to put on paper.
"""

from datetime import datetime

import msgspec

from wellbeing_desktop.documents import blocks as b
from wellbeing_desktop.domain.dates import long_date, staff_time


class VisitSheet(msgspec.Struct, frozen=True):
    person_line: str
    """As the banner shows it: name, birth date with age."""
    starts_at: datetime
    """Local time."""
    place: str
    reference: str
    reason: str = ""
    before_knocking: tuple[str, ...] = ()
    communication: tuple[str, ...] = ()
    goals: tuple[str, ...] = ()
    open_actions: tuple[tuple[str, str, str], ...] = ()
    """(what, who, by when)."""
    telephone: str = ""
    worker: str = ""


def visit_sheet_document(sheet: VisitSheet) -> b.Document:
    """The sheet as a document, meant to fit one page in the small style."""
    made: list[b.Block] = [
        b.Heading(f"Visit, {long_date(sheet.starts_at.date())}, {staff_time(sheet.starts_at.time())}", 1),
        b.KeyValues(
            tuple(
                (name, value)
                for name, value in (
                    ("Person", sheet.person_line),
                    ("Where", sheet.place),
                    ("Telephone", sheet.telephone),
                    ("Why", sheet.reason),
                    ("Who visits", sheet.worker),
                )
                if value
            )
        ),
    ]
    for title, items in (
        ("Before you knock", sheet.before_knocking),
        ("How to communicate", sheet.communication),
        ("Goals", sheet.goals),
    ):
        if items:
            made += [b.Heading(title, 2), b.BulletList(items)]
    if sheet.open_actions:
        made += [b.Heading("Open actions", 2), b.Table(("What", "Who", "By when"), sheet.open_actions, (5, 4, 2))]
    made += [
        b.WriteIn("What was said and seen, from when to when", 3),
        b.WriteIn("What was agreed, and by whom", 2),
        b.Paragraph("Copy this into the record the same day, then put the sheet in confidential waste.", tone="quiet"),
    ]
    return b.Document(
        "Visit sheet",
        tuple(made),
        reference=sheet.reference,
        purpose="Confidential: staff copy",
        spares_a_sheet=True,
    )
