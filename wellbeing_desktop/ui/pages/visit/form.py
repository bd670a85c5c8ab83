"""The form of a visit: the note, goals and actions, the questions, what was agreed. One form, so one draft."""

import datetime as dt
from collections.abc import Mapping
from functools import partial
from typing import Final

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from wellbeing_desktop.domain.care_plan import ACTION, GOAL
from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.dates import staff_clock
from wellbeing_desktop.domain.definition import RecordType
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.london_time import local_time
from wellbeing_desktop.domain.phrase import Phrase
from wellbeing_desktop.domain.questionnaire import shipped_questionnaire
from wellbeing_desktop.domain.scoring import SAFETY_ITEMS
from wellbeing_desktop.operations.person_record import PersonRecord
from wellbeing_desktop.operations.visits import NewGoal, StateChange, Visit
from wellbeing_desktop.ui.pages.contact import fields as contact_fields
from wellbeing_desktop.ui.pages.person.parts import joined, row_of_buttons
from wellbeing_desktop.ui.pages.person.who import short_name
from wellbeing_desktop.ui.pages.visit.questions import MORE, Asked
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import buttons, cards, fields, labels
from wellbeing_desktop.ui.widgets.choices import AnswerField
from wellbeing_desktop.ui.widgets.form import Form

MOST_GOALS: Final = 4
_LISTED: Final = frozenset({"text", "said_by_person", "observed", "told_by_others", "told_by", "agreed", "agreed_by"})


