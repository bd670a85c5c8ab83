"""Organisations, the people who work, their teams, what they may hold, and how a service has set itself up."""

import datetime as dt
from typing import Annotated

from wellbeing_desktop.domain.definition import Compartment, Merge, Record, RecordType, Sensitivity, SubjectKind, about

PLAIN = Sensitivity.PLAIN


class Organisation(Record, frozen=True, kw_only=True, omit_defaults=True):
    """Who refers, who is responsible, where we signpost. Never matched by name: by its ODS code."""

    name: Annotated[str, about("Name", required=True, search=2, sensitivity=PLAIN, counted=True)] = ""
    ods_code: Annotated[str, about("ODS code", search=2, sensitivity=PLAIN, counted=True)] = ""
    kind: Annotated[str, about("Kind", code_list="organisation_kinds", sensitivity=PLAIN, counted=True)] = ""
    address: Annotated[str, about("Address", sensitivity=PLAIN, long=True)] = ""
    postcode: Annotated[str, about("Postcode", sensitivity=PLAIN)] = ""
    telephone: Annotated[str, about("Telephone", sensitivity=PLAIN)] = ""
    email: Annotated[str, about("E-mail", sensitivity=PLAIN)] = ""
    list_size: Annotated[int | None, about("People on the list", sensitivity=PLAIN)] = None
    list_size_on: Annotated[dt.date | None, about("List size as of", sensitivity=PLAIN)] = None
    closed_on: Annotated[dt.date | None, about("Closed on", sensitivity=PLAIN)] = None


class Practitioner(Record, frozen=True, kw_only=True, omit_defaults=True):
    """A care coordinator, key worker or other professional. Its `subject` is its own id."""

    name: Annotated[str, about("Name", required=True, search=2, counted=True)] = ""
    job_title: Annotated[str, about("Job title")] = ""
    organisation_id: Annotated[str, about("Organisation", refers_to="organisation")] = ""
    telephone: Annotated[str, about("Telephone")] = ""
    email: Annotated[str, about("E-mail")] = ""
    languages: Annotated[tuple[str, ...], about("Languages", Merge.SET)] = ()
    practices: Annotated[tuple[str, ...], about("Works with practices", Merge.SET, refers_to="organisation")] = ()
    districts: Annotated[
        tuple[str, ...], about("Works in postcode districts", Merge.SET, help="The first half, such as DN18.")
    ] = ()
    registration_body: Annotated[str, about("Registration body", code_list="registration_bodies")] = ""
    registration_number: Annotated[str, about("Registration number")] = ""
    is_user: Annotated[bool | None, about("Signs in here", counted=True)] = None
    left_on: Annotated[dt.date | None, about("Left on", counted=True)] = None


class Team(Record, frozen=True, kw_only=True, omit_defaults=True):
    """A team and its members. Its `subject` is its own id."""

    name: Annotated[str, about("Name", required=True, sensitivity=PLAIN, counted=True)] = ""
    members: Annotated[tuple[str, ...], about("Members", Merge.SET, refers_to="practitioner", counted=True)] = ()
    lead_id: Annotated[str, about("Lead", refers_to="practitioner")] = ""
    deputy_id: Annotated[str, about("Deputy", refers_to="practitioner")] = ""


class Grant(Record, frozen=True, kw_only=True, omit_defaults=True):
    """What one practitioner may hold and change (PRACTICE W1). Checked by the server and by the laptop's store.

    `subjects` are bucket subjects, or "*" for everyone in the organisation; `compartments` what of them.
    `signature` is the server's Ed25519 signature over the rest (SECURITY 3.4).
    """

    practitioner_id: Annotated[str, about("Who", Merge.FIXED, refers_to="practitioner", required=True)] = ""
    kind: Annotated[str, about("Kind of grant", Merge.FIXED, code_list="grant_kinds", required=True)] = ""
    subjects: Annotated[tuple[str, ...], about("Of whom", Merge.SET)] = ()
    compartments: Annotated[tuple[str, ...], about("What", Merge.SET)] = ()
    with_names: Annotated[bool | None, about("With names", help="For a return grant: may see who is counted.")] = None
    may_write: Annotated[bool | None, about("May change")] = None
    named_only: Annotated[
        bool | None, about("Only whom it names", help="Nobody enters it or leaves it as coordinators change.")
    ] = None
    since_on: Annotated[dt.date | None, about("From")] = None
    until_on: Annotated[dt.date | None, about("Until")] = None
    reason: Annotated[str, about("Reason")] = ""
    signature: Annotated[str, about("Signature", sensitivity=PLAIN)] = ""


class Setting(Record, frozen=True, kw_only=True, omit_defaults=True):
    """One choice of the organisation: words (W31), lock times, counting rules. `value` is JSON text."""

    key: Annotated[str, about("Setting", Merge.FIXED, required=True, sensitivity=PLAIN)] = ""
    value: Annotated[str, about("Value", sensitivity=PLAIN, long=True)] = ""


