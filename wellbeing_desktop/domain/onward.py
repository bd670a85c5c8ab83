"""Where a person was sent on to, and whether they got there; and who covers for whom."""

import datetime as dt
from typing import Annotated

from wellbeing_desktop.domain.definition import Compartment, Merge, Record, RecordType, SubjectKind, about

FIXED = Merge.FIXED


class OnwardReferral(Record, frozen=True, kw_only=True, omit_defaults=True):
    """A signpost, a referral to another service, or a secondary-care appointment that is waited for (B6, J5). It stays
    open until the person attended, did not, was declined, or the service was full."""

    kind: Annotated[str, about("Kind", FIXED, code_list="onward_kinds", required=True, counted=True)] = ""
    service_id: Annotated[str, about("To service", refers_to="service", counted=True)] = ""
    to_name: Annotated[str, about("To", help="Where the directory has no entry for it.")] = ""
    reason: Annotated[str, about("Why", search=1, long=True)] = ""
    sent_on: Annotated[dt.date | None, about("Sent on", required=True, counted=True)] = None
    sent_how: Annotated[str, about("Sent how")] = ""
    sent_by: Annotated[str, about("By", FIXED, refers_to="practitioner", counted=True)] = ""
    letter_id: Annotated[str, about("Letter", refers_to="letter")] = ""
    referral_id: Annotated[str, about("From referral", refers_to="referral")] = ""
    appointment_on: Annotated[dt.date | None, about("Appointment there on")] = None
    chase_on: Annotated[dt.date | None, about("Ask again on")] = None
    chased_count: Annotated[int | None, about("Times asked")] = None
    owner_id: Annotated[str, about("Who asks", Merge.OWNER, refers_to="practitioner", counted=True)] = ""
    state: Annotated[str, about("State", Merge.STATE, code_list="onward_states", counted=True)] = ""
    ended_on: Annotated[dt.date | None, about("Known on", counted=True)] = None
    useful: Annotated[str, about("Was it useful", code_list="yes_no_unsure", counted=True)] = ""
    outcome: Annotated[str, about("What came of it", Merge.NARRATIVE, search=1)] = ""


class Cover(Record, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody looks after a colleague's people for a time: leave, a job share, a hand-over (B8)."""

    cover_id: Annotated[str, about("Who covers", Merge.OWNER, refers_to="practitioner", required=True)] = ""
    kind: Annotated[str, about("Why", FIXED, code_list="cover_kinds", required=True)] = ""
    since_on: Annotated[dt.date | None, about("From", required=True)] = None
    until_on: Annotated[dt.date | None, about("Until", help="Empty for a job share or a hand-over.")] = None
    words: Annotated[str, about("To know", long=True, help="About the work, not about a person.")] = ""
    made_by: Annotated[str, about("Arranged by", FIXED, refers_to="practitioner")] = ""
    ended: Annotated[bool | None, about("No longer")] = None


ONWARD_REFERRAL = RecordType(
    struct=OnwardReferral,
    name="onward_referral",
    label="Onward referral or signpost",
    plural="Onward referrals and signposts",
    compartment=Compartment.CORE,
    transitions={
        "": frozenset({"sent"}),
        "sent": frozenset({"booked", "attended", "not_attended", "declined", "full", "withdrawn"}),
        "booked": frozenset({"sent", "attended", "not_attended", "declined", "withdrawn"}),
        "attended": frozenset({"sent"}),
        "not_attended": frozenset({"sent", "booked", "attended"}),
        "declined": frozenset({"sent"}),
        "full": frozenset({"sent"}),
        "withdrawn": frozenset({"sent"}),
    },
    at="sent_on",
)
COVER = RecordType(
    struct=Cover,
    name="cover",
    label="Cover",
    plural="Covers",
    compartment=Compartment.CARD,
    subject_kind=SubjectKind.PRACTITIONER,
    at="since_on",
)
