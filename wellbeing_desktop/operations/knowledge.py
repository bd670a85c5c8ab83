"""Articles from draft to approved edition, what is missing or wrong, and the directory of services (J1 to J4).

Who may approve: those who answer for the organisation, as the grants say (an approved edition is not open to all).
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import msgspec

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.knowledge import Article, ArticleEdition, KnowledgeReport, Service
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.domain.organisation import Practitioner
from wellbeing_desktop.domain.standing import current_heads
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.operations.knowledge_rules import knowledge_rules
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.records import load, load_all


def draft_article(writer: Writer, article: Article, *, at: dt.datetime | None = None) -> Changes:
    """A new article; its owner is who began it, unless another is named."""
    with doing(writer, "draft_article", at=at) as tx:
        if not article.title.strip():
            raise Refused("Give the article a title.", "title")
        owner = article.owner_id or tx.author
        made = {"id": article.id or new_id(), "owner_id": owner, "written_by": tx.author, "state": "draft"}
        tx.create(msgspec.structs.replace(article, **made))
    return tx.changes


def change_article(
    writer: Writer,
    article_id: str,
    fields: Mapping[str, Any],
    seen: Mapping[str, Any] | None = None,
    *,
    at: dt.datetime | None = None,
) -> Changes:
    """Change the draft. What everybody reads stays the approved edition until this one is approved too."""
    with doing(writer, "change_article", at=at) as tx:
        if "state" in fields:
            raise Refused("Send the article for approval, approve it or retire it instead.", "state")
        article = found.found(tx.reader, Article, article_id)
        if tx.change(Article, article_id, fields, seen):
            tx.change(Article, article_id, {"written_by": tx.author})
            if article.state in ("approved", "to_approve", "retired"):
                tx.change(Article, article_id, {"state": "draft"})
    return tx.changes


def send_for_approval(writer: Writer, article_id: str, *, at: dt.datetime | None = None) -> Changes:
    """To somebody else, who approves it or sends it back. What is read now and still right is sent for a new date in
    the same way. Refused without words."""
    with doing(writer, "send_for_approval", at=at) as tx:
        article = found.found(tx.reader, Article, article_id)
        if article.state not in ("draft", "approved"):
            raise Refused("Only a draft, or what is read now and is still right, is sent for approval.", "state")
        if not article.words.strip():
            raise Refused("Write the article first.", "words")
        if article.state == "approved":
            tx.change(Article, article_id, {"state": "draft"})
        tx.change(Article, article_id, {"state": "to_approve", "sent_back_words": ""})
    return tx.changes


def send_article_back(writer: Writer, article_id: str, words: str, *, at: dt.datetime | None = None) -> Changes:
    """Not approved: a draft again, with what is to be changed. Refused without that."""
    with doing(writer, "send_article_back", at=at) as tx:
        if found.found(tx.reader, Article, article_id).state != "to_approve":
            raise Refused("This article is not waiting for approval.", "state")
        if not words.strip():
            raise Refused("Say what is to be changed.", "sent_back_words")
        tx.change(Article, article_id, {"state": "draft", "sent_back_words": words})
    return tx.changes


def approve_article(writer: Writer, article_id: str, review_on: dt.date, *, at: dt.datetime | None = None) -> Changes:
    """The words as they stand become what everybody reads, until the day on which they are looked at again."""
    with doing(writer, "approve_article", at=at) as tx:
        article = found.found(tx.reader, Article, article_id)
        today = local_date(tx.at)
        if article.state != "to_approve":
            raise Refused("This article is not waiting for approval.", "state")
        if article.written_by == tx.author and _somebody_else_approves(tx.reader, tx.author):
            raise Refused("You wrote this. Somebody else looks at it and approves it.", "state")
        if review_on <= today:
            raise Refused("Choose a day to come for looking at it again.", "review_on")
        before = edition_of(tx.reader, article_id)
        tx.create(
            ArticleEdition(
                article_id=article_id,
                title=article.title,
                words=article.words,
                services=article.services,
                localities=article.localities,
                sources=article.sources,
                approved_by=tx.author,
                approved_on=today,
                review_on=review_on,
                supersedes=before.id if before else "",
            )
        )
        tx.change(Article, article_id, {"state": "approved"})
    return tx.changes


def _somebody_else_approves(reader: Reader, author: str) -> bool:
    """Unless the service said otherwise, or nobody else signs in here."""
    others = [one for one in load_all(reader, Practitioner) if one.is_user and one.id != author and not one.left_on]
    return bool(others) and not knowledge_rules(reader).own_approval


def retire_article(writer: Writer, article_id: str, *, at: dt.datetime | None = None) -> Changes:
    """No longer to be used; its last edition stays in history."""
    with doing(writer, "retire_article", at=at) as tx:
        article = found.found(tx.reader, Article, article_id)
        before = edition_of(tx.reader, article_id)
        if before is not None:
            tx.create(msgspec.structs.replace(before, id="", supersedes=before.id, retired=True))
        if article.state == "to_approve":
            tx.change(Article, article_id, {"state": "draft"})
        tx.change(Article, article_id, {"state": "retired"})
    return tx.changes


def edition_of(reader: Reader, article_id: str) -> ArticleEdition | None:
    """What everybody reads of an article; None while nothing was approved or after it was retired."""
    heads = current_heads(load_all(reader, ArticleEdition, article_id=article_id))
    standing = [head for head in heads if not head.retired]
    return max(standing, key=lambda head: head.id, default=None)


def editions_of(reader: Reader, article_id: str) -> list[ArticleEdition]:
    """Every edition of an article, the newest first."""
    return list(reversed(load_all(reader, ArticleEdition, article_id=article_id)))


def report_missing_or_wrong(
    writer: Writer, words: str, target_id: str = "", *, at: dt.datetime | None = None
) -> Changes:
    """Something in an article or a service, or nowhere yet, is missing or wrong. It goes to the article's owner."""
    with doing(writer, "report_missing_or_wrong", at=at) as tx:
        if not words.strip():
            raise Refused("Say what is missing or wrong.", "words")
        article = load(tx.reader, Article, target_id) if target_id else None
        tx.create(
            KnowledgeReport(
                target_id=target_id,
                words=words,
                reported_by=tx.author,
                reported_on=local_date(tx.at),
                owner_id=article.owner_id if article else _keeper_of_service(tx.reader, target_id),
                state="open",
            )
        )
    return tx.changes


