"""Clashes of edits: who wrote what at once, and what shall stand? Both are kept until a person chooses."""

import datetime as dt
from collections.abc import Sequence
from functools import partial
from typing import Final

import msgspec
from PySide6.QtWidgets import QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.operations.conflicts import assign_conflict, reopen_conflict, settle_conflict
from wellbeing_desktop.storage import drafts
from wellbeing_desktop.storage.conflicts import OpenConflict, Wanted, Whose, clash_count, clashes, colleagues
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.commands import Command
from wellbeing_desktop.ui.drafting import DraftKeeper
from wellbeing_desktop.ui.models.paged_table import Column, TableRow
from wellbeing_desktop.ui.models.short_list import ShortList
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.conflict_card import BOTH, MINE, THEIRS, ConflictCard, due_words
from wellbeing_desktop.ui.reading_order import tab_in_reading_order
from wellbeing_desktop.ui.saving import discarding, keep_draft, tell_saved
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import buttons, fields, labels, messages
from wellbeing_desktop.ui.widgets.empty_state import empty_state
from wellbeing_desktop.ui.widgets.form import Form
from wellbeing_desktop.ui.widgets.labels import Tone
from wellbeing_desktop.ui.widgets.short_table import RowAction, ShortTable

_SHOWN_AT_ONCE: Final = 5
_WHOSE: Final = ((Whose.MINE, "Mine and nobody's"), (Whose.TEAM, "My team's"), (Whose.ALL, "All on this laptop"))
_STATES: Final = (("open", "To settle"), ("settled", "Settled"))
_DRAFT: Final = "clash/"


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """What the page shows, read in one go. `drafts` are third texts begun, by clash."""

    wanted: Wanted
    clashes: Sequence[OpenConflict]
    count: int
    colleagues: Sequence[tuple[str, str]]
    drafts: dict[str, str]


