"""What a letter can say from the record: the plan, the referral, attempts to get through, the end of support.

Everything given here is shown to the writer and can be changed before the letter is ready.
"""

import datetime as dt
from collections.abc import Mapping

from wellbeing_desktop.domain.care_plan import CarePlan
from wellbeing_desktop.domain.code_lists import code_list, label_of
from wellbeing_desktop.domain.contact import Appointment, Contact
from wellbeing_desktop.domain.dates import plain_date
from wellbeing_desktop.domain.organisation import Organisation
from wellbeing_desktop.domain.person import RelatedPerson
from wellbeing_desktop.domain.plan_rules import current_plan
from wellbeing_desktop.domain.referral import Episode, Referral
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.care_plans import plan_parts
from wellbeing_desktop.operations.letter_document import usual_values
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.records import load, load_all

REPLY_DAYS = 14
"""Product choice: two weeks to answer; the writer sees the day and may change it."""


def values_for(reader: Reader, person_id: str, *, today: dt.date, author_id: str = "") -> dict[str, str]:
    """Merge fields with a value in the record. What is not known is absent, for the writer to give."""
    booked = _next_appointment(reader, person_id, today)
    appointment_id = booked.id if booked is not None else ""
    values = dict(usual_values(reader, person_id, today=today, author_id=author_id, appointment_id=appointment_id))
    if booked is not None and booked.medium == "home_visit":
        values.setdefault("appointment_place", "your home")
    values.setdefault("reply_by", plain_date(today + dt.timedelta(days=REPLY_DAYS)))
    for more in (_attempts(reader, person_id), _referral(reader, person_id), _plan(reader, person_id)):
        values.update({name: text for name, text in more.items() if text.strip() and not values.get(name)})
    return values


def recipient_for(reader: Reader, person_id: str, to_kind: str) -> tuple[str, str]:
    """(name on the envelope, address lines) of somebody other than the person; empty where the record knows none."""
    person = found.person(reader, person_id)
    if to_kind == "gp":
        practice = load(reader, Organisation, person.practice_id) if person.practice_id else None
        return _organisation(practice)
    if to_kind == "referrer":
        referrals = _newest_referrals(reader, person_id)
        return recipient_of_referral(reader, referrals[0]) if referrals else ("", "")
    if to_kind in ("next_of_kin", "related_person"):
        related = load_all(reader, RelatedPerson, subject=person_id)
        kin = [one for one in related if "next_of_kin" in one.roles] or (related if to_kind == "related_person" else [])
        return (kin[0].name, kin[0].address) if kin else ("", "")
    return "", ""


def recipient_of_referral(reader: Reader, referral: Referral) -> tuple[str, str]:
    """(name on the envelope, address lines) of who made a referral; empty where the record knows none."""
    organisation = load(reader, Organisation, referral.organisation_id) if referral.organisation_id else None
    name, address = _organisation(organisation)
    return referral.referrer_name or name, address


def _organisation(organisation: Organisation | None) -> tuple[str, str]:
    if organisation is None:
        return "", ""
    if not organisation.address.strip():
        return organisation.name, ""  # a postcode alone is no address
    return organisation.name, "\n".join(filter(None, (organisation.address.strip(), organisation.postcode)))


def _next_appointment(reader: Reader, person_id: str, today: dt.date) -> Appointment | None:
    booked = [
        one
        for one in load_all(reader, Appointment, subject=person_id, state="booked")
        if one.starts_on is not None and one.starts_on >= today
    ]
    return min(booked, key=lambda one: (str(one.starts_at), one.id)) if booked else None


def _attempts(reader: Reader, person_id: str) -> Mapping[str, str]:
    unanswered = code_list("contact_outcomes").codes_where("kind", "no_reply")
    contacts = [one for one in load_all(reader, Contact, subject=person_id) if one.happened_on is not None]
    contacts.sort(key=lambda one: (one.happened_on or dt.date.min, one.id), reverse=True)
    tries = []
    for one in contacts:
        if one.outcome not in unanswered:
            break
        tries.append(one)
    if not tries or tries[0].happened_on is None:
        return {}
    times = "once" if len(tries) == 1 else f"{len(tries)} times"
    return {"attempts_words": f"{times}, last on {plain_date(tries[0].happened_on)},"}


def _newest_referrals(reader: Reader, person_id: str) -> list[Referral]:
    referrals = load_all(reader, Referral, subject=person_id)
    return sorted(referrals, key=lambda one: (one.received_on or dt.date.min, one.id), reverse=True)


def _referral(reader: Reader, person_id: str) -> Mapping[str, str]:
    values = {}
    referrals = _newest_referrals(reader, person_id)
    if referrals:
        values["referrer_name"] = referrals[0].referrer_name
        if referrals[0].received_on is not None:
            values["received_on"] = plain_date(referrals[0].received_on)
    closed = [one.closed_on for one in load_all(reader, Episode, subject=person_id) if one.closed_on is not None]
    if closed:
        values["closed_on"] = plain_date(max(closed))
    return values


def _plan(reader: Reader, person_id: str) -> Mapping[str, str]:
    plans = current_plan(load_all(reader, CarePlan, subject=person_id))
    if not plans or plans[0].agreed_on is None:
        return {}
    parts = plan_parts(reader, plans[0].id)
    goals = []
    for goal in parts.goals:
        actions = [action.what.strip() for action in parts.actions if action.goal_id == goal.id and action.what.strip()]
        state = label_of("goal_states", goal.state).lower() if goal.state else ""
        said = goal.what.strip().rstrip(".") + (f" ({state})" if state else "")
        goals.append(said + (f": {'; '.join(actions)}" if actions else ""))
    narrative = parts.narrative
    return {
        "agreed_on": plain_date(plans[0].agreed_on),
        "agreed_by": plans[0].agreed_with,
        "review_on": plain_date(plans[0].review_on) if plans[0].review_on is not None else "",
        "goals_words": ". ".join(goals) + "." if goals else "",
        "matters_words": narrative.most_important if narrative else "",
        "contingency_words": narrative.what_should_happen if narrative else "",
    }
