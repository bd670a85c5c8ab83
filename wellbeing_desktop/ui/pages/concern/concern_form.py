"""What each path asks: an adult's, a child's, or that of somebody at risk now (PRACTICE W12)."""

import datetime as dt
from collections.abc import Callable
from typing import Final

from wellbeing_desktop.domain.concern import CONCERN, Concern
from wellbeing_desktop.ui.record_form import RecordForm

Rows = tuple[tuple[str, ...], ...]

_COUNCIL: Final[Rows] = (("prompts",), ("council", "council_reference"))
ROWS: Final[dict[str, Rows]] = {
    "adult": (
        ("words",),
        ("abuse_types",),
        ("has_care_needs",),
        ("at_risk_of_abuse",),
        ("cannot_protect_self",),
        ("consent",),
        ("without_consent_reason",),
        ("persons_wishes",),
        *_COUNCIL,
    ),
    "child": (("words",), ("child_categories",), ("parents_told",), ("persons_wishes",), *_COUNCIL),
    "at_risk_now": (
        ("where_now",),
        ("call_back_number", "who_is_there"),
        ("words",),
        ("persons_wishes",),
        *_COUNCIL,
    ),
}
_TAKEN: Final = "sdtcrwolg"
"""Letters of the page's own buttons."""


def concern_form(
    path: str, today: Callable[[], dt.date], shown: Concern | None, prompts_off: frozenset[str]
) -> RecordForm:
    """The fields of `path`. A prompt that the service switched off is not offered, but one that is ticked stays."""
    form = RecordForm(CONCERN, ROWS[path if path in ROWS else "adult"], today, shown=shown, letters_taken=_TAKEN)
    prompts = form.rows.get("prompts")
    if prompts is not None:
        for code, tick in getattr(prompts.field, "ticks", {}).items():
            tick.setVisible(code not in prompts_off or tick.isChecked())
    return form
