"""Articles to look at: what waits for approval, what is due for another look, what is being written, what is reported."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.dates import day_words, staff_date
from wellbeing_desktop.storage.knowledge_work import ArticleRow, KnowledgeWork, knowledge_work
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.models.paged_table import Column, TableRow
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.person.parts import row_of_buttons
from wellbeing_desktop.ui.pages.today_parts.day import things
from wellbeing_desktop.ui.reading_order import tab_in_reading_order
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import buttons, labels
from wellbeing_desktop.ui.widgets.empty_state import empty_state
from wellbeing_desktop.ui.widgets.list_card import ListCard


class ArticlesPage(Page):
    title, nav_key, section_key, help_key = "Articles to look at", "articles", "services", "articles"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._about: dict[str, tuple[str, str]] = {}
        self.body.addWidget(labels.heading("Articles to look at", 1))
        self.body.addWidget(
            row_of_buttons(
                buttons.primary("&Write an article", partial(self.go.emit, "write_article", ""), icon="plus"),
                buttons.secondary("&Find services and articles", partial(self.go.emit, "services", ""), icon="search"),
            )
        )
        self.nothing = empty_state(
            "No articles yet", "Write what colleagues ask about most; a manager approves it.", None, "book-open"
        )
        self.nothing.hide()
        self.body.addWidget(self.nothing)
        columns = [Column("When", width=20), Column("Article")]
        self.to_approve, self.due, self.written, self.approved = (
            ListCard(name, columns, 0, _tone) for name in ("For approval", "Due", "Being written", "Approved")
        )
        self.reports = ListCard("Reports", columns, 0, _tone)
        self._cards = (self.to_approve, self.due, self.reports, self.written, self.approved)
        for card in self._cards:
            card.table.opened.connect(self._open_report if card is self.reports else partial(self.go.emit, "article"))
            self.body.addWidget(card)
        self.body.addStretch()

    def on_shown(self, argument: str = "") -> None:
        background.query(self, self._session.store, lambda r: knowledge_work(r, self._session.today()), self._show)

    def refresh(self, changes: Changes) -> None:
        if changes.touches("article", "article_edition", "knowledge_report", "practitioner"):
            self.on_shown()

    def panes(self) -> Sequence[QWidget]:
        return tuple(card for card in self._cards if not card.isHidden()) or (self,)

    def first_focus(self) -> QWidget | None:
        return next((card.table for card in self._cards if not card.isHidden()), None)

    def _show(self, work: KnowledgeWork) -> None:
        def rows(articles: Sequence[ArticleRow], words: str) -> list[TableRow]:
            return [_row(one, words, self._session.user_id) for one in articles]

        self.to_approve.show_rows(
            rows(work.to_approve, "For approval"), f"{things(len(work.to_approve), 'article')} to approve"
        )
        self.due.show_rows(rows(work.due, ""), f"{things(len(work.due), 'article')} to look at again")
        self.written.show_rows(
            rows(work.being_written, "Draft"), f"{things(len(work.being_written), 'article')} being written"
        )
        self.approved.show_rows(
            rows(work.approved, ""), f"{things(len(work.approved), 'article')} approved, the next to look at first"
        )
        self._about = {one.id: (one.kind, one.target_id) for one in work.reports}
        reports = [
            TableRow(
                one.id,
                (
                    day_words(one.reported_on),
                    f"{one.words}\n{one.name or 'Not in the knowledge base yet'}. {_kept_by(one.owner)}",
                ),
            )
            for one in work.reports
        ]
        self.reports.show_rows(reports, f"{things(len(reports), 'report')} of something missing or wrong")
        self.nothing.setVisible(all(card.isHidden() for card in self._cards))
        tab_in_reading_order(self)

    def _open_report(self, report_id: str) -> None:
        kind, target = self._about.get(report_id, ("", ""))
        self.go.emit(kind or "report_gap", target if kind else report_id)


def _row(article: ArticleRow, words: str, user_id: str) -> TableRow:
    when = words or (f"Look again {staff_date(article.review_on)}" if article.review_on else "")
    if article.sent_back:
        when = "Sent back"
    mine = "Yours" if article.owner_id == user_id else _kept_by(article.owner)
    also = ". An earlier edition is read meanwhile" if words and article.read_by_all else ""
    return TableRow(article.id, (when, f"{article.title}\n{mine}{also}"))


def _kept_by(owner: str) -> str:
    return f"Kept by {owner}" if owner else "Nobody keeps it yet"


def _tone(words: str) -> labels.Tone:
    return "warning" if words == "Sent back" else "plain"
