"""One piece of work as it is written down: row, outbox operation, audit entry, search, and what the window is told.

What may be written is the write door's to say (write_door.py); here nothing is refused.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Final

from wellbeing_desktop.domain.changes import Change, Changes
from wellbeing_desktop.domain.definition import RecordType
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.operation import SCHEMA, Operation, OperationKind
from wellbeing_desktop.domain.wire import to_wire
from wellbeing_desktop.storage import audit, outbox, records, search
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.records import StoredRow


class PieceOfWork:
    """What one transaction of the write door does. `undo_id` takes all of it back."""

    def __init__(self, writer: Writer, action: str, at: dt.datetime, author: str) -> None:
        self._writer = writer
        self._action = action
        self._at = at
        self._at_wire = to_wire(at)
        self._author = author
        self.undo_id: Final = new_id()
        self._txn = self.undo_id
        self._size = 0
        self._touched: set[Change] = set()
        self._people: set[str] = set()
        self._done: dict[tuple[str, str], list[Operation]] = {}
        self._seen: list[tuple[str, str, Any]] = []

    def begin_group(self) -> None:
        """What follows stands or falls by itself when it is sent."""
        if self._size:
            self._txn = new_id()
            self._size = 0

    def operation(
        self,
        record_type: RecordType,
        id: str,
        subject: str,
        compartment: str,
        kind: OperationKind,
        *,
        patch: dict[str, Any] | None = None,
        was: dict[str, Any] | None = None,
        base: int = 0,
    ) -> Operation:
        """An operation of this work, for `write` or `write_all`. `base` is the server's revision that it is based on.
        Raises ValueError if its group has grown too large to be sent whole."""
        self._size += 1
        if self._size > outbox.LARGEST_TXN:
            raise ValueError(f"more than {outbox.LARGEST_TXN} operations in one group: call begin_group")
        return Operation(
            op_id=new_id(),
            txn=self._txn,
            id=id,
            type=record_type.name,
            subject=subject,
            compartment=compartment,
            kind=kind,
            author=self._author,
            at=self._at_wire,
            base=base,
            patch=patch or {},
            was=was or {},
            schema=SCHEMA,
        )

    def write(self, operation: Operation, row: StoredRow) -> None:
        """The outbox first, so that nothing can change a row without it (SYNC I1)."""
        outbox.add_operation(self._writer, operation, door=self.undo_id, action=self._action)
        records.write_row(self._writer, row)
        self._people |= search.people_to_refresh(row.type, row.subject, row.body)
        self._note(operation)

    def write_all(self, operations: Sequence[Operation], rows: Sequence[StoredRow]) -> None:
        """As `write`, in few statements; search included."""
        outbox.add_operations(self._writer, operations, door=self.undo_id, action=self._action)
        records.store_many(self._writer, rows)
        for operation in operations:
            self._note(operation)

    def view(self, subject: str, what: str, detail: Any = None) -> None:
        """Somebody's record was looked at: `what` is a verb phrase, `detail` is kept as a hash."""
        self._seen.append((subject, what, detail))

    def finish(self, role: str) -> Changes:
        """Search and the audit, in the author's `role`; answers what changed."""
        search.refresh_people(self._writer, self._people)
        if self._done:
            audit.append_all(
                self._writer,
                [(subject, _counted(operations), operations) for (_, subject), operations in self._done.items()],
                user=self._author,
                action=self._action,
                at=self._at,
                role=role,
            )
        for subject, what, detail in self._seen:
            audit.append(
                self._writer, user=self._author, action=what, at=self._at, subject=subject, role=role, detail=detail
            )
        return Changes(frozenset(self._touched), self.undo_id if self._done else "")

    def _note(self, operation: Operation) -> None:
        self._touched.add(Change(operation.type, operation.id, operation.subject))
        self._done.setdefault((operation.txn, operation.subject), []).append(operation)


def _counted(operations: Iterable[Operation]) -> dict[str, int]:
    ids = {(operation.kind.value, operation.type, operation.id) for operation in operations}
    return dict(Counter(f"{kind} {type_name}" for kind, type_name, _ in ids))
