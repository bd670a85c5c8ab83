"""*I know this person*: the work goes to a colleague and the record closes (PRACTICE W4); or it is opened again."""

import datetime as dt

import msgspec

from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.dates import moment_words
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.operations import recusals
from wellbeing_desktop.operations.recusals import StandsAside
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.grants import user_of
from wellbeing_desktop.ui.pages.forms.form_page import choices_of
from wellbeing_desktop.ui.pages.person.entry_work import Beside, Job, Work
from wellbeing_desktop.ui.pages.person.parts import joined
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import fields, labels
from wellbeing_desktop.ui.widgets.form import Form

DRAFT_KEY = "person_entry/stand_aside/"

_CLOSING = (
    "The record closes on this computer when you save, and on your other laptops when they next sync. You will not find "
    "it in lists, searches or returns. What you saved and did not send yet is sent. You cannot open it to yourself "
    "again: your team lead can."
)
_WHAT_MOVES = (
    "Support, tasks, appointments to come, promises and referrals that wait with whoever stands aside go to the "
    "colleague who takes over."
)


class Asked(msgspec.Struct, frozen=True):
    """`led` are the colleagues of whom the person signed in may say it; `waits` what would be nobody's."""

    user_id: str
    led: tuple[str, ...]
    waits: frozenset[str]
    closed_to: tuple[StandsAside, ...]


def ask(reader: Reader, person_id: str, _id: str, today: dt.date) -> Asked:
    user, closed = user_of(reader), recusals.closed_to(reader, person_id, today)
    led = recusals.those_led(reader, today)
    return Asked(
        user,
        tuple(sorted(led - {user} - {one.practitioner_id for one in closed})),
        frozenset(who for who in (user, *led) if recusals.waits_for_somebody(reader, person_id, who, today)),
        closed,
    )


def stand_aside(session: Session, beside: Beside) -> Work:
    known, person_id = beside.read, beside.record.person.id
    assert isinstance(known, Asked)
    names = dict(beside.workers)
    form = Form()
    if known.led:
        colleagues = [(one, names[one]) for one in known.led if one in names]
        form.add("who", "&Who knows them", fields.choice(colleagues, empty="I do"))
    form.add(
        "how",
        "&How they know each other",
        fields.choice(choices_of("recusal_kinds"), empty="Not chosen"),
        required=True,
    )
    stands_aside = {one.practitioner_id for one in known.closed_to}
    others = [
        (id, name) for id, name in beside.workers if id not in stands_aside and (known.led or id != known.user_id)
    ]
    form.add(
        "to",
        "Who &takes over",
        fields.choice(others, empty="Nobody: nothing waits with them"),
        help_text="Needed where anything about this person waits with whoever stands aside.",
    )
    form.add("checked", "", fields.tick("I have checked whose &record this is"))

    def job() -> Job:
        values = form.values()
        who = values.get("who", "")
        if not values["checked"]:
            raise Refused("Check the name and date of birth at the top, then tick the box.", "checked")
        if not values["to"] and (who or known.user_id) in known.waits:
            raise Refused("Choose who takes over what waits.", "to")
        work.page = "person" if who else "caseload"
        return lambda writer: recusals.stand_aside(
            writer,
            person_id,
            values["how"],
            who=who,
            to_id=values["to"],
            beside_draft=DRAFT_KEY + person_id,
            at=session.now(),
        )

    above = [labels.body(_CLOSING), labels.muted(_WHAT_MOVES)]
    work = Work("I know this person", "C&lose the record", "Record closed.", form, job, above=above)
    return work


def open_again(session: Session, beside: Beside) -> Work:
    known, person_id = beside.read, beside.record.person.id
    assert isinstance(known, Asked)
    may = [one for one in known.closed_to if one.may_open]
    if not may:
        raise Refused("This record is closed to nobody whom you lead.")
    form = Form()
    form.add("who", "&To whom", fields.choice([(one.practitioner_id, one.name) for one in may]), required=True)
    form.add("reason", "Wh&y", fields.line(), help_text="A mistake, or the reason is over.", required=True)

    def job() -> Job:
        values = form.values()
        return lambda writer: recusals.open_again(writer, person_id, values["who"], values["reason"], at=session.now())

    return Work(
        "Open the record to a colleague again",
        "&Open the record again",
        "Record opened again.",
        form,
        job,
        above=[labels.body(in_words(one)) for one in may],
    )


def in_words(one: StandsAside) -> str:
    """ "Priya Shah · Friend · since 3-Nov-2026 09:40"."""
    return joined(one.name, label_of("recusal_kinds", one.how), f"since {moment_words(one.since_at)}")
