"""The service's triage forms, filling one in about a referral, and signing the priority (B2, PRACTICE W14)."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.code_lists import code_list, label_of
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.domain.person import Address, ContactPoint, Person
from wellbeing_desktop.domain.referral import Referral
from wellbeing_desktop.domain.referral_rules import PRIORITY_ORDER, is_undecided, suggested_priority
from wellbeing_desktop.domain.screening import Screening, TriageFormRecord
from wellbeing_desktop.domain.standing import current_heads
from wellbeing_desktop.domain.triage import (
    Suggestion,
    check_answers,
    is_answered,
    is_lower,
    missing_questions,
    suggestion,
)
from wellbeing_desktop.domain.triage_form import FACTS, NEEDS, TriageForm, form_text, read_form, shipped_forms
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.operations.clocks import setting_value
from wellbeing_desktop.operations.settings import change_setting
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.records import load, load_all
from wellbeing_desktop.storage.write_door import Transaction

FORM_SETTING: Final = "triage.form"
"""Which form is in use: {"form": ..., "version": ...}; none until the service says."""


THE_FORM: Final = "the triage form"


class Triage(msgspec.Struct, frozen=True, kw_only=True):
    """Where the triage of one referral stands. `screenings` are those that nothing replaced, the newest first: more
    than one is a clash. `priority` is the most pressing that any of them suggests."""

    form: TriageForm | None
    screenings: tuple[Screening, ...] = ()
    read_with: Mapping[str, TriageForm] = {}
    """By screening id: the form with the words that it was answered to."""
    suggestion: Suggestion | None = None
    priority: str = ""
    missing: tuple[str, ...] = ()

    @property
    def is_filled_in(self) -> bool:
        return bool(self.screenings)


def forms(reader: Reader) -> tuple[TriageForm, ...]:
    """Every form that can be used: the organisation's own, then the examples of the program."""
    own = []
    for record in load_all(reader, TriageFormRecord):
        try:
            own.append(read_form(record.definition))
        except Refused:
            continue  # from a newer version of the program: its words are not known here
    return (*own, *(one for one in shipped_forms() if not any(_same(one, mine) for mine in own)))


class KnownForms(msgspec.Struct, frozen=True):
    """Every form that can be read, and the one in use; None until the service chose one."""

    every: tuple[TriageForm, ...]
    in_use: TriageForm | None

    def version(self, form: str, version: str) -> TriageForm | None:
        """One version of a form, for reading old answers with their own words."""
        return next((one for one in self.every if one.form == form and one.version == version), None)


def known_forms(reader: Reader) -> KnownForms:
    """Every form that is here, and the one that the service asks; None while it has chosen none."""
    every = forms(reader)
    chosen = setting_value(reader, FORM_SETTING)
    in_use = None
    if isinstance(chosen, dict):
        wanted = (chosen.get("form"), chosen.get("version"))
        in_use = next((one for one in every if (one.form, one.version) == wanted), None)
    return KnownForms(every, in_use)


def import_form(writer: Writer, content: bytes | str, *, at: dt.datetime | None = None) -> Changes:
    """Bring in a form of the service's own. A version that is here already is never replaced."""
    form = read_form(content)
    with doing(writer, "import_triage_form", at=at) as tx:
        if any(_same(form, one) for one in forms(tx.reader)):
            raise Refused("This version of the form is here already. Give the changed form a new version.", "version")
        tx.create(TriageFormRecord(form=form.form, version=form.version, title=form.title, definition=form_text(form)))
    return tx.changes


def use_form(writer: Writer, form: str, version: str, *, at: dt.datetime | None = None) -> Changes:
    """From now on this form is asked; an empty name asks none. What was answered stays as it was."""
    if not form:
        return change_setting(writer, FORM_SETTING, None, at=at)
    if known_forms(writer).version(form, version) is None:
        raise Refused("This form is not on this laptop.", "form")
    return change_setting(writer, FORM_SETTING, {"form": form, "version": version}, at=at)


def triage_of(reader: Reader, referral: Referral, known: KnownForms | None = None) -> Triage:
    """What was answered, what it suggests, and what of the minimum data set is missing. For many referrals give
    `known`, which reads the forms once."""
    known = known or known_forms(reader)
    form = known.in_use
    standing = current_heads(load_all(reader, Screening, referral_id=referral.id))
    heads = sorted(standing, key=lambda one: (str(one.taken_at), one.id), reverse=True)
    read_with = {one.id: answered for one in heads if (answered := known.version(one.form, one.form_version))}
    made = [
        suggestion(read_with[one.id], {**facts_of(referral), **answers_of(one)}) for one in heads if one.id in read_with
    ]
    likely = min(made, key=lambda one: _rank(one.priority), default=None)
    return Triage(
        form=form,
        screenings=tuple(heads),
        read_with=read_with,
        suggestion=likely,
        priority=suggested_priority(
            [*(one.priority for one in made), *(one.suggested_priority for one in heads), referral.suggested_priority]
            if heads
            else [referral.suggested_priority]
        ),
        missing=_missing(reader, referral, form, heads),
    )


def missing_of(reader: Reader, referral: Referral) -> tuple[str, ...]:
    """What is missing of the minimum data set, in words that fit a sentence; empty when the referral is complete."""
    return triage_of(reader, referral).missing


