"""One questionnaire filled in, and its numbers (reference/04)."""

import datetime as dt
from typing import Annotated

from wellbeing_desktop.domain.definition import Compartment, Lifecycle, Merge, Record, RecordType, Sensitivity, about

FIXED = Merge.FIXED


class Assessment(Record, frozen=True, kw_only=True, omit_defaults=True):
    """Answers, given to the version of the tool that they were given to. Immutable from Save.

    `answers` is JSON text: an object of item id to whole number or text, absent when not answered.
    """

    tool: Annotated[str, about("Questionnaire", FIXED, required=True)] = ""
    tool_version: Annotated[str, about("Version", FIXED, required=True)] = ""
    answers: Annotated[str, about("Answers", FIXED, long=True, sensitivity=Sensitivity.SPECIAL)] = ""
    taken_at: Annotated[dt.datetime | None, about("Taken at", FIXED)] = None
    taken_on: Annotated[dt.date | None, about("Taken on", FIXED, required=True)] = None
    practitioner_id: Annotated[str, about("Taken by", FIXED, refers_to="practitioner")] = ""
    contact_id: Annotated[str, about("At contact", FIXED, refers_to="contact")] = ""
    how: Annotated[str, about("How it was taken", FIXED)] = ""


class Score(Record, frozen=True, kw_only=True, omit_defaults=True):
    """One number of an assessment, by its scale: `satisfied` of `ons4`, `total` of `gad7`. In core, so that a return
    can count it without the answers."""

    assessment_id: Annotated[str, about("Assessment", FIXED, refers_to="assessment")] = ""
    tool: Annotated[str, about("Questionnaire", FIXED, required=True, counted=True)] = ""
    scale: Annotated[str, about("Scale", FIXED, required=True, counted=True)] = ""
    value: Annotated[int | None, about("Score", FIXED, required=True, counted=True)] = None
    taken_on: Annotated[dt.date | None, about("Taken on", FIXED, required=True, counted=True)] = None
    episode_id: Annotated[str, about("Period of support", FIXED, refers_to="episode", counted=True)] = ""


ASSESSMENT = RecordType(
    struct=Assessment,
    name="assessment",
    label="Assessment",
    plural="Assessments",
    compartment=Compartment.CLINICAL,
    lifecycle=Lifecycle.IMMUTABLE,
    at="taken_at",
)
SCORE = RecordType(
    struct=Score,
    name="score",
    label="Score",
    plural="Scores",
    compartment=Compartment.CORE,
    lifecycle=Lifecycle.IMMUTABLE,
    at="taken_on",
)
