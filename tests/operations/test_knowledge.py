"""What everybody reads is what was approved."""

import datetime as dt

import pytest

from tests.operations.made import NOW, TODAY, Made, made_id
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.knowledge import Article, ArticleEdition, KnowledgeReport, Service
from wellbeing_desktop.operations import knowledge
from wellbeing_desktop.storage.grants import user_of

NEXT_YEAR = TODAY + dt.timedelta(days=365)


def drafted(made: Made, words: str = "Ring before ten") -> str:
    return made_id(knowledge.draft_article(made.writer, Article(title="Transport", words=words), at=NOW), "article")


def test_an_article_is_read_as_approved_while_its_draft_moves_on(made: Made) -> None:
    id = drafted(made)
    assert knowledge.edition_of(made.writer, id) is None
    with pytest.raises(Refused, match="not waiting"):
        knowledge.approve_article(made.writer, id, NEXT_YEAR, at=NOW)
    knowledge.send_for_approval(made.writer, id, at=NOW)
    with pytest.raises(Refused, match="day to come"):
        knowledge.approve_article(made.writer, id, TODAY, at=NOW)
    knowledge.approve_article(made.writer, id, NEXT_YEAR, at=NOW)
    knowledge.change_article(made.writer, id, {"words": "Ring before nine"}, at=NOW)
    assert made.one(Article, id).state == "draft"
    read = knowledge.edition_of(made.writer, id)
    assert read is not None
    assert (read.words, read.review_on, read.approved_by) == ("Ring before ten", NEXT_YEAR, user_of(made.writer))
    knowledge.send_for_approval(made.writer, id, at=NOW)
    knowledge.approve_article(made.writer, id, NEXT_YEAR, at=NOW)
    again = knowledge.edition_of(made.writer, id)
    assert again is not None
    assert (again.words, again.supersedes) == ("Ring before nine", read.id)
    assert len(made.all(ArticleEdition, article_id=id)) == 2


def test_a_retired_article_is_read_no_more_and_its_editions_stay(made: Made) -> None:
    id = drafted(made)
    knowledge.send_for_approval(made.writer, id, at=NOW)
    knowledge.approve_article(made.writer, id, NEXT_YEAR, at=NOW)
    knowledge.retire_article(made.writer, id, at=NOW)
    assert knowledge.edition_of(made.writer, id) is None
    assert [edition.words for edition in made.all(ArticleEdition, article_id=id)] == ["Ring before ten"] * 2


def test_an_article_is_sent_back_with_what_is_to_be_changed(made: Made) -> None:
    id = drafted(made)
    knowledge.send_for_approval(made.writer, id, at=NOW)
    with pytest.raises(Refused, match="what is to be changed"):
        knowledge.send_article_back(made.writer, id, "", at=NOW)
    knowledge.send_article_back(made.writer, id, "Say which number", at=NOW)
    assert made.one(Article, id).sent_back_words == "Say which number"
    with pytest.raises(Refused, match="Write the article"):
        knowledge.send_for_approval(made.writer, drafted(made, " "), at=NOW)


def test_something_missing_or_wrong_goes_to_the_owner_and_is_answered(made: Made) -> None:
    id = drafted(made)
    report = made_id(knowledge.report_missing_or_wrong(made.writer, "Number is old", id, at=NOW), "knowledge_report")
    assert made.one(KnowledgeReport, report).owner_id == user_of(made.writer)
    knowledge.answer_report(made.writer, report, "Changed it", at=NOW)
    with pytest.raises(Refused, match="answered already"):
        knowledge.answer_report(made.writer, report, "Again", at=NOW)
    with pytest.raises(Refused, match="missing or wrong"):
        knowledge.report_missing_or_wrong(made.writer, " ", at=NOW)


def test_a_service_says_when_it_was_checked_and_when_its_room_was_known(made: Made) -> None:
    id = made_id(knowledge.add_service(made.writer, Service(name="Lunch club"), at=NOW), "service")
    assert made.one(Service, id).checked_on == TODAY
    later = NOW + dt.timedelta(days=90)
    knowledge.change_service(made.writer, id, {"capacity": "waiting_list"}, at=later)
    service = made.one(Service, id)
    assert (service.checked_on, service.capacity_on) == (TODAY, later.date())
    knowledge.check_service(made.writer, id, at=later)
    assert made.one(Service, id).checked_on == later.date()
