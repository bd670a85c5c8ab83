"""A period of support closed and opened again, and a referral withdrawn.

Closing is confirmed (UX rule 4): it ends the person's place in the caseload, so what is still waiting is shown first.
"""

import datetime as dt
from typing import Final

from PySide6.QtWidgets import QWidget

from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.dates import day_words, moment_words
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.referral import Referral
from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.operations import referrals
from wellbeing_desktop.operations.person_record import PersonRecord
from wellbeing_desktop.ui.pages.person.entry_work import Beside, Job, Make, Work
from wellbeing_desktop.ui.pages.person.parts import due_chip, joined
from wellbeing_desktop.ui.record_form import RecordForm
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import cards, fields, labels
from wellbeing_desktop.ui.widgets.form import Form


def close(session: Session, beside: Beside) -> Work:
    """With its reason, which the monthly return counts."""
    episode = beside.record.episode
    if episode is None:
        raise Refused("No support is open for this person, so there is nothing to close.")
    form = RecordForm(
        RECORD_TYPES["episode"],
        (("close_reason", "closed_on"),),
        session.today,
        needed=("close_reason", "closed_on"),
        letters_taken=("l", "c", "w", "t", "p", "o", "h"),
    )
    form.set_values({"closed_on": session.today().isoformat()})
    _ask_about_waiting(form, beside, session.today())
    form.add("checked", "", fields.tick("I have checked &whose record this is and what is still waiting"))

    def job() -> Job:
        if not form.values()["checked"]:
            raise Refused("Check whose record this is and what is still waiting, then tick the box.", "checked")
        reason, on = form.value_of("close_reason"), form.value_of("closed_on")
        waiting = _chosen(form)
        return lambda writer: referrals.close_episode(
            writer, episode.id, reason=reason, closed_on=on, waiting=waiting, at=session.now()
        )

    words = f"Open since {day_words(episode.opened_on)}. The monthly return counts the reason."
    return Work(
        "Close this period of support",
        "C&lose the support",
        "Support closed.",
        form,
        job,
        above=(labels.body(words), _still_waiting(beside.record, session.today())),
    )


def reopen(session: Session, beside: Beside) -> Work:
    """The closing was wrong. Somebody who comes back later has a new referral."""
    episode = beside.record.closed_episode
    if beside.record.episode is not None or episode is None:
        raise Refused("No closed support of this person can be opened again.")
    form = Form()
    form.add("checked", "", fields.tick("The closing was &wrong"))

    def job() -> Job:
        if not form.values()["checked"]:
            raise Refused("Tick the box to open the support again.", "checked")
        return lambda writer: referrals.reopen_episode(writer, episode.id, at=session.now())

    words = (
        f"Closed on {day_words(episode.closed_on)}: {label_of('close_reasons', episode.close_reason)}. "
        "Open it again only when the closing was wrong. When somebody comes back later, add a new referral."
    )
    return Work(
        "Open the support again",
        "&Open the support again",
        "Support is open again.",
        form,
        job,
        above=(labels.body(words),),
    )


def withdraw(session: Session, beside: Beside) -> Work:
    """The person or the referrer no longer wants it, before anybody has decided."""
    waiting = beside.record.referrals_waiting
    if not waiting:
        raise Refused("No referral of this person is waiting for a decision.")
    form = Form()
    if len(waiting) > 1:
        form.add(
            "referral", "&Which referral", fields.choice([(one.id, _named(one)) for one in waiting]), required=True
        )
    form.add("withdrawn_on", "Withdrawn &on", fields.day(session.today), required=True)
    form.set_values({"withdrawn_on": session.today().isoformat()})

    def job() -> Job:
        values = form.values()
        referral_id = values.get("referral") or waiting[0].id
        on = dt.date.fromisoformat(values["withdrawn_on"])
        return lambda writer: referrals.withdraw_referral(writer, referral_id, withdrawn_on=on, at=session.now())

    hint = "Use this when the person or the referrer no longer wants it. When the service says no, decline it instead."
    named = [] if len(waiting) > 1 else [labels.body(f"The referral {_named(waiting[0])}.")]
    return Work(
        "Withdraw the referral",
        "Wi&thdraw the referral",
        "Referral withdrawn.",
        form,
        job,
        above=(*named, labels.muted(hint)),
        field_of={"decided_on": "withdrawn_on"},
    )


def _ask_about_waiting(form: Form, beside: Beside, today: dt.date) -> None:
    """One question for each kind of thing that waits; nothing is settled unless somebody chooses it."""
    record = beside.record
    hand_over = False
    if record.open_tasks():
        form.add("tasks", "Open &tasks", fields.choice(_TASKS))
        hand_over = True
    if record.coming_appointments(today):
        form.add("appointments", "A&ppointments to come", fields.choice(_APPOINTMENTS))
        hand_over = True
    if record.copies_owed:
        form.add("copies", "Copies &owed", fields.choice(_COPIES))
    if hand_over:
        others = [(id, name) for id, name in beside.workers if id != record.person.coordinator_id]
        form.add(
            "hand_to",
            "&Hand over to",
            fields.choice(others, empty="Nobody chosen"),
            help_text="When something is handed over.",
        )


def _chosen(form: RecordForm) -> referrals.StillWaiting:
    values = form.values()
    return referrals.StillWaiting(
        tasks=values.get("tasks", ""),
        appointments=values.get("appointments", ""),
        copies=values.get("copies", ""),
        hand_to=values.get("hand_to", ""),
    )


_TASKS: Final = (("", "Leave them open"), (referrals.CLOSE, "Cancel them"), (referrals.HAND_OVER, "Hand them over"))
_APPOINTMENTS: Final = (
    ("", "Leave them booked"),
    (referrals.CLOSE, "Cancel them: cancelled by us"),
    (referrals.HAND_OVER, "Hand them over"),
)
_COPIES: Final = (("", "Leave them owed"), (referrals.CLOSE, "The person does not want them"))


def _named(referral: Referral) -> str:
    source = label_of("referral_sources", referral.source)
    return joined(f"of {day_words(referral.received_on, 'an unknown day')}", source, referral.referrer_name)


def _still_waiting(record: PersonRecord, today: dt.date) -> QWidget:
    """Open tasks, copies owed, appointments to come and referrals: closing settles none of them."""
    card = cards.Card("Still waiting")
    coming = record.coming_appointments(today)
    for task in record.open_tasks():
        card.add_row(joined(task.title, record.names.get(task.owner_id, "")), due_chip(task.due_on, today))
    for copy in record.copies_owed:
        card.add_row(f"The person's copy, version {copy.version}", labels.chip("Copy owed", "warning"))
    for appointment in coming:
        when = moment_words(appointment.starts_at) or day_words(appointment.starts_on)
        how = label_of("contact_mediums", appointment.medium) or "Appointment"
        card.add_row(joined(how, appointment.purpose), labels.chip(when, "warning", "calendar"))
    if record.open_tasks() or record.copies_owed or coming:
        card.body.addWidget(
            labels.muted("Closing leaves these as they are, and on the lists, unless you choose otherwise below.")
        )
    else:
        card.body.addWidget(labels.muted("No task, copy or appointment is waiting."))
    return card


SUPPORT_FORMS: Final[dict[str, Make]] = {"close_support": close, "reopen_support": reopen, "withdraw": withdraw}
