"""FHIR R4 out, in UK Core shapes: a person, who is around them, contacts, plans and scores, as one Bundle.

What FHIR has no place for is left to the other exports rather than bent into something else. An address or number
that is not safe to use is never in the file: FHIR cannot say so, and the next system would use it.
"""

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.assessment import Score
from wellbeing_desktop.domain.care_plan import Action, CarePlan, Goal, PlanNarrative
from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.contact import Contact
from wellbeing_desktop.domain.definition import fields_of
from wellbeing_desktop.domain.person import Address, ContactPoint, Demographics, Person, RelatedPerson
from wellbeing_desktop.exchange import fhir_terms as terms

Resource = dict[str, Any]

_GENDERS: Final = {"1": "male", "2": "female", "9": "other", "X": "unknown"}
_PHONE_USES: Final = {"mobile": "mobile", "work": "work", "telephone": "home", "textphone": "home"}
_PLAN_STATES: Final = {"draft": "draft", "agreed": "active", "declined": "revoked", "ended": "completed"}
_GOAL_STATES: Final = {
    "": "proposed",
    "not_started": "accepted",
    "in_progress": "active",
    "achieved": "completed",
    "stopped": "cancelled",
}
_ACTION_STATES: Final = {"": "not-started", "to_do": "not-started", "done": "completed", "not_done": "cancelled"}
# By what it was, from the contact medium: at home, by wire, or at a place of ours.
_AT_HOME: Final = frozenset({"home_visit"})
_IN_PERSON: Final = frozenset({"01", "visitor"})
_WRITTEN_FORMATS: Final = {"large_print": ("11", "Large print"), "braille": ("12", "Braille"),
                           "audio": ("13", "Audio tape")}  # fmt: skip
# Words for staff, and words about the plan that are not the person's to hand on.
_NOT_IN_A_COPY: Final = frozenset({"plan_id", "staff_only", "formulation"})


class PersonRecords(msgspec.Struct, frozen=True, kw_only=True):
    """Everything of one person that can go out as FHIR. `practice_code` is the ODS code of the practice."""

    person: Person
    demographics: Demographics | None = None
    practice_code: str = ""
    addresses: Sequence[Address] = ()
    contact_points: Sequence[ContactPoint] = ()
    related: Sequence[RelatedPerson] = ()
    contacts: Sequence[Contact] = ()
    plans: Sequence[CarePlan] = ()
    narratives: Sequence[PlanNarrative] = ()
    goals: Sequence[Goal] = ()
    actions: Sequence[Action] = ()
    scores: Sequence[Score] = ()


def fhir_bytes(records: PersonRecords, written_at: dt.datetime) -> bytes:
    """The Bundle as indented UTF-8 JSON."""
    return json.dumps(person_bundle(records, written_at), indent=1, ensure_ascii=False).encode("utf-8", "replace")


def person_bundle(records: PersonRecords, written_at: dt.datetime) -> Resource:
    """A Bundle of type collection; every reference inside it is to an entry of it."""
    subject = records.person.id
    resources = [patient_resource(records)]
    reachable = not records.person.restricted
    resources += [_related_resource(each, subject, reachable=reachable) for each in records.related if each.name]
    resources += [_encounter_resource(each, subject) for each in records.contacts if each.happened_at]
    resources += [_goal_resource(each, subject) for each in records.goals if each.what]
    resources += [_plan_resource(each, records) for each in records.plans]
    resources += [_score_resource(each, subject) for each in records.scores if each.value is not None]
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": _moment(written_at),
        "entry": [{"fullUrl": f"urn:uuid:{resource['id']}", "resource": resource} for resource in resources],
    }


def patient_resource(records: PersonRecords) -> Resource:
    """A UK Core Patient. A restricted person goes out marked so, without address, number or practice, as PDS does."""
    person, details = records.person, records.demographics
    restricted = bool(person.restricted)
    return _filled(
        {
            "resourceType": "Patient",
            "id": person.id,
            "meta": _filled(
                {
                    "profile": [terms.PROFILE.format("Patient")],
                    "security": [{"system": terms.CONFIDENTIALITY, "code": "R", "display": "restricted"}]
                    if restricted
                    else None,
                }
            ),
            "extension": _patient_extensions(person, details),
            "identifier": _identifiers(person),
            "name": _names(person),
            "telecom": [] if restricted else _telecom(records.contact_points),
            "gender": _GENDERS.get(details.stated_gender, "") if details else "",
            "birthDate": _day(person.born_on),
            "deceasedDateTime": _day(person.died_on),
            "address": [] if restricted else [_address(each) for each in records.addresses if _may_go(each)],
            "generalPractitioner": [
                {"type": "Organization", "identifier": {"system": terms.ODS_CODE, "value": records.practice_code}}
            ]
            if records.practice_code and not restricted
            else [],
        }
    )


