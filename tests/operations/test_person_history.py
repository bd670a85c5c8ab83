"""History says what was saved in words that people read, and leaves out what only the program reads."""

from tests.operations.made import NOW, Made
from wellbeing_desktop.domain.care_plan import PlanCopy
from wellbeing_desktop.domain.person import Registration
from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.operations.person_history import person_history, value_words
from wellbeing_desktop.storage.write_door import transaction


def test_what_a_list_is_compared_by_and_which_record_a_new_one_belongs_to_are_left_out(made: Made) -> None:
    with transaction(made.writer, "x", at=NOW) as tx:
        tx.create(Registration(subject=made.mary, listed='{"import":"01a22121"}'))
        tx.create(PlanCopy(subject=made.mary, plan_id=made.mary, version=1, sections=("goals", "most_important")))
    lines = [value for change in person_history(made.writer, made.mary) for value in change.values]
    words = " ".join(value.now for value in lines)
    assert "01a22121" not in words
    assert "another record" not in words
    (sections,) = (value.now for value in lines if value.field == "Sections in it")
    assert set(sections.split(", ")) == {"Goals and actions", "What is most important to me"}


def test_a_change_to_another_record_is_still_said() -> None:
    field = RECORD_TYPES["plan_copy"].field("plan_id")
    assert value_words(field, "gone", {}) == "another record"
    assert value_words(field, "here", {"here": "Arrow Valley Surgery"}) == "Arrow Valley Surgery"
