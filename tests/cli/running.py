"""The command line as somebody else's script runs it: an exit code, JSON on stdout, in a process of its own or in this."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from wellbeing_desktop.cli.main import run

PASSPHRASE: Final = "four quite plain words"


class Ran(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def wellbeing(
    *arguments: str | Path, module: str = "wellbeing_desktop", seconds: float = 120, **environment: str
) -> Ran:
    """Run `python -m wellbeing_desktop`, or what stands for it, with nothing to type on and no screen."""
    ran = subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=seconds,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", **environment},
        check=False,
    )
    return Ran(ran.returncode, ran.stdout, ran.stderr)


def told(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> Any:
    """Run the command in this process; what it says as JSON. It fails where the command does."""
    code = run([*map(str, arguments)])
    said = capsys.readouterr()
    assert code == 0, said.err
    return json.loads(said.out)
