"""Taking a questionnaire: answers, and the numbers that follow from them (reference/04)."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import msgspec

from wellbeing_desktop.domain.assessment import Assessment, Score
from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.domain.organisation import AssessmentTool
from wellbeing_desktop.domain.questionnaire import (
    Questionnaire,
    check_answers,
    read_questionnaire,
    shipped_questionnaire,
)
from wellbeing_desktop.domain.scoring import asks_for_safety, score
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.operations.concerns import see_to_answer
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.records import load_all
from wellbeing_desktop.storage.write_door import Transaction


def questionnaire_of(reader: Reader, tool: str, version: str = "") -> Questionnaire:
    """The questions of a tool: the organisation's own, else the shipped one. With a version, that very one, so that
    old answers are read with the words they were given to. Refused when it is not here."""
    own = [entry for entry in load_all(reader, AssessmentTool, tool=tool) if not version or entry.version == version]
    if own:
        return read_questionnaire(own[-1].questionnaire)
    try:
        shipped = shipped_questionnaire(tool)
    except (FileNotFoundError, ValueError):
        raise Refused("This questionnaire is not on this laptop.", "tool") from None
    if version and shipped.version != version:
        raise Refused("This version of the questionnaire is not on this laptop.", "tool_version")
    return shipped


def take_assessment(
    writer: Writer,
    person_id: str,
    tool: str,
    answers: Mapping[str, Any],
    *,
    contact_id: str = "",
    episode_id: str = "",
    how: str = "",
    taken_at: dt.datetime | None = None,
    assessment_id: str = "",
    concern_id: str = "",
    at: dt.datetime | None = None,
) -> Changes:
    """Keep the answers and their scores. What was not answered is absent, and a total then is absent too.

    A safety question answered above 0 leads to a concern; `concern_id` is that of the page that opened for it."""
    with doing(writer, "take_assessment", at=at) as tx:
        add_assessment(
            tx,
            person_id,
            tool,
            answers,
            contact_id=contact_id,
            episode_id=episode_id,
            how=how,
            taken_at=taken_at,
            assessment_id=assessment_id,
            concern_id=concern_id,
        )
    return tx.changes


def add_assessment(
    tx: Transaction,
    person_id: str,
    tool: str,
    answers: Mapping[str, Any],
    *,
    contact_id: str = "",
    episode_id: str = "",
    how: str = "",
    taken_at: dt.datetime | None = None,
    assessment_id: str = "",
    concern_id: str = "",
) -> str:
    """Within a transaction; answers the assessment's id."""
    found.person(tx.reader, person_id)
    questionnaire = questionnaire_of(tx.reader, tool)
    given = {item: value for item, value in answers.items() if value not in (None, "", [])}
    for problem in check_answers(questionnaire, given):
        raise Refused(problem.sentence, problem.item)
    if not given:
        raise Refused("Nothing was answered.", "answers")
    moment = taken_at or tx.at
    if moment > tx.at + dt.timedelta(minutes=5):
        raise Refused("An assessment cannot be in the future.", "taken_at")
    taken_on = local_date(moment)
    assessment = Assessment(
        id=assessment_id or new_id(),
        subject=person_id,
        tool=tool,
        tool_version=questionnaire.version,
        answers=msgspec.json.encode(given, order="deterministic").decode(),
        taken_at=moment,
        taken_on=taken_on,
        practitioner_id=tx.author,
        contact_id=contact_id,
        how=how,
    )
    made = tx.create(assessment)
    for one in score(tool, given).scores:
        tx.create(
            Score(
                subject=person_id,
                assessment_id=made,
                tool=tool,
                scale=one.scale,
                value=one.value,
                taken_on=taken_on,
                episode_id=episode_id,
            )
        )
    if asks_for_safety(tool, given):
        see_to_answer(tx, assessment, concern_id)
    return made


def answers_of(assessment: Assessment) -> dict[str, Any]:
    """The answers as they were given; empty when they cannot be read."""
    try:
        given = msgspec.json.decode(assessment.answers or "{}")
    except msgspec.DecodeError:
        return {}
    return given if isinstance(given, dict) else {}
