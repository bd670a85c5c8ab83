"""What can be done to a row of Today without leaving the page."""

from collections.abc import Callable, Sequence
from functools import partial

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.code_lists import code_list
from wellbeing_desktop.operations.appointments import record_outcome
from wellbeing_desktop.operations.plan_copies import settle_copy
from wellbeing_desktop.operations.referrals import accept_referral, decline_referral, withdraw_referral
from wellbeing_desktop.operations.tasks import finish_task
from wellbeing_desktop.operations.waiting_list import Reached, check_in
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.today_parts import day as words
from wellbeing_desktop.ui.pages.today_parts.day import Day
from wellbeing_desktop.ui.saving import tell_saved
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets.short_table import RowAction

_NOT_YET_HAPPENED = "0"


class RowActions:
    """The menus of the lists of `page`. `day` is what the page shows."""

    def __init__(self, page: Page, session: Session) -> None:
        self._page = page
        self._session = session
        self._go = page.go.emit
        self.day: Day | None = None

    def open_person(self, record_id: str) -> None:
        """The record of whoever the row is about, if anybody."""
        person_id = words.person_of(record_id, self.day) if self.day is not None else ""
        if person_id:
            self._go("person", person_id)

    def tick(self, record_id: str) -> None:
        kind, _, id = record_id.rpartition("/")
        if kind == "task":
            self._do(lambda writer: finish_task(writer, id, at=self._session.now()), "Task done.")
        elif kind:
            self.open_person(record_id)  # an action of a plan is settled in the plan, with the person's words beside it

    def of_task(self, record_id: str) -> Sequence[RowAction]:
        done = ("Mark as done",) if record_id.startswith("task/") else ()
        return (*((words_, self.tick) for words_ in done), ("Open the person's record", self.open_person))

    def of_visit(self, record_id: str) -> Sequence[RowAction]:
        person_id = words.person_of(record_id, self.day) if self.day is not None else ""
        return (
            ("Open the person's record", self.open_person),
            ("Open in Visit mode", lambda _id: self._go("visit", person_id)),
            *(
                (said, lambda id, kind=kind: self._go("person_entry", f"{kind}/{person_id}/{id}"))
                for said, kind in (("Move it", "move_appointment"), ("Cancel it", "cancel_appointment"))
                if self._is_booked(record_id)
            ),
            *self.of_outcome(record_id),
        )

    def _is_booked(self, appointment_id: str) -> bool:
        visits = self.day.today.visits if self.day is not None else ()
        return any(visit.id == appointment_id and visit.state == "booked" for visit in visits)

    def of_outcome(self, record_id: str) -> Sequence[RowAction]:
        return [
            (entry.label, partial(self._record_outcome, entry.code))
            for entry in code_list("attended_codes").entries
            if entry.code != _NOT_YET_HAPPENED
        ]

    def _record_outcome(self, outcome: str, appointment_id: str) -> None:
        self._do(
            lambda writer: record_outcome(writer, appointment_id, outcome, at=self._session.now()), "Outcome recorded."
        )

    def of_check_in(self, _record_id: str) -> Sequence[RowAction]:
        """Space, then Enter: rang, spoke, and the next day is set."""
        return [
            ("Rang: spoke with the person", partial(self._check_in, "spoke")),
            ("Rang: no answer", partial(self._check_in, "no_answer")),
            ("Rang: message left", partial(self._check_in, "message_left")),
            ("Open the person's record", self.open_person),
            ("Show the waiting list", lambda _id: self._go("referrals", "waiting")),
        ]

    def _check_in(self, reached: Reached, record_id: str) -> None:
        id = record_id.rpartition("/")[2]
        self._do(lambda writer: check_in(writer, id, reached, at=self._session.now()), "Check-in saved.")

    def of_referral(self, _record_id: str) -> Sequence[RowAction]:
        return [
            ("Open the referral", lambda id: self._go("referral", id.rpartition("/")[2])),
            ("Accept: I support this person", self._accept),
            *(
                (f"Decline: {entry.label}", partial(self._decline, entry.code))
                for entry in code_list("decline_reasons").entries
            ),
            ("Withdrawn by the person or the referrer", self._withdraw),
            ("Open the person's record", self.open_person),
        ]

    def _accept(self, record_id: str) -> None:
        id, user_id = record_id.rpartition("/")[2], self._session.user_id
        self._do(
            lambda writer: accept_referral(writer, id, practitioner_id=user_id, at=self._session.now()),
            "Referral accepted. The person is on your caseload.",
        )

    def _decline(self, reason: str, record_id: str) -> None:
        id = record_id.rpartition("/")[2]
        self._do(
            lambda writer: decline_referral(writer, id, reason=reason, at=self._session.now()), "Referral declined."
        )

    def _withdraw(self, record_id: str) -> None:
        id = record_id.rpartition("/")[2]
        self._do(lambda writer: withdraw_referral(writer, id, at=self._session.now()), "Referral withdrawn.")

    def of_copy(self, record_id: str) -> Sequence[RowAction]:
        return [
            (entry.label, partial(self._settle_copy, entry.code))
            for entry in code_list("plan_copy_states").entries
            if entry.code != "owed"
        ]

    def _settle_copy(self, how: str, record_id: str) -> None:
        id = record_id.rpartition("/")[2]
        self._do(lambda writer: settle_copy(writer, id, how, at=self._session.now()), "Copy settled.")

    def _do(self, operation: Callable[[Writer], Changes], done: str) -> None:
        background.operate(
            self._page,
            self._session.store,
            operation,
            lambda changes: tell_saved(self._page, self._session, done, changes),
        )
