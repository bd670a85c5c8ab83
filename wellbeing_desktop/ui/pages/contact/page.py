"""Writing down a contact: three keys beyond the text in the common case, everything else one step away."""

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtWidgets import QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.operations.contacts import record_contact
from wellbeing_desktop.operations.person_record import PersonRecord, read_person
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.commands import Command, for_page
from wellbeing_desktop.ui.lock import hold_off_lock, let_lock_go
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.contact import fields as contact_fields
from wellbeing_desktop.ui.pages.contact.parked import PREFIX, Parked, ParkedStrip, bind_key, read_parked
from wellbeing_desktop.ui.pages.contact.person_around import PersonAround
from wellbeing_desktop.ui.pages.person.parts import TwoColumns
from wellbeing_desktop.ui.reading_order import tab_in_reading_order
from wellbeing_desktop.ui.saving import RECORD_ID, WayBack, bring_back, discard, discarding, keep_draft, tell_saved
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import buttons, cards
from wellbeing_desktop.ui.widgets.form import Form
from wellbeing_desktop.ui.widgets.more_fields import MoreFields

_BEGAN = "_began"


class ContactPage(Page):
    """The argument is the person's id. Leaving parks the contact: it is a draft until it is saved or discarded."""

    title, nav_key, section_key, help_key = "Contact", "contact", "caseload", "person"
    phrase_place = "contact"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._person_id = ""
        self._record: PersonRecord | None = None
        self._began: dt.datetime = session.now()
        self._contact_id = new_id()
        self._goes_on = False
        self._saving = False
        self.around = PersonAround()
        self.outer.insertWidget(0, self.around.banner)
        self.strip = ParkedStrip(self._switch)
        self.body.addWidget(self.strip)
        self.body.addLayout(self.around.alerts)
        self.form = Form()
        contact_fields.add_fields(self.form, session, [])
        self.more = MoreFields(
            self.form, [name for name in self.form.rows if name not in contact_fields.FIRST], "this contact"
        )
        self.save_button = buttons.primary("&Save contact", self.save)
        self.form.add_actions(
            self.more.button,
            buttons.secondary("&Discard the draft", self.discard),
            self.save_button,
        )
        card = cards.card("Contact", self.form)
        self.columns = TwoColumns(left_share=3, right_share=2)
        self.columns.left.addWidget(card)
        self.columns.right.addLayout(self.around.beside)
        self.columns.finish()
        self.body.addWidget(self.columns)
        self.body.addStretch()
        self._empty = self.form.values()
        self.keeper = keep_draft(self.form, session, person=lambda: self._person_id, beside=self._beside)
        medium = self.form.rows["medium"].field
        medium.edited.connect(self._medium_chosen)
        bind_key(self, "F7", self.switch_to_next)

    def on_shown(self, argument: str = "") -> None:
        hold_off_lock(self)
        if argument != self._person_id:
            self._open(argument)
        self._ask()

    def refresh(self, changes: Changes) -> None:
        if self._person_id in changes.subjects():
            self._ask()  # only what stands beside the form: the form itself is never refilled

    def save_draft(self) -> None:
        self.keeper.save_now()

    def can_leave(self) -> bool:
        let_lock_go(self)
        return True

    def commands(self) -> Sequence[Command]:
        page = self.nav_key
        return (
            for_page("save", self.save, name="Save contact", page=page),
            for_page("save_next", self.save_and_next, name="Save contact and go to the next", page=page),
            Command("contact_more", "Show more about this contact", page=page, run=self.more.toggle),
            Command("contact_next", "Switch to the next parked contact", ("F7",), page=page, run=self.switch_to_next),
            Command("contact_discard", "Discard this draft", page=page, run=self.discard),
        )

    def first_focus(self) -> QWidget | None:
        return self.form.rows["text"].field

    def save(self) -> None:
        """Saves on this laptop at once; sending is somebody else's job."""
        self._goes_on = False
        self._save()

    def save_and_next(self) -> None:
        """Saves, then opens the next parked contact, or the caseload."""
        self._goes_on = True
        self._save()

    def discard(self) -> None:
        """Forgets what is typed, after which nothing of it is kept."""
        self.keeper.finish()
        discard(self, self._session, self.keeper.draft_key)
        person_id, self._person_id = self._person_id, ""
        self.go.emit("person", person_id)

    def switch_to_next(self) -> None:
        """F7: parks this contact and opens the next."""
        if self.strip.next_id():
            self._switch(self.strip.next_id())

    def _switch(self, person_id: str) -> None:
        self.keeper.save_now()
        self.go.emit(self.nav_key, person_id)

    def _open(self, person_id: str) -> None:
        self.keeper.save_now()
        self._person_id, self._record = person_id, None
        self._contact_id, self._began = new_id(), self._session.now()
        self._saving = False
        self.save_button.setEnabled(True)
        self.around.clear()
        self.form.show_errors({})
        self.form.set_values({**self._empty, **contact_fields.starting_values(self._began)})
        self.form.set_draft_line("")
        self.more.show(False)
        self.keeper.draft_key = f"{PREFIX}{person_id}"
        self.keeper.begin_again()
        bring_back(self.form, self.keeper, self._session, self._kept)

    def _beside(self) -> Mapping[str, str]:
        return {RECORD_ID: self._contact_id, _BEGAN: self._began.isoformat()}

    def _kept(self, draft: Mapping[str, str]) -> None:
        self._contact_id = draft.get(RECORD_ID, self._contact_id)
        if draft.get(_BEGAN):
            self._began = dt.datetime.fromisoformat(draft[_BEGAN])
        usual = {**self._empty, **contact_fields.starting_values(self._began)}
        more = [name for name in self.form.rows if name not in contact_fields.FIRST]
        medium = contact_fields.follows_from(draft.get("medium", ""))
        if any(draft.get(name, "") not in (usual[name], medium.get(name, usual[name])) for name in more):
            self.more.show(True)

    def _ask(self) -> None:
        person_id, today = self._person_id, self._session.today()
        if not person_id:
            return

        def read(reader: Reader) -> PersonRecord:
            return read_person(reader, person_id, today)

        def waiting(writer: Writer) -> tuple[Parked, ...]:
            return read_parked(writer, today)

        background.query(self, self._session.store, read, self._show)
        # behind the draft that was just handed over, which waits in the same queue
        background.operate(self, self._session.store, waiting, self._show_parked)

    def _show_parked(self, parked: tuple[Parked, ...]) -> None:
        self.strip.show_parked(parked, self._person_id)
        tab_in_reading_order(self)

    def _show(self, record: PersonRecord) -> None:
        if self._person_id not in record.ids or record == self._record:
            return
        self._record = record
        self.around.show_record(record, self._session.today())
        workers = [(id, name) for id, name in record.names.items() if id != self._session.user_id]
        second = self.form.rows["second_worker_id"].field
        if hasattr(second, "set_choices"):
            second.set_choices(sorted(workers, key=lambda worker: worker[1]))
        tab_in_reading_order(self)

    def _medium_chosen(self) -> None:
        rows = self.form.rows
        for name, value in contact_fields.follows_from(rows["medium"].field.value()).items():
            rows[name].field.set_value(value)

    def _save(self) -> None:
        if self._saving or not self._person_id:
            return
        if not self.form.check():
            self._show_faults()
            return
        values, now = self.form.values(), self._session.now()
        try:
            contact = contact_fields.contact_from(
                values,
                person_id=self._person_id,
                began=self._began,
                now=now,
                episode_id=self._record.episode.id if self._record and self._record.episode else "",
                id=self._contact_id,
            )
        except Refused as refusal:
            self._refused(refusal)
            return
        note = contact_fields.note_from(values, self._person_id)
        self._saving = True
        self.save_button.setEnabled(False)
        self.keeper.finish()

        def write(writer: Writer) -> Changes:
            return record_contact(writer, contact, note, gp_record=values["gp_record"], at=now)

        background.operate(
            self,
            self._session.store,
            discarding(self.keeper.draft_key, write),
            partial(self._saved, self._person_id, {**values, _BEGAN: self._began.isoformat()}),
            self._refused,
        )

    def _saved(self, person_id: str, typed: Mapping[str, str], changes: Changes) -> None:
        back = WayBack(f"{PREFIX}{person_id}", person_id, typed, partial(self.go.emit, self.nav_key, person_id))
        tell_saved(self, self._session, "Contact saved on this laptop.", changes, back)
        following = self.strip.next_id()
        self._person_id, self._saving = "", False
        self.save_button.setEnabled(True)
        if self._goes_on:
            self.go.emit(*((self.nav_key, following) if following else ("caseload", "")))
        else:
            self.go.emit("person", f"{person_id}/contacts")

    def _refused(self, problem: BaseException) -> None:
        self._saving = False
        self.save_button.setEnabled(True)
        self.keeper.begin_again()
        if isinstance(problem, Refused) and problem.field is not None:
            field = contact_fields.FIELD_OF.get(problem.field, problem.field)
            problem = Refused(problem.message, field)
            if field not in contact_fields.FIRST:
                self.more.show(True)
        self.form.show_refusal(problem)

    def _show_faults(self) -> None:
        if any(row.error.text() and name not in contact_fields.FIRST for name, row in self.form.rows.items()):
            self.more.show(True)
