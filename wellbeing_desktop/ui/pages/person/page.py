"""The person record: who is this, and where are we?"""

import datetime as dt
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.operations import contacts as contact_operations
from wellbeing_desktop.operations import tasks
from wellbeing_desktop.operations.looking import opened_record
from wellbeing_desktop.operations.person_record import PersonRecord, read_person
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.ui import background, clipboard
from wellbeing_desktop.ui.commands import Command, for_page
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.person import (
    around,
    consent,
    contacts,
    documents,
    gp_copy,
    history,
    plan,
    summary,
    warnings,
    who,
)
from wellbeing_desktop.ui.pages.person.parts import Around, column_of, row_of_buttons
from wellbeing_desktop.ui.reading_order import tab_in_reading_order
from wellbeing_desktop.ui.saving import tell_saved
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import buttons, labels, messages
from wellbeing_desktop.ui.widgets.banner import PersonBanner
from wellbeing_desktop.ui.widgets.tabbed_parts import TabbedParts

TABS = ("summary", "plan", "contacts", "documents", "people", "consent", "history")
"""What may follow the person's id in the argument: `<person id>/contacts`."""
_ADD = (
    ("alert", "Add an alert"),
    ("address", "Add an address"),
    ("number", "Add a number or e-mail"),
    ("fact", "Add a safety fact"),
    ("related", "Add a related person"),
)
_KEEP = (
    ("not_reached", "Could not be reached"),
    ("access", "How to get in"),
    ("stay", "Where they are now"),
    ("left", "They left where they were"),
    ("demographics", "Equality details"),
)
_SUPPORT = (
    ("close_support", "Close this period of support"),
    ("reopen_support", "Open the support again"),
    ("withdraw", "Withdraw the referral"),
)
_RECORD = (
    ("stand_aside", "I know this person"),
    ("open_again", "Open it to a colleague again"),
    ("restrict", "Restrict this record"),
    ("death", "Record a death"),
)
_MORE = (*_ADD, *_KEEP, *_SUPPORT, *_RECORD)
_PAGES = (
    ("join", "Join with another record of this person"),
    ("audit", "Who has looked at this record"),
)
"""Pages of their own, reached from More actions."""
_FRONT_DOOR = (
    ("new_request", "Take a request"),
    ("new_onward", "Send on to another service"),
    ("new_message", "Message a colleague about them"),
    ("new_appointment", "Book an appointment"),
    ("release_module", "Release digital content"),
    ("ledger", "Digital content released to them"),
)
"""What begins at the front door about this person: pages of their own too."""
_KEYED = (("new_task", "Add a task"), ("new_referral", "Add a referral"))
"""The same, with keys that they have everywhere."""
_CONCERN = "Raise a concern about safety"


