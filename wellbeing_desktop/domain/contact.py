"""What was arranged, what happened, and what was written about it (PRACTICE W18, W22)."""

import datetime as dt
from typing import Annotated

from wellbeing_desktop.domain.definition import Compartment, Lifecycle, Merge, Record, RecordType, Sensitivity, about

FIXED = Merge.FIXED
SPECIAL = Sensitivity.SPECIAL


class Appointment(Record, frozen=True, kw_only=True, omit_defaults=True):
    """A contact arranged for the future."""

    starts_at: Annotated[dt.datetime | None, about("Starts", required=True)] = None
    starts_on: Annotated[dt.date | None, about("Local date", required=True, counted=True)] = None
    duration_minutes: Annotated[int | None, about("Minutes", counted=True)] = None
    medium: Annotated[str, about("How", code_list="contact_mediums", counted=True)] = ""
    place: Annotated[str, about("Where")] = ""
    purpose: Annotated[str, about("What for")] = ""
    practitioner_id: Annotated[str, about("With", refers_to="practitioner", counted=True)] = ""
    second_worker_id: Annotated[str, about("Second worker", refers_to="practitioner")] = ""
    travel_minutes: Annotated[int | None, about("Travel minutes")] = None
    episode_id: Annotated[str, about("Period of support", refers_to="episode")] = ""
    state: Annotated[str, about("State", Merge.STATE, code_list="appointment_states", counted=True)] = ""
    outcome: Annotated[str, about("Outcome", code_list="attended_codes", counted=True)] = ""
    cancel_reason: Annotated[str, about("Why it was cancelled")] = ""
    calendar_uid: Annotated[
        str, about("Its name in the calendar it came from", FIXED, help="So that the same event is never booked twice.")
    ] = ""


class Contact(Record, frozen=True, kw_only=True, omit_defaults=True):
    """One that happened or failed. A visit is a Contact whose `medium` says so. Immutable from Save."""

    happened_at: Annotated[dt.datetime | None, about("Started at", FIXED, required=True)] = None
    happened_on: Annotated[dt.date | None, about("Local date", FIXED, required=True, counted=True)] = None
    ended_at: Annotated[dt.datetime | None, about("Ended at", FIXED)] = None
    written_at: Annotated[dt.datetime | None, about("Written at", FIXED)] = None
    late_reason: Annotated[str, about("Why it was written late", FIXED)] = ""
    transcribed_by: Annotated[str, about("Copied from paper by", FIXED)] = ""
    medium: Annotated[str, about("How", FIXED, code_list="contact_mediums", required=True, counted=True)] = ""
    direction: Annotated[str, about("In or out", FIXED, code_list="directions", counted=True)] = ""
    outcome: Annotated[str, about("Outcome", FIXED, code_list="contact_outcomes", required=True, counted=True)] = ""
    planned: Annotated[bool | None, about("Planned", FIXED, counted=True)] = None
    duration_minutes: Annotated[int | None, about("Minutes", FIXED, counted=True)] = None
    travel_minutes: Annotated[int | None, about("Travel minutes", FIXED, counted=True)] = None
    admin_minutes: Annotated[int | None, about("Administration minutes", FIXED, counted=True)] = None
    place: Annotated[str, about("Where", FIXED, code_list="contact_places", counted=True)] = ""
    practitioner_id: Annotated[str, about("By", FIXED, refers_to="practitioner", required=True, counted=True)] = ""
    second_worker_id: Annotated[str, about("Second worker", FIXED, refers_to="practitioner")] = ""
    present: Annotated[tuple[str, ...], about("Who was present, and in what role", FIXED)] = ()
    seen_alone: Annotated[bool | None, about("Seen alone", FIXED)] = None
    not_alone_reason: Annotated[str, about("Why not alone", FIXED)] = ""
    interpreter: Annotated[str, about("Interpreter", FIXED, code_list="interpreter_present")] = ""
    chaperone: Annotated[str, about("Chaperone", FIXED)] = ""
    episode_id: Annotated[str, about("Period of support", FIXED, refers_to="episode", counted=True)] = ""
    appointment_id: Annotated[str, about("Appointment", FIXED, refers_to="appointment")] = ""
    clock_doubtful: Annotated[bool | None, about("The laptop's clock was in doubt", FIXED)] = None


