"""Concerns about somebody's safety, what was tried to get help, and the service's own files of incidents and complaints.

Sources: PRACTICE W6, W7 (no level of risk anywhere), W12 (two paths), W19; reference/06-standards.md (section 42 test,
ten types of abuse). Concerns are in the restricted compartment: those who may see them are named by a grant, and who
raised one sees it.
"""

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
SPECIAL = Sensitivity.SPECIAL


class Concern(Record, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody is, or may be, unsafe. `path` is adult, child, or at_risk_now; it cannot be closed without outcome."""

    path: Annotated[str, about("Path", FIXED, code_list="concern_paths", required=True, counted=True)] = ""
    raised_at: Annotated[dt.datetime | None, about("Raised at", FIXED, required=True)] = None
    raised_on: Annotated[dt.date | None, about("Raised on", FIXED, required=True, counted=True)] = None
    raised_by: Annotated[str, about("Raised by", FIXED, refers_to="practitioner", required=True)] = ""
    enquiry_id: Annotated[str, about("Began in", FIXED)] = ""
    where_now: Annotated[str, about("Where the person is now", Merge.SAFETY)] = ""
    call_back_number: Annotated[str, about("Number to call back", Merge.SAFETY)] = ""
    who_is_there: Annotated[str, about("Who is with them", Merge.SAFETY)] = ""
    words: Annotated[str, about("What happened", Merge.NARRATIVE, search=1, sensitivity=SPECIAL)] = ""
    abuse_types: Annotated[
        tuple[str, ...], about("Types of abuse", Merge.SET, code_list="abuse_types", sensitivity=SPECIAL)
    ] = ()
    child_categories: Annotated[
        tuple[str, ...], about("Categories", Merge.SET, code_list="child_abuse_categories", sensitivity=SPECIAL)
    ] = ()
    prompts: Annotated[
        tuple[str, ...], about("Also consider", Merge.SET, code_list="concern_prompts", sensitivity=SPECIAL)
    ] = ()
    has_care_needs: Annotated[str, about("Has needs for care and support", Merge.SAFETY, code_list="yes_no_unsure")] = (
        ""
    )
    at_risk_of_abuse: Annotated[
        str, about("Is experiencing or at risk of abuse or neglect", Merge.SAFETY, code_list="yes_no_unsure")
    ] = ""
    cannot_protect_self: Annotated[
        str, about("Cannot protect themselves because of those needs", Merge.SAFETY, code_list="yes_no_unsure")
    ] = ""
    consent: Annotated[str, about("Does the person agree", Merge.SAFETY, code_list="concern_consents")] = ""
    without_consent_reason: Annotated[str, about("Why without agreement", Merge.SAFETY, long=True)] = ""
    persons_wishes: Annotated[str, about("What the person wants", Merge.NARRATIVE, sensitivity=SPECIAL)] = ""
    parents_told: Annotated[str, about("Were the parents told, or why not", Merge.SAFETY, long=True)] = ""
    children: Annotated[
        tuple[str, ...], about("Children in the household", Merge.SET, help="Name and date of birth of each.")
    ] = ()
    council: Annotated[str, about("Council", Merge.SAFETY, help="Of the address, not of the practice.")] = ""
    council_reference: Annotated[str, about("Council's reference", Merge.SAFETY)] = ""
    lead_id: Annotated[str, about("Named lead", Merge.OWNER, refers_to="practitioner")] = ""
    respond_by: Annotated[dt.datetime | None, about("Somebody must answer by")] = None
    state: Annotated[str, about("State", Merge.STATE, code_list="concern_states", counted=True)] = ""
    outcome: Annotated[str, about("Outcome", Merge.SAFETY, code_list="concern_outcomes", counted=True)] = ""
    outcome_words: Annotated[str, about("What came of it", Merge.NARRATIVE, sensitivity=SPECIAL)] = ""
    closed_at: Annotated[dt.datetime | None, about("Closed at")] = None
    closed_by: Annotated[str, about("Closed by", refers_to="practitioner")] = ""


class ConcernStep(Record, frozen=True, kw_only=True, omit_defaults=True):
    """One thing done about a concern, timed as it was pressed: a question asked, a call tried, who answered."""

    concern_id: Annotated[str, about("Concern", FIXED, refers_to="concern", required=True)] = ""
    raised_by: Annotated[str, about("By", FIXED, refers_to="practitioner", required=True)] = ""
    at: Annotated[dt.datetime | None, about("At", FIXED, required=True)] = None
    kind: Annotated[str, about("What", FIXED, code_list="concern_steps", required=True)] = ""
    tried: Annotated[str, about("Whom", FIXED)] = ""
    tried_role: Annotated[str, about("In what role", FIXED)] = ""
    answered: Annotated[bool | None, about("Answered", FIXED)] = None
    words: Annotated[str, about("What was said", FIXED, long=True, sensitivity=SPECIAL)] = ""


class Incident(Record, frozen=True, kw_only=True, omit_defaults=True):
    """An incident or near miss (D5, W19). Harm is in words: LFPSE's levels were not verified (reference/06)."""

    kind: Annotated[str, about("Kind", FIXED, code_list="incident_kinds", required=True)] = ""
    raised_by: Annotated[str, about("Reported by", FIXED, refers_to="practitioner", required=True)] = ""
    happened_at: Annotated[dt.datetime | None, about("Happened at", required=True)] = None
    happened_on: Annotated[dt.date | None, about("Happened on", required=True)] = None
    place: Annotated[str, about("Where")] = ""
    person_id: Annotated[str, about("Who was affected", refers_to="person")] = ""
    words: Annotated[str, about("What happened", Merge.NARRATIVE, search=1)] = ""
    immediate_action: Annotated[str, about("Done at once", Merge.NARRATIVE)] = ""
    harm: Annotated[str, about("Harm", Merge.NARRATIVE)] = ""
    reported_in: Annotated[str, about("Reported in", help="Datix, LFPSE or another system.")] = ""
    reference: Annotated[str, about("Its reference there")] = ""
    corrective_action: Annotated[str, about("Corrective action", Merge.NARRATIVE)] = ""
    corrective_owner: Annotated[str, about("Who does it", refers_to="practitioner")] = ""
    corrective_due_on: Annotated[dt.date | None, about("By when")] = None
    learning: Annotated[str, about("What was learnt", Merge.NARRATIVE)] = ""
    candour: Annotated[str, about("Duty of candour: told whom, when, written apology", Merge.NARRATIVE)] = ""
    breach_aware_at: Annotated[
        dt.datetime | None, about("Personal data breach: aware since", help="72 hours run from here.")
    ] = None
    state: Annotated[str, about("State", Merge.STATE, code_list="file_states")] = ""
    closed_on: Annotated[dt.date | None, about("Closed on")] = None


class Complaint(Record, frozen=True, kw_only=True, omit_defaults=True):
    """A complaint, compliment or data-protection complaint: its own numbered file, never in the care record (W19)."""

    number: Annotated[str, about("Number", FIXED)] = ""
    kind: Annotated[str, about("Kind", FIXED, code_list="complaint_kinds", required=True)] = ""
    raised_by: Annotated[str, about("Taken down by", FIXED, refers_to="practitioner", required=True)] = ""
    received_on: Annotated[dt.date | None, about("Received on", FIXED, required=True)] = None
    from_name: Annotated[str, about("From", required=True)] = ""
    from_contact: Annotated[str, about("How to reach them")] = ""
    person_id: Annotated[str, about("About whose care", refers_to="person")] = ""
    words: Annotated[str, about("What they say", Merge.NARRATIVE, search=1)] = ""
    acknowledge_by: Annotated[dt.date | None, about("Acknowledge by")] = None
    acknowledged_on: Annotated[dt.date | None, about("Acknowledged on")] = None
    answer_by: Annotated[dt.date | None, about("Answer by")] = None
    answered_on: Annotated[dt.date | None, about("Answered on")] = None
    answer: Annotated[str, about("Answer", Merge.NARRATIVE)] = ""
    learning: Annotated[str, about("What was learnt", Merge.NARRATIVE)] = ""
    next_stop: Annotated[str, about("Where they may go next")] = ""
    owner_id: Annotated[str, about("Who handles it", Merge.OWNER, refers_to="practitioner")] = ""
    state: Annotated[str, about("State", Merge.STATE, code_list="file_states")] = ""
    closed_on: Annotated[dt.date | None, about("Closed on")] = None


_FILE_STEPS = {"": frozenset({"open"}), "open": frozenset({"closed"}), "closed": frozenset({"open"})}

CONCERN = RecordType(
    struct=Concern,
    name="concern",
    label="Concern",
    plural="Concerns",
    compartment=Compartment.RESTRICTED,
    transitions={
        "": frozenset({"open", "closed"}),
        "open": frozenset({"with_lead", "closed"}),
        "with_lead": frozenset({"open", "closed"}),
        "closed": frozenset({"open"}),
    },
    at="raised_at",
)
CONCERN_STEP = RecordType(
    struct=ConcernStep,
    name="concern_step",
    label="Step about a concern",
    plural="Steps about concerns",
    compartment=Compartment.RESTRICTED,
    lifecycle=Lifecycle.IMMUTABLE,
    at="at",
)
INCIDENT = RecordType(
    struct=Incident,
    name="incident",
    label="Incident",
    plural="Incidents",
    compartment=Compartment.RESTRICTED,
    subject_kind=SubjectKind.ORGANISATION,
    transitions=_FILE_STEPS,
    at="happened_on",
)
COMPLAINT = RecordType(
    struct=Complaint,
    name="complaint",
    label="Complaint or compliment",
    plural="Complaints and compliments",
    compartment=Compartment.RESTRICTED,
    subject_kind=SubjectKind.ORGANISATION,
    transitions=_FILE_STEPS,
    at="received_on",
)
