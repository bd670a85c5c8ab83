"""Somebody who was sent on: booked there, asked about, and what became of it at last."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import ClassVar

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.dates import day_words, staff_date
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.onward import OnwardReferral
from wellbeing_desktop.operations import onward
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.ui.pages.forms.form_page import choices_of
from wellbeing_desktop.ui.pages.inbox.step_page import StepPage
from wellbeing_desktop.ui.pages.today_parts.day import things
from wellbeing_desktop.ui.widgets import fields
from wellbeing_desktop.ui.widgets.form import Form

_ENDINGS = (
    ("attended", "They attended"),
    ("not_attended", "They did not attend"),
    ("declined", "The service declined"),
    ("full", "The service is full"),
    ("withdrawn", "It is not wanted any more"),
)

_HAND_ON = ("hand_on", "A colleague asks from now on")


class OnwardPage(StepPage[OnwardReferral]):
    title, nav_key = "Sent on", "onward"
    phrase_place = "request"
    record, record_name = OnwardReferral, "onward_referral"
    rows_of: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "booked": ("booked_on",),
        "ask": ("ask_on", "outcome"),
        "attended": ("useful", "outcome"),
        **dict.fromkeys(("not_attended", "declined", "full", "withdrawn"), ("outcome",)),
        "hand_on": ("owner_id",),
        "reopen": (),
    }

    def build(self, form: Form) -> None:
        form.add("booked_on", "On which &day", fields.day(self.session.today))
        form.add("ask_on", "&Ask again on", fields.day(self.session.today))
        form.add("owner_id", "&Who asks from now on", fields.choice((), empty="Not chosen"))
        form.add("useful", "Was it &useful", fields.choice(choices_of("yes_no_unsure"), empty="Not asked"))
        form.add("outcome", "What came &of it", fields.note(lines=3))

    def steps(self, record: OnwardReferral) -> Sequence[tuple[str, str]]:
        if record.state in onward.ENDED:
            return [("reopen", "Open it again")]
        ask, booked = ("ask", "Asked, and no answer yet"), ("booked", "They gave a day")
        if record.state == "booked":
            return [*(one for one in _ENDINGS if one[0] != "full"), ask, ("booked", "They gave another day"), _HAND_ON]
        return [booked, ask, *_ENDINGS, _HAND_ON]

    def prepare(self, record: OnwardReferral) -> None:
        field = self.form.rows["owner_id"].field
        if isinstance(field, fields.ChoiceField):
            chosen = field.value()
            field.set_choices([(id, name) for id, name in self.known.names.items() if id != record.owner_id])
            field.set_value(chosen)

    def facts(self, record: OnwardReferral) -> Sequence[tuple[str, str]]:
        names = self.known.names
        sent_by = names.get(record.sent_by, "a colleague")
        asked = f", asked {things(record.chased_count, 'time')}" if record.chased_count else ""
        known = f", known since {staff_date(record.ended_on)}" if record.ended_on else ""
        return [
            ("What kind", label_of("onward_kinds", record.kind)),
            ("Where to", record.to_name),
            ("Why", record.reason),
            ("Sent", ", ".join(filter(None, (day_words(record.sent_on), record.sent_how, f"by {sent_by}")))),
            ("State", f"{label_of('onward_states', record.state)}{known}"),
            ("Booked for", day_words(record.appointment_on)),
            ("Ask again on", f"{day_words(record.chase_on)}{asked}" if record.chase_on else ""),
            ("Who asks", names.get(record.owner_id, "A colleague")),
            ("Was it useful", label_of("yes_no_unsure", record.useful)),
            ("What came of it", record.outcome),
        ]

    def starting_values(self, record: OnwardReferral) -> Mapping[str, str]:
        again = self.session.today() + dt.timedelta(days=onward.ASK_AFTER_DAYS)
        return {"ask_on": again.isoformat(), "outcome": record.outcome, "useful": record.useful}

    def operation(self, writer: Writer, record: OnwardReferral, step: str, values: Mapping[str, str]) -> Changes:
        now, outcome = self.session.now(), values["outcome"]
        match step:
            case "booked":
                if not values["booked_on"]:
                    raise Refused("Say the day that they gave.", "booked_on")
                return onward.booked_onward(writer, record.id, dt.date.fromisoformat(values["booked_on"]), at=now)
            case "ask":
                if not values["ask_on"]:
                    raise Refused("Say the day on which to ask again.", "ask_on")
                try:
                    return onward.ask_again(writer, record.id, dt.date.fromisoformat(values["ask_on"]), outcome, at=now)
                except Refused as refusal:
                    named = "ask_on" if refusal.field == "chase_on" else refusal.field
                    raise Refused(refusal.message, named) from refusal
            case "hand_on":
                return onward.hand_on_onward(writer, record.id, values["owner_id"], at=now)
            case "reopen":
                return onward.reopen_onward(writer, record.id, at=now)
            case _:
                useful = values["useful"] if step == "attended" else ""
                return onward.end_onward(writer, record.id, step, outcome=outcome, useful=useful, at=now)
