"""One referral: what it says, what is missing, its triage, who decides, who has it, and what may happen next."""

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, ClassVar, Final

from PySide6.QtWidgets import QVBoxLayout

from wellbeing_desktop.domain.allocation import ORDER_IN_WORDS
from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.dates import day_words, moment_words
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.referral import Referral
from wellbeing_desktop.domain.referral_rules import is_undecided
from wellbeing_desktop.operations import allocation, referrals, triage, waiting_list
from wellbeing_desktop.operations.same_referral import EarlierRequest
from wellbeing_desktop.operations.waiting_list import is_waiting
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.ui.commands import Command
from wellbeing_desktop.ui.models.paged_table import Column, TableRow
from wellbeing_desktop.ui.pages.forms.form_page import choices_of
from wellbeing_desktop.ui.pages.inbox.step_page import STEP, StepPage
from wellbeing_desktop.ui.pages.person.parts import fact_line, joined
from wellbeing_desktop.ui.pages.referrals.beside import Beside, answered, facts, read_beside
from wellbeing_desktop.ui.pages.referrals.triage_page import NO_FORM, suggestion_words
from wellbeing_desktop.ui.widgets import buttons, cards, fields, labels, layouts, messages
from wellbeing_desktop.ui.widgets.columns import TwoColumns
from wellbeing_desktop.ui.widgets.form import Form
from wellbeing_desktop.ui.widgets.list_card import ListCard
from wellbeing_desktop.ui.widgets.short_table import RowAction

_REACHED: Final = (("spoke", "Spoke with the person"), ("no_answer", "No answer"), ("message_left", "Message left"))
_DETAILS: Final = ("source", "reason", "urgency", "referrer_name", "referrer_contact", "organisation_id")
_HISTORY: Final = 40


