"""Articles and digital content in the window: written, approved, read with their age, released, noted, in the ledger."""

import datetime as dt

import pytest

from tests.ui.accessibility import check_page
from tests.ui.pages.made_service import NOW, TODAY
from wellbeing_desktop.domain.document import Letter
from wellbeing_desktop.domain.knowledge import Article, ArticleEdition, DigitalModule, KnowledgeReport, ModuleRelease
from wellbeing_desktop.domain.organisation import Practitioner, Setting
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.operations import digital, knowledge
from wellbeing_desktop.operations.knowledge_rules import knowledge_rules
from wellbeing_desktop.storage.records import load_all
from wellbeing_desktop.storage.write_door import transaction
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.pages.articles.article import ArticlePage
from wellbeing_desktop.ui.pages.articles.gap import GapPage
from wellbeing_desktop.ui.pages.articles.list_page import ArticlesPage
from wellbeing_desktop.ui.pages.articles.write import WriteArticlePage
from wellbeing_desktop.ui.pages.digital.ledger import LedgerPage
from wellbeing_desktop.ui.pages.digital.module import ModulePage
from wellbeing_desktop.ui.pages.digital.modules import ModulesPage
from wellbeing_desktop.ui.pages.digital.release import ReleasedPage, ReleasePage
from wellbeing_desktop.ui.pages.settings_parts.knowledge import KnowledgePart
from wellbeing_desktop.ui.pages.today import TodayPage

DAY = dt.timedelta(days=1)


def settle(page, qtbot) -> None:
    parts = (page, *([page.form] if hasattr(page, "form") else []))
    qtbot.waitUntil(lambda: not any(background.waiting_for(part) for part in parts), timeout=10_000)


def opened(page, qtbot, argument=""):
    qtbot.addWidget(page)
    background.on_changed(page.refresh)
    page.resize(1160, 690)
    page.show()
    page.on_shown(argument)
    settle(page, qtbot)
    return page


def saved(page, qtbot, **values):
    if "step" in values:
        page.form.rows["step"].field.set_value(values["step"])
        page.form.rows["step"].field.edited.emit()
    page.form.set_values(values)
    with qtbot.waitSignal(page.go) as went:
        page.save()
    return went.args


def only(session, struct, **equals):
    (found,) = session.store.read(lambda r: load_all(r, struct, **equals))
    return found


def facts(page) -> str:
    return "\n".join(label.text() for label in page.facts_card.findChildren(type(page.gone)))


@pytest.fixture
def article(session) -> str:
    """An article that is read by all."""

    def make(writer) -> None:
        knowledge.draft_article(writer, Article(title="Getting to the clinic", words="Ring before ten"), at=NOW)
        (made,) = load_all(writer, Article)
        knowledge.send_for_approval(writer, made.id, at=NOW)
        knowledge.approve_article(writer, made.id, TODAY + 90 * DAY, at=NOW)

    session.store.write(make)
    return only(session, Article).id


@pytest.mark.capability("J2")
def test_an_article_goes_from_draft_to_approved_and_both_editions_are_compared(session, article, qtbot) -> None:
    page = opened(WriteArticlePage(session), qtbot, article)
    assert saved(page, qtbot, words="Ring before nine") == ["article", article]
    page = opened(ArticlePage(session), qtbot, article)
    assert "Approved today by Alex Reed" in facts(page)
    assert "Ring before ten" in facts(page)
    assert "Ring before nine" in facts(page)
    assert saved(page, qtbot, step="send") == ["articles", ""]
    page = opened(ArticlePage(session), qtbot, article)
    assert saved(page, qtbot, step="send_back", sent_back_words="Say which number") == ["articles", ""]
    assert only(session, Article).sent_back_words == "Say which number"
    session.store.write(lambda w: knowledge.send_for_approval(w, article, at=NOW))
    page = opened(ArticlePage(session), qtbot, article)
    saved(page, qtbot, step="approve", review_on="2027-05-01")
    page = opened(ArticlePage(session), qtbot, article)
    assert "Edition 2" in "".join(label.text() for label in page.history.findChildren(type(page.gone)))
    assert len(session.store.read(lambda r: load_all(r, ArticleEdition))) == 2
    check_page(page, qtbot)


@pytest.mark.capability("J2")
def test_who_wrote_an_article_does_not_approve_it_where_somebody_else_can(session, article, qtbot) -> None:
    def another(writer) -> None:
        with transaction(writer, "set_up") as tx:
            tx.create(Practitioner(name="Sam Okafor", is_user=True))
        knowledge.change_article(writer, article, {"words": "Ring before eight"}, at=NOW)
        knowledge.send_for_approval(writer, article, at=NOW)

    session.store.write(another)
    page = opened(ArticlePage(session), qtbot, article)
    page.form.set_values({"review_on": "2027-05-01"})
    page.save()
    settle(page, qtbot)
    assert only(session, Article).state == "to_approve"
    part = KnowledgePart(session, lambda words, changes: None)
    qtbot.addWidget(part)
    part.show_kept(session.store.read(knowledge_rules))
    part.form.set_values({"own": "yes", "check": "90"})
    part.save()
    qtbot.waitUntil(lambda: len(session.store.read(lambda r: load_all(r, Setting))) >= 2)
    assert session.store.read(knowledge_rules).check_after_days == 90
    saved(page, qtbot, step="approve", review_on="2027-05-01")
    assert only(session, Article).state == "approved"


