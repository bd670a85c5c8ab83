"""The look at what is written, so that an empty answer means something."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.traced import STRACE, traced, written

PROGRAM = """
import os, sys, tempfile
handle, path = tempfile.mkstemp(dir=sys.argv[1])
os.write(handle, b"quick\\x00\\xff\\n\\"brown\\" fox" + b"x" * 100000)
os.pwrite(handle, b"later", 3)
os.close(handle); os.unlink(path)
print("not a file")
"""


@pytest.mark.skipif(STRACE is None, reason="strace is not on this computer")
def test_bytes_of_a_file_that_is_gone_are_seen(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    subprocess.run(traced([sys.executable, "-c", PROGRAM, str(tmp_path)], trace), check=True, stdout=subprocess.DEVNULL)
    seen = [(path, content) for path, content in written(trace) if path.startswith(str(tmp_path))]
    assert [content for _path, content in seen] == [b'quick\x00\xff\n"brown" fox' + b"x" * 100000, b"later"]
    assert [path.name for path in tmp_path.iterdir()] == ["trace"]
