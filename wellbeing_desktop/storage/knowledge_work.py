"""What waits to be done about articles and the directory: the lists of one screen, and their lengths for Today."""

import datetime as dt
from typing import Any, Final

import msgspec

from wellbeing_desktop.storage.columns import as_day
from wellbeing_desktop.storage.connection import Reader


class ArticleRow(msgspec.Struct, frozen=True, kw_only=True):
    """An article and the day that matters in its list: of review, else empty."""

    id: str
    title: str
    owner: str
    owner_id: str
    written_by: str
    review_on: dt.date | None = None
    sent_back: bool = False
    read_by_all: bool = False


class ReportRow(msgspec.Struct, frozen=True, kw_only=True):
    """A report that is open, and what it is about: `kind` is `article`, `service`, or empty for what is missing."""

    id: str
    target_id: str
    kind: str
    name: str
    words: str
    reported_on: dt.date | None
    owner: str
    owner_id: str


class KnowledgeWork(msgspec.Struct, frozen=True, kw_only=True):
    to_approve: tuple[ArticleRow, ...]
    due: tuple[ArticleRow, ...]
    being_written: tuple[ArticleRow, ...]
    reports: tuple[ReportRow, ...]
    approved: tuple[ArticleRow, ...]

    def waiting_for(self, user_id: str) -> int:
        """How many wait for this person: articles to look at again or sent back, and reports about what they keep."""
        articles = [row for row in (*self.due, *self.being_written) if row.owner_id == user_id]
        mine = [row for row in articles if row.sent_back or row.review_on is not None]
        reports = [row for row in self.reports if row.owner_id == user_id]
        return len({row.id for row in mine}) + len(reports)

    def to_approve_by(self, user_id: str) -> int:
        """How many somebody else wrote and sent for approval."""
        return sum(row.written_by != user_id for row in self.to_approve)


def knowledge_work(reader: Reader, on: dt.date) -> KnowledgeWork:
    """Everything, each list in the order to do it."""
    articles = [_article(row) for row in reader.rows(_ARTICLES)]
    states = {row[0]: row[7] or "" for row in reader.rows(_ARTICLES)}
    read = sorted((one for one in articles if one.review_on is not None), key=lambda one: (one.review_on, one.title))
    return KnowledgeWork(
        to_approve=tuple(one for one in articles if states[one.id] == "to_approve"),
        due=tuple(one for one in read if one.review_on is not None and one.review_on <= on),
        being_written=tuple(_written(one) for one in articles if states[one.id] == "draft"),
        reports=tuple(_report(row) for row in reader.rows(_REPORTS)),
        approved=tuple(read),
    )


def _written(row: ArticleRow) -> ArticleRow:
    return msgspec.structs.replace(row, review_on=None)


def _article(row: tuple[Any, ...]) -> ArticleRow:
    return ArticleRow(
        id=row[0],
        title=row[1] or "",
        owner_id=row[2] or "",
        owner=row[3] or "",
        written_by=row[4] or "",
        sent_back=bool(row[5]),
        review_on=as_day(row[6]),
        read_by_all=bool(row[6]),
    )


def _report(row: tuple[Any, ...]) -> ReportRow:
    return ReportRow(
        id=row[0],
        target_id=row[1] or "",
        words=row[2] or "",
        reported_on=as_day(row[3]),
        owner_id=row[4] or "",
        owner=row[5] or "",
        kind="article" if row[6] else "service" if row[7] else "",
        name=row[6] or row[7] or "",
    )


_ARTICLES: Final = (
    "SELECT a.id, a.title, a.owner_id, p.name, a.written_by, a.sent_back_words, e.review_on, a.state"
    " FROM live_article AS a LEFT JOIN live_practitioner AS p ON p.id = a.owner_id"
    " LEFT JOIN (SELECT edition.article_id, edition.review_on FROM article_edition AS edition"
    "   JOIN directory_entry AS entry ON entry.id = edition.id) AS e ON e.article_id = a.id"
    " ORDER BY a.title COLLATE NOCASE, a.id"
)
_REPORTS: Final = (
    "SELECT k.id, k.target_id, k.words, k.reported_on, k.owner_id, p.name, a.title, s.name"
    " FROM live_knowledge_report AS k LEFT JOIN live_practitioner AS p ON p.id = k.owner_id"
    " LEFT JOIN live_article AS a ON a.id = k.target_id LEFT JOIN live_service AS s ON s.id = k.target_id"
    " WHERE k.state = 'open' ORDER BY k.reported_on, k.id"
)
