"""The rules that make follow-ups: seen, switched on and off, changed, added, brought in from a file (H2)."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec
from PySide6.QtWidgets import QFileDialog, QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.dates import staff_date
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.follow_up import CONDITIONS, ENDS_WITH, TO, TRIGGERS, FollowUpRule
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.operations.follow_ups import (
    change_rule,
    follow_up_rules,
    import_rules,
    look_after_follow_ups,
)
from wellbeing_desktop.storage.conflicts import colleagues
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.commands import Command, for_page
from wellbeing_desktop.ui.models.paged_table import Column, TableRow
from wellbeing_desktop.ui.models.short_list import ShortList
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.forms.form_page import choices_of
from wellbeing_desktop.ui.reading_order import tab_in_reading_order
from wellbeing_desktop.ui.saving import tell_saved
from wellbeing_desktop.ui.saving_files import read_chosen
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.waiting import run_waiting
from wellbeing_desktop.ui.widgets import buttons, cards, fields, labels
from wellbeing_desktop.ui.widgets.form import Form
from wellbeing_desktop.ui.widgets.labels import Tone
from wellbeing_desktop.ui.widgets.short_table import RowAction, ShortTable

_UNITS = (("days", "Days"), ("working_days", "Working days"), ("weeks", "Weeks"), ("months", "Months"))
_MOST_BYTES = 1024 * 1024


class Found(msgspec.Struct, frozen=True):
    rules: tuple[FollowUpRule, ...]
    colleagues: Sequence[tuple[str, str]]


class FollowUpRulesPage(Page):
    title, nav_key, section_key, help_key = "Follow-up rules", "follow_ups", "settings", "follow_ups"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.found = Found((), ())
        self._id = ""
        self.body.addWidget(labels.heading("Follow-up rules", 1))
        self.body.addWidget(
            labels.body(
                "Each rule makes a task when something happens. A rule counts from the day it is switched on; what it "
                "has made stays when the rule changes. The set here is an example: the service decides."
            )
        )
        self.model = ShortList(
            [Column("State", width=8), Column("What is done, and when"), Column("Who", width=24)], self
        )
        self.table = ShortTable("Follow-up rules", self.model, most_rows=8, has_two_lines=True)
        self.table.draw_as_chips(0, _tone)
        self.table.opened.connect(self._edit)
        self.table.ticked.connect(self._switch)
        self.table.actions_of_row = self._actions
        self.switch_button = buttons.secondary("Switch on or &off", lambda: self._switch(self.table.record_id()))
        self.edit_button = buttons.secondary("&Change it", lambda: self._edit(self.table.record_id()), icon="pencil")
        self.new_button = buttons.secondary("&New rule", self._new, icon="plus")
        self.file_button = buttons.secondary("&Bring in rules from a file", self._choose_file, icon="upload")
        self.list_form = Form()
        self.list_form.add_actions(self.switch_button, self.edit_button, self.new_button, self.file_button)
        self.card = cards.card("", self.table, self.list_form)
        self.body.addWidget(self.card)
        self.form = Form()
        self._build(self.form)
        self.form_card = cards.card("A rule", self.form)
        self.form_card.hide()
        self.body.addWidget(self.form_card)
        self.body.addStretch()
        self._empty = self.form.values()

    def _build(self, form: Form) -> None:
        form.add("words", "What is to be &done", fields.line(), required=True)
        form.begin_row()
        form.add("after", "How lon&g after", fields.line(check=_whole_number), required=True)
        form.add("unit", "&Unit", fields.choice(_UNITS))
        form.add("trigger", "Wh&at it follows", fields.choice(tuple(TRIGGERS.items())))
        form.end_row()
        form.begin_row()
        form.add("to", "&Who does it", fields.choice(tuple(TO.items())))
        form.add("named_id", "Whic&h colleague", fields.choice((), empty="Not chosen"))
        form.add("kind", "&Kind of task", fields.choice(choices_of("task_kinds")))
        form.end_row()
        form.begin_row()
        form.add("only_if", "When it coun&ts", fields.choice(tuple(CONDITIONS.items())))
        form.add("ends_with", "What &ends it", fields.choice(tuple(ENDS_WITH.items())))
        form.end_row()
        form.add("is_on", "", fields.tick("The rule &is on"))
        self.save_button = buttons.primary("&Save rule", self.save)
        form.add_actions(self.save_button, buttons.secondary("Cance&l", self._close))

    def on_shown(self, argument: str = "") -> None:
        self._ask()

    def refresh(self, changes: Changes) -> None:
        if changes.touches("setting", "practitioner"):
            self._ask()

    def commands(self) -> Sequence[Command]:
        return (for_page("save", self.save, name="Save rule", page=self.nav_key),)

    def panes(self) -> Sequence[QWidget]:
        return (self.card, self.form_card) if not self.form_card.isHidden() else (self.card,)

    def first_focus(self) -> QWidget | None:
        return self.table

    def save(self) -> None:
        """The rule in the form, as the service's own."""
        if self.form_card.isHidden() or not self.form.check():
            return
        try:
            rule = _rule_of(self._id, self.form.values())
        except Refused as refusal:
            self.form.show_refusal(refusal)
            return
        self._write(lambda writer: change_rule(writer, rule, at=self.session.now()), "Rule saved.", close=True)

    def bring_in(self, content: bytes) -> None:
        """The rules of a file, all or none."""
        self._write(lambda writer: import_rules(writer, content, at=self.session.now()), "Rules brought in.")

    def _ask(self) -> None:
        def read(reader: Reader) -> Found:
            return Found(follow_up_rules(reader), colleagues(reader))

        background.query(self, self.session.store, read, self._show)

    def _show(self, found: Found) -> None:
        self.found = found
        names = dict(found.colleagues)
        self.model.show_rows(
            [
                TableRow(
                    rule.id,
                    (
                        "On" if rule.is_on else "Off",
                        f"{rule.words}\n{rule.when_words()}"
                        + (f". {CONDITIONS[rule.only_if]}" if rule.only_if else "")
                        + (f". Since {staff_date(rule.since)}" if rule.since else ""),
                        names.get(rule.named_id, "A colleague") if rule.to == "named" else TO[rule.to],
                    ),
                )
                for rule in found.rules
            ]
        )
        field = self.form.rows["named_id"].field
        if isinstance(field, fields.ChoiceField):
            chosen = field.value()
            field.set_choices(found.colleagues)
            field.set_value(chosen)
        tab_in_reading_order(self)

    def _rule(self, id: str) -> FollowUpRule | None:
        return next((rule for rule in self.found.rules if rule.id == id), None)

    def _actions(self, id: str) -> Sequence[RowAction]:
        rule = self._rule(id)
        return (
            ("Switch off" if rule is not None and rule.is_on else "Switch on", self._switch),
            ("Change it", self._edit),
        )

    def _switch(self, id: str) -> None:
        rule = self._rule(id)
        if rule is None:
            return
        changed = msgspec.structs.replace(rule, is_on=not rule.is_on)
        said = "The rule is on." if changed.is_on else "The rule is off."
        self._write(lambda writer: change_rule(writer, changed, at=self.session.now()), said)

    def _edit(self, id: str) -> None:
        rule = self._rule(id)
        if rule is None:
            return
        self._id = rule.id
        values = {name: str(getattr(rule, name)) for name in self._empty if name not in ("after", "is_on")}
        self._open_form({**values, "after": str(rule.after), "is_on": "yes" if rule.is_on else ""})

    def _new(self) -> None:
        self._id = ""
        self._open_form(
            {**self._empty, "unit": "weeks", "trigger": "support_started", "kind": "follow_up", "ends_with": "support"}
        )

    def _open_form(self, values: Mapping[str, str]) -> None:
        self.form.set_values(values)
        self.form.show_errors({})
        self.form_card.show()
        tab_in_reading_order(self)
        self.form.rows["words"].field.setFocus()

    def _close(self) -> None:
        self.form_card.hide()
        self.table.setFocus()

    def _choose_file(self) -> None:
        name, _kind = QFileDialog.getOpenFileName(self, "Rules to bring in", "", "Follow-up rules (*.json)")
        if name:
            path = Path(name)
            run_waiting(self, lambda: read_chosen(path, _MOST_BYTES, _no_progress), self.bring_in)

    def _write(self, work: Callable[[Writer], Changes], said: str, *, close: bool = False) -> None:
        now = self.session.now()

        def both(writer: Writer) -> Changes:
            changes = work(writer)
            made = look_after_follow_ups(writer, at=now)
            return Changes(changes.touched | made.touched, changes.undo_id)

        def done(changes: Changes) -> None:
            if close:
                self._close()
            tell_saved(self, self.session, said, changes)

        background.operate(self, self.session.store, both, done, self.form.show_refusal if close else None)


def _rule_of(id: str, values: Mapping[str, str]) -> FollowUpRule:
    _whole_number(values["after"])
    return FollowUpRule(
        id=id or new_id(),
        words=values["words"],
        trigger=values["trigger"],
        after=int(values["after"]),
        unit=values["unit"],
        kind=values["kind"],
        to=values["to"],
        named_id=values["named_id"] if values["to"] == "named" else "",
        only_if=values["only_if"],
        ends_with=values["ends_with"],
        is_on=bool(values["is_on"]),
    )


def _no_progress(_done: int, _total: int) -> None:
    """The file is small: nobody waits for it."""


def _whole_number(text: str) -> None:
    if not text.strip().isdecimal() or len(text.strip()) > 4:
        raise Refused("Enter a whole number from 0 to 1,000.", "after")


def _tone(words: str) -> Tone:
    return "good" if words == "On" else "plain"
