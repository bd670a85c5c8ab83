"""One article: what everybody reads and how old it is, what waits, its editions, and what was reported."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import ClassVar

import msgspec
from PySide6.QtWidgets import QVBoxLayout

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.dates import day_words, staff_date
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.freshness import approved_words
from wellbeing_desktop.domain.knowledge import Article, ArticleEdition, KnowledgeReport
from wellbeing_desktop.domain.word_diff import compared
from wellbeing_desktop.operations import knowledge
from wellbeing_desktop.operations.sharing import letter_about_article
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.records import load_all
from wellbeing_desktop.ui.pages.inbox.step_page import StepPage
from wellbeing_desktop.ui.pages.person.parts import column_of
from wellbeing_desktop.ui.pages.services.reports import Reports
from wellbeing_desktop.ui.pages.services.sending import SendCard
from wellbeing_desktop.ui.widgets import buttons, cards, fields, labels, layouts
from wellbeing_desktop.ui.widgets.compared_text import ComparedText
from wellbeing_desktop.ui.widgets.form import Form

_REVIEW_AFTER_DAYS = 365
"""What the day of looking again is offered as; whoever approves chooses it."""


class _More(msgspec.Struct, frozen=True):
    reads: ArticleEdition | None
    editions: tuple[ArticleEdition, ...]
    reports: tuple[KnowledgeReport, ...]


class ArticlePage(StepPage[Article]):
    """The argument is the article's id."""

    title, nav_key = "Article", "article"
    section_key, help_key = "services", "articles"
    record, record_name = Article, "article"
    also_shown = ("article_edition", "knowledge_report")
    rows_of: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "send": (),
        "approve": ("review_on",),
        "send_back": ("sent_back_words",),
        "retire": (),
    }

    def build(self, form: Form) -> None:
        form.add("review_on", "&Look at it again on", fields.day(self.session.today))
        form.add("sent_back_words", "What is to be &changed", fields.note(lines=3))

    def add_cards_below(self) -> None:
        self.record_button.hide()
        self.edit_button = buttons.secondary("Change the wor&ds", self._edit, icon="pencil")
        self.facts_card.body.addWidget(self.edit_button)
        self.sending = SendCard(self.session, self.go.emit, self._letter, None)
        self.body.addWidget(self.sending)
        self.history = cards.card("Editions, and what changed between them")
        self._history = QVBoxLayout()
        self.history.body.addLayout(self._history)
        self.body.addWidget(self.history)
        self.reports = Reports(self.session)
        self.body.addWidget(self.reports)

    def where_next(self, id: str) -> tuple[str, str]:
        return "articles", ""

    def steps(self, record: Article) -> Sequence[tuple[str, str]]:
        retire = ("retire", "It is no longer to be used")
        match record.state:
            case "draft":
                return [("send", "It is ready: send it for approval"), retire]
            case "to_approve":
                return [("approve", "Approve it for everybody"), ("send_back", "Send it back with words"), retire]
            case "approved":
                return [("send", "It is still right: send it for approval again"), retire]
            case _:
                return []

    def more_known(self, reader: Reader, record: Article) -> _More:
        return _More(
            knowledge.edition_of(reader, record.id),
            tuple(knowledge.editions_of(reader, record.id)),
            tuple(load_all(reader, KnowledgeReport, target_id=record.id)),
        )

    def person_of(self, record: Article) -> str:
        return ""

    def facts(self, record: Article) -> Sequence[tuple[str, str]]:
        more, names, today = self._more, self.known.names, self.session.today()
        reads = more.reads
        owner = names.get(record.owner_id, "Nobody named")
        facts = [("Title", record.title), ("State", label_of("article_states", record.state)), ("Who keeps it", owner)]
        if reads is not None:
            approver = names.get(reads.approved_by, "a colleague")
            age = f"{approved_words(reads.approved_on, reads.review_on, today)} by {approver}"
            again = f", to be looked at again on {staff_date(reads.review_on)}" if reads.review_on else ""
            facts += [
                ("How old it is", f"{age}{again}"),
                ("For which services", ", ".join(reads.services)),
                ("For which areas", ", ".join(reads.localities)),
                ("What everybody reads", reads.words),
                ("Where it comes from", reads.sources),
            ]
        else:
            facts.append(("How old it is", "Not approved: nobody but its writers relies on it"))
        if record.state in ("draft", "to_approve") and (reads is None or record.words != reads.words):
            facts.append(("As it is being written", record.words or "Nothing written yet"))
        facts.append(("Sent back", record.sent_back_words))
        return facts

    def prepare(self, record: Article) -> None:
        more = self._more
        self.sending.setVisible(more.reads is not None)
        self.reports.target_id = record.id
        self.reports.show_reports(more.reports, self.known.names)
        layouts.empty(self._history)
        older = {one.id: one for one in more.editions}
        for number, edition in zip(range(len(more.editions), 0, -1), more.editions, strict=True):
            said = f"Edition {number}, {day_words(edition.approved_on)}"
            said += f", by {self.known.names.get(edition.approved_by, 'a colleague')}"
            before = older.get(edition.supersedes)
            if edition.retired:
                self._history.addWidget(labels.body(f"{said}: no longer to be used"))
            elif before is None:
                self._history.addWidget(labels.body(f"{said}: the first"))
            else:
                changed = ComparedText()
                changed.show_pieces(compared(f"{before.title}\n{before.words}", f"{edition.title}\n{edition.words}"))
                self._history.addWidget(column_of(labels.label_for(f"{said}: what changed", changed), changed))
        self.history.setVisible(bool(more.editions))

    def starting_values(self, record: Article) -> Mapping[str, str]:
        again = self.session.today() + dt.timedelta(days=_REVIEW_AFTER_DAYS)
        return {"review_on": again.isoformat()}

    def operation(self, writer: Writer, record: Article, step: str, values: Mapping[str, str]) -> Changes:
        now = self.session.now()
        match step:
            case "send":
                return knowledge.send_for_approval(writer, record.id, at=now)
            case "approve":
                if not values["review_on"]:
                    raise Refused("Say on which day somebody looks at it again.", "review_on")
                return knowledge.approve_article(writer, record.id, dt.date.fromisoformat(values["review_on"]), at=now)
            case "send_back":
                return knowledge.send_article_back(writer, record.id, values["sent_back_words"], at=now)
            case _:
                return knowledge.retire_article(writer, record.id, at=now)

    @property
    def _more(self) -> _More:
        more = self.known.more
        return more if isinstance(more, _More) else _More(None, (), ())

    def _edit(self) -> None:
        if self.shown is not None:
            self.go.emit("write_article", self.shown.id)

    def _letter(self, writer: Writer, letter_id: str, person_id: str) -> Changes:
        article_id = self.shown.id if self.shown is not None else ""
        return letter_about_article(writer, letter_id, person_id, article_id, at=self.session.now())
