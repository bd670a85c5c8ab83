"""What to know before knocking: dated, sourced statements, never a level of risk (PRACTICE W7, W11)."""

import datetime as dt
from typing import Annotated

from wellbeing_desktop.domain.definition import Compartment, Lifecycle, Merge, Record, RecordType, Sensitivity, about

SPECIAL = Sensitivity.SPECIAL


class Alert(Record, frozen=True, kw_only=True, omit_defaults=True):
    """A dated statement with its source, what to do and a review date. Made where its reader may see it: on the
    card for the front desk, in clinical or restricted otherwise."""

    kind: Annotated[str, about("Kind", Merge.FIXED, code_list="alert_kinds", required=True)] = ""
    statement: Annotated[str, about("What is known", Merge.FIXED, required=True, search=1, long=True)] = ""
    what_to_do: Annotated[str, about("What to do", Merge.FIXED, required=True, long=True)] = ""
    source: Annotated[str, about("Who says so", Merge.FIXED, required=True)] = ""
    stated_on: Annotated[dt.date | None, about("Date of the statement", Merge.FIXED, required=True)] = None
    review_on: Annotated[dt.date | None, about("Review on", Merge.FIXED, required=True)] = None
    ended: Annotated[bool | None, about("No longer in force", Merge.FIXED)] = None
    end_reason: Annotated[str, about("Why it ended", Merge.FIXED)] = ""
    supersedes: Annotated[str, about("Replaces", Merge.FIXED, refers_to="alert")] = ""
    before_visit: Annotated[bool | None, about("Show before a visit", Merge.FIXED)] = None


class SafetyFact(Record, frozen=True, kw_only=True, omit_defaults=True):
    """Allergy, advance decision, attorney, deprivation of liberty, adjustment, problem: typed, dated, sourced."""

    kind: Annotated[str, about("Kind", Merge.FIXED, code_list="safety_fact_kinds", required=True)] = ""
    statement: Annotated[
        str, about("What it is", Merge.SAFETY, required=True, search=1, long=True, sensitivity=SPECIAL)
    ] = ""
    reaction: Annotated[str, about("Reaction", Merge.SAFETY, sensitivity=SPECIAL)] = ""
    presence: Annotated[
        str, about("Present or not", Merge.SAFETY, code_list="presence", help="Present, none known, or not known.")
    ] = ""
    source: Annotated[str, about("Who says so", Merge.SAFETY, required=True)] = ""
    stated_on: Annotated[dt.date | None, about("Date", Merge.SAFETY)] = None
    original_kept_at: Annotated[str, about("Where the original is", Merge.SAFETY)] = ""
    document_seen_by: Annotated[str, about("Document seen by", Merge.SAFETY)] = ""
    expires_on: Annotated[dt.date | None, about("Runs out on", Merge.SAFETY)] = None
    review_on: Annotated[dt.date | None, about("Review on")] = None
    ended_on: Annotated[dt.date | None, about("Ended on", Merge.SAFETY)] = None


class AccessNote(Record, frozen=True, kw_only=True, omit_defaults=True):
    """How to get in: shown on the day of the visit."""

    instructions: Annotated[str, about("How to get in", Merge.SAFETY, required=True, long=True)] = ""
    key_safe: Annotated[str, about("Key safe", Merge.SAFETY, sensitivity=SPECIAL)] = ""
    two_person_visit: Annotated[bool | None, about("Two-person visit", Merge.SAFETY)] = None
    animals: Annotated[str, about("Animals", Merge.SAFETY)] = ""
    checked_on: Annotated[dt.date | None, about("Checked on")] = None


class Stay(Record, frozen=True, kw_only=True, omit_defaults=True):
    """Where the person is now: home, a ward since, a care home, expected discharge."""

    place: Annotated[str, about("Place", required=True)] = ""
    kind: Annotated[str, about("Kind of place", code_list="stay_kinds", counted=True)] = ""
    started_on: Annotated[dt.date | None, about("Since", counted=True)] = None
    expected_end_on: Annotated[dt.date | None, about("Expected to leave on")] = None
    ended_on: Annotated[dt.date | None, about("Left on", counted=True)] = None


ALERT = RecordType(
    struct=Alert,
    name="alert",
    label="Alert",
    plural="Alerts",
    compartment=None,
    lifecycle=Lifecycle.SUPERSEDING,
    head_of=("supersedes",),
    at="stated_on",
)
SAFETY_FACT = RecordType(
    struct=SafetyFact,
    name="safety_fact",
    label="Safety fact",
    plural="Safety facts",
    compartment=Compartment.CLINICAL,
    at="stated_on",
)
ACCESS_NOTE = RecordType(
    struct=AccessNote, name="access_note", label="Access note", plural="Access notes", compartment=Compartment.CORE
)
STAY = RecordType(
    struct=Stay,
    name="stay",
    label="Place of stay",
    plural="Places of stay",
    compartment=Compartment.CORE,
    at="started_on",
)
