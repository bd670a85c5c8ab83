"""The print queue: letters that are ready, what stops some of them, printing with a count, and marking as posted."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from wellbeing_desktop.documents.jobs import read_batch
from wellbeing_desktop.documents.pdf import Batch
from wellbeing_desktop.domain.dates import staff_date
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.stop import Stop
from wellbeing_desktop.operations.letters import (
    SAVED_A_COPY,
    back_to_draft,
    cancel_letter,
    record_printed,
    record_sent,
    stop_at_print,
)
from wellbeing_desktop.operations.looking import opened_record
from wellbeing_desktop.operations.other_form import SENDS_NOTHING
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.confirming import ConfirmCard
from wellbeing_desktop.ui.models.paged_table import Column, TableRow
from wellbeing_desktop.ui.models.short_list import ShortList
from wellbeing_desktop.ui.pages.letters_parts import making
from wellbeing_desktop.ui.pages.letters_parts.print_run import PrintRun
from wellbeing_desktop.ui.pages.letters_parts.write import state_words
from wellbeing_desktop.ui.pages.person.parts import row_of_buttons
from wellbeing_desktop.ui.pages.today_parts.day import things
from wellbeing_desktop.ui.saving import tell_saved
from wellbeing_desktop.ui.saving_files import ask_where, if_it_may_leave, write_private
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.tokens import SPACE_M
from wellbeing_desktop.ui.web_page import NOT_ENCRYPTED, make_web_page, write_noted
from wellbeing_desktop.ui.widgets import buttons, labels, messages
from wellbeing_desktop.ui.widgets.cards import Card
from wellbeing_desktop.ui.widgets.empty_state import empty_state
from wellbeing_desktop.ui.widgets.flow import FlowLayout
from wellbeing_desktop.ui.widgets.labels import Tone
from wellbeing_desktop.ui.widgets.progress import Progress
from wellbeing_desktop.ui.widgets.short_table import RowAction, ShortTable
from wellbeing_desktop.ui.worker import Job, run_in_worker

_NAMED_MOST: Final = 6


class PrintQueue(QWidget):
    """Letters to print and letters to post, with what stops a letter beside its name."""

    copies_asked = Signal()
    """Somebody wants to see whose copy of a plan is owed (PRACTICE W24)."""

    def __init__(self, session: Session, page: QWidget) -> None:
        super().__init__()
        self.session, self._page = session, page
        self.ready: Sequence[making.Queued] = ()
        self.printed: Sequence[making.Queued] = ()
        self._job: Job | None = None
        self._run: PrintRun | None = None
        self._under_way: list[making.Queued] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACE_M, 0, 0)
        column.setSpacing(SPACE_M)
        self.progress = Progress("Setting letters", self.cancel, cancel="Cancel printing")
        self.progress.hide()
        column.addWidget(self.progress)
        self.told = messages.notice("", "plain", can_close=True)
        self.told.hide()
        column.addWidget(self.told)
        self.confirm = ConfirmCard(session)
        column.addWidget(self.confirm)
        self.nothing = empty_state("Nothing to print", "Letters that are made ready wait here.", icon="printer")
        column.addWidget(self.nothing)
        self.owed = buttons.link("", lambda: self.copies_asked.emit())
        self.owed.hide()
        column.addWidget(self.owed)
        self._make_ready(column)
        self._make_printed(column)
        column.addStretch(1)

    def show_queue(self, ready: Sequence[making.Queued], printed: Sequence[making.Queued], copies_owed: int) -> None:
        """What waits to be printed and what waits to be posted."""
        self.owed.set_words(f"{things(copies_owed, 'person is', 'people are')} owed a copy of their plan: see who")
        self.owed.setVisible(copies_owed > 0)
        self.ready, self.printed = ready, printed
        able = [each for each in ready if not each.stop]
        self.ready_model.show_rows(
            [
                TableRow(
                    each.letter.id,
                    (
                        f"{each.about}\n{each.letter.subject_line}",
                        f"To {each.letter.to_name}\n{_form_words(each)}",
                        f"Stopped: {each.stop}" if each.stop else "Ready to print",
                    ),
                )
                for each in ready
            ]
        )
        self.ready_card.setVisible(bool(ready))
        self.ready_card.title.setText(things(len(ready), "letter") + " to print")
        self.print_button.set_words(f"&Print {things(len(able), 'letter')}")
        self.print_button.setEnabled(bool(able))
        self.pdf_button.setEnabled(bool(able))
        self.web_button.setEnabled(bool(able))
        self._say_other_forms([each for each in able if each.asked is not None])
        self.printed_model.show_rows(
            [
                TableRow(
                    each.letter.id,
                    (
                        f"{each.about}\n{each.letter.subject_line}",
                        f"Dated {staff_date(each.letter.written_on)}"
                        if each.letter.written_on
                        else state_words(each.letter),
                    ),
                )
                for each in printed
            ]
        )
        self.printed_card.setVisible(bool(printed))
        self.printed_card.title.setText(things(len(printed), "letter") + " printed and not posted")
        self.posted_button.set_words(f"Mark {things(len(printed), 'letter')} as p&osted")
        self.nothing.setVisible(not ready and not printed)

    def print_all(self) -> None:
        """Ask for the printer, then print every letter that nothing stops."""
        if_it_may_leave(self, self.session.store, partial(self._if_it_is_you, self._ask_printer))

    def _if_it_is_you(self, then: Callable[[], object]) -> None:
        """Letters about several people leave together only after the PIN or passphrase (PRACTICE W5)."""
        people = len({each.letter.subject for each in self.ready if not each.stop})
        if people < 2:
            then()
            return
        self.confirm.ask(f"Letters about {people} people leave this laptop together.", then)

    def _ask_printer(self) -> None:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        dialog = QPrintDialog(printer, self)
        if dialog.exec() == int(QPrintDialog.DialogCode.Accepted):
            self.print_with(printer)

    def print_with(self, printer: QPrinter) -> None:
        """Print on this printer."""
        self._set_letters(partial(self._print, printer))

    def save_pdf(self) -> None:
        """All of them in one PDF, each on a new sheet."""
        if_it_may_leave(self, self.session.store, partial(self._if_it_is_you, self._ask_where))

    def _ask_where(self) -> None:
        path = ask_where(self, "Save these letters", "letters.pdf")
        if path is not None:
            self.write_pdf(path)

    def write_pdf(self, path: Path) -> None:
        self._set_letters(partial(self._write, path))

    def save_web_page(self) -> None:
        """The chosen letter alone, as one HTML file: each goes to its own reader."""
        chosen = next((each for each in self.ready if each.letter.id == self.ready_table.record_id()), None)
        if chosen is None:
            self._failed(Refused("Choose the letter in the list first."))
            return
        id, today = chosen.letter.id, self.session.today()

        def ask(stop: Stop | None) -> None:
            if stop is not None or chosen.document is None:
                self._failed(Refused(f"This letter is stopped. {stop.sentence if stop is not None else chosen.stop}"))
                return
            path = ask_where(self, "Save this letter as a web page", "letter.html")
            if path is not None:
                self.write_web_page(chosen, path)

        def look() -> None:
            background.query(self, self.session.store, lambda reader: stop_at_print(reader, id, today), ask)

        if_it_may_leave(self, self.session.store, look)

    def write_web_page(self, chosen: making.Queued, path: Path) -> None:
        """This letter to `path`; it then waits to be sent like one that was printed."""
        letter, store = chosen.letter, self.session.store
        if chosen.document is None:
            return

        def written() -> None:
            background.operate(
                self,
                store,
                lambda writer: record_printed(writer, [letter.id], at=self.session.now()),
                lambda _changes: self._tell_web_page(),
                self._failed,
            )

        def take(content: bytes) -> None:
            note = partial(opened_record, person_id=letter.subject, what=SAVED_A_COPY)
            write_noted(self, store, path, content, note, written, self._failed)

        make_web_page(self, chosen.document, chosen.style, take, self._failed)

    def _tell_web_page(self) -> None:
        advice = f"{NOT_ENCRYPTED} When it has gone, choose it below and mark it as e-mailed."
        self.told.show()
        self.told.show_message(messages.Message("Web page saved.", advice, "", "good"))

    def cancel(self) -> None:
        """Stop: what is already on paper is kept as printed."""
        if self._job is not None:
            self._job.cancel()
            self._job = None
            self.progress.hide()
        if self._run is not None:
            self._run.cancel()

    def mark_posted(self) -> None:
        """Everything printed has gone to the post."""
        ids = [each.letter.id for each in self.printed]
        background.operate(
            self,
            self.session.store,
            lambda writer: record_sent(writer, ids, "By post", at=self.session.now()),
            lambda changes: tell_saved(self._page, self.session, f"{things(len(ids), 'letter')} posted.", changes),
        )

    def _make_ready(self, column: QVBoxLayout) -> None:
        self.ready_card = Card("Letters to print")
        self.other_forms = messages.notice("", "warning")
        self.other_forms.hide()
        self.ready_card.body.addWidget(self.other_forms)
        self.ready_model = ShortList([Column("About"), Column("To", width=30), Column("State", width=34)], self)
        self.ready_table = ShortTable("Letters to print", self.ready_model, has_two_lines=True, most_rows=7)
        self.ready_table.draw_as_chips(2, _tone)
        self.ready_table.actions_of_row = self._actions
        self.ready_card.body.addWidget(self.ready_table)
        self.ready_card.body.addWidget(
            labels.muted("Each letter begins on a new sheet. Fold once for a C5 window envelope.")
        )
        actions = QWidget()
        flow = FlowLayout(actions)
        self.print_button = buttons.primary("&Print letters", self.print_all, icon="printer")
        self.pdf_button = buttons.secondary("Save as one P&DF", self.save_pdf, icon="file-text")
        flow.addWidget(self.print_button)
        flow.addWidget(self.pdf_button)
        self.web_button = buttons.secondary("Save it as a web pa&ge", self.save_web_page)
        flow.addWidget(self.web_button)
        flow.addWidget(buttons.secondary("Make it a dra&ft again", lambda: self._back(self.ready_table.record_id())))
        self.ready_card.body.addWidget(actions)
        self.ready_card.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        column.addWidget(self.ready_card)

    def _make_printed(self, column: QVBoxLayout) -> None:
        self.printed_card = Card("Printed and not posted")
        self.printed_model = ShortList([Column("About"), Column("Dated", width=20)], self)
        self.printed_table = ShortTable("Printed and not posted", self.printed_model, has_two_lines=True, most_rows=6)
        self.printed_card.body.addWidget(self.printed_table)
        self.posted_button = buttons.secondary("Mark as p&osted", self.mark_posted, icon="check")
        self.emailed_button = buttons.secondary(
            "Mark it as e-mai&led", lambda: self._e_mailed(self.printed_table.record_id())
        )
        self.printed_card.body.addWidget(row_of_buttons(self.posted_button, self.emailed_button))
        self.printed_card.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        column.addWidget(self.printed_card)

    def _say_other_forms(self, asked: Sequence[making.Queued]) -> None:
        """Names the letters whose readers asked for something that paper is not."""
        self.other_forms.setVisible(bool(asked))
        if not asked:
            return
        who = things(len(asked), "letter goes to somebody who asks", "letters go to people who ask")
        lines = [_asked_words(each) for each in asked[:_NAMED_MOST]]
        if len(asked) > len(lines):
            lines.append(f"and {len(asked) - len(lines)} more, said in the list")
        lines.append(f"Choose the letter and save it as a web page. {SENDS_NOTHING}")
        words = messages.Message(f"{who} for something other than paper.", "\n".join(lines), "", "warning")
        self.other_forms.show_message(words)

    def _e_mailed(self, letter_id: str) -> None:
        if letter_id:
            background.operate(
                self,
                self.session.store,
                lambda writer: record_sent(writer, [letter_id], "By e-mail", at=self.session.now()),
                lambda changes: tell_saved(self._page, self.session, "The letter is marked as e-mailed.", changes),
            )

    def _actions(self, _letter_id: str) -> Sequence[RowAction]:
        return (("Make it a draft again", self._back), ("Cancel this letter", self._cancel_letter))

    def _back(self, letter_id: str) -> None:
        if letter_id:
            background.operate(
                self,
                self.session.store,
                lambda writer: back_to_draft(writer, letter_id, at=self.session.now()),
                lambda changes: tell_saved(self._page, self.session, "The letter is a draft again.", changes),
            )

    def _cancel_letter(self, letter_id: str) -> None:
        background.operate(
            self,
            self.session.store,
            lambda writer: cancel_letter(writer, letter_id, at=self.session.now()),
            lambda changes: tell_saved(self._page, self.session, "Letter cancelled.", changes),
        )

    def _set_letters(self, then: "partial[None]") -> None:
        able = [each for each in self.ready if each.document is not None]
        if not able:
            return
        self._under_way = able
        self.told.hide()
        self.progress.show()
        self.progress.show_count(0, len(able))
        self._job = run_in_worker(
            self,
            "wellbeing_desktop.documents.jobs:render_many",
            ([each.document for each in able], [each.style for each in able], True),
            lambda answer: then(read_batch(answer)),
            self._failed,
            on_progress=self.progress.show_count,
        )

    def _print(self, printer: QPrinter, batch: Batch) -> None:
        self._job = None
        if not batch.data:
            self._tell_failures(batch, 0)
            return
        self._run = PrintRun(
            self,
            printer,
            batch.data,
            batch.pages,
            self.progress.show_count,
            partial(self._ended, batch),
            self._failed,
        )
        self._run.begin()

    def _write(self, path: Path, batch: Batch) -> None:
        self._job = None
        self.progress.hide()
        try:
            write_private(path, batch.data)
        except Refused as refusal:
            self._failed(refusal)
            return
        self._record(batch, batch.pages)

    def _ended(self, batch: Batch, pages: int) -> None:
        self._run = None
        self.progress.hide()
        self._record(batch, pages)

    def _record(self, batch: Batch, pages: int) -> None:
        firsts = [*batch.first_pages]
        whole = []
        for at, first in enumerate(firsts):
            if first is None:
                continue
            after = next((later for later in firsts[at + 1 :] if later is not None), batch.pages)
            if after <= pages:
                whole.append(self._under_way[at].letter.id)
        if not whole:
            self._tell_failures(batch, 0)
            return
        background.operate(
            self,
            self.session.store,
            lambda writer: record_printed(writer, whole, at=self.session.now()),
            lambda _changes: self._tell_failures(batch, len(whole)),
            self._failed,
        )

    def _tell_failures(self, batch: Batch, printed: int) -> None:
        self.progress.hide()
        stopped = [f"{each.about}: {each.stop}" for each in self.ready if each.stop]
        failed = [f"{self._under_way[each.index].about}: {each.sentence}" for each in batch.failures]
        missing = [f"These characters were printed as codes: {' '.join(batch.missing[:8])}"] if batch.missing else []
        lines = [*stopped, *failed, *missing]
        self.told.show()
        self.told.show_message(
            messages.Message(
                f"{things(printed, 'letter')} printed."
                + (f" {things(len(stopped) + len(failed), 'letter')} not printed." if stopped or failed else ""),
                "\n".join(lines),
                "",
                "warning" if lines else "good",
            )
        )

    def _failed(self, problem: BaseException) -> None:
        self._job = None
        self._run = None
        self.progress.hide()
        self.told.show()
        self.told.show_message(messages.message_for(problem))


def _asked_words(queued: making.Queued) -> str:
    asked = queued.asked
    if asked is None:
        return ""
    return f"{queued.about}: {asked.form}" + ("" if asked.is_web_page else ", which is not made here")


def _form_words(queued: making.Queued) -> str:
    if queued.asked is not None:
        return f"Asks for {queued.asked.form}"
    return queued.style.capitalize()


def _tone(words: str) -> Tone:
    return "good" if words == "Ready to print" else "bad"
