"""Follow-up rules are data: checked before they are used."""

import json

import pytest

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.follow_up import read_rules, shipped_rules

GOOD = {"id": "a", "words": "Call", "trigger": "support_started", "after": 6, "unit": "weeks"}


def file_of(*rules: object) -> bytes:
    return json.dumps({"rules": rules}).encode()


def test_the_shipped_set_is_an_example_and_off() -> None:
    assert {rule.id for rule in shipped_rules()} >= {"first_contact", "six_weeks", "after_hospital", "three_months"}
    assert not any(rule.is_on for rule in shipped_rules())
    assert (
        next(rule for rule in shipped_rules() if rule.id == "six_weeks").when_words() == "6 weeks after: Support began"
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no list called rules"),
        (b"[]", "no list called rules"),
        (b"[" * 100_000, "no list called rules"),
        (b"x" * 300_000, "too large"),
        (file_of(), "1 to 100"),
        (file_of(GOOD, {"id": "b", "words": "x"}), "Rule 2: it lacks the field `trigger`"),
        (file_of({**GOOD, "colour": "red"}), "Rule 1: it has an unknown field `colour`"),
        (file_of({**GOOD, "after": "six"}), "Rule 1: after is not the right kind"),
        (file_of({**GOOD, "after": -1}), "from 0 to 1,000"),
        (file_of({**GOOD, "trigger": "moon"}), "Choose what it follows"),
        (file_of({**GOOD, "unit": "fortnights"}), "Choose days"),
        (file_of({**GOOD, "words": "  "}), "Say what is to be done"),
        (file_of({**GOOD, "to": "named"}), "Choose the colleague"),
        (file_of({**GOOD, "id": "../x"}), "letters, digits"),
        (file_of({**GOOD, "trigger": "support_ended"}), "cannot end with it"),
        (file_of(GOOD, GOOD), "the same id"),
        (file_of("a rule"), "Rule 1: it is not the right kind"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_whole_with_a_sentence(content: bytes, said: str) -> None:
    with pytest.raises(Refused) as caught:
        read_rules(content)
    assert said in caught.value.message


def test_the_id_of_what_a_rule_makes_follows_from_rule_and_trigger_alone() -> None:
    (rule,) = read_rules(file_of(GOOD))
    (changed,) = read_rules(file_of({**GOOD, "words": "Call them", "after": 8}))
    trigger = "01890a5d-ac96-774b-bcce-b302099a8057"
    assert rule.task_id(trigger) == changed.task_id(trigger)
    assert rule.task_id(trigger).startswith("01890a5d-ac96-774b")
    (other,) = read_rules(file_of({**GOOD, "id": "b"}))
    assert rule.task_id(trigger) != other.task_id(trigger)
