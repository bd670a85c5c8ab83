"""What comes to the front door: contacts received, what was asked for, a clinician's word, a message handed on.

Sources: PRACTICE W1 (the card shows open requests), W3, W15, W23; CAPABILITIES A1 to A6.
An enquiry may begin before anybody knows whom it is about: its subject is then a person record marked
`unidentified`, which becomes the person's own record or is joined to it, so that nothing is typed twice.
"""

import datetime as dt
from typing import Annotated

from wellbeing_desktop.domain.definition import Compartment, Lifecycle, Merge, Record, RecordType, SubjectKind, about

FIXED = Merge.FIXED


class Enquiry(Record, frozen=True, kw_only=True, omit_defaults=True):
    """One contact received or begun at the front door, from ring to outcome. What was said in care is a Note about
    it; the contact itself becomes a Contact when it is finished."""

    received_at: Annotated[dt.datetime | None, about("Received at", FIXED, required=True)] = None
    received_on: Annotated[dt.date | None, about("Received on", FIXED, required=True, counted=True)] = None
    medium: Annotated[str, about("How", FIXED, code_list="contact_mediums", required=True, counted=True)] = ""
    platform: Annotated[str, about("On which platform", help="Chat, social media or mailbox by its name.")] = ""
    direction: Annotated[str, about("In or out", FIXED, code_list="directions", counted=True)] = ""
    duration_minutes: Annotated[int | None, about("Minutes", counted=True)] = None
    caller_name: Annotated[str, about("Who made contact", search=1)] = ""
    caller_role: Annotated[str, about("In what role", code_list="caller_roles", counted=True)] = ""
    caller_organisation: Annotated[str, about("From which organisation")] = ""
    caller_number: Annotated[str, about("Telephone", help="In international form, so that it is found again.")] = ""
    caller_email: Annotated[str, about("E-mail")] = ""
    identity_check: Annotated[str, about("How identity was checked", code_list="identity_checks")] = ""
    topic: Annotated[str, about("About", code_list="enquiry_topics", counted=True)] = ""
    words: Annotated[str, about("What is asked", Merge.NARRATIVE, search=1)] = ""
    urgent: Annotated[bool | None, about("Urgent")] = None
    respond_by: Annotated[dt.datetime | None, about("Answer by")] = None
    state: Annotated[str, about("State", Merge.STATE, code_list="enquiry_states", counted=True)] = ""
    claimed_by: Annotated[str, about("Taken by", Merge.OWNER, refers_to="practitioner", counted=True)] = ""
    claimed_at: Annotated[dt.datetime | None, about("Taken at")] = None
    team_id: Annotated[str, about("Team", refers_to="team", counted=True)] = ""
    outcome: Annotated[str, about("Outcome", code_list="enquiry_outcomes", counted=True)] = ""
    contact_id: Annotated[str, about("Kept as contact", refers_to="contact")] = ""
    referral_id: Annotated[str, about("Became referral", refers_to="referral")] = ""
    closed_on: Annotated[dt.date | None, about("Finished on", counted=True)] = None


class Request(Record, frozen=True, kw_only=True, omit_defaults=True):
    """Something asked for on a contact (W23): a prescription, an appointment, a call back. A clinical one is closed
    only on a clinician's instruction."""

    enquiry_id: Annotated[str, about("Asked in", FIXED)] = ""
    kind: Annotated[str, about("What for", FIXED, code_list="request_kinds", required=True, counted=True)] = ""
    items: Annotated[str, about("Items", Merge.NARRATIVE, long=True)] = ""
    clinical: Annotated[bool | None, about("Needs a clinician's word")] = None
    asked_on: Annotated[dt.date | None, about("Asked on", FIXED, required=True, counted=True)] = None
    due_at: Annotated[dt.datetime | None, about("Promised by")] = None
    owner_id: Annotated[str, about("Who", Merge.OWNER, refers_to="practitioner", counted=True)] = ""
    put_to: Annotated[str, about("Put to clinician")] = ""
    put_at: Annotated[dt.datetime | None, about("Put at")] = None
    state: Annotated[str, about("State", Merge.STATE, code_list="request_states", counted=True)] = ""
    done_words: Annotated[str, about("What was done", long=True)] = ""
    person_told: Annotated[str, about("Was the person told", code_list="person_told")] = ""
    done_on: Annotated[dt.date | None, about("Done on", counted=True)] = None


class Instruction(Record, frozen=True, kw_only=True, omit_defaults=True):
    """What the duty clinician said to do about a request, read back to them (W23)."""

    request_id: Annotated[str, about("About request", FIXED, refers_to="request", required=True)] = ""
    words: Annotated[str, about("Instruction", FIXED, required=True, search=1, long=True)] = ""
    clinician: Annotated[str, about("Clinician", FIXED, required=True)] = ""
    given_at: Annotated[dt.datetime | None, about("Given at", FIXED, required=True)] = None
    read_back: Annotated[bool | None, about("Read back", FIXED)] = None
    taken_by: Annotated[str, about("Taken down by", FIXED, refers_to="practitioner")] = ""


class Message(Record, frozen=True, kw_only=True, omit_defaults=True):
    """Words handed to a colleague (A5), whose record it is; the sender sees that they were read."""

    from_id: Annotated[str, about("From", FIXED, refers_to="practitioner", required=True)] = ""
    person_id: Annotated[str, about("About", FIXED, refers_to="person")] = ""
    about_id: Annotated[str, about("About record", FIXED)] = ""
    words: Annotated[str, about("Message", FIXED, required=True, search=1, long=True)] = ""
    urgent: Annotated[bool | None, about("Urgent", FIXED)] = None
    sent_at: Annotated[dt.datetime | None, about("Sent at", FIXED, required=True)] = None
    state: Annotated[str, about("State", Merge.STATE, code_list="message_states")] = ""
    read_at: Annotated[dt.datetime | None, about("Read at")] = None
    answer: Annotated[str, about("Answer", Merge.NARRATIVE, search=1)] = ""


ENQUIRY = RecordType(
    struct=Enquiry,
    name="enquiry",
    label="Enquiry",
    plural="Enquiries",
    compartment=Compartment.CARD,
    transitions={
        "": frozenset({"new", "claimed", "finished"}),
        "new": frozenset({"claimed", "finished"}),
        "claimed": frozenset({"new", "finished"}),
        "finished": frozenset({"claimed"}),
    },
    at="received_at",
)
REQUEST = RecordType(
    struct=Request,
    name="request",
    label="Request",
    plural="Requests",
    compartment=Compartment.CARD,
    transitions={
        "": frozenset({"open"}),
        "open": frozenset({"with_clinician", "done", "cancelled"}),
        "with_clinician": frozenset({"open", "instructed", "cancelled"}),
        "instructed": frozenset({"with_clinician", "done", "cancelled"}),
        "done": frozenset({"open"}),
        "cancelled": frozenset({"open"}),
    },
    at="asked_on",
)
INSTRUCTION = RecordType(
    struct=Instruction,
    name="instruction",
    label="Instruction",
    plural="Instructions",
    compartment=Compartment.CLINICAL,
    lifecycle=Lifecycle.IMMUTABLE,
    at="given_at",
)
MESSAGE = RecordType(
    struct=Message,
    name="message",
    label="Message",
    plural="Messages",
    compartment=Compartment.CARD,
    subject_kind=SubjectKind.PRACTITIONER,
    transitions={"": frozenset({"sent"}), "sent": frozenset({"read", "done"}), "read": frozenset({"done"})},
    at="sent_at",
)
