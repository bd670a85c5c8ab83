"""The person, how to reach them safely, and who is around them (reference/02; PRACTICE W2, W9, W10, W17, W20)."""

import datetime as dt
from typing import Annotated

from wellbeing_desktop.domain.definition import Compartment, Merge, Record, RecordType, Sensitivity, about

SPECIAL = Sensitivity.SPECIAL


class Person(Record, frozen=True, kw_only=True, omit_defaults=True):
    """Anyone we hold information about. Its `subject` is its own id."""

    family_name: Annotated[str, about("Family name", search=2, required=True, export="PERSON FAMILY NAME")] = ""
    given_name: Annotated[str, about("First name", search=2, export="PERSON GIVEN NAME")] = ""
    known_as: Annotated[str, about("Known as", search=2, help="The name the person likes to be called.")] = ""
    former_names: Annotated[tuple[str, ...], about("Former names", Merge.SET, search=2)] = ()
    title: Annotated[str, about("Title", help="Only if the person uses one.")] = ""
    pronouns: Annotated[str, about("Pronouns")] = ""
    born_on: Annotated[
        dt.date | None, about("Date of birth", Merge.SAFETY, counted=True, export="PERSON BIRTH DATE")
    ] = None
    nhs_number: Annotated[str, about("NHS number", Merge.SAFETY, search=2, export="NHS NUMBER")] = ""
    nhs_number_status: Annotated[str, about("NHS number checked", code_list="nhs_number_status")] = ""
    no_nhs_number_reason: Annotated[str, about("Why there is no NHS number")] = ""
    local_number: Annotated[str, about("Number in the GP system", search=2)] = ""
    practice_id: Annotated[
        str,
        about("Responsible practice", refers_to="organisation", counted=True, export="GENERAL MEDICAL PRACTICE CODE"),
    ] = ""
    registration: Annotated[
        str,
        about(
            "Registration", code_list="registration_status", counted=True, help="Registered, temporary, left or none."
        ),
    ] = ""
    usual_gp: Annotated[str, about("Usual GP")] = ""
    coordinator_id: Annotated[str, about("Care coordinator", refers_to="practitioner", counted=True)] = ""
    language: Annotated[str, about("Main language", export="LANGUAGE CODE")] = ""
    interpreter_needed: Annotated[bool | None, about("Interpreter needed")] = None
    communication_needs: Annotated[
        tuple[str, ...],
        about(
            "Communication needs",
            Merge.SET,
            code_list="communication_needs",
            help="Accessible Information Standard: shown at the top of every screen and used for every letter.",
        ),
    ] = ()
    communication_detail: Annotated[str, about("More about communication", long=True)] = ""
    letter_format: Annotated[str, about("Format for letters", code_list="letter_format")] = ""
    preferred_contact_method: Annotated[
        str, about("Best way to make contact", code_list="preferred_contact_method")
    ] = ""
    unidentified: Annotated[
        bool | None,
        about("Not known yet who this is", help="Begun on a contact before anybody knew; joined or named later."),
    ] = None
    no_fixed_abode: Annotated[bool | None, about("No fixed abode")] = None
    restricted: Annotated[bool | None, about("Restricted record", help="The person's whereabouts are protected.")] = (
        None
    )
    list_state: Annotated[str, about("On the practice list", code_list="list_state", counted=True)] = ""
    controller: Annotated[str, about("Data controller")] = ""
    died_on: Annotated[dt.date | None, about("Date of death", Merge.SAFETY, counted=True)] = None
    death_known_by: Annotated[str, about("How the death is known", Merge.SAFETY)] = ""
    death_verified_by: Annotated[str, about("Death verified by", Merge.SAFETY)] = ""


class Demographics(Record, frozen=True, kw_only=True, omit_defaults=True):
    """What equality monitoring and returns ask; every answer is optional. One for each person."""

    recorded_sex: Annotated[str, about("Recorded sex", code_list="recorded_sex", counted=True)] = ""
    stated_gender: Annotated[str, about("Gender in the GP record", code_list="person_stated_gender", counted=True)] = ""
    gender_identity: Annotated[str, about("Gender identity in the person's words", sensitivity=SPECIAL)] = ""
    gender_same_as_birth: Annotated[
        str, about("Gender the same as at birth", code_list="gender_identity_same_at_birth", sensitivity=SPECIAL)
    ] = ""
    ethnicity: Annotated[str, about("Ethnicity", code_list="ethnic_category", counted=True, sensitivity=SPECIAL)] = ""
    religion: Annotated[str, about("Religion", code_list="religion_group", sensitivity=SPECIAL)] = ""
    sexual_orientation: Annotated[
        str, about("Sexual orientation", code_list="sexual_orientation", sensitivity=SPECIAL)
    ] = ""
    marital_status: Annotated[str, about("Marital status", code_list="marital_status")] = ""
    disabilities: Annotated[
        tuple[str, ...], about("Disability", Merge.SET, code_list="disability", sensitivity=SPECIAL)
    ] = ()
    disability_impact: Annotated[
        str, about("Impact of disability", code_list="disability_impact", sensitivity=SPECIAL)
    ] = ""
    accommodation: Annotated[str, about("Accommodation", code_list="accommodation_status", counted=True)] = ""
    settled_accommodation: Annotated[str, about("Settled accommodation", code_list="settled_accommodation")] = ""
    employment: Annotated[str, about("Employment", code_list="employment_status", counted=True)] = ""
    carer_support: Annotated[str, about("Carer support", code_list="carer_support")] = ""
    young_carer: Annotated[str, about("Young carer", code_list="young_carer")] = ""
    immigration_status: Annotated[
        str,
        about(
            "Immigration status",
            code_list="immigration_status",
            sensitivity=SPECIAL,
            help="Only if the service must ask.",
        ),
    ] = ""
    opted_out: Annotated[bool | None, about("National data opt-out", help="Yes when the person has opted out.")] = None
    opt_out_checked_on: Annotated[dt.date | None, about("Opt-out checked on")] = None
    privacy_notice_on: Annotated[dt.date | None, about("Privacy notice given on")] = None


