"""Recording what the person decided about sharing (W16)."""

import datetime as dt

import msgspec

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.consent import Consent
from wellbeing_desktop.domain.consent_rules import check_consent
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.domain.standing import current_heads
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.records import load_all


def record_consent(writer: Writer, consent: Consent, *, at: dt.datetime | None = None) -> Changes:
    """A decision. One about the same purpose and recipient that stands already is replaced by it.

    Give `supersedes` when the screen showed which one: then a colleague's newer decision is a clash, not lost.
    """
    with doing(writer, "record_consent", at=at) as tx:
        found.person(tx.reader, consent.subject)
        check_consent(consent, local_date(tx.at))
        if not consent.supersedes:
            standing = [
                head
                for head in current_heads(load_all(tx.reader, Consent, subject=consent.subject))
                if (head.purpose, head.recipient) == (consent.purpose, consent.recipient)
            ]
            if standing:
                consent = msgspec.structs.replace(consent, supersedes=standing[-1].id)
        tx.create(consent)
    return tx.changes
