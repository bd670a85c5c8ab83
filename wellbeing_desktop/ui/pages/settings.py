"""Settings: how it looks, the keys to the store, backup, what the organisation chose, and what this program is."""

import datetime as dt
from functools import partial
from pathlib import Path
from typing import Final

import msgspec
from PySide6.QtWidgets import QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.organisation import Organisation, Team
from wellbeing_desktop.domain.response_clock import Periods, ServiceHours
from wellbeing_desktop.domain.words import Words
from wellbeing_desktop.operations.clocks import periods, service_hours
from wellbeing_desktop.operations.knowledge_rules import KnowledgeRules, knowledge_rules
from wellbeing_desktop.operations.safety_settings import SafetySettings, safety_settings
from wellbeing_desktop.operations.service import sender
from wellbeing_desktop.operations.settings import idle_minutes
from wellbeing_desktop.operations.teams import teams
from wellbeing_desktop.operations.work_rules import WorkRules, work_rules
from wellbeing_desktop.storage import quick_pin
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.grants import organisation_of
from wellbeing_desktop.storage.records import load
from wellbeing_desktop.storage.recovery import RecoveryKit
from wellbeing_desktop.sync.client.facts import last_sync_at
from wellbeing_desktop.sync.client.membership import membership_of
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.entry.kit import KitPage
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.person.parts import column_of
from wellbeing_desktop.ui.pages.settings_parts.about import AboutPart, Facts
from wellbeing_desktop.ui.pages.settings_parts.connection import ConnectionPart, Found, find
from wellbeing_desktop.ui.pages.settings_parts.hours import HoursPart
from wellbeing_desktop.ui.pages.settings_parts.knowledge import KnowledgePart
from wellbeing_desktop.ui.pages.settings_parts.look import LookPart
from wellbeing_desktop.ui.pages.settings_parts.our_service import OurServicePart
from wellbeing_desktop.ui.pages.settings_parts.passphrase import PassphrasePart
from wellbeing_desktop.ui.pages.settings_parts.safekeeping import SafekeepingPart
from wellbeing_desktop.ui.pages.settings_parts.safety import SafetyPart
from wellbeing_desktop.ui.pages.settings_parts.service import ServicePart
from wellbeing_desktop.ui.pages.settings_parts.work import TeamsPart, WorkPart
from wellbeing_desktop.ui.reading_order import tab_in_reading_order
from wellbeing_desktop.ui.saving import tell_saved
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import buttons, labels, messages
from wellbeing_desktop.ui.widgets.tabbed_parts import TabbedParts
from wellbeing_desktop.ui.window_settings import WindowSettings

TABS: Final = ("look", "keys", "backup", "our_service", "service", "work", "safety", "connection", "about")
"""What the argument may be."""


class Kept(msgspec.Struct, frozen=True):
    """What the page shows of the store, read in one go."""

    idle_minutes: int
    has_pin: bool
    words: Words
    organisation: Organisation | None
    server: str
    last_sync: dt.datetime | None
    connection: Found
    hours: ServiceHours
    periods: Periods
    safety: SafetySettings
    colleagues: dict[str, str]
    knowledge: KnowledgeRules
    work: WorkRules
    teams: tuple[Team, ...]