def _keeper_of_service(reader: Reader, target_id: str) -> str:
    """Who checked the service last; nobody for what is missing altogether."""
    service = load(reader, Service, target_id) if target_id else None
    return service.checked_by if service else ""


def answer_report(writer: Writer, report_id: str, answer: str, *, at: dt.datetime | None = None) -> Changes:
    """What was done about something missing or wrong. Refused without words, and when it is answered already."""
    with doing(writer, "answer_report", at=at) as tx:
        if found.found(tx.reader, KnowledgeReport, report_id).state != "open":
            raise Refused("This report is answered already.", "state")
        if not answer.strip():
            raise Refused("Say what was done about it.", "answer")
        tx.change(KnowledgeReport, report_id, {"state": "closed", "answer": answer, "closed_on": local_date(tx.at)})
    return tx.changes


def add_service(writer: Writer, service: Service, *, at: dt.datetime | None = None) -> Changes:
    """An entry of the directory, checked today by who adds it unless it says otherwise."""
    with doing(writer, "add_service", at=at) as tx:
        if not service.name.strip():
            raise Refused("Give the service a name.", "name")
        checked = {} if service.checked_on else {"checked_on": local_date(tx.at), "checked_by": tx.author}
        made = {"id": service.id or new_id(), "state": service.state or "active", **checked}
        tx.create(msgspec.structs.replace(service, **made))
    return tx.changes


def change_service(
    writer: Writer,
    service_id: str,
    fields: Mapping[str, Any],
    seen: Mapping[str, Any] | None = None,
    *,
    at: dt.datetime | None = None,
) -> Changes:
    """Put right what is known of a service. Saying whether it has room notes today and who said so."""
    with doing(writer, "change_service", at=at) as tx:
        found.found(tx.reader, Service, service_id)
        room: dict[str, Any] = {}
        if "capacity" in fields and "capacity_on" not in fields:
            room = {"capacity_on": local_date(tx.at), "capacity_by": tx.author}
        tx.change(Service, service_id, {**fields, **room}, seen)
    return tx.changes


def check_service(writer: Writer, service_id: str, *, at: dt.datetime | None = None) -> Changes:
    """I rang or looked: everything in this entry is still so."""
    with doing(writer, "check_service", at=at) as tx:
        found.found(tx.reader, Service, service_id)
        tx.change(Service, service_id, {"checked_on": local_date(tx.at), "checked_by": tx.author})
    return tx.changes
