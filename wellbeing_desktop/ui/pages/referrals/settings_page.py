"""How the service handles referrals: which form it asks, how often it looks in, who works where and has which training."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

import msgspec
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.dates import day_words, staff_date
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.organisation import Organisation, Practitioner
from wellbeing_desktop.domain.training import Training
from wellbeing_desktop.domain.triage_form import NEEDS, TriageForm, read_form
from wellbeing_desktop.operations import allocation, waiting_list
from wellbeing_desktop.operations.settings import change_settings
from wellbeing_desktop.operations.triage import KnownForms, import_form, known_forms, use_form
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.records import load_all
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.commands import Command
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.person.parts import fact_line
from wellbeing_desktop.ui.reading_order import tab_in_reading_order
from wellbeing_desktop.ui.saving import tell_saved
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.waiting import run_waiting
from wellbeing_desktop.ui.widgets import buttons, cards, fields, labels, layouts, messages
from wellbeing_desktop.ui.widgets.choices import TickSetField
from wellbeing_desktop.ui.widgets.form import Form

_MOST_PRACTICES: Final = 40
"""Ticks that can be looked through; a service with more practices says where people work by postcode."""


class Kept(msgspec.Struct, frozen=True):
    forms: KnownForms
    weeks: int
    needed: tuple[str, ...]
    team: tuple[Practitioner, ...]
    practices: tuple[tuple[str, str], ...]
    training: tuple[Training, ...]


class ReferralSettingsPage(Page):
    title, nav_key, section_key, help_key = "Referral settings", "referral_settings", "referrals", "referrals"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._kept: Kept | None = None
        self._shown_rule: dict[str, str] = {}
        self.body.addWidget(labels.heading(self.title, 1))
        self.body.addWidget(labels.body("These are the organisation's own choices. They reach every laptop."))
        self._lay_out_forms()
        self._lay_out_rule()
        self._lay_out_team()
        self.body.addStretch()

    def on_shown(self, argument: str = "") -> None:
        today = self.session.today()

        def read(reader: Reader) -> Kept:
            practices = [one for one in load_all(reader, Organisation) if one.kind == "practice" and not one.closed_on]
            return Kept(
                known_forms(reader),
                waiting_list.check_in_weeks(reader),
                allocation.needed_training(reader),
                tuple(allocation.colleagues(reader, today)),
                tuple(sorted(((one.id, one.name) for one in practices), key=lambda one: one[1])[:_MOST_PRACTICES]),
                tuple(load_all(reader, Training)),
            )

        background.query(self, self.session.store, read, self._show)

    def refresh(self, changes: Changes) -> None:
        if changes.touches("setting", "triage_form", "practitioner", "training", "organisation"):
            self.on_shown()

    def commands(self) -> Sequence[Command]:
        return (Command("import_triage", "Bring in a triage form", page=self.nav_key, run=self.choose_file),)

    def first_focus(self) -> QWidget | None:
        return self.form_field

    def choose_file(self) -> None:
        chosen, _kind = QFileDialog.getOpenFileName(self, "Bring in a triage form", "", "Triage form (*.json)")
        if chosen:
            self.bring_in(Path(chosen))

    def bring_in(self, path: Path) -> None:
        """Read and checked off the window's thread; what cannot be asked is refused whole, with where it is wrong."""
        now = self.session.now()

        def read() -> bytes:
            try:
                content = path.read_bytes()
            except OSError as problem:
                raise Refused("This file cannot be read.") from problem
            read_form(content)
            return content

        def keep(content: bytes) -> None:
            self._do(
                lambda writer: import_form(writer, content, at=now), "Triage form brought in. It is not in use yet."
            )

        run_waiting(self, read, keep, partial(messages.show, self))

    def use(self) -> None:
        form = self._chosen_form()
        name, version, now = (form.form, form.version, self.session.now()) if form else ("", "", self.session.now())
        said = "This form is asked from now on." if form else "No triage form is asked from now on."
        self._do(lambda writer: use_form(writer, name, version, at=now), said)

    def save_rule(self) -> None:
        values, now = self.rule.values(), self.session.now()
        try:
            weeks = waiting_list.check_weeks(int(values["weeks"]) if values["weeks"].strip().isdecimal() else None)
        except Refused as refusal:
            self.rule.show_refusal(refusal)
            return
        needed = [line.strip() for line in values["needed"].splitlines() if line.strip()]
        self.rule.show_errors({})
        self._shown_rule = values
        changed = {waiting_list.WEEKS_SETTING: weeks, allocation.TRAINING_SETTING: needed}
        self._do(lambda writer: change_settings(writer, changed, at=now), "Saved.")

    def save_areas(self) -> None:
        who, values, now = self.who_field.value(), self.areas.values(), self.session.now()
        if not who:
            messages.show(self, Refused("Choose a colleague first."))
            return
        unknown = self._unlisted_practices(who)

        def work(writer: Writer) -> Changes:
            return allocation.set_areas(
                writer,
                who,
                practices=(*values["practices"].split(), *unknown),
                districts=tuple(values["districts"].split(",")),
                languages=tuple(values["languages"].split(",")),
                at=now,
            )

        self._do(work, "Saved.")

    def save_training(self) -> None:
        who, values, now = self.who_field.value(), self.training.values(), self.session.now()
        if not self.training.check():
            return
        if not who:
            messages.show(self, Refused("Choose a colleague first."))
            return
        done_on, expires_on = (
            dt.date.fromisoformat(values[name]) if values[name] else None for name in ("done_on", "expires_on")
        )
        made = Training(subject=who, kind=values["kind"].strip(), done_on=done_on, expires_on=expires_on)

        def saved(changes: Changes) -> None:
            self.training.set_values(dict.fromkeys(("kind", "done_on", "expires_on"), ""))
            self.training.show_errors({})
            tell_saved(self, self.session, "Training saved.", changes)

        background.operate(
            self,
            self.session.store,
            lambda writer: allocation.record_training(writer, made, at=now),
            saved,
            self.training.show_refusal,
        )

    def _lay_out_forms(self) -> None:
        self.in_use = labels.strong("")
        self.form_field = fields.choice((), empty="No triage form")
        self.form_field.edited.connect(self._show_form)
        self._form_words = QVBoxLayout()
        holder = QWidget()
        holder.setLayout(self._form_words)
        self._form_words.setContentsMargins(0, 0, 0, 0)
        self.use_button = buttons.primary("&Ask this form from now on", self.use)
        self.import_button = buttons.secondary("&Bring in a form from a file", self.choose_file, icon="upload")
        self.body.addWidget(
            cards.card(
                "Triage form",
                self.in_use,
                labels.label_for("&Form to look at", self.form_field),
                self.form_field,
                holder,
                self.use_button,
                self.import_button,
            )
        )

    def _lay_out_rule(self) -> None:
        self.rule = Form()
        self.rule.add(
            "weeks",
            "Look in on people who wait every how many &weeks",
            fields.line(),
            help_text="Counts from the next check-in on. A day that was promised stays.",
        )
        self.rule.add(
            "needed",
            "&Training to have in date before taking referrals",
            fields.note(lines=3),
            help_text="One on each line, in your own words. Empty where nothing is asked.",
        )
        self.rule.add_actions(buttons.primary("&Save the rules", self.save_rule))
        self.body.addWidget(cards.card("Waiting and training", self.rule))

    def _lay_out_team(self) -> None:
        self.who_field = fields.choice((), empty="Choose a colleague")
        self.who_field.edited.connect(self._show_colleague)
        self.areas = Form()
        self.areas.add("districts", "Works in &postcode districts", fields.line(hint="DN18, DN20"))
        self.areas.add("languages", "Speaks, beside Eng&lish", fields.line(hint="Polish, Welsh"))
        self.areas.add("practices", "Works with practices", TickSetField(()))
        self.areas.add_actions(buttons.secondary("Sa&ve where they work", self.save_areas))
        self.had = labels.body("")
        self.training = Form()
        self.training.begin_row()
        self.training.add("kind", "Trainin&g or check done", fields.line())
        self.training.add("done_on", "&Done on", fields.day(self.session.today))
        self.training.add("expires_on", "&In date until", fields.day(self.session.today))
        self.training.end_row()
        self.training.add_actions(buttons.secondary("Add t&his training", self.save_training))
        self.team_parts = (self.areas, self.had, self.training)
        self.body.addWidget(
            cards.card(
                "Colleagues",
                labels.label_for("&Colleague", self.who_field),
                self.who_field,
                *self.team_parts,
            )
        )

    def _show(self, kept: Kept) -> None:
        self._kept = kept
        in_use = kept.forms.in_use
        self.in_use.setText(f"Asked now: {_named(in_use)}" if in_use else "No triage form is asked now.")
        before = self.form_field.value()
        choices = [(_key(one), _named(one)) for one in kept.forms.every]
        self.form_field.set_choices(choices)
        self.form_field.set_value(before if before in dict(choices) else _key(in_use) if in_use else "")
        self._show_form()
        if not self._shown_rule or self.rule.values() == self._shown_rule:
            self.rule.set_values({"weeks": str(kept.weeks), "needed": "\n".join(kept.needed)})
            self._shown_rule = self.rule.values()
        chosen = self.who_field.value()
        self.who_field.set_choices([(one.id, one.name) for one in kept.team])
        self.who_field.set_value(chosen if chosen in {one.id for one in kept.team} else "")
        self._show_colleague()
        tab_in_reading_order(self)

    def _show_form(self) -> None:
        layouts.empty(self._form_words)
        form = self._chosen_form()
        for label, said in form_in_words(form) if form is not None else ():
            self._form_words.addWidget(fact_line(label, said))
        self.use_button.setText("&Ask this form from now on" if form is not None else "&Ask no form from now on")

    def _show_colleague(self) -> None:
        who = self._colleague()
        for part in self.team_parts:
            part.setVisible(who is not None)
        kept = self._kept
        if who is None or kept is None:
            return
        row = self.areas.rows["practices"]
        self._offer_practices(kept.practices)
        row.holder.setVisible(bool(kept.practices))
        self.areas.set_values(
            {
                "districts": ", ".join(who.districts),
                "languages": ", ".join(who.languages),
                "practices": "\n".join(who.practices),
            }
        )
        mine = sorted((one for one in kept.training if one.subject == who.id), key=lambda one: (one.kind, one.id))
        self.had.setText("Training: " + ("; ".join(_training(one) for one in mine) if mine else "none recorded") + ".")
        tab_in_reading_order(self)

    def _offer_practices(self, practices: Sequence[tuple[str, str]]) -> None:
        row = self.areas.rows["practices"]
        if isinstance(row.field, TickSetField) and list(row.field.ticks) == [id for id, _name in practices]:
            return
        old, new = row.field, TickSetField(practices)
        layout = row.holder.layout()
        if layout is not None:
            layout.replaceWidget(old, new)
        old.hide()
        old.deleteLater()
        new.setAccessibleName("Works with practices")
        row.field = new

    def _unlisted_practices(self, who: str) -> tuple[str, ...]:
        offered = {id for id, _name in self._kept.practices} if self._kept is not None else set()
        team: Mapping[str, Practitioner] = {one.id: one for one in self._kept.team} if self._kept is not None else {}
        return tuple(id for id in team[who].practices if id not in offered) if who in team else ()

    def _chosen_form(self) -> TriageForm | None:
        chosen = self.form_field.value()
        every = self._kept.forms.every if self._kept is not None else ()
        return next((one for one in every if _key(one) == chosen), None)

    def _colleague(self) -> Practitioner | None:
        team = self._kept.team if self._kept is not None else ()
        return next((one for one in team if one.id == self.who_field.value()), None)

    def _do(self, work: Callable[[Writer], Changes], said: str) -> None:
        background.operate(
            self, self.session.store, work, lambda changes: tell_saved(self, self.session, said, changes)
        )


