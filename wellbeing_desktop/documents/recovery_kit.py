"""The recovery kit: one sheet, printed at set-up and kept away from the laptop."""

from datetime import date
from typing import Final

import msgspec

from wellbeing_desktop.documents import blocks as b
from wellbeing_desktop.domain.dates import long_date

_ACROSS: Final = 5
"""Groups of the code in a row: in rows of three the kit does not fit its one sheet."""


class RecoveryKit(msgspec.Struct, frozen=True):
    """What the sheet needs. Holds the secret itself: never keep one longer than the printing takes."""

    store_name: str
    code_groups: tuple[str, ...]
    """The recovery code in groups, in order."""
    made_on: date
    help_contact: str = ""
    reference: str = ""
    """A short name for this kit, so that an old sheet can be told from a new one. Not part of the code."""


def recovery_kit_document(kit: RecoveryKit) -> b.Document:
    """The sheet. It carries no square code: a camera would put the secret in a photo library."""
    made: list[b.Block] = [
        b.Heading("Recovery kit", 1),
        b.Paragraph(
            "This sheet opens your records if you forget your passphrase. Keep it safe, and keep it on paper. We cannot "
            "open your records for you.",
            tone="notice",
        ),
        b.KeyValues(
            (
                ("Store", kit.store_name),
                ("Made on", long_date(kit.made_on)),
                *((("Kit", kit.reference),) if kit.reference else ()),
            )
        ),
        b.Heading("Your recovery code", 2),
        b.Table(
            ("Read across", "", "", "", ""),
            tuple(
                tuple((f"{first + place + 1}.  ", b.Strong(group)) for place, group in enumerate(row))
                for first in range(0, len(kit.code_groups), _ACROSS)
                if (row := kit.code_groups[first : first + _ACROSS])
            ),
        ),
        b.Heading("How to keep it", 2),
        b.BulletList(
            (
                "Lock it away at work. Never keep it with the laptop.",
                "Never photograph it, scan it or e-mail it.",
                "With this sheet and the laptop, anyone can read every record.",
                "If it is lost or seen, make a new kit. This one then stops working.",
            )
        ),
        b.Heading("How to use it", 2),
        b.NumberedList(
            (
                "Start Wellbeing Desktop. Choose Use recovery kit.",
                "Type the groups in order. Capital letters and spaces do not matter.",
                "Choose a new passphrase.",
                "Make a new kit in Settings and destroy this one.",
            )
        ),
    ]
    if kit.help_contact:
        made.append(b.Paragraph(f"For help: {kit.help_contact}"))
    return b.Document(
        "Recovery kit", tuple(made), reference=kit.reference, purpose="Keep on paper, away from the laptop"
    )
