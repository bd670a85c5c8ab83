"""One message: read by opening it, answered or just dealt with; its sender sees which."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.dates import recent_words
from wellbeing_desktop.domain.enquiry import Message
from wellbeing_desktop.operations.messages import answer_message, read_message
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.pages.inbox.step_page import StepPage
from wellbeing_desktop.ui.widgets import fields
from wellbeing_desktop.ui.widgets.form import Form


class MessagePage(StepPage[Message]):
    title, nav_key = "Message", "message"
    phrase_place = "message"
    record, record_name = Message, "message"
    save_words = "&Save answer"
    rows_of: ClassVar[Mapping[str, tuple[str, ...]]] = {"answer": ("answer",)}

    def build(self, form: Form) -> None:
        form.add(
            "answer",
            "Your &answer",
            fields.note(lines=3),
            help_text="The sender sees it. Save with nothing here when it is dealt with and there is nothing to say.",
        )

    def steps(self, record: Message) -> Sequence[tuple[str, str]]:
        mine = record.subject == self.session.user_id
        return [("answer", "It is dealt with")] if mine and record.state != "done" else []

    def facts(self, record: Message) -> Sequence[tuple[str, str]]:
        now, names = self.session.now(), self.known.names
        state = label_of("message_states", record.state)
        if record.read_at:
            state = (
                f"Read {recent_words(record.read_at, now)}"
                if record.state == "read"
                else f"{state}, read {recent_words(record.read_at, now)}"
            )
        return [
            ("Message", record.words),
            ("Urgent", "Yes" if record.urgent else ""),
            ("From", f"{names.get(record.from_id, 'A colleague')}, {recent_words(record.sent_at, now)}"),
            ("To", names.get(record.subject, "A colleague")),
            ("State", state),
            ("Answer", record.answer),
        ]

    def person_of(self, record: Message) -> str:
        return record.person_id

    def more_known(self, reader: Reader, record: Message) -> None:
        return None

    def prepare(self, record: Message) -> None:
        """Opened by the one it is for: that is reading it."""
        if record.state == "sent" and record.subject == self.session.user_id:
            id, now = record.id, self.session.now()
            background.operate(self, self.session.store, lambda writer: read_message(writer, id, at=now))

    def operation(self, writer: Writer, record: Message, step: str, values: Mapping[str, str]) -> Changes:
        return answer_message(writer, record.id, values["answer"], at=self.session.now())
