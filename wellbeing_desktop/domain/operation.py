"""One change as it travels: made with the row it changes, kept in the outbox, judged by the server, shown in history."""

from enum import StrEnum
from typing import Any, Final

import msgspec

SCHEMA: Final = 1
"""The version of the record definitions that this program was built with; every operation names the one it was made
in. What moved from one to the next is told in sync/schemas.py."""


class OperationKind(StrEnum):
    CREATE = "create"  # patch is the whole body
    CHANGE = "change"  # patch is the fields changed; was is what the person saw in each
    REMOVE = "remove"  # entered in error; patch is {"reason": ...}
    RESTORE = "restore"  # undoes a removal


class Operation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A change to one record.

    `patch` maps a field to its new wire value (None clears it), except for a set field, where it maps to
    {"add": [...], "remove": [...]}. `was` maps each patched field that is not a set to the wire value the person
    saw (a field that was absent maps to None). `base` is the record's server revision that this was made on, 0 if
    the server had none. `at` is the laptop's clock, UTC: data, never an order. Operations of one `txn` stand or
    fall together as visible state.
    """

    op_id: str
    txn: str
    id: str
    type: str
    subject: str
    compartment: str
    kind: OperationKind
    author: str
    at: str
    base: int = 0
    patch: dict[str, Any] = {}
    was: dict[str, Any] = {}
    schema: int = 1
