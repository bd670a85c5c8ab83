"""A summary of the record on paper, for staff who carry it: what the screen shows first, and nothing in confidence."""

import datetime as dt
from collections.abc import Sequence

from wellbeing_desktop.documents import blocks as b
from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.consent_rules import may_be_told
from wellbeing_desktop.domain.dates import day_words, moment_words
from wellbeing_desktop.domain.names import list_name
from wellbeing_desktop.operations.person_record import PersonRecord, read_person
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.commands import Command, for_page
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.person import warnings, who
from wellbeing_desktop.ui.pages.person.contacts import heading, note_lines
from wellbeing_desktop.ui.pages.person.parts import in_a_sentence, joined
from wellbeing_desktop.ui.pages.plan_copy.paper import Paper
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import labels, messages
from wellbeing_desktop.ui.widgets.banner import PersonBanner


class PersonSummaryPage(Page):
    """The argument is the person's id."""

    title, nav_key, section_key, help_key = "Summary to print", "person_summary", "caseload", "person"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._person_id = ""
        self.record: PersonRecord | None = None
        self.banner = PersonBanner()
        self.banner.hide()
        self.outer.insertWidget(0, self.banner)
        self.body.addWidget(labels.heading("Summary of the record", 1))
        self.body.addWidget(
            messages.notice(
                "For staff. It names alerts and contacts: carry it safely and shred it afterwards.", "warning"
            )
        )
        self.paper = Paper(session, "print_summary", "record-summary.pdf")
        self.body.addWidget(self.paper)
        self.body.addStretch()

    def on_shown(self, argument: str = "") -> None:
        if argument:
            self._person_id = argument
        self._ask()

    def refresh(self, changes: Changes) -> None:
        if self._person_id in changes.subjects():
            self._ask()

    def commands(self) -> Sequence[Command]:
        return (for_page("print", self.paper.print_it, name="Print the summary", page=self.nav_key),)

    def _ask(self) -> None:
        person_id, today = self._person_id, self._session.today()
        if not person_id:
            return

        def read(reader: Reader) -> PersonRecord:
            return read_person(reader, person_id, today)

        background.query(self, self._session.store, read, self._show)

    def _show(self, record: PersonRecord) -> None:
        if record.person.id != self._person_id or record == self.record:
            return
        self.record = record
        today = self._session.today()
        who.show_in(self.banner, record, today)
        self.banner.show()
        self.paper.show_document(self._person_id, summary_document(record, today), "small", "For staff, 12 point")


def summary_document(record: PersonRecord, today: dt.date) -> b.Document:
    """Who, what to know first, the plan, what is waiting, the last three contacts. What others told in confidence and
    the key safe's code are never on paper."""
    person = record.person
    reference = f"R-{person.id.replace('-', '')[-8:].upper()}"
    blocks: list[b.Block] = [
        b.Heading("Summary of the record", 1),
        b.KeyValues(
            (
                ("Name", list_name(person.family_name, person.given_name, person.known_as)),
                ("Born", who.born_words(person, today)),
                ("NHS number", who.nhs_number_words(person)),
                ("Address", who.address_line(record.address(today)) or "Not known"),
                ("Practice", record.practice or "Not known"),
                ("Care coordinator", record.coordinator or "Not known"),
                ("Printed on", day_words(today)),
            )
        ),
    ]
    for status, _tone in who.statuses(record):
        blocks.append(b.Paragraph(status, tone="notice"))
    blocks.append(b.Heading("What to know first", 2))
    for item in record.alerts:
        alert = item.alert
        blocks.append(
            b.Paragraph(
                (
                    b.Strong(f"{label_of('alert_kinds', alert.kind)}: {alert.statement}"),
                    f" What to do: {alert.what_to_do} Said by {in_a_sentence(alert.source)}, {day_words(alert.stated_on)}.",
                ),
                tone="notice",
            )
        )
    blocks.append(b.KeyValues(tuple((label, words) for label, words, _tone, _icon in warnings.facts(record, today))))
    if record.related:
        blocks.append(b.Heading("People around them", 2))
        blocks.append(
            b.KeyValues(tuple((joined(one.name, one.relationship), may_be_told(one)) for one in record.related))
        )
    blocks += _plan(record)
    waiting = [
        *(f"{task.title}, {day_words(task.due_on, 'no date')}" for task in record.open_tasks()),
        *(f"The person's copy of the plan, version {copy.version}" for copy in record.copies_owed),
    ]
    coming = record.next_appointment(today)
    if coming is not None:
        waiting.insert(0, f"Next appointment {moment_words(coming.starts_at)}")
    if waiting:
        blocks += [b.Heading("What is waiting", 2), b.BulletList(tuple(waiting))]
    blocks.append(b.Heading("Last three contacts", 2))
    for noted in record.contacts[:3]:
        blocks.append(b.Heading(heading(noted), 3))
        for note in noted.notes:
            for label, words in note_lines(note):
                if not (note.in_confidence and label.startswith("Told by")):
                    blocks.append(b.Paragraph(f"{label}: {words}" if label else words))
    if not record.contacts:
        blocks.append(b.Paragraph("No contact yet."))
    return b.Document("Summary of the record", tuple(blocks), reference=reference, purpose="For staff")


def _plan(record: PersonRecord) -> list[b.Block]:
    plan = record.plan
    if plan is None:
        return []
    blocks: list[b.Block] = [b.Heading("The plan", 2)]
    if plan.narrative is not None and plan.narrative.most_important:
        blocks.append(b.Paragraph(plan.narrative.most_important))
    rows = []
    for goal in plan.goals:
        rows.append((goal.what, label_of("goal_states", goal.state), day_words(goal.target_on)))
        rows += [
            (f"– {joined(one.what, one.who)}", label_of("action_states", one.state), day_words(one.due_on))
            for one in plan.actions
            if one.goal_id == goal.id
        ]
    if rows:
        blocks.append(b.Table(("Goal or action", "How it stands", "By when"), tuple(rows), weights=(4, 1.5, 1.5)))
    return blocks
