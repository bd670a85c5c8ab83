"""The command line obeys the lease: nothing leaves once only adding is left, nothing is read once it is closed."""

from pathlib import Path

import pytest

from tests.cli.running import PASSPHRASE
from tests.ui.test_closed_down import away_for
from wellbeing_desktop.cli.main import run
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.operations.people import register_person
from wellbeing_desktop.operations.setting_up import set_up_alone
from wellbeing_desktop.storage.kdf import FAST_FOR_TESTS
from wellbeing_desktop.storage.records import load_all


def leaving_commands(person_id: str, out: Path) -> tuple[list[str], ...]:
    return (
        ["export", "person", person_id, "--format", "json", "--out", str(out)],
        ["export", "calendar", "--out", str(out)],
        ["letters", "closing", "--to", "mine", "--out", str(out)],
        ["return", "2026-10", "--out", str(out)],
    )


@pytest.mark.parametrize(("days", "reads"), [(1, True), (20, True), (31, False)])
def test_every_command_that_writes_for_others_obeys_the_lease(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], days: int, reads: bool
) -> None:
    store, _kit = set_up_alone(tmp_path / "store", "T", PASSPHRASE, user_name="Sam", argon=FAST_FOR_TESTS)
    store.write(lambda writer: register_person(writer, Person(family_name="Prosser")))
    person_id = store.read(lambda reader: load_all(reader, Person))[0].id
    away_for(store, days)
    store.close()
    (tmp_path / "passphrase").write_text(PASSPHRASE, encoding="utf-8")
    where = ["--store", str(tmp_path / "store"), "--passphrase-file", str(tmp_path / "passphrase")]
    out = tmp_path / "out"
    for command in leaving_commands(person_id, out):
        run([*command, *where])
        said = capsys.readouterr().err
        assert ("This laptop" in said) is (days > 14), command
        assert not out.exists() or days < 14, command
    assert run(["people", "--search", "Prosser", *where]) == (0 if reads else 1)
    assert ("records are closed" in capsys.readouterr().err) is not reads
