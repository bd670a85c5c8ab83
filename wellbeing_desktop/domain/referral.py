"""A request that a service help a person, and the period of support that may follow."""

import datetime as dt
from typing import Annotated

from wellbeing_desktop.domain.definition import Compartment, Merge, Record, RecordType, about
from wellbeing_desktop.domain.ids import derived_id


class Referral(Record, frozen=True, kw_only=True, omit_defaults=True):
    """Who asked, for what, and what was decided. The words of the referral are a Note about it."""

    received_at: Annotated[dt.datetime | None, about("Received at")] = None
    received_on: Annotated[dt.date | None, about("Received on", required=True, counted=True)] = None
    source: Annotated[str, about("Source", code_list="referral_sources", required=True, counted=True)] = ""
    organisation_id: Annotated[str, about("Referring organisation", refers_to="organisation", counted=True)] = ""
    referrer_name: Annotated[str, about("Referred by")] = ""
    referrer_contact: Annotated[str, about("How to reach the referrer")] = ""
    practice_id: Annotated[str, about("Practice at referral", refers_to="organisation", counted=True)] = ""
    reason: Annotated[str, about("Reason", code_list="referral_reasons", counted=True)] = ""
    urgency: Annotated[str, about("Urgency asked for", code_list="urgencies", counted=True)] = ""
    suggested_priority: Annotated[str, about("Priority the form suggests", code_list="priorities")] = ""
    priority: Annotated[str, about("Priority", Merge.SAFETY, code_list="priorities", counted=True)] = ""
    priority_signed_by: Annotated[str, about("Priority signed by", refers_to="practitioner")] = ""
    priority_signed_at: Annotated[dt.datetime | None, about("Priority signed at")] = None
    priority_reason: Annotated[str, about("Why this priority", long=True)] = ""
    state: Annotated[str, about("State", Merge.STATE, code_list="referral_states", counted=True)] = ""
    decided_on: Annotated[dt.date | None, about("Decided on", counted=True)] = None
    decided_by: Annotated[str, about("Decided by", refers_to="practitioner")] = ""
    decline_reason: Annotated[str, about("Reason for declining", code_list="decline_reasons", counted=True)] = ""
    allocated_to: Annotated[str, about("Allocated to", Merge.OWNER, refers_to="practitioner", counted=True)] = ""
    allocated_role: Annotated[str, about("For the role", help="Until somebody of that role has it.")] = ""
    allocation_reason: Annotated[str, about("Why this person", long=True)] = ""
    allocated_team: Annotated[str, about("Team", Merge.OWNER, refers_to="team", counted=True)] = ""
    respond_by: Annotated[dt.datetime | None, about("Decide by")] = None
    screening_id: Annotated[str, about("Triage form", refers_to="screening")] = ""
    repeats_id: Annotated[str, about("Same request as", refers_to="referral")] = ""
    receipt_letter_id: Annotated[str, about("Thank you for the referral", refers_to="letter")] = ""
    reply_letter_id: Annotated[str, about("Reply to the referrer", refers_to="letter")] = ""


class Episode(Record, frozen=True, kw_only=True, omit_defaults=True):
    """Our period of support, from acceptance to closure. Somebody on the waiting list has `waiting_since` and no
    `started_on` (B5)."""

    referral_id: Annotated[str, about("Referral", Merge.FIXED, refers_to="referral", counted=True)] = ""
    opened_on: Annotated[dt.date | None, about("Opened on", required=True, counted=True)] = None
    practitioner_id: Annotated[str, about("Care coordinator", refers_to="practitioner", counted=True)] = ""
    team_id: Annotated[str, about("Team", refers_to="team", counted=True)] = ""
    waiting_since: Annotated[dt.date | None, about("On the waiting list since", counted=True)] = None
    started_on: Annotated[dt.date | None, about("Support began on", counted=True)] = None
    check_in_due_on: Annotated[dt.date | None, about("Next check-in")] = None
    state: Annotated[str, about("State", Merge.STATE, code_list="episode_states", counted=True)] = ""
    closed_on: Annotated[dt.date | None, about("Closed on", counted=True)] = None
    close_reason: Annotated[str, about("Reason for closing", code_list="close_reasons", counted=True)] = ""


def support_id(referral_id: str, earlier: int = 0) -> str:
    """The id of the support that follows a referral: the same on every laptop, so that two who accept it apart open one.
    `earlier` is how many followed it before and are over."""
    return derived_id(referral_id, "support", str(earlier))


REFERRAL = RecordType(
    struct=Referral,
    name="referral",
    label="Referral",
    plural="Referrals",
    compartment=Compartment.CORE,
    transitions={
        "": frozenset({"incomplete", "new"}),
        "incomplete": frozenset({"new", "accepted", "declined", "withdrawn"}),
        "new": frozenset({"incomplete", "accepted", "declined", "withdrawn"}),
        "accepted": frozenset({"withdrawn", "new"}),
        "declined": frozenset({"new"}),
        "withdrawn": frozenset({"new"}),
    },
    at="received_on",
)
EPISODE = RecordType(
    struct=Episode,
    name="episode",
    label="Period of support",
    plural="Periods of support",
    compartment=Compartment.CORE,
    transitions={"": frozenset({"open"}), "open": frozenset({"closed"}), "closed": frozenset({"open"})},
    at="opened_on",
)
