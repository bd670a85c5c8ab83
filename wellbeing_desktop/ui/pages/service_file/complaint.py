"""A complaint, compliment or data-protection complaint: its clocks, its answer, where they may go next (W19)."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.dates import staff_date
from wellbeing_desktop.domain.service_file import Complaint
from wellbeing_desktop.operations import service_files
from wellbeing_desktop.operations.service_files import ServiceFile
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.ui.pages.service_file import words
from wellbeing_desktop.ui.pages.service_file.page import ServiceFilePage
from wellbeing_desktop.ui.widgets import buttons


class ComplaintPage(ServiceFilePage):
    title, nav_key = "File", "complaint"
    struct = Complaint
    new_title = "Write down a complaint or compliment"
    person_words = "About whose care"
    owner_fields = ("owner_id",)
    needed = ("words",)
    new_rows = frozenset({"kind", "received_on"})
    cards_of = (
        (
            "What they say",
            (("kind", "received_on"), ("from_name", "from_contact"), ("from_address",), ("words",), ("owner_id",)),
        ),
        (
            "Answer",
            (
                ("acknowledge_by", "acknowledged_on"),
                ("answer_by", "answered_on"),
                ("answer",),
                ("next_stop",),
                ("learning",),
            ),
        ),
        ("Escalation", (("escalated_to", "escalated_on"), ("escalated_why",))),
    )

    def more_buttons(self) -> Sequence[QWidget]:
        self.letter_button = buttons.secondary("Dra&ft of the answer, to print", self._letter, icon="printer")
        return (self.letter_button,)

    def open_file(self, writer: Writer, record: Complaint) -> Changes:
        return service_files.open_complaint(writer, record, at=self.session.now())

    def clocks(self, record: ServiceFile) -> Sequence[str]:
        if not isinstance(record, Complaint):
            return ()
        today, said = self.session.today(), []
        if record.acknowledged_on is not None:
            said.append(f"Acknowledged on {staff_date(record.acknowledged_on)}")
        elif record.acknowledge_by is not None:
            said.append(words.by_day("Acknowledge", record.acknowledge_by, today))
        if record.answered_on is not None:
            said.append(f"Answered on {staff_date(record.answered_on)}")
        elif record.answer_by is not None:
            said.append(words.by_day("Answer", record.answer_by, today))
        elif record.kind != "compliment":
            said.append("No day is set for the answer: agree one with them.")
        if record.escalated_on is not None:
            said.append(f"Escalated to {record.escalated_to} on {staff_date(record.escalated_on)}")
        return said

    def _letter(self) -> None:
        if self.record is not None:
            self.save_draft()
            self.go.emit("answer_letter", self.record.id)
