"""The one way in which people change records: row, outbox operation, audit entry and search in one transaction.

    with transaction(writer, "record_contact") as tx:
        contact_id = tx.create(Contact(subject=person_id, ...))
        tx.create(Note(subject=person_id, about_id=contact_id, ...))
    tx.changes

A rule that says no raises Refused, naming the field, and the whole transaction is as if it had never been begun.
Rules across fields and records are `operations`' own; the rules here follow from the definitions.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.correction import Amendment
from wellbeing_desktop.domain.definition import Compartment, Kind, Merge, Record, RecordType
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.lease import Standing
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.domain.operation import Operation, OperationKind
from wellbeing_desktop.domain.registry import type_of
from wellbeing_desktop.domain.wire import body_of, to_wire
from wellbeing_desktop.storage import (
    drafts,
    effective,
    field_rules,
    grants,
    lease,
    lifecycles,
    placing,
    records,
    shadow,
)
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.piece_of_work import PieceOfWork
from wellbeing_desktop.storage.records import Envelope, StoredRow


@contextmanager
def transaction(
    writer: Writer, action: str, *, at: dt.datetime | None = None, author: str | None = None
) -> Iterator["Transaction"]:
    """Begin, and on leaving commit, one piece of work.

    `action` is the verb phrase that audit and the outbox show (`record_contact`). `at` is the moment it is done, now
    if not given. `author` stands in for the person signed in only where a record keeps its first author (W8, imports
    of the service's own). `tx.changes` is complete after the `with`.
    """
    with writer.immediate():
        tx = Transaction(writer, action, at or dt.datetime.now(dt.UTC), author or grants.user_of(writer))
        yield tx
        tx.finish()


class Transaction:
    """One piece of work. Made by `transaction`, used within its `with`."""

    def __init__(self, writer: Writer, action: str, at: dt.datetime, author: str) -> None:
        self._writer = writer
        self.action: Final = action
        self.at: Final = at
        self.author: Final = author
        self.changes = Changes()
        self._work = PieceOfWork(writer, action, at, author)
        self._on = local_date(at)
        self._grants = grants.grants_held(writer)
        self._standing = lease.terms(writer).standing
        if self._standing is Standing.LOCKED:
            lease.require_action(writer, self._standing, action)  # not even looking, and nothing half done

    @property
    def undo_id(self) -> str:
        """By which the whole piece of work is taken back (undo.py)."""
        return self._work.undo_id

    @property
    def reader(self) -> Reader:
        """For looking within the transaction."""
        return self._writer

    def begin_group(self) -> None:
        """What follows stands or falls apart from what came before when it is sent: one group for each person of an
        import. Undo still takes back the whole piece of work."""
        self._work.begin_group()

    # Making ---------------------------------------------------------------------------------------------------

    def create(self, record: Record, compartment: Compartment | str | None = None) -> str:
        """Save a new record; answers its id, made here if it has none.

        `compartment` is for types that do not declare one: an Alert says who may see it; an Amendment, Conflict or
        Misfiling goes where its target is. Raises Refused naming the field that is missing or not allowed.
        """
        record_type = type_of(record)
        id = record.id or new_id()
        subject = placing.subject_for(self._writer, record_type, record, id)
        where = placing.compartment_for(self._writer, record_type, record, compartment)
        self._require_write(record_type, subject, where, adding=True)
        if self._writer.value("SELECT 1 FROM record WHERE id = ?", (id,)) is not None:
            raise Refused("This record is already saved.")
        body = field_rules.checked_body(record_type, body_of(record_type, record))
        placing.check_supersedes(self._writer, record_type, subject, body)
        operation = self._work.operation(record_type, id, subject, where, OperationKind.CREATE, patch=body)
        self._work.write(operation, _new_row(operation, body))
        return id

    def may_add(self, record_type: RecordType, subject: str) -> bool:
        """Would `create` take a new record of a type with a compartment of its own about this subject?"""
        if record_type.compartment is None:
            raise ValueError(f"a {record_type.name} goes where its target is")
        try:
            self._require_write(record_type, subject, record_type.compartment.value, adding=True)
        except Refused:
            return False
        return True

    def create_all(self, groups: Iterable[Sequence[Record]]) -> None:
        """Save many new records as `create` would, in few statements: for imports, where one by one takes five times
        as long. Each group stands or falls by itself when it is sent.

        Every record brings its id, is of a type with a compartment of its own, and replaces nothing; the person it is
        about is in the store or earlier in the same call.
        """
        rows: list[StoredRow] = []
        operations: list[Operation] = []
        made: set[str] = set()
        allowed: set[str] = set()
        for group in groups:
            self.begin_group()
            for record in group:
                record_type = type_of(record)
                if not record.id or record_type.compartment is None or bool(getattr(record, "supersedes", "")):
                    raise ValueError(f"a {record_type.name} like this is saved by itself")
                new = record.subject in made or (record_type.name == "person" and record.subject == record.id)
                subject = record.subject if new else placing.subject_for(self._writer, record_type, record, record.id)
                where = record_type.compartment.value
                if not (new and record_type.name in allowed):
                    self._require_write(record_type, subject, where, adding=True, registering=new)
                if new:
                    allowed.add(record_type.name)  # whoever it is that is new: the answer is the same
                body = field_rules.checked_body(record_type, body_of(record_type, record))
                operation = self._work.operation(
                    record_type, record.id, subject, where, OperationKind.CREATE, patch=body
                )
                operations.append(operation)
                rows.append(_new_row(operation, body))
                if record_type.name == "person":
                    made.add(record.id)
        if records.any_known(self._writer, [row.id for row in rows]):
            raise Refused("This record is already saved.")
        self._work.write_all(operations, rows)

    # Changing -------------------------------------------------------------------------------------------------

    def change(
        self,
        struct: type[Record],
        id: str,
        fields: Mapping[str, Any],
        seen: Mapping[str, Any] | None = None,
    ) -> bool:
        """Save new values of fields of one record; answers False if that changes nothing.

        `seen` is what the person saw in each field before changing it; what stands there now, where it is not given.
        A field left as it was seen is not a change, whatever it has become meanwhile. Raises Refused, naming the
        field, for values that a rule does not allow and for records that are not changed but amended or replaced.
        """
        record_type, envelope, body = self._editable(struct, id)
        patch: dict[str, Any] = {}
        was: dict[str, Any] = {}
        after = dict(body)
        for name, value in fields.items():
            field = record_type.field(name)
            new = field_rules.checked_value(field, to_wire(value))
            now = body.get(name)
            before = field_rules.absent(to_wire(seen[name])) if seen is not None and name in seen else now
            if new == before or (new == now and field.kind is not Kind.SET):
                continue
            if field.merge is Merge.FIXED:
                raise Refused(f"{field.label} is not changed once it is saved.", name)
            if field.kind is Kind.SET:
                added, removed = sorted({*(new or ())} - {*(before or ())}), sorted({*(before or ())} - {*(new or ())})
                field_rules.put_members(after, name, added, removed, patch)
                continue
            field_rules.check_change(record_type, field, now, new)
            patch[name], was[name] = new, before
            field_rules.put(after, name, new)
        return self._change(record_type, envelope, patch, was, after)

    def add_members(self, struct: type[Record], id: str, field: str, members: Iterable[str]) -> bool:
        """Add to a set field; answers False if all were there."""
        return self._change_members(struct, id, field, members, ())

    def remove_members(self, struct: type[Record], id: str, field: str, members: Iterable[str]) -> bool:
        """Take out of a set field; answers False if none were there."""
        return self._change_members(struct, id, field, (), members)

    def remove(self, struct: type[Record], id: str, reason: str) -> None:
        """Mark a record as entered in error. It leaves every list and stays in history."""
        record_type, envelope, body = self._found(struct, id)
        if not reason.strip():
            raise Refused("Say why this is being removed.", "reason")
        if envelope.deleted:
            raise Refused("This has already been removed.")
        self._allow(record_type, envelope)
        operation = self._operation_on(
            record_type, envelope, OperationKind.REMOVE, patch={"reason": field_rules.plain_text(reason, "reason")}
        )
        self._work.write(operation, envelope.row(body, deleted=True))

    def restore(self, struct: type[Record], id: str) -> None:
        """Bring back what was removed as entered in error."""
        record_type, envelope, body = self._found(struct, id)
        if not envelope.deleted:
            raise Refused("This has not been removed.")
        self._allow(record_type, envelope)
        self._work.write(
            self._operation_on(record_type, envelope, OperationKind.RESTORE), envelope.row(body, deleted=False)
        )

    def amend(self, struct: type[Record], id: str, field: str, value: Any, reason: str) -> str:
        """Say that a field of a saved contact, assessment or signed note should read otherwise; answers the
        amendment's id. The original stays. Where two amendments clashed, this one settles it."""
        record_type, envelope, body = self._found(struct, id)
        lifecycles.require_amendable(record_type, body, gone=envelope.gone)
        described = record_type.field(field)
        new = field_rules.checked_value(described, to_wire(value))
        heads = effective.heads(self._writer, id, field)
        before = effective.value_of(heads[0]) if heads else body.get(field)
        if new == before and len(heads) < 2:
            raise Refused("This is what it says already.", field)
        if described.about.required and new is None:
            raise Refused(f"{described.label} is needed.", field)
        for other in heads[1:]:
            self.remove(Amendment, other.id, "Settled by a later amendment")
        return self.create(
            Amendment(
                subject=envelope.subject,
                target_type=record_type.name,
                target_id=id,
                field=field,
                value=msgspec.json.encode(new).decode(),
                was=msgspec.json.encode(before).decode(),
                reason=reason,
                supersedes=heads[0].id if heads else "",
                amended_at=self.at,
                amended_by=self.author,
            ),
            envelope.compartment,
        )

    def discard_draft(self, key: str) -> None:
        """Forget the draft that this was saved from, together with saving it."""
        drafts.discard_draft(self._writer, key)

    # Telling --------------------------------------------------------------------------------------------------

    def view(self, subject: str, what: str) -> None:
        """Note in the audit that somebody's record was looked at, printed or exported: `what` is a verb phrase
        without any of the record's words (`open_record`)."""
        self._work.view(subject, what)

    def view_with_reason(self, subject: str, what: str, reason: str) -> None:
        """As `view`, where a reason is asked: more than the card, one's own record, a colleague's (W1, W4). The reason
        is kept as a hash in the chain; Refused without one."""
        if not reason.strip():
            raise Refused("Say why you need to see this.", "reason")
        self._work.view(subject, what, {"reason": reason})

    def finish(self) -> None:
        """Called by `transaction` on leaving."""
        lease.keep_clock_now_and_then(self._writer)
        self.changes = self._work.finish(grants.role_of(self._grants, self._on))

    # Within ---------------------------------------------------------------------------------------------------

    def _change_members(
        self, struct: type[Record], id: str, name: str, adding: Iterable[str], removing: Iterable[str]
    ) -> bool:
        record_type, envelope, body = self._editable(struct, id)
        field = record_type.field(name)
        if field.kind is not Kind.SET:
            raise ValueError(f"{record_type.name}.{name} is not a set")
        if field.merge is Merge.FIXED:
            raise Refused(f"{field.label} is not changed once it is saved.", name)
        added = field_rules.checked_value(field, sorted(set(adding))) or []
        patch: dict[str, Any] = {}
        after = dict(body)
        field_rules.put_members(after, name, added, sorted(set(removing)), patch)
        return self._change(record_type, envelope, patch, {}, after)

    def _change(
        self,
        record_type: RecordType,
        envelope: Envelope,
        patch: dict[str, Any],
        was: dict[str, Any],
        after: dict[str, Any],
    ) -> bool:
        if not patch:
            return False
        operation = self._operation_on(record_type, envelope, OperationKind.CHANGE, patch=patch, was=was)
        self._work.write(operation, envelope.row(after))
        return True

    def _found(self, struct: type[Record], id: str) -> tuple[RecordType, Envelope, dict[str, Any]]:
        record_type = type_of(struct)
        envelope = records.envelope_of(self._writer, id)
        body = records.body_of_row(self._writer, record_type, id)
        if envelope is None or body is None:
            raise Refused("This record is not on this laptop.")
        return record_type, envelope, body

    def _editable(self, struct: type[Record], id: str) -> tuple[RecordType, Envelope, dict[str, Any]]:
        record_type, envelope, body = self._found(struct, id)
        lifecycles.require_changeable(record_type, body, gone=envelope.gone)
        self._allow(record_type, envelope)
        lease.require_new(self._writer, self._standing, envelope.rev, self.action)
        return record_type, envelope, body

    def _allow(self, record_type: RecordType, envelope: Envelope) -> None:
        self._require_write(record_type, envelope.subject, envelope.compartment, adding=False)

    def _require_write(
        self, record_type: RecordType, subject: str, compartment: str, *, adding: bool, registering: bool = False
    ) -> None:
        lease.require_action(self._writer, self._standing, self.action)
        held = (
            grants.with_registered(self._grants, subject)
            if registering or (adding and record_type.name == "person")
            else grants.about(self._writer, self._grants, subject)
        )
        grants.require_write(held, record_type, subject, compartment, self._on, adding=adding)

    def _operation_on(
        self,
        record_type: RecordType,
        envelope: Envelope,
        kind: OperationKind,
        patch: dict[str, Any] | None = None,
        was: dict[str, Any] | None = None,
    ) -> Operation:
        shadow.keep(self._writer, envelope)
        base = shadow.base_for(self._writer, envelope, patch or {})
        return self._work.operation(
            record_type, envelope.id, envelope.subject, envelope.compartment, kind, patch=patch, was=was, base=base
        )


def _new_row(operation: Operation, body: Mapping[str, Any]) -> StoredRow:
    return StoredRow(
        type=operation.type,
        id=operation.id,
        subject=operation.subject,
        compartment=operation.compartment,
        body=body,
    )
