"""E-mail files and parked contacts on the Inbox."""

from email.message import EmailMessage

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QPushButton

from tests.ui.accessibility import check_page
from tests.ui.pages.made_service import NOW
from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.enquiry import Enquiry
from wellbeing_desktop.exchange.eml import Email
from wellbeing_desktop.operations.emails import MOST_WORDS, EmailsKept, enquiry_of
from wellbeing_desktop.operations.person_record import read_person
from wellbeing_desktop.storage.attachments import read_file
from wellbeing_desktop.storage.drafts import save_draft
from wellbeing_desktop.storage.records import load_all
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.pages.contact.page import ContactPage
from wellbeing_desktop.ui.pages.file.page import FilePage
from wellbeing_desktop.ui.pages.inbox.email_files import EmailsRead, told
from wellbeing_desktop.ui.pages.inbox.enquiry import EnquiryPage
from wellbeing_desktop.ui.pages.inbox.page import InboxPage

EML = b"From: Bo <bo@example.org>\r\nSubject: Mam\r\nDate: Wed, 18 Nov 2026 08:00:00 +0000\r\n\r\nRing her\r\n"


def opened(page, qtbot, argument=""):
    qtbot.addWidget(page)
    background.on_changed(page.refresh)
    page.resize(1160, 690)
    page.show()
    page.on_shown(argument)
    qtbot.waitUntil(lambda: background.waiting_for(page) == 0, timeout=10_000)
    return page


def enquiries(session):
    return session.store.read(lambda r: load_all(r, Enquiry))


def test_emails_dropped_wait_in_the_queue_once_and_each_bad_one_says_why(session, tmp_path, qtbot) -> None:
    (tmp_path / "good.eml").write_bytes(EML)
    (tmp_path / "bad.eml").write_bytes(b"nothing")
    page = opened(InboxPage(session), qtbot)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / name)) for name in ("good.eml", "bad.eml")])
    drop = QDropEvent(
        QPoint(5, 5), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    page.dropEvent(drop)
    qtbot.waitUntil(lambda: len(page.waiting.model.rows()) == 1)
    (mail,) = enquiries(session)
    assert (mail.medium, mail.caller_name, mail.caller_email) == ("05", "Bo", "bo@example.org")
    assert mail.words == "Mam\n\nRing her"
    assert not page.copied.isHidden()
    page.take_emails([tmp_path / "good.eml", tmp_path / "good.eml"])
    qtbot.waitUntil(lambda: background.waiting_for(page) == 0)
    assert len(enquiries(session)) == 1


def with_files(**files: bytes) -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"] = "Ward 4 <ward4@example.org>", "Discharge"
    message["Date"] = "Wed, 18 Nov 2026 08:00:00 +0000"
    message.set_content("Mair goes home tomorrow.")
    for name, content in files.items():
        message.add_attachment(content, maintype="application", subtype="pdf", filename=f"{name}.pdf")
    return message.as_bytes()


@pytest.mark.capability("A3")
def test_files_that_came_with_an_email_are_kept_and_go_along_when_it_is_known_who_it_is(
    session, people, tmp_path, qtbot
) -> None:
    (tmp_path / "mail.eml").write_bytes(with_files(summary=b"%PDF-1.4 summary", tool=b"MZ program"))
    inbox = opened(InboxPage(session), qtbot)
    inbox.take_emails([tmp_path / "mail.eml", tmp_path / "mail.eml"])
    qtbot.waitUntil(lambda: len(inbox.waiting.model.rows()) == 1)
    (mail,) = enquiries(session)
    assert "- tool.pdf (10 bytes). This file calls itself a PDF, but it is a Windows program" in mail.words
    page = opened(EnquiryPage(session), qtbot, mail.id)
    qtbot.waitUntil(lambda: not page.files.isHidden())
    (link,) = page.files.findChildren(QPushButton)
    assert link.text() == "summary, PDF, 16 bytes"
    with qtbot.waitSignal(page.go) as went:
        qtbot.keyClick(link, Qt.Key.Key_Space)
    where, argument = went.args
    assert where == "file"
    file = opened(FilePage(session), qtbot, argument)
    qtbot.waitUntil(lambda: file.document is not None)
    assert (file.document.source, file.document.received_on.isoformat()) == ("Ward 4", "2026-11-18")
    assert read_file(session.store.files, file.document.sha256) == b"%PDF-1.4 summary"
    page._person_found(people[0])
    qtbot.waitUntil(lambda: page._person_id == people[0])
    record = session.store.read(lambda reader: read_person(reader, people[0], session.today()))
    assert [one.title for one in record.attachments] == ["summary"]


def test_whoever_may_not_write_documents_is_told_where_the_files_stay() -> None:
    kept = EmailsKept(changes=Changes(), here=0, files_not_allowed=2)
    assert "stay in the e-mail program" in told(EmailsRead((), ()), kept)[1]


def test_a_long_email_is_cut_and_says_so() -> None:
    mail = Email(sender_name="", sender_address="", subject="", sent_at=None, text="x" * 90_000, attached=())
    words = enquiry_of(mail, NOW).words
    assert len(words) <= MOST_WORDS
    assert words.endswith("Read the rest in the e-mail program.")


@pytest.fixture
def parked(session, people):
    def park(writer):
        save_draft(writer, "enquiry/first", people[0], {"_began": NOW.isoformat(), "words": "one"}, at=NOW)
        save_draft(writer, "enquiry/second", "", {"_began": NOW.isoformat(), "words": "two"}, at=NOW)

    session.store.write(park)
    return session


def test_parked_contacts_are_told_apart_without_names_and_one_key_opens_the_next(parked, qtbot) -> None:
    page = opened(InboxPage(parked), qtbot)
    qtbot.waitUntil(lambda: len(page.strip.parked) == 2)
    assert sorted(one.words for one in page.strip.parked) == ["GW, 09:10", "Not known yet, 09:10"]
    with qtbot.waitSignal(page.go) as went:
        page.begin_button.setFocus()
        qtbot.keyClick(page.begin_button, Qt.Key.Key_F7)
    assert went.args[0] == "enquiry"
    form = opened(EnquiryPage(parked), qtbot, "first")
    qtbot.waitUntil(lambda: form.form.values()["words"] == "one")
    qtbot.waitUntil(lambda: [one.opens for one in form.strip.parked] == ["second"])
    with qtbot.waitSignal(form.go) as went:
        form._next_parked()
    assert went.args == ["enquiry", "second"]


@pytest.mark.slow
def test_the_inbox_with_parked_contacts_passes_the_checklist(parked, qtbot) -> None:
    page = opened(InboxPage(parked), qtbot)
    qtbot.waitUntil(lambda: len(page.strip.parked) == 2)
    check_page(page, qtbot)


def test_the_key_of_somebody_at_risk_is_no_other_command_of_any_page(session, qtbot) -> None:
    for page in (InboxPage(session), EnquiryPage(session), ContactPage(session)):
        qtbot.addWidget(page)
        assert not [command.name for command in page.commands() if "F8" in command.keys]
        assert not [key for key in page.findChildren(QShortcut) if key.key() == QKeySequence("F8")]
