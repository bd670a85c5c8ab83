"""What nobody has written down yet: report a gap in the knowledge base, and answer those that are open."""

from functools import partial

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.knowledge import KnowledgeReport
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.records import load_all
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.services.reports import Reports
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import buttons, labels


class GapPage(Page):
    title, nav_key, section_key, help_key = "What is missing", "report_gap", "services", "articles"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.body.addWidget(labels.heading("What is missing", 1))
        self.body.addWidget(
            labels.body("A need with no service, a question with no article: say so, and somebody can answer it.")
        )
        self.reports = Reports(session)
        self.body.addWidget(self.reports)
        self.body.addWidget(
            buttons.link("Find services and articles", partial(self.go.emit, "services", ""), icon="search")
        )
        self.body.addStretch()

    def on_shown(self, argument: str = "") -> None:
        def ask(reader: Reader) -> tuple[list[KnowledgeReport], dict[str, str]]:
            names = dict(reader.rows("SELECT id, name FROM live_practitioner"))
            return load_all(reader, KnowledgeReport, target_id=""), names

        background.query(self, self._session.store, ask, lambda found: self.reports.show_reports(*found))

    def refresh(self, changes: Changes) -> None:
        if changes.touches("knowledge_report"):
            self.on_shown()
