import json
import os
import stat
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

SECRET = "Mrs Okonkwo-Ffrench, allergic to penicillin"


def run(body: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    code = "from wellbeing_desktop.storage.process import harden_process\nimport sys\n" + textwrap.dedent(body)
    return subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True)


@pytest.mark.parametrize(
    "fault",
    [
        "raise ValueError(sys.argv[1])",
        "name = sys.argv[1]\n{}[name]",
        "import threading\nt = threading.Thread(target=lambda: int(sys.argv[1]))\nt.start()\nt.join()",
        "class Bad:\n    def __del__(self): raise KeyError(sys.argv[1])\nBad()",
        "try:\n    raise KeyError(sys.argv[1])\nexcept KeyError as e:\n    raise ValueError(sys.argv[1]) from e",
    ],
)
def test_an_uncaught_error_names_its_place_and_never_its_message(fault: str) -> None:
    ran = run("harden_process()\n" + fault, SECRET)
    assert "Okonkwo" not in ran.stdout + ran.stderr
    assert "penicillin" not in ran.stdout + ran.stderr
    assert "Error " in ran.stderr
    assert "<string>:" in ran.stderr


def test_the_same_fault_has_the_same_fingerprint_whatever_it_was_about() -> None:
    def fingerprint(about: str) -> str:
        return run("harden_process()\nraise ValueError(sys.argv[1])", about).stderr.split()[1]

    assert fingerprint("one person") == fingerprint("another")


def test_reports_go_where_they_are_sent() -> None:
    ran = run(
        "harden_process(report=lambda line: sys.stdout.write('report: ' + line))\nraise ValueError(sys.argv[1])", SECRET
    )
    assert ran.stdout.startswith("report: ValueError ")
    assert ran.stderr == ""


@pytest.mark.skipif(os.name == "nt", reason="limits and masks are of Unix")
def test_there_is_no_core_dump_and_new_files_are_private(tmp_path: Path) -> None:
    ran = run(
        """
        import ctypes, json, resource
        from pathlib import Path
        harden_process(fault_file=Path(sys.argv[1], "fault"))
        Path(sys.argv[1], "file").touch()
        dumpable = ctypes.CDLL(None).prctl(3, 0, 0, 0, 0) if sys.platform == "linux" else 0
        print(json.dumps([resource.getrlimit(resource.RLIMIT_CORE), dumpable]))
        """,
        os.fspath(tmp_path),
    )
    assert json.loads(ran.stdout) == [[0, 0], 0]
    for name in ("file", "fault"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
