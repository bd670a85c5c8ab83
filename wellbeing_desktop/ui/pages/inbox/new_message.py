"""Hand words to a colleague; the sender sees whether they were read (A5)."""

from collections.abc import Mapping

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.enquiry import Message
from wellbeing_desktop.operations.messages import send_message
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.pages.forms.form_page import FormPage
from wellbeing_desktop.ui.widgets import fields
from wellbeing_desktop.ui.widgets.form import Form


class NewMessagePage(FormPage):
    """The argument is the id of the person it is about, or empty."""

    title, nav_key, section_key, help_key = "Message to a colleague", "new_message", "inbox", "inbox"
    phrase_place = "message"
    draft_name = "new_message"
    record = Message
    save_words = "&Send message"
    saved_words = "Message sent with the next sync."

    def build(self, form: Form) -> None:
        form.add("subject", "&To", fields.choice((), empty="Not chosen"), required=True)
        form.add("words", "&Message", fields.note(lines=5), required=True)
        form.add("urgent", "", fields.tick("This is &urgent"))

    def on_shown(self, argument: str = "") -> None:
        background.query(self, self.session.store, _colleagues, self._show_colleagues)
        super().on_shown(argument)

    def where_next(self) -> tuple[str, str]:
        return ("person", self.person_id) if self.person_id else ("inbox", "")

    def operation(self, writer: Writer, values: Mapping[str, str]) -> Changes:
        return send_message(
            writer,
            Message(
                id=self.record_id,
                subject=values["subject"],
                person_id=self.person_id,
                words=values["words"],
                urgent=True if values["urgent"] else None,
            ),
            at=self.session.now(),
        )

    def _show_colleagues(self, colleagues: list[tuple[str, str]]) -> None:
        field = self.form.rows["subject"].field
        if isinstance(field, fields.ChoiceField):
            field.set_choices([(id, name) for id, name in colleagues if id != self.session.user_id])


def _colleagues(reader: Reader) -> list[tuple[str, str]]:
    return [(id, name) for id, name in reader.rows("SELECT id, name FROM live_practitioner ORDER BY name, id")]
