"""A service's own triage form from the command line: brought in, shown, and asked."""

from pathlib import Path

import pytest

from tests.cli.running import told
from wellbeing_desktop.cli.main import run
from wellbeing_desktop.domain.triage_form import form_text, shipped_forms


def test_a_form_comes_in_once_is_shown_whole_and_is_asked(
    at_store: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ours = tmp_path / "ours.json"
    ours.write_text(form_text(shipped_forms()[0]).replace('"form":"example"', '"form":"ours"'), "utf-8")
    brought = told(capsys, "import", "triage-form", str(ours), "--use", *at_store)
    assert (brought["form"], brought["in_use"]) == ("ours", True)
    shown = told(capsys, "triage-forms", *at_store)["forms"]
    assert {(one["form"], one["in_use"]) for one in shown} == {("ours", True), ("example", False)}
    (whole,) = told(capsys, "triage-forms", "ours", *at_store)["forms"]
    assert "how to reach the referrer" in whole["needs"]
    assert whole["asks"][0]["answers"] == ["Yes", "No", "Not known"]
    assert run(["import", "triage-form", str(ours), *at_store]) == 1
    assert "here already" in capsys.readouterr().err


def test_a_form_that_cannot_be_asked_is_refused_in_words(
    at_store: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = tmp_path / "wrong.json"
    wrong.write_text('{"form": "ours"}', "utf-8")
    assert run(["import", "triage-form", str(wrong), "--dry-run", *at_store]) == 1
    assert "missing required field" in capsys.readouterr().err
