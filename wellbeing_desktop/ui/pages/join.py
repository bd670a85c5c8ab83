"""Two records of one person: side by side, choose which is kept, join; and take apart again."""

import datetime as dt
from functools import partial
from typing import Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.operations.aliases import JoinedPair, join_people, take_people_apart
from wellbeing_desktop.operations.comparing import (
    ComparedField,
    Comparison,
    Likely,
    compare_people,
    joined_to,
    likely_the_same,
)
from wellbeing_desktop.operations.person_record import PersonRecord, read_person
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.person import who
from wellbeing_desktop.ui.pages.person.picker import PersonPicker
from wellbeing_desktop.ui.reading_order import tab_in_reading_order
from wellbeing_desktop.ui.saving import tell_saved
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.tokens import SPACE_L, SPACE_M, SPACE_XS
from wellbeing_desktop.ui.widgets import buttons, cards, fields, labels, layouts, messages
from wellbeing_desktop.ui.widgets.banner import PersonBanner
from wellbeing_desktop.ui.widgets.beside import Beside
from wellbeing_desktop.ui.widgets.choices import AnswerField
from wellbeing_desktop.ui.widgets.form import Form

_ONE: Final = "one"
_OTHER: Final = "other"
Joins = tuple[tuple[JoinedPair, str], ...]


