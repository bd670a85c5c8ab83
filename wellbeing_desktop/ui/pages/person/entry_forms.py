"""The forms that follow their record's definition: details, addresses, numbers, alerts, facts, people, consent."""

import datetime as dt
from typing import Final

import msgspec

from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.consent import Consent
from wellbeing_desktop.domain.dates import day_words
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.person import Address, ContactPoint, RelatedPerson
from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.domain.safe_to_reach import TELEPHONES
from wellbeing_desktop.domain.safety import Alert, SafetyFact, Stay
from wellbeing_desktop.domain.standing import current_heads
from wellbeing_desktop.exchange.telephone import format_telephone, parse_telephone
from wellbeing_desktop.operations import alerts, consent, people, stays
from wellbeing_desktop.ui.pages.person.entry_work import Beside, Job, Make, Work
from wellbeing_desktop.ui.record_form import RecordForm, widget_for
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import fields, labels, read_back
from wellbeing_desktop.ui.widgets.form import Form

_DETAILS: Final = (
    ("family_name", "given_name"),
    ("known_as", "pronouns", "title"),
    ("born_on", "nhs_number"),
    ("no_nhs_number_reason", "local_number"),
    ("former_names",),
    ("practice_id", "registration"),
    ("usual_gp", "coordinator_id"),
    ("language", "interpreter_needed"),
    ("communication_needs",),
    ("communication_detail",),
    ("letter_format", "preferred_contact_method"),
    ("no_fixed_abode",),
)
_ADDRESS: Final = (
    ("use",),
    ("line1", "line2"),
    ("line3", "line4"),
    ("line5", "postcode"),
    ("safe_to_write", "safety_reason"),
    ("started_on", "ended_on"),
)
_NUMBER: Final = (
    ("medium", "value"),
    ("extension", "preferred"),
    ("note",),
    ("safe_to_call", "safe_to_text", "safe_to_leave_message"),
    ("safe_times", "code_word"),
    ("safety_reason",),
)
_DEMOGRAPHICS: Final = (
    ("recorded_sex", "stated_gender"),
    ("gender_identity", "gender_same_as_birth"),
    ("ethnicity", "religion"),
    ("sexual_orientation", "marital_status"),
    ("disabilities",),
    ("disability_impact", "carer_support"),
    ("accommodation", "settled_accommodation"),
    ("employment", "young_carer"),
    ("immigration_status",),
    ("opted_out", "opt_out_checked_on", "privacy_notice_on"),
)
_ALERT: Final = (
    ("kind",),
    ("statement",),
    ("what_to_do",),
    ("source", "stated_on", "review_on"),
    ("before_visit",),
)
_FACT: Final = (
    ("kind", "presence"),
    ("statement",),
    ("reaction",),
    ("source", "stated_on"),
    ("original_kept_at", "document_seen_by"),
    ("expires_on", "review_on", "ended_on"),
)
_ACCESS: Final = (("instructions",), ("key_safe", "animals"), ("two_person_visit", "checked_on"))
_STAY: Final = (("place", "kind"), ("started_on", "expected_end_on", "ended_on"))
_RELATED: Final = (
    ("name", "relationship"),
    ("roles",),
    ("telephone", "email"),
    ("address",),
    ("born_on", "lives_with_person"),
    ("may_be_told", "not_to_be_told"),
    ("legal_role",),
    ("document_seen_by", "document_seen_on"),
)
_CONSENT: Final = (
    ("purpose",),
    ("recipient",),
    ("decision", "given_on"),
    ("given_by", "given_by_name"),
    ("document_seen", "how"),
    ("expires_on",),
    ("note",),
)


def details(session: Session, beside: Beside) -> Work:
    """Name, birth date, numbers, practice, communication."""
    person = beside.record.person
    form = RecordForm(
        RECORD_TYPES["person"],
        _DETAILS,
        session.today,
        shown=person,
        choices={"practice_id": beside.practices, "coordinator_id": beside.workers},
    )

    def job() -> Job:
        changed = form.changed()
        return lambda writer: people.change_person(writer, person.id, changed, form.seen(), at=session.now())

    return Work("Change the details", "Save details", "Details saved.", form, job)


def demographics(session: Session, beside: Beside) -> Work:
    """Every answer is optional."""
    shown = beside.record.demographics
    person_id = beside.record.person.id
    form = RecordForm(RECORD_TYPES["demographics"], _DEMOGRAPHICS, session.today, shown=shown)

    def job() -> Job:
        changed = form.changed()
        return lambda writer: people.change_demographics(writer, person_id, changed, form.seen(), at=session.now())

    return Work(
        "Equality details",
        "Save equality details",
        "Equality details saved.",
        form,
        job,
        above=(labels.muted("Ask, and write what the person says. Every answer may be left out."),),
    )


