"""A few referrals in each state: incomplete, new, to decide, accepted and nobody has it, and two people who wait."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.domain.referral import Episode, Referral
from wellbeing_desktop.operations import referrals, triage
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.records import load_all
from wellbeing_desktop.storage.store import Store

_FORM: Final = ("example", "1")
_USUAL: Final = {"source": "gp", "urgency": "routine", "referrer_name": "Dr Patel", "referrer_contact": "01632 960 010"}
_CAME: Final[Sequence[tuple[str, int, dict[str, str], dict[str, str]]]] = (
    ("incomplete", 1, {"reason": "", "referrer_contact": ""}, {}),
    ("new", 0, {"reason": "loneliness", "urgency": "urgent"}, {}),
    ("new", 1, {"reason": "frailty", "source": "family", "referrer_name": "Helen Leach"}, {}),
    ("to_decide", 2, {"reason": "low_mood"}, {"danger": "no", "within": "week", "knows": "yes"}),
    ("without_owner", 3, {"reason": "loneliness"}, {"danger": "no", "within": "month", "knows": "yes"}),
    ("waiting", 30, {"reason": "frailty"}, {"danger": "no", "within": "later", "knows": "yes"}),
    ("waiting", 9, {"reason": "loneliness"}, {"danger": "no", "within": "month", "knows": "yes"}),
)
"""State, days since it came, what it says, and what was answered."""


def choose_form(store: Store) -> None:
    """The shipped example is asked, by whoever may choose for the organisation."""
    store.write(lambda writer: triage.use_form(writer, *_FORM))


def arrive(store: Store, person_ids: Sequence[str], now: dt.datetime) -> None:
    """Referrals of people who are not supported yet, as many as there are such people."""

    def work(writer: Writer) -> None:
        supported = {one.subject for one in load_all(writer, Episode, state="open")}
        free = [id for id in person_ids if id not in supported]
        for person_id, (state, days, said, answers) in zip(free, _CAME, strict=False):
            _one(writer, person_id, state, now - dt.timedelta(days=days), {**_USUAL, **said}, answers)

    store.write(work)


def _one(
    writer: Writer, person_id: str, state: str, came: dt.datetime, said: dict[str, str], answers: dict[str, str]
) -> None:
    id = new_id()
    made: dict[str, Any] = {"id": id, "subject": person_id, "received_on": local_date(came), **said}
    referrals.receive_referral(writer, Referral(**made), words="Would like company and some help.", at=came)
    if answers:
        triage.take_screening(writer, id, answers, at=came)
    if state in ("without_owner", "waiting"):
        likely = "soon" if answers["within"] == "month" else "routine"
        mine = writer.value("SELECT user_id FROM identity") if state == "waiting" else ""
        referrals.accept_referral(
            writer, id, practitioner_id=mine, priority=likely, waits=state == "waiting", reply=True, at=came
        )
