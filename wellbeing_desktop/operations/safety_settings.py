"""What a service sets about safety: whom to call in which order, whom to ring, prompts, and the clocks of complaints.

Nothing here is shipped with a number but 999 and 111 (domain/risk_script.py): what is not set says so.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Final

import msgspec

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.concern_rules import CHAIN_SETTING, PROMPTS_OFF_SETTING, WAIT_SETTING, Link
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.risk_script import SCRIPT_SETTING, USUAL_SCRIPT, ScriptLine
from wellbeing_desktop.domain.service_file_rules import CLOCKS_SETTING, MOST_DAYS, FileClocks
from wellbeing_desktop.exchange.telephone import tidy_telephone
from wellbeing_desktop.operations import concerns
from wellbeing_desktop.operations.service_files import file_clocks
from wellbeing_desktop.operations.settings import change_settings
from wellbeing_desktop.storage.connection import Reader, Writer

MOST_LINKS: Final = 5
OWN_LINES: Final = ("crisis", "other")
"""Lines of the script that are the service's own; 999 and NHS 111 are always there."""

_OWN_STEPS: Final = {"crisis": "call_crisis", "other": "other"}


class SafetySettings(msgspec.Struct, frozen=True, kw_only=True):
    """As the screen shows and keeps them. `own_lines` are words and number of the local crisis line and another."""

    chain: tuple[Link, ...] = ()
    wait_minutes: int = 0
    own_lines: tuple[tuple[str, str], ...] = ()
    prompts_off: frozenset[str] = frozenset()
    clocks: FileClocks = FileClocks()


def safety_settings(reader: Reader) -> SafetySettings:
    """What is set now; the two national lines are always there and are not among `own_lines`."""
    national = {line.step for line in USUAL_SCRIPT[:2]}
    own = {line.step: (line.words, line.telephone) for line in concerns.script(reader) if line.step not in national}
    return SafetySettings(
        chain=concerns.chain(reader),
        wait_minutes=concerns.wait_minutes(reader),
        own_lines=tuple(own.get(_OWN_STEPS[name], ("", "")) for name in OWN_LINES),
        prompts_off=concerns.prompts_off(reader),
        clocks=file_clocks(reader),
    )


def save_safety_settings(writer: Writer, wanted: SafetySettings, *, at: dt.datetime | None = None) -> Changes:
    """All of it as one piece of work, undone as one. Raises Refused beside the field (`chain_0_telephone`)."""
    if not 1 <= wanted.wait_minutes <= 24 * 60:
        raise Refused("Choose 1 to 1,440 minutes.", "wait_minutes")
    for name in ("acknowledge", "answer", "data_acknowledge", "data_answer"):
        if not 0 <= getattr(wanted.clocks, name) <= MOST_DAYS:
            raise Refused(f"Choose 0 to {MOST_DAYS} days; 0 is for none.", name)
    return change_settings(
        writer,
        {
            CHAIN_SETTING: msgspec.to_builtins(_checked_chain(wanted.chain)),
            WAIT_SETTING: wanted.wait_minutes,
            SCRIPT_SETTING: msgspec.to_builtins(_script(wanted.own_lines)),
            PROMPTS_OFF_SETTING: sorted(wanted.prompts_off),
            CLOCKS_SETTING: msgspec.to_builtins(wanted.clocks),
        },
        at=at,
    )


def _checked_chain(chain: Sequence[Link]) -> list[Link]:
    checked = []
    for place, link in enumerate(chain):
        role, name = " ".join(link.role.split()), " ".join(link.name.split())
        if not (role or name or link.telephone.strip()):
            continue
        if not role:
            raise Refused("Say in what role: named lead, deputy, on call.", f"chain_{place}_role")
        if not name:
            raise Refused("Say who it is.", f"chain_{place}_name")
        telephone = tidy_telephone(link.telephone, f"chain_{place}_telephone")
        checked.append(
            msgspec.structs.replace(link, role=role, name=name, telephone=telephone, hours=link.hours.strip())
        )
    return checked


def _script(own_lines: Sequence[tuple[str, str]]) -> list[ScriptLine]:
    """The national lines, and the service's own; the crisis line stays on the screen when it has no number, and says
    that it is not set."""
    lines = list(USUAL_SCRIPT[:2])
    for name, (words, telephone) in zip(OWN_LINES, own_lines, strict=False):
        said, number = " ".join(words.split()), tidy_telephone(telephone, f"{name}_telephone")
        if number and not said:
            raise Refused("Say what this number is.", f"{name}_words")
        if said:
            lines.append(ScriptLine(_OWN_STEPS[name], said, number))
        elif name == "crisis":
            lines.append(USUAL_SCRIPT[2])
    return lines
