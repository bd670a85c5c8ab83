"""Inbox: what is new and who takes it? The single point of access."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.response_clock import ServiceHours
from wellbeing_desktop.operations.clocks import service_hours
from wellbeing_desktop.operations.emails import EmailsKept, begin_all
from wellbeing_desktop.operations.enquiries import claim_enquiry, pass_enquiry, reopen_enquiry
from wellbeing_desktop.operations.looking import noted
from wellbeing_desktop.operations.messages import answer_message
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.inbox import Inbox, read_inbox
from wellbeing_desktop.storage.search import PersonRow
from wellbeing_desktop.ui import background, clipboard
from wellbeing_desktop.ui.commands import Command, for_page
from wellbeing_desktop.ui.models.paged_table import Column
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.contact.parked import Parked, ParkedStrip, bind_key
from wellbeing_desktop.ui.pages.inbox import words
from wellbeing_desktop.ui.pages.inbox.email_files import EmailsRead, read_files, told
from wellbeing_desktop.ui.pages.inbox.enquiry import NEW
from wellbeing_desktop.ui.pages.inbox.parked import read_parked_enquiries
from wellbeing_desktop.ui.pages.inbox.request_list import list_text, people_of
from wellbeing_desktop.ui.pages.person.parts import row_of_buttons
from wellbeing_desktop.ui.pages.today_parts.day import things, when_tone
from wellbeing_desktop.ui.reading_order import tab_in_reading_order
from wellbeing_desktop.ui.saving import tell_saved
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.waiting import run_waiting
from wellbeing_desktop.ui.widgets import buttons, labels, messages
from wellbeing_desktop.ui.widgets.empty_state import empty_state
from wellbeing_desktop.ui.widgets.list_card import ListCard

_CLOCK_MS: Final = 60_000


class InboxPage(Page):
    title, nav_key = "Inbox", "inbox"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.inbox: Inbox | None = None
        self._hours = ServiceHours()
        self.setAcceptDrops(True)
        self._lay_out_head()
        self.nothing = empty_state(
            "Nothing is waiting",
            "Calls, messages and requests show here until somebody has dealt with them.",
            buttons.secondary("Write down a contact", self.begin),
            "inbox",
        )
        self.nothing.hide()
        self.body.addWidget(self.nothing)
        self._make_cards()
        self.body.addStretch()
        bind_key(self, "F7", self.next_parked)
        bind_key(self, "Ctrl+Shift+R", self.copy_requests)
        # minutes pass while nothing changes
        self._clock = QTimer(self, interval=_CLOCK_MS)
        self._clock.timeout.connect(self._show_again)

    def on_shown(self, argument: str = "") -> None:
        self._clock.start()
        self._ask()

    def can_leave(self) -> bool:
        self._clock.stop()
        return True

    def refresh(self, changes: Changes) -> None:
        if changes.touched:
            self._ask()

    def commands(self) -> Sequence[Command]:
        return (
            for_page("new_contact", self.begin, name="Write down a contact at the front door", page=self.nav_key),
            for_page("save_next", self.take_next, name="Take the next that waits", page=self.nav_key),
            Command(
                "copy_requests",
                "Copy the requests as a list to tick",
                ("Ctrl+Shift+R",),
                page=self.nav_key,
                run=self.copy_requests,
            ),
            Command("inbox_parked", "Open the next parked contact", ("F7",), page=self.nav_key, run=self.next_parked),
            Command("add_emails", "Bring in e-mail files", page=self.nav_key, run=self.choose_emails),
            Command("message_colleague", "Write a message to a colleague", page=self.nav_key, run=self.write_message),
        )

    def panes(self) -> Sequence[QWidget]:
        return tuple(card for card in self._cards if not card.isHidden()) or (self,)

    def first_focus(self) -> QWidget | None:
        return next((card.table for card in self._cards if not card.isHidden()), self.begin_button)

    def begin(self) -> None:
        """A telephone rings: the form, before anybody knows who it is."""
        self.go.emit("enquiry", NEW)

    def write_message(self) -> None:
        self.go.emit("new_message", "")

    def next_parked(self) -> None:
        if self.strip.next_id():
            self.go.emit("enquiry", self.strip.next_id())

    def choose_emails(self) -> None:
        chosen, _kind = QFileDialog.getOpenFileNames(self, "Bring in e-mail files", "", "E-mail (*.eml)")
        self.take_emails([Path(one) for one in chosen])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.take_emails([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])
        event.acceptProposedAction()

    def take_emails(self, paths: Sequence[Path]) -> None:
        """Each file is one contact that waits in the queue; one that is no good does not stop the others."""
        if paths:
            files, now = self.session.store.files, self.session.now()
            run_waiting(self, lambda: read_files(paths, files, now), self._keep_emails, partial(messages.show, self))

    def _keep_emails(self, read: EmailsRead) -> None:
        now = self.session.now()

        def kept(result: EmailsKept) -> None:
            said = told(read, result)
            tone: labels.Tone = "warning" if read.refused or result.files_not_allowed else "good"
            self.copied.show()
            self.copied.show_message(messages.Message(said[0], said[1], "", tone))
            if result.changes.touched:
                tell_saved(self, self.session, said[0], result.changes)

        background.operate(self, self.session.store, lambda writer: begin_all(writer, read.emails, at=now), kept)

    def copy_requests(self) -> None:
        """The requests on the screen as plain text to tick at the practice; whose they are goes into the audit."""
        rows = self.inbox.requests if self.inbox is not None else ()
        if not rows:
            return
        now = self.session.now()

        def read(writer: Writer) -> dict[str, PersonRow]:
            people = people_of(writer, rows)
            noted(writer, "copy_requests", at=now, people=tuple(people))
            return people

        def copied(people: dict[str, PersonRow]) -> None:
            clipboard.lend(list_text(rows, people, now))
            self.copied.show()
            self.copied.show_message(
                messages.Message(
                    f"Copied: {things(len(rows), 'request')} as a list to tick.",
                    f"Paste it within {clipboard.SECONDS} seconds: then the clipboard is cleared.",
                    "",
                    "good",
                )
            )

        background.operate(self, self.session.store, read, copied)

    def take_next(self) -> None:
        """Take the one that is due first, and open it."""
        if self.inbox is not None and self.inbox.waiting:
            self._take(self.inbox.waiting[0].id, then_open=True)

    def show_inbox(self, found: tuple[Inbox, ServiceHours]) -> None:
        """Everything on the screen, from one answer of the store."""
        self.inbox, self._hours = found
        inbox, now, on = self.inbox, self.session.now(), self.session.today()
        said = words.summary(inbox, now)
        self.summary.setText(said)
        self.summary.setVisible(bool(said))
        rows = partial(words.enquiry_rows, names=inbox.names, now=now, hours=self._hours)
        self.waiting.show_rows(rows(inbox.waiting), f"{len(inbox.waiting):,} waiting for somebody")
        self.mine.show_rows(rows(inbox.mine), f"{len(inbox.mine):,} with you")
        self.others.show_rows(rows(inbox.with_others), f"{len(inbox.with_others):,} with colleagues")
        self.finished.show_rows(
            words.finished_rows(inbox.finished, inbox.names, now), f"{len(inbox.finished):,} finished in the last week"
        )
        self.requests.show_rows(
            words.request_rows(inbox.requests, inbox.names, now, self._hours), things(len(inbox.requests), "request")
        )
        user = self.session.user_id
        self.messages.show_rows(
            words.message_rows(inbox.messages, inbox.names, user, now),
            things(len(inbox.messages), "message") + " to you",
        )
        self.sent.show_rows(
            words.message_rows(inbox.sent_messages, inbox.names, user, now),
            things(len(inbox.sent_messages), "message") + " that you sent in the last 2 weeks",
        )
        self.onward.show_rows(
            words.onward_rows(inbox.onward, on),
            things(len(inbox.onward), "person", "people") + " sent on: did they get there?",
        )
        self.nothing.setVisible(all(card.isHidden() for card in self._cards if card is not self.finished))
        tab_in_reading_order(self)

    def _lay_out_head(self) -> None:
        self.body.addWidget(labels.heading("Inbox", 1))
        self.begin_button = buttons.primary("Write down a &contact", self.begin, icon="plus")
        self.body.addWidget(
            row_of_buttons(
                self.begin_button,
                buttons.secondary("&Message a colleague", self.write_message, icon="message-square"),
                buttons.secondary("Concerns", lambda: self.go.emit("concerns", ""), icon="shield-alert"),
                buttons.secondary(
                    "Incidents and complaints", lambda: self.go.emit("service_files", ""), icon="file-text"
                ),
                buttons.secondary("Bring in &e-mail files", self.choose_emails, icon="mail"),
            )
        )
        self.copied = messages.notice("", "good", can_close=True)
        self.copied.hide()
        self.body.addWidget(self.copied)
        self.strip = ParkedStrip(partial(self.go.emit, "enquiry"))
        self.body.addWidget(self.strip)
        self.summary = labels.body()
        self.body.addWidget(self.summary)

    def _make_cards(self) -> None:
        columns = [Column("Answer due", width=14), Column("Who and what"), Column("How and when", width=22)]
        self.waiting = ListCard("Waiting for somebody", columns, 0, words.clock_tone)
        self.mine = ListCard("With you", columns, 0, words.clock_tone)
        self.others = ListCard("With colleagues", columns, 0, words.clock_tone)
        self.requests = ListCard(
            "Requests",
            [Column("Promised", width=14), Column("Who and what"), Column("Where it stands", width=22)],
            0,
            words.clock_tone,
            buttons.link("Copy as a list to &tick", self.copy_requests, icon="clipboard-list"),
        )
        self.messages = ListCard(
            "Messages to you", [Column("State", width=14), Column("Message")], 0, words.message_tone
        )
        self.sent = ListCard("Messages from you", [Column("State", width=14), Column("Message")], 0, words.message_tone)
        self.onward = ListCard(
            "Sent on",
            [Column("Ask", width=14), Column("Who and where to"), Column("State", width=22)],
            0,
            when_tone,
        )
        self.finished = ListCard(
            "Finished in the last week", [Column("State", width=14), *columns[1:]], 0, words.message_tone
        )
        self._cards = (
            self.messages,
            self.waiting,
            self.mine,
            self.requests,
            self.onward,
            self.others,
            self.sent,
            self.finished,
        )
        for card in (self.waiting, self.mine, self.others, self.finished):
            card.table.opened.connect(partial(self.go.emit, "enquiry"))
        self.waiting.table.ticked.connect(self._take)
        self.waiting.table.actions_of_row = lambda _id: (
            ("Take it", self._take),
            ("Open", partial(self.go.emit, "enquiry")),
        )
        self.mine.table.actions_of_row = lambda _id: (
            ("Open", partial(self.go.emit, "enquiry")),
            ("Put back in the queue", self._put_back),
        )
        self.finished.table.actions_of_row = lambda _id: (
            ("Open", partial(self.go.emit, "enquiry")),
            ("Open it again: it is not finished", self._reopen),
        )
        self.requests.table.opened.connect(partial(self.go.emit, "request"))
        self.messages.table.opened.connect(partial(self.go.emit, "message"))
        self.messages.table.ticked.connect(self._dealt_with)
        self.messages.table.actions_of_row = lambda _id: (
            ("Open", partial(self.go.emit, "message")),
            ("Dealt with", self._dealt_with),
        )
        self.sent.table.opened.connect(partial(self.go.emit, "message"))
        self.onward.table.opened.connect(partial(self.go.emit, "onward"))
        for card in self._cards:
            self.body.addWidget(card)

    def _ask(self) -> None:
        user, on = self.session.user_id, self.session.today()

        now = self.session.now()

        def ask(reader: Reader) -> tuple[Inbox, ServiceHours]:
            return read_inbox(reader, user, on), service_hours(reader)

        def parked(writer: Writer) -> tuple[Parked, ...]:
            return read_parked_enquiries(writer, now)  # through the writer: after the draft that was just left

        background.query(self, self.session.store, ask, self.show_inbox)
        background.operate(self, self.session.store, parked, self._show_parked)

    def _show_parked(self, parked: tuple[Parked, ...]) -> None:
        self.strip.show_parked(parked, "")
        tab_in_reading_order(self)

    def _show_again(self) -> None:
        if self.inbox is not None and self.isVisible():
            self.show_inbox((self.inbox, self._hours))

    def _take(self, enquiry_id: str, *, then_open: bool = False) -> None:
        now = self.session.now()
        after = partial(self.go.emit, "enquiry", enquiry_id) if then_open else None
        self._do(lambda writer: claim_enquiry(writer, enquiry_id, at=now), "You have taken it.", after)

    def _put_back(self, enquiry_id: str) -> None:
        now = self.session.now()
        self._do(lambda writer: pass_enquiry(writer, enquiry_id, at=now), "Put back in the queue.")

    def _reopen(self, enquiry_id: str) -> None:
        now = self.session.now()
        self._do(lambda writer: reopen_enquiry(writer, enquiry_id, at=now), "Opened again. It is with you.")

    def _dealt_with(self, message_id: str) -> None:
        now = self.session.now()
        self._do(lambda writer: answer_message(writer, message_id, at=now), "Dealt with.")

    def _do(self, work: Callable[[Writer], Changes], said: str, after: Callable[[], None] | None = None) -> None:
        def saved(changes: Changes) -> None:
            tell_saved(self, self.session, said, changes)
            if after is not None:
                after()

        background.operate(self, self.session.store, work, saved)
