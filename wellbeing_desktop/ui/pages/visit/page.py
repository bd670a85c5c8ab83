"""Visit mode: what do I check and record here? One column, large text, large targets, everything one draft."""

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import partial

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.phrase import Phrase
from wellbeing_desktop.operations.looking import opened_record
from wellbeing_desktop.operations.person_record import PersonRecord, read_person
from wellbeing_desktop.operations.phrases import phrases_for
from wellbeing_desktop.operations.visits import finish_visit
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.commands import Command, for_page
from wellbeing_desktop.ui.drafting import DraftKeeper
from wellbeing_desktop.ui.lock import hold_off_lock, let_lock_go
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.contact.fields import FIELD_OF
from wellbeing_desktop.ui.pages.person import who
from wellbeing_desktop.ui.pages.visit import before
from wellbeing_desktop.ui.pages.visit.done import DoneCard
from wellbeing_desktop.ui.pages.visit.form import VisitForm
from wellbeing_desktop.ui.reading_order import tab_in_reading_order
from wellbeing_desktop.ui.saving import RECORD_ID, WayBack, bring_back, discarding, keep_draft, tell_saved
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.tokens import SPACE_M, SPACE_S, SPACE_XL
from wellbeing_desktop.ui.widgets import buttons, labels
from wellbeing_desktop.ui.widgets.banner import PersonBanner
from wellbeing_desktop.ui.widgets.flow import FlowLayout

_BEGAN, _CONCERN = "_began", "_concern"
_DIM = 110
"""Of 255: how much of the light the dimmed screen gives up."""


