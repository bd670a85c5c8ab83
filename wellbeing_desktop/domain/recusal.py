"""*I know this person* (PRACTICE W4): a colleague stands aside, and the record is closed to them until a lead opens it.

It is the colleague's record, as their grants are, so that their own laptop keeps it after everything about the person
has left; it names the person by id and says nothing else about them. `domain/grants.py` is not asked: a recusal takes
away whatever grants give, on the server (`sync/server/scope.py`) and in the store (`storage/recusals.py`).
"""

import datetime as dt
from typing import Annotated, Final

from wellbeing_desktop.domain.definition import Compartment, Merge, Record, RecordType, SubjectKind, about

FIXED = Merge.FIXED


class Recusal(Record, frozen=True, kw_only=True, omit_defaults=True):
    """Its `subject` is the practitioner who stands aside. In force until `ended_at` is set, by somebody else."""

    person_id: Annotated[str, about("From whose record", FIXED, refers_to="person", required=True)] = ""
    how: Annotated[str, about("How they know each other", FIXED, code_list="recusal_kinds", required=True)] = ""
    since_at: Annotated[dt.datetime | None, about("Since", FIXED, required=True)] = None
    declared_by: Annotated[str, about("Said by", FIXED, refers_to="practitioner")] = ""
    ended_at: Annotated[dt.datetime | None, about("Opened again at")] = None
    ended_by: Annotated[str, about("Opened again by", refers_to="practitioner")] = ""
    ended_reason: Annotated[str, about("Why it was opened again", long=True)] = ""


RECUSAL: Final = RecordType(
    struct=Recusal,
    name="recusal",
    label="Standing aside",
    plural="Standing aside",
    compartment=Compartment.CARD,
    subject_kind=SubjectKind.PRACTITIONER,
)
