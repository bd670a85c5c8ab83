"""What somebody has promised to do by a day."""

import datetime as dt
from typing import Annotated

from wellbeing_desktop.domain.definition import Compartment, Merge, Record, RecordType, about


class Task(Record, frozen=True, kw_only=True, omit_defaults=True):
    title: Annotated[str, about("Task", required=True, search=1)] = ""
    detail: Annotated[str, about("Details", Merge.NARRATIVE, search=1)] = ""
    kind: Annotated[str, about("Kind", code_list="task_kinds", counted=True)] = ""
    about_id: Annotated[str, about("About", Merge.FIXED)] = ""
    owner_id: Annotated[str, about("Who", Merge.OWNER, refers_to="practitioner", counted=True)] = ""
    team_id: Annotated[str, about("Team", refers_to="team", counted=True)] = ""
    due_on: Annotated[dt.date | None, about("By when", counted=True)] = None
    due_at: Annotated[dt.datetime | None, about("At what time")] = None
    urgent: Annotated[bool | None, about("Urgent")] = None
    state: Annotated[str, about("State", Merge.STATE, code_list="task_states", counted=True)] = ""
    done_on: Annotated[dt.date | None, about("Done on", counted=True)] = None
    outcome: Annotated[str, about("Outcome", Merge.NARRATIVE, search=1)] = ""
    rule: Annotated[str, about("Made by rule", Merge.FIXED, help="Which follow-up rule made it.", counted=True)] = ""
    repeats: Annotated[str, about("Comes again every", help="An ISO 8601 duration, such as P2W.")] = ""
    repeats_from: Annotated[dt.date | None, about("First due", help="Which day of the month it comes on.")] = None
    repeats_until: Annotated[dt.date | None, about("Comes again until")] = None
    delegated_by: Annotated[str, about("Handed on by", refers_to="practitioner")] = ""
    needs_review: Annotated[bool | None, about("Outcome to be looked at", help="By who handed it on.")] = None
    review_words: Annotated[str, about("Sent back because", Merge.NARRATIVE)] = ""
    reviewed_on: Annotated[dt.date | None, about("Outcome looked at on")] = None
    escalated_to: Annotated[str, about("Raised with", refers_to="practitioner")] = ""
    escalated_at: Annotated[dt.datetime | None, about("Raised at")] = None


TASK = RecordType(
    struct=Task,
    name="task",
    label="Task",
    plural="Tasks",
    compartment=Compartment.CORE,
    transitions={
        "": frozenset({"open", "done"}),
        "open": frozenset({"to_review", "done", "cancelled"}),
        "to_review": frozenset({"open", "done", "cancelled"}),
        "done": frozenset({"open"}),
        "cancelled": frozenset({"open"}),
    },
    made_by="rule",
    at="due_on",
)
