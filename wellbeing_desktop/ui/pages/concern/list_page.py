"""Concerns that nobody has closed, for those who may see them; whoever raised one sees who has it."""

import datetime as dt
from collections.abc import Mapping, Sequence

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.storage.concerns import OpenConcern, open_concerns
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.models.paged_table import Column, TableRow
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.concern import words
from wellbeing_desktop.ui.reading_order import tab_in_reading_order
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import buttons, labels
from wellbeing_desktop.ui.widgets.empty_state import empty_state
from wellbeing_desktop.ui.widgets.labels import Tone
from wellbeing_desktop.ui.widgets.list_card import ListCard


class ConcernsPage(Page):
    title, nav_key, section_key, help_key = "Concerns", "concerns", "inbox", "concern"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.body.addWidget(labels.heading(self.title, 1))
        self.nothing = empty_state(
            "No concern is open", "A concern is raised from a person's record, or with F8.", icon="shield-alert"
        )
        self.body.addWidget(self.nothing)
        columns = [Column("Answer due", width=18), Column("Who and what"), Column("With", width=24)]
        self.list = ListCard("Concerns that are not closed", columns, 0, due_tone)
        self.list.table.opened.connect(lambda id: self.go.emit("concern", id))
        self.body.addWidget(self.list)
        self.sheet_button = buttons.secondary(
            "&Print the call sheet", lambda: self.go.emit("call_sheet", ""), icon="printer"
        )
        self.body.addWidget(self.sheet_button)
        self.body.addStretch()

    def on_shown(self, argument: str = "") -> None:
        today = self.session.today()

        def ask(reader: Reader) -> tuple[Sequence[OpenConcern], dict[str, str]]:
            return open_concerns(reader, today), dict(reader.rows("SELECT id, name FROM live_practitioner"))

        background.query(self, self.session.store, ask, self._show)

    def refresh(self, changes: Changes) -> None:
        if changes.touches("concern", "person"):
            self.on_shown()

    def _show(self, answer: tuple[Sequence[OpenConcern], Mapping[str, str]]) -> None:
        rows, names = answer
        self.list.show_rows(concern_rows(rows, names, self.session.now()), f"{len(rows):,} not closed")
        self.nothing.setVisible(not rows)
        tab_in_reading_order(self)


def concern_rows(rows: Sequence[OpenConcern], names: Mapping[str, str], now: dt.datetime) -> list[TableRow]:
    """When it is due, whom it is about, who has it. Somebody who may not read it sees only the last."""
    made = []
    for row in rows:
        has_it = names.get(row.lead_id, "a colleague") if row.state == "with_lead" else "Nobody has it yet"
        what = f"{row.name or 'Not known yet'}\n{label_of('concern_paths', row.path)}"
        raised = f"raised {words.clock(row.raised_at, now)}"
        made.append(TableRow(row.id, (due(row, now), what if row.may_read else "Raised by you", f"{has_it}\n{raised}")))
    return made


def due(row: OpenConcern, now: dt.datetime) -> str:
    if row.state == "with_lead":
        return "Taken"
    if row.respond_by is None:
        return "No time set"
    late = row.respond_by < now
    return f"Late since {words.clock(row.respond_by, now)}" if late else f"By {words.clock(row.respond_by, now)}"


def due_tone(said: str) -> Tone:
    """Colours for `due`; the words say the same."""
    return "bad" if said.startswith("Late") else "plain"
