"""The person's copy of their plan: what is in it, and how it was settled (PRACTICE W24)."""

import datetime as dt
from collections.abc import Sequence

from wellbeing_desktop.domain.care_plan import PlanCopy
from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.domain.plan_rules import copy_sections
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.storage.connection import Writer


def choose_copy_sections(
    writer: Writer, copy_id: str, sections: Sequence[str], *, at: dt.datetime | None = None
) -> Changes:
    """What is in a copy that was not given yet (W24)."""
    with doing(writer, "choose_copy_sections", at=at) as tx:
        copy = found.found(tx.reader, PlanCopy, copy_id)
        if copy.state != "owed":
            raise Refused("This copy was given already. Agree the plan again for a new one.", "sections")
        tx.change(PlanCopy, copy_id, {"sections": tuple(sorted(copy_sections(sections)))})
    return tx.changes


def settle_copy(
    writer: Writer, copy_id: str, how: str, *, settled_on: dt.date | None = None, at: dt.datetime | None = None
) -> Changes:
    """The person's copy was handed, posted, emailed or declined: who settled it, when, which version (W24)."""
    with doing(writer, "settle_copy", at=at) as tx:
        if how == "owed":
            raise Refused("Say how the copy was settled.", "state")
        on = settled_on or local_date(tx.at)
        if on > local_date(tx.at):
            raise Refused("This cannot be in the future.", "settled_on")
        tx.change(PlanCopy, copy_id, {"state": how, "settled_on": on, "settled_by": tx.author})
    return tx.changes