def address(session: Session, beside: Beside) -> Work:
    """A new address, or the one with this id."""
    shown = next((one for one in beside.record.addresses if one.id == beside.id), None)
    form = RecordForm(RECORD_TYPES["address"], _ADDRESS, session.today, shown=shown, needed=("line1",))
    if shown is None:
        form.set_values({"use": "1"})
    person_id = beside.record.person.id

    def job() -> Job:
        if shown is not None:
            changed = form.changed()
            return lambda writer: people.change_address(writer, shown.id, changed, form.seen(), at=session.now())
        made = Address(subject=person_id, **form.all_values())
        return lambda writer: people.add_address(writer, made, at=session.now())

    hint = "When somebody moves house, add the new address: the old one ends by itself."
    return Work("Address", "Save address", "Address saved.", form, job, tab="people", above=(labels.muted(hint),))


def number(session: Session, beside: Beside) -> Work:
    """A telephone number or e-mail address and what is safe on it."""
    shown = next((one for one in beside.record.contact_points if one.id == beside.id), None)
    readable = msgspec.structs.replace(shown, value=format_telephone(shown.value)) if shown is not None else None
    medium = widget_for(RECORD_TYPES["contact_point"].field("medium"), session.today)
    value = read_back.phone_or_email(lambda: medium.value() not in TELEPHONES)
    form = RecordForm(
        RECORD_TYPES["contact_point"],
        _NUMBER,
        session.today,
        shown=readable,
        made={"medium": medium, "value": value},
    )
    person_id = beside.record.person.id

    def job() -> Job:
        values = form.changed()
        medium = form.value_of("medium")
        if "value" in values and medium in TELEPHONES:
            telephone = parse_telephone(values["value"], "value")
            values["value"] = telephone.e164
            if telephone.extension and not form.value_of("extension"):
                values["extension"] = telephone.extension
        if shown is not None:
            seen = {name: getattr(shown, name) for name in form.names}
            return lambda writer: people.change_contact_point(writer, shown.id, values, seen, at=session.now())
        made = ContactPoint(subject=person_id, **values)
        return lambda writer: people.add_contact_point(writer, made, at=session.now())

    return Work("Number or e-mail", "Save number", "Number saved.", form, job, tab="people")


def alert(session: Session, beside: Beside) -> Work:
    """A new dated statement, or a newer one in place of one that was seen. An alert is never changed in place."""
    person_id = beside.record.person.id
    old = next((item.alert for item in beside.record.alerts if item.alert.id == beside.id), None)
    form = RecordForm(RECORD_TYPES["alert"], _ALERT, session.today, shown=old, letters_taken=("s", "c", "n", "y"))
    above = [labels.muted("A dated statement with its source and what to do. There is no level of risk.")]
    if old is None:
        form.set_values({"stated_on": session.today().isoformat(), "before_visit": "yes"})
        form.add("seen_by", "Who ma&y see it", fields.choice(_WHO_SEES))
    else:
        above.append(
            labels.muted(f"This replaces what was said on {day_words(old.stated_on)}. The old one stays in history.")
        )
        form.add("ended", "", fields.tick("It is &no longer in force"))
        form.add("end_reason", "Why it ended", fields.line(), help_text="Only when it is no longer in force.")

    def job() -> Job:
        values = form.values()
        if old is not None and values["ended"]:
            return lambda writer: alerts.end_alert(
                writer, old.id, values["end_reason"], source=values["source"], at=session.now()
            )
        made = Alert(subject=person_id, **form.all_values())
        if old is not None:
            return lambda writer: alerts.replace_alert(writer, old.id, made, at=session.now())
        return lambda writer: alerts.raise_alert(writer, made, values["seen_by"], at=session.now())

    title = "Review the alert" if old is not None else "Add an alert"
    return Work(title, "Save alert", "Alert saved.", form, job, above=above)


def fact(session: Session, beside: Beside) -> Work:
    """Allergy, advance decision, attorney and so on."""
    person_id = beside.record.person.id
    shown = next((one for one in beside.record.safety_facts if one.id == beside.id), None)
    form = RecordForm(RECORD_TYPES["safety_fact"], _FACT, session.today, shown=shown)
    if shown is None:
        form.set_values({"stated_on": session.today().isoformat(), "presence": "present"})

    def job() -> Job:
        if shown is not None:
            changed = form.changed()
            changed.pop("kind", None)
            return lambda writer: alerts.change_safety_fact(writer, shown.id, changed, form.seen(), at=session.now())
        made = SafetyFact(subject=person_id, **form.all_values())
        return lambda writer: alerts.record_safety_fact(writer, made, at=session.now())

    return Work("Safety fact", "Save safety fact", "Safety fact saved.", form, job)