class ReferralPage(StepPage[Referral]):
    title, nav_key, section_key, help_key = "Referral", "referral", "referrals", "referrals"
    record, record_name = Referral, "referral"
    rows_of: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "details": _DETAILS,
        "sign": ("priority", "priority_reason"),
        "accept": ("taken_by", "although", "accept_priority", "accept_reason", "waits", "reply"),
        "decline": ("decline_reason", "reply"),
        "withdraw": ("withdrawn_on",),
        "thank": (),
        "allocate": ("practitioner_id", "role", "although"),
        "wait": (),
        "check_in": ("reached", "medium", "words", "next_on"),
        "start": (),
    }

    def build(self, form: Form) -> None:
        self.form.begin_row()
        form.add("source", "&Where it came from", fields.choice(choices_of("referral_sources"), empty="Not chosen"))
        form.add("reason", "Reas&on", fields.choice(choices_of("referral_reasons"), empty="Not chosen"))
        form.end_row()
        form.begin_row()
        form.add("urgency", "&Urgency asked for", fields.choice(choices_of("urgencies"), empty="Not said"))
        form.add("organisation_id", "Referring or&ganisation", fields.choice((), empty="Not chosen"))
        form.end_row()
        form.begin_row()
        form.add("referrer_name", "Referred &by", fields.line())
        form.add("referrer_contact", "How to rea&ch the referrer", fields.line())
        form.end_row()
        form.add("priority", "&Priority", fields.choice(choices_of("priorities"), empty="Not chosen"))
        form.add(
            "priority_reason",
            "Wh&y this priority",
            fields.note(lines=2),
            help_text="Needed when it is lower than the triage form suggests.",
        )
        form.add("taken_by", "Who &takes it", fields.choice((), empty="Nobody yet: allocate it later"))
        form.add("practitioner_id", "Who takes &it", fields.choice((), empty="Nobody yet"))
        form.add(
            "role",
            "For which rol&e",
            fields.choice((), empty="No role"),
            help_text="Until somebody of that role has it.",
        )
        form.add("although", "Why, although training is not in date", fields.line())
        form.add(
            "accept_priority", "Priorit&y that you sign", fields.choice(choices_of("priorities"), empty="As it is")
        )
        form.add(
            "accept_reason",
            "Why this priority",
            fields.note(lines=2),
            help_text="Needed when it is lower than the triage form suggests.",
        )
        form.add("waits", "", fields.tick("Support cannot begin yet: put the person on the waiting list"))
        form.add(
            "decline_reason", "Reason &for declining", fields.choice(choices_of("decline_reasons"), empty="Not chosen")
        )
        form.add("reply", "", fields.tick("&Draft the reply to the referrer. It is never sent by itself"))
        form.add("withdrawn_on", "Withdrawn on", fields.day(self.session.today))
        form.add("reached", "What came of it", fields.choice(_REACHED))
        form.add("medium", "How", fields.choice(choices_of("contact_mediums")))
        form.add("words", "What was said", fields.note(lines=3))
        form.add(
            "next_on", "Look in again on", fields.day(self.session.today), help_text="Empty for the service's own rule."
        )

    def add_cards(self) -> None:
        self.missing = messages.notice("", "warning")
        self.flag = messages.notice("", "bad")
        self.clash = messages.notice("", "warning")
        self.clash_button = buttons.link("Settle the clas&h", partial(self.go.emit, "clashes", "mine"))
        above = self.body.indexOf(self.facts_card)
        for at, part in enumerate((self.flag, self.missing, self.clash, self.clash_button)):
            part.hide()
            self.body.insertWidget(above + at, part)  # what is wrong comes before what is known
        self.triage_button = buttons.secondary("Fill in the triage for&m", self.open_triage, icon="clipboard-list")
        self.risk_button = buttons.danger("Somebody is at risk &now", self.at_risk, icon="shield-alert")
        self.triage_card = cards.Card("Triage")
        self._answers = QVBoxLayout()
        self.triage_card.body.addLayout(self._answers)
        self.triage_card.body.addWidget(self.triage_button)
        self.triage_card.body.addWidget(self.risk_button)
        columns = TwoColumns(1, 1)
        self.body.removeWidget(self.facts_card)
        self.facts_card.body.insertWidget(0, self.record_button)  # Tab begins at the top of the left side
        for side, card in ((columns.left, self.facts_card), (columns.right, self.triage_card)):
            side.addWidget(card)
            side.addStretch()
        self.body.addWidget(columns)
        why = [Column("Who"), Column("Why they stand here")]
        self.could = ListCard("Who could take it", why, -1, lambda _words: "plain", has_two_lines=True)
        self.order = labels.muted(f"{ORDER_IN_WORDS} Enter shows what somebody has on; Space chooses.")
        self.body.addWidget(self.order)
        self.could.table.opened.connect(partial(self.go.emit, "workload"))
        self.could.table.ticked.connect(self.choose)
        self.could.table.actions_of_row = self._actions
        self.body.addWidget(self.could)
        asked = [Column("When and from where"), Column("Why it may be the same request")]
        self.earlier = ListCard("Asked for already", asked, -1, lambda _words: "plain")
        self.earlier.table.opened.connect(partial(self.go.emit, "referral"))
        self.body.addWidget(self.earlier)
        self.letters = ListCard(
            "Letters to the referrer",
            [Column("What"), Column("State", width=24)],
            -1,
            lambda _words: "plain",
            has_two_lines=False,
        )
        self.letters.table.opened.connect(self._open_letter)
        self.body.addWidget(self.letters)

    def add_cards_below(self) -> None:
        self.history = cards.Card("History")
        self._history = QVBoxLayout()
        self.history.body.addLayout(self._history)
        self.body.addWidget(self.history)

    def more_known(self, reader: Reader, record: Referral) -> Beside:
        return read_beside(reader, record, self.session.today())

    def where_next(self, id: str) -> tuple[str, str]:
        return "referral", id

    def steps(self, record: Referral) -> Sequence[tuple[str, str]]:
        beside = self._beside()
        if is_undecided(record):
            ready = [("accept", "Accept it"), ("sign", "Sign the priority")]
            first = ready if not beside.triage.missing else [ready[1], ready[0]]
            thank = [] if record.receipt_letter_id else [("thank", "Draft “received, thank you” to the referrer")]
            return [
                *first,
                ("decline", "Decline it"),
                ("details", "Fill in or put right what it says"),
                *thank,
                ("withdraw", "It is not wanted any more"),
            ]
        if record.state != "accepted" or beside.episode is None:
            return []
        allocate = ("allocate", "Say who takes it" if not record.allocated_to else "Give it to somebody else")
        if is_waiting(beside.episode):
            waits = [("check_in", "Looked in on the person"), ("start", "Support begins now")]
            return [*waits, allocate] if record.allocated_to else [allocate, *waits]
        return [allocate, ("sign", "Sign the priority"), ("wait", "Put the person on the waiting list")]

    def facts(self, record: Referral) -> Sequence[tuple[str, str]]:
        return facts(record, self._beside(), self.known.names, self.session.today())

    def starting_values(self, record: Referral) -> Mapping[str, str]:
        beside = self._beside()
        return {
            **{name: str(getattr(record, name)) for name in _DETAILS},
            "priority": record.priority,
            "reply": "yes",
            "withdrawn_on": self.session.today().isoformat(),
            "reached": "spoke",
            "medium": waiting_list.BY_TELEPHONE,
            "role": record.allocated_role if record.allocated_role in beside.roles else "",
        }

    def prepare(self, record: Referral) -> None:
        beside = self._beside()
        people = [(one.practitioner_id, joined(one.name, one.job_title)) for one in beside.candidates]
        for name, choices in (
            ("taken_by", people),
            ("practitioner_id", people),
            ("role", [(one, one) for one in beside.roles]),
            ("organisation_id", sorted(beside.organisations.items(), key=lambda one: one[1])),
        ):
            field = self.form.rows[name].field
            if isinstance(field, fields.ChoiceField):
                chosen = field.value()
                field.set_choices(choices)
                field.set_value(chosen if chosen in dict(choices) else "")
        self._show_notices(record, beside)
        self._show_triage(record, beside)
        wanted = record.state == "accepted" or (is_undecided(record) and not beside.triage.missing)
        rows = [
            TableRow(
                one.practitioner_id,
                (f"{one.name}\n{one.job_title}", "\n".join(("; ".join(one.reasons[:-1]), one.reasons[-1]))),
            )
            for one in beside.candidates
        ]
        self.order.setVisible(wanted)
        self.could.show_rows(rows if wanted else [], f"Who could take it: {len(rows):,}")
        count = len(beside.earlier)
        self.earlier.show_rows(
            [_earlier_row(one) for one in beside.earlier],
            "1 other referral of this person may be the same request"
            if count == 1
            else f"{count:,} other referrals of this person may be the same request",
        )
        self.letters.show_rows(
            [TableRow(one.id, (one.subject_line, label_of("letter_states", one.state))) for one in beside.letters],
            "Letters to the referrer",
        )
        layouts.empty(self._history)
        for change in beside.history[:_HISTORY]:
            said = "; ".join(f"{one.field}: {one.now}" for one in change.values if one.now)
            self._history.addWidget(fact_line(joined(change.when, change.who, change.what), said))

    def operation(self, writer: Writer, record: Referral, step: str, values: Mapping[str, str]) -> Changes:
        now, id, beside = self.session.now(), record.id, self._beside()
        episode_id = beside.episode.id if beside.episode is not None else ""
        match step:
            case "details":
                changed = {
                    name: values[name].strip() for name in _DETAILS if values[name].strip() != getattr(record, name)
                }
                seen = {name: getattr(record, name) for name in changed}
                return referrals.complete_referral(writer, id, changed, seen, at=now)
            case "sign":
                return triage.sign_priority(writer, id, values["priority"], values["priority_reason"], at=now)
            case "accept":
                return self._accept(writer, record, values)
            case "decline":
                return referrals.decline_referral(
                    writer, id, reason=values["decline_reason"], reply=bool(values["reply"]), at=now
                )
            case "withdraw":
                if not values["withdrawn_on"]:
                    raise Refused("Say on which day.", "withdrawn_on")
                on = dt.date.fromisoformat(values["withdrawn_on"])
                return referrals.withdraw_referral(writer, id, withdrawn_on=on, at=now)
            case "thank":
                return referrals.thank_referrer(writer, id, at=now)
            case "allocate":
                who, role, although = values["practitioner_id"], values["role"], values["although"]
                return allocation.allocate_referral(
                    writer, id, practitioner_id=who, role=role, although=although, at=now
                )
            case "wait":
                return waiting_list.put_on_waiting_list(writer, episode_id, at=now)
            case "start":
                return waiting_list.start_support(writer, episode_id, at=now)
            case _:
                next_on = dt.date.fromisoformat(values["next_on"]) if values["next_on"] else None
                reached: Any = values["reached"]
                medium = values["medium"]
                return waiting_list.check_in(
                    writer, episode_id, reached, values["words"], medium=medium, next_on=next_on, at=now
                )

    def refresh(self, changes: Changes) -> None:
        mine = self.known.person is not None and self.known.person.id in changes.subjects()
        if self._id and not self._saving and (mine or changes.touches("practitioner", "training", "setting", "task")):
            self._ask()

    def commands(self) -> Sequence[Command]:
        page = self.nav_key
        return (
            *super().commands(),
            Command("open_triage", "Fill in the triage form of this referral", page=page, run=self.open_triage),
        )

    def open_triage(self) -> None:
        if self.shown is not None:
            self.go.emit("triage", self.shown.id)

    def at_risk(self) -> None:
        """Through the triage form's door, which takes the referral's words along."""
        if self.known.person is not None:
            self.go.emit("at_risk", f"for/{self.known.person.id}")

    def choose(self, practitioner_id: str) -> None:
        """Space on a name: they take it, once it is saved."""
        steps = dict(self._steps)
        step = "allocate" if "allocate" in steps else "accept" if "accept" in steps else ""
        if not step:
            return
        self.form.rows[STEP].field.set_value(step)
        self._show_rows()
        field = self.form.rows["practitioner_id" if step == "allocate" else "taken_by"].field
        field.set_value(practitioner_id)
        field.edited.emit()
        field.setFocus()

    def _accept(self, writer: Writer, record: Referral, values: Mapping[str, str]) -> Changes:
        try:
            return referrals.accept_referral(
                writer,
                record.id,
                practitioner_id=values["taken_by"],
                although=values["although"],
                priority=values["accept_priority"],
                priority_reason=values["accept_reason"],
                waits=bool(values["waits"]),
                reply=bool(values["reply"]),
                at=self.session.now(),
            )
        except Refused as refusal:
            named = {"priority_reason": "accept_reason", "priority": "accept_priority"}.get(refusal.field or "")
            raise Refused(refusal.message, named or refusal.field) from refusal

    def _show_notices(self, record: Referral, beside: Beside) -> None:
        missing = beside.triage.missing if is_undecided(record) else ()
        self.missing.show_message(
            messages.Message(
                f"Incomplete. Missing: {'; '.join(missing)}.", "It is kept, and cannot be accepted yet.", "", "warning"
            )
        )
        self.missing.setVisible(bool(missing))
        likely = beside.triage.suggestion
        flags = likely.flags if likely is not None and is_undecided(record) else ()
        said = " ".join(dict.fromkeys(flag.instruction for flag in flags))
        done = "; ".join(one.followed for one in beside.triage.screenings if one.followed)
        self.flag.show_message(
            messages.Message(
                f"Red flag. {said}",
                f"Done about it: {done}" if done else "Nobody has said yet what was done.",
                "",
                "bad",
            )
        )
        self.flag.setVisible(bool(flags))
        self.risk_button.setVisible(bool(flags))
        doubts = []
        if beside.clashes:
            doubts.append("Two colleagues wrote different things about this referral. Somebody has to settle it.")
        if beside.also_open:
            doubts.append("Two referrals were accepted apart, so support is open twice. Close one of the two.")
        self.clash.show_message(messages.Message(" ".join(doubts), "", "", "warning"))
        self.clash.setVisible(bool(doubts))
        self.clash_button.setVisible(bool(beside.clashes))

    def _show_triage(self, record: Referral, beside: Beside) -> None:
        layouts.empty(self._answers)
        standing = beside.triage
        for screening in standing.screenings:
            form = standing.read_with.get(screening.id)
            who = self.known.names.get(screening.practitioner_id, "a colleague")
            title = form.title if form is not None else screening.form
            head = f"{title}, version {screening.form_version}, filled in by {who} {moment_words(screening.taken_at)}"
            self._answers.addWidget(labels.muted(head))
            for question, answer in answered(form, screening) if form is not None else ():
                self._answers.addWidget(fact_line(question, answer))
            if form is None:
                self._answers.addWidget(labels.body("This version of the form is not on this laptop."))
        likely = standing.suggestion
        if likely is not None:
            label = label_of("priorities", standing.priority)
            self._answers.addWidget(labels.strong(suggestion_words(label, likely.because, likely.unclear)))
            if likely.contradictions:
                said = "; ".join(likely.contradictions)
                self._answers.addWidget(
                    labels.body(f"Answered although other answers rule it out, and counted: {said}")
                )
        if not standing.screenings:
            words = NO_FORM if standing.form is None else "Not filled in yet."
            self._answers.addWidget(labels.body(words))
        self.triage_button.setVisible(is_undecided(record) and standing.form is not None)

    def _actions(self, practitioner_id: str) -> Sequence[RowAction]:
        return [
            ("They take it", self.choose),
            ("Show what they have on", partial(self.go.emit, "workload")),
        ]

    def _open_letter(self, letter_id: str) -> None:
        if self.known.person is not None:
            self.go.emit("letters", f"{self.known.person.id}/{letter_id}")

    def _beside(self) -> Beside:
        found: Beside = self.known.more
        return found


def _earlier_row(one: EarlierRequest) -> TableRow:
    referral = one.referral
    state, source = label_of("referral_states", referral.state), label_of("referral_sources", referral.source)
    said = f"{day_words(referral.received_on, 'A day not recorded')}, {state}\n{source}"
    why = "; ".join(one.why)
    return TableRow(referral.id, (said, f"{why[:1].upper()}{why[1:]}"))