def _patient_extensions(person: Person, details: Demographics | None) -> list[Resource]:
    found: list[Resource] = []
    if details and details.ethnicity:
        coding = {
            "system": terms.ETHNIC_CATEGORY_CODES,
            "code": details.ethnicity,
            "display": label_of("ethnic_category", details.ethnicity),
        }
        found.append({"url": terms.ETHNIC_CATEGORY, "valueCodeableConcept": {"coding": [coding]}})
    communication: list[Resource] = []
    if person.language:
        communication.append({"url": "language", "valueCodeableConcept": {"text": person.language}})
    if person.interpreter_needed is not None:
        communication.append({"url": "interpreterRequired", "valueBoolean": person.interpreter_needed})
    if communication:
        found.append({"url": terms.NHS_COMMUNICATION, "extension": communication})
    preference: list[Resource] = []
    if person.preferred_contact_method:
        preference.append(
            {
                "url": "PreferredContactMethod",
                "valueCodeableConcept": {
                    "coding": [{"system": terms.CONTACT_METHOD_CODES, "code": person.preferred_contact_method}]
                },
            }
        )
    if person.letter_format in _WRITTEN_FORMATS:
        code, display = _WRITTEN_FORMATS[person.letter_format]
        preference.append(
            {
                "url": "PreferredWrittenCommunicationFormat",
                "valueCodeableConcept": {
                    "coding": [{"system": terms.WRITTEN_FORMAT_CODES, "code": code, "display": display}]
                },
            }
        )
    if preference:
        found.append({"url": terms.CONTACT_PREFERENCE, "extension": preference})
    return found


def _identifiers(person: Person) -> list[Resource]:
    if not person.nhs_number:
        return []
    identifier: Resource = {"system": terms.NHS_NUMBER, "value": person.nhs_number}
    if person.nhs_number_status:
        coding = {
            "system": terms.VERIFICATION_CODES,
            "code": person.nhs_number_status,
            "display": label_of("nhs_number_status", person.nhs_number_status),
        }
        identifier["extension"] = [{"url": terms.VERIFICATION, "valueCodeableConcept": {"coding": [coding]}}]
    return [identifier]


def _names(person: Person) -> list[Resource]:
    names = [
        _filled(
            {
                "use": "official",
                "family": person.family_name,
                "given": person.given_name.split(),
                "prefix": [person.title] if person.title else [],
            }
        )
    ]
    if person.known_as:
        names.append({"use": "nickname", "text": person.known_as, "given": [person.known_as]})
    return names


def _telecom(points: Iterable[ContactPoint]) -> list[Resource]:
    found = []
    for point in points:
        if point.safe_to_call is False or point.safe_to_text is False or point.safe_to_leave_message is False:
            continue
        if not point.value:
            continue
        if point.medium == "email":
            found.append({"system": "email", "value": point.value})
        else:
            value = f"{point.value};ext={point.extension}" if point.extension else point.value
            found.append({"system": "phone", "value": value, "use": _PHONE_USES.get(point.medium, "home")})
    return found


def _may_go(address: Address) -> bool:
    return address.safe_to_write is not False and address.ended_on is None and bool(address.line1 or address.postcode)


def _address(address: Address) -> Resource:
    return _filled(
        {
            "use": "temp" if address.use == "3" else "home",
            "line": [line for line in (address.line1, address.line2, address.line3) if line],
            "city": address.line4,
            "district": address.line5,
            "postalCode": address.postcode,
            "period": _filled({"start": _day(address.started_on)}),
        }
    )


def _related_resource(related: RelatedPerson, subject: str, *, reachable: bool) -> Resource:
    """Without numbers for a restricted person: whoever calls a relative may learn where the person is."""
    telecom = [{"system": "phone", "value": related.telephone}] if related.telephone else []
    telecom += [{"system": "email", "value": related.email}] if related.email else []
    return _filled(
        {
            "resourceType": "RelatedPerson",
            "id": related.id,
            "meta": {"profile": [terms.PROFILE.format("RelatedPerson")]},
            "patient": _reference(subject),
            "relationship": [{"text": related.relationship}] if related.relationship else [],
            "name": [{"text": related.name}],
            "telecom": telecom if reachable else [],
            "birthDate": _day(related.born_on),
        }
    )


