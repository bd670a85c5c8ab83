"""Add a referral as it came (Ctrl+Shift+N)."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.referral import Referral
from wellbeing_desktop.operations.referrals import receive_referral
from wellbeing_desktop.operations.same_referral import (
    EarlierRequest,
    add_to_referral,
    earlier_requests,
    receive_again,
)
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.pages.forms.earlier_requests import EarlierRequests
from wellbeing_desktop.ui.pages.forms.form_page import FormPage, choices_of
from wellbeing_desktop.ui.saving import discard
from wellbeing_desktop.ui.widgets import fields
from wellbeing_desktop.ui.widgets.form import Form

_ADD: Final = "add"
_NEW: Final = "new"


class NewReferralPage(FormPage):
    title, nav_key, section_key, help_key = "Add a referral", "new_referral", "referrals", "referrals"
    draft_name = "new_referral"
    record = Referral
    save_words = "&Save referral"
    saved_words = "Referral added."

    def build(self, form: Form) -> None:
        form.begin_row()
        form.add("received_on", "&Received on", fields.day(self.session.today), required=True)
        form.add(
            "source",
            "&Where it came from",
            fields.choice(choices_of("referral_sources"), empty="Not chosen"),
            required=True,
        )
        form.end_row()
        form.begin_row()
        form.add("reason", "Reas&on", fields.choice(choices_of("referral_reasons"), empty="Not chosen"))
        form.add("urgency", "&Urgency asked for", fields.choice(choices_of("urgencies"), empty="Not said"))
        form.end_row()
        form.begin_row()
        form.add("referrer_name", "Referred &by", fields.line())
        form.add("referrer_contact", "How to reac&h the referrer", fields.line())
        form.end_row()
        form.add(
            "words", "What the referral sa&ys", fields.note(lines=5), help_text="In the words of whoever referred."
        )

    def starting_values(self) -> Mapping[str, str]:
        return {"received_on": self.session.today().isoformat()}

    def after_form(self, body: Any) -> None:
        self.earlier = EarlierRequests(self.session)
        self.earlier.add_to.connect(self._add_to)
        self.earlier.save_new.connect(self._save_new)
        self.earlier.another.connect(self._another_person)
        body.addWidget(self.earlier)
        self._decision: tuple[str, str, str] = ("", "", "")

    def save(self) -> None:
        """Asked for already? Then somebody decides before anything is saved."""
        if self._saving or not self.form.check():
            return
        referral, today = self._referral(self.form.values()), self.session.today()
        background.query(
            self, self.session.store, lambda reader: earlier_requests(reader, referral, today), self._decide
        )

    def operation(self, writer: Writer, values: Mapping[str, str]) -> Changes:
        referral, words, now = self._referral(values), values["words"], self.session.now()
        choice, earlier_id, why = self._decision
        if choice == _ADD:
            return add_to_referral(writer, earlier_id, referral, words=words, at=now)
        if choice == _NEW:
            return receive_again(writer, referral, earlier_id, why, words=words, at=now)
        return receive_referral(writer, referral, words=words, at=now)

    def _begin_again(self) -> None:
        super()._begin_again()
        self._decision = ("", "", "")
        if hasattr(self, "earlier"):
            self.earlier.show_requests(())

    def _decide(self, found: tuple[EarlierRequest, ...]) -> None:
        self.earlier.show_requests(found)
        if found:
            self.earlier.announce()
        else:
            self._decision = ("", "", "")
            super().save()

    def _add_to(self, referral_id: str) -> None:
        self._decision = (_ADD, referral_id, "")
        super().save()

    def _save_new(self, earlier_id: str, why: str) -> None:
        self._decision = (_NEW, earlier_id, why)
        super().save()

    def _another_person(self, person_id: str) -> None:
        """What was typed goes along; the draft under the first person is discarded."""
        values, old_key = self.form.values(), self.draft_key
        self.keeper.finish()
        discard(self, self.session, old_key)
        self.on_shown(person_id)
        self.keeper.restore(values)
        self.save_draft()

    def _referral(self, values: Mapping[str, str]) -> Referral:
        return Referral(
            id=self.record_id,
            subject=self.person_id,
            received_on=dt.date.fromisoformat(values["received_on"]),
            source=values["source"],
            reason=values["reason"],
            urgency=values["urgency"],
            referrer_name=values["referrer_name"].strip(),
            referrer_contact=values["referrer_contact"].strip(),
        )