class SettingsPage(Page):
    """The argument, if there is one, is a tab: `keys`, `backup`."""

    title, nav_key = "Settings", "settings"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._own = WindowSettings()
        """Used where there is no window around the page."""
        self.kit_page: KitPage | None = None
        self.body.addWidget(labels.heading("Settings", 1))
        self.done = messages.notice("", "good", can_close=True)
        self.done.hide()
        self.body.addWidget(self.done)
        self.look = LookPart(self._window_settings, self._remember)
        self.keys = PassphrasePart(session.store)
        self.safekeeping = SafekeepingPart(session.store, session.today)
        self.our_service = OurServicePart(session, self._saved)
        self.service = ServicePart(session, self._saved)
        self.hours = HoursPart(session, self._saved)
        self.safety = SafetyPart(session, self._saved)
        self.knowledge = KnowledgePart(session, self._saved)
        self.work = WorkPart(session, self._saved)
        self.teams = TeamsPart(session, self._saved)
        self.connection = ConnectionPart(session.store.folder.parent, self._say)
        self.about = AboutPart()
        organisation = column_of(self.service, self.hours, self.knowledge)
        work = column_of(self.work, self.teams)
        for part in (
            self.look,
            self.keys,
            self.safekeeping,
            self.our_service,
            organisation,
            work,
            self.safety,
            self.connection,
            self.about,
        ):
            part.setParent(self)  # a part that was never looked at ends with the page all the same
            part.hide()
        self.keys.kit_made.connect(self._show_kit)
        self.keys.said.connect(self._say)
        self.tabs = TabbedParts(
            "Parts of the settings",
            (
                ("How it looks", lambda: self.look),
                ("Passphrase and keys", lambda: self.keys),
                ("Backup and check", lambda: self.safekeeping),
                ("Our service", lambda: self.our_service),
                ("The organisation", lambda: organisation),
                ("How we work", lambda: work),
                ("Safety", lambda: self.safety),
                ("Connection", lambda: self.connection),
                ("About", lambda: self.about),
            ),
        )
        self.tabs.bar.currentChanged.connect(self._turned)
        self.body.addWidget(self.tabs)
        self.audit_link = buttons.link("Who did what, when", lambda: self.go.emit("audit", ""))
        self.body.addWidget(self.audit_link)
        self.rules_link = buttons.link("Rules that make follow-ups", lambda: self.go.emit("follow_ups", ""))
        self.body.addWidget(self.rules_link)
        self.phrases_link = buttons.link("Quick phrases", lambda: self.go.emit("phrases", ""))
        self.body.addWidget(self.phrases_link)
        self.organisations_link = buttons.link(
            "GP practices and organisations", lambda: self.go.emit("organisations", "")
        )
        self.body.addWidget(self.organisations_link)
        self.body.addStretch(1)
        tab_in_reading_order(self)

    def on_shown(self, argument: str = "") -> None:
        if argument in TABS:
            self.tabs.bar.setCurrentIndex(TABS.index(argument))
        self.done.hide()
        self.look.show_kept()
        self.keys.show_keyring()
        self._ask()

    def refresh(self, changes: Changes) -> None:
        if changes.touches("setting", "organisation", "practitioner", "team"):
            self._ask()

    def can_leave(self) -> bool:
        if self.kit_page is not None:
            messages.show(self.kit_page, Refused("Say first that the kit is printed or copied: it is shown only once."))
            return False
        self.keys.forget()
        return True

    def save_draft(self) -> None:
        """A passphrase is never a draft: before lock and on leaving the window nothing of it is kept."""

    def _saved(self, words: str, changes: Changes) -> None:
        """A part was saved. It is read once more: what a colleague had changed beside it may have been read before the
        part took its own words as kept, and was left alone then."""
        tell_saved(self, self._session, words, changes)
        self._ask()

    def _ask(self) -> None:
        home = self._session.store.folder.parent
        background.query(self, self._session.store, partial(_kept, home=home), self._show)

    def _show(self, kept: Kept) -> None:
        self.our_service.show_kept(kept.organisation)
        self.service.show_kept(kept.idle_minutes, kept.words.person, kept.words.worker, has_pin=kept.has_pin)
        self.hours.show_kept(kept.hours, kept.periods)
        self.safety.show_kept(kept.safety, kept.colleagues)
        self.knowledge.show_kept(kept.knowledge)
        self.work.show_kept(kept.work, kept.colleagues)
        self.teams.show_kept(kept.teams, kept.colleagues)
        self.connection.show_found(kept.connection)
        self.about.show_facts(
            Facts(
                self._session.user_name,
                kept.organisation.name if kept.organisation else "",
                self._session.store.about.device_id,
                kept.server,
                kept.last_sync,
            )
        )
        tab_in_reading_order(self)

    def _turned(self, _at: int) -> None:
        self.done.hide()
        messages.clear(self)
        self.keys.forget()
        tab_in_reading_order(self)

    def _say(self, words: str) -> None:
        self.done.show()
        self.done.show_message(messages.Message(words, "", "", "good"))

    def _show_kit(self, kit: RecoveryKit) -> None:
        self.kit_page = KitPage(kit, self._session.today())
        self.kit_page.done.connect(self._kit_is_safe)
        self._body().hide()
        self.outer.addWidget(self.kit_page, 1)
        self.kit_page.first_focus().setFocus()

    def _kit_is_safe(self) -> None:
        kit_page, self.kit_page = self.kit_page, None
        if kit_page is not None:
            kit_page.hide()
            self.outer.removeWidget(kit_page)
            kit_page.deleteLater()
        self._body().show()
        self._say("The new recovery kit is the one to keep. Destroy the old paper.")

    def _body(self) -> QWidget:
        return self.scroll_area or self

    def _window_settings(self) -> WindowSettings:
        kept = getattr(self.window(), "settings", None)
        return kept if isinstance(kept, WindowSettings) else self._own

    def _remember(self, settings: WindowSettings) -> None:
        remember = getattr(self.window(), "remember", None)
        if callable(remember):
            remember(settings)
        else:
            self._own = settings


def _kept(reader: Reader, *, home: Path) -> Kept:
    membership = membership_of(reader)
    return Kept(
        idle_minutes(reader),
        quick_pin.is_allowed(reader),
        sender(reader).words,
        load(reader, Organisation, organisation_of(reader)),
        membership.server if membership else "",
        last_sync_at(reader),
        find(home),
        service_hours(reader),
        periods(reader),
        safety_settings(reader),
        dict(
            reader.rows(
                "SELECT id, name FROM live_practitioner WHERE is_user = 1 AND left_on IS NULL ORDER BY name, id"
            )
        ),
        knowledge_rules(reader),
        work_rules(reader),
        teams(reader),
    )