class VisitPage(Page):
    """The argument is the person's id. The visit begins when the page is opened for them, or when its draft says."""

    title, nav_key, section_key = "Visit", "visit", "caseload"
    phrase_place = "visit"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._person_id = ""
        self._visit_id = new_id()
        self._saving = False
        self._mirrored = False
        self._key_safe_shown = False
        self.record: PersonRecord | None = None
        self.form: VisitForm | None = None
        self.keeper: DraftKeeper | None = None
        self.setProperty("visit", "true")
        self.banner = PersonBanner()
        self.banner.hide()
        self.outer.insertWidget(0, self.banner)
        self._column = QVBoxLayout()
        self._column.setSpacing(SPACE_M)
        self.body.addLayout(self._column)
        self.body.addStretch()
        self._parts: list[QWidget] = []
        self.finish_button = buttons.primary("&Finish visit", self.finish, icon="check")
        self.leave_button = buttons.secondary("&Leave Visit mode", self.leave)
        self.side_button = buttons.secondary("Buttons on the left", self.mirror)
        self.dim_button = buttons.secondary("Dim the screen", self.dim)
        self.risk_button = buttons.secondary("At risk now (F8)", self._at_risk_now, icon="shield-alert")
        self.draft_words = labels.muted()
        self.outer.addWidget(self._foot())
        self._dimmer = _Dimmer(self)

    def on_shown(self, argument: str = "") -> None:
        window = self.window()
        turn_on = getattr(window, "set_visit_mode", None)
        if callable(turn_on) and not getattr(window, "visit_mode", True):
            turn_on(True)
        hold_off_lock(self)
        settings = getattr(window, "settings", None)
        self._mirrored = bool(getattr(settings, "mirrored", False))
        self._arrange_foot()
        if argument and argument != self._person_id:
            self._open(argument)

    def can_leave(self) -> bool:
        window = self.window()
        turn = getattr(window, "set_visit_mode", None)
        if callable(turn) and getattr(window, "visit_mode", False):
            turn(False)
        let_lock_go(self)
        return True

    def save_draft(self) -> None:
        if self.keeper is not None:
            self.keeper.save_now()

    def commands(self) -> Sequence[Command]:
        page = self.nav_key
        return (
            for_page("save", self.finish, name="Finish visit", page=page),
            for_page("visit_mode", self.leave, name="Leave Visit mode", page=page),
            Command("visit_concern", "Raise a concern about this person's safety", page=page, run=self._raise_concern),
            Command("visit_dim", "Dim the screen, or make it bright", page=page, run=self.dim),
            Command("visit_side", "Move the main button to the other side", page=page, run=self.mirror),
        )

    def _raise_concern(self) -> None:
        self.save_draft()
        self.go.emit("concern", f"new/{self._person_id}")

    def _at_risk_now(self) -> None:
        """The navigation with its row is hidden here: the way to F8 stands at the foot, with the person carried over."""
        self.save_draft()
        self.go.emit("at_risk", f"for/{self._person_id}" if self._person_id else "")

    def _at_risk(self) -> None:
        """A safety question was answered above 0: now, with the person carried over; the visit waits as a draft."""
        form = self.form
        if form is not None:
            self.save_draft()
            self.go.emit("at_risk", f"answer/{self._person_id}/{form.concern_id}")

    def first_focus(self) -> QWidget | None:
        return None if self.form is None else self.form.rows["text"].field

    def finish(self) -> None:
        """Saves the visit whole on this laptop; what is wrong is said beside its field, and the draft stays."""
        form, keeper = self.form, self.keeper
        if form is None or keeper is None or self._saving or not form.check():
            return
        now = self._session.now()
        try:
            visit = form.visit(self._visit_id, now)
        except Refused as refusal:
            self._refused(refusal)
            return
        self._saving = True
        self.finish_button.setEnabled(False)
        keeper.finish()

        def write(writer: Writer) -> Changes:
            return finish_visit(writer, visit, at=now)

        typed = {**form.values(), _BEGAN: form.began.isoformat(), _CONCERN: form.concern_id}
        saved = partial(self._saved, self._person_id, typed, bool(visit.new_goals))
        background.operate(self, self._session.store, discarding(keeper.draft_key, write), saved, self._refused)

    def leave(self) -> None:
        """Back to the record; what is typed stays a draft."""
        self.save_draft()
        self.go.emit("person", self._person_id)

    def dim(self) -> None:
        """A darker screen for a dark room; pressing again makes it bright."""
        self._dimmer.setVisible(self._dimmer.isHidden())
        self._dimmer.raise_()
        self.dim_button.set_words("Make the screen bright" if self._dimmer.isVisibleTo(self) else "Dim the screen")

    def mirror(self) -> None:
        """The main button on the other side, kept for the next visit."""
        self._mirrored = not self._mirrored
        window = self.window()
        remember, settings = getattr(window, "remember", None), getattr(window, "settings", None)
        if callable(remember) and settings is not None:
            remember(msgspec.structs.replace(settings, mirrored=self._mirrored))
        self._arrange_foot()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._dimmer.setGeometry(self.rect())

    def _open(self, person_id: str) -> None:
        self.save_draft()
        self._person_id, self._visit_id = person_id, new_id()
        self._saving = self._key_safe_shown = False
        self.keeper = self.form = None
        self._clear()
        today = self._session.today()

        def read(reader: Reader) -> tuple[PersonRecord, tuple[Phrase, ...]]:
            return read_person(reader, person_id, today), phrases_for(reader, self.phrase_place)

        background.query(self, self._session.store, read, self._show)

    def _show(self, found: tuple[PersonRecord, tuple[Phrase, ...]]) -> None:
        record, phrases = found
        if self._person_id not in record.ids:
            return
        self.record = record
        who.show_in(self.banner, record, self._session.today())
        self.banner.show()
        self.finish_button.show()
        self.finish_button.setEnabled(True)
        self._place(labels.heading("Before you knock", 1))
        self._before = before.build(record, self._session.today(), self._show_key_safe)
        self._place(self._before)
        self._place(labels.heading("The visit", 1))
        form = VisitForm(self._session, record, self._session.now(), phrases)
        self.form = form
        form.somebody_at_risk.connect(self._at_risk)
        self._place(form)
        keeper = keep_draft(form, self._session, person=lambda: self._person_id, beside=self._beside)
        keeper.draft_key = f"visit/{record.person.id}"
        keeper.begin_again()
        keeper.saved.connect(self.draft_words.setText)
        self.keeper = keeper
        bring_back(form, keeper, self._session, self._kept)
        self._look_again()
        tab_in_reading_order(self)
        form.rows["text"].field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _kept(self, draft: Mapping[str, str]) -> None:
        form = self.form
        if form is None:
            return
        self._visit_id = draft.get(RECORD_ID, self._visit_id)
        if draft.get(_BEGAN):
            form.began = dt.datetime.fromisoformat(draft[_BEGAN])
        form.concern_id = draft.get(_CONCERN, "")
        form.set_values({name: value for name, value in draft.items() if name in form.rows})
        form.restored()

    def _beside(self) -> Mapping[str, str]:
        form = self.form
        began = form.began if form is not None else self._session.now()
        return {
            RECORD_ID: self._visit_id,
            _BEGAN: began.isoformat(),
            _CONCERN: form.concern_id if form is not None else "",
        }

    def _saved(self, person_id: str, typed: Mapping[str, str], has_new_goals: bool, changes: Changes) -> None:
        back = WayBack(f"visit/{person_id}", person_id, typed, partial(self._again, person_id))
        tell_saved(self, self._session, "Visit saved on this laptop.", changes, back)
        record = self.record
        self._saving = False
        if record is None:
            return
        self._clear()
        self.form = self.keeper = None
        self.finish_button.hide()
        self.draft_words.setText("")
        done = DoneCard(record, has_new_goals, self.go.emit)
        self._place(done)
        self._look_again()
        done.first.setFocus(Qt.FocusReason.OtherFocusReason)
        self._person_id = ""

    def _again(self, person_id: str) -> None:
        """After undo: the form as it was before Finish."""
        self._person_id = ""
        self.go.emit(self.nav_key, person_id)
        if self._person_id != person_id:
            self.on_shown(person_id)

    def _refused(self, problem: BaseException) -> None:
        self._saving = False
        self.finish_button.setEnabled(True)
        if self.keeper is not None:
            self.keeper.begin_again()
        if self.form is None:
            return
        if isinstance(problem, Refused) and problem.field is not None:
            problem = Refused(problem.message, FIELD_OF.get(problem.field, problem.field))
        self.form.show_refusal(problem)

    def _show_key_safe(self) -> None:
        record = self.record
        if record is None or record.access_note is None or self._key_safe_shown:
            return
        self._key_safe_shown = True
        shown = labels.strong(before.key_safe_words(record.access_note))
        self._column.insertWidget(1, shown)
        self._parts.append(shown)
        look = partial(opened_record, person_id=record.person.id, what="show_key_safe")
        background.operate(self, self._session.store, look)

    def _place(self, widget: QWidget) -> None:
        self._parts.append(widget)
        self._column.addWidget(widget)

    def _clear(self) -> None:
        for part in self._parts:
            self._column.removeWidget(part)
            part.hide()
            part.deleteLater()
        self._parts = []

    def _look_again(self) -> None:
        """A style rule on an ancestor's property reaches a widget only when it is looked at again."""
        for widget in (self, *self.findChildren(QWidget)):
            labels.repolish(widget)

    def _foot(self) -> QFrame:
        foot = QFrame()
        foot.setProperty("kind", "foot")
        self._foot_column = QVBoxLayout(foot)
        self._foot_column.setContentsMargins(SPACE_XL, SPACE_S, SPACE_XL, SPACE_S)
        self._foot_row: QWidget | None = None
        self._arrange_foot()
        return foot

    def _arrange_foot(self) -> None:
        """The main button bottom right, or bottom left for the left hand."""
        holder = QWidget()
        flow = FlowLayout(holder, spacing=SPACE_S, align_right=not self._mirrored)
        rest = [self.draft_words, self.risk_button, self.dim_button, self.side_button, self.leave_button]
        for widget in [self.finish_button, *reversed(rest)] if self._mirrored else [*rest, self.finish_button]:
            flow.addWidget(widget)
        self.draft_words.setWordWrap(False)
        self.side_button.set_words("Buttons on the right" if self._mirrored else "Buttons on the left")
        if self._foot_row is not None:
            self._foot_column.removeWidget(self._foot_row)
            self._foot_row.deleteLater()
        self._foot_row = holder
        self._foot_column.addWidget(holder)
        tab_in_reading_order(self)


class _Dimmer(QWidget):
    """A shade over the page; mouse and keyboard go through it."""

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), QColor(0, 0, 0, _DIM))
