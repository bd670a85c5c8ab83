"""docs/command-line.md names every command and option that there is."""

import argparse
from pathlib import Path

import pytest

from wellbeing_desktop.cli.commands import COMMANDS

PAGE = (Path(__file__).parents[2] / "docs" / "command-line.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_the_page_names_the_command_and_its_options(command) -> None:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    line = next((line for line in PAGE.splitlines() if line.startswith(f"| `wellbeing {command.name}")), "")
    assert line, f"docs/command-line.md does not name {command.name}"
    said_once = {"--help", "--store", "--passphrase-file"}
    for action in parser._actions:
        for option in {each for each in action.option_strings if each.startswith("--")} - said_once:
            assert option in line, f"{command.name} {option}"


def test_the_page_names_no_command_that_is_not_there() -> None:
    named = [line.split("`")[1] for line in PAGE.splitlines() if line.startswith("| `wellbeing ")]
    assert len(named) == len(COMMANDS)
