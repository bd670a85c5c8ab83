"""One service of the directory: what is known of it, how old that is, what was reported, who was sent on to it."""

from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.dates import day_words
from wellbeing_desktop.domain.freshness import checked_words, room_words
from wellbeing_desktop.domain.knowledge import SERVICE, KnowledgeReport, Service
from wellbeing_desktop.operations import knowledge
from wellbeing_desktop.operations.knowledge_rules import KnowledgeRules, knowledge_rules
from wellbeing_desktop.operations.sharing import letter_about_service
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.records import load, load_all
from wellbeing_desktop.storage.signposting import SentOn, sent_to_service
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.mnemonics import with_letters
from wellbeing_desktop.ui.models.paged_table import Column, TableRow
from wellbeing_desktop.ui.models.short_list import ShortList
from wellbeing_desktop.ui.pages.forms.form_page import FormPage
from wellbeing_desktop.ui.pages.services.reports import Reports
from wellbeing_desktop.ui.pages.services.sending import SendCard
from wellbeing_desktop.ui.record_form import text_of, value_from, widget_for
from wellbeing_desktop.ui.saving import tell_saved
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import buttons, cards, fields, labels, read_back
from wellbeing_desktop.ui.widgets.form import AnyField, Form
from wellbeing_desktop.ui.widgets.short_table import ShortTable

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
_NOT_AS_USUAL: Final[Mapping[str, Callable[[], AnyField]]] = {
    "description": partial(fields.note, lines=3),
    "telephone": read_back.phones,
}