class VisitForm(Form):
    """Made for one person: its rows follow their goals and actions. `began` is when the visit was opened.

    `somebody_at_risk` is emitted when a safety question was answered above 0; `concern_id` is then the id that the
    concern about it will have.
    """

    somebody_at_risk = Signal()

    def __init__(
        self, session: Session, record: PersonRecord, began: dt.datetime, phrases: tuple[Phrase, ...] = ()
    ) -> None:
        """`phrases` stand as buttons under the note."""
        super().__init__()
        self._session = session
        self._phrases = phrases
        self.record = record
        self.began = began
        self.concern_id = ""
        self._goal_cards: list[list[str]] = []
        self._goal_states: dict[str, str] = {}
        self._action_states: dict[str, str] = {}
        self._note()
        self._goals()
        self.ons4 = Asked(self, "ons4")
        self.more: dict[str, Asked] = {}
        self.more_buttons: dict[str, QWidget] = {}
        for tool in MORE:
            self._may_ask(tool)
        self._agreed()
        self._leaving()
        self.set_values({"at": staff_clock(began), "on": local_time(began).date().isoformat(), "outcome": "5"})

    def visit(self, contact_id: str, now: dt.datetime) -> Visit:
        """Everything written down. Raises Refused, naming the field."""
        values = self.values()
        safely = values["safe_exit"] == "yes"
        as_contact = {
            **dict.fromkeys(_CONTACT_REST, ""),
            **values,
            "medium": "home_visit",
            "direction": "out",
            "place": "home",
            "text": _with_safe_exit(values["text"], safely, now),
        }
        episode = self.record.episode
        contact = contact_fields.contact_from(
            as_contact,
            person_id=self.record.person.id,
            began=self.began,
            now=now,
            episode_id=episode.id if episode else "",
            id=contact_id,
        )
        appointment = self._todays_appointment()
        if appointment:
            contact = msgspec.structs.replace(contact, appointment_id=appointment, planned=True)
        given = {asked.tool: asked.answers() for asked in (self.ons4, *self.more.values())}
        return Visit(
            contact=contact,
            note=contact_fields.note_from(as_contact, self.record.person.id),
            gp_record=values["gp_record"],
            answers={tool: answers for tool, answers in given.items() if answers},
            concern_id=self.concern_id,
            goal_states=self._changed("goal", self._goal_states, values),
            action_states=self._changed("action", self._action_states, values),
            new_goals=self._new_goals(values),
        )

    def restored(self) -> None:
        """After a draft came back: what it filled is shown."""
        for tool, asked in self.more.items():
            if asked.answers():
                self.show_more(tool)
        for number, names in enumerate(self._goal_cards):
            if any(self.rows[name].field.value() for name in names):
                self._show_goal(number)
        self.ons4.show_count()
        for asked in self.more.values():
            asked.show_count()

    def show_more(self, tool: str) -> None:
        """Ask a questionnaire that is not asked at every visit."""
        self.more[tool].card.show()
        self.more_buttons[tool].hide()

    def add_goal(self) -> None:
        """One more goal to write."""
        for number, names in enumerate(self._goal_cards):
            if self.rows[names[0]].holder.isHidden():
                self._show_goal(number)
                self.rows[names[0]].field.setFocus()
                break
        self.goal_button.setHidden(not self.rows[self._goal_cards[-1][0]].holder.isHidden())

    def _may_ask(self, tool: str) -> None:
        title = shipped_questionnaire(tool).title
        button = buttons.secondary(f"Ask the {title} questions too", partial(self.show_more, tool), icon="plus")
        self.add_widget(button)
        self.more_buttons[tool] = button
        self.more[tool] = asked = Asked(self, tool)
        asked.card.hide()
        item = SAFETY_ITEMS.get(tool)
        if item is not None:
            self.rows[f"{tool}.{item}"].field.edited.connect(partial(self._look_at_safety, asked))

    def _look_at_safety(self, asked: Asked) -> None:
        """Once for each visit: coming back to the questions does not open the page again by itself."""
        if asked.asks_for_safety() and not self.concern_id:
            self.concern_id = new_id()
            self.somebody_at_risk.emit()

    def _note(self) -> None:
        self.begin_card(cards.Card("Note"))
        self.add("outcome", "What came of the &visit", AnswerField(_outcomes()))
        note = fields.note(lines=5)
        self.add("text", "&Note", note)
        self.add_widget(
            row_of_buttons(
                *(
                    buttons.secondary(phrase.name.replace("&", "&&"), partial(self._insert, phrase.words))
                    for phrase in self._phrases
                )
            )
        )
        self.add("said_by_person", "&Said by the person, in their words", fields.note(lines=2))
        self.add("observed", "&Observed", fields.note(lines=2))
        self.add("present", "&Who was there, and in what role", fields.note(lines=2, hint="One on each line"))
        self.add("told_by_others", "&Told by others", fields.note(lines=2))
        self.add("told_by", "Told &by whom", fields.line())
        self.add("in_confidence", "", fields.tick("Told in &confidence: kept out of copies and access bundles"))
        self.end_card()

    def _goals(self) -> None:
        self.begin_card(cards.Card("Goals and actions"))
        plan = self.record.plan
        for goal in plan.goals if plan else ():
            self._goal_states[goal.id] = goal.state
            words = goal.what.replace("&", "&&")
            self.add(f"goal.{goal.id}", words, AnswerField(_next_states(GOAL, "goal_states", goal.state)))
            self.rows[f"goal.{goal.id}"].field.set_value(goal.state)
            for action in plan.actions if plan else ():
                if action.goal_id == goal.id and action.state == "to_do":
                    self._action(action.id, joined(action.what, action.who), action.state)
        for action in plan.actions if plan else ():
            if not action.goal_id and action.state == "to_do":
                self._action(action.id, joined(action.what, action.who), action.state)
        for number in range(1, MOST_GOALS + 1):
            names = [f"goal_{number}_{part}" for part in ("what", "action", "who", "due")]
            self.add(names[0], f"New goal {number}, in their words", fields.note(lines=2))
            self.add(names[1], f"What will be done for goal {number}", fields.line())
            self.begin_row()
            self.add(names[2], f"Who does it, goal {number}", fields.line())
            self.add(names[3], f"By when, goal {number}", fields.day(self._session.today))
            self.end_row()
            self._goal_cards.append(names)
            for name in names:
                self.rows[name].holder.setVisible(number == 1)
        self.goal_button = buttons.secondary("Add another &goal", self.add_goal, icon="plus")
        self.add_widget(self.goal_button)
        self.end_card()

    def _action(self, id: str, words: str, state: str) -> None:
        self._action_states[id] = state
        name = f"action.{id}"
        self.add(name, words.replace("&", "&&"), AnswerField(_next_states(ACTION, "action_states", state)))
        self.rows[name].field.set_value(state)

    def _agreed(self) -> None:
        self.begin_card(cards.Card("What was agreed"))
        self.add("agreed", "What we &agreed", fields.note(lines=3))
        self.add("agreed_by", "Agreed by whom", fields.line(hint=short_name(self.record.person)))
        self.add("gp_record", "GP &record", fields.choice(contact_fields.codes("gp_entry_states")))
        self.rows["gp_record"].field.set_value("to_enter")
        self.end_card()

    def _leaving(self) -> None:
        self.begin_card(cards.Card("Leaving"))
        self.add_widget(labels.body("Check the door, the cooker and the key safe. Say when somebody comes again."))
        self.add("safe_exit", "", fields.tick("I am o&ut and safe"))
        self.begin_row()
        self.add("on", "&Date", fields.day(self._session.today))
        self.add("at", "Started", contact_fields.time_field(), help_text="It began when you opened this screen.")
        self.add("until", "Ended", contact_fields.time_field(), help_text="Empty: when you finish.")
        self.add("travel_minutes", "Travel &minutes", contact_fields.minutes_field("travel_minutes"))
        self.end_row()
        self.add("late_reason", "Why it is written late", fields.line(), help_text="Only after more than 24 hours.")
        self.end_card()

    def _insert(self, phrase: str) -> None:
        field = self.rows["text"].field
        before = field.value()
        joint = "" if not before or before[-1].isspace() else " "
        field.set_value(f"{before}{joint}{phrase}")
        field.edited.emit()

    def _show_goal(self, number: int) -> None:
        for name in self._goal_cards[number]:
            self.rows[name].holder.show()

    def _changed(self, kind: str, seen: Mapping[str, str], values: Mapping[str, str]) -> tuple[StateChange, ...]:
        return tuple(
            StateChange(id=id, state=values[f"{kind}.{id}"], seen=state)
            for id, state in seen.items()
            if values[f"{kind}.{id}"] not in ("", state)
        )

    def _new_goals(self, values: Mapping[str, str]) -> tuple[NewGoal, ...]:
        goals = []
        for what, action, who, due in self._goal_cards:
            if not values[what].strip():
                if values[action].strip():
                    raise Refused("Write the goal in the person's words first.", what)
                continue
            due_on = dt.date.fromisoformat(values[due]) if values[due].strip() else None
            goals.append(
                NewGoal(
                    what=values[what].strip(), action=values[action].strip(), who=values[who].strip(), due_on=due_on
                )
            )
        return tuple(goals)

    def _todays_appointment(self) -> str:
        today = self._session.today()
        return next((a.id for a in self.record.appointments if a.state == "booked" and a.starts_on == today), "")


_CONTACT_REST: Final = (
    "planned",
    "seen_alone",
    "not_alone_reason",
    "interpreter",
    "chaperone",
    "second_worker_id",
    "transcribed_by",
    "admin_minutes",
    "countersign_needed",
)


def _outcomes() -> list[tuple[str, str]]:
    shown = ("5", "6", "not_in", "2", "3")
    return [(code, label_of("contact_outcomes", code)) for code in shown]


def _next_states(record_type: RecordType, code_list: str, state: str) -> list[tuple[str, str]]:
    """The state that stands and those that may follow it."""
    following = record_type.transitions.get(state, frozenset())
    return [each for each in contact_fields.codes(code_list) if each[0] == state or each[0] in following]


def _with_safe_exit(text: str, safely: bool, now: dt.datetime) -> str:
    """The check-in is part of the note: who reads it later sees that, and when, the visitor left safely."""
    if not safely:
        return text
    line = f"Left safely at {staff_clock(now)}."
    return f"{text.rstrip()}\n{line}" if text.strip() else line
