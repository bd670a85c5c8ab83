"""Processes that a test kills or that end themselves, forked from one that has imported what they need: a kill is as real as ever, and costs
no start of Python each time."""

import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, Final

_HAS_FORK: Final = "forkserver" in multiprocessing.get_all_start_methods()
_CONTEXT: Final[Any] = multiprocessing.get_context("forkserver" if _HAS_FORK else "spawn")
if _HAS_FORK:
    _CONTEXT.set_forkserver_preload(
        [
            "tests.storage.adding_child",
            "tests.storage.stopping_child",
            "tests.storage.working_child",
            "tests.sync.client.working_laptop",
            "tests.sync.faults.serving_child",
        ]
    )


class Killable:
    """Runs `work(tell, *arguments)` in a process of its own, where `tell` says a line to the test."""

    def __init__(self, work: Callable[..., None], *arguments: str) -> None:
        self._ear, mouth = _CONTEXT.Pipe(duplex=False)
        self._process = _CONTEXT.Process(target=_run, args=(work, mouth, arguments), daemon=True)
        self._process.start()
        mouth.close()  # theirs is the only one left: its end is the end of what is said

    def heard(self) -> str | None:
        """The next line that was said whole; None when nothing comes any more."""
        try:
            return str(self._ear.recv())
        except (EOFError, OSError):
            return None

    def kill(self) -> None:
        """Without warning: SIGKILL."""
        self._process.kill()

    def ended(self) -> int:
        """Wait until it is gone, however it went; its exit code, less than 0 for a signal."""
        self._process.join()
        code = int(self._process.exitcode)
        self._process.close()
        self._ear.close()
        return code


def _run(work: Callable[..., None], mouth: Connection, arguments: tuple[str, ...]) -> None:
    work(mouth.send, *arguments)