def access(session: Session, beside: Beside) -> Work:
    """How to get in. The key safe's code is here to be changed, and otherwise only on the day of a visit."""
    person_id = beside.record.person.id
    form = RecordForm(RECORD_TYPES["access_note"], _ACCESS, session.today, shown=beside.record.access_note)

    def job() -> Job:
        changed = form.changed()
        return lambda writer: alerts.record_access_note(writer, person_id, changed, form.seen(), at=session.now())

    return Work("How to get in", "Save how to get in", "How to get in is saved.", form, job)


def stay(session: Session, beside: Beside) -> Work:
    """Where the person is now."""
    person_id = beside.record.person.id
    form = RecordForm(RECORD_TYPES["stay"], _STAY, session.today)
    now = beside.record.stay

    def job() -> Job:
        made = Stay(subject=person_id, **form.all_values())
        return lambda writer: stays.record_stay(writer, made, at=session.now())

    words = (
        f"Now: {now.place}, {label_of('stay_kinds', now.kind).lower()}." if now else "Now: at home, as far as is known."
    )
    return Work("Where they are now", "Save place", "Place saved.", form, job, above=(labels.muted(words),))


def left(session: Session, beside: Beside) -> Work:
    """They left where they were, and nobody knows yet where to."""
    now = beside.record.stay
    if now is None:
        raise Refused("No place is recorded that they could have left.")
    form = Form()
    form.add("ended_on", "They left &on", fields.day(session.today), required=True)
    form.set_values({"ended_on": session.today().isoformat()})

    def job() -> Job:
        on = dt.date.fromisoformat(form.values()["ended_on"])
        return lambda writer: stays.end_stay(writer, now.id, on, at=session.now())

    return Work(
        "They left where they were",
        "Save that they left",
        "Saved that they left.",
        form,
        job,
        above=(
            labels.strong(f"{now.place}, {label_of('stay_kinds', now.kind).lower()}"),
            labels.muted("Is it known where they are now? Then write that down instead: this ends by itself."),
        ),
    )


def related(session: Session, beside: Beside) -> Work:
    """Family, a carer, a friend, and what each may be told."""
    person_id = beside.record.person.id
    shown = next((one for one in beside.record.related if one.id == beside.id), None)
    form = RecordForm(RECORD_TYPES["related_person"], _RELATED, session.today, shown=shown)

    def job() -> Job:
        if shown is not None:
            changed = form.changed()
            return lambda writer: people.change_related_person(writer, shown.id, changed, form.seen(), at=session.now())
        made = RelatedPerson(subject=person_id, **form.all_values())
        return lambda writer: people.add_related_person(writer, made, at=session.now())

    return Work("Person around them", "Save person", "Person saved.", form, job, tab="people")


def consent_form(session: Session, beside: Beside) -> Work:
    """One decision about one purpose; the id is the purpose."""
    record = beside.record
    recipients = [(one.id, one.name) for one in record.related]
    form = RecordForm(
        RECORD_TYPES["consent"],
        _CONSENT,
        session.today,
        choices={"recipient": recipients},
        words={"recipient": "With whom, when it is about one person only"},
    )
    form.set_values({"purpose": beside.id, "given_on": session.today().isoformat(), "given_by": "person"})

    def job() -> Job:
        made = _replacing(Consent(subject=record.person.id, **form.all_values()), record.consents)
        return lambda writer: consent.record_consent(writer, made, at=session.now())

    return Work("Decision about sharing", "Save decision", "Decision saved.", form, job, tab="consent")


def _replacing(made: Consent, known: tuple[Consent, ...]) -> Consent:
    """Says which decision it replaces, so that a colleague's newer one that nobody here saw is a clash, not lost."""
    standing = [
        head for head in current_heads(known) if (head.purpose, head.recipient) == (made.purpose, made.recipient)
    ]
    return msgspec.structs.replace(made, supersedes=standing[-1].id) if standing else made


_WHO_SEES: Final = (
    ("card", "Everybody in the service, the front desk included"),
    ("clinical", "Those who hold the clinical record"),
    ("restricted", "Only those who may hold restricted matters"),
)
FORMS: Final[dict[str, Make]] = {
    "details": details,
    "demographics": demographics,
    "address": address,
    "number": number,
    "alert": alert,
    "fact": fact,
    "access": access,
    "stay": stay,
    "left": left,
    "related": related,
    "consent": consent_form,
}
