"""Consent by purpose and recipient: agreed, objected, or, when there is no record, not recorded (PRACTICE W16)."""

import datetime as dt
from typing import Annotated

from wellbeing_desktop.domain.definition import Compartment, Lifecycle, Merge, Record, RecordType, about

FIXED = Merge.FIXED


class Consent(Record, frozen=True, kw_only=True, omit_defaults=True):
    """One decision. A later one about the same purpose and recipient names what it `supersedes`."""

    purpose: Annotated[str, about("What for", FIXED, code_list="consent_purposes", required=True)] = ""
    recipient: Annotated[
        str, about("With whom", FIXED, help="Leave it empty when it is for everybody of this kind.")
    ] = ""
    decision: Annotated[str, about("Decision", FIXED, code_list="consent_decisions", required=True)] = ""
    given_by: Annotated[str, about("Given by", FIXED, code_list="consent_givers", required=True)] = ""
    given_by_name: Annotated[str, about("Name of who gave it", FIXED)] = ""
    document_seen: Annotated[str, about("Document seen", FIXED)] = ""
    how: Annotated[str, about("How it was given", FIXED)] = ""
    given_on: Annotated[dt.date | None, about("Given on", FIXED, required=True)] = None
    expires_on: Annotated[dt.date | None, about("Until", FIXED)] = None
    note: Annotated[str, about("Note", FIXED, long=True)] = ""
    supersedes: Annotated[str, about("Replaces", FIXED, refers_to="consent")] = ""


CONSENT = RecordType(
    struct=Consent,
    name="consent",
    label="Consent",
    plural="Consents",
    compartment=Compartment.CORE,
    lifecycle=Lifecycle.SUPERSEDING,
    head_of=("purpose", "recipient"),
    at="given_on",
)
