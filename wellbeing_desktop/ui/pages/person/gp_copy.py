"""Copy for GP record (PRACTICE W22): one contact as the block of text that is pasted into the GP system."""

from wellbeing_desktop.domain.gp_entry import GpCopy, copy_for_gp_record
from wellbeing_desktop.domain.scoring import SCALES
from wellbeing_desktop.operations.person_record import Noted, PersonRecord


def text_for(noted: Noted, record: PersonRecord) -> str:
    """What others told in confidence is never in it."""
    return copy_for_gp_record(
        GpCopy(
            contact=noted.contact,
            note=noted.notes[0] if noted.notes else None,
            scores=tuple(_scores(noted, record)),
            author=record.names.get(noted.contact.practitioner_id, ""),
        )
    )


def _scores(noted: Noted, record: PersonRecord) -> list[str]:
    lines = []
    for assessment in noted.assessments:
        for scale in SCALES.get(assessment.tool, ()):
            for score in record.scores:
                if score.assessment_id == assessment.id and score.scale == scale.id and score.value is not None:
                    lines.append(f"{scale.label} {score.value} of {scale.highest}")
    return lines
