"""What the knowledge base says, as a letter draft to a person: a service, or the approved words of an article.

The draft is a record about the person, so the record says what they were told; the letter is set in the format that
their record asks for, and stops at death and at an unsafe address like any other.
"""

import datetime as dt

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.dates import plain_date
from wellbeing_desktop.domain.document import Letter
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.knowledge import Service
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.operations.knowledge import edition_of
from wellbeing_desktop.operations.letter_document import escaped
from wellbeing_desktop.operations.letters import add_letter
from wellbeing_desktop.storage.connection import Writer


def letter_about_service(
    writer: Writer, letter_id: str, person_id: str, service_id: str, *, at: dt.datetime | None = None
) -> Changes:
    """A draft with what the directory says of a service and on which day that was checked."""
    with doing(writer, "draft_letter", at=at) as tx:
        service = found.found(tx.reader, Service, service_id)
        subject = f"About {service.name}"
        letter = Letter(id=letter_id, subject=person_id, to_kind="person", subject_line=subject, body=_of(service))
        add_letter(tx, letter)
    return tx.changes


def letter_about_article(
    writer: Writer, letter_id: str, person_id: str, article_id: str, *, at: dt.datetime | None = None
) -> Changes:
    """A draft with the words of an article as they were approved."""
    with doing(writer, "draft_letter", at=at) as tx:
        edition = edition_of(tx.reader, article_id)
        if edition is None:
            raise Refused("Nobody has approved this article yet, so it is not sent to people.")
        body = _paragraphs(edition.words)
        letter = Letter(id=letter_id, subject=person_id, to_kind="person", subject_line=edition.title, body=body)
        add_letter(tx, letter)
    return tx.changes


def _of(service: Service) -> str:
    address = "\n".join(line for line in (service.address, service.postcode) if line)
    known = (
        ("", service.description),
        ("Who it is for", service.eligibility),
        ("When it is open", service.opening),
        ("What it costs", service.cost),
        ("Where it is", address),
        ("Getting in", service.accessibility),
        ("How to start", service.how_to_use),
        ("Telephone", service.telephone),
        ("E-mail", service.email),
        ("Website", service.website),
    )
    parts = [_paragraphs(f"{label}: {words}" if label else words) for label, words in known if words.strip()]
    if service.checked_on is not None:
        parts.append(f"We checked this on {plain_date(service.checked_on)}. It may have changed since.")
    return "\n\n".join(parts)


def _paragraphs(words: str) -> str:
    """Each line a paragraph, with no sign of it taken for a mark of layout."""
    return "\n\n".join(escaped(line.strip()) for line in words.splitlines() if line.strip())
