"""One digital module: its sessions, and the criteria of its pathway by which it may be released."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.knowledge import DIGITAL_MODULE, DigitalModule
from wellbeing_desktop.operations import digital
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.records import load
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.mnemonics import with_letters
from wellbeing_desktop.ui.pages.forms.form_page import FormPage
from wellbeing_desktop.ui.record_form import text_of, value_from, widget_for
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets.form import Form

_ROWS: Final = (
    ("name",),
    ("pathway", "platform"),
    ("sessions",),
    ("criteria",),
    ("days_open", "drop_off_days", "retired"),
)
_NAMES: Final = tuple(name for row in _ROWS for name in row)


class ModulePage(FormPage):
    """The argument is the module's id; empty for a new one."""

    title, nav_key, section_key, help_key = "Digital module", "module", "services", "digital"
    draft_name = "module"
    record = DigitalModule
    save_words = "&Save the module"
    saved_words = "Module saved."

    def __init__(self, session: Session) -> None:
        self._module: DigitalModule | None = None
        self._id = ""
        super().__init__(session)

    def build(self, form: Form) -> None:
        words = [DIGITAL_MODULE.field(name).label for name in _NAMES]
        letters = dict(zip(_NAMES, with_letters(words, ("s", "c")), strict=True))
        for row in _ROWS:
            if len(row) > 1:
                form.begin_row()
            for name in row:
                field = DIGITAL_MODULE.field(name)
                form.add(
                    name,
                    letters[name],
                    widget_for(field, self.session.today),
                    help_text=field.about.help,
                    required=field.about.required,
                )
            form.end_row()

    def where_next(self) -> tuple[str, str]:
        return ("modules", "")

    @property
    def draft_key(self) -> str:
        return f"{self.draft_name}/{self._id}"

    def starting_values(self) -> Mapping[str, str]:
        shown = self._module or DigitalModule()
        return {name: text_of(DIGITAL_MODULE.field(name), getattr(shown, name)) for name in _NAMES}

    def on_shown(self, argument: str = "") -> None:
        if argument == self._id and self.form.values() != self._begun_with():
            return  # somebody comes back to what they were typing

        def ask(reader: Reader) -> DigitalModule | None:
            return load(reader, DigitalModule, argument)

        background.query(self, self.session.store, ask, partial(self._take, argument))

    def operation(self, writer: Writer, values: Mapping[str, str]) -> Changes:
        shown, now = self._module, self.session.now()
        given = {name: value_from(DIGITAL_MODULE.field(name), values[name]) for name in _NAMES}
        if shown is None:
            made = {name: value for name, value in given.items() if value not in (None, "", ())}
            return digital.add_module(writer, DigitalModule(id=self.record_id, **made), at=now)
        changed = {name: value for name, value in given.items() if value != getattr(shown, name)}
        seen = {name: getattr(shown, name) for name in changed}
        return digital.change_module(writer, shown.id, changed, seen, at=now)

    def _take(self, argument: str, module: DigitalModule | None) -> None:
        self._module, self._id = module, argument
        self._begin_again()
        super().on_shown("")

    def _saved(self, changes: Changes) -> None:
        super()._saved(changes)
        self._module, self._id = None, ""
        self._begin_again()
