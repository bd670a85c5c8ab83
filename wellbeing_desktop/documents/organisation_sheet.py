"""One of the three sheets of the organisation's recovery key: any two of them open every store of the organisation."""

from datetime import date
from typing import Final

import msgspec

from wellbeing_desktop.documents import blocks as b
from wellbeing_desktop.domain.dates import long_date

_ACROSS: Final = 5


class OrganisationSheet(msgspec.Struct, frozen=True):
    """What a sheet needs. Holds the secret itself: never keep one longer than the printing takes."""

    organisation: str
    number: int
    code_groups: tuple[str, ...]
    key_groups: str
    """Six groups of four digits of the public half, the same on all three: by them people tell keys apart."""
    made_on: date


def organisation_sheet_document(sheet: OrganisationSheet) -> b.Document:
    """No square code: a camera would put the secret in a photo library."""
    title = f"Organisation's key, sheet {sheet.number} of 3"
    return b.Document(
        title,
        (
            b.Heading(title, 1),
            b.Paragraph(
                "Any two of the three sheets open the records on every laptop that was given this key, sealed laptops "
                "too. This sheet alone opens nothing.",
                tone="notice",
            ),
            b.KeyValues(
                (
                    *((("Organisation", sheet.organisation),) if sheet.organisation else ()),
                    ("Key", (b.Strong(sheet.key_groups),)),
                    ("Made on", long_date(sheet.made_on)),
                    ("Kept by", "______________________________"),
                )
            ),
            b.Heading(f"The code of sheet {sheet.number}", 2),
            b.Table(
                ("Read across", "", "", "", ""),
                tuple(
                    tuple(
                        (f"{first + place + 1}.  ", b.Strong(group))
                        for place, group in enumerate(sheet.code_groups[first : first + _ACROSS])
                    )
                    for first in range(0, len(sheet.code_groups), _ACROSS)
                ),
            ),
            b.Heading("How to keep it", 2),
            b.BulletList(
                (
                    "Write on it who keeps it. Three people, three locked places.",
                    "Never photograph, scan or e-mail it. Delete its file.",
                    "If it is lost or seen, a new key must be made.",
                )
            ),
            b.Heading("How to use it", 2),
            b.NumberedList(
                (
                    "Bring two sheets to the laptop, with the people who keep them.",
                    "Start Wellbeing Desktop. Choose Use the recovery kit, then Two sheets.",
                    "Type the groups in order. Capitals and spaces do not matter.",
                    "Choose a new passphrase, and print the new recovery kit.",
                )
            ),
        ),
        purpose=f"Key {sheet.key_groups}",
    )
