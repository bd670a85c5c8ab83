"""Sync: is my work safe and sent?"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec
from PySide6.QtWidgets import QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.dates import staff_moment
from wellbeing_desktop.operations.outbox import PersonWaiting, PrintedReceipt, receipts_of_sync, waiting_by_person
from wellbeing_desktop.storage import organisation_key, outbox
from wellbeing_desktop.storage.conflict_words import person_name
from wellbeing_desktop.storage.conflicts import Wanted, clash_count
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.refused import UnappliedWork, refused_work, unapplied_count
from wellbeing_desktop.storage.sync_findings import Finding, findings
from wellbeing_desktop.sync.client.facts import last_sync_at, lease_of, verified_at
from wellbeing_desktop.sync.client.line import clock_words
from wellbeing_desktop.sync.client.membership import membership_of
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.commands import Command
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.sync_parts.findings import FindingsCard
from wellbeing_desktop.ui.pages.sync_parts.receipts import ReceiptsPart
from wellbeing_desktop.ui.pages.sync_parts.refused import RefusedPart
from wellbeing_desktop.ui.pages.sync_parts.waiting import WaitingPart
from wellbeing_desktop.ui.pages.today_parts.day import things
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import buttons, labels, messages
from wellbeing_desktop.ui.widgets.flow import FlowLayout
from wellbeing_desktop.ui.widgets.tabs import tabs

RECEIPTS: Final = "receipts"
"""The argument that asks for the receipts."""
REFUSED: Final = "refused"
_MOST_LISTED: Final = 100


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """What the page shows, read in one go."""

    is_shared: bool
    waiting: Sequence[PersonWaiting]
    count: int
    clashes: int
    refused: Sequence[UnappliedWork]
    refused_count: int
    names: Mapping[str, str]
    receipts: Sequence[PrintedReceipt]
    last_sync_at: dt.datetime | None
    verified_at: dt.datetime | None
    skew_seconds: int | None
    other_key: str
    findings: Sequence[Finding]


class SyncPage(Page):
    title, nav_key = "Sync", "sync"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.body.addWidget(labels.heading("Sync", 1))
        self.words = labels.body()
        self.body.addWidget(self.words)
        self.clock = messages.notice("", "warning")
        self.clock.hide()
        self.body.addWidget(self.clock)
        self.other_key = messages.notice("", "warning")
        self.other_key.hide()
        self.body.addWidget(self.other_key)
        self.findings = FindingsCard(session)
        self.findings.read.connect(self.on_shown)
        self.body.addWidget(self.findings)
        actions = QWidget()
        flow = FlowLayout(actions)
        self.sync_button = buttons.primary("&Sync now", self._sync_now, icon="refresh-cw")
        flow.addWidget(self.sync_button)
        self.clashes = buttons.link("", lambda: self.go.emit("clashes", "all"))
        flow.addWidget(self.clashes)
        self.team_button = buttons.secondary("Laptops of the &team", lambda: self.go.emit("team_sync", ""))
        flow.addWidget(self.team_button)
        flow.addWidget(buttons.secondary("Ready for the r&oad", lambda: self.go.emit("road", "")))
        self.body.addWidget(actions)
        self.waiting = WaitingPart(session)
        self.waiting.changed.connect(self.on_shown)
        self.waiting.person_asked.connect(self._open_person)
        self.refused = RefusedPart(session)
        self.refused.changed.connect(self.on_shown)
        self.refused.person_asked.connect(self._open_person)
        self.receipts = ReceiptsPart()
        self.receipts.opened.connect(self._open_receipt)
        self.tabs = tabs(
            "What is sent and what is not",
            [("To send", self.waiting), ("Not applied", self.refused), ("Receipts", self.receipts)],
        )
        self.body.addWidget(self.tabs, 1)

    def on_shown(self, argument: str = "") -> None:
        if argument == RECEIPTS:
            self.tabs.setCurrentWidget(self.receipts)
        elif argument == REFUSED:
            self.tabs.setCurrentWidget(self.refused)
        background.query(self, self._session.store, _picture, self.show_picture)

    def refresh(self, changes: Changes) -> None:
        self.on_shown()

    def commands(self) -> Sequence[Command]:
        return (
            Command("hold_work", "Hold this piece of work", page=self.nav_key, run=self.waiting.hold_button.click),
            Command(
                "release_work", "Let this piece of work go", page=self.nav_key, run=self.waiting.release_button.click
            ),
        )

    def panes(self) -> Sequence[QWidget]:
        return (self.tabs,)

    def show_picture(self, picture: Picture) -> None:
        """Everything on the screen, from one answer of the store."""
        self.words.setText(_in_words(picture))
        self.sync_button.setVisible(picture.is_shared)
        self.team_button.setVisible(picture.is_shared)
        clock = clock_words(picture.skew_seconds)
        self.clock.setVisible(bool(clock))
        if clock:
            self.clock.show_message(messages.Message(clock, "", "", "warning"))
        self.other_key.show_message(messages.Message(picture.other_key, "", "", "warning"))
        self.other_key.setVisible(bool(picture.other_key))
        self.findings.show_findings(picture.findings)
        self.clashes.set_words(f"{things(picture.clashes, 'clash of edits', 'clashes of edits')} to settle")
        self.clashes.setVisible(picture.clashes > 0)
        hint = "" if picture.is_shared else "Nothing needs to be sent. Back it up from Settings."
        self.waiting.show_waiting(picture.waiting, hint, is_shared=picture.is_shared)
        self.refused.show_works(picture.refused, picture.names)
        self.receipts.show_receipts(picture.receipts)
        for part, words, count in (
            (self.waiting, "To send", picture.count if picture.is_shared else 0),
            (self.refused, "Not applied", picture.refused_count),
            (self.receipts, "Receipts", 0),
        ):
            self.tabs.setTabText(self.tabs.indexOf(part), f"{words}: {count:,}" if count else words)

    def _open_person(self, person_id: str) -> None:
        if person_id:
            self.go.emit("person", person_id)

    def _open_receipt(self, number: str) -> None:
        self.go.emit("receipt", number)

    def _sync_now(self) -> None:
        if self._session.sync is not None:
            self._session.sync.nudge()


def _in_words(picture: Picture) -> str:
    """Honest about what is known: when all was last exchanged, and when both sides last agreed on all of it."""
    if not picture.is_shared:
        return "This store is on this computer only."
    words = [
        f"Everything was last exchanged {staff_moment(picture.last_sync_at)}."
        if picture.last_sync_at
        else "Everything has not been exchanged yet."
    ]
    if picture.verified_at:
        words.append(f"Both sides last agreed, record for record, {staff_moment(picture.verified_at)}.")
    return " ".join(words)


def _picture(reader: Reader) -> Picture:
    refused = refused_work(reader, _MOST_LISTED)
    return Picture(
        is_shared=membership_of(reader) is not None,
        waiting=waiting_by_person(reader, _MOST_LISTED),
        count=outbox.waiting_count(reader),
        clashes=clash_count(reader, Wanted()),
        refused=refused,
        refused_count=unapplied_count(reader),
        names={work.person_id: person_name(reader, work.person_id) for work in refused},
        receipts=receipts_of_sync(reader),
        last_sync_at=last_sync_at(reader),
        verified_at=verified_at(reader),
        skew_seconds=lease_of(reader).skew_seconds,
        findings=findings(reader),
        other_key=organisation_key.banner_words(organisation_key.belief(reader)),
    )
