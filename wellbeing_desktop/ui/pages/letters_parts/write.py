"""Writing one letter: template, what it still needs, the words, and the preview that is the PDF."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import msgspec
from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from wellbeing_desktop.documents.templates import shipped_templates
from wellbeing_desktop.documents.text import render_text
from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.code_lists import code_list, label_of
from wellbeing_desktop.domain.dates import staff_clock
from wellbeing_desktop.domain.document import Letter
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.words import capitalised
from wellbeing_desktop.operations.letter_recipients import GP
from wellbeing_desktop.operations.letter_values import recipient_for
from wellbeing_desktop.operations.letters import SAVED_A_COPY, change_letter, draft_letter, ready_letter
from wellbeing_desktop.operations.looking import opened_record
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.drafts import load_draft, save_draft
from wellbeing_desktop.storage.records import load
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.drafting import DraftKeeper
from wellbeing_desktop.ui.pages.letters_parts import making
from wellbeing_desktop.ui.pages.letters_parts.preview import PreviewPanel
from wellbeing_desktop.ui.saving import discard, discarding, tell_saved
from wellbeing_desktop.ui.saving_files import ask_where, if_it_may_leave
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.web_page import NOT_ENCRYPTED, WebPageOffer, make_web_page, write_noted
from wellbeing_desktop.ui.widgets import buttons, cards, fields, labels, messages
from wellbeing_desktop.ui.widgets.columns import TwoColumns
from wellbeing_desktop.ui.widgets.form import Form

PREVIEW_AFTER_MS = 350
_LONG_FIELDS = frozenset(
    {"goals_words", "matters_words", "next_words", "done_words", "requests_words", "contingency_words"}
)


class WritePanel(TwoColumns):
    """One letter to or about one person. `made_ready` tells that a letter went to the print queue."""

    made_ready = Signal()
    service_asked = Signal()
    """Somebody wants to say who our service is and whom to call, which is in Settings."""
    practice_asked = Signal(str)
    """Somebody wants to write the address of this GP practice."""

    def __init__(self, session: Session, first: QWidget) -> None:
        """`first` stands at the top, first for Tab too."""
        super().__init__(3, 3)
        self.left.addWidget(first)
        self.session = session
        self.person_id, self.letter_id = "", ""
        self._saved: Letter | None = None
        self._merged_body = ""
        self._stopped = False
        self._saving = False
        self.stop = messages.notice("", "bad")
        self.stop.hide()
        self.left.addWidget(self.stop)
        self._practice_id = ""
        self.web = WebPageOffer("Save as a web pa&ge", self.save_web_page)
        self.left.addWidget(self.web)
        self._make_choices()
        self._make_needs()
        self._make_words()
        self.left.addStretch()
        self.preview = PreviewPanel()
        self.service_link = buttons.link("Write who to call, in Settings", self.service_asked.emit)
        self.service_link.hide()
        self.right.addWidget(cards.card("Preview", self.preview, self.service_link))
        self.right.addStretch()
        self._pause = QTimer(self, singleShot=True, interval=PREVIEW_AFTER_MS)
        self._pause.timeout.connect(self.refresh_preview)
        self.keeper = DraftKeeper(self.form, "", self._keep, now_words=lambda: staff_clock(session.now()))

    def open(self, person_id: str, letter_id: str = "") -> None:
        """A new letter about somebody, or one that was saved."""
        if person_id == self.person_id and letter_id in ("", "new", self.letter_id):
            return
        self.person_id, self.letter_id = person_id, letter_id if letter_id != "new" else ""
        self._saved = None
        self._merged_body = ""
        self.practice_link.hide()
        self.web.show_asked(None)
        self.form.set_values(dict.fromkeys(self.form.rows, ""))
        self.form.show_errors({})
        self.form.set_draft_line("")
        self.keeper.draft_key = self.draft_key
        self.keeper.begin_again()
        key, saved_id = self.draft_key, self.letter_id

        def ask(reader: Reader) -> tuple[Letter | None, dict[str, str]]:
            saved = load(reader, Letter, saved_id) if saved_id else None
            draft = load_draft(reader, key)
            return saved, {name: str(text) for name, text in draft.body.items()} if draft is not None else {}

        background.query(self, self.session.store, ask, self._opened)

    @property
    def draft_key(self) -> str:
        return f"letter/{self.person_id}/{self.letter_id or 'new'}"

    def letter(self) -> Letter:
        """The letter as it is typed now."""
        values = self.form.values()
        base = self._saved or Letter(id=self.letter_id, written_on=self.session.today())
        return msgspec.structs.replace(
            base,
            subject=self.person_id,
            template=base.template or self.template.value(),
            to_kind=self.to_kind.value(),
            to_name=values["to_name"].strip() or base.to_name,
            to_address=values["to_address"].strip() or base.to_address,
            subject_line=values["subject_line"].strip(),
            body=values["body"].strip(),
            written_on=base.written_on or self.session.today(),
        )

    def refresh_preview(self) -> None:
        """Show the pages as they would be printed now."""
        if not self.person_id or not self.form.values()["body"].strip():
            self.service_link.hide()
            self.web.show_asked(None)
            self.preview.show_nothing("Choose a template. The pages show here.")
            return
        letter, today = self.letter(), self.session.today()
        background.query(
            self,
            self.session.store,
            lambda reader: making.show(reader, letter, today),
            self._show,
            self.preview.show_problem,
        )

    def choose_template(self) -> None:
        """Merge the chosen template with what the record knows."""
        template = making.template_of(self.template.value())
        if template is None or not self.person_id:
            return
        self.to_kind.set_value(making.USUAL_RECIPIENT[template.kind])
        self._merge({})

    def service_changed(self) -> None:
        """Who we are has changed: what is not yet saved or written by hand is merged again, with the values given."""
        if self._saved is None and self.form.values()["body"] == self._merged_body:
            self._merge(self._given_values())
        else:
            self._take_address()
            self.refresh_preview()

    def _take_address(self) -> None:
        """The practice's, once it is known, into a letter that lacks it."""
        person_id = self.person_id
        if not person_id or not self._practice_id:
            return

        def fill(envelope: tuple[str, str]) -> None:
            typed = self.form.values()["to_address"].strip()
            if self.person_id == person_id and typed in envelope[1]:  # words of one's own stay
                self.form.set_values({"to_name": envelope[0], "to_address": envelope[1]})
                self.refresh_preview()

        background.query(self, self.session.store, lambda reader: recipient_for(reader, person_id, GP), fill)

    def save(self, *, then_ready: bool = False) -> None:
        """Save the draft letter; with `then_ready` it goes to the print queue."""
        if self._saving or not self.form.check():
            return
        if not self.form.values()["body"].strip():
            self.form.show_errors({"body": "The letter has no words yet."})
            return
        if then_ready and self._names_gaps():
            return
        self._saving = True
        letter, saved, at = self.letter(), self._saved, self.session.now()
        id = letter.id or new_id()
        self.keeper.finish()

        def do(writer: Writer) -> Changes:
            if saved is None:
                changes = draft_letter(writer, msgspec.structs.replace(letter, id=id), at=at)
            else:
                envelope = ("to_name", "to_address") if letter.to_kind != "person" else ()
                names = ("subject_line", "body", *envelope)
                new = {name: getattr(letter, name) for name in names if getattr(letter, name) != getattr(saved, name)}
                seen = {name: getattr(saved, name) for name in new}
                changes = change_letter(writer, id, new, seen, at=at) if new else Changes()
            return changes.joined_with(ready_letter(writer, id, at=at)) if then_ready else changes

        words = "Letter ready to print." if then_ready else "Draft letter saved."
        background.operate(
            self,
            self.session.store,
            discarding(self.draft_key, do),
            partial(self._was_saved, id, words, then_ready),
            self._not_saved,
        )

    def save_pdf(self) -> None:
        """The PDF of the preview, as a file that only its maker can read."""
        if not self._names_gaps():
            if_it_may_leave(self, self.session.store, self._ask_where)

    def _ask_where(self) -> None:
        path = ask_where(self, "Save this letter", "letter.pdf")
        if path is not None:
            self.write_pdf(path)

    def write_pdf(self, path: Path) -> None:
        """Write the pages of the preview to `path`. Nothing leaves with a gap in it, or when the letter is stopped."""
        answer = self.preview.answer
        if answer is None or self._stopped or self._names_gaps():
            return
        self._write(path, self.person_id, "PDF saved.", answer.data)

    def save_web_page(self) -> None:
        """The letter as one HTML file, read again as it is now: what stops a letter stops this too."""
        if not self._names_gaps():
            if_it_may_leave(self, self.session.store, self._ask_where_web)

    def _ask_where_web(self) -> None:
        path = ask_where(self, "Save this letter as a web page", "letter.html")
        if path is not None:
            self.write_web_page(path)

    def write_web_page(self, path: Path) -> None:
        """The letter as it is typed, to `path`."""
        if not self.person_id or not self.form.values()["body"].strip() or self._names_gaps():
            return
        letter, today = self.letter(), self.session.today()

        def make(shown: making.Shown) -> None:
            self._show(shown)
            if shown.document is not None:
                take = partial(self._write, path, letter.subject, "Web page saved.")
                make_web_page(self, shown.document, shown.style.name, take, partial(messages.show, self))

        background.query(self, self.session.store, lambda reader: making.show(reader, letter, today), make)

    def _write(self, path: Path, person_id: str, words: str, content: bytes) -> None:
        note = partial(opened_record, person_id=person_id, what=SAVED_A_COPY)
        then = partial(self.form.set_draft_line, f"{words} {NOT_ENCRYPTED}")
        write_noted(self, self.session.store, path, content, note, then, partial(messages.show, self))

    def copy_text(self) -> None:
        """The words of the letter as plain text, for the GP record (PRACTICE W22)."""
        if self._names_gaps():
            return
        letter, today = self.letter(), self.session.today()

        def copy(shown: making.Shown) -> None:
            if shown.document is not None:
                QGuiApplication.clipboard().setText(render_text(shown.document))
                self.form.set_draft_line(
                    "Copied as plain text. It stays on the clipboard until you copy something else."
                )

        background.query(self, self.session.store, lambda reader: making.show(reader, letter, today), copy)

    def save_draft(self) -> None:
        self.keeper.save_now()

    def _make_choices(self) -> None:
        self.template = fields.choice(
            [(each.id, each.title) for each in shipped_templates().values()], empty="Choose a template"
        )
        self.to_kind = fields.choice([(entry.code, entry.label) for entry in code_list("letter_recipients").entries])
        self.template.edited.connect(self.choose_template)
        self.to_kind.edited.connect(lambda: self._merge({}))
        form = Form()
        form.begin_row()
        form.add("template", "&Template", self.template)
        form.add("to_kind", "T&o", self.to_kind)
        form.end_row()
        self.left.addWidget(cards.card("", form))

    def _make_needs(self) -> None:
        self.needs_card = cards.Card("What this letter still needs")
        self.needs_card.body.addWidget(labels.muted("The record has no value for these. They go into the words below."))
        self.needs_service = buttons.link("Say it for every letter, in Settings", self.service_asked.emit)
        self.needs_card.body.addWidget(self.needs_service)
        self._needs_form: Form | None = None
        self.needs_card.hide()
        self.left.addWidget(self.needs_card)

    def _make_words(self) -> None:
        self.form = Form()
        self.form.add("subject_line", "S&ubject", fields.line(), required=True)
        self.form.add("to_name", "&Name on the envelope", fields.line())
        self.form.add("to_address", "A&ddress on the envelope", fields.note(lines=3))
        self.practice_link = buttons.link(
            "The GP practice has no full address: write it once, for every letter",
            lambda: self.practice_asked.emit(self._practice_id),
        )
        self.practice_link.hide()
        self.form.add_widget(self.practice_link)
        self.form.add(
            "body",
            "Wo&rds",
            fields.note(lines=9),
            help_text="An empty line begins a paragraph, ## a heading. Two stars on both sides make words **strong**.",
        )
        self.ready_button = buttons.primary("&Make ready to print", lambda: self.save(then_ready=True), icon="printer")
        self.form.add_actions(
            self.ready_button,
            buttons.secondary("&Save as draft", self.save),
            buttons.secondary("Sa&ve PDF", self.save_pdf, icon="file-text"),
            self.web.button,
            buttons.secondary("&Copy for GP record", self.copy_text),
            buttons.quiet("D&iscard what is typed", self.discard),
        )
        self.form.edited.connect(lambda: self._pause.start())
        self.left.addWidget(cards.card("", self.form))

    def _opened(self, answer: tuple[Letter | None, dict[str, str]]) -> None:
        saved, kept = answer
        self._saved = saved
        self.template.setEnabled(saved is None)
        self.to_kind.setEnabled(saved is None)
        self._show_needs(())
        if saved is not None:
            self.template.set_value(saved.template)
            self.to_kind.set_value(saved.to_kind)
            self.form.set_values(
                {
                    "subject_line": saved.subject_line,
                    "body": saved.body,
                    "to_name": saved.to_name,
                    "to_address": saved.to_address,
                }
            )
        else:
            self.template.set_value(kept.get("template", ""))
            self.to_kind.set_value(kept.get("to_kind", "person") or "person")
        if kept:
            self.keeper.restore(kept)
            self.form.set_draft_line("This is the draft that was kept on this laptop")
        self.refresh_preview()

    def _merge(self, given: Mapping[str, str]) -> None:
        template_id = self.template.value()
        if not template_id or not self.person_id or self._saved is not None:
            self.refresh_preview()
            return
        person_id, to_kind, today = self.person_id, self.to_kind.value(), self.session.today()

        def read(reader: Reader) -> making.Written:
            return making.write(reader, person_id, template_id, to_kind, today, given)

        background.query(self, self.session.store, read, partial(self._merged, not given))

    def _merged(self, fresh: bool, written: making.Written) -> None:
        by_hand = self.form.values()["body"]
        if fresh or by_hand == self._merged_body:
            self._merged_body = written.body
            self.form.set_values({"body": written.body, "subject_line": written.subject})
        self.form.set_values({"to_name": written.to_name, "to_address": written.to_address})
        if fresh:
            self._show_needs(written.missing)
        self._say_stop(written.stop.sentence if written.stop else "", written.stop.detail if written.stop else "")
        self.keeper.save_now()
        self.refresh_preview()

    def _show_needs(self, missing: tuple[str, ...]) -> None:
        if self._needs_form is not None:
            self.needs_card.body.removeWidget(self._needs_form)
            self._needs_form.hide()
            self._needs_form.deleteLater()
            self._needs_form = None
        self.needs_card.setVisible(bool(missing))
        self.needs_service.setVisible(bool(making.OF_OUR_SERVICE.intersection(missing)))
        if not missing:
            return
        form = Form()
        for name in missing:
            field = fields.note(lines=2) if name in _LONG_FIELDS else fields.line()
            form.add(name, capitalised(making.field_words(name)), field)
        form.left.connect(self._given)
        self._needs_form = form
        self.needs_card.body.addWidget(form)
        before: QWidget = self.to_kind
        for row in form.rows.values():
            self.setTabOrder(before, row.field)
            before = row.field

    def _given(self) -> None:
        if self._needs_form is not None:
            self._merge(self._given_values() or {"": ""})

    def _given_values(self) -> dict[str, str]:
        values = self._needs_form.values() if self._needs_form is not None else {}
        return {name: text for name, text in values.items() if text.strip()}

    def _names_gaps(self) -> bool:
        """Says beside the words what is still missing; True when something is."""
        gaps = making.gaps_in(self.form.values()["body"])
        if gaps:
            self.form.show_errors({"body": f"Still missing: {', '.join(gaps)}."})
        return bool(gaps)

    def _show(self, shown: making.Shown) -> None:
        self.web.show_asked(shown.asked)
        self._say_stop(shown.stop.sentence if shown.stop else "", shown.stop.detail if shown.stop else "")
        self._practice_id = shown.practice_id
        self.practice_link.setVisible(bool(shown.practice_id))
        if shown.document is None:
            self.service_link.setVisible(shown.lacks_service)
            if shown.problem:
                self.preview.show_problem(Refused(shown.problem))
            else:
                self.preview.show_nothing("This letter may not be made, so there is no preview.")
            return
        self.service_link.hide()
        self.preview.problem.hide()
        self.preview.show_document(shown.document, shown.style.name, shown.words)

    def _say_stop(self, sentence: str, detail: str) -> None:
        for name in ("to_name", "to_address"):
            # a letter to the person takes both from the record, so that an unsafe address can never be typed in
            self.form.rows[name].holder.setVisible(self.to_kind.value() != "person")
        self._stopped = bool(sentence)
        self.stop.setVisible(self._stopped)
        self.ready_button.setEnabled(not self._stopped)
        if self._stopped:
            self.stop.show_message(messages.Message(sentence, detail, "", "bad"))
            messages.announce(self.stop, self.stop.accessibleName())

    def _keep(self, key: str, values: dict[str, str]) -> None:
        if not self.person_id:
            return
        body = {**values, "template": self.template.value(), "to_kind": self.to_kind.value()}
        person_id = self.person_id
        background.operate(
            self,
            self.session.store,
            lambda writer: save_draft(writer, key, person_id, body, at=self.session.now()),
            lambda _nothing: self.keeper.confirm(),
        )

    def _was_saved(self, id: str, words: str, is_ready: bool, changes: Changes) -> None:
        self._saving = False
        tell_saved(self, self.session, words, changes)
        person_id = self.person_id
        self.person_id, self.letter_id = "", ""
        if is_ready:
            self.open(person_id)
            self.made_ready.emit()
        else:
            self.open(person_id, id)

    def _not_saved(self, problem: BaseException) -> None:
        self._saving = False
        self.keeper.begin_again()
        self.form.show_refusal(problem)

    def discard(self) -> None:
        """Forget what was typed since the last save and begin again."""
        self.keeper.finish()
        discard(self, self.session, self.draft_key)
        person_id, letter_id = self.person_id, self.letter_id
        self.person_id = ""
        self.open(person_id, letter_id)


def state_words(letter: Letter) -> str:
    """ "Ready to print"."""
    return label_of("letter_states", letter.state)
