"""One service of the directory: everything that is known of it, how old that is, and what was reported."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.freshness import checked_words, room_words
from wellbeing_desktop.domain.knowledge import SERVICE, KnowledgeReport, Service
from wellbeing_desktop.operations import knowledge
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.records import load, load_all
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.mnemonics import with_letters
from wellbeing_desktop.ui.pages.forms.form_page import FormPage
from wellbeing_desktop.ui.record_form import text_of, value_from, widget_for
from wellbeing_desktop.ui.saving import tell_saved
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import buttons, cards, fields, labels
from wellbeing_desktop.ui.widgets.form import Form

_ROWS: Final = (
    ("name",),
    ("capacity", "state"),
    ("description",),
    ("topics", "areas"),
    ("eligibility",),
    ("minimum_age", "maximum_age", "cost"),
    ("how_to_use",),
    ("opening", "accessibility"),
    ("address", "languages"),
    ("postcode", "telephone"),
    ("email", "website"),
)
_NAMES: Final = tuple(name for row in _ROWS for name in row)


class ServicePage(FormPage):
    """The argument is the service's id; empty for a new one."""

    title, nav_key, section_key, help_key = "Service", "service", "services", "services"
    draft_name = "service"
    record = Service
    save_words = "&Save service"
    saved_words = "Service saved."
    needs_person = False

    def __init__(self, session: Session) -> None:
        self._service: Service | None = None
        self._reports: list[KnowledgeReport] = []
        super().__init__(session)

    def build(self, form: Form) -> None:
        words = [SERVICE.field(name).label for name in _NAMES]
        letters = dict(zip(_NAMES, with_letters(words, ("s", "c", "t", "p", "w")), strict=True))
        for row in _ROWS:
            if len(row) > 1:
                form.begin_row()
            for name in row:
                field = SERVICE.field(name)
                widget = fields.note(lines=3) if name == "description" else widget_for(field, self.session.today)
                form.add(name, letters[name], widget, required=field.about.required)
            form.end_row()

    def before_form(self, body: Any) -> None:
        self.facts = labels.body("")
        self.check_button = buttons.secondary("Checked &today", self.check_today, icon="check")
        self.head = cards.card("", self.facts, self.check_button)
        body.addWidget(self.head)

    def after_form(self, body: Any) -> None:
        self.wrong = fields.note(lines=2)
        self.wrong_words = labels.label_for("&What is missing or wrong", self.wrong)
        self.report_button = buttons.secondary("Re&port it", self.report)
        self.reporting = cards.card("Something missing or wrong", self.wrong_words, self.wrong, self.report_button)
        self.reported = labels.body("")
        self.answer = fields.note(lines=2)
        self.answer_words = labels.label_for("What was done about it", self.answer)
        self.answer_button = buttons.secondary("Save the answer", self.answer_it)
        self.answering = cards.card("Reported", self.reported, self.answer_words, self.answer, self.answer_button)
        body.addWidget(self.answering)
        body.addWidget(self.reporting)

    def where_next(self) -> tuple[str, str]:
        return ("services", "")

    def starting_values(self) -> Mapping[str, str]:
        shown = self._service or Service()
        return {name: text_of(SERVICE.field(name), getattr(shown, name)) for name in _NAMES}

    def on_shown(self, argument: str = "") -> None:
        if self._service is not None and self._service.id == argument:
            super().on_shown(argument)
            self._ask_again()
            return

        def ask(reader: Reader) -> tuple[Service | None, list[KnowledgeReport]]:
            return load(reader, Service, argument), load_all(reader, KnowledgeReport, target_id=argument or "-")

        background.query(self, self.session.store, ask, partial(self._take, argument))

    def refresh(self, changes: Changes) -> None:
        if self._service is not None and changes.touches("service", "knowledge_report"):
            self._ask_again()

    def operation(self, writer: Writer, values: Mapping[str, str]) -> Changes:
        shown, now = self._service, self.session.now()
        if shown is None:
            given = {name: value_from(SERVICE.field(name), values[name]) for name in _NAMES}
            made = {name: value for name, value in given.items() if value not in (None, "", ())}
            return knowledge.add_service(writer, Service(id=self.record_id, **made), at=now)
        before = {name: text_of(SERVICE.field(name), getattr(shown, name)) for name in _NAMES}
        changed = {
            name: value_from(SERVICE.field(name), values[name]) for name in _NAMES if values[name] != before[name]
        }
        seen = {name: getattr(shown, name) for name in changed}
        return knowledge.change_service(writer, shown.id, changed, seen, at=now)

    def check_today(self) -> None:
        """Somebody rang or looked: everything in the entry is still so."""
        if self._service is not None:
            id, now = self._service.id, self.session.now()
            self._do(lambda writer: knowledge.check_service(writer, id, at=now), "Checked today.")

    def report(self) -> None:
        if self._service is not None:
            id, words, now = self._service.id, self.wrong.value(), self.session.now()
            self._do(
                lambda writer: knowledge.report_missing_or_wrong(writer, words, id, at=now), "Reported.", self.wrong
            )

    def answer_it(self) -> None:
        """Answer the report that has waited longest."""
        if self._reports:
            id, words, now = self._reports[0].id, self.answer.value(), self.session.now()
            self._do(lambda writer: knowledge.answer_report(writer, id, words, at=now), "Answered.", self.answer)

    def _do(self, work: Any, said: str, field: fields.NoteField | None = None) -> None:
        def saved(changes: Changes) -> None:
            if field is not None:
                field.set_value("")
            tell_saved(self, self.session, said, changes)

        background.operate(self, self.session.store, work, saved)

    def _ask_again(self) -> None:
        id = self._service.id if self._service is not None else ""

        def ask(reader: Reader) -> tuple[Service | None, list[KnowledgeReport]]:
            return load(reader, Service, id), load_all(reader, KnowledgeReport, target_id=id)

        background.query(self, self.session.store, ask, self._show_again)

    def _take(self, argument: str, found: tuple[Service | None, list[KnowledgeReport]]) -> None:
        self._service = found[0]
        self.person_id = ""
        super().on_shown(argument)
        self._begin_again()
        self._show_facts(found[0], found[1])

    def _show_again(self, found: tuple[Service | None, list[KnowledgeReport]]) -> None:
        if self.form.values() == self._begun_with() and found[0] is not None:
            self._service = found[0]
            self.form.set_values(dict(self._begun_with()))
        self._show_facts(*found)

    def _show_facts(self, service: Service | None, reports: Sequence[KnowledgeReport]) -> None:
        self._reports = [one for one in reports if one.state == "open"]
        for card in (self.head, self.reporting):
            card.setVisible(service is not None)
        self.answering.setVisible(bool(self._reports))
        if service is not None:
            today = self.session.today()
            room = room_words(label_of("capacity_states", service.capacity), service.capacity_on, today)
            came = f"From {service.source}" if service.source else ""
            said = (checked_words(service.checked_on, today), room, came)
            self.facts.setText(". ".join(each for each in said if each) + ".")
        if self._reports:
            more = f" ({len(self._reports)} wait)" if len(self._reports) > 1 else ""
            self.reported.setText(self._reports[0].words + more)
