"""Rules that make follow-ups: data of the service, checked before it is used (H2).

When to ask after somebody is the service's own practice: no national schedule for wellbeing coordination was found.
The set in `resources/follow_up_rules.json` is an example, and every rule of it is off until the service switches it on.
A rule works for what happens from the day it was switched on; what happened before makes nothing.
"""

import datetime as dt
import functools
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.code_lists import code_list
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.ids import derived_id
from wellbeing_desktop.domain.periods import MOST, UNITS, Period
from wellbeing_desktop.domain.resources import resource

RULE_SETTING: Final = "follow_up.rule."
"""One setting for each rule, so that two people who change two rules do not meet."""
TRIGGERS: Final[Mapping[str, str]] = {
    "referral_received": "A referral came",
    "support_started": "Support began",
    "left_hospital": "The person left hospital",
    "plan_agreed": "A plan was agreed",
    "support_ended": "Support ended",
}
CONDITIONS: Final[Mapping[str, str]] = {
    "": "Always",
    "supported": "Only while the person is supported",
    "alert": "Only with an alert in force",
    "from_hospital": "Only if a hospital referred",
    "ended_as_planned": "Only if support was completed or its goals were met",
}
ENDS_WITH: Final[Mapping[str, str]] = {
    "": "Somebody finishes it",
    "support": "Support ends",
    "contact": "Somebody has been in contact with the person",
}
TO: Final[Mapping[str, str]] = {
    "coordinator": "The person's coordinator",
    "team": "The team that supports them",
    "named": "A colleague by name",
}
_MOST_FILE_BYTES: Final = 256 * 1024
_MOST_RULES: Final = 100
_LONGEST_ID: Final = 60


class FollowUpRule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """`after` and `unit` say how long after the trigger; `since` is the day from which triggers count."""

    id: str
    words: str
    trigger: str
    after: int = 0
    unit: str = "days"
    kind: str = "follow_up"
    to: str = "coordinator"
    named_id: str = ""
    only_if: str = ""
    ends_with: str = "support"
    is_on: bool = False
    since: dt.date | None = None

    @property
    def period(self) -> Period:
        return Period(self.after, self.unit)

    def when_words(self) -> str:
        """ "6 weeks after: Support began"."""
        trigger = TRIGGERS[self.trigger]
        return f"On the day: {trigger}" if self.after == 0 else f"{self.period.words()} after: {trigger}"

    def task_id(self, trigger_id: str) -> str:
        """The same on every laptop, whatever has become of the rule's words since."""
        return derived_id(trigger_id, "follow_up", self.id)


def check_rule(rule: FollowUpRule) -> FollowUpRule:
    """The rule with its words tidied; Refused, naming the field, if it cannot be used."""
    words = " ".join(rule.words.split())
    if not rule.id or len(rule.id) > _LONGEST_ID or not all(c.isalnum() or c in "_-" for c in rule.id):
        raise Refused("A rule's id is letters, digits, - and _, 60 at most.", "id")
    if not words:
        raise Refused("Say what is to be done.", "words")
    if len(words) > 200:
        raise Refused("Say it in 200 characters or fewer.", "words")
    if rule.trigger not in TRIGGERS:
        raise Refused("Choose what it follows.", "trigger")
    if rule.unit not in UNITS:
        raise Refused("Choose days, working days, weeks or months.", "unit")
    if not 0 <= rule.after <= MOST:
        raise Refused(f"Enter a whole number from 0 to {MOST:,}.", "after")
    if rule.kind not in code_list("task_kinds").codes():
        raise Refused("Choose the kind of task.", "kind")
    if rule.to not in TO:
        raise Refused("Choose who does it.", "to")
    if rule.to == "named" and not rule.named_id:
        raise Refused("Choose the colleague.", "named_id")
    if rule.only_if not in CONDITIONS:
        raise Refused("Choose when the rule counts.", "only_if")
    if rule.ends_with not in ENDS_WITH:
        raise Refused("Choose what ends it.", "ends_with")
    if rule.trigger == "support_ended" and (rule.ends_with == "support" or rule.only_if == "supported"):
        raise Refused("This follows the end of support: it cannot end with it, or need it.", "ends_with")
    return msgspec.structs.replace(rule, words=words)


def rule_from(value: Any) -> FollowUpRule | None:
    """A rule as a setting holds it; None if it cannot be used."""
    try:
        return check_rule(msgspec.convert(value, FollowUpRule))
    except (msgspec.ValidationError, Refused):
        return None


@functools.cache
def shipped_rules() -> tuple[FollowUpRule, ...]:
    """The example set, every rule of it off."""
    return read_rules(resource("follow_up_rules.json").read_bytes())


def read_rules(content: bytes) -> tuple[FollowUpRule, ...]:
    """The rules of a file: `{"rules": [{"id", "words", "trigger", ...}]}`. Refused with the number of the rule and what
    is wrong with it; nothing of such a file is taken."""
    if len(content) > _MOST_FILE_BYTES:
        raise Refused("This file is too large to be a set of follow-up rules.")
    try:
        found = msgspec.json.decode(content)
        listed = found["rules"]
        if not isinstance(listed, list):
            raise TypeError
    except (msgspec.DecodeError, KeyError, TypeError, RecursionError) as failure:
        raise Refused("This is not a file of follow-up rules: it has no list called rules.") from failure
    if not 1 <= len(listed) <= _MOST_RULES:
        raise Refused(f"A file of follow-up rules has 1 to {_MOST_RULES} rules.")
    rules = []
    for number, value in enumerate(listed, 1):
        try:
            rules.append(check_rule(msgspec.convert(value, FollowUpRule)))
        except Refused as refusal:
            raise Refused(f"Rule {number}: {refusal.message}") from refusal
        except msgspec.ValidationError as failure:
            raise Refused(f"Rule {number}: {_said(failure)}") from failure
    if len({rule.id for rule in rules}) < len(rules):
        raise Refused("Two rules of this file have the same id.")
    return tuple(rules)


def _said(failure: msgspec.ValidationError) -> str:
    """Without the values: they are another system's words."""
    text = str(failure)
    field = text.rpartition("`$.")[2].rstrip("`") if "`$." in text else ""
    if "missing required field" in text or "unknown field" in text:
        return (
            text.partition(" - ")[0]
            .replace("Object contains unknown", "it has an unknown")
            .replace("Object missing required", "it lacks the")
            + "."
        )
    return f"{field or 'it'} is not the right kind of value."
