"""Small functions that prove the worker process of this installation works; run by tests and by self-checks."""

from collections.abc import Callable
from typing import Any

from wellbeing_desktop.domain.errors import Refused

Report = Callable[[int, int], None]


def count(payload: dict[str, int], report: Report) -> bytes:
    """Counts to `payload["to"]`, reporting each step."""
    for number in range(1, payload["to"] + 1):
        report(number, payload["to"])
    return str(payload["to"]).encode()


def refuse(_payload: Any, _report: Report) -> bytes:
    """Refuses, as a rule of the domain does."""
    raise Refused("This cannot be done.")


def fail(payload: Any, _report: Report) -> bytes:
    """Fails as a bug does, with its data in its words."""
    raise ValueError(payload)


def for_ever(_payload: Any, report: Report) -> bytes:
    """Goes on until it is cancelled."""
    while True:
        report(0, 0)
