"""A person's whole record on paper, for a subject-access request: whatever sections the caller derived from the record."""

from datetime import date

import msgspec

from wellbeing_desktop.documents import blocks as b
from wellbeing_desktop.domain.dates import long_date


class ExportEntry(msgspec.Struct, frozen=True):
    """One record: a heading and its filled fields, labels in words."""

    heading: str
    fields: tuple[tuple[str, str], ...]


class ExportSection(msgspec.Struct, frozen=True):
    heading: str
    entries: tuple[ExportEntry, ...]


class PersonExport(msgspec.Struct, frozen=True):
    organisation: str
    made_on: date
    reference: str
    person: tuple[tuple[str, str], ...]
    sections: tuple[ExportSection, ...]
    left_out: tuple[str, ...] = ()
    """What is not in here and why, in words: the law asks that it is said."""
    contact: str = ""
    language: str = "en-GB"


def person_export_document(export: PersonExport) -> b.Document:
    """The bundle as a document: what it is, what is in it, then every record."""
    made: list[b.Block] = [
        b.Heading("What we hold about you", 1),
        b.Paragraph(f"This is a copy of the information that {export.organisation} holds about you."),
        b.Paragraph(f"Made on {long_date(export.made_on)}.", tone="quiet"),
        b.KeyValues(export.person),
        b.Heading("What is in it", 2),
        b.Table(
            ("Part", "Records"),
            tuple((section.heading, str(len(section.entries))) for section in export.sections),
            (4, 1),
            (1,),
        ),
    ]
    if export.left_out:
        made += [b.Heading("What is not in it, and why", 2), b.BulletList(export.left_out)]
    if export.contact:
        made.append(b.Paragraph(f"If something is wrong or hard to read, tell us: {export.contact}"))
    for section in export.sections:
        made.append(b.Heading(section.heading, 2))
        if not section.entries:
            made.append(b.Paragraph("Nothing is recorded."))
        for entry in section.entries:
            made.append(b.Heading(entry.heading, 3))
            filled = tuple((name, value) for name, value in entry.fields if value.strip())
            made.append(b.KeyValues(filled) if filled else b.Paragraph("Nothing is filled in."))
    return b.Document(
        "What we hold about you",
        tuple(made),
        language=export.language,
        reference=export.reference,
        purpose="Copy of your information",
    )
