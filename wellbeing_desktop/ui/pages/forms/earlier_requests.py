"""Asked for already: what is known of the earlier referrals, and the three things that may be done (B7)."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.dates import day_words
from wellbeing_desktop.operations.same_referral import EarlierRequest
from wellbeing_desktop.ui.pages.person.picker import PersonPicker
from wellbeing_desktop.ui.reading_order import tab_in_reading_order
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.tokens import SPACE_S, SPACE_XS
from wellbeing_desktop.ui.widgets import buttons, cards, fields, labels, layouts, messages
from wellbeing_desktop.ui.widgets.form import Form


class EarlierRequests(cards.Card):
    """Hidden while there is nothing to decide. `add_to` gives a referral that is open, `save_new` the referral that is
    repeated and why, `another` the person it is really about."""

    add_to = Signal(str)
    save_new = Signal(str, str)
    another = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__("Asked for already")
        self._session = session
        self._newest = ""
        self.notice = messages.notice("", "warning")
        self.body.addWidget(self.notice)
        self._requests = QVBoxLayout()
        self._requests.setSpacing(SPACE_S)
        self.body.addLayout(self._requests)
        self.body.addWidget(cards.rule())
        self.form = Form()
        self.form.add(
            "why_new",
            "Why it is a new re&ferral",
            fields.line(),
            required=True,
            help_text="For example: another need, or the first request was closed at the person's wish.",
        )
        self.new_button = buttons.secondary("Save as a &new referral", self._save_new)
        self.form.add_actions(self.new_button)
        self.body.addWidget(self.form)
        self.body.addWidget(cards.rule())
        self._place = QVBoxLayout()
        self.body.addLayout(self._place)
        self.hide()

    def show_requests(self, found: Sequence[EarlierRequest]) -> None:
        layouts.empty(self._requests)
        layouts.empty(self._place)
        self.form.set_values({"why_new": ""})
        self.form.show_errors({})
        self.setVisible(bool(found))
        if not found:
            return
        self._newest = found[0].referral.id
        many = "A referral" if len(found) == 1 else f"{len(found)} referrals"
        self.notice.show_message(
            messages.Message(
                f"{many} of this person may be the same request. Nothing is saved yet.",
                "Look at what is known, then choose.",
                "",
                "warning",
            )
        )
        for one in found:
            self._requests.addWidget(self._request(one))
        self.picker = PersonPicker(self._session, "It is another &person", not_id=found[0].referral.subject)
        self.picker.choice.hide()
        self.picker.chosen.connect(self.another)
        self._place.addWidget(self.picker)
        tab_in_reading_order(self.window())

    def announce(self) -> None:
        messages.announce(self.notice, self.notice.accessibleName())
        self.new_button.setFocus()

    def _save_new(self) -> None:
        if self.form.check():
            self.save_new.emit(self._newest, self.form.values()["why_new"])

    def _request(self, one: EarlierRequest) -> QWidget:
        referral = one.referral
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_XS)
        on = day_words(referral.received_on, "a day not recorded")
        column.addWidget(labels.strong(f"Received on {on}"))
        said = [
            label_of("referral_states", referral.state) if referral.state else "",
            label_of("referral_sources", referral.source) if referral.source else "",
            label_of("referral_reasons", referral.reason) if referral.reason else "",
            f"referred by {referral.referrer_name}" if referral.referrer_name else "",
        ]
        column.addWidget(labels.body(", ".join(filter(None, said))))
        if one.words:
            column.addWidget(labels.body(one.words))
        why = ", ".join(one.why)
        column.addWidget(labels.muted(f"{why[:1].upper()}{why[1:]}."))
        if one.is_open:
            column.addWidget(
                buttons.secondary(f"Add it to the referral of {on}", partial(self.add_to.emit, referral.id))
            )
        return holder
