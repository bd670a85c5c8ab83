"""Documents in the window: added, looked at, copied out, replaced and removed, by keyboard, whatever the file is."""

import datetime as dt
import random
import stat
import struct
import threading
import zlib
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication

from tests.sentinel import find_in
from tests.ui.accessibility import check_pages
from tests.ui.pages.person.people import BRONWEN, NOW
from wellbeing_desktop.documents.blocks import Document, Paragraph
from wellbeing_desktop.documents.pdf import render_pdf
from wellbeing_desktop.documents.print_style import STYLES
from wellbeing_desktop.domain.document import Attachment
from wellbeing_desktop.operations import files
from wellbeing_desktop.operations.audit_trail import trail
from wellbeing_desktop.operations.person_record import read_person
from wellbeing_desktop.storage.attachments import PART_BYTES, keep_file, keep_part, read_file
from wellbeing_desktop.storage.store_files import ATTACHMENTS_FILE
from wellbeing_desktop.storage.sync_state import set_sync_values
from wellbeing_desktop.ui import file_pictures, worker
from wellbeing_desktop.ui.page_list import add_pages
from wellbeing_desktop.ui.pages.file import add, page
from wellbeing_desktop.ui.pages.file.add import AddFilePage
from wellbeing_desktop.ui.pages.file.page import FilePage
from wellbeing_desktop.ui.pages.file.state import where_is
from wellbeing_desktop.ui.pages.person.page import PersonPage
from wellbeing_desktop.ui.shell import Shell

SENTINEL = "Zebedee Quixworth of Nether Wallop"
CTRL = Qt.KeyboardModifier.ControlModifier


def pdf(*words: str) -> bytes:
    return render_pdf(Document("Letter", tuple(Paragraph(each) for each in words)), STYLES["standard"]).data


def png(width: int, height: int) -> bytes:
    """A PNG that says it is this large, with next to nothing in it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress((b"\x00" + b"\xcc" * 3 * min(width, 64)) * min(height, 64))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.fixture
def window(session, qtbot, settle) -> Shell:
    shell = Shell()
    qtbot.addWidget(shell)
    add_pages(shell, lambda: session)
    shell.show()
    shell.activateWindow()
    yield shell
    worker.end_worker()


def documents(session) -> tuple[Attachment, ...]:
    return session.store.read(lambda reader: read_person(reader, BRONWEN, NOW.date())).attachments


def kept(session, content: bytes, media_type: str = "application/pdf", title: str = "Letter", **more) -> Attachment:
    """A document in Bronwen's record, as the window adds one."""
    sha = keep_file(session.store.files, content, now=NOW)
    made = Attachment(
        subject=BRONWEN, sha256=sha, bytes=len(content), media_type=media_type, title=title, kind="letter_in", **more
    )
    session.store.write(lambda writer: files.add_file(writer, made, at=NOW))
    return next(document for document in documents(session) if document.sha256 == sha)


def said(session) -> list[str]:
    return [line.what for line in session.store.read(lambda reader: trail(reader, person_id=BRONWEN)).lines]


def open_file(window, settle, document: Attachment) -> FilePage:
    window.go("file", f"{BRONWEN}/{document.id}")
    shown = window.pages["file"]
    settle(shown)
    settle(shown)
    return shown


def add_page_for(window, settle, argument: str = BRONWEN) -> AddFilePage:
    window.go("add_file", argument)
    adding = window.pages["add_file"]
    settle(adding, adding.form)
    return adding


