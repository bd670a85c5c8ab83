"""One page to have in the drawer for when there is no laptop: whom to ring, what to ask, room for the times (W6).

For staff. It holds nobody's data: names and numbers are the service's own order of calling.
"""

import datetime as dt

import msgspec

from wellbeing_desktop.documents import blocks as b
from wellbeing_desktop.domain.dates import long_date

_NOT_SET = "Not set: ask your manager"
_TIME = "___ : ___"


class CallSheet(msgspec.Struct, frozen=True):
    service: str
    printed_on: dt.date
    questions: tuple[str, ...]
    script: tuple[tuple[str, str], ...]
    """(words, telephone); an empty telephone is said to be not set, never left blank."""
    chain: tuple[tuple[str, str, str], ...]
    """(role, name, telephone), in the order of calling."""


def call_sheet_document(sheet: CallSheet) -> b.Document:
    """The sheet as a document, one page for up to four in the chain; a longer one goes on."""
    ring = tuple((telephone or _NOT_SET, words, _TIME) for words, telephone in sheet.script)
    chain = tuple((role, name, telephone or _NOT_SET, _TIME, "Yes / No") for role, name, telephone in sheet.chain)
    made: list[b.Block] = [
        b.Heading("Somebody is at risk now", 1),
        *(b.WriteIn(question, 1) for question in sheet.questions),
        b.Heading("Ring", 2),
        b.Table(("Number", "When", "Rung at"), ring, (3, 4, 2)),
        b.Heading("Then call, in this order", 2),
        b.Table(("Who", "Name", "Number", "Called at", "Answered"), chain, (3, 3, 3, 2, 2))
        if chain
        else b.Paragraph("Nobody is set to be called. Ring your manager, and ask for the order of calling to be set."),
        b.WriteIn("What happened, in their words", 2),
        b.WriteIn("What came of it", 1),
        b.Paragraph(
            "Write this into the program as soon as you can (F8), then put the sheet in confidential waste.",
            tone="quiet",
        ),
    ]
    purpose = f"{sheet.service}. Numbers of {long_date(sheet.printed_on)}."
    return b.Document("Call sheet", tuple(made), purpose=purpose)
