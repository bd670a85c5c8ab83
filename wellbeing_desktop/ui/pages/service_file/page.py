"""One file of the service: what is known, its clocks, what is missing before it is closed."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar, Final

import msgspec
from PySide6.QtWidgets import QVBoxLayout, QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.dates import staff_date
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.registry import type_of
from wellbeing_desktop.domain.service_file import Complaint, Incident
from wellbeing_desktop.operations import service_files
from wellbeing_desktop.operations.looking import noted
from wellbeing_desktop.operations.service_files import ServiceFile
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.records import load
from wellbeing_desktop.storage.search import PersonRow
from wellbeing_desktop.storage.service_files import may_read_files
from wellbeing_desktop.storage.similar import row_of
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.commands import Command, for_page
from wellbeing_desktop.ui.drafting import DraftKeeper
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.person.picker import PersonPicker
from wellbeing_desktop.ui.reading_order import tab_in_reading_order
from wellbeing_desktop.ui.record_form import RecordForm
from wellbeing_desktop.ui.saving import RECORD_ID, bring_back, discard, discarding, keep_draft, tell_saved
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import buttons, cards, labels
from wellbeing_desktop.ui.widgets.cards import Card
from wellbeing_desktop.ui.widgets.columns import TwoColumns

NEW: Final = "new"
_PERSON: Final = "_person"
_TAKEN: Final = "sdlgpof"
"""Letters of the page's own buttons."""


class Read(msgspec.Struct, frozen=True):
    """What the page asks for in one go. `record` is None for a new one and for one that may not be read."""

    record: ServiceFile | None
    may_read: bool
    person: PersonRow | None
    names: dict[str, str]