class PersonPage(Page):
    """One person. The argument is `<person id>` or `<person id>/<tab>`."""

    title, nav_key, section_key = "Person record", "person", "caseload"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._person_id = ""
        self._tab = ""
        self._all_contacts = False
        self.record: PersonRecord | None = None
        self._today: dt.date = session.today()
        self.banner = PersonBanner()
        self.outer.insertWidget(0, self.banner)
        self.copied = messages.notice("", "good", can_close=True)
        self.copied.hide()
        self.action_row = self._actions()
        self.body.addWidget(self.copied)
        self._warning_place = QVBoxLayout()
        self._warnings: QWidget | None = None
        self.body.addLayout(self._warning_place)
        self.body.addWidget(self.action_row)
        self.more = self._more()
        self.body.addWidget(self.more)
        self.tabs: TabbedParts | None = None
        self.body.addStretch()
        self.banner.hide()
        self.action_row.hide()

    def on_shown(self, argument: str = "") -> None:
        person_id, _, tab = argument.partition("/")
        if person_id and person_id != self._person_id:
            self._person_id, self.record, self._all_contacts = person_id, None, False
            self.copied.hide()
            background.operate(self, self._session.store, partial(opened_record, person_id=person_id))
        self._tab = tab
        self._ask()

    def refresh(self, changes: Changes) -> None:
        ids = self.record.ids if self.record is not None else (self._person_id,)
        if not changes.subjects().isdisjoint(ids) or changes.touches("practitioner", "organisation"):
            self._ask()

    def commands(self) -> Sequence[Command]:
        page = self.nav_key
        more = [Command(f"person_{kind}", words, page=page, run=partial(self._form, kind)) for kind, words in _MORE]
        return (
            for_page("new_contact", partial(self._to, "contact"), page=page),
            for_page("visit_mode", partial(self._to, "visit"), name="Start a visit", page=page),
            for_page("edit", partial(self._form, "details"), name="Change the details", page=page),
            for_page("new_letter", partial(self._to, "letters"), page=page),
            for_page("print", partial(self._to, "person_summary"), name="Print a summary", page=page),
            Command("person_plan", "Open the care plan", page=page, run=partial(self._to, "care_plan")),
            *more,
            *(
                Command(f"person_{key}", words, page=page, run=partial(self._to, key))
                for key, words in (*_FRONT_DOOR, *_PAGES)
            ),
            *(for_page(key, partial(self._to, key), page=page) for key, _words in _KEYED),
            Command("person_told", "May I tell them? Who may be told what", page=page, run=self._who_may_be_told),
            Command("person_concern", _CONCERN, page=page, run=self._raise_concern),
        )

    def panes(self) -> Sequence[QWidget]:
        return (self.action_row, self.tabs) if self.tabs is not None else (self.action_row,)

    def first_focus(self) -> QWidget | None:
        return self.add_contact

    def act(self, action: str, record_id: str) -> None:
        """Something done at once from a part of the page; see `parts.Around`."""
        store, now = self._session.store, self._session.now()
        match action:
            case "finish_task":
                background.operate(
                    self,
                    store,
                    lambda writer: tasks.finish_task(writer, record_id, at=now),
                    partial(self._saved, "Marked as done."),
                )
            case "gp_entered":
                background.operate(
                    self,
                    store,
                    lambda writer: contact_operations.set_gp_entry(writer, record_id, "entered", at=now),
                    partial(self._saved, "Recorded as entered in the GP record."),
                )
            case "copy_for_gp":
                self._copy_for_gp(record_id)
            case "show_all_contacts":
                self._all_contacts = True
                self._refill()
            case "print_summary":
                self._to("person_summary")

    def _ask(self) -> None:
        person_id, today = self._person_id, self._session.today()
        if not person_id:
            return

        def read(reader: Reader) -> PersonRecord:
            return read_person(reader, person_id, today)

        background.query(self, self._session.store, read, partial(self._show, person_id))

    def _show(self, asked_id: str, record: PersonRecord) -> None:
        if asked_id != self._person_id:
            return  # an answer about the person before
        self._person_id = record.person.id  # the record kept, if the one asked for was joined to another
        today = self._session.today()
        if record != self.record or today != self._today:
            is_first = self.record is None
            self.record, self._today = record, today
            self._fill()
            if is_first and self.isVisible():
                self.add_contact.setFocus(Qt.FocusReason.OtherFocusReason)
        if self._tab in TABS and self.tabs is not None:
            self.tabs.bar.setCurrentIndex(TABS.index(self._tab))
        self._tab = ""

    def _fill(self) -> None:
        record = self.record
        if record is None:
            return
        who.show_in(self.banner, record, self._today)
        self.banner.show()
        self.action_row.show()
        for kind, fits in _fitting(record).items():
            self.more_buttons[kind].setVisible(fits)
        self._support_row.setVisible(any(_fitting(record)[kind] for kind, _words in _SUPPORT))
        self.more_buttons["restrict"].set_words(
            "Lift the restriction" if record.person.restricted else "Restrict this record"
        )
        if self._warnings is not None:
            self._warnings.hide()
            self._warning_place.removeWidget(self._warnings)
            self._warnings.deleteLater()
        self._warnings = warnings.build(record, self._around())
        self._warning_place.addWidget(self._warnings)
        self._refill()

    def _refill(self) -> None:
        if self.tabs is not None:
            self.tabs.refill()
            tab_in_reading_order(self)
            return
        self.tabs = TabbedParts(
            "Parts of the record",
            (
                ("Summary", partial(self._part, "summary")),
                ("Care plan", partial(self._part, "plan")),
                ("Contacts", partial(self._part, "contacts")),
                ("Documents", partial(self._part, "documents")),
                ("People around them", partial(self._part, "people")),
                ("Consent", partial(self._part, "consent")),
                ("History", partial(self._part, "history")),
            ),
        )
        self.body.insertWidget(self.body.count() - 1, self.tabs)
        self.tabs.bar.currentChanged.connect(lambda _at: tab_in_reading_order(self))
        tab_in_reading_order(self)

    def _part(self, name: str) -> QWidget:
        record = self.record
        if record is None:
            return labels.muted("Opening the record.")
        where = self._around()
        match name:
            case "summary":
                return summary.build(record, where)
            case "plan":
                return plan.build(record, where)
            case "contacts":
                return contacts.build(record, where, len(record.contacts) if self._all_contacts else 25)
            case "documents":
                return documents.DocumentsPart(self._session, record, where)
            case "people":
                return around.build(record, where)
            case "consent":
                return consent.build(record, where)
            case _:
                return history.HistoryPart(self._session, record.person.id)

    def _actions(self) -> QWidget:
        self.add_contact = buttons.primary("Add &contact", partial(self._to, "contact"), icon="plus")
        self.add_contact.setToolTip("Ctrl+N")
        self.more_button = buttons.secondary("&More", self._toggle_more, icon="chevron-down")
        self.more_button.setAccessibleName("More actions")
        return row_of_buttons(
            self.add_contact,
            buttons.secondary("Start a &visit", partial(self._to, "visit"), icon="footprints"),
            buttons.secondary("Open the &plan", partial(self._to, "care_plan"), icon="target"),
            buttons.secondary("Change &details", partial(self._form, "details"), icon="pencil"),
            buttons.secondary("&Write a letter", partial(self._to, "letters"), icon="mail"),
            self.more_button,
        )

    def _who_may_be_told(self) -> None:
        """The answer to "May I tell the daughter?" (PRACTICE W17)."""
        self.on_shown(f"{self._person_id}/people")

    def _raise_concern(self) -> None:
        self.go.emit("concern", f"new/{self._person_id}")

    def _more(self) -> QWidget:
        self.more_buttons = {kind: buttons.secondary(words, partial(self._form, kind)) for kind, words in _MORE}
        pages = [buttons.secondary(words, partial(self._to, nav_key)) for nav_key, words in _PAGES]
        door = [buttons.secondary(words, partial(self._to, nav_key)) for nav_key, words in (*_FRONT_DOOR, *_KEYED)]
        pages.insert(0, buttons.secondary(_CONCERN, self._raise_concern))
        self._support_row = self._more_row("Support", _SUPPORT)
        holder = column_of(
            self._more_row("Add", _ADD),
            self._more_row("Keep up to date", _KEEP),
            self._more_row("Front door", (), *door),
            self._support_row,
            self._more_row("This record", _RECORD, *pages),
        )
        holder.hide()
        return holder

    def _more_row(self, name: str, actions: Sequence[tuple[str, str]], *others: QWidget) -> QWidget:
        return row_of_buttons(
            labels.muted(name, wrap=False), *(self.more_buttons[kind] for kind, _ in actions), *others
        )

    def _toggle_more(self) -> None:
        opened = self.more.isHidden()
        self.more.setVisible(opened)
        self.more_button.set_icon("chevron-up" if opened else "chevron-down")
        messages.announce(self.more_button, "More actions shown" if opened else "More actions hidden")

    def _around(self) -> Around:
        return Around(self._today, self.go.emit, self.act)

    def _to(self, nav_key: str) -> None:
        self.go.emit(nav_key, self._person_id)

    def _form(self, kind: str) -> None:
        self.go.emit("person_entry", f"{kind}/{self._person_id}")

    def _saved(self, words: str, changes: Changes) -> None:
        tell_saved(self, self._session, words, changes)

    def _copy_for_gp(self, contact_id: str) -> None:
        record = self.record
        noted = next((n for n in record.contacts if n.contact.id == contact_id), None) if record else None
        if record is None or noted is None:
            return
        clipboard.lend(gp_copy.text_for(noted, record))
        self.copied.show()
        self.copied.show_message(
            messages.Message(
                "Copied for the GP record.",
                f"Paste it within {clipboard.SECONDS} seconds: then the clipboard is cleared. "
                "Once it is in the GP record, press Entered in the GP record.",
                "",
                "good",
            )
        )
        background.operate(
            self,
            self._session.store,
            lambda writer: opened_record(writer, person_id=record.person.id, what="copy_for_gp_record"),
        )


def _fitting(record: PersonRecord) -> dict[str, bool]:
    """Which of the actions that stand for some records only this one has."""
    return {
        "left": record.stay is not None and record.stay.kind != "home",
        "close_support": record.episode is not None,
        "reopen_support": record.episode is None and record.closed_episode is not None,
        "withdraw": bool(record.referrals_waiting),
        "open_again": any(one.may_open for one in record.closed_to),
    }
