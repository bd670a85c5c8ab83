"""Where each person is with the service, as one word: from their referrals and periods of support, never stored.

The first that is true counts, so that everybody is in one stage and the stages add up to the list. Somebody who is
supported and was referred again is supported.
"""

from collections.abc import Mapping
from typing import Final

from wellbeing_desktop.domain.code_lists import code_list
from wellbeing_desktop.storage.statements import fill

_EPISODE: Final = "EXISTS (SELECT 1 FROM live_episode AS e WHERE e.subject = p.id AND e.state = '{state}'{more})"
_BEGUN: Final = " AND (e.waiting_since IS NULL OR e.started_on IS NOT NULL)"
_IS: Final[Mapping[str, str]] = {
    "died": "p.died_on IS NOT NULL",
    "supported": fill(_EPISODE, state="open", more=_BEGUN),
    "waiting": fill(_EPISODE, state="open", more=""),
    "to_decide": "EXISTS (SELECT 1 FROM live_referral AS r WHERE r.subject = p.id AND r.state IN ('new', 'incomplete'))",
    "ended": fill(_EPISODE, state="closed", more=""),
}
LAST: Final = "none"
STAGE_OF: Final = (
    "(CASE " + " ".join(f"WHEN {true} THEN '{stage}'" for stage, true in _IS.items()) + f" ELSE '{LAST}' END)"
)
"""The stage of person `p`, for a statement that has one."""


def stages() -> tuple[tuple[str, str], ...]:
    """(code, words) in the order in which people come to them."""
    return tuple((entry.code, entry.label) for entry in code_list("support_stages").entries)