class Registration(Record, frozen=True, kw_only=True, omit_defaults=True):
    """Which practice was responsible, and when (W20). The newest without an end is `Person.practice_id`.

    `listed` is JSON text: what the list brought in last said of the person, so that the next one never overwrites
    what was changed here since (W22), and so that an import can be undone. A list may name no practice.
    """

    practice_id: Annotated[str, about("Practice", Merge.FIXED, refers_to="organisation", counted=True)] = ""
    status: Annotated[str, about("Registration", code_list="registration_status", counted=True)] = ""
    started_on: Annotated[dt.date | None, about("From", counted=True)] = None
    ended_on: Annotated[dt.date | None, about("Until", counted=True)] = None
    listed: Annotated[str, about("What the list last said", long=True)] = ""


class Address(Record, frozen=True, kw_only=True, omit_defaults=True):
    """Where someone lives or stays, and whether it is safe to write there (W10)."""

    line1: Annotated[str, about("Address line 1", search=2)] = ""
    line2: Annotated[str, about("Address line 2", search=2)] = ""
    line3: Annotated[str, about("Address line 3")] = ""
    line4: Annotated[str, about("Town")] = ""
    line5: Annotated[str, about("County")] = ""
    postcode: Annotated[str, about("Postcode", search=2, export="POSTCODE")] = ""
    use: Annotated[str, about("Kind of address", code_list="address_association")] = ""
    safe_to_write: Annotated[
        bool | None,
        about("Safe to write here", Merge.SAFETY, help="Choose No to stop every letter and label to this address."),
    ] = None
    safety_reason: Annotated[str, about("Why it is not safe", Merge.SAFETY)] = ""
    started_on: Annotated[dt.date | None, about("From")] = None
    ended_on: Annotated[dt.date | None, about("Until")] = None


class ContactPoint(Record, frozen=True, kw_only=True, omit_defaults=True):
    """A telephone number or e-mail address, and what is safe on it (W10). Telephones are stored as E.164."""

    medium: Annotated[str, about("Kind", code_list="contact_point_medium", required=True)] = ""
    value: Annotated[str, about("Number or address", search=2, required=True)] = ""
    extension: Annotated[str, about("Extension")] = ""
    note: Annotated[str, about("Whose it is, or when to use it")] = ""
    preferred: Annotated[bool | None, about("Use this first")] = None
    safe_to_call: Annotated[bool | None, about("Safe to call", Merge.SAFETY)] = None
    safe_to_text: Annotated[bool | None, about("Safe to text", Merge.SAFETY)] = None
    safe_to_leave_message: Annotated[bool | None, about("Safe to leave a message", Merge.SAFETY)] = None
    safe_times: Annotated[str, about("Safe times", Merge.SAFETY)] = ""
    code_word: Annotated[str, about("Code word", Merge.SAFETY)] = ""
    safety_reason: Annotated[str, about("Why it is not safe", Merge.SAFETY)] = ""


class RelatedPerson(Record, frozen=True, kw_only=True, omit_defaults=True):
    """Family, carer, next of kin. A carer is unpaid; staff are never carers."""

    name: Annotated[str, about("Name", required=True, search=2)] = ""
    relationship: Annotated[str, about("Relationship")] = ""
    roles: Annotated[tuple[str, ...], about("Roles", Merge.SET, code_list="related_person_roles")] = ()
    telephone: Annotated[str, about("Telephone", search=2)] = ""
    email: Annotated[str, about("E-mail")] = ""
    address: Annotated[str, about("Address", long=True)] = ""
    born_on: Annotated[dt.date | None, about("Date of birth")] = None
    lives_with_person: Annotated[bool | None, about("Lives with the person")] = None
    may_be_told: Annotated[str, about("May be told", Merge.SAFETY, help="For example: visit times, equipment.")] = ""
    not_to_be_told: Annotated[str, about("Not to be told", Merge.SAFETY, help="For example: mental health.")] = ""
    legal_role: Annotated[str, about("Legal role", Merge.SAFETY, code_list="legal_roles")] = ""
    document_seen_by: Annotated[str, about("Document seen by")] = ""
    document_seen_on: Annotated[dt.date | None, about("Document seen on")] = None


PERSON = RecordType(struct=Person, name="person", label="Person", plural="People", compartment=Compartment.CARD)
DEMOGRAPHICS = RecordType(
    struct=Demographics, name="demographics", label="Demographics", plural="Demographics", compartment=Compartment.CORE
)
REGISTRATION = RecordType(
    struct=Registration,
    name="registration",
    label="Practice registration",
    plural="Practice registrations",
    compartment=Compartment.CARD,
    at="started_on",
)
ADDRESS = RecordType(struct=Address, name="address", label="Address", plural="Addresses", compartment=Compartment.CARD)
CONTACT_POINT = RecordType(
    struct=ContactPoint,
    name="contact_point",
    label="Contact point",
    plural="Contact points",
    compartment=Compartment.CARD,
)
RELATED_PERSON = RecordType(
    struct=RelatedPerson,
    name="related_person",
    label="Related person",
    plural="Related people",
    compartment=Compartment.CARD,
)
