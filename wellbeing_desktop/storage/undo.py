"""Taking back the last piece of work: for the bar that stands ten seconds, and Ctrl+Z (DESIGN 3).

Before it was sent, it is withdrawn: row and operation go as if never made, and audit says that they did. Once it was
sent, its inverse is saved through the write door; what is immutable is then marked as entered in error.
"""

import datetime as dt
from typing import Any

from wellbeing_desktop.domain.changes import Change, Changes
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.operation import Operation, OperationKind
from wellbeing_desktop.domain.recusal import RECUSAL
from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.storage import audit, field_rules, grants, outbox, records, shadow
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.outbox import Queued, State
from wellbeing_desktop.storage.write_door import Transaction, transaction

_REASON = "Undone"
_OF_COLLEAGUES = "SELECT 1 FROM version WHERE id = ? AND author <> ? LIMIT 1"


def undo(writer: Writer, undo_id: str, *, at: dt.datetime | None = None) -> Changes:
    """Take back one transaction. Raises Refused in words if something in it has been changed since."""
    moment = at or dt.datetime.now(dt.UTC)
    queue = outbox.of_door(writer, undo_id) if undo_id else []
    if not queue:
        raise Refused("There is nothing to undo any more.")
    if any(
        queued.operation.type == RECUSAL.name and queued.operation.subject == grants.user_of(writer) for queued in queue
    ):
        raise Refused("You stood aside from this person's record. Your team lead can open it to you again.")
    if all(queued.state in (State.WAITING, State.HELD) for queued in queue):
        return _withdraw(writer, queue, moment)
    with transaction(writer, f"undo_{_action(writer, undo_id)}", at=moment) as tx:
        for queued in reversed(queue):
            _invert(tx, queued.operation)
    return Changes(tx.changes.touched)


# Before it was sent -----------------------------------------------------------------------------------------------


def _withdraw(writer: Writer, queue: list[Queued], at: dt.datetime) -> Changes:
    touched: dict[str, dict[str, int]] = {}
    changes = set()
    with writer.immediate():
        action = _action(writer, _door(writer, queue[0]))
        _refuse_if_built_upon(writer, queue)
        for queued in reversed(queue):
            operation = queued.operation
            _take_back(writer, queued)
            counts = touched.setdefault(operation.subject, {})
            counts[f"withdraw {operation.type}"] = counts.get(f"withdraw {operation.type}", 0) + 1
            changes.add(Change(operation.type, operation.id, operation.subject))
        user = grants.user_of(writer)
        for subject, counts in touched.items():
            audit.append(writer, user=user, action=f"undo_{action}", at=at, subject=subject, touched=counts)
    return Changes(frozenset(changes))


def _refuse_if_built_upon(writer: Writer, queue: list[Queued]) -> None:
    """Later work on what this made or changed would be left hanging."""
    mine = {queued.local for queued in queue}
    made = {queued.operation.id for queued in queue if queued.operation.kind is OperationKind.CREATE}
    for queued in queue:
        operation = queued.operation
        for later in outbox.of_record(writer, operation.id):
            if later.local in mine or later.local < queued.local:
                continue
            both = later.operation.patch.keys() & operation.patch.keys()
            if operation.kind is not OperationKind.CHANGE or later.operation.kind is not OperationKind.CHANGE or both:
                raise Refused("This has been changed since, so it cannot be undone.")
    for id in made:
        others = writer.rows("SELECT id FROM record WHERE subject = ? AND id <> ?", (id, id))
        if any(found[0] not in made for found in others):
            raise Refused("More has been added to this record since, so it cannot be undone.")


def _take_back(writer: Writer, queued: Queued) -> None:
    operation = queued.operation
    writer.execute("DELETE FROM outbox WHERE local = ?", (queued.local,))
    if operation.kind is OperationKind.CREATE:
        records.erase_row(writer, operation.type, operation.id)
        return
    envelope = records.envelope_of(writer, operation.id)
    body = records.body_of_row(writer, RECORD_TYPES[operation.type], operation.id)
    if envelope is None or body is None:
        return
    deleted = envelope.deleted
    if operation.kind is OperationKind.CHANGE:
        for field, value in operation.patch.items():
            field_rules.put(body, field, _value_before(writer, operation, field, value, body.get(field)))
    else:
        deleted = operation.kind is OperationKind.RESTORE
    records.store_body(writer, envelope.row(body, deleted=deleted))
    if not outbox.has_pending(writer, envelope.id):
        shadow.drop_shadow(writer, envelope.id)


def _value_before(writer: Writer, operation: Operation, field: str, patched: Any, now: Any) -> Any:
    """What stood in a field before an operation: earlier work still on its way, else what the server has."""
    if isinstance(patched, dict):
        members = (set(now or ()) - set(patched["add"])) | set(patched["remove"])
        return sorted(members)
    for earlier in reversed(outbox.of_record(writer, operation.id)):
        if field in earlier.operation.patch and earlier.state < State.ACKNOWLEDGED:
            return earlier.operation.patch[field]
    kept = shadow.shadow_of(writer, operation.id)
    return operation.was.get(field) if kept is None else kept.body.get(field)


# After it was sent ------------------------------------------------------------------------------------------------


def _invert(tx: Transaction, operation: Operation) -> None:
    record_type = RECORD_TYPES[operation.type]
    match operation.kind:
        case OperationKind.CREATE:
            made_by_rule = record_type.made_by and operation.patch.get(record_type.made_by)
            if not made_by_rule and tx.reader.rows(_OF_COLLEAGUES, (operation.id, tx.author)):
                raise Refused("A colleague has worked on this too, so it cannot be undone.")
            tx.remove(record_type.struct, operation.id, _REASON)
        case OperationKind.REMOVE:
            tx.restore(record_type.struct, operation.id)
        case OperationKind.RESTORE:
            tx.remove(record_type.struct, operation.id, _REASON)
        case OperationKind.CHANGE:
            body = records.body_of_row(tx.reader, record_type, operation.id) or {}
            values = {}
            for field, patched in operation.patch.items():
                if isinstance(patched, dict):
                    tx.remove_members(record_type.struct, operation.id, field, patched["add"])
                    tx.add_members(record_type.struct, operation.id, field, patched["remove"])
                    continue
                if field_rules.absent(body.get(field)) != field_rules.absent(patched):
                    label = record_type.field(field).label
                    raise Refused(f"{label} has been changed since, so this cannot be undone.", field)
                values[field] = operation.was.get(field)
            if values:
                tx.change(record_type.struct, operation.id, values)


def _door(writer: Writer, queued: Queued) -> str:
    return str(writer.value("SELECT door FROM outbox WHERE local = ?", (queued.local,)))


def _action(writer: Writer, door: str) -> str:
    return str(writer.value("SELECT action FROM outbox WHERE door = ? LIMIT 1", (door,)))