def take_screening(
    writer: Writer,
    referral_id: str,
    answers: Mapping[str, Any],
    *,
    followed: str = "",
    replaces: tuple[str, ...] | None = None,
    at: dt.datetime | None = None,
) -> Changes:
    """Keep the answers to the form in use, finished or not: a red flag stops a form before its end. The suggestion is
    kept with it; the priority itself is only ever set by a person.

    `replaces` are the forms that were on the screen; one that somebody filled in meanwhile is never replaced unseen.
    """
    with doing(writer, "take_screening", at=at) as tx:
        referral = found.found(tx.reader, Referral, referral_id)
        if not is_undecided(referral):
            raise Refused("This referral is decided already.", "state")
        before = triage_of(tx.reader, referral)
        form = before.form
        if form is None:
            raise Refused("No triage form is in use. Choose one in Referral settings.")
        given = {id: value for id, value in answers.items() if is_answered(value)}
        if not given:
            raise Refused("Nothing was answered.")
        check_answers(form, given)
        seen = {one.id for one in before.screenings} if replaces is None else set(replaces)
        if {one.id for one in before.screenings} - seen:
            raise Refused("A colleague has filled in the form meanwhile. Read it, then say what differs.")
        likely = suggestion(form, {**facts_of(referral), **given})
        screening_id = tx.create(
            Screening(
                id=new_id(),
                subject=referral.subject,
                referral_id=referral.id,
                form=form.form,
                form_version=form.version,
                answers=msgspec.json.encode(given, order="deterministic").decode(),
                suggested_priority=likely.priority,
                flags=tuple(sorted(question.id for question in form.questions if _is_flag(question, given))),
                followed=followed.strip(),
                taken_at=tx.at,
                taken_on=local_date(tx.at),
                practitioner_id=tx.author,
                supersedes=before.screenings[0].id if before.screenings else "",
            )
        )
        tx.change(Referral, referral.id, {"screening_id": screening_id, "suggested_priority": likely.priority})
        settle_completeness(tx, referral.id)
    return tx.changes


def sign_priority(
    writer: Writer, referral_id: str, priority: str, reason: str = "", *, at: dt.datetime | None = None
) -> Changes:
    """A named person sets the priority and signs it. Below what the form suggests it needs a reason."""
    with doing(writer, "sign_priority", at=at) as tx:
        set_priority(tx, found.found(tx.reader, Referral, referral_id), priority, reason)
    return tx.changes


def set_priority(tx: Transaction, referral: Referral, priority: str, reason: str) -> None:
    """Within a transaction."""
    if priority not in code_list("priorities").codes():
        raise Refused("Choose a priority.", "priority")
    likely = triage_of(tx.reader, referral).priority
    if likely and is_lower(priority, likely) and len(reason.split()) < 3:
        raise Refused(
            f"The form suggests {label_of('priorities', likely)}. Say in a few words why this is less pressing.",
            "priority_reason",
        )
    tx.change(
        Referral,
        referral.id,
        {
            "priority": priority,
            "priority_signed_by": tx.author,
            "priority_signed_at": tx.at,
            "priority_reason": reason.strip(),
        },
    )


def settle_completeness(tx: Transaction, referral_id: str) -> None:
    """New or incomplete, by what is known now; a referral that is decided stays as it is. One that only waits for its
    triage form is new."""
    referral = found.found(tx.reader, Referral, referral_id)
    if referral.state not in ("new", "incomplete"):
        return
    state = "incomplete" if set(missing_of(tx.reader, referral)) - {THE_FORM} else "new"
    if state != referral.state:
        tx.change(Referral, referral_id, {"state": state})


def facts_of(referral: Referral) -> dict[str, str]:
    """What the rules of a form may ask of the referral itself."""
    facts = {name: str(getattr(referral, name.removeprefix("referral."))) for name in FACTS}
    return {name: value for name, value in facts.items() if value}


def answers_of(screening: Screening) -> dict[str, Any]:
    """The answers as they were given; empty when they cannot be read."""
    try:
        given = msgspec.json.decode(screening.answers or "{}")
    except msgspec.DecodeError:
        return {}
    return given if isinstance(given, dict) else {}


def _missing(reader: Reader, referral: Referral, form: TriageForm | None, heads: list[Screening]) -> tuple[str, ...]:
    if form is None:
        return ()
    missing = [NEEDS[need] for need in form.needs if not _is_here(reader, referral, need)]
    if not heads:
        if form.questions and not referral.screening_id:
            missing.append(THE_FORM)
        return tuple(missing)  # filled in elsewhere, but its answers are not for this laptop
    latest = heads[0]
    if (latest.form, latest.form_version) != (form.form, form.version):
        return tuple(missing)  # asked with the form of its day
    missing += [f"an answer to “{one.text}”" for one in missing_questions(form, answers_of(latest))]
    return tuple(missing)


def _is_here(reader: Reader, referral: Referral, need: str) -> bool:
    about, _, name = need.rpartition(".")
    if about != "person":
        return bool(str(getattr(referral, name)).strip())
    person = load(reader, Person, referral.subject)
    if person is None:
        return False
    if name == "address":
        return bool(person.no_fixed_abode) or any(not one.ended_on for one in found.every(reader, Address, person.id))
    if name == "contact_point":
        return bool(found.every(reader, ContactPoint, person.id))
    if name == "nhs_number":
        return bool(person.nhs_number or person.no_nhs_number_reason.strip())
    return bool(getattr(person, name))


def _is_flag(question: Any, given: Mapping[str, Any]) -> bool:
    return question.red_flag is not None and given.get(question.id) in question.red_flag.answers


def _same(one: TriageForm, other: TriageForm) -> bool:
    return (one.form, one.version) == (other.form, other.version)


def _rank(priority: str) -> int:
    return PRIORITY_ORDER.index(priority) if priority in PRIORITY_ORDER else len(PRIORITY_ORDER)
