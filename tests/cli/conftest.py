"""A store as the command line names it."""

from pathlib import Path

import pytest

from tests.cli.running import PASSPHRASE
from wellbeing_desktop.operations.setting_up import set_up_alone
from wellbeing_desktop.storage.kdf import FAST_FOR_TESTS


@pytest.fixture
def at_store(tmp_path: Path) -> list[str]:
    """The options that open a new, empty store, for the program of this process."""
    store, _kit = set_up_alone(tmp_path / "store", "T", PASSPHRASE, user_name="Sam", argon=FAST_FOR_TESTS)
    store.close()
    (tmp_path / "passphrase").write_text(PASSPHRASE + "\n", "utf-8")
    return ["--store", str(tmp_path / "store"), "--passphrase-file", str(tmp_path / "passphrase"), "--json"]
