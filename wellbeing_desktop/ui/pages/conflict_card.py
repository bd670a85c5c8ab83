"""One clash: both values side by side with who, when, where and on which laptop, and four ways to settle it."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from wellbeing_desktop.domain.dates import AT_AN_UNKNOWN_TIME, kept_moment_words, moment_words, staff_date
from wellbeing_desktop.domain.word_diff import Change
from wellbeing_desktop.storage.conflicts import OpenConflict, Side
from wellbeing_desktop.ui.tokens import SPACE_M, SPACE_S, SPACE_XS
from wellbeing_desktop.ui.widgets import buttons, cards, fields, labels
from wellbeing_desktop.ui.widgets.beside import Beside
from wellbeing_desktop.ui.widgets.compared_text import ComparedText
from wellbeing_desktop.ui.widgets.flow import FlowLayout
from wellbeing_desktop.ui.widgets.form import Form

MINE: Final = "mine"
THEIRS: Final = "theirs"
BOTH: Final = "both"
OTHER: Final = "other"
_ONLY_HERE: Final = {Change.ADDED: "[only here: "}
_SIDE_BY_SIDE_FROM: Final = 90
"""Average characters of width."""


class ConflictCard(cards.Card):
    """`settled` gives (clash, choice, text): mine is the side kept apart, theirs the one that stands on the record.

    `assigned` gives (clash, practitioner, day as ISO text), `reopened` and `record_asked` the clash.
    """

    settled = Signal(str, str, object)
    assigned = Signal(str, str, str)
    reopened = Signal(str)
    record_asked = Signal(str)

    def __init__(
        self, conflict: OpenConflict, colleagues: Sequence[tuple[str, str]], today: Callable[[], dt.date]
    ) -> None:
        super().__init__(
            f"{conflict.person_name or 'A person not on this laptop'}. {conflict.what}",
            action=buttons.link("Open the &record", lambda: self.record_asked.emit(conflict.id)),
        )
        self.conflict = conflict
        self.body.setSpacing(SPACE_M)
        facts = [conflict.where, f"Before both: {conflict.base_words}" if conflict.base_words else ""]
        if not conflict.is_words or len(conflict.base_words) < 200:
            for words in filter(None, facts):
                self.body.addWidget(labels.muted(words))
        else:  # a long text before both is read in its place, marked in the two sides
            self.body.addWidget(labels.muted(facts[0] or "Words taken out and added are marked in both."))
        self.sides = Beside(SPACE_M, least_characters=_SIDE_BY_SIDE_FROM)
        for side, where in self._in_order():
            self.sides.add(self._side(side, where), 1)
        self.body.addWidget(self.sides)
        self.form = Form()
        self.buttons: list[buttons.IconButton] = []
        if conflict.settled is None:
            self._offer_choices()
            self._offer_owner(colleagues, today)
        else:
            self._say_how_it_ended()

    def is_being_written(self) -> bool:
        return self.conflict.settled is None and not self.form.isHidden()

    def write_another(self, text: str | None = None) -> None:
        """Opens the field for a third text, filled with both."""
        self.form.set_values({"text": self._both() if text is None else text})
        self.form.show()
        self.form.rows["text"].field.setFocus()

    def first_choice(self) -> QWidget:
        return self.buttons[0]

    def _in_order(self) -> list[tuple[Side, str]]:
        """The more careful one first where an order is defined, else the one that stands."""
        conflict = self.conflict
        stands, apart = "Stands on the record now", "Kept beside it"
        if conflict.settled is not None:
            stands, apart = "Stood on the record", "Was kept beside it"
        pair = [(conflict.standing, stands), (conflict.kept_apart, apart)]
        if conflict.kept_apart_first:
            pair.reverse()
        if conflict.has_order:
            pair[0] = (pair[0][0], f"{pair[0][1]}. The more careful of the two")
        return pair

    def _side(self, side: Side, where: str) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_XS)
        text = ComparedText()
        if side.pieces:
            if self.conflict.base:
                text.show_pieces(side.pieces)
            else:  # nothing stood before both: what the other side does not say is marked
                text.show_pieces([one for one in side.pieces if one.change is not Change.TAKEN_OUT], _ONLY_HERE)
        else:
            text.show_words(side.words)
        who = ", ".join(filter(None, ("You" if side.is_own else side.author, kept_moment_words(side.at))))
        column.addWidget(labels.label_for(f"{who} {side.device}".rstrip().replace("&", "&&"), text))
        column.addWidget(labels.muted(f"{where}."))
        column.addWidget(text)
        return holder

    def _offer_choices(self) -> None:
        conflict = self.conflict
        holder = QWidget()
        choices = FlowLayout(holder, spacing=SPACE_S)
        for side, where in self._in_order():
            choice = THEIRS if side is conflict.standing else MINE
            self.buttons.append(buttons.secondary(f"Keep {self._whose(side, where)}", self._chooser(choice)))
        if conflict.may_be_both:
            self.buttons.append(buttons.secondary("Keep &both", self._chooser(BOTH)))
        if conflict.is_words:
            self.buttons.append(buttons.secondary("&Write another text", self.write_another))
        for button in self.buttons:
            choices.addWidget(button)
        self.body.addWidget(holder)
        self.form.add("text", "&Text to keep", fields.note(lines=4), required=True)
        self.form.add_actions(buttons.primary("&Keep this text", self._keep_written))
        self.form.hide()
        self.body.addWidget(self.form)

    def _offer_owner(self, colleagues: Sequence[tuple[str, str]], today: Callable[[], dt.date]) -> None:
        self.body.addWidget(cards.rule())
        self.owner = Form()
        self.owner.begin_row()
        self.owner.add("owner", "Who &settles it", fields.choice(colleagues, empty="Nobody yet"), stretch=2)
        self.owner.add("due_on", "By wh&en", fields.day(today), stretch=1)
        self.owner.end_row()
        due = self.conflict.due_on
        self.owner.set_values({"owner": self.conflict.owner_id, "due_on": due.isoformat() if due else ""})
        self.owner.add_actions(buttons.secondary("Save who and w&hen", self._assign))
        self.body.addWidget(self.owner)

    def _say_how_it_ended(self) -> None:
        ended = self.conflict.settled
        if ended is None:
            return
        when = moment_words(ended.at, AT_AN_UNKNOWN_TIME)
        kept = {
            THEIRS: f"What {_name(self.conflict.standing)} wrote was kept.",
            MINE: f"What {_name(self.conflict.kept_apart)} wrote was kept.",
            BOTH: "Both were kept, one after the other.",
            OTHER: "Another text was written.",
        }.get(ended.choice, "")
        self.body.addWidget(labels.strong(f"Settled by {ended.by}, {when}. {kept}"))
        text = ComparedText()
        text.show_words(ended.words)
        self.body.addWidget(labels.label_for("What was kept", text))
        self.body.addWidget(text)
        self.buttons = [buttons.secondary("Open this clash &again", lambda: self.reopened.emit(self.conflict.id))]
        self.body.addWidget(self.buttons[0])

    def _whose(self, side: Side, where: str) -> str:
        both_alike = self.conflict.standing.is_own == self.conflict.kept_apart.is_own and (
            self.conflict.standing.author == self.conflict.kept_apart.author
        )
        if both_alike:
            return "what stands on the record" if side is self.conflict.standing else "what was kept beside it"
        return "&yours" if side.is_own else f"what {side.author.replace('&', '&&')} wrote"

    def _chooser(self, choice: str) -> Callable[[], None]:
        return lambda: self.settled.emit(self.conflict.id, choice, None)

    def _both(self) -> str:
        texts = [side.value for side, _where in self._in_order() if isinstance(side.value, str) and side.value]
        return "\n\n".join(dict.fromkeys(texts))

    def _keep_written(self) -> None:
        if self.form.check():
            self.settled.emit(self.conflict.id, OTHER, self.form.values()["text"])

    def _assign(self) -> None:
        if self.owner.check():
            values = self.owner.values()
            self.assigned.emit(self.conflict.id, values["owner"], values["due_on"])


def _name(side: Side) -> str:
    return "you" if side.is_own else side.author


def due_words(due_on: dt.date | None, today: dt.date) -> str:
    """ "2 days late", "Settle by 30-Nov-2026"; empty without a day."""
    if due_on is None:
        return ""
    late = (today - due_on).days
    if late > 0:
        return "1 day late" if late == 1 else f"{late} days late"
    return "Due today" if late == 0 else f"By {staff_date(due_on)}"
