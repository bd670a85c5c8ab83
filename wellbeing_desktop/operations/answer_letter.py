"""The answer to a complaint as a draft on paper: read through and signed by a person, never sent by itself (W19, W21)."""

import datetime as dt

from wellbeing_desktop.documents import blocks as b
from wellbeing_desktop.documents.letter import Letter, letter_document
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.service_file import Complaint
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.service import sender
from wellbeing_desktop.storage.connection import Reader

DRAFT_LINE = "Draft, not sent. Read it through before it is signed."


def answer_letter(reader: Reader, complaint_id: str, today: dt.date) -> b.Document:
    """The letter with the word *draft* on it. Raises Refused, naming the field, for what it cannot be printed without."""
    complaint = found.found(reader, Complaint, complaint_id)
    if not complaint.answer.strip():
        raise Refused("Write the answer first.", "answer")
    lines = tuple(line.strip() for line in complaint.from_address.split("\n") if line.strip())
    if not lines:
        raise Refused("Write the address for the answer first.", "from_address")
    who = sender(reader)
    body: list[b.Block] = [b.Paragraph(DRAFT_LINE, tone="notice")]
    body += [b.Paragraph(part.strip()) for part in complaint.answer.split("\n\n") if part.strip()]
    if complaint.next_stop.strip():
        body += [b.Heading("If you are not content with this answer", 2), b.Paragraph(complaint.next_stop.strip())]
    return letter_document(
        Letter(
            subject="Our answer to you",
            written_on=today,
            recipient=complaint.from_name,
            address=lines,
            greeting=complaint.from_name,
            body=tuple(body),
            service=who.service,
            signed_by=who.name,
            role=who.role,
            telephone=who.telephone,
            hours=who.hours,
            sender_address=who.address,
            email=who.email,
            reference=complaint.number,
        )
    )