class JoinPage(Page):
    """The argument is `<person id>`, or `<person id>/<other person's id>`."""

    title, nav_key, section_key, help_key = "Join two records", "join", "caseload", "join"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._person_id = ""
        self._other_id = ""
        self.shown: Comparison | None = None
        self.banner = PersonBanner()
        self.banner.hide()
        self.outer.insertWidget(0, self.banner)
        self.body.addWidget(labels.heading(self.title, 1))
        self.body.addWidget(
            labels.body(
                "When one person has two records, join them. Nothing moves and nothing is lost: everything in both is "
                "read under the record that you keep. You can take them apart again."
            )
        )
        self.joined = QWidget()
        self._joined = QVBoxLayout(self.joined)
        self._joined.setContentsMargins(0, 0, 0, 0)
        self.body.addWidget(self.joined)
        self.choosing = QWidget()
        self._choosing = QVBoxLayout(self.choosing)
        self._choosing.setContentsMargins(0, 0, 0, 0)
        self.body.addWidget(self.choosing)
        self.sides = QWidget()
        self._sides = QVBoxLayout(self.sides)
        self._sides.setContentsMargins(0, 0, 0, 0)
        self._sides.setSpacing(SPACE_M)
        self.body.addWidget(self.sides)
        self._make_form()
        self.body.addStretch(1)

    def on_shown(self, argument: str = "") -> None:
        self._person_id, _, self._other_id = argument.partition("/")
        self.shown = None
        layouts.empty(self._choosing)
        self.picker = PersonPicker(self._session, "&The other record of this person", not_id=self._person_id)
        self.picker.chosen.connect(self.choose_other)
        self.picker.choice.setVisible(not self._other_id)
        self._choosing.addWidget(self.picker)
        if self._person_id and not self._other_id:
            person_id = self._person_id
            background.query(
                self,
                self._session.store,
                lambda reader: likely_the_same(reader, person_id),
                partial(self._offer, person_id),
            )
        self.form.set_values({"keep": "", "reason": ""})
        self._hide_comparison()
        self._ask()

    def refresh(self, changes: Changes) -> None:
        if changes.touches("alias", "person", "address", "contact_point") and self._person_id:
            self._ask()

    def first_focus(self) -> QWidget | None:
        return self.picker.field if not self._other_id else None

    def choose_other(self, person_id: str) -> None:
        """Compares the record with this one."""
        self._other_id = person_id
        self.form.set_values({"keep": "", "reason": ""})
        self._ask()

    def join(self) -> None:
        """Asks first: joining is one of the few things that are confirmed."""
        messages.clear(self)
        if self.shown is None or not self.form.check():
            return
        self.confirm.show()
        kept = self.shown.one_name if self._keeps_one() else self.shown.other_name
        self.sure.show_message(
            messages.Message(
                f"Join the two records, and keep {kept}?",
                "Every screen, letter and return shows them as one person from then on, on every laptop.",
                "",
                "warning",
            )
        )
        tab_in_reading_order(self)
        self.yes.setFocus()

    def _join_now(self) -> None:
        shown = self.shown
        if shown is None:
            return
        pair = (shown.one_id, shown.other_id) if self._keeps_one() else (shown.other_id, shown.one_id)
        reason, now = self.form.values()["reason"], self._session.now()
        self.confirm.hide()
        background.operate(
            self,
            self._session.store,
            lambda writer: join_people(writer, *pair, reason, at=now),
            partial(self._done, "The two records are joined.", pair[0]),
            self.form.show_refusal,
        )

    def take_apart(self, pair: JoinedPair) -> None:
        now = self._session.now()
        background.operate(
            self,
            self._session.store,
            lambda writer: take_people_apart(writer, pair.survivor_id, pair.vanished_id, at=now),
            partial(self._done, "The two records are apart again.", pair.survivor_id),
        )

    def _done(self, words: str, person_id: str, changes: Changes) -> None:
        tell_saved(self, self._session, words, changes)
        self.go.emit("person", person_id)

    def _keeps_one(self) -> bool:
        return self.form.values()["keep"] == _ONE

    def _offer(self, asked: str, found: tuple[Likely, ...]) -> None:
        """Who may be the same person: after a list was brought in there is a task to look at both."""
        if asked != self._person_id or self._other_id or not found:
            return
        self.offers = cards.Card("May be the same person")
        for likely in found:
            words = f"Compare with {likely.name}: {likely.why}".replace("&", "&&")
            self.offers.body.addWidget(buttons.link(words, partial(self.choose_other, likely.person_id)))
        self._choosing.addWidget(self.offers)
        tab_in_reading_order(self)

    # Showing ----------------------------------------------------------------------------------------------------

    def _ask(self) -> None:
        person_id, other_id, today = self._person_id, self._other_id, self._session.today()

        def read(reader: Reader) -> tuple[PersonRecord, Joins, Comparison | None]:
            compared = compare_people(reader, person_id, other_id, today) if other_id else None
            return read_person(reader, person_id, today), joined_to(reader, person_id), compared

        background.query(self, self._session.store, read, partial(self._show, (person_id, other_id), today))

    def _show(
        self, asked: tuple[str, str], today: dt.date, found: tuple[PersonRecord, Joins, Comparison | None]
    ) -> None:
        if asked != (self._person_id, self._other_id):
            return  # an answer to an older question
        record, joins, compared = found
        who.show_in(self.banner, record, today)
        self.banner.show()
        layouts.empty(self._joined)
        for pair, name in joins:
            card = cards.Card("Joined already")
            card.body.addWidget(labels.body(f"With {name}. Why: {pair.reason}"))
            card.body.addWidget(buttons.secondary(f"Take apart from {name}", partial(self.take_apart, pair)))
            self._joined.addWidget(card)
        self.joined.setVisible(bool(joins))
        if compared is None or compared.join is not None:
            self._hide_comparison()
        elif compared != self.shown:
            self.shown = compared
            self._show_sides(compared)
        tab_in_reading_order(self)

    def _show_sides(self, compared: Comparison) -> None:
        layouts.empty(self._sides)
        card = cards.Card("Both records")
        card.body.setSpacing(SPACE_M)
        card.body.addWidget(_beside(f"1. {compared.one_name}", f"2. {compared.other_name}", strong=True))
        differing = [field for field in compared.fields if not field.is_same]
        same = [field for field in compared.fields if field.is_same]
        for title, shown in (("Different", differing), ("The same in both", same)):
            if shown:
                card.body.addWidget(cards.rule())
                card.body.addWidget(labels.heading(title, 3))
            for field in shown:
                card.body.addWidget(_field(field))
        self._sides.addWidget(card)
        self.sides.show()
        for value, words in ((_ONE, f"1. {compared.one_name}"), (_OTHER, f"2. {compared.other_name}")):
            self.keep.options[value].set_words(words.replace("&", "&&"))
        self.confirm.hide()
        self.form_card.show()

    def _hide_comparison(self) -> None:
        self.shown = None
        self.sides.hide()
        self.form_card.hide()

    def _make_form(self) -> None:
        self.form = Form()
        self.keep = AnswerField(((_ONE, "1"), (_OTHER, "2")), upright=True)
        self.form.add(
            "keep",
            "Which record is &kept",
            self.keep,
            required=True,
            help_text="Its name, birth date and NHS number are the ones that everybody sees.",
        )
        self.form.add(
            "reason",
            "&How you know that this is one person",
            fields.note(lines=2),
            required=True,
            help_text="For example: same NHS number, and the daughter says so.",
        )
        self.join_button = buttons.primary("&Join the two records", self.join)
        self.form.add_actions(self.join_button)
        self.sure = messages.notice("", "warning")
        self.yes = buttons.danger("&Yes, join them", self._join_now)
        self.no = buttons.secondary("&No, leave them", self._leave)
        self.confirm = cards.card("", self.sure, self.yes, self.no)
        self.confirm.hide()
        self.form.add_widget(self.confirm)
        self.form_card = cards.card("Join them", self.form)
        self.form_card.hide()
        self.form.edited.connect(self.confirm.hide)
        self.body.addWidget(self.form_card)

    def _leave(self) -> None:
        self.confirm.hide()
        self.join_button.setFocus()


def _field(field: ComparedField) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(SPACE_XS)
    column.addWidget(labels.muted(field.label))
    if field.is_same:
        column.addWidget(labels.body(field.one))
    else:
        column.addWidget(_beside(field.one or "Not recorded", field.other or "Not recorded"))
    holder.setAccessibleName(f"{field.label}: {field.one or 'not recorded'}; {field.other or 'not recorded'}")
    return holder


def _beside(one: str, other: str, *, strong: bool = False) -> QWidget:
    row = Beside(SPACE_L)
    for words in (one, other):
        row.add(labels.strong(words) if strong else labels.body(words))
    return row
