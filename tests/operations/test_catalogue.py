"""The closed list of what a user can do."""

import ast
from pathlib import Path

import pytest

import wellbeing_desktop.operations as operations
from tests.operations.made import Made
from wellbeing_desktop.operations.catalogue import ACTIONS, doing
from wellbeing_desktop.storage import audit


def named_actions() -> set[str]:
    folder = Path(operations.__file__).parent
    found = set()
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "doing":
                argument = node.args[1]
                assert isinstance(argument, ast.Constant), path
                found.add(argument.value)
    return found


def test_the_list_is_what_operations_do_and_nothing_else() -> None:
    assert named_actions() == set(ACTIONS)


def test_an_action_that_is_not_on_the_list_cannot_be_done(made: Made) -> None:
    with pytest.raises(KeyError):
        doing(made.writer, "delete_everything")


def test_every_action_says_what_was_done_in_plain_words() -> None:
    for action in ACTIONS.values():
        for sentence in (action.done, action.undo):
            assert sentence == sentence.strip().rstrip("!.")
            assert "please" not in sentence.lower()
        assert action.done


def test_every_operation_leaves_an_entry_in_the_audit(made: Made) -> None:
    lines = audit.entries(made.writer, person_id=made.mary)
    assert [line.sentence for line in lines] == ["Register person: 1 person added."]
