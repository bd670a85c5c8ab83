"""The care plan: what matters, and who does what by when. It starts with what is most important to the person."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from wellbeing_desktop.documents.reading_ease import reading_ease
from wellbeing_desktop.domain.care_plan import PLAN_NARRATIVE, PlanNarrative
from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.plan_rules import ABOUT_ME, CONTINGENCY
from wellbeing_desktop.operations.care_plans import start_plan
from wellbeing_desktop.operations.person_record import PersonRecord, read_person
from wellbeing_desktop.operations.plan_contents import move_goal, write_narrative
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.commands import Command, for_page
from wellbeing_desktop.ui.drafting import DraftKeeper
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.care_plan.side import DOWN, UP, EaseCard
from wellbeing_desktop.ui.pages.care_plan.side import build as build_side
from wellbeing_desktop.ui.pages.person import who
from wellbeing_desktop.ui.pages.person.parts import Around, TwoColumns, column_of, row_of_buttons
from wellbeing_desktop.ui.pages.person.plan import no_plan_words
from wellbeing_desktop.ui.reading_order import tab_in_reading_order
from wellbeing_desktop.ui.record_form import RecordForm
from wellbeing_desktop.ui.saving import WayBack, bring_back, discarding, keep_draft, tell_saved
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.tokens import SPACE_M
from wellbeing_desktop.ui.widgets import buttons, cards, messages
from wellbeing_desktop.ui.widgets.banner import PersonBanner
from wellbeing_desktop.ui.widgets.empty_state import empty_state

_OTHER: Final = ("strengths", "needs", "formulation")
_LATER: Final = ("advance_statement", "other_plans")
_EASE_AFTER_MS: Final = 500


class CarePlanPage(Page):
    """The argument is the person's id. Only the headings that were changed are saved."""

    title, nav_key, section_key = "Care plan", "care_plan", "caseload"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._person_id = ""
        self._saving = False
        self._pressed: tuple[str, ...] = ()
        self.record: PersonRecord | None = None
        self.form: RecordForm | None = None
        self.keeper: DraftKeeper | None = None
        self.banner = PersonBanner()
        self.banner.hide()
        self.outer.insertWidget(0, self.banner)
        self.notice = messages.notice("", "warning", can_close=True)
        self.notice.hide()
        self.body.addWidget(self.notice)
        self._column = QVBoxLayout()
        self._column.setSpacing(SPACE_M)
        self.body.addLayout(self._column)
        self.body.addStretch()
        self._whole: QWidget | None = None
        self._side: QWidget | None = None
        self._side_place = QVBoxLayout()
        self.ease = EaseCard()
        self.ease.hide()
        self._ease_timer = QTimer(self, singleShot=True, interval=_EASE_AFTER_MS)
        self._ease_timer.timeout.connect(self._judge)

    def on_shown(self, argument: str = "") -> None:
        if argument and argument != self._person_id:
            self.save_draft()
            self._person_id, self.record, self.form, self.keeper = argument, None, None, None
            self.notice.hide()
        self._ask()

    def refresh(self, changes: Changes) -> None:
        if self._person_id in changes.subjects():
            self._ask()

    def save_draft(self) -> None:
        if self.keeper is not None:
            self.keeper.save_now()

    def commands(self) -> Sequence[Command]:
        page, to = self.nav_key, self._entry
        return (
            for_page("save", self.save, name="Save the words of the plan", page=page),
            for_page("new_contact", partial(self._to, "contact"), page=page),
            for_page("new_referral", partial(self._to, "new_referral"), page=page),
            for_page("new_task", partial(self._to, "new_task"), name="Add a task", page=page),
            for_page("new_letter", partial(self._to, "letters"), page=page),
            Command("plan_goal", "Add a goal", page=page, run=partial(to, "goal")),
            for_page("print", partial(self._to, "plan_copy"), name="Print the person's copy", page=page),
            Command("plan_agree", "Agree the plan", page=page, run=partial(to, "agree")),
            Command("plan_review", "Review the plan", page=page, run=partial(to, "review")),
            Command("plan_end", "End the plan", page=page, run=partial(to, "end_plan")),
            Command("plan_decline", "Save that a plan is not wanted", page=page, run=partial(to, "decline_plan")),
            Command("plan_changes", "See what changed in the plan", page=page, run=partial(self._to, "plan_changes")),
        )

    def panes(self) -> Sequence[QWidget]:
        return tuple(part for part in (self.form, self._side) if part is not None)

    def first_focus(self) -> QWidget | None:
        return self.form.rows["most_important"].field if self.form is not None else None

    def is_edited(self) -> bool:
        """True while there are words that were not saved."""
        return self.form is not None and bool(self.form.changed())

    def save(self) -> None:
        """Saves the headings that differ from what was shown."""
        form, keeper, record = self.form, self.keeper, self.record
        if form is None or keeper is None or record is None or record.plan is None or self._saving or not form.check():
            return
        changed = form.changed()
        if not changed:
            self.go.emit("person", f"{self._person_id}/plan")
            return
        seen = {name: value for name, value in form.seen().items() if name in changed}
        plan_id, now = record.plan.plan.id, self._session.now()
        self._saving = True
        keeper.finish()

        def write(writer: Writer) -> Changes:
            return write_narrative(writer, plan_id, changed, seen, at=now)

        background.operate(
            self,
            self._session.store,
            discarding(keeper.draft_key, write),
            partial(self._saved, form.values()),
            self._refused,
        )

    def start(self) -> None:
        """An empty plan."""
        person_id, now = self._person_id, self._session.now()
        episode = self.record.episode.id if self.record and self.record.episode else ""
        background.operate(
            self,
            self._session.store,
            lambda writer: start_plan(writer, person_id, episode_id=episode, at=now),
            partial(tell_saved, self, self._session, "Plan started."),
        )

    def _ask(self) -> None:
        person_id, today = self._person_id, self._session.today()
        if not person_id:
            return

        def read(reader: Reader) -> PersonRecord:
            return read_person(reader, person_id, today)

        background.query(self, self._session.store, read, self._show)

    def _show(self, record: PersonRecord) -> None:
        if record.person.id != self._person_id or (record == self.record and self._whole is not None):
            return
        before, self.record = self.record, record
        who.show_in(self.banner, record, self._session.today())
        self.banner.show()
        was, now = before.plan if before is not None else None, record.plan
        same_plan = was is not None and now is not None and was.plan.id == now.plan.id
        same_words = was is not None and now is not None and was.narrative == now.narrative
        if self.form is not None and same_plan and (same_words or self.is_edited()):
            if not same_words:
                self._warn()
            self._fill_side()
        else:
            self._fill()
        self._keep_the_keyboard()

    def _warn(self) -> None:
        self.notice.show()
        self.notice.show_message(
            messages.Message(
                "Somebody else changed this plan while you were writing.",
                "Your words are kept. When you save, both versions stay until one is chosen.",
                "",
                "warning",
            )
        )

    def _fill(self) -> None:
        record = self.record
        if record is None:
            return
        if self._whole is not None:
            self._column.removeWidget(self._whole)
            self._whole.hide()
            self.ease.setParent(self)
            self._whole.deleteLater()
            self._whole, self._side = None, None
        if record.plan is None:
            self.form = self.keeper = None
            self.ease.hide()
            start = buttons.primary("&Start the plan", self.start, icon="plus")
            hint = "It starts with what is most important to the person, in their own words."
            decline = buttons.secondary("A plan is not &wanted", partial(self._entry, "decline_plan"))
            empty = empty_state(no_plan_words(record), hint, start, "target")
            self._whole = column_of(empty, row_of_buttons(decline))
        else:
            self._whole = self._columns(record, record.plan.narrative or PlanNarrative())
        self._column.addWidget(self._whole)
        tab_in_reading_order(self)
        first = self.first_focus()
        if first is not None and self.isVisible():
            first.setFocus()

    def _columns(self, record: PersonRecord, words: PlanNarrative) -> QWidget:
        form = RecordForm(
            PLAN_NARRATIVE,
            [(name,) for name in (*ABOUT_ME, *_OTHER, *CONTINGENCY, *_LATER, "staff_only")],
            self._session.today,
            shown=words,
            letters_taken=("s", "a", "r", "p", "g", "n", "c", "w"),
            cards_before={
                "most_important": cards.Card("About me"),
                "strengths": cards.Card("Strengths and needs"),
                "triggers": cards.Card("If things change"),
                "staff_only": cards.Card("For staff"),
            },
        )
        self.form = form
        form.add_actions(buttons.primary("&Save words", self.save))
        form.edited.connect(self._ease_timer.start)
        keeper = keep_draft(form, self._session, person=lambda: self._person_id)
        keeper.draft_key = f"care_plan/{record.person.id}"
        keeper.begin_again()
        self.keeper = keeper
        bring_back(form, keeper, self._session)
        columns = TwoColumns(left_share=3, right_share=2)
        columns.left.addWidget(form)
        self._side_place = QVBoxLayout()
        columns.right.addLayout(self._side_place)
        columns.right.addWidget(self.ease)
        self.ease.show()
        columns.finish()
        self._fill_side()
        self._judge()
        return columns

    def _fill_side(self) -> None:
        record = self.record
        if record is None or record.plan is None:
            return
        if self._side is not None:
            self._side_place.removeWidget(self._side)
            self._side.hide()
            self._side.deleteLater()
        around = Around(self._session.today(), self.go.emit, self._move)
        self._side = build_side(record, record.plan, around)
        self._side_place.addWidget(self._side)
        tab_in_reading_order(self)

    def _judge(self) -> None:
        if self.form is not None:
            words = [row.field.value() for name, row in self.form.rows.items() if name != "staff_only"]
            self.ease.show_ease(reading_ease("\n".join(words)))

    def _move(self, what: str, goal_id: str) -> None:
        """A goal one place up or down; the keyboard stays on it."""
        now, by = self._session.now(), -1 if what == UP else 1
        self._pressed = tuple(f"{way}/{goal_id}" for way in ((UP, DOWN) if what == UP else (DOWN, UP)))
        background.operate(
            self,
            self._session.store,
            lambda writer: move_goal(writer, goal_id, by, at=now),
            partial(tell_saved, self, self._session, "Goal moved."),
        )

    def _keep_the_keyboard(self) -> None:
        """On the button that moved a goal, or on the other where it is the first or the last now."""
        pressed, self._pressed = self._pressed, ()
        links = (self._side.findChild(QPushButton, name) for name in pressed) if self._side is not None else ()
        for link in links:
            if link is not None:
                link.setFocus()
                return

    def _saved(self, typed: Mapping[str, str], changes: Changes) -> None:
        self._saving = False
        self.notice.hide()
        person_id = self._person_id
        way = WayBack(f"care_plan/{person_id}", person_id, typed, partial(self._again, person_id))
        tell_saved(self, self._session, "Words of the plan saved on this laptop.", changes, way)
        self.record = None  # the form is made anew from what is saved now
        self.form = self.keeper = None
        self._ask()

    def _again(self, person_id: str) -> None:
        """After undo: the words come back as a draft."""
        self._person_id = ""
        self.go.emit(self.nav_key, person_id)
        if self._person_id != person_id:
            self.on_shown(person_id)

    def _refused(self, problem: BaseException) -> None:
        self._saving = False
        if self.keeper is not None:
            self.keeper.begin_again()
        if self.form is not None:
            self.form.show_refusal(problem)

    def _to(self, nav_key: str) -> None:
        self.go.emit(nav_key, self._person_id)

    def _entry(self, kind: str) -> None:
        self.go.emit("person_entry", f"{kind}/{self._person_id}")
