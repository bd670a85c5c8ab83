"""Which alerts are in force, and in which order clashing safety statements are shown (PRACTICE W7, W11; SYNC 3.5).

There is no level of risk and nothing here sorts by one: alerts come with those for a visit first, then newest first.
Cautious first means: a statement in force before one that says it ended, an allergy present before none known, not
safe before safe. It orders two *clashing* statements about one thing, never two people.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.dates import day_number
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.safety import Alert
from wellbeing_desktop.domain.standing import current_heads

# For SAFETY fields whose values have an order: the earlier, the more cautious.
_CAUTIOUS: Final[dict[str, tuple[Any, ...]]] = {
    "presence": ("present", "not_known", "none_known"),
    "two_person_visit": (True, None, False),
    "priority": ("same_day", "urgent", "soon", "routine", None),
}
_SAFE_ANSWERS: Final = (False, None, True)  # for fields beginning safe_to_


class AlertInForce(msgspec.Struct, frozen=True):
    """An alert to show. `clashing` are the other statements that replace the same earlier one, for side by
    side."""

    alert: Alert
    clashing: tuple[Alert, ...] = ()
    review_overdue: bool = False


def in_force(alerts: Iterable[Alert], on: dt.date) -> tuple[AlertInForce, ...]:
    """What to know now, those for before a visit first, then newest first.

    Two alerts of one kind are two facts. Two that replace the same earlier one are rivals (docs/decisions/0008): if
    one ends it and the other does not, the one in force is shown with the other beside it until that is settled.
    """
    heads = current_heads(alerts)
    shown = []
    for head in heads:
        if head.ended:
            continue
        rivals = tuple(
            other for other in heads if other is not head and head.supersedes and other.supersedes == head.supersedes
        )
        shown.append(AlertInForce(head, rivals, head.review_on is not None and head.review_on < on))
    shown.sort(key=lambda item: (not item.alert.before_visit, -day_number(item.alert.stated_on), item.alert.id))
    return tuple(shown)


def before_visit(alerts: Iterable[Alert], on: dt.date) -> tuple[AlertInForce, ...]:
    """What to know before knocking."""
    return tuple(item for item in in_force(alerts, on) if item.alert.before_visit)


def cautious_first(field: str, values: Iterable[Any]) -> list[Any]:
    """Clashing values of one safety field, the more cautious first where an order is defined; else as given.

    A value outside the known order comes first: nobody has said that it is safe.
    """
    order = _CAUTIOUS.get(field) or (_SAFE_ANSWERS if field.startswith("safe_to_") else ())
    listed = list(values)
    if order:
        listed.sort(key=lambda value: order.index(value) if value in order else -1)
    else:
        listed.sort(key=lambda value: value in (None, ""))  # a statement before silence
    return listed


def check_alert(alert: Alert, today: dt.date) -> None:
    """Refused unless it is a dated statement with its source, what to do and a review date."""
    for field, sentence in (
        ("kind", "Choose what the alert is about."),
        ("statement", "Say what is known."),
        ("what_to_do", "Say what to do about it."),
        ("source", "Say who says so."),
    ):
        if not getattr(alert, field).strip():
            raise Refused(sentence, field)
    if alert.stated_on is None:
        raise Refused("Give the date of the statement.", "stated_on")
    if alert.stated_on > today:
        raise Refused("A statement cannot be dated in the future.", "stated_on")
    if alert.ended:
        if not alert.end_reason.strip():
            raise Refused("Say why it is no longer in force.", "end_reason")
        return
    if alert.review_on is None:
        raise Refused("Say when it is to be reviewed.", "review_on")
    if alert.review_on < alert.stated_on:
        raise Refused("The review cannot be before the statement.", "review_on")
