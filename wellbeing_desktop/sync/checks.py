"""Is an operation well formed? Everything from outside is hostile until it has passed here.

Nothing is refused for its meaning, only for its shape: what a person typed is never judged by a computer.
"""

import re
from typing import Any, Final

from wellbeing_desktop.domain.definition import Compartment, Field, Kind, Merge, RecordType
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.operation import Operation, OperationKind
from wellbeing_desktop.domain.wire import from_wire, to_wire

MAX_TEXT: Final = 262_144
"""Characters of one field: about a hundred printed pages."""
MAX_FIELDS: Final = 400
MAX_MEMBERS: Final = 10_000
MAX_DEPTH: Final = 16
MAX_NUMBER: Final = 2**63

_UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_WORD: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
_LOOKED_FOR: Final = frozenset({"target_id", "sha256"})
_COMPARTMENTS: Final = frozenset(compartment.value for compartment in Compartment)


class Malformed(Exception):
    """Why an operation cannot be judged: a stable word, never what was in it."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why: Final = why


def is_id(text: str) -> bool:
    """A UUID in its one written form: 36 lower-case characters."""
    return _UUID.fullmatch(text) is not None


def check_envelope(operation: Operation, record_type: RecordType | None) -> None:
    """Ids, names and the bucket. Raises Malformed."""
    for text in (operation.op_id, operation.txn, operation.id, operation.subject, operation.author):
        if not is_id(text):
            raise Malformed("bad_id")
    if not _WORD.fullmatch(operation.type):
        raise Malformed("bad_type")
    if operation.compartment not in _COMPARTMENTS:
        raise Malformed("bad_compartment")
    fixed = record_type.compartment if record_type else None
    if fixed is not None and operation.compartment != fixed:
        raise Malformed("wrong_compartment")
    if len(operation.at) > 40 or not 0 <= operation.base < MAX_NUMBER or not 0 <= operation.schema < MAX_NUMBER:
        raise Malformed("bad_envelope")
    if len(operation.patch) > MAX_FIELDS or len(operation.was) > MAX_FIELDS:
        raise Malformed("too_many_fields")


def checked_patch(operation: Operation, record_type: RecordType | None) -> dict[str, Any]:
    """The patch with every known value in its one written form. Raises Malformed.

    A set field keeps {"add": [...], "remove": [...]}, each sorted; in a CREATE it is a list. Values of fields that
    this version does not know are only looked at for depth, size and floats.
    """
    if operation.kind in (OperationKind.REMOVE, OperationKind.RESTORE):
        checked = {name: checked_value(None, value) for name, value in operation.patch.items()}
        if any(not isinstance(value, str) for value in checked.values()):
            raise Malformed("bad_reason")
        return checked
    checked = {}
    for name, value in operation.patch.items():
        field = _known(record_type, name)
        if operation.kind is OperationKind.CHANGE and field is not None and field.merge is Merge.SET:
            checked[name] = _members(field, value)
        else:
            checked[name] = checked_value(field, value)
    return checked


def checked_was(operation: Operation, record_type: RecordType | None) -> dict[str, Any]:
    """`was` likewise. Raises Malformed."""
    return {name: checked_value(_known(record_type, name), value) for name, value in operation.was.items()}


def checked_value(field: Field | None, value: Any) -> Any:
    """One value in its one written form; None for a value that is the same as absent. Raises Malformed."""
    if field is None:
        _check_unknown(value, 0)
        return value
    if value is None:
        return None
    if isinstance(value, str):
        _check_text(value)
        _check_names(field, value)
        if field.kind is Kind.TEXT:
            return value or None
    elif field.kind is Kind.SET and isinstance(value, list) and len(value) > MAX_MEMBERS:
        raise Malformed("too_many_members")
    elif field.kind is Kind.SET and isinstance(value, list):
        for member in value:
            _check_names(field, str(member))
    try:
        return to_wire(from_wire(field.kind, value)) or (None if field.kind is Kind.SET else _kept(field, value))
    except (Refused, AttributeError) as error:
        raise Malformed("wrong_kind") from error


def _check_names(field: Field, text: str) -> None:
    """What names a record or bytes is looked for in the database, and no database of ours looks for a NUL."""
    if "\0" in text and (field.about.refers_to or field.name in _LOOKED_FOR or field.kind is Kind.SET):
        raise Malformed("bad_id")


def is_set_patch(value: Any) -> bool:
    """Does a patch value add and remove members?"""
    return isinstance(value, dict) and bool(value) and value.keys() <= {"add", "remove"}


def _kept(field: Field, value: Any) -> Any:
    """0 and no are values; empty text is none."""
    return value if field.kind in (Kind.NUMBER, Kind.YES_NO) else None


def _known(record_type: RecordType | None, name: str) -> Field | None:
    if record_type is not None and record_type.has_field(name):
        return record_type.field(name)
    if not _WORD.fullmatch(name):
        raise Malformed("bad_field_name")
    return None


def _members(field: Field, value: Any) -> dict[str, list[str]]:
    if not is_set_patch(value):
        raise Malformed("wrong_kind")
    lists: dict[str, list[str]] = {}
    for key in ("add", "remove"):
        members = value.get(key, [])
        if not isinstance(members, list) or len(members) > MAX_MEMBERS:
            raise Malformed("wrong_kind")
        for member in members:
            if not isinstance(member, str) or not member:
                raise Malformed("wrong_kind")
            _check_text(member)
            _check_names(field, member)
        lists[key] = sorted(set(members))
    if set(lists["add"]) & set(lists["remove"]):
        raise Malformed("added_and_removed")
    return lists


def _check_text(text: str) -> None:
    if len(text) > MAX_TEXT:
        raise Malformed("too_long")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise Malformed("wrong_kind") from error


def _check_unknown(value: Any, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise Malformed("too_deep")
    match value:
        case bool() | None:
            return
        case float():
            raise Malformed("float")
        case int():
            if not -MAX_NUMBER <= value < MAX_NUMBER:
                raise Malformed("too_large")
        case str():
            _check_text(value)
        case list():
            if len(value) > MAX_MEMBERS:
                raise Malformed("too_many_members")
            for member in value:
                _check_unknown(member, depth + 1)
        case dict():
            if len(value) > MAX_FIELDS:
                raise Malformed("too_many_fields")
            for name, member in value.items():
                _check_text(name)
                _check_unknown(member, depth + 1)
        case _:
            raise Malformed("wrong_kind")
