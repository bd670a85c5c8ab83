"""Settings of how a service works, with their bounds: read by what they are about, checked where they are set."""

from collections.abc import Mapping
from typing import Any, Final

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.watching import VISIT_GRACE_SETTING

ATTEMPTS_SETTING: Final = "reach.attempts"
PATHWAY_SETTING: Final = "reach.pathway"
CLINICIAN_SETTING: Final = "reach.clinician"
RAISE_SETTING: Final = "tasks.raise_after_minutes"
SAME_REQUEST_SETTING: Final = "referral.same_request_days"

PATHWAY_STEPS: Final = ("letter", "tell_referrer", "ask_gp", "welfare_check")
"""What may follow the last attempt to reach somebody; `operations/not_reached.py` says what each does."""

FIELDS: Final[Mapping[str, str]] = {
    ATTEMPTS_SETTING: "attempts",
    PATHWAY_SETTING: "pathway",
    CLINICIAN_SETTING: "clinician",
    RAISE_SETTING: "raise_after",
    VISIT_GRACE_SETTING: "visit",
    SAME_REQUEST_SETTING: "same_request",
}
"""Setting to the field that shows it."""

BOUNDS: Final[Mapping[str, tuple[int, int]]] = {
    ATTEMPTS_SETTING: (1, 20),
    RAISE_SETTING: (1, 10 * 8 * 60),
    VISIT_GRACE_SETTING: (1, 24 * 60),
    SAME_REQUEST_SETTING: (0, 3_650),
}
_MOST_MEANS: Final = {RAISE_SETTING: "10 working days of 8 hours"}
"""What the most is where its figure alone says little. What may wait longer is in effect never
raised."""


def out_of_bounds(key: str) -> str:
    """What to say of a number that the setting cannot have."""
    least, most = BOUNDS[key]
    means = f", which is {_MOST_MEANS[key]}" if key in _MOST_MEANS else ""
    return f"Give a whole number from {least} to {most:,}{means}."


def number_or(key: str, value: object, usual: int) -> int:
    """A setting's value where it is within its bounds, else the usual one."""
    return value if isinstance(value, int) and is_within(key, value) else usual


def checked(key: str, value: Any) -> Any:
    """Raises Refused, naming the field, for what is not of that setting."""
    field = FIELDS[key]
    if key == CLINICIAN_SETTING:
        if not isinstance(value, str):
            raise Refused("Choose a colleague, or nobody.", field)
        return value
    if key == PATHWAY_SETTING:
        chosen = list(dict.fromkeys(value)) if isinstance(value, list | tuple) else []
        if not chosen or set(chosen) - set(PATHWAY_STEPS):
            raise Refused("Tick at least one step that is offered after the last attempt.", field)
        return chosen
    if not is_within(key, value):
        raise Refused(out_of_bounds(key), field)
    return value


def is_within(key: str, value: object) -> bool:
    """A whole number within the BOUNDS of its setting, both ends included."""
    least, most = BOUNDS[key]
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