class AssessmentTool(Record, frozen=True, kw_only=True, omit_defaults=True):
    """A questionnaire: versioned data, FHIR R4 Questionnaire as JSON text. Only what its licence allows (reference/04)."""

    tool: Annotated[str, about("Code", Merge.FIXED, required=True, sensitivity=PLAIN)] = ""
    version: Annotated[str, about("Version", Merge.FIXED, required=True, sensitivity=PLAIN)] = ""
    title: Annotated[str, about("Title", required=True, sensitivity=PLAIN)] = ""
    questionnaire: Annotated[str, about("Questions", Merge.FIXED, required=True, sensitivity=PLAIN, long=True)] = ""
    licence: Annotated[str, about("Licence", sensitivity=PLAIN, long=True)] = ""


class ReturnRun(Record, frozen=True, kw_only=True, omit_defaults=True):
    """One run of a monthly return, with the facts behind every number (DESIGN 7). Held JSON is text."""

    definition: Annotated[str, about("Return", Merge.FIXED, required=True, sensitivity=PLAIN)] = ""
    definition_version: Annotated[str, about("Version of the definitions", Merge.FIXED, sensitivity=PLAIN)] = ""
    month: Annotated[str, about("Month", Merge.FIXED, required=True, sensitivity=PLAIN)] = ""
    computed_at: Annotated[dt.datetime | None, about("Computed at", Merge.FIXED)] = None
    computed_by: Annotated[str, about("Computed by", Merge.FIXED, refers_to="practitioner")] = ""
    as_of_epoch: Annotated[str, about("As of history", Merge.FIXED, sensitivity=PLAIN)] = ""
    as_of_seq: Annotated[int | None, about("As of sequence", Merge.FIXED, sensitivity=PLAIN)] = None
    code_version: Annotated[str, about("Program version", Merge.FIXED, sensitivity=PLAIN)] = ""
    counts: Annotated[str, about("Counts", Merge.FIXED, sensitivity=PLAIN, long=True)] = ""
    facts: Annotated[str, about("Facts behind the counts", Merge.FIXED, long=True)] = ""
    completeness: Annotated[str, about("How complete", Merge.FIXED, long=True)] = ""
    hash: Annotated[str, about("Hash of counts and definitions", Merge.FIXED, sensitivity=PLAIN)] = ""
    provisional: Annotated[bool | None, about("Provisional", Merge.FIXED)] = None
    closed_on: Annotated[dt.date | None, about("Closed on")] = None


class ImportRun(Record, frozen=True, kw_only=True, omit_defaults=True):
    """One list of people brought in: what it did, so that it can be undone as one."""

    source: Annotated[str, about("Layout", Merge.FIXED, sensitivity=PLAIN)] = ""
    imported_at: Annotated[dt.datetime | None, about("When", Merge.FIXED)] = None
    imported_by: Annotated[str, about("By", Merge.FIXED, refers_to="practitioner")] = ""
    rows: Annotated[int | None, about("Rows", Merge.FIXED)] = None
    new: Annotated[int | None, about("New", Merge.FIXED)] = None
    updated: Annotated[int | None, about("Updated", Merge.FIXED)] = None
    unchanged: Annotated[int | None, about("Unchanged", Merge.FIXED)] = None
    refused: Annotated[int | None, about("Refused", Merge.FIXED)] = None
    undone_at: Annotated[dt.datetime | None, about("Undone")] = None


def _organisational(struct: type[Record], name: str, label: str, plural: str, compartment: Compartment) -> RecordType:
    return RecordType(
        struct=struct,
        name=name,
        label=label,
        plural=plural,
        compartment=compartment,
        subject_kind=SubjectKind.ORGANISATION,
    )


ORGANISATION = _organisational(Organisation, "organisation", "Organisation", "Organisations", Compartment.CARD)
SETTING = _organisational(Setting, "setting", "Setting", "Settings", Compartment.CARD)
ASSESSMENT_TOOL = _organisational(
    AssessmentTool, "assessment_tool", "Questionnaire", "Questionnaires", Compartment.CARD
)
RETURN_RUN = _organisational(ReturnRun, "return_run", "Return", "Returns", Compartment.CORE)
IMPORT_RUN = _organisational(ImportRun, "import_run", "Import", "Imports", Compartment.CARD)
PRACTITIONER = RecordType(
    struct=Practitioner,
    name="practitioner",
    label="Practitioner",
    plural="Practitioners",
    compartment=Compartment.CARD,
    subject_kind=SubjectKind.PRACTITIONER,
)
GRANT = RecordType(
    struct=Grant,
    name="grant",
    label="Grant",
    plural="Grants",
    compartment=Compartment.CARD,
    subject_kind=SubjectKind.PRACTITIONER,
)
TEAM = RecordType(
    struct=Team,
    name="team",
    label="Team",
    plural="Teams",
    compartment=Compartment.CARD,
    subject_kind=SubjectKind.TEAM,
)
