"""`wellbeing-server` from outside: its answers and exit codes."""

import json
from pathlib import Path
from typing import Any

import pytest

from wellbeing_desktop.domain.six_groups import six_groups
from wellbeing_desktop.storage.organisation_public import text_of
from wellbeing_desktop.storage.recovery import RecoveryKey
from wellbeing_desktop.sync.server.__main__ import main


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any, str]:
    code = main([*words, "--json"])
    told = capsys.readouterr()
    return code, json.loads(told.out) if told.out else None, told.err


def check_recovery_key(tmp_path: Path, capsys: pytest.CaptureFixture[str], place: tuple[str, ...]) -> None:
    """The public half is shown, set from its file, and replaced only when that is said."""
    files = []
    for name in ("one", "two"):
        public = RecoveryKey.new().public()
        file = tmp_path / f"{name}.toml"
        file.write_text(f'# a comment\nrecovery_key = "{text_of(public)}"\n', encoding="utf-8")
        files.append((str(file), six_groups(public)))
    assert run(capsys, "recovery-key", *place)[1]["key"] == "none"
    for wrong in ("server = 1", "recovery_key = 5", 'recovery_key = "00"', "not toml"):
        (tmp_path / "wrong.toml").write_text(wrong, encoding="utf-8")
        assert run(capsys, "recovery-key", "--set", str(tmp_path / "wrong.toml"), *place)[0] == 1
    assert run(capsys, "recovery-key", "--set", files[0][0], *place)[1]["key"] == files[0][1]
    assert run(capsys, "recovery-key", "--set", files[0][0], *place)[0] == 0
    code, _none, words = run(capsys, "recovery-key", "--set", files[1][0], *place)
    assert (code, files[0][1] in words, "--replace" in words) == (1, True, True)
    assert run(capsys, "recovery-key", *place)[1]["key"] == files[0][1]
    assert run(capsys, "recovery-key", "--set", files[1][0], "--replace", *place)[1]["key"] == files[1][1]


