"""The service's triage forms, and each one filled in about a referral (B2, PRACTICE W14)."""

import datetime as dt
from typing import Annotated

from wellbeing_desktop.domain.definition import (
    Compartment,
    Lifecycle,
    Merge,
    Record,
    RecordType,
    Sensitivity,
    SubjectKind,
    about,
)

FIXED = Merge.FIXED
PLAIN = Sensitivity.PLAIN


class TriageFormRecord(Record, frozen=True, kw_only=True, omit_defaults=True):
    """One version of a form that the organisation brought in. `definition` is the JSON of domain/triage_form.py; it
    never changes, so that old answers are read with the words that they were given to."""

    form: Annotated[str, about("Form", FIXED, required=True, sensitivity=PLAIN)] = ""
    version: Annotated[str, about("Version", FIXED, required=True, sensitivity=PLAIN)] = ""
    title: Annotated[str, about("Title", FIXED, required=True, sensitivity=PLAIN)] = ""
    definition: Annotated[str, about("Questions", FIXED, required=True, sensitivity=PLAIN, long=True)] = ""


class Screening(Record, frozen=True, kw_only=True, omit_defaults=True):
    """A triage form as it was answered. Putting it right is a new one that replaces it; two that stand at once, from
    two laptops, are a clash for a person. `answers` is JSON text: question to answer."""

    referral_id: Annotated[str, about("Referral", FIXED, refers_to="referral", required=True)] = ""
    form: Annotated[str, about("Form", FIXED, required=True)] = ""
    form_version: Annotated[str, about("Version", FIXED, required=True)] = ""
    answers: Annotated[str, about("Answers", FIXED, long=True, sensitivity=Sensitivity.SPECIAL)] = ""
    suggested_priority: Annotated[str, about("Priority the form suggests", FIXED, code_list="priorities")] = ""
    flags: Annotated[tuple[str, ...], about("Red-flag answers", FIXED)] = ()
    followed: Annotated[str, about("What was done about the instruction", FIXED, long=True)] = ""
    taken_at: Annotated[dt.datetime | None, about("Filled in at", FIXED)] = None
    taken_on: Annotated[dt.date | None, about("Filled in on", FIXED, required=True)] = None
    practitioner_id: Annotated[str, about("Filled in by", FIXED, refers_to="practitioner")] = ""
    supersedes: Annotated[str, about("Replaces", FIXED, refers_to="screening")] = ""


TRIAGE_FORM = RecordType(
    struct=TriageFormRecord,
    name="triage_form",
    label="Triage form",
    plural="Triage forms",
    compartment=Compartment.CARD,
    subject_kind=SubjectKind.ORGANISATION,
)
SCREENING = RecordType(
    struct=Screening,
    name="screening",
    label="Triage form filled in",
    plural="Triage forms filled in",
    compartment=Compartment.CLINICAL,
    lifecycle=Lifecycle.SUPERSEDING,
    head_of=("referral_id",),
    at="taken_at",
)
