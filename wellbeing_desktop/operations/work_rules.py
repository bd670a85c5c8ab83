"""How a service works, as Settings shows it: each value by the reader that is used for it."""

import msgspec

from wellbeing_desktop.domain.watching import USUAL_VISIT_GRACE, VISIT_GRACE_SETTING
from wellbeing_desktop.domain.work_rules import CLINICIAN_SETTING, number_or
from wellbeing_desktop.operations.clocks import setting_value
from wellbeing_desktop.operations.not_reached import attempts_allowed, pathway
from wellbeing_desktop.operations.overdue import raise_after_minutes
from wellbeing_desktop.operations.same_referral import same_request_days
from wellbeing_desktop.storage.connection import Reader


class WorkRules(msgspec.Struct, frozen=True, kw_only=True):
    """The values in force; what is not set has the usual one, a product choice."""

    attempts: int
    pathway: tuple[str, ...]
    clinician: str
    raise_after: int
    visit: int
    same_request: int


def work_rules(reader: Reader) -> WorkRules:
    """What is set now, the usual where nothing is."""
    clinician = setting_value(reader, CLINICIAN_SETTING)
    return WorkRules(
        attempts=attempts_allowed(reader),
        pathway=pathway(reader),
        clinician=clinician if isinstance(clinician, str) else "",
        raise_after=raise_after_minutes(reader),
        visit=number_or(VISIT_GRACE_SETTING, setting_value(reader, VISIT_GRACE_SETTING), USUAL_VISIT_GRACE),
        same_request=same_request_days(reader),
    )
