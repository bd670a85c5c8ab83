"""May this operation be taken from whom it came? Shape and meaning are asked elsewhere (`checks.py`, `merge.py`)."""

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Final

from wellbeing_desktop.domain.grants import OWNER
from wellbeing_desktop.domain.operation import Operation, OperationKind
from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.sync.outcome import RecordState
from wellbeing_desktop.sync.server.engine import Transaction
from wellbeing_desktop.sync.server.scope import RECUSAL, Scope, leads_of, scope_now, subject_kind_of

SERVER_DEVICE: Final = "server"
_OWN_SUBJECT: Final = frozenset({"person", "practitioner", "team"})


class Right:
    """What one practitioner may change, asked for every operation of a batch; answers are remembered.

    `author` is whose operations these must be, empty for anybody's: somebody who decides about quarantined work
    applies it under their own right, and it stays its author's. `leads` says who leads a practitioner. `trusted` is the server's own writing. `waits` says of
    an operation why somebody must decide about it, whatever the grants (leases.py).
    """

    def __init__(
        self,
        scope: Scope,
        author: str,
        *,
        leads: Callable[[str], set[str]],
        trusted: bool = False,
        waits: Callable[[Operation], str] | None = None,
    ) -> None:
        self.scope: Final = scope
        self.author: Final = author
        self.trusted: Final = trusted
        self._waits = waits
        self._leads = leads
        self.registered: set[str] = set()
        self._allowed: dict[tuple[str, str, str, str, str], bool] = {}

    def refusal(self, operation: Operation, held: RecordState | None, dev: str) -> str:
        """The word for why not; empty if it may be taken."""
        if dev == SERVER_DEVICE:
            return ""
        if self.author and operation.author != self.author and not self.trusted:
            return "another_author"
        if self._waits is not None and not self.trusted and (why := self._waits(operation)):
            return why
        if operation.type in _OWN_SUBJECT and operation.subject != operation.id:
            return "wrong_subject"
        if operation.type == "grant" and operation.patch.get("practitioner_id", operation.subject) != operation.subject:
            return "wrong_subject"
        if self.trusted or operation.subject in self.registered:
            return ""
        if operation.type == RECUSAL:
            return "" if self._may_say_who_stands_aside(operation) else "not_granted"
        record_type = RECORD_TYPES.get(operation.type)
        kind = subject_kind_of(operation.type, held.body if held else operation.patch)
        key = (operation.kind, operation.type, kind, operation.subject, operation.compartment)
        found = self._allowed.get(key)
        if found is None:
            try:
                found = self.scope.may_change(
                    operation.kind, record_type, kind, operation.subject, operation.compartment
                )
            except ValueError:  # a compartment that there is not
                return "bad_compartment"
            self._allowed[key] = found
        if found:
            return ""
        registers = operation.type == "person" and operation.kind is OperationKind.CREATE and held is None
        return "" if registers and self.scope.may_register_people() else "not_granted"

    def _may_say_who_stands_aside(self, operation: Operation) -> bool:
        """Whoever knows a person says so of themself; a lead or an owner says it of a colleague, and opens the record
        to them again. Nobody opens it to themself."""
        who, whose = self.scope.practitioner_id, operation.subject
        if who == whose:
            return operation.kind is OperationKind.CREATE and not operation.patch.get("ended_at")
        return who in self._leads(whose) or any(grant.kind == OWNER for grant in self.scope.grants)

    def note_new_person(self, person_id: str) -> None:
        """Whoever writes somebody down for the first time may go on with their record in the same batch."""
        if not self.trusted and self.scope.may_register_people():
            self.registered.add(person_id)


def right_of(
    transaction: Transaction, org: str, practitioner_id: str, on: dt.date, *, any_author: bool = False
) -> Right:
    return Right(
        scope_now(transaction, org, practitioner_id, on),
        "" if any_author else practitioner_id,
        leads=partial(leads_of, transaction, org),
    )
