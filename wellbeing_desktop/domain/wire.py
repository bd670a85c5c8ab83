"""The one form of a record outside the program: for the outbox, the wire, hashes and digests (SYNC 3.1).

A body is a plain mapping of field name to JSON value, without `id` and `subject`, with absent fields left out.
Dates are ISO text, moments ISO text in UTC ending in Z, sets sorted lists of text. There are no floats.
Fields that this version does not know are kept in a body untouched.
"""

import datetime as dt
import hashlib
from collections.abc import Mapping
from functools import cache
from itertools import compress
from operator import is_not
from typing import Any

import msgspec

from wellbeing_desktop.domain.definition import Kind, Record, RecordType
from wellbeing_desktop.domain.errors import Refused

_canonical = msgspec.json.Encoder(order="sorted")


def to_wire(value: Any) -> Any:
    """One field value as JSON holds it."""
    if isinstance(value, dt.datetime):
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, tuple | list | set | frozenset):
        return sorted(set(value))
    return value


def from_wire(kind: Kind, value: Any) -> Any:
    """One JSON value as the struct holds it. Raises Refused if it is not of the field's kind."""
    try:
        match kind:
            case Kind.TEXT:
                if not isinstance(value, str):
                    raise Refused("Text was expected.")
                value.encode("utf-8")
                return value
            case Kind.DATE:
                return None if value is None else dt.date.fromisoformat(value)
            case Kind.MOMENT:
                if value is None:
                    return None
                moment = dt.datetime.fromisoformat(value)
                return moment.astimezone(dt.UTC)
            case Kind.SET:
                if not isinstance(value, list | tuple) or not all(isinstance(member, str) for member in value):
                    raise Refused("A list of words was expected.")
                return tuple(sorted(set(value)))
            case Kind.NUMBER:
                if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
                    raise Refused("A whole number was expected.")
                if value is not None and not -(2**63) <= value < 2**63:
                    raise Refused("The number is too large.")
                return value
            case Kind.YES_NO:
                if value is not None and not isinstance(value, bool):
                    raise Refused("Yes or no was expected.")
                return value
    except (ValueError, TypeError, OverflowError) as error:
        raise Refused("The value is not of the kind that this field holds.") from error


def body_of(record_type: RecordType, record: Record) -> dict[str, Any]:
    """The record as a body: known fields that are not at their default."""
    names, defaults = _defaults(record_type.struct)
    values = msgspec.structs.astuple(record)
    # most fields are absent, and then at the very default
    given = compress(zip(names, values, defaults, strict=True), map(is_not, values, defaults))
    return {
        name: value if isinstance(value, str) else to_wire(value)
        for name, value, default in given
        if value != default and name not in ("id", "subject")
    }


@cache
def _defaults(struct: type[Record]) -> tuple[tuple[str, ...], tuple[Any, ...]]:
    found = msgspec.structs.fields(struct)
    return tuple(info.name for info in found), tuple(info.default for info in found)


def record_from(record_type: RecordType, id: str, subject: str, body: Mapping[str, Any]) -> Record:
    """The record that a body describes. Unknown fields are passed over (the store keeps them); Refused if malformed."""
    values: dict[str, Any] = {}
    for field in record_type.fields:
        if field.name in body:
            try:
                values[field.name] = from_wire(field.kind, body[field.name])
            except Refused as refusal:
                raise Refused(refusal.message, field.name) from refusal
    return record_type.struct(id=id, subject=subject, **values)


def canonical(body: Mapping[str, Any] | msgspec.Struct) -> bytes:
    """UTF-8 JSON with sorted keys: equal bodies give equal bytes on every machine. A struct is as its fields by name."""
    return _canonical.encode(body)


def body_hash(body: Mapping[str, Any]) -> str:
    """BLAKE2b-128 of the canonical form, as 32 hex digits."""
    return hashlib.blake2b(canonical(body), digest_size=16).hexdigest()