class Note(Record, frozen=True, kw_only=True, omit_defaults=True):
    """Narrative about a contact, a referral or the person. Immutable from Sign; what a carer said is apart (W17)."""

    about_id: Annotated[str, about("About", FIXED, help="The contact, referral or other record it is about.")] = ""
    written_on: Annotated[dt.date | None, about("Written on", required=True)] = None
    text: Annotated[str, about("Note", Merge.NARRATIVE, search=1, sensitivity=SPECIAL)] = ""
    said_by_person: Annotated[str, about("Said by the person", Merge.NARRATIVE, search=1, sensitivity=SPECIAL)] = ""
    observed: Annotated[str, about("Observed", Merge.NARRATIVE, search=1, sensitivity=SPECIAL)] = ""
    told_by_others: Annotated[str, about("Told by others", Merge.NARRATIVE, search=1, sensitivity=SPECIAL)] = ""
    told_by: Annotated[str, about("Told by whom")] = ""
    in_confidence: Annotated[
        bool | None, about("Told in confidence", help="Kept out of access bundles and the person's copy.")
    ] = None
    agreed: Annotated[str, about("What was agreed", Merge.NARRATIVE, search=1, sensitivity=SPECIAL)] = ""
    agreed_by: Annotated[str, about("Agreed by whom")] = ""
    author_id: Annotated[str, about("Author", FIXED, refers_to="practitioner")] = ""
    signed_at: Annotated[dt.datetime | None, about("Signed at")] = None
    signed_by: Annotated[str, about("Signed by", refers_to="practitioner")] = ""
    countersign_needed: Annotated[bool | None, about("Needs countersigning")] = None


class GpEntry(Record, frozen=True, kw_only=True, omit_defaults=True):
    """Whether a contact, note, plan or score has been entered in the GP record, by whom, when (W22)."""

    target_id: Annotated[str, about("What", FIXED, required=True)] = ""
    target_type: Annotated[str, about("Kind of record", FIXED, required=True)] = ""
    state: Annotated[str, about("GP record", Merge.STATE, code_list="gp_entry_states", counted=True)] = ""
    entered_by: Annotated[str, about("Entered by", refers_to="practitioner")] = ""
    entered_on: Annotated[dt.date | None, about("Entered on")] = None


APPOINTMENT = RecordType(
    struct=Appointment,
    name="appointment",
    label="Appointment",
    plural="Appointments",
    compartment=Compartment.CORE,
    transitions={
        "": frozenset({"booked"}),
        "booked": frozenset({"attended", "not_attended", "cancelled"}),
        "attended": frozenset({"booked"}),
        "not_attended": frozenset({"booked", "attended"}),
        "cancelled": frozenset({"booked"}),
    },
    at="starts_at",
)
CONTACT = RecordType(
    struct=Contact,
    name="contact",
    label="Contact",
    plural="Contacts",
    compartment=Compartment.CORE,
    lifecycle=Lifecycle.IMMUTABLE,
    at="happened_at",
)
NOTE = RecordType(
    struct=Note,
    name="note",
    label="Note",
    plural="Notes",
    compartment=Compartment.CLINICAL,
    lifecycle=Lifecycle.SIGNED,
    at="written_on",
)
GP_ENTRY = RecordType(
    struct=GpEntry,
    name="gp_entry",
    label="GP record entry",
    plural="GP record entries",
    compartment=Compartment.CORE,
    transitions={
        "": frozenset({"not_needed", "to_enter", "entered"}),
        "not_needed": frozenset({"to_enter"}),
        "to_enter": frozenset({"not_needed", "entered"}),
        "entered": frozenset({"to_enter"}),
    },
)
