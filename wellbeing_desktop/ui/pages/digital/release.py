"""Release digital content to a person, by the criteria of its pathway or with a reason; and what became of it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import partial
from typing import ClassVar

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.dates import day_words
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.knowledge import DigitalModule, ModuleRelease
from wellbeing_desktop.operations import digital
from wellbeing_desktop.operations.digital import lines_of
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.records import load, load_all
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.pages.forms.form_page import FormPage
from wellbeing_desktop.ui.pages.inbox.step_page import StepPage
from wellbeing_desktop.ui.reading_order import tab_in_reading_order
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import fields, labels
from wellbeing_desktop.ui.widgets.choices import TickSetField
from wellbeing_desktop.ui.widgets.form import Form


class ReleasePage(FormPage):
    """The argument is the person's id."""

    title, nav_key, section_key, help_key = "Release digital content", "release_module", "caseload", "digital"
    draft_name = "release_module"
    record = ModuleRelease
    save_words = "&Save, and open it to them"
    saved_words = "Released."

    def __init__(self, session: Session) -> None:
        self._modules: dict[str, DigitalModule] = {}
        super().__init__(session)

    def build(self, form: Form) -> None:
        self._module = fields.choice((), empty="Not chosen")
        form.add("module_id", "Which &module", self._module, required=True)
        self.sessions = labels.muted("")
        form.add_widget(self.sessions)
        self._criteria = TickSetField((), upright=True)
        form.add("criteria", "Criteria that this &person meets", self._criteria)
        form.add(
            "reason",
            "&Why",
            fields.note(lines=2),
            help_text="Needed where a criterion is not met: why it is opened all the same.",
        )
        self._module.edited.connect(self._show_module)

    def on_shown(self, argument: str = "") -> None:
        def ask(reader: Reader) -> list[DigitalModule]:
            return [one for one in load_all(reader, DigitalModule) if not one.retired]

        background.query(self, self.session.store, ask, partial(self._begin, argument))

    def operation(self, writer: Writer, values: Mapping[str, str]) -> Changes:
        met = values["criteria"].split("\n") if values["criteria"] else []
        return digital.release_module(
            writer, self.person_id, values["module_id"], met, values["reason"], at=self.session.now()
        )

    def show_context(self, row: object) -> None:
        self._show_module()

    def _begin(self, person_id: str, modules: list[DigitalModule]) -> None:
        self._modules = {one.id: one for one in modules}
        chosen = self._module.value()
        named = sorted(modules, key=lambda one: (one.name.casefold(), one.id))
        self._module.set_choices(
            [(one.id, f"{one.name} ({one.pathway})" if one.pathway else one.name) for one in named]
        )
        self._module.set_value(chosen if chosen in self._modules else "")
        super().on_shown(person_id)

    def _show_module(self) -> None:
        module = self._modules.get(self._module.value(), DigitalModule())
        criteria = lines_of(module.criteria)
        self._criteria.offer([(one, one) for one in criteria])
        self.form.rows["criteria"].holder.setVisible(bool(criteria))
        known = ("Sessions: " + "; ".join(lines_of(module.sessions)) if module.sessions else "", module.platform)
        self.sessions.setText(". ".join(part for part in known if part))
        self.sessions.setVisible(bool(self.sessions.text()))
        tab_in_reading_order(self)


class ReleasedPage(StepPage[ModuleRelease]):
    """The argument is the release's id."""

    title, nav_key = "Released content", "released"
    section_key, help_key = "services", "digital"
    record, record_name = ModuleRelease, "module_release"
    also_shown = ("digital_module",)
    rows_of: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "use": ("used_on", "sessions_done"),
        "revoke": ("end_reason",),
    }

    def build(self, form: Form) -> None:
        form.begin_row()
        form.add("used_on", "Last &used on", fields.day(self.session.today))
        form.add("sessions_done", "Sessions &finished", fields.line())
        form.end_row()
        form.add("end_reason", "Wh&y it is taken back", fields.note(lines=2))

    def where_next(self, id: str) -> tuple[str, str]:
        return "ledger", ""

    def steps(self, record: ModuleRelease) -> Sequence[tuple[str, str]]:
        if record.state in digital.IN_USE:
            return [("use", "They used it"), ("revoke", "Take it back")]
        return [("use", "They used it")] if record.state == "finished" else []

    def more_known(self, reader: Reader, record: ModuleRelease) -> DigitalModule | None:
        return load(reader, DigitalModule, record.module_id)

    def facts(self, record: ModuleRelease) -> Sequence[tuple[str, str]]:
        module = self.known.more if isinstance(self.known.more, DigitalModule) else DigitalModule()
        sessions = len(lines_of(module.sessions))
        done = f"{record.sessions_done or 0} of {sessions}" if sessions else str(record.sessions_done or 0)
        unmet = [one for one in lines_of(module.criteria) if one not in record.criteria_met]
        by = self.known.names.get(record.released_by, "a colleague")
        return [
            ("Module", module.name),
            ("Released", f"{day_words(record.released_on)} by {by}"),
            ("Criteria met", "; ".join(record.criteria_met)),
            ("Criteria not met", "; ".join(unmet)),
            ("Why", record.reason),
            ("Open until", day_words(record.expires_on)),
            ("State", label_of("release_states", record.state)),
            ("Last used on", day_words(record.last_used_on) or "Not opened yet"),
            ("Sessions finished", done),
            ("Why it was taken back", record.end_reason),
            ("Ended on", day_words(record.ended_on)),
        ]

    def starting_values(self, record: ModuleRelease) -> Mapping[str, str]:
        return {"used_on": self.session.today().isoformat(), "sessions_done": str(record.sessions_done or 0)}

    def operation(self, writer: Writer, record: ModuleRelease, step: str, values: Mapping[str, str]) -> Changes:
        now = self.session.now()
        if step == "revoke":
            return digital.revoke_release(writer, record.id, values["end_reason"], at=now)
        try:
            used_on, done = dt.date.fromisoformat(values["used_on"]), int(values["sessions_done"].strip() or "0")
        except ValueError as problem:
            named = "sessions_done" if values["used_on"] else "used_on"
            raise Refused("Say on which day, and how many sessions are finished, like 3.", named) from problem
        try:
            return digital.note_use(writer, record.id, used_on, done, at=now)
        except Refused as refusal:
            raise Refused(refusal.message, "used_on" if refusal.field == "last_used_on" else refusal.field) from refusal
