"""What a command hands to files, byte for byte, as `strace` saw it; without `strace` a command runs as it is."""

import codecs
import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

STRACE: Final = shutil.which("strace")
_CALLS: Final = "write,pwrite64,writev,pwritev,pwritev2"
_LONGEST: Final = 4 << 20
_CALL: Final = re.compile(rb"^(?:\d+\s+)?p?writev?(?:64|2)?\((\d+)(?:<([^>]*)>)?, (.*)$")
_TEXT: Final = re.compile(rb'"([^"\\]*(?:\\.[^"\\]*)*)"')
_NOT_FILES: Final = ("pipe:", "socket:", "UNIX", "TCP", "UDP", "anon_inode:", "NETLINK", "/dev/")
_FILES_IN_MEMORY: Final = "/dev/shm/"
_SEMAPHORES: Final = "/dev/shm/sem."
"""What processes wait on each other by: a count, and no text."""


def traced(command: Sequence[str], trace: Path) -> list[str]:
    """The command under `strace`, which writes what the command and its children write into the file `trace`."""
    if STRACE is None:
        return list(command)
    watch = ["-f", "-y", "--seccomp-bpf", "-qq", "-s", str(_LONGEST), "-e", f"trace={_CALLS}", "-e", "signal=none"]
    return [STRACE, *watch, "-o", str(trace), *command]


def written(trace: Path) -> Iterator[tuple[str, bytes]]:
    """Path and bytes of every write to a file; "" for a path that could not be seen, which then counts as a file."""
    with trace.open("rb") as lines:
        for line in lines:
            call = _CALL.match(line)
            if call is None:
                continue
            number, target, rest = call.groups()
            path = (target or b"").decode("utf-8", "replace")
            if number in (b"1", b"2"):
                continue
            in_memory = path.startswith(_FILES_IN_MEMORY) and not path.startswith(_SEMAPHORES)
            if path.startswith(_NOT_FILES) and not in_memory:
                continue
            for text in _TEXT.finditer(rest):
                yield path, codecs.escape_decode(text.group(1))[0]