class ClashesPage(Page):
    title, nav_key = "Clashes of edits", "clashes"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._person_id = ""
        self._just_shown = False
        self._picture: Picture | None = None
        self.card: ConflictCard | None = None
        self._keeper: DraftKeeper | None = None
        self.body.addWidget(labels.heading("Clashes of edits", 1))
        self.words = labels.body()
        self.body.addWidget(self.words)
        self.filter = Form()
        self.filter.begin_row()
        self.filter.add("whose", "&Of whom", fields.choice([(code.value, words) for code, words in _WHOSE]))
        self.filter.add("state", "To settle or settle&d", fields.choice(_STATES))
        self.filter.end_row()
        self.filter.edited.connect(self._filter_changed)
        self.body.addWidget(self.filter)
        self.one_person = buttons.link("Show everybody's clashes", self._show_everybody)
        self.one_person.hide()
        self.body.addWidget(self.one_person)
        self.model = ShortList([Column("Who"), Column("When", width=22)], self)
        self.table = ShortTable("Clashes", self.model, most_rows=_SHOWN_AT_ONCE, has_two_lines=True)
        self.table.draw_as_chips(1, _tone)
        self.table.moved.connect(self._choose)
        self.table.opened.connect(self._go_to_card)
        self.table.actions_of_row = self._actions
        self.body.addWidget(self.table)
        self.nothing = empty_state(
            "No clashes to settle",
            "When you and a colleague change the same thing, both are kept and wait here until somebody chooses.",
            icon="circle-check",
        )
        self.body.addWidget(self.nothing)
        self.body.addStretch(1)
        self.table.hide()

    def on_shown(self, argument: str = "") -> None:
        """`argument` is a person's id, or one of `mine`, `team`, `all`."""
        self._just_shown = not self.isVisible() or self._picture is None
        if argument in set(Whose):
            self._person_id = ""
            self.filter.set_values({"whose": argument, "state": "open"})
        elif argument:
            self._person_id = argument
            self.filter.set_values({"whose": Whose.ALL.value, "state": "open"})
        self._ask()

    def refresh(self, changes: Changes) -> None:
        if changes.touches("conflict", "practitioner", "team"):
            self._ask()

    def commands(self) -> Sequence[Command]:
        if self.card is None or self.card.conflict.settled is not None:
            return ()
        return (
            Command(
                "keep_standing", "Keep what stands on the record", page=self.nav_key, run=partial(self._by_key, THEIRS)
            ),
            Command("keep_apart", "Keep what was kept beside it", page=self.nav_key, run=partial(self._by_key, MINE)),
        )

    def panes(self) -> Sequence[QWidget]:
        return (self.filter, self.table, *((self.card,) if self.card is not None else ()))

    def first_focus(self) -> QWidget | None:
        return self.table if not self.table.isHidden() else None

    def save_draft(self) -> None:
        if self._keeper is not None:
            self._keeper.save_now()

    def _ask(self) -> None:
        values = self.filter.values()
        wanted = Wanted(
            whose=Whose(values["whose"] or Whose.MINE), settled=values["state"] == "settled", person_id=self._person_id
        )
        background.query(self, self._session.store, partial(_picture, wanted=wanted), self.show_picture)

    def _filter_changed(self) -> None:
        self._ask()

    def _show_everybody(self) -> None:
        self._person_id = ""
        self._ask()

    def show_picture(self, picture: Picture) -> None:
        """The list, and the clash that the keyboard is on. One that is being written in stays as it is."""
        self._picture = picture
        today = self._session.today()
        self.one_person.setVisible(bool(picture.wanted.person_id))
        settled = picture.wanted.settled
        shown = len(picture.clashes)
        more = f" The first {shown} are listed." if picture.count > shown else ""
        if settled:
            self.words.setText(f"{picture.count:,} settled. The side that was not kept stays in the history.{more}")
        else:
            self.words.setText(
                f"{picture.count:,} to settle. Both sides are kept until you choose; nothing is thrown away.{more}"
            )
        self.words.setVisible(shown > 0)
        self.nothing.words.setText("No clashes settled" if settled else "No clashes to settle")
        self.nothing.setVisible(not shown)
        self.table.setVisible(shown > 0)
        self.model.show_rows([_row(clash, today) for clash in picture.clashes])
        if shown and not self.table.record_id():
            self.table.choose_row(0)
        self._choose(self.table.record_id() if shown else "")
        if self._just_shown and shown:
            self.table.setFocus()
        self._just_shown = False

    def _choose(self, clash_id: str) -> None:
        """Show one clash below the list. A third text that is being typed stays, also when the sides change under it."""
        found = self._found(clash_id)
        typed: str | None = None
        if self.card is not None:
            if found is not None and self.card.conflict.id == found.id:
                if self.card.conflict == found or (
                    self.card.is_being_written() and self.card.conflict.seen == found.seen
                ):
                    return
                if self.card.is_being_written() and found.settled is None:
                    typed = self.card.form.values()["text"]
                    messages.show(
                        self, Refused("Somebody has written more on this clash. Read both again; your text is kept.")
                    )
            self._put_card_away()
        if found is not None and self._picture is not None:
            self._show_card(found, self._picture)
            if typed is not None and self.card is not None:
                self.card.write_another(typed)

    def _show_card(self, clash: OpenConflict, picture: Picture) -> None:
        card = ConflictCard(clash, picture.colleagues, self._session.today)
        card.settled.connect(self._settle)
        card.assigned.connect(self._assign)
        card.reopened.connect(self._reopen)
        card.record_asked.connect(self._open_record)
        self.card = card
        self.body.insertWidget(self.body.count() - 1, card)
        card.show()  # now, not at the next turn: the keyboard may be sent into it at once
        if clash.settled is None:
            self._keeper = keep_draft(card.form, self._session, _DRAFT + clash.id, person=lambda: clash.person_id)
            kept = picture.drafts.get(clash.id)
            if kept:
                card.form.set_values({"text": kept})
                card.form.show()
        tab_in_reading_order(self)

    def _put_card_away(self) -> None:
        if self.card is None:
            return
        self.save_draft()
        self._keeper = None
        self.body.removeWidget(self.card)
        self.card.hide()
        self.card.deleteLater()
        self.card = None

    def _go_to_card(self, clash_id: str) -> None:
        self._choose(clash_id)
        if self.card is not None:
            self.card.first_choice().setFocus()

    def _found(self, clash_id: str) -> OpenConflict | None:
        listed = self._picture.clashes if self._picture is not None else ()
        return next((clash for clash in listed if clash.id == clash_id), None)

    def _actions(self, clash_id: str) -> Sequence[RowAction]:
        clash = self._found(clash_id)
        if clash is None:
            return ()
        if clash.settled is not None:
            return (("Open this clash again", self._reopen), ("Open the record", self._open_record))
        keep: list[RowAction] = [
            ("Keep what stands on the record", lambda id: self._settle(id, THEIRS, None)),
            ("Keep what was kept beside it", lambda id: self._settle(id, MINE, None)),
        ]
        if clash.may_be_both:
            keep.append(("Keep both", lambda id: self._settle(id, BOTH, None)))
        return (*keep, ("Open the record", self._open_record))

    def _by_key(self, choice: str) -> None:
        if self.card is not None:
            self._settle(self.card.conflict.id, choice, None)

    def _open_record(self, clash_id: str) -> None:
        clash = self._found(clash_id)
        if clash is not None:
            self.go.emit("person", clash.person_id)

    def _settle(self, clash_id: str, choice: str, text: object) -> None:
        """A choice names both values as this screen shows them: a stale one is refused in words."""
        shown = self.card.conflict if self.card is not None and self.card.conflict.id == clash_id else None
        clash = shown or self._found(clash_id)
        if clash is None:
            return
        do = discarding(
            _DRAFT + clash_id,
            lambda writer: settle_conflict(writer, clash_id, choice, text, seen=clash.seen, at=self._session.now()),
        )
        background.operate(self, self._session.store, do, self._settled, self._refused)

    def _settled(self, changes: Changes) -> None:
        messages.clear(self)
        if self._keeper is not None:
            self._keeper.finish()
            self._keeper = None
        self._put_card_away()
        tell_saved(self, self._session, "Clash settled.", changes)
        self.table.setFocus()

    def _assign(self, clash_id: str, owner_id: str, due_on: str) -> None:
        day = dt.date.fromisoformat(due_on) if due_on else None
        background.operate(
            self,
            self._session.store,
            lambda writer: assign_conflict(writer, clash_id, owner_id, day, at=self._session.now()),
            lambda changes: tell_saved(self, self._session, "Saved who settles it.", changes),
        )

    def _reopen(self, clash_id: str) -> None:
        background.operate(
            self,
            self._session.store,
            lambda writer: reopen_conflict(writer, clash_id, at=self._session.now()),
            lambda changes: tell_saved(self, self._session, "The clash is open again.", changes),
        )

    def _refused(self, problem: BaseException) -> None:
        messages.show(self, problem)
        self._ask()


def _picture(reader: Reader, wanted: Wanted) -> Picture:
    kept = {
        draft.key.removeprefix(_DRAFT): str(draft.body.get("text", ""))
        for draft in drafts.drafts(reader)
        if draft.key.startswith(_DRAFT)
    }
    return Picture(
        wanted=wanted,
        clashes=clashes(reader, wanted),
        count=clash_count(reader, wanted),
        colleagues=colleagues(reader),
        drafts=kept,
    )


def _row(clash: OpenConflict, today: dt.date) -> TableRow:
    who = clash.person_name or "A person not on this laptop"
    between = " and ".join("you" if side.is_own else side.author for side in (clash.standing, clash.kept_apart))
    settles = f". {clash.owner} settles it" if clash.owner else ""
    if clash.settled is not None:
        when = f"Settled by {clash.settled.by}"
        return TableRow(clash.id, (f"{who}. {clash.what}\nBetween {between}", when))
    return TableRow(
        clash.id, (f"{who}. {clash.what}\nBetween {between}{settles}", due_words(clash.due_on, today) or "No day set")
    )


def _tone(words: str) -> Tone:
    if words.endswith("late"):
        return "bad"
    return "warning" if words == "Due today" else "plain"
