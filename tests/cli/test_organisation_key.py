"""`wellbeing organisation-key`: three sheets that open together, a public half, and nothing else."""

import io
import itertools
import json
import re
from pathlib import Path

import pytest

from tests.documents.reading import document_text, pages_text
from wellbeing_desktop.cli.commands import organisation_key
from wellbeing_desktop.cli.main import run
from wellbeing_desktop.domain.six_groups import six_groups
from wellbeing_desktop.storage.organisation_public import public_from
from wellbeing_desktop.storage.recovery import RecoveryKey
from wellbeing_desktop.storage.recovery_sheets import code_of_sheet, key_from_sheets, sheet_from_code, sheets_of

NAME = "The wellbeing coordinators of the north of the county and their networks"


def code_on(file: Path) -> str:
    text = " ".join(document_text(file.read_bytes()).split())
    return "-".join(re.findall(r"\b\d{1,2}\. ([0-9A-Z]{5})\b", text))


def test_any_two_printed_sheets_give_the_key_whose_public_half_is_in_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "key"
    assert run(["organisation-key", "--out", str(folder), "--name", NAME]) == 0
    said = capsys.readouterr()
    assert sorted(file.name for file in folder.iterdir()) == sorted(
        [*organisation_key.SHEET_FILES, organisation_key.PUBLIC_FILE]
    )
    assert all(file.stat().st_mode & 0o077 == 0 for file in folder.iterdir())
    public_text = (folder / organisation_key.PUBLIC_FILE).read_text()
    public = public_from(public_text.split('"')[1])
    codes = [code_on(folder / name) for name in organisation_key.SHEET_FILES]
    for one, two in itertools.combinations(codes, 2):
        assert key_from_sheets(sheet_from_code(one), sheet_from_code(two)).public() == public
    groups = six_groups(public)
    for number, name in enumerate(organisation_key.SHEET_FILES, start=1):
        pages = pages_text((folder / name).read_bytes())
        assert len(pages) == 1
        words = " ".join(pages[0].split())
        assert f"sheet {number} of 3" in words
        assert groups in words
        assert NAME in words
    assert groups in public_text
    assert groups in said.out
    for code in codes:
        assert code not in said.out + said.err + public_text
        assert code.split("-")[0] not in said.out + said.err


def test_a_folder_with_anything_in_it_is_left_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "sheet-2.pdf").write_text("the sheet of last year")
    assert run(["organisation-key", "--out", str(tmp_path)]) == 1
    assert "nothing was made" in capsys.readouterr().err
    assert [file.name for file in tmp_path.iterdir()] == ["sheet-2.pdf"]
    assert (tmp_path / "sheet-2.pdf").read_text() == "the sheet of last year"


def test_a_disk_that_refuses_leaves_no_sheet_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    synced = 0

    def full(descriptor: int) -> None:
        nonlocal synced
        synced += 1
        if synced == 3:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(organisation_key.os, "fsync", full)
    assert run(["organisation-key", "--out", str(tmp_path / "key")]) == 1
    assert "None was left behind" in capsys.readouterr().err
    assert list((tmp_path / "key").iterdir()) == []


def test_two_sheets_are_checked_without_a_store_and_a_wrong_one_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    key = RecoveryKey.new()
    one, _two, three = (code_of_sheet(sheet) for sheet in sheets_of(key))
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{three.lower()}\n{one}\n"))
    assert run(["organisation-key", "--check", "--json"]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out) == {"key": six_groups(key.public()), "sheets": [3, 1]}
    assert one not in said.err
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{one}\n{one}\n"))
    assert run(["organisation-key", "--check"]) == 1
    assert "sheet 1 twice" in capsys.readouterr().err
