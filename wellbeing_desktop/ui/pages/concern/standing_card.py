"""Who has a concern, and closing it: what is missing before that is said in words."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

import msgspec

from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.concern import Concern
from wellbeing_desktop.domain.concern_rules import missing_before_closing
from wellbeing_desktop.domain.dates import recent_words
from wellbeing_desktop.ui.widgets import buttons, fields, labels
from wellbeing_desktop.ui.widgets.cards import Card
from wellbeing_desktop.ui.widgets.form import Form


class StandingCard(Card):
    """`outcome()` gives what was chosen and written for closing, `finishes_call()` whether the call ends with it."""

    def __init__(self, take: Callable[[], object], close: Callable[[], object], reopen: Callable[[], object]) -> None:
        super().__init__("Where it stands")
        self.state_line = labels.strong()
        self.body.addWidget(self.state_line)
        self.watched_line = labels.strong()
        self.watched_line.hide()
        self.body.addWidget(self.watched_line)
        self.take_button = buttons.secondary("I &take it", take, icon="check")
        self.body.addWidget(self.take_button)
        self.missing = labels.body()
        self.body.addWidget(self.missing)
        self.form = Form()
        self.choice = fields.choice((), empty="Not chosen")
        self.form.add("outcome", "&Outcome", self.choice)
        self.form.add("outcome_words", "What &came of it", fields.note(lines=3))
        self.form.add("finish_call", "", fields.tick("Fini&sh the call in the Inbox too"))
        self.form.add_actions(buttons.secondary("C&lose with this outcome", close, icon="check"))
        self.body.addWidget(self.form)
        self.reopen_button = buttons.secondary("Open it a&gain", reopen, icon="undo-2")
        self.body.addWidget(self.reopen_button)
        self._shown = ""

    def outcome(self) -> tuple[str, str]:
        values = self.form.values()
        return values["outcome"], values["outcome_words"].strip()

    def finishes_call(self) -> bool:
        return bool(self.form.values()["finish_call"])

    def show_watched(self, said: str) -> None:
        """What the server does not know of yet, and whom to phone meanwhile (PRACTICE W13); empty where it does."""
        self.watched_line.setText(said)
        self.watched_line.setVisible(bool(said))

    def show_concern(
        self,
        concern: Concern,
        names: Mapping[str, str],
        now: dt.datetime,
        outcomes: Sequence[tuple[str, str]],
        *,
        call_waits: bool = False,
    ) -> None:
        """State, lead and what is missing. What is being written for closing stays. `call_waits` is True while the call
        that it began in is in somebody's Inbox."""
        if self._shown != concern.id:
            self._shown = concern.id
            self.choice.set_choices(outcomes)
            self.form.set_values({"outcome": concern.outcome, "outcome_words": concern.outcome_words})
            self.form.show_errors({})
        is_closed = concern.state == "closed"
        raised = f"Raised {recent_words(concern.raised_at, now)} by {names.get(concern.raised_by, 'a colleague')}. "
        if is_closed:
            by = names.get(concern.closed_by, "a colleague")
            stands = f"Closed {recent_words(concern.closed_at, now)} by {by}: {label_of('concern_outcomes', concern.outcome)}."
        elif concern.state == "with_lead":
            stands = f"With {names.get(concern.lead_id, 'a colleague')}."
        else:
            stands = f"Nobody has it yet. Somebody must answer by {recent_words(concern.respond_by, now)}."
        self.state_line.setText(raised + stands)
        self.take_button.setVisible(concern.state == "open")
        missing = missing_before_closing(msgspec.structs.replace(concern, outcome="x", outcome_words="x"))
        said = "\n".join(sentence for _field, sentence in missing)
        self.missing.setText(f"Before it can be closed:\n{said}")
        self.missing.setVisible(bool(missing) and not is_closed)
        self.form.rows["finish_call"].holder.setVisible(call_waits)
        self.form.setVisible(not is_closed)
        self.reopen_button.setVisible(is_closed)