def _encounter_resource(contact: Contact, subject: str) -> Resource:
    if contact.medium in _AT_HOME:
        kind = {"system": terms.ACT_CODES, "code": "HH", "display": "home health"}
    elif contact.medium in _IN_PERSON:
        kind = {"system": terms.ACT_CODES, "code": "AMB", "display": "ambulatory"}
    else:
        kind = {"system": terms.ACT_CODES, "code": "VR", "display": "virtual"}
    return _filled(
        {
            "resourceType": "Encounter",
            "id": contact.id,
            "meta": {"profile": [terms.PROFILE.format("Encounter")]},
            "status": "finished",
            "class": kind,
            "type": [{"text": label_of("contact_mediums", contact.medium)}] if contact.medium else [],
            "subject": _reference(subject),
            "period": _filled({"start": _moment(contact.happened_at), "end": _moment(contact.ended_at)}),
        }
    )


def _goal_resource(goal: Goal, subject: str) -> Resource:
    return _filled(
        {
            "resourceType": "Goal",
            "id": goal.id,
            "lifecycleStatus": _GOAL_STATES.get(goal.state, "proposed"),
            "description": {"text": goal.what},
            "subject": _reference(subject),
            "target": [{"dueDate": _day(goal.target_on)}] if goal.target_on else [],
            "note": [{"text": goal.outcome}] if goal.outcome else [],
        }
    )


def _plan_resource(plan: CarePlan, records: PersonRecords) -> Resource:
    goals = [goal for goal in records.goals if goal.plan_id == plan.id and goal.what]
    actions = [action for action in records.actions if action.plan_id == plan.id and action.what]
    notes = [
        {"text": f"{field.label}: {words}"}
        for narrative in records.narratives
        if narrative.plan_id == plan.id
        for field in fields_of(PlanNarrative)
        if field.name not in _NOT_IN_A_COPY and (words := getattr(narrative, field.name))
    ]
    superseded = any(other.supersedes == plan.id for other in records.plans)
    return _filled(
        {
            "resourceType": "CarePlan",
            "id": plan.id,
            "meta": {"profile": [terms.PROFILE.format("CarePlan")]},
            "replaces": [_reference(plan.supersedes)]
            if any(other.id == plan.supersedes for other in records.plans)
            else [],
            "status": "revoked" if superseded else _PLAN_STATES.get(plan.state, "unknown"),
            "intent": "plan",
            "title": "Personalised care and support plan",
            "subject": _reference(records.person.id),
            "period": _filled({"start": _day(plan.started_on or plan.agreed_on)}),
            "created": _day(plan.agreed_on),
            "goal": [_reference(goal.id) for goal in goals],
            "activity": [{"detail": _action_detail(action, goals)} for action in actions],
            "note": notes,
        }
    )


def _action_detail(action: Action, goals: Sequence[Goal]) -> Resource:
    return _filled(
        {
            "status": _ACTION_STATES.get(action.state, "unknown"),
            "goal": [_reference(action.goal_id)] if any(goal.id == action.goal_id for goal in goals) else [],
            "description": f"{action.what} ({action.who})" if action.who else action.what,
            "scheduledPeriod": _filled({"end": _day(action.due_on)}),
        }
    )


def _score_resource(score: Score, subject: str) -> Resource:
    return _filled(
        {
            "resourceType": "Observation",
            "id": score.id,
            "meta": {"profile": [terms.PROFILE.format("Observation")]},
            "status": "final",
            "category": [{"coding": [{"system": terms.OBSERVATION_CATEGORIES, "code": "survey"}]}],
            "code": {"text": " ".join(part for part in (score.tool, score.scale) if part)},
            "subject": _reference(subject),
            "effectiveDateTime": _day(score.taken_on),
            "valueInteger": score.value,
        }
    )


def _reference(record_id: str) -> Resource:
    return {"reference": f"urn:uuid:{record_id}"}


def _filled(resource: Mapping[str, Any]) -> Resource:
    """Without empty elements, which FHIR forbids. Zero and False are values."""
    return {key: value for key, value in resource.items() if value not in (None, "", [], {})}


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def _moment(moment: dt.datetime | None) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if moment else ""
