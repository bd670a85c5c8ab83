"""A slip for one new laptop: who it is for, where the server is, the one-time code. One page for each person."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from wellbeing_desktop.documents import blocks as b
from wellbeing_desktop.documents.pdf import Batch, render_batch
from wellbeing_desktop.documents.print_style import STANDARD
from wellbeing_desktop.domain.dates import letter_time, long_date


class InvitationSlip(msgspec.Struct, frozen=True, kw_only=True):
    """`ends_at` is local time. Holds the code itself: never keep one longer than the printing takes."""

    name: str
    organisation: str
    server: str
    code: str
    ends_at: datetime
    must_be_approved: bool


def slip_document(slip: InvitationSlip) -> b.Document:
    """It carries no square code: a camera would put the code in a photo library."""
    last = (
        "Read the six groups of four digits that appear to your administrator, who approves the laptop."
        if slip.must_be_approved
        else "Choose a passphrase, and keep the recovery kit that is printed."
    )
    return b.Document(
        "Join your organisation",
        (
            b.Heading("Join your organisation", 1),
            b.KeyValues(
                (
                    ("For", slip.name),
                    ("Organisation", slip.organisation),
                    ("Server address", slip.server),
                    ("One-time code", (b.Strong(slip.code),)),
                    ("Good until", f"{letter_time(slip.ends_at.time())} on {long_date(slip.ends_at.date())}"),
                )
            ),
            b.Heading("What to do", 2),
            b.NumberedList(
                (
                    "Start Wellbeing Desktop and choose Join an organisation.",
                    "Type the server address and the code as they stand above.",
                    last,
                )
            ),
            b.Paragraph(
                "The code works once and for you only. If somebody else may have seen it, ask for a new one. "
                "Destroy this slip when you have joined.",
                tone="notice",
            ),
        ),
        purpose="For the person named only",
    )


def slips_pdf(slips: Sequence[InvitationSlip], *, two_sided: bool = False) -> Batch:
    """Every slip on a page of its own; `two_sided` adds blank backs, so that a duplex printer keeps people apart."""
    return render_batch(
        [slip_document(slip) for slip in slips],
        [STANDARD] * len(slips),
        title="Invitations",
        duplex=two_sided,
    )