def press(qtbot, window, key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    qtbot.keyClick(QApplication.focusWidget() or window, key, modifier)


@pytest.mark.capability("C6")
def test_a_letter_is_added_shown_and_found_again_by_keyboard(
    window, session, qtbot, settle, tmp_path, monkeypatch
) -> None:
    letter = tmp_path / "chosen" / "Hospital_letter  final.pdf"
    letter.parent.mkdir()
    letter.write_bytes(pdf(f"Dear {SENTINEL}", "Come on Monday."))
    monkeypatch.setattr(add, "ask_which", lambda owner, words: letter)
    threads: list[threading.Thread] = []

    def keep(*args, **more) -> str:
        threads.append(threading.current_thread())
        return keep_file(*args, **more)

    monkeypatch.setattr(add, "keep_file", keep)
    window.go("person", f"{BRONWEN}/documents")
    person = window.pages["person"]
    settle(person)
    person.tabs.part(3).add_button.setFocus()
    press(qtbot, window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: window.place.nav_key == "add_file")
    adding = window.pages["add_file"]
    settle(adding, adding.form)
    qtbot.waitUntil(lambda: adding.choose_button.hasFocus())
    press(qtbot, window, Qt.Key.Key_Space)
    settle(adding)
    assert adding.chosen.text().startswith("PDF, ")
    assert adding.form.values()["title"] == "Hospital letter final"
    press(qtbot, window, Qt.Key.Key_S, CTRL)
    settle(adding)
    settle(adding)
    qtbot.waitUntil(lambda: window.place.nav_key == "person")
    assert all(thread is not threading.main_thread() for thread in threads)
    (document,) = documents(session)
    assert read_file(session.store.files, document.sha256) == letter.read_bytes()
    assert (document.media_type, document.received_on) == ("application/pdf", NOW.date())
    part = person.tabs.part(3)
    qtbot.waitUntil(lambda: person.tabs.part(3) is not None and document.id in person.tabs.part(3).chips)
    part = person.tabs.part(3)
    qtbot.waitUntil(lambda: part.chips[document.id].text() == "Here")

    shown = open_file(window, settle, document)
    assert shown.pictures == [], "nothing is drawn before somebody asks"
    assert shown.facts.text().startswith("PDF, ")
    qtbot.waitUntil(lambda: shown.show_button.isEnabled())
    shown.show_button.setFocus()
    press(qtbot, window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: len(shown.pictures) == 2, timeout=30_000)
    assert shown.pictures[0].text() == "1 page."
    assert "Opened a document" in said(session)
    assert "Added a document" in said(session)
    assert find_in(session.store.folder, [SENTINEL, "Hospital letter"]) == []
    (found,) = session.store.read(lambda reader: files.find_files(reader, "hospital lett"))
    assert (found.id, found.person_id) == (document.id, BRONWEN)
    window.go("person", BRONWEN)
    assert shown.pictures == [], "the pages leave the screen with the page"


def test_a_program_in_a_letters_clothes_is_named_and_not_kept(window, session, settle, tmp_path) -> None:
    bad = tmp_path / "Letter from hospital.pdf"
    bad.write_bytes(b"MZ\x90\x00" + random.Random(1).randbytes(5000))
    adding = add_page_for(window, settle)
    adding.take_path(bad)
    settle(adding)
    assert "calls itself a PDF, but it is a Windows program" in adding.problem.sentence.text()
    adding.save()
    assert "Choose the file first" in adding.problem.sentence.text()
    assert documents(session) == ()
    assert not session.store.files.call(lambda writer: writer.value("SELECT count(*) FROM blob"))


@pytest.mark.parametrize("what", ["folder", "gone", "many", "nothing"])
def test_what_cannot_be_added_says_why(window, settle, tmp_path, what) -> None:
    adding = add_page_for(window, settle)
    mime = QMimeData()
    if what == "folder":
        adding.take_path(tmp_path)
    elif what == "gone":
        adding.take_path(tmp_path / "gone.pdf")
    elif what == "many":
        mime.setUrls([QUrl.fromLocalFile("/a.pdf"), QUrl.fromLocalFile("/b.pdf")])
        adding._take_mime(mime)
    else:
        adding._take_mime(mime)
    settle(adding)
    assert adding.problem.sentence.text()
    assert adding.progress.isHidden()


def test_a_picture_is_pasted(window, session, qtbot, settle) -> None:
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(0x336699)
    QGuiApplication.clipboard().setImage(image)
    adding = add_page_for(window, settle)
    adding.paste()
    settle(adding)
    assert adding.chosen.text().startswith("PNG picture")
    adding.form.set_values({"title": "Photograph of the stairs", "kind": "photograph"})
    adding.save()
    settle(adding)
    settle(adding)
    (document,) = documents(session)
    assert document.media_type == "image/png"
    QGuiApplication.clipboard().clear()


def test_adding_is_stopped_and_nothing_is_added(window, session, qtbot, settle, tmp_path) -> None:
    big = tmp_path / "scan.pdf"
    big.write_bytes(b"%PDF-1.7\n" + random.Random(2).randbytes(6 * PART_BYTES))
    adding = add_page_for(window, settle)
    adding.take_path(big)
    settle(adding)
    adding.save()
    assert adding.progress.isVisible()
    adding.progress.cancel_button.click()
    settle(adding)
    qtbot.waitUntil(lambda: adding.progress.isHidden())
    assert documents(session) == ()
    assert adding.save_button.isEnabled()
    adding.save()
    settle(adding)
    settle(adding)
    assert len(documents(session)) == 1


@pytest.mark.parametrize("title", ["../../etc/passwd", "CON", "letter\u202efdp.exe", "a" * 300])
def test_a_copy_has_a_name_of_ours_and_says_that_it_is_outside(
    window, session, qtbot, settle, tmp_path, monkeypatch, title
) -> None:
    document = kept(session, pdf("Dear Bronwen"), title=title, received_on=dt.date(2026, 11, 20))
    offered: list[str] = []

    def where(owner, words, name) -> Path:
        offered.append(name)
        return tmp_path / "out" / name

    (tmp_path / "out").mkdir()
    monkeypatch.setattr(page, "ask_where", where)
    shown = open_file(window, settle, document)
    qtbot.waitUntil(lambda: shown.copy_button.isEnabled())
    shown.save_copy()
    settle(shown)
    assert offered == ["letter-received-2026-11-20.pdf"]
    copy = tmp_path / "out" / offered[0]
    assert copy.read_bytes() == pdf("Dear Bronwen") or copy.read_bytes().startswith(b"%PDF")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert "outside the encrypted store" in shown.told.advice.text()
    assert "Saved a copy of a document outside the program" in said(session)


def test_a_word_document_is_never_opened_here(window, session, qtbot, settle) -> None:
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    document = kept(session, b"PK\x03\x04 anything", kind)
    shown = open_file(window, settle, document)
    qtbot.waitUntil(lambda: shown.copy_button.isEnabled())
    assert not shown.show_button.isEnabled()
    assert shown.hint.text() == "A Word document is not shown here. Save a copy to open it in another program."
    shown.show_pages()
    assert shown.pictures == []
    assert "Opened a document" not in said(session)


def test_a_page_asked_for_a_document_that_is_not_there_says_so_and_does_not_go_on_looking(
    window, session, qtbot, settle
) -> None:
    document = kept(session, pdf("Words"))
    for argument in ("nonsense", "nobody/nothing", f"{BRONWEN}/nothing", f"nobody/{document.id}"):
        window.go("file", argument)
        shown = window.pages["file"]
        qtbot.waitUntil(lambda: shown.told.isVisible() and shown.state.text() == "Not found")  # noqa: B023
        assert "document" in shown.told.sentence.text()
        assert not shown.banner.isVisible(), "nobody's banner over nothing"
        assert not shown.show_button.isEnabled()
    shown = open_file(window, settle, document)
    qtbot.waitUntil(lambda: shown.show_button.isEnabled())
    assert shown.banner.isVisible()
    assert shown.state.text() != "Not found"


def test_a_broken_document_says_so_and_the_window_goes_on(window, session, qtbot, settle) -> None:
    document = kept(session, b"%PDF-1.7 and then nothing of the kind")
    shown = open_file(window, settle, document)
    qtbot.waitUntil(lambda: shown.show_button.isEnabled())
    shown.show_pages()
    qtbot.waitUntil(lambda: shown.told.isVisible(), timeout=30_000)
    assert "cannot be shown here" in shown.told.sentence.text()
    assert shown.show_button.isEnabled()


def test_a_document_that_kills_its_process_harms_nothing_else(window, session, qtbot, settle, monkeypatch) -> None:
    document = kept(session, pdf("x"))
    monkeypatch.setattr(page.files, "OPENED", "open_file")
    shown = open_file(window, settle, document)
    qtbot.waitUntil(lambda: shown.show_button.isEnabled())
    shown.show_pages()
    qtbot.waitUntil(lambda: bool(worker._apart), timeout=30_000)
    for apart in tuple(worker._apart):
        apart.cancel()  # as if what draws had fallen over
    qtbot.waitUntil(lambda: shown.told.isVisible() or len(shown.pictures) == 2, timeout=30_000)
    assert shown.show_button.isEnabled()


@pytest.mark.parametrize(
    ("content", "media_type", "said_so"),
    [
        (png(30_000, 30_000), "image/png", "too large"),
        (b"\x89PNG\r\n\x1a\n broken", "image/png", "too large"),
        (png(20, 20), "image/svg+xml", "cannot be shown"),
        (b"%PDF-1.4 broken", "application/pdf", "cannot be shown"),
    ],
)
def test_bombs_and_broken_files_are_refused_before_they_are_drawn(content, media_type, said_so, monkeypatch) -> None:
    from wellbeing_desktop.domain.errors import Refused

    monkeypatch.setattr(file_pictures, "_bound", lambda: None)
    with pytest.raises(Refused, match=said_so):
        file_pictures.pictures((content, media_type), lambda done, total: None)


def test_a_picture_and_a_long_letter_are_drawn_within_their_bounds(monkeypatch) -> None:
    monkeypatch.setattr(file_pictures, "_bound", lambda: None)
    small = png(64, 64)
    found = file_pictures.read_pictures(file_pictures.pictures((small, "image/png"), lambda done, total: None))
    assert (found.pages, found.images[0].width) == (1, 64)
    monkeypatch.setattr(file_pictures, "MOST_PAGES", 2)
    long = pdf(*["A paragraph of some length that goes on. " * 40] * 30)
    found = file_pictures.read_pictures(file_pictures.pictures((long, "application/pdf"), lambda done, total: None))
    assert found.pages > 2
    assert len(found.images) == 2


def test_a_newer_version_keeps_both_and_a_removal_is_undone(window, session, qtbot, settle, tmp_path) -> None:
    older = kept(session, pdf("The first letter"))
    newer = tmp_path / "newer.pdf"
    newer.write_bytes(pdf("The second letter"))
    adding = add_page_for(window, settle, f"{BRONWEN}/{older.id}")
    adding.take_path(newer)
    settle(adding)
    adding.save()
    settle(adding)
    settle(adding)
    (now,) = documents(session)
    assert read_file(session.store.files, now.sha256) == newer.read_bytes()
    assert read_file(session.store.files, older.sha256) == pdf("The first letter") or older.sha256 != now.sha256
    assert "Replaced a document by a newer one" in said(session)

    window.go("person_entry", f"remove_file/{BRONWEN}/{now.id}")
    entry = window.pages["person_entry"]
    settle(entry)
    entry.work.form.set_values({"reason": "It is her sister's"})
    entry.save()
    settle(entry)
    assert documents(session) == ()
    qtbot.waitUntil(lambda: window.undo_bar.isVisible())
    window.undo_bar.undo_button.click()
    qtbot.waitUntil(lambda: len(documents(session)) == 1)


def test_the_words_say_where_each_document_is(session) -> None:
    here = kept(session, b"%PDF-1.7 here", title="Here")
    far = Attachment(id="", subject=BRONWEN, sha256="a" * 64, bytes=20_000_000, title="Far")
    coming = Attachment(id="", subject=BRONWEN, sha256="b" * 64, bytes=20_000_000, title="Coming")
    for made in (far, coming):
        session.store.write(lambda writer, made=made: files.add_file(writer, made, at=NOW))
    session.store.files.call(
        lambda writer: [keep_part(writer, "b" * 64, 20_000_000, i, bytes(PART_BYTES), now=NOW) for i in range(3)]
    )

    def words() -> dict[str, str]:
        found = where_is(session.store, documents(session))
        return {document.title: found[document.id].words for document in documents(session)}

    assert words() == {"Here": "Here", "Far": "Not on this computer", "Coming": "Not on this computer"}

    def join(writer) -> None:
        with writer.immediate():
            set_sync_values(writer, {"organisation": "x"})

    session.store.write(join)
    assert here.title == "Here"
    assert words() == {"Here": "Not sent yet", "Far": "Not here yet", "Coming": "Arriving, 3 of 20 MB"}


def test_a_damaged_file_of_documents_is_told_where_documents_are_and_put_right(window, session, qtbot, settle) -> None:
    document = kept(session, pdf("x"))
    session.store.files.close()
    (session.store.folder / ATTACHMENTS_FILE).write_bytes(b"damaged" * 5000)
    session.store.files.reopen()
    window.go("person", f"{BRONWEN}/documents")
    person = window.pages["person"]
    settle(person)
    part = person.tabs.part(3)
    qtbot.waitUntil(lambda: part.trouble.isVisible())
    assert "documents cannot be opened until" in part.trouble.sentence.text()
    assert part.chips[document.id].text() == "Cannot be opened"
    part.begin_button.click()
    qtbot.waitUntil(lambda: part.chips[document.id].text() == "Not on this computer")
    assert part.trouble.isHidden()


def test_every_page_of_documents_passes_the_checklist(session, qtbot, settle) -> None:
    document = kept(session, pdf("Dear Bronwen", "Come on Monday at ten."), source="Wrexham Maelor Hospital")

    def shown(made, argument):
        made.on_shown(argument)
        made.show()
        settle(made)
        settle(made)
        return made

    pages = [
        shown(FilePage(session), f"{BRONWEN}/{document.id}"),
        shown(AddFilePage(session), BRONWEN),
        shown(PersonPage(session), f"{BRONWEN}/documents"),
    ]
    check_pages(pages, qtbot)
