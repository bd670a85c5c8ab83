"""Training that somebody has done, and until when it counts (Q5, B3). The kinds are the service's own words."""

import datetime as dt
from collections.abc import Iterable
from typing import Annotated

from wellbeing_desktop.domain.definition import Compartment, Merge, Record, RecordType, SubjectKind, about


class Training(Record, frozen=True, kw_only=True, omit_defaults=True):
    """One course or check of one colleague."""

    kind: Annotated[str, about("Training", Merge.FIXED, required=True)] = ""
    done_on: Annotated[dt.date | None, about("Done on", required=True)] = None
    expires_on: Annotated[dt.date | None, about("In date until", help="Empty where it does not run out.")] = None


TRAINING = RecordType(
    struct=Training,
    name="training",
    label="Training",
    plural="Training",
    compartment=Compartment.CARD,
    subject_kind=SubjectKind.PRACTITIONER,
    at="done_on",
)


def out_of_date(needed: Iterable[str], done: Iterable[Training], on: dt.date) -> tuple[str, ...]:
    """The kinds that are needed and not in date on a day, in the order in which they are needed."""
    in_date = {
        _folded(one.kind)
        for one in done
        if one.done_on is not None and one.done_on <= on and (one.expires_on is None or one.expires_on >= on)
    }
    return tuple(kind for kind in needed if _folded(kind) not in in_date)


def _folded(kind: str) -> str:
    return " ".join(kind.split()).casefold()