def form_in_words(form: TriageForm) -> list[tuple[str, str]]:
    """Everything that a form asks and suggests, for somebody who decides whether to use it."""
    needs = "; ".join(NEEDS[need] for need in form.needs)
    said = [("About", form.about), ("Needs", f"{needs[:1].upper()}{needs[1:]}." if needs else "")]
    for number, question in enumerate(form.questions, 1):
        answers = ", ".join(words for _code, words in question.choices()) or {"number": "A whole number"}.get(
            question.type, "Words"
        )
        answers += ". Needs an answer" if question.required else ""
        answers += ". Only after some answers" if question.asked_when else ""
        if question.red_flag is not None:
            flagged = ", ".join(dict(question.choices()).get(one, one) for one in question.red_flag.answers)
            answers += f". {flagged} is a red flag: {question.red_flag.instruction}"
        said.append((f"{number}. {question.text}", f"{answers.rstrip('.')}."))
    said += [(f"Suggests {label_of('priorities', rule.priority)}", rule.because) for rule in form.priorities]
    said.append(("Otherwise", label_of("priorities", form.otherwise)))
    return [(label, words) for label, words in said if words]


def _key(form: TriageForm) -> str:
    return f"{form.form}/{form.version}"


def _named(form: TriageForm) -> str:
    return f"{form.title}, version {form.version}"


def _training(one: Training) -> str:
    until = f", in date until {staff_date(one.expires_on)}" if one.expires_on else ""
    return f"{one.kind}, done {day_words(one.done_on, 'on an unknown day')}{until}"