def test_from_init_to_restore(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, key = str(tmp_path / "data"), str(tmp_path / "server.key")
    place = ("--folder", folder, "--key-file", key)
    code, made, _err = run(capsys, "init", "--name", "Practice", *place)
    assert code == 0
    assert made["organisation"]
    assert (tmp_path / "server.key").stat().st_mode & 0o077 == 0
    code, invited, _err = run(capsys, "invite", "--name", "Anna", "--role", "coordinator", *place)
    assert code == 0
    assert len(invited["code"]) == 19
    assert run(capsys, "users", *place)[1]["users"][0]["roles"] == ["coordinator"]
    assert run(capsys, "devices", *place)[1] == {"devices": []}
    assert run(capsys, "revoke", "nobody", *place)[0] == 1
    assert run(capsys, "allow-removal", "nobody", "moved", *place)[0] == 1
    allowed = run(capsys, "allow-removal", invited["member"], "practice_moved", *place)[1]
    assert (allowed["member"], allowed["reason"]) == (invited["member"], "practice_moved")
    assert run(capsys, "leave", invited["member"], "2026-12-21", "2027-01-02", *place)[0] == 0
    assert run(capsys, "grant", invited["member"], "team", "--service-files", *place, "--reason", "Complaints")[0] == 0
    held = run(capsys, "grants", "--member", invited["member"], *place)[1]["grants"]
    assert [(line["kind"], "restricted" in line["compartments"]) for line in held] == [
        ("caseload", False),
        ("team", True),
    ]
    code, _none, words = run(capsys, "grants", "--ends", held[1]["number"], *place)
    assert (code, words.startswith("Say why")) == (1, True)
    ended = run(capsys, "grants", "--ends", held[1]["number"], "--reason", "Done", *place)[1]["grants"]
    assert ended[1]["state"] == "not in force"
    check_recovery_key(tmp_path, capsys, place)
    assert "nobody with that number" in run(capsys, "erase", "nobody", "1950-02-03", *place)[2]
    assert run(capsys, "check", *place)[1]["wrong"] == []
    code, saved, _err = run(capsys, "backup", str(tmp_path / "b"), *place)
    assert (code, saved["records"]) == (0, 3)
    (tmp_path / "kept").mkdir()
    code, kept, _err = run(capsys, "backup", str(tmp_path / "kept"), "--keep", "1", *place)
    assert code == 0
    assert Path(kept["file"]).parent == tmp_path / "kept"
    assert run(capsys, "check", "--backup", kept["file"], *place)[1]["hash"] == kept["hash"]
    assert run(capsys, "upgrade", str(tmp_path / "u"), *place)[1] == {"steps": [], "backup": ""}
    elsewhere = ("--folder", str(tmp_path / "other"), "--key-file", key)
    assert run(capsys, "restore", str(tmp_path / "b"), *elsewhere)[0] == 0
    assert run(capsys, "users", *elsewhere)[1]["users"][0]["name"] == "Anna"
    assert run(capsys, "restore", str(tmp_path / "b"), *elsewhere)[0] == 1


def test_refusals_are_sentences_with_their_exit_codes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(tmp_path / "data")
    code, _none, words = run(capsys, "init", "--name", "Practice", "--folder", folder)
    assert code == 1
    assert "--key-beside" in words
    code, _none, words = run(capsys, "users", "--folder", folder)
    assert (code, words) == (3, "The key file is not there. Name it with --key-file.\n")
    assert run(capsys, "init", "--name", "P", "--folder", folder, "--key-beside")[0] == 0
    assert run(capsys, "init", "--name", "P", "--folder", folder, "--key-beside")[0] == 1
    code, _none, words = run(capsys, "serve", "--host", "0.0.0.0", "--folder", folder)
    assert code == 1
    assert "--certificate" in words
    (tmp_path / "data" / "server.key").write_text("ab" * 32)
    assert run(capsys, "users", "--folder", folder)[0] == 3
    (tmp_path / "junk").write_bytes(b"junk")
    assert (
        run(
            capsys,
            "restore",
            str(tmp_path / "junk"),
            "--folder",
            str(tmp_path / "n"),
            "--key-file",
            f"{folder}/server.key",
        )[0]
        == 1
    )
    with pytest.raises(SystemExit) as left:
        main(["nonsense"])
    assert left.value.code == 2


def test_administrators_of_the_console_from_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = ("--folder", str(tmp_path / "data"))
    assert run(capsys, "init", "--name", "Practice", "--key-beside", *place)[0] == 0
    (tmp_path / "weak").write_text("password\n")
    (tmp_path / "good").write_text("copper lantern meadow fourteen\n")
    (tmp_path / "empty").write_text("\n")
    add = ("admin", "add", "--name", "Ines", *place, "--password-file")
    for file in ("weak", "empty"):
        code, _none, words = run(capsys, *add, str(tmp_path / file))
        assert (code, words.endswith(".\n")) == (1, True)
    code, made, _err = run(capsys, *add, str(tmp_path / "good"))
    assert (code, "24 hours" in made["next"]) == (0, True)
    assert run(capsys, *add, str(tmp_path / "good"))[0] == 1
    [listed] = run(capsys, "admin", "list", *place)[1]["administrators"]
    assert listed == {"number": made["administrator"], "name": "Ines", "second_factor": False}
    number = ("--number", listed["number"], *place)
    assert run(capsys, "admin", "reset", *number, "--password-file", str(tmp_path / "good"))[0] == 0
    assert run(capsys, "admin", "remove", *number)[1] == {"administrators": []}
    assert run(capsys, "admin", "remove", *number)[0] == 1
    assert run(capsys, "check", *place)[1]["wrong"] == []


def test_serving_is_refused_in_a_sentence_before_anything_is_opened(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = ("--folder", str(tmp_path / "data"))
    for words, said in (
        (("--workers", "2"), "need --database"),
        (("--backup-folder", str(tmp_path / "nowhere")), "not there"),
        (("--backup-folder", str(tmp_path), "--backup-every", "0"), "every so many hours"),
        (("--backup-folder", str(tmp_path), "--keep", "0"), "at least one"),
    ):
        code, _none, err = run(capsys, "serve", *words, *place)
        assert (code, said in err) == (1, True)
