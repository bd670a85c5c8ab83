"""What can go wrong, as people are told it. Anything not in this tree is a bug.

WellbeingError
  Refused        a rule said no; shown beside the field or button
  StoreProblem   the case store cannot be used as asked; always with what to do
  SyncProblem    the server or the way to it; work goes on without it

Being offline is a state, not an error. No message ever carries personal data.
"""

from typing import Final


class WellbeingError(Exception):
    """The root: `message` may be shown as written."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message: Final = message


class Refused(WellbeingError):
    """A rule said no. `field` names the record field that the sentence belongs beside, if any."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field: Final = field


class StoreProblem(WellbeingError):
    """The store said no. `kind` is a stable word for code and support; `advice` says what to do next."""

    def __init__(self, kind: str, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.kind: Final = kind
        self.advice: Final = advice


class SyncProblem(WellbeingError):
    """The server, or the way to it, said no. `kind` is a stable word; `advice` says what to do next.

    `retry` is True when trying again later, without a person doing anything, can succeed.
    """

    def __init__(self, kind: str, message: str, advice: str = "", *, retry: bool = True) -> None:
        super().__init__(message)
        self.kind: Final = kind
        self.advice: Final = advice
        self.retry: Final = retry