class ServiceFilePage(Page):
    """The argument is a file's id, `new`, or `new/` and the id of the person whom it concerns.

    A subclass says which record, how its fields stand in cards, and its clocks in words.
    """

    struct: ClassVar[type[Incident] | type[Complaint]]
    cards_of: ClassVar[Sequence[tuple[str, Sequence[Sequence[str]]]]]
    new_rows: ClassVar[frozenset[str]] = frozenset()
    """Fields that are asked for when it is opened only; they do not change afterwards."""
    owner_fields: ClassVar[Sequence[str]] = ()
    person_words: ClassVar[str] = ""
    new_title: ClassVar[str] = ""
    needed: ClassVar[Sequence[str]] = ()
    section_key = "inbox"
    help_key = "service_files"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._argument = self._id = self._person_id = ""
        self._saving = False
        self.record: ServiceFile | None = None
        self.form: RecordForm | None = None
        self.keeper: DraftKeeper | None = None
        self.heading = labels.heading(self.title, 1)
        self.body.addWidget(self.heading)
        self.apart = labels.muted("Kept apart from everybody's record: in no letter, return or copy of it.")
        self.body.addWidget(self.apart)
        self.closed_line = labels.body("You may not read this file. It is kept, and those who look after it see it.")
        self.body.addWidget(self.closed_line)
        self.columns = TwoColumns(3, 2)
        self._form_place = QVBoxLayout()
        self._form_holder: QWidget | None = None
        self.columns.left.addLayout(self._form_place)
        self.columns.left.addStretch()
        self.state_card = Card("Where it stands")
        self.clocks_line = labels.strong()
        self.missing_line = labels.body()
        self.close_button = buttons.secondary("C&lose this file", self._close, icon="check")
        self.reopen_button = buttons.secondary("Open it a&gain", self._reopen, icon="undo-2")
        for widget in (self.clocks_line, self.missing_line, *self.more_buttons()):
            self.state_card.body.addWidget(widget)
        for widget in (self.close_button, self.reopen_button):
            self.state_card.body.addWidget(widget)
        self.columns.right.addWidget(self.state_card)
        self.person_line = labels.strong()
        self.picker = PersonPicker(session, "Find the &person")
        self.picker.choice.hide()
        self.picker.chosen.connect(self._person_chosen)
        self.nobody_button = buttons.link("It concerns nob&ody by name", partial(self._person_chosen, ""))
        self.columns.right.addWidget(cards.card(self.person_words, self.person_line, self.picker, self.nobody_button))
        self.columns.right.addStretch()
        self.body.addWidget(self.columns)
        self.body.addStretch()
        self.columns.hide()
        self.closed_line.hide()

    def more_buttons(self) -> Sequence[QWidget]:
        """Buttons of this kind of file, above closing."""
        return ()

    def clocks(self, record: ServiceFile) -> Sequence[str]:
        """Each clock in words."""
        raise NotImplementedError

    def kind_words(self, record: ServiceFile) -> str:
        """ "Complaint", "Near miss"."""
        return label_of(type_of(self.struct).field("kind").about.code_list, record.kind)

    def open_file(self, writer: Writer, record: Any) -> Changes:
        raise NotImplementedError

    def on_shown(self, argument: str = "") -> None:
        argument = argument or NEW
        if argument == self._argument and self.form is not None:
            self._ask()
            return
        self.save_draft()
        self._argument, self._saving, self.record = argument, False, None
        self._drop_form()
        is_new = argument.partition("/")[0] == NEW
        self._person_id = argument.partition("/")[2] if is_new else ""
        self._id = new_id() if is_new else argument
        self._ask()

    def refresh(self, changes: Changes) -> None:
        if self._argument and not self._saving and changes.touches(type_of(self.struct).name):
            self._ask()  # the form itself is never refilled

    def save_draft(self) -> None:
        if self.keeper is not None:
            self.keeper.save_now()

    def commands(self) -> Sequence[Command]:
        page = self.nav_key
        return (
            for_page("save", self.save, name="Save this file", page=page),
            Command(f"{page}_close", "Close this file", page=page, run=self._close),
            Command(f"{page}_list", "Show incidents and complaints", page=page, run=self._to_list),
        )

    def first_focus(self) -> QWidget | None:
        return next(iter(self.form.rows.values())).field if self.form is not None else None

    def save(self) -> None:
        """What is known now; nothing but what happened is needed."""
        form, record, id = self.form, self.record, self._id
        if form is None or self._saving or not form.check():
            return
        now, person_id = self.session.now(), self._person_id
        try:
            values = form.changed() if record is not None else form.all_values()
        except Refused as refusal:
            form.show_refusal(refusal)
            return
        if record is None:
            made = self.struct(id=id, person_id=person_id, **values)
            self._write(lambda writer: self.open_file(writer, made), "The file is opened.")
            return
        seen = {**form.seen(), "person_id": record.person_id}
        if person_id != record.person_id:
            values["person_id"] = person_id
        if not values:
            return
        struct = self.struct
        self._write(
            lambda writer: service_files.change_file(
                writer, struct, id, values, {name: seen[name] for name in values}, at=now
            ),
            "The file is saved.",
        )

    def discard(self) -> None:
        """What is typed here is forgotten; what was saved stays."""
        if self.keeper is not None:
            self.keeper.finish()
            discard(self, self.session, self.keeper.draft_key)
        self._drop_form()
        self._argument = ""
        self._to_list()

    def _to_list(self) -> None:
        self.go.emit("service_files", "")

    def _ask(self) -> None:
        argument, id, person_id, today = self._argument, self._id, self._person_id, self.session.today()
        is_new, struct = argument.partition("/")[0] == NEW, self.struct

        def read(reader: Reader) -> Read:
            may_read = is_new or may_read_files(reader, today)
            record = load(reader, struct, id) if may_read and not is_new else None
            about = person_id or (record.person_id if record is not None else "")
            names = dict(reader.rows("SELECT id, name FROM live_practitioner ORDER BY name"))
            return Read(record, may_read, row_of(reader, about) if about else None, names)

        background.query(self, self.session.store, read, partial(self._show, argument))

    def _show(self, argument: str, answer: Read) -> None:
        if argument != self._argument:
            return
        may_show = answer.may_read and (answer.record is not None or argument.partition("/")[0] == NEW)
        self.columns.setVisible(may_show)
        self.closed_line.setVisible(not may_show)
        if not may_show:
            tab_in_reading_order(self)
            return
        self.record = record = answer.record
        self.heading.setText(f"{self.kind_words(record)} {record.number}" if record is not None else self.new_title)
        if self.form is None:
            if record is not None:
                self._person_id = record.person_id
                background.operate(
                    self, self.session.store, lambda writer: noted(writer, "open_service_file", at=self.session.now())
                )
            self._make_form(answer.names)
        self._show_person(answer.person)
        self._show_state(record)
        tab_in_reading_order(self)

    def _show_state(self, record: ServiceFile | None) -> None:
        self.state_card.setVisible(record is not None)
        if record is None:
            return
        is_closed = record.state == "closed"
        if is_closed:
            said = f"Closed on {staff_date(record.closed_on)}." if record.closed_on else "Closed."
        else:
            said = "\n".join(self.clocks(record)) or "Open."
        self.clocks_line.setText(said)
        missing = [sentence for _field, sentence in service_files.missing(record)]
        self.missing_line.setText("Before it can be closed:\n" + "\n".join(missing))
        self.missing_line.setVisible(bool(missing) and not is_closed)
        self.close_button.setVisible(not is_closed)
        self.reopen_button.setVisible(is_closed)

    def _show_person(self, person: PersonRow | None) -> None:
        if person is None:
            self.person_line.setText("Nobody is named.")
        else:
            born = f", born {staff_date(person.born_on)}" if person.born_on else ""
            self.person_line.setText(f"{person.name}{born}")
        self.nobody_button.setVisible(person is not None)

    def _person_chosen(self, person_id: str) -> None:
        """Kept with the file at the next Save."""
        self._person_id = person_id
        if self.form is not None:
            self.form.edited.emit()
        background.query(
            self,
            self.session.store,
            lambda reader: row_of(reader, person_id) if person_id else None,
            self._show_person,
        )

    def _make_form(self, names: Mapping[str, str]) -> None:
        record = self.record
        holder = QWidget()
        places: dict[str, Card] = {}
        rows: list[Sequence[str]] = []
        for title, fields_of_card in self.cards_of:
            shown = [[name for name in row if record is None or name not in self.new_rows] for row in fields_of_card]
            kept = [row for row in shown if row]
            if kept:
                places[kept[0][0]] = cards.Card(title)
                rows += kept
        form = RecordForm(
            type_of(self.struct),
            rows,
            self.session.today,
            shown=record,
            choices=dict.fromkeys(self.owner_fields, tuple(names.items())),
            needed=self.needed if record is None else (),
            letters_taken=_TAKEN,
            cards_before=places,
        )
        form.add_actions(
            buttons.secondary("&Discard the draft", self.discard), buttons.primary("&Save this file", self.save)
        )
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(form)
        self.form, self._form_holder = form, holder
        self._form_place.addWidget(holder)
        id = self._id
        self.keeper = keep_draft(
            form,
            self.session,
            f"{self.nav_key}/{self._argument}",
            person=lambda: "",  # a draft of a file is in nobody's record either
            beside=lambda: {_PERSON: self._person_id, **({} if record is not None else {RECORD_ID: id})},
        )
        bring_back(form, self.keeper, self.session, self._kept)
        holder.show()
        first = self.first_focus()
        if first is not None and self.isVisible():
            first.setFocus()

    def _kept(self, draft: Mapping[str, str]) -> None:
        self._id = draft.get(RECORD_ID, "") or self._id
        self._person_id = draft.get(_PERSON, "")
        self._ask()

    def _drop_form(self) -> None:
        holder = self._form_holder
        if holder is not None:
            self._form_place.removeWidget(holder)
            holder.hide()
            holder.deleteLater()
        self.form = self.keeper = self._form_holder = None

    def _close(self) -> None:
        self._step(
            lambda writer, id: service_files.close_file(writer, self.struct, id, at=self.session.now()), "Closed."
        )

    def _reopen(self) -> None:
        self._step(
            lambda writer, id: service_files.reopen_file(writer, self.struct, id, at=self.session.now()),
            "Opened again.",
        )

    def _step(self, work: Callable[[Writer, str], Changes], said: str) -> None:
        record = self.record
        if record is None:
            return
        self.save_draft()
        background.operate(
            self,
            self.session.store,
            lambda writer: work(writer, record.id),
            lambda changes: tell_saved(self, self.session, said, changes),
            self._refused,
        )

    def _write(self, work: Callable[[Writer], Changes], said: str) -> None:
        keeper = self.keeper
        if keeper is None:
            return
        self._saving = True
        keeper.finish()
        background.operate(
            self, self.session.store, discarding(keeper.draft_key, work), partial(self._saved, said), self._refused
        )

    def _saved(self, said: str, changes: Changes) -> None:
        self._saving = False
        tell_saved(self, self.session, said, changes)
        self._drop_form()
        id, self._argument = self._id, ""
        self.go.emit(self.nav_key, id)

    def _refused(self, problem: BaseException) -> None:
        self._saving = False
        if self.form is None or self.keeper is None:
            return
        self.keeper.begin_again()
        self.form.show_refusal(problem)
