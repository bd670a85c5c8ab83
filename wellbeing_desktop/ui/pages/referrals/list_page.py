"""Referrals: what came in, what is still missing, what to decide, who has nobody yet, and who waits?"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.operations.referral_list import ReferralList, read_referrals
from wellbeing_desktop.operations.waiting_list import Reached, check_in, start_support
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.commands import Command, for_page
from wellbeing_desktop.ui.models.paged_table import Column, TableRow
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.referrals import words
from wellbeing_desktop.ui.reading_order import tab_in_reading_order
from wellbeing_desktop.ui.saving import tell_saved
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.tokens import SPACE_M
from wellbeing_desktop.ui.widgets import buttons, fields, labels
from wellbeing_desktop.ui.widgets.beside import Beside
from wellbeing_desktop.ui.widgets.empty_state import empty_state
from wellbeing_desktop.ui.widgets.list_card import ListCard
from wellbeing_desktop.ui.widgets.short_table import RowAction

_GROUPS: Final = (
    ("new", "New"),
    ("incomplete", "Incomplete"),
    ("to_decide", "To decide"),
    ("without_owner", "Accepted, nobody has it"),
    ("waiting", "Waiting for support to begin"),
)
_REFERRAL_ACTIONS: Final = (("referral", "Open the referral"), ("triage", "Fill in the triage form"))


class ReferralsPage(Page):
    """The argument, if there is one, is a group: `waiting`."""

    title, nav_key = "Referrals", "referrals"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.found = ReferralList()
        self.body.addWidget(labels.heading(self.title, 1))
        self.summary = labels.body("")
        self.body.addWidget(self.summary)
        self.find_field = fields.line(hint="Name, practice, referrer or colleague")
        self.group_field = fields.choice(_GROUPS, empty="All of them")
        head = Beside(SPACE_M)
        for label, field, stretch in (("&Find in these", self.find_field, 2), ("&Show", self.group_field, 1)):
            head.add(_labelled(label, field), stretch)
            field.edited.connect(self._narrow)
        self.body.addWidget(head)
        self.nothing = empty_state(
            "No referral is waiting",
            "A referral is added from a person's record, or with Ctrl+Shift+N.",
            buttons.secondary("Find the person", partial(self.go.emit, "caseload", "")),
            "clipboard-list",
        )
        self.nothing.hide()
        self.body.addWidget(self.nothing)
        self.cards: dict[str, ListCard] = {}
        for group, name in _GROUPS:
            columns = [
                Column("Check-in" if group == "waiting" else "Priority", width=14),
                Column("Who and from where"),
                Column("With" if group == "waiting" else "What next"),
            ]
            card = ListCard(name, columns, 0, words.priority_tone)
            card.table.opened.connect(self._open_waiting if group == "waiting" else partial(self.go.emit, "referral"))
            self.cards[group] = card
            self.body.addWidget(card)
        settings = partial(self.go.emit, "referral_settings", "")
        self.settings_link = buttons.link(
            "&Referral settings: form, check-ins, areas and training", settings, icon="settings"
        )
        self.body.addWidget(self.settings_link)
        for group in ("new", "incomplete", "to_decide", "without_owner"):
            table = self.cards[group].table
            table.actions_of_row = partial(self._referral_actions, group)
            table.ticked.connect(lambda _id, table=table: table.show_actions())
        waiting = self.cards["waiting"].table
        waiting.actions_of_row = self._waiting_actions
        waiting.ticked.connect(lambda _id: waiting.show_actions())
        self.body.addStretch()

    def on_shown(self, argument: str = "") -> None:
        if argument in dict(_GROUPS):
            self.group_field.set_value(argument)
        self._ask()

    def refresh(self, changes: Changes) -> None:
        if changes.touched:
            self._ask()

    def commands(self) -> Sequence[Command]:
        page = self.nav_key
        return (
            for_page("filter", self.find_field.setFocus, name="Find in the referrals", page=page),
            *(
                Command(f"show_{group}", f"Show referrals: {name}", page=page, run=partial(self.show_group, group))
                for group, name in _GROUPS
            ),
        )

    def panes(self) -> Sequence[QWidget]:
        return (self.find_field, *(card for card in self.cards.values() if not card.isHidden()))

    def first_focus(self) -> QWidget | None:
        return next((card.table for card in self.cards.values() if not card.isHidden()), self.find_field)

    def show_group(self, group: str) -> None:
        self.group_field.set_value(group)
        self._narrow()

    def _ask(self) -> None:
        background.query(self, self.session.store, read_referrals, self._show)

    def _show(self, found: ReferralList) -> None:
        self.found = found
        self._narrow()

    def _narrow(self) -> None:
        """The rows that fit what is typed and chosen. The sentence and every title count the rows of their lists."""
        found, today = self.found, self.session.today()
        rows = {
            "new": words.undecided_rows(found.new),
            "incomplete": words.undecided_rows(found.incomplete),
            "to_decide": words.undecided_rows(found.to_decide),
            "without_owner": words.ownerless_rows(found.without_owner),
            "waiting": words.waiting_rows(found.waiting, found.names, today),
        }
        typed, chosen = self.find_field.value().casefold().split(), self.group_field.value()
        counts = []
        for group, name in _GROUPS:
            fitting = [row for row in rows[group] if _fits(row, typed)] if chosen in ("", group) else []
            self.cards[group].show_rows(fitting, f"{name}: {len(fitting):,}")
            if fitting:
                counts.append(f"{name}: {len(fitting):,}")
        self.summary.setText(". ".join(counts) + "." if counts else "")
        self.summary.setVisible(bool(counts))
        is_all = not any(rows.values())
        self.nothing.words.setText("No referral is waiting" if is_all else "No referral fits")
        self.nothing.setVisible(not counts)
        tab_in_reading_order(self)

    def _referral_actions(self, group: str, _referral_id: str) -> Sequence[RowAction]:
        wanted = _REFERRAL_ACTIONS if group != "without_owner" else _REFERRAL_ACTIONS[:1]
        return [(said, partial(self.go.emit, nav_key)) for nav_key, said in wanted]

    def _waiting_actions(self, _episode_id: str) -> Sequence[RowAction]:
        """Space, then Enter: looked in on, and the next day is set."""
        return [
            ("Rang: spoke with the person", partial(self._check_in, "spoke")),
            ("Rang: no answer", partial(self._check_in, "no_answer")),
            ("Rang: message left", partial(self._check_in, "message_left")),
            ("Open the referral: write more, or another way", self._open_waiting),
            ("Support begins now", self._start),
        ]

    def _check_in(self, reached: Reached, episode_id: str) -> None:
        now = self.session.now()
        self._do(lambda writer: check_in(writer, episode_id, reached, at=now), "Check-in saved.")

    def _start(self, episode_id: str) -> None:
        now = self.session.now()
        self._do(lambda writer: start_support(writer, episode_id, at=now), "Support has begun.")

    def _open_waiting(self, episode_id: str) -> None:
        for row in self.found.waiting:
            if row.episode_id == episode_id:
                self.go.emit("referral", row.id)

    def _do(self, work: Callable[[Writer], Changes], said: str) -> None:
        background.operate(
            self, self.session.store, work, lambda changes: tell_saved(self, self.session, said, changes)
        )


def _fits(row: TableRow, typed: Sequence[str]) -> bool:
    said = " ".join(row.cells).casefold()
    return all(word in said for word in typed)


def _labelled(label: str, field: fields.LineField | fields.ChoiceField) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(labels.label_for(label, field))
    column.addWidget(field)
    return holder
