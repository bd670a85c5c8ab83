"""Concerns about somebody's safety, who else lives there, and what was tried to get help.

Sources: PRACTICE W6, W7 (no level of risk anywhere), W12 (two paths); reference/06-standards.md (section 42 test,
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


class ConcernChild(Record, frozen=True, kw_only=True, omit_defaults=True):
    """A child in the household that a concern is about (W12): a row, so that two who write at once lose neither."""

    concern_id: Annotated[str, about("Concern", FIXED, refers_to="concern", required=True)] = ""
    name: Annotated[str, about("Name", Merge.SAFETY, required=True)] = ""
    born_on: Annotated[dt.date | None, about("Born", Merge.SAFETY)] = None


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
CONCERN_CHILD = RecordType(
    struct=ConcernChild,
    name="concern_child",
    label="Child in the household",
    plural="Children in the household",
    compartment=Compartment.RESTRICTED,
)
