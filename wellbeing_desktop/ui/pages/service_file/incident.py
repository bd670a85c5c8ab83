"""An incident or near miss: what happened, what was done, the duty of candour, a breach and its 72 hours (W19)."""

from collections.abc import Sequence

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.service_file import Incident
from wellbeing_desktop.domain.service_file_rules import breach_due
from wellbeing_desktop.operations import service_files
from wellbeing_desktop.operations.service_files import ServiceFile
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.ui.pages.service_file import words
from wellbeing_desktop.ui.pages.service_file.page import ServiceFilePage


class IncidentPage(ServiceFilePage):
    title, nav_key = "Incident", "incident"
    struct = Incident
    new_title = "Report an incident"
    person_words = "Who was affected"
    owner_fields = ("corrective_owner",)
    needed = ("words",)
    new_rows = frozenset({"kind"})
    cards_of = (
        (
            "What happened",
            (("kind",), ("happened_at", "place"), ("words",), ("immediate_action",), ("harm",)),
        ),
        ("Reported elsewhere", (("reported_in", "reference"),)),
        (
            "Putting it right",
            (
                ("corrective_action",),
                ("corrective_owner", "corrective_due_on", "corrective_done_on"),
                ("learning_reviewed_on",),
                ("learning",),
            ),
        ),
        (
            "Duty of candour",
            (("candour_applies",), ("candour_told", "candour_told_on", "apology_on"), ("candour",)),
        ),
        (
            "Personal data breach",
            (("breach_aware_at",), ("breach_told_at", "breach_reference"), ("breach_not_told",)),
        ),
    )

    def open_file(self, writer: Writer, record: Incident) -> Changes:
        return service_files.open_incident(writer, record, at=self.session.now())

    def clocks(self, record: ServiceFile) -> Sequence[str]:
        if not isinstance(record, Incident):
            return ()
        now, said = self.session.now(), []
        if record.breach_aware_at is not None and breach_due(record) is not None:
            said.append(words.breach_words(record.breach_aware_at, now))
        if record.corrective_due_on is not None and record.corrective_done_on is None:
            said.append(words.by_day("Corrective action", record.corrective_due_on, self.session.today()))
        return said
