"""What goes wrong on the command line: each its own sentence and exit code, and nothing is wiped."""

import shutil
from pathlib import Path

import pytest

from tests.cli.running import PASSPHRASE, wellbeing
from wellbeing_desktop.operations.setting_up import set_up_alone
from wellbeing_desktop.storage.kdf import FAST_FOR_TESTS
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.storage.store_files import STORE_FILE


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "store"
    store, _kit = set_up_alone(folder, "Test", PASSPHRASE, user_name="Sam", argon=FAST_FOR_TESTS)
    store.close()
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    (tmp_path / "passphrase").write_text(PASSPHRASE + "\n", encoding="utf-8")
    return Path(shutil.copytree(made, tmp_path / "store"))


def options(folder: Path, passphrase: str = "passphrase") -> list[str | Path]:
    return ["--store", folder, "--passphrase-file", folder.parent / passphrase]


def test_a_wrong_passphrase_is_said_to_be_not_right_and_wipes_nothing(folder: Path) -> None:
    (folder.parent / "wrong").write_text("some other words entirely", encoding="utf-8")
    ran = wellbeing("people", *options(folder, "wrong"))
    assert ran.code == 3
    assert "not right" in ran.err
    assert wellbeing("people", *options(folder)).code == 0


@pytest.mark.parametrize("damage", ["empty", "short", "foreign"])
def test_a_damaged_store_is_never_called_a_wrong_passphrase(folder: Path, damage: str) -> None:
    file = folder / STORE_FILE
    content = file.read_bytes()
    file.write_bytes({"empty": b"", "short": content[: len(content) // 3], "foreign": b"%PDF-1.7\n" * 3000}[damage])
    ran = wellbeing("people", "--json", *options(folder))
    assert ran.code == 3
    assert ran.out == ""  # never an empty caseload
    assert "not right" not in ran.err
    assert len(ran.err) > 20


def test_a_store_that_is_open_elsewhere_is_said_to_be(folder: Path) -> None:
    with Store.open(folder, PASSPHRASE):
        ran = wellbeing("check", *options(folder))
    assert ran.code == 3
    assert "open" in ran.err


def test_sync_of_a_store_without_an_organisation_is_refused(folder: Path) -> None:
    ran = wellbeing("sync", *options(folder))
    assert ran.code == 1
    assert "Join an organisation first" in ran.err


def test_no_server_and_a_wrong_address_each_have_their_sentence(folder: Path) -> None:
    new = folder.parent / "new"
    secret = ["--passphrase-file", folder.parent / "passphrase", "--store", new, "--code", "ABCD-EFGH"]
    nobody = wellbeing("join", "--server", "http://127.0.0.1:9", *secret)
    wrong = wellbeing("join", "--server", "ftp://example", *secret)
    assert nobody.code == 4
    assert wrong.code in (1, 4)
    assert nobody.err != wrong.err
    assert not new.exists()


def test_a_month_that_is_none_and_a_letter_that_is_none_are_refused(folder: Path) -> None:
    month = wellbeing("return", "2026-13", "--out", folder.parent / "out", *options(folder))
    letter = wellbeing("letters", "nothing", "--to", "mine", "--out", folder.parent / "l.pdf", *options(folder))
    assert (month.code, letter.code) == (1, 1)
    assert "2026-10" in month.err
    assert "no letter of that name" in letter.err


def test_wrong_usage_is_code_2() -> None:
    assert wellbeing("fly").code == 2