class ServicePage(FormPage):
    """The argument is the service's id; empty for a new one."""

    title, nav_key, section_key, help_key = "Service", "service", "services", "services"
    draft_name = "service"
    record = Service
    save_words = "&Save service"
    saved_words = "Service saved."

    def __init__(self, session: Session) -> None:
        self._service: Service | None = None
        self._sent: tuple[SentOn, ...] = ()
        super().__init__(session)

    def build(self, form: Form) -> None:
        words = [SERVICE.field(name).label for name in _NAMES]
        letters = dict(zip(_NAMES, with_letters(words, ("s", "c", "t", "p", "w", "i", "n", "g", "l")), strict=True))
        for row in _ROWS:
            if len(row) > 1:
                form.begin_row()
            for name in row:
                field = SERVICE.field(name)
                widget = _NOT_AS_USUAL[name]() if name in _NOT_AS_USUAL else widget_for(field, self.session.today)
                form.add(name, letters[name], widget, required=field.about.required)
            form.end_row()

    def before_form(self, body: Any) -> None:
        self.facts = labels.body("")
        self.check_button = buttons.secondary("Checked &today", self.check_today, icon="check")
        self.head = cards.card("", self.facts, self.check_button)
        body.addWidget(self.head)

    def after_form(self, body: Any) -> None:
        self.counts = cards.card("Sent on to this service")
        self.count_words = labels.body("")
        self.counts.body.addWidget(self.count_words)
        columns = [Column("Sent on", width=14), Column("Who"), Column("What became of it", width=24)]
        self.sent_list = ShortList(columns, self)
        self.sent = ShortTable("People sent on", self.sent_list)
        self.sent.opened.connect(partial(self.go.emit, "onward"))
        self.which = fields.choice(())
        self.which.edited.connect(self._show_sent)
        self.counts.body.addWidget(labels.label_for("&List those who", self.which))
        self.counts.body.addWidget(self.which)
        self.counts.body.addWidget(self.sent)
        self.sending = SendCard(self.session, self.go.emit, self._letter, self._send_on)
        self.reports = Reports(self.session)
        for widget in (self.sending, self.counts, self.reports):
            body.addWidget(widget)

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

        background.query(self, self.session.store, partial(_read, id=argument), partial(self._take, argument))

    def refresh(self, changes: Changes) -> None:
        if self._service is not None and changes.touches("service", "knowledge_report", "onward_referral", "setting"):
            self._ask_again()

    def operation(self, writer: Writer, values: Mapping[str, str]) -> Changes:
        shown, now = self._service, self.session.now()
        if shown is None:
            given = {name: value_from(SERVICE.field(name), values[name]) for name in _NAMES}
            made = {name: value for name, value in given.items() if value not in (None, "", ())}
            return knowledge.add_service(writer, Service(id=self.record_id, **made), at=now)
        before = self._begun_with()
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

    def _letter(self, writer: Writer, letter_id: str, person_id: str) -> Changes:
        service_id = self._service.id if self._service is not None else ""
        return letter_about_service(writer, letter_id, person_id, service_id, at=self.session.now())

    def _send_on(self, person_id: str) -> None:
        if self._service is not None:
            self.go.emit("new_onward", f"{person_id}/{self._service.id}")

    def _do(self, work: Any, said: str) -> None:
        background.operate(
            self, self.session.store, work, lambda changes: tell_saved(self, self.session, said, changes)
        )

    def _ask_again(self) -> None:
        id = self._service.id if self._service is not None else ""
        background.query(self, self.session.store, partial(_read, id=id), self._show_again)

    def _take(self, argument: str, known: "_Known") -> None:
        self._service = known.service
        self.person_id = ""
        super().on_shown(argument)
        self._begin_again()
        self.form.take_as_kept()
        self._show_facts(known)

    def _show_again(self, known: "_Known") -> None:
        if self.form.values() == self._begun_with() and known.service is not None:
            self._service = known.service
            self.form.set_values(self._begun_with())
            self.form.take_as_kept()
        self._show_facts(known)

    def _show_facts(self, known: "_Known") -> None:
        service, rules = known.service, known.rules
        for card in (self.head, self.reports, self.sending):
            card.setVisible(service is not None)
        self.counts.setVisible(bool(known.sent))
        if service is not None:
            today = self.session.today()
            room = room_words(
                label_of("capacity_states", service.capacity), service.capacity_on, today, rules.room_fades_days
            )
            by = known.names.get(service.capacity_by, "")
            checked = checked_words(service.checked_on, today, rules.check_after_days)
            checker = known.names.get(service.checked_by, "")
            said = (
                f"{checked} by {checker}" if checker else checked,
                f"{room} ({by} said so)" if room and by else room,
                f"From {service.source}" if service.source else "",
            )
            self.facts.setText(". ".join(each for each in said if each) + ".")
            self.reports.target_id = service.id
            self.reports.show_reports(known.reports, known.names)
        self._sent = known.sent
        counted = Counter(one.state for one in known.sent)
        useful = sum(one.useful == "yes" for one in known.sent)
        states = [(state, label_of("onward_states", state)) for state in counted]
        parts = [f"{words}: {counted[state]}" for state, words in states]
        asked = f" {useful} of {counted['attended']} who attended found it useful." if counted["attended"] else ""
        self.count_words.setText(f"{len(known.sent)} sent on. {'. '.join(parts)}.{asked}")
        chosen = self.which.value()
        self.which.set_choices([("", "were sent on"), *((state, words.lower()) for state, words in states)])
        self.which.set_value(chosen if chosen in counted else "")
        self._show_sent()

    def _show_sent(self) -> None:
        """The people behind the count that is chosen."""
        wanted = self.which.value()
        rows = [
            TableRow(
                one.id,
                (
                    day_words(one.sent_on),
                    one.name,
                    label_of("onward_states", one.state) + (", useful" if one.useful == "yes" else ""),
                ),
            )
            for one in self._sent
            if wanted in ("", one.state)
        ]
        self.sent_list.show_rows(rows)


class _Known(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the page shows, read at once."""

    service: Service | None
    reports: tuple[KnowledgeReport, ...]
    sent: tuple[SentOn, ...]
    names: dict[str, str]
    rules: KnowledgeRules


def _read(reader: Reader, id: str) -> _Known:
    return _Known(
        service=load(reader, Service, id),
        reports=tuple(load_all(reader, KnowledgeReport, target_id=id or "-")),
        sent=tuple(sent_to_service(reader, id)) if id else (),
        names=dict(reader.rows("SELECT id, name FROM live_practitioner")),
        rules=knowledge_rules(reader),
    )
