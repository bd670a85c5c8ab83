"""The service's own numbered files: incidents and near misses, complaints and compliments (D5, D7; PRACTICE W19).

They belong to the organisation, never to a person's record: not in its screens, prints, returns or access bundle. Those
who may see them are the owner of the store and whoever a grant names for what is restricted.
"""

import datetime as dt
from typing import Annotated

from wellbeing_desktop.domain.definition import Compartment, Merge, Record, RecordType, SubjectKind, about

FIXED = Merge.FIXED


class Incident(Record, frozen=True, kw_only=True, omit_defaults=True):
    """An incident or near miss (D5, W19). Harm is in words: LFPSE's levels were not verified (reference/06)."""

    number: Annotated[str, about("Number", FIXED)] = ""
    kind: Annotated[str, about("Kind", FIXED, code_list="incident_kinds", required=True)] = ""
    raised_by: Annotated[str, about("Reported by", FIXED, refers_to="practitioner", required=True)] = ""
    happened_at: Annotated[dt.datetime | None, about("Happened at", required=True)] = None
    happened_on: Annotated[dt.date | None, about("Happened on", required=True)] = None
    place: Annotated[str, about("Where")] = ""
    person_id: Annotated[str, about("Who was affected", refers_to="person")] = ""
    words: Annotated[
        str, about("What happened", Merge.NARRATIVE, search=1, help="Without names: who was affected is beside it.")
    ] = ""
    immediate_action: Annotated[str, about("Done at once", Merge.NARRATIVE)] = ""
    harm: Annotated[
        str,
        about(
            "Harm to body or mind, in words", Merge.NARRATIVE, help="Also that there was none, or that it is not known."
        ),
    ] = ""
    reported_in: Annotated[str, about("Reported in", help="Datix, LFPSE or another system.")] = ""
    reference: Annotated[str, about("Its reference there")] = ""
    corrective_action: Annotated[str, about("Corrective action", Merge.NARRATIVE)] = ""
    corrective_owner: Annotated[str, about("Who does it", Merge.OWNER, refers_to="practitioner")] = ""
    corrective_due_on: Annotated[dt.date | None, about("By when")] = None
    corrective_done_on: Annotated[dt.date | None, about("Done on")] = None
    learning_reviewed_on: Annotated[dt.date | None, about("Learning review held on")] = None
    learning: Annotated[str, about("What was learnt", Merge.NARRATIVE)] = ""
    candour_applies: Annotated[
        str, about("Does the duty of candour apply", Merge.SAFETY, code_list="yes_no_unsure")
    ] = ""
    candour_told: Annotated[str, about("Who was told")] = ""
    candour_told_on: Annotated[dt.date | None, about("Told on")] = None
    apology_on: Annotated[dt.date | None, about("Written apology sent on")] = None
    candour: Annotated[str, about("What was said", Merge.NARRATIVE)] = ""
    breach_aware_at: Annotated[
        dt.datetime | None, about("Personal data breach: aware since", help="72 hours run from here.")
    ] = None
    breach_told_at: Annotated[dt.datetime | None, about("Information Commissioner told at")] = None
    breach_reference: Annotated[str, about("Commissioner's reference")] = ""
    breach_not_told: Annotated[str, about("Or why the Commissioner need not be told", Merge.NARRATIVE)] = ""
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
    from_address: Annotated[str, about("Address for the answer", long=True, help="The postcode last.")] = ""
    person_id: Annotated[str, about("About whose care", refers_to="person")] = ""
    words: Annotated[str, about("What they say", Merge.NARRATIVE, search=1)] = ""
    acknowledge_by: Annotated[dt.date | None, about("Acknowledge by")] = None
    acknowledged_on: Annotated[dt.date | None, about("Acknowledged on")] = None
    answer_by: Annotated[dt.date | None, about("Answer by")] = None
    answered_on: Annotated[dt.date | None, about("Answered on")] = None
    answer: Annotated[str, about("Answer", Merge.NARRATIVE)] = ""
    learning: Annotated[str, about("What was learnt", Merge.NARRATIVE)] = ""
    next_stop: Annotated[str, about("Where they may go next", long=True)] = ""
    escalated_on: Annotated[dt.date | None, about("Escalated on")] = None
    escalated_to: Annotated[str, about("Escalated to")] = ""
    escalated_why: Annotated[str, about("Why it was escalated", Merge.NARRATIVE)] = ""
    owner_id: Annotated[str, about("Who handles it", Merge.OWNER, refers_to="practitioner")] = ""
    state: Annotated[str, about("State", Merge.STATE, code_list="file_states")] = ""
    closed_on: Annotated[dt.date | None, about("Closed on")] = None


_FILE_STEPS = {"": frozenset({"open"}), "open": frozenset({"closed"}), "closed": frozenset({"open"})}

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
