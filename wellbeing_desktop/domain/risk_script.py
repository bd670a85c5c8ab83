"""What to do when somebody is at risk now: whom to ring, in the service's own words (PRACTICE W6).

999 and NHS 111 are national numbers. The local crisis line is the service's own: it is not set until the service sets
it, and says so. No level of risk is asked for or worked out (W7).
"""

from typing import Any, Final

import msgspec

SCRIPT_SETTING: Final = "risk.script"
NOT_SET: Final = "not set: ask your manager"
ASK_NOW: Final = "Question 9 was answered above 0. Ask about safety now, and follow your service's safety procedure."
"""Reference/04: a design rule, not a published threshold; the service's own procedure decides what is done."""

QUESTIONS: Final = (
    ("asked_where", "where_now", "Where are you?"),
    ("asked_number", "call_back_number", "What number can I call back?"),
    ("asked_who", "who_is_there", "Who is with you?"),
)
"""The three questions of W6: the step that asking is, the field that holds the answer, the words."""


class ScriptLine(msgspec.Struct, frozen=True):
    """One call of the script. `step` is the code of the step that pressing it records."""

    step: str
    words: str
    telephone: str = ""


USUAL_SCRIPT: Final = (
    ScriptLine("call_999", "Somebody's life is in danger", "999"),
    ScriptLine("call_111_mh", "NHS 111, mental health option", "111"),
    ScriptLine("call_crisis", "Local crisis line"),
)


def script_from(value: Any) -> tuple[ScriptLine, ...]:
    """The service's script from its setting. 999 is always in it: a setting cannot take it away."""
    try:
        lines = msgspec.convert(value, tuple[ScriptLine, ...])
    except msgspec.ValidationError:
        return USUAL_SCRIPT
    lines = tuple(line for line in lines if line.step.strip() and line.words.strip())
    if not lines:
        return USUAL_SCRIPT
    return lines if any(line.telephone.strip() == "999" for line in lines) else (USUAL_SCRIPT[0], *lines)