@pytest.mark.capability("J3")
def test_what_is_wrong_or_missing_is_on_today_until_it_is_answered(session, article, qtbot) -> None:
    page = opened(ArticlePage(session), qtbot, article)
    page.reports.wrong.set_value("The number is old")
    page.reports.report()
    qtbot.waitUntil(lambda: len(page.reports.answers) == 1)
    gap = opened(GapPage(session), qtbot)
    gap.reports.wrong.set_value("Nothing about transport")
    gap.reports.report()
    qtbot.waitUntil(lambda: len(gap.reports.answers) == 1)
    check_page(gap, qtbot)
    today = opened(TodayPage(session), qtbot)
    qtbot.waitUntil(lambda: today.knowledge.isVisible())
    assert "1 article or report to look at" in today.knowledge.text()
    listed = opened(ArticlesPage(session), qtbot)
    rows = [row.cells[1].split("\n")[0] for row in listed.reports.model.rows()]
    assert rows == ["The number is old", "Nothing about transport"]
    check_page(listed, qtbot)
    (report_id,) = page.reports.answers
    page.reports.answers[report_id].set_value("Changed it")
    page.reports.answer(report_id)
    qtbot.waitUntil(lambda: not page.reports.answers and today.knowledge.isHidden())
    closed = session.store.read(lambda r: load_all(r, KnowledgeReport, state="closed"))
    assert [one.answer for one in closed] == ["Changed it"]


def test_an_article_becomes_a_letter_draft_in_the_person_s_record(session, article, qtbot) -> None:
    person = session.store.read(lambda r: load_all(r, Person))[1].id
    page = opened(ArticlePage(session), qtbot, article)
    page.sending.write()
    assert page.sending.told.isVisible()
    page.sending.picker.person_id = person
    with qtbot.waitSignal(page.go) as went:
        page.sending.write()
    letter = only(session, Letter, subject=person, subject_line="Getting to the clinic")
    assert went.args == ["letters", f"{person}/{letter.id}"]
    assert (letter.body, letter.state) == ("Ring before ten", "draft")


def test_a_new_article_without_a_title_is_not_kept_and_one_with_it_is(session, qtbot) -> None:
    page = opened(WriteArticlePage(session), qtbot)
    check_page(page, qtbot)
    page.save()
    assert page.form.rows["title"].error.text()
    went = saved(page, qtbot, title="Transport", localities="York\nHull")
    assert went == ["article", only(session, Article).id]
    assert only(session, Article).localities == ("Hull", "York")


@pytest.mark.capability("K1", "K2")
def test_content_is_released_by_its_criteria_used_taken_back_and_in_the_ledger(session, qtbot, tmp_path) -> None:
    page = opened(ModulePage(session), qtbot)
    check_page(page, qtbot)
    saved(page, qtbot, name="Getting about", sessions="One\nTwo", criteria="Over 18\nAgreed a goal", days_open="30")
    module = only(session, DigitalModule)
    person = session.store.read(lambda r: load_all(r, Person))[0].id
    page = opened(ReleasePage(session), qtbot, person)
    page.form.set_values({"module_id": module.id})
    page._module.edited.emit()
    check_page(page, qtbot)
    page.form.set_values({"criteria": "Over 18"})
    page.save()
    qtbot.waitUntil(lambda: "Not met: Agreed a goal" in page.form.rows["reason"].error.text())
    settle(page, qtbot)
    assert saved(page, qtbot, reason="The team agreed it") == ["person", person]
    release = only(session, ModuleRelease)
    assert (release.criteria_met, release.reason) == (("Over 18",), "The team agreed it")
    released = opened(ReleasedPage(session), qtbot, release.id)
    assert "Not opened yet" in facts(released)
    check_page(released, qtbot)
    saved(released, qtbot, step="use", used_on=TODAY.isoformat(), sessions_done="1")
    released = opened(ReleasedPage(session), qtbot, release.id)
    saved(released, qtbot, step="revoke", end_reason="Moved away")
    ledger = opened(LedgerPage(session), qtbot, person)
    (row,) = ledger.list.model.rows()
    assert row.cells[0] == "Taken back"
    assert "The team agreed it" not in row.cells[1]
    assert "Over 18" in row.cells[1]
    assert "Moved away" in row.cells[1]
    check_page(ledger, qtbot)
    ledger.write_csv(tmp_path / "ledger.csv")
    qtbot.waitUntil(lambda: ledger.saved.isVisible())
    text = (tmp_path / "ledger.csv").read_text("utf-8-sig")
    assert '"Getting about"' in text
    assert '"Over 18","The team agreed it"' in text
    assert '"Yes"' in text
    modules = opened(ModulesPage(session), qtbot)
    assert modules.list.model.rows()[0].cells[0] == "1 release, 0 in use"
    check_page(modules, qtbot)


@pytest.mark.capability("K2")
def test_today_asks_about_somebody_who_stopped_using_what_was_opened(session, qtbot) -> None:
    person = session.store.read(lambda r: load_all(r, Person))[0].id

    def make(writer) -> None:
        digital.add_module(writer, DigitalModule(name="Getting about", drop_off_days=7), at=NOW - 8 * DAY)
        (module,) = load_all(writer, DigitalModule)
        digital.release_module(writer, person, module.id, [], at=NOW - 8 * DAY)

    session.store.write(make)
    page = opened(TodayPage(session), qtbot)
    qtbot.waitUntil(lambda: any("digital content" in row.cells[1] for row in page.to_do.model.rows()))
