"""Concerns that nobody has closed, for those who may see them; whoever raised one sees who has it."""

import datetime as dt
from collections.abc import Mapping, Sequence

import msgspec

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.dates import recent_words
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.storage.concerns import AnswerWaiting, OpenConcern, answers_waiting, open_concerns
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.models.paged_table import Column, TableRow
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.reading_order import tab_in_reading_order
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import buttons, labels
from wellbeing_desktop.ui.widgets.empty_state import empty_state
from wellbeing_desktop.ui.widgets.labels import Tone
from wellbeing_desktop.ui.widgets.list_card import ListCard


class Waiting(msgspec.Struct, frozen=True):
    """What the page shows, read in one go."""

    concerns: Sequence[OpenConcern] = ()
    answers: Sequence[AnswerWaiting] = ()
    names: Mapping[str, str] = {}


class ConcernsPage(Page):
    title, nav_key, section_key, help_key = "Concerns", "concerns", "inbox", "concern"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.waiting = Waiting()
        self.body.addWidget(labels.heading(self.title, 1))
        self.nothing = empty_state(
            "No concern is open", "A concern is raised from a person's record, or with F8.", icon="shield-alert"
        )
        self.body.addWidget(self.nothing)
        columns = [Column("Answer due", width=18), Column("Who and what"), Column("With", width=24)]
        self.list = ListCard("Concerns that are not closed", columns, 0, due_tone)
        self.list.table.opened.connect(lambda id: self.go.emit("concern", id))
        self.body.addWidget(self.list)
        columns = [Column("Taken", width=18), Column("Who"), Column("By", width=24)]
        self.answers = ListCard("Answers about safety that nobody has seen to", columns, -1, due_tone)
        self.answers.table.opened.connect(self._see_to)
        self.body.addWidget(self.answers)
        self.sheet_button = buttons.secondary(
            "&Print the call sheet", lambda: self.go.emit("call_sheet", ""), icon="printer"
        )
        self.body.addWidget(self.sheet_button)
        self.body.addStretch()

    def on_shown(self, argument: str = "") -> None:
        today = self.session.today()

        def ask(reader: Reader) -> Waiting:
            names = dict(reader.rows("SELECT id, name FROM live_practitioner"))
            return Waiting(open_concerns(reader, today), answers_waiting(reader), names)

        background.query(self, self.session.store, ask, self._show)

    def refresh(self, changes: Changes) -> None:
        if changes.touches("concern", "person", "assessment", "task"):
            self.on_shown()

    def _show(self, waiting: Waiting) -> None:
        rows, now = waiting.concerns, self.session.now()
        self.waiting = waiting
        self.list.show_rows(concern_rows(rows, waiting.names, now), f"{len(rows):,} not closed")
        self.answers.show_rows(answer_rows(waiting.answers, waiting.names, now), f"{len(waiting.answers):,} to see to")
        self.nothing.setVisible(not rows and not waiting.answers)
        tab_in_reading_order(self)

    def _see_to(self, assessment_id: str) -> None:
        """The page of somebody at risk now, with the person carried over."""
        for answer in self.waiting.answers:
            if answer.assessment_id == assessment_id:
                self.go.emit("at_risk", f"answer/{answer.person_id}/{new_id()}/{assessment_id}")
                return


def answer_rows(rows: Sequence[AnswerWaiting], names: Mapping[str, str], now: dt.datetime) -> list[TableRow]:
    """Never what was answered: who, when, and who asked."""
    return [
        TableRow(
            row.assessment_id,
            (recent_words(row.taken_at, now), row.name or "Not known yet", names.get(row.taken_by, "Not known")),
        )
        for row in rows
    ]


def concern_rows(rows: Sequence[OpenConcern], names: Mapping[str, str], now: dt.datetime) -> list[TableRow]:
    """When it is due, whom it is about, who has it. Somebody who may not read it sees only the last."""
    made = []
    for row in rows:
        has_it = names.get(row.lead_id, "a colleague") if row.state == "with_lead" else "Nobody has it yet"
        what = f"{row.name or 'Not known yet'}\n{label_of('concern_paths', row.path)}"
        raised = f"raised {recent_words(row.raised_at, now)}"
        made.append(TableRow(row.id, (due(row, now), what if row.may_read else "Raised by you", f"{has_it}\n{raised}")))
    return made


def due(row: OpenConcern, now: dt.datetime) -> str:
    if row.state == "with_lead":
        return "Taken"
    if row.respond_by is None:
        return "No time set"
    late = row.respond_by < now
    return f"Late since {recent_words(row.respond_by, now)}" if late else f"By {recent_words(row.respond_by, now)}"


def due_tone(said: str) -> Tone:
    """Colours for `due`; the words say the same."""
    return "bad" if said.startswith("Late") else "plain"
