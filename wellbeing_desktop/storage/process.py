"""What a process that holds health records does first: no core dumps, private files, errors without their message.

An error's message and locals can hold a person's words; its type and place cannot. So reports name those, with a hash
by which two reports of the same fault are known to be the same.
"""

import faulthandler
import hashlib
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from traceback import walk_tb
from types import TracebackType
from typing import IO, Final

_PR_SET_DUMPABLE: Final = 4
_WINDOWS_NO_ERROR_REPORT: Final = 0x0001 | 0x0002  # SEM_FAILCRITICALERRORS, SEM_NOGPFAULTERRORBOX

Report = Callable[[str], None]


def harden_process(*, report: Report | None = None, fault_file: Path | None = None) -> None:
    """Call once, before anything else, in every program of ours.

    `report` receives one line for every error that nobody caught (standard error unless given). `fault_file` is a
    private file for the stack of a crash in C code; without it there is none.
    """
    os.umask(0o077)
    _no_core_dumps()
    tell = report or _to_standard_error

    def on_error(kind: type[BaseException], _error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            return
        tell(describe(kind, trace))

    def on_thread_error(args: threading.ExceptHookArgs) -> None:
        if args.exc_type is not SystemExit:
            tell(describe(args.exc_type, args.exc_traceback))

    def on_unraisable(args: "sys.UnraisableHookArgs") -> None:
        tell(describe(args.exc_type, args.exc_traceback))

    sys.excepthook = on_error
    threading.excepthook = on_thread_error
    sys.unraisablehook = on_unraisable
    faulthandler.disable()
    if fault_file is not None:
        faulthandler.enable(_private_file(fault_file))


def describe(kind: type[BaseException], trace: TracebackType | None) -> str:
    """Type, places and hash of an error, never its message: `KeyError 1f3a9c0d at store.py:12, people.py:40`."""
    places = [f"{Path(frame.f_code.co_filename).name}:{line}" for frame, line in walk_tb(trace)]
    fingerprint = hashlib.sha256("|".join([kind.__name__, *places]).encode()).hexdigest()[:8]
    return f"{kind.__name__} {fingerprint} at {', '.join(places) or 'an unknown place'}"


def _no_core_dumps() -> None:
    if os.name == "nt":
        from wellbeing_desktop.storage.windows import kernel

        kernel().SetErrorMode(_WINDOWS_NO_ERROR_REPORT)
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        import ctypes

        # No other process of the same person may read our memory, nor may a crash handler write it down.
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


_kept_open: list[IO[bytes]] = []
"""faulthandler writes to a file descriptor, which must live as long as the process."""


def _private_file(path: Path) -> IO[bytes]:
    file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab", buffering=0)
    _kept_open.append(file)
    return file


def _to_standard_error(line: str) -> None:
    sys.stderr.write(line + "\n")
