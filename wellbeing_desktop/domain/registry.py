"""Every record type that there is. Adding one: its struct and RecordType, one line here, one migration."""

from collections.abc import Mapping
from typing import Final

from wellbeing_desktop.domain import (
    assessment,
    care_plan,
    concern,
    consent,
    contact,
    correction,
    document,
    enquiry,
    knowledge,
    onward,
    organisation,
    person,
    phrase,
    recusal,
    referral,
    safety,
    saved_view,
    screening,
    service_file,
    task,
    training,
)
from wellbeing_desktop.domain.definition import Record, RecordType

RECORD_TYPES: Final[Mapping[str, RecordType]] = {
    record_type.name: record_type
    for record_type in (
        person.PERSON,
        person.DEMOGRAPHICS,
        person.REGISTRATION,
        person.ADDRESS,
        person.CONTACT_POINT,
        person.RELATED_PERSON,
        safety.ALERT,
        safety.SAFETY_FACT,
        safety.ACCESS_NOTE,
        safety.STAY,
        organisation.ORGANISATION,
        organisation.PRACTITIONER,
        organisation.TEAM,
        organisation.GRANT,
        recusal.RECUSAL,
        organisation.SETTING,
        phrase.PHRASE,
        organisation.ASSESSMENT_TOOL,
        organisation.RETURN_RUN,
        organisation.IMPORT_RUN,
        saved_view.SAVED_VIEW,
        referral.REFERRAL,
        referral.EPISODE,
        screening.TRIAGE_FORM,
        screening.SCREENING,
        training.TRAINING,
        contact.APPOINTMENT,
        contact.CONTACT,
        contact.NOTE,
        contact.GP_ENTRY,
        care_plan.CARE_PLAN,
        care_plan.PLAN_NARRATIVE,
        care_plan.GOAL,
        care_plan.ACTION,
        care_plan.PLAN_COPY,
        assessment.ASSESSMENT,
        assessment.SCORE,
        consent.CONSENT,
        task.TASK,
        document.LETTER,
        document.ATTACHMENT,
        correction.AMENDMENT,
        correction.CONFLICT,
        correction.ALIAS,
        correction.MISFILING,
        enquiry.ENQUIRY,
        enquiry.REQUEST,
        enquiry.INSTRUCTION,
        enquiry.MESSAGE,
        concern.CONCERN,
        concern.CONCERN_STEP,
        concern.CONCERN_CHILD,
        service_file.INCIDENT,
        service_file.COMPLAINT,
        onward.ONWARD_REFERRAL,
        onward.COVER,
        knowledge.ARTICLE,
        knowledge.ARTICLE_EDITION,
        knowledge.KNOWLEDGE_REPORT,
        knowledge.SERVICE,
        knowledge.DIGITAL_MODULE,
        knowledge.MODULE_RELEASE,
    )
}

_BY_STRUCT: Final = {record_type.struct: record_type for record_type in RECORD_TYPES.values()}


def type_of(record: Record | type[Record]) -> RecordType:
    """The record type of a record or of its struct; KeyError if it is not registered."""
    return _BY_STRUCT[record if isinstance(record, type) else type(record)]
