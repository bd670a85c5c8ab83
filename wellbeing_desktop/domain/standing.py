"""Of records that name what they replace (`supersedes`), those that stand: consents, alerts, care plans, amendments."""

from collections.abc import Iterable
from typing import Protocol, TypeVar


class _Replacing(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def supersedes(self) -> str: ...


R = TypeVar("R", bound=_Replacing)


def current_heads(records: Iterable[R]) -> tuple[R, ...]:
    """The records that no other of them replaces, ended and expired ones included, in the order given. Which of them
    are rivals is `RecordType.head_of`."""
    found = tuple(records)
    replaced = {record.supersedes for record in found if record.supersedes}
    return tuple(record for record in found if record.id not in replaced)
