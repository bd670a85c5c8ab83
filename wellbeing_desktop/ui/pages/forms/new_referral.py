"""Add a referral as it came (Ctrl+Shift+N)."""

import datetime as dt
from collections.abc import Mapping

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.referral import Referral
from wellbeing_desktop.operations.referrals import receive_referral
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.ui.pages.forms.form_page import FormPage, choices_of
from wellbeing_desktop.ui.widgets import fields
from wellbeing_desktop.ui.widgets.form import Form


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

    def operation(self, writer: Writer, values: Mapping[str, str]) -> Changes:
        return receive_referral(
            writer,
            Referral(
                id=self.record_id,
                subject=self.person_id,
                received_on=dt.date.fromisoformat(values["received_on"]),
                source=values["source"],
                reason=values["reason"],
                urgency=values["urgency"],
                referrer_name=values["referrer_name"].strip(),
                referrer_contact=values["referrer_contact"].strip(),
            ),
            words=values["words"],
            at=self.session.now(),
        )
