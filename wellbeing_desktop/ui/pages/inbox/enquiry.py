"""One contact at the front door: begun before anybody knows who it is, saved for somebody, or finished."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

import msgspec
from PySide6.QtWidgets import QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.dates import recent_words
from wellbeing_desktop.domain.document import Attachment
from wellbeing_desktop.domain.enquiry import Enquiry
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.operations import enquiries, found
from wellbeing_desktop.operations.emails import files_with
from wellbeing_desktop.operations.person_record import PersonRecord, read_person
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.inbox import Earlier, known_of_number
from wellbeing_desktop.storage.records import load
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.commands import Command, for_page
from wellbeing_desktop.ui.lock import hold_off_lock, let_lock_go
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.contact.parked import Parked, ParkedStrip, bind_key
from wellbeing_desktop.ui.pages.contact.person_around import PersonAround
from wellbeing_desktop.ui.pages.inbox import fields as enquiry_fields
from wellbeing_desktop.ui.pages.inbox.enquiry_work import Typed, finishing, saving
from wellbeing_desktop.ui.pages.inbox.files_card import FilesCard
from wellbeing_desktop.ui.pages.inbox.parked import PREFIX, read_parked_enquiries
from wellbeing_desktop.ui.pages.inbox.who_card import EarlierCard, WhoCard
from wellbeing_desktop.ui.pages.person.parts import TwoColumns
from wellbeing_desktop.ui.reading_order import tab_in_reading_order
from wellbeing_desktop.ui.saving import bring_back, discard, discarding, keep_draft, tell_saved
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import buttons, cards, labels, messages
from wellbeing_desktop.ui.widgets.form import Form
from wellbeing_desktop.ui.widgets.more_fields import MoreFields

NEW: Final = "new"
_BEGAN, _PERSON, _ENQUIRY = "_began", "_person", "_enquiry"


class Read(msgspec.Struct, frozen=True):
    """What the page asks for in one go."""

    enquiry: Enquiry | None
    record: PersonRecord | None
    unidentified: bool
    names: dict[str, str]
    files: tuple[Attachment, ...] = ()


class EnquiryPage(Page):
    """The argument is an enquiry's id, `for/` and a person's id, `new` for another one beside what is on the screen, or
    empty for whatever was on it last. A new one is a draft until it is saved: leaving the page parks it."""

    title, nav_key, section_key, help_key = "Contact at the front door", "enquiry", "inbox", "inbox"
    phrase_place = "front_door"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._enquiry: Enquiry | None = None
        self._id, self._person_id = new_id(), ""
        self._began: dt.datetime = session.now()
        self._saving = self._is_open = False
        self.around = PersonAround()
        self.outer.insertWidget(0, self.around.banner)
        self.strip = ParkedStrip(self._switch)
        self.body.addWidget(self.strip)
        self.heading = labels.heading(self.title, 1)
        self.body.addWidget(self.heading)
        self.state_line = labels.muted("")
        self.body.addWidget(self.state_line)
        self.body.addLayout(self.around.alerts)
        self.form = Form()
        enquiry_fields.add_fields(self.form)
        self._add_actions()
        self.columns = TwoColumns(left_share=3, right_share=2)
        self.columns.left.addWidget(cards.card("Contact", self.form))
        self.who = WhoCard(session)
        self.who.found.connect(self._person_found)
        self.earlier = EarlierCard()
        self.earlier.chosen.connect(self._person_found)
        self.files = FilesCard()
        self.files.chosen.connect(lambda argument: self.go.emit("file", argument))
        self.columns.right.addWidget(self.files)
        self.columns.right.addWidget(self.earlier)
        self.columns.right.addWidget(self.who)
        self.columns.right.addLayout(self.around.beside)
        self.columns.finish()
        self.body.addWidget(self.columns)
        self.body.addStretch()
        bind_key(self, "F7", self._next_parked)
        self._empty = {**self.form.values(), **self.who.new.values()}
        self.keeper = keep_draft(self.form, session, person=lambda: self._person_id, beside=self._beside)
        self.form.rows["caller_number"].field.left.connect(self._ask_number)

    def on_shown(self, argument: str = "") -> None:
        hold_off_lock(self)
        if argument == NEW:
            self.begin_another()
            return
        wanted = argument.removeprefix("draft/")
        known = argument and not argument.startswith("for/")
        if self._is_open and (wanted == self._id or not argument):
            self._ask()
            return
        self._begin(wanted if known else new_id(), person_id=argument.removeprefix("for/") if not known else "")

    def can_leave(self) -> bool:
        let_lock_go(self)
        return True

    def refresh(self, changes: Changes) -> None:
        if self._is_open and not self._saving and (self._person_id in changes.subjects() or changes.touches("enquiry")):
            self._ask()  # only what stands beside the form: the form itself is never refilled

    def save_draft(self) -> None:
        self.keeper.save_now()

    def begin_another(self) -> None:
        """The telephone rings again: what is on the screen is parked. A form in which nothing is written stays."""
        typed = {**self.form.values(), **self.who.new.values()} != {**self._empty, **enquiry_fields.USUAL}
        if self._is_open and self._enquiry is None and not self._person_id and not typed:
            self._ask()
            return
        self._begin(new_id(), person_id="")
        self.form.rows["caller_name"].field.setFocus()

    def commands(self) -> Sequence[Command]:
        page = self.nav_key
        return (
            for_page("save", partial(self.save, keep=True), name="Save this contact, it is with me", page=page),
            for_page("save_next", self.finish, name="Finish this contact", page=page),
            for_page("new_contact", self.begin_another, name="Park this contact and write down another", page=page),
            Command("enquiry_queue", "Save this contact for the queue", page=page, run=partial(self.save, keep=False)),
            Command("enquiry_reopen", "Open this contact again", page=page, run=self.reopen),
            Command("enquiry_next", "Switch to the next parked contact", ("F7",), page=page, run=self._next_parked),
            Command("enquiry_more", "Show more about this contact", page=page, run=self.more.toggle),
            Command("enquiry_concern", "Raise a concern about this person's safety", page=page, run=self._to_concern),
            Command("enquiry_referral", "Make a referral of this contact", page=page, run=self._to_referral),
            Command("enquiry_request", "Take a request from this contact", page=page, run=self._to_request),
            Command("enquiry_onward", "Send this person on to another service", page=page, run=self._to_onward),
            Command("enquiry_message", "Message a colleague about this contact", page=page, run=self._to_message),
        )

    def first_focus(self) -> QWidget | None:
        return self.form.rows["caller_name"].field

    def save(self, *, keep: bool) -> None:
        """Save it with me, or for whoever takes it."""
        typed = self._typed()
        if typed is None:
            return
        waits = "Saved for the queue." if typed.enquiry is None else "Saved. It waits in the queue."
        self._operate(
            saving(typed, self.session.user_id, self.session.now(), keep=keep),
            "Saved. It is with you." if keep else waits,
        )

    def finish(self) -> None:
        """Done, with its outcome."""
        typed = self._typed()
        if typed is None:
            return
        if not typed.values["outcome"]:
            self.form.show_errors({"outcome": "Say what came of it before you finish."})
            return
        try:
            work = finishing(typed, self.session.user_id, self.session.now())
        except Refused as refusal:
            self.form.show_refusal(refusal)
            return
        self._operate(work, "Contact finished.")

    def reopen(self) -> None:
        """It was not finished after all: whoever opens it again has it."""
        enquiry, now = self._enquiry, self.session.now()
        if enquiry is None or enquiry.state != "finished":
            messages.show(self, Refused("Only a contact that is finished is opened again."))
            return
        self._do(lambda writer: enquiries.reopen_enquiry(writer, enquiry.id, at=now), "Opened again. It is with you.")

    def discard(self) -> None:
        """Forget what is typed; what was saved before stays as it was."""
        self.keeper.finish()
        discard(self, self.session, self.keeper.draft_key)
        self._is_open = False
        self.go.emit("inbox", "")

    def _add_actions(self) -> None:
        self.save_button = buttons.primary("&Save, it is with me", partial(self.save, keep=True))
        self.finish_button = buttons.secondary("&Finish", self.finish, icon="check")
        self.queue_button = buttons.secondary("Save for the &queue", partial(self.save, keep=False), icon="inbox")
        self.reopen_button = buttons.secondary("&Open it again", self.reopen, icon="refresh-cw")
        self.reopen_button.hide()
        self.more = MoreFields(self.form, enquiry_fields.MORE, "this contact")
        self.form.add_actions(
            self.more.button,
            buttons.secondary("&Discard the draft", self.discard),
            self.reopen_button,
            self.queue_button,
            self.finish_button,
            self.save_button,
        )

    def _begin(self, id: str, *, person_id: str) -> None:
        self.keeper.save_now()
        self._id, self._person_id, self._enquiry = id, person_id, None
        self._began, self._saving, self._is_open = self.session.now(), False, True
        self._enable(True)
        self.around.clear()
        self.state_line.setText(f"Begun at {recent_words(self._began, self._began)}. The clock runs.")
        self.form.show_errors({})
        self.form.set_values({**self._empty, **enquiry_fields.USUAL})
        self.form.take_as_kept()
        self.who.new.set_values(dict.fromkeys(enquiry_fields.NEW_PERSON, ""))
        self.who.same.forget()
        self.form.set_draft_line("")
        self.earlier.hide()
        self.files.show_files(())
        self.more.show(False)
        self.keeper.draft_key = f"{PREFIX}{id}"
        self.keeper.begin_again()
        self._ask(and_fill=True)
        self._ask_parked()

    def _ask_parked(self) -> None:
        """Through the writer, so that the draft just handed over is among them."""
        now = self.session.now()

        def waiting(writer: Writer) -> tuple[Parked, ...]:
            return read_parked_enquiries(writer, now)

        background.operate(self, self.session.store, waiting, self._show_parked)

    def _show_parked(self, parked: tuple[Parked, ...]) -> None:
        self.strip.show_parked(parked, self._id)
        tab_in_reading_order(self)

    def _switch(self, id: str) -> None:
        self.go.emit(self.nav_key, id)

    def _next_parked(self) -> None:
        if self.strip.next_id():
            self._switch(self.strip.next_id())

    def _beside(self) -> Mapping[str, str]:
        new = {name: self.who.new.values()[name] for name in enquiry_fields.NEW_PERSON}
        saved = self._enquiry.id if self._enquiry is not None else ""
        return {_BEGAN: self._began.isoformat(), _PERSON: self._person_id, _ENQUIRY: saved, **new}

    def _kept(self, draft: Mapping[str, str]) -> None:
        self._began = dt.datetime.fromisoformat(draft.get(_BEGAN) or self._began.isoformat())
        self.who.new.set_values({name: draft.get(name, "") for name in enquiry_fields.NEW_PERSON})
        if draft.get(_PERSON) and not self._person_id:
            self._person_id = draft[_PERSON]
            self._ask()

    def _ask(self, *, and_fill: bool = False) -> None:
        id, person_id, today = self._id, self._person_id, self.session.today()

        def read(reader: Reader) -> Read:
            enquiry = load(reader, Enquiry, id)
            about = person_id or (enquiry.subject if enquiry is not None else "")
            person = found.survivor(reader, about) if about else None
            unidentified = person is not None and person.unidentified is True
            known = person is not None and not unidentified
            record = read_person(reader, person.id, today) if known and person is not None else None
            names = dict(reader.rows("SELECT id, name FROM live_practitioner"))
            files = files_with(reader, id) if enquiry is not None else ()
            return Read(enquiry, record, unidentified, names, files)

        background.query(self, self.session.store, read, partial(self._show, and_fill))

    def _show(self, and_fill: bool, answer: Read) -> None:
        if answer.enquiry is not None and answer.enquiry.id != self._id:
            return  # an answer about the one before
        self._enquiry = answer.enquiry
        if answer.record is not None:
            self._person_id = answer.record.person.id
        if and_fill:
            if answer.enquiry is not None:
                self._began = answer.enquiry.received_at or self._began
                self.form.set_values(
                    {**self._empty, **enquiry_fields.USUAL, **enquiry_fields.shown_values(answer.enquiry)}
                )
                self.form.take_as_kept()
                self.keeper.begin_again()  # what was saved before is not parked by looking at it
            bring_back(self.form, self.keeper, self.session, self._kept)
            self._ask_number()
        self._show_state(answer)
        if answer.record is None:
            self.around.clear()
        else:
            self.around.show_record(answer.record, self.session.today())
        self.files.show_files(answer.files)
        self.who.setVisible(answer.record is None)
        named = answer.enquiry is not None and answer.unidentified
        self.who.ask_to_name(self._name_person if named else None)
        tab_in_reading_order(self)

    def _show_state(self, answer: Read) -> None:
        enquiry, now = answer.enquiry, self.session.now()
        finished = enquiry is not None and enquiry.state == "finished"
        if enquiry is not None:
            begun = f"Received {recent_words(enquiry.received_at, now)}."
            has_it = answer.names.get(enquiry.claimed_by, "a colleague")
            stands = {
                "new": "Nobody has taken it yet.",
                "claimed": "It is with you." if enquiry.claimed_by == self.session.user_id else f"It is with {has_it}.",
                "finished": f"Finished by {has_it}.",
            }.get(enquiry.state, "")
            self.state_line.setText(f"{begun} {stands}")
        self.reopen_button.setVisible(finished)
        kept = enquiry is not None and bool(enquiry.contact_id)
        if kept:
            self.state_line.setText(f"{self.state_line.text()} Its contact is in the person's record already.")
        for name in ("note", "in_confidence", "gp_record", "keep"):
            row = self.form.rows[name]
            is_typed = name == "note" and bool(row.field.value().strip())  # a draft's words are never out of sight
            row.holder.setVisible(not kept or is_typed)
        self.queue_button.setVisible(not finished)
        self.finish_button.setVisible(not finished)
        self.save_button.set_words("&Save contact" if finished else "&Save, it is with me")

    def _person_found(self, person_id: str) -> None:
        """Somebody who has a record: a new enquiry is about them; one that is saved is joined to them."""
        enquiry = self._enquiry
        if enquiry is None:
            self._person_id = person_id
            self.keeper.save_now()
            self._ask()
            messages.announce(self.who, "Person chosen")
            return
        now = self.session.now()
        reason = "Found at the front door"
        self._do(
            lambda writer: enquiries.join_to_person(writer, enquiry.id, person_id, reason, at=now),
            "Joined to their record.",
        )

    def _name_person(self) -> None:
        """Somebody who is new, for an enquiry that was saved without knowing who it is."""
        enquiry, now = self._enquiry, self.session.now()
        if enquiry is None or not self.who.new.check():
            return
        person = enquiry_fields.new_person(self.who.new.values())
        if person is None:
            self.who.new.show_errors({"family_name": "Say at least one name."})
            return
        named = {"family_name": person.family_name, "given_name": person.given_name, "born_on": person.born_on}
        self._do(lambda writer: enquiries.name_person(writer, enquiry.id, named, at=now), "Named.")

    def _ask_number(self) -> None:
        """What happened on this number before, as soon as it is written down."""
        number, id = enquiries.tidy_number(self.form.rows["caller_number"].field.value()), self._id

        def read(reader: Reader) -> tuple[Earlier, ...]:
            return known_of_number(reader, number)

        background.query(self, self.session.store, read, partial(self._show_earlier, id))

    def _show_earlier(self, id: str, earlier: tuple[Earlier, ...]) -> None:
        if id != self._id:
            return
        mine = self._enquiry.received_at if self._enquiry is not None else None
        before = tuple(one for one in earlier if mine is None or one.received_at != mine)
        self.earlier.show_earlier(before, may_choose=not self._person_id)
        tab_in_reading_order(self)

    def _typed(self) -> Typed | None:
        """What stands on the form, or None where it cannot be saved as it is."""
        if self._saving or not self._is_open or not self.form.check() or not self.who.new.check():
            return None
        values = {**self.form.values(), **self.who.new.values()}
        known = bool(self._person_id) or self._enquiry is not None
        return Typed(
            id=self._id,
            person_id=self._person_id,
            began=self._began,
            values=values,
            enquiry=self._enquiry,
            person=None if known else enquiry_fields.new_person(values),
        )

    def _operate(self, work: Callable[[Writer], Changes], said: str) -> None:
        self._saving = True
        self._enable(False)
        self.keeper.finish()
        background.operate(
            self,
            self.session.store,
            discarding(self.keeper.draft_key, work),
            partial(self._saved, said),
            self._refused,
        )

    def _saved(self, said: str, changes: Changes) -> None:
        tell_saved(self, self.session, said, changes)
        self._is_open = self._saving = False
        self._enable(True)
        self.go.emit("inbox", "")

    def _refused(self, problem: BaseException) -> None:
        self._saving = False
        self._enable(True)
        self.keeper.begin_again()
        if isinstance(problem, Refused) and problem.field in enquiry_fields.NEW_PERSON:
            self.who.new.show_refusal(problem)
        else:
            self.form.show_refusal(problem)

    def _do(self, work: Callable[[Writer], Changes], said: str) -> None:
        def done(changes: Changes) -> None:
            tell_saved(self, self.session, said, changes)
            self._ask()

        background.operate(self, self.session.store, work, done)

    def _enable(self, on: bool) -> None:
        for button in (self.save_button, self.finish_button, self.queue_button):
            button.setEnabled(on)

    def _to_concern(self) -> None:
        """Of whoever it is about, once that is known; before, it is somebody at risk, for whom nobody need be known."""
        self.save_draft()
        self.go.emit(*(("concern", f"new/{self._person_id}") if self._person_id else ("at_risk", "")))

    def _to_referral(self) -> None:
        if self._needs_person("make a referral"):
            self.go.emit("new_referral", self._person_id)

    def _to_request(self) -> None:
        if self._needs_person("take a request"):
            self.go.emit("new_request", f"{self._person_id}/{self._id}")

    def _to_onward(self) -> None:
        if self._needs_person("send them on"):
            self.go.emit("new_onward", self._person_id)

    def _to_message(self) -> None:
        self.go.emit("new_message", self._person_id)

    def _needs_person(self, what: str) -> bool:
        if not self._person_id:
            messages.show(self, Refused(f"Say who it is before you {what}."))
        return bool(self._person_id)
