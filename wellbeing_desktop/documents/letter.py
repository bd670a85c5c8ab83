"""A letter to a person or a professional, laid out for a C5 window envelope."""

from datetime import date

import msgspec

from wellbeing_desktop.documents import blocks as b
from wellbeing_desktop.documents.letter_layout import address_lines, ends_with_postcode
from wellbeing_desktop.documents.public_words import other_formats
from wellbeing_desktop.domain.dates import long_date
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.nhs_number import format_nhs_number


class Letter(msgspec.Struct, frozen=True):
    """One letter ready to be set. The body is blocks, from a template or typed."""

    subject: str
    written_on: date
    recipient: str
    """The name in the address."""
    address: tuple[str, ...]
    """Below the name, postcode last."""
    greeting: str
    """The name after "Dear"."""
    body: tuple[b.Block, ...]
    service: str
    """Who writes: the organisation or team."""
    signed_by: str
    role: str
    telephone: str
    hours: str = ""
    sender_address: tuple[str, ...] = ()
    email: str = ""
    about: str = ""
    """For professionals: whom the letter is about, with birth date, one line."""
    nhs_number: str = ""
    """Printed only inside letters to professionals."""
    reference: str = ""
    copies_to: tuple[str, ...] = ()
    enclosures: tuple[str, ...] = ()
    to_person: bool = True
    abroad: bool = False
    language: str = "en-GB"


def letter_document(letter: Letter) -> b.Document:
    """The letter as a document. Raises Refused when something it cannot go without is missing or cannot be posted."""
    if not letter.greeting.strip():
        raise Refused("A letter needs a name after Dear.", "greeting")
    if not letter.telephone.strip():
        raise Refused("A letter needs a telephone number to call.", "telephone")
    if not letter.body:
        raise Refused("This letter has nothing in it yet.", "body")
    lines = address_lines((letter.recipient, *letter.address), abroad=letter.abroad)
    if letter.abroad and ends_with_postcode(lines):
        raise Refused("The last line of an address abroad must be the country.", "address")
    sender = (letter.service, *letter.sender_address, f"Telephone {letter.telephone}")
    if letter.email:
        sender = (*sender, letter.email)
    made: list[b.Block] = [b.AddressWindow(lines, sender), b.Paragraph(long_date(letter.written_on))]
    if letter.reference:
        made.append(b.Paragraph(f"Our reference: {letter.reference}", tone="quiet"))
    if letter.to_person:  # on page 1, before anything that the person may not be able to read
        made.append(b.Paragraph(other_formats(letter.telephone), tone="quiet"))
    made.append(b.Paragraph(f"Dear {letter.greeting}"))
    made.append(b.Heading(letter.subject, 1 if letter.to_person else 2))
    if not letter.to_person and (letter.about or letter.nhs_number):
        rows: list[tuple[str, b.Text]] = []
        if letter.about:
            rows.append(("About", letter.about))
        if letter.nhs_number:
            rows.append(("NHS number", format_nhs_number(letter.nhs_number)))
        made.append(b.KeyValues(tuple(rows)))
    made += letter.body
    hours = f", {letter.hours}" if letter.hours else ""
    made.append(b.Paragraph(f"If you have a question, call us on {letter.telephone}{hours}."))
    made.append(b.Paragraph("Yours sincerely"))
    made.append(b.Signature(letter.role, letter.signed_by, dated=False))
    if letter.enclosures:
        made += [b.Heading("With this letter", 3), b.BulletList(letter.enclosures)]
    if letter.copies_to:
        made += [b.Heading("Copies of this letter go to", 3), b.BulletList(letter.copies_to)]
    return b.Document(
        letter.subject,
        tuple(made),
        language=letter.language,
        reference=letter.reference,
        purpose=letter.service,
        spares_a_sheet=True,
    )
