"""What a definition alone says about a value: its kind, whether it is needed, the shape of a code, the next states."""

from collections.abc import Mapping, MutableMapping
from functools import cache
from typing import Any, Final

from wellbeing_desktop.domain.definition import Field, Kind, Merge, Record, RecordType, fields_of
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.wire import from_wire, to_wire

_LONGEST_CODE: Final = 64
LONGEST_TEXT: Final = 1_000_000
"""Characters in one field: many times a long note, and still one message to the server."""


def checked_body(record_type: RecordType, body: Mapping[str, Any]) -> dict[str, Any]:
    """The body of a new record, or Refused naming the first field that is missing or not allowed."""
    checked: dict[str, Any] = {}
    for name, needed, field in _looked_at(record_type.struct):
        if name not in body and not needed:
            continue
        value = checked_value(field, body.get(name))
        if needed:
            check_needed(field, value)
        if value is None:
            continue
        if field.merge is Merge.STATE and record_type.transitions:
            _check_transition(record_type, field, "", value)
        checked[name] = value
    return checked


@cache
def _looked_at(struct: type[Record]) -> tuple[tuple[str, bool, Field], ...]:
    """Each field with what is asked first: its name, and whether it is needed."""
    return tuple((field.name, field.about.required, field) for field in fields_of(struct))


def checked_value(field: Field, wire: Any) -> Any:
    """A wire value in its one written form, None if it is absent; Refused if the field cannot hold it."""
    if absent(wire) is None:
        return None
    try:
        value = from_wire(field.kind, wire)
        if field.kind is not Kind.TEXT:
            value = to_wire(value)
    except Refused as refusal:
        raise Refused(f"{field.label}: {refusal.message}", field.name) from refusal
    texts = value if field.kind is Kind.SET else [value] if field.kind is Kind.TEXT else []
    for text in texts:
        if len(text) > LONGEST_TEXT:
            raise Refused(f"{field.label} is longer than {LONGEST_TEXT:,} characters. Split it.", field.name)
        if field.about.code_list and not _is_code(text):
            raise Refused(f"{field.label}: choose one from the list.", field.name)
    return value


def check_change(record_type: RecordType, field: Field, now: Any, new: Any) -> None:
    """Refused if a needed value would be emptied, or a state may not follow the one that stands."""
    if field.about.required:
        check_needed(field, new)
    if field.merge is Merge.STATE and record_type.transitions:
        _check_transition(record_type, field, now or "", new or "")


def check_needed(field: Field, value: Any) -> None:
    """Raises Refused beside the field for nothing, or nothing but spaces."""
    if value is None or (isinstance(value, str) and not value.strip()):
        raise Refused(f"{field.label} is needed.", field.name)


def plain_text(text: str, field: str) -> str:
    """Text that can be written down as UTF-8; Refused otherwise."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise Refused("This has characters in it that cannot be saved.", field) from error
    return text


def absent(wire: Any) -> Any:
    """None for an empty text and an empty set, as for None: a field at its default is absent."""
    return None if wire is None or wire in ("", [], ()) else wire


def put(body: MutableMapping[str, Any], name: str, value: Any) -> None:
    """Set a field of a body, or take it out if the value is absent."""
    if absent(value) is None:
        body.pop(name, None)
    else:
        body[name] = value


def put_members(
    after: dict[str, Any], name: str, adding: list[str], removing: list[str], patch: dict[str, Any]
) -> None:
    """Bring members into and out of a set field of `after`, and say so in `patch` if that changes anything."""
    now = set(after.get(name) or ())
    adding = [member for member in adding if member not in now]
    removing = [member for member in removing if member in now]
    if adding or removing:
        patch[name] = {"add": adding, "remove": removing}
        put(after, name, sorted((now | set(adding)) - set(removing)) or None)


def _check_transition(record_type: RecordType, field: Field, now: str, new: str) -> None:
    if new in record_type.transitions.get(now, frozenset()):
        return
    if not now:
        raise Refused(f"{record_type.label}: this is not a state to begin with.", field.name)
    raise Refused(f"{record_type.label}: this cannot follow {now.replace('_', ' ')!r}.".replace("'", '"'), field.name)


def _is_code(text: str) -> bool:
    """Codes come from versioned lists and may be newer than this program: only their shape is looked at here."""
    return 0 < len(text) <= _LONGEST_CODE and text == text.strip() and text.isprintable()
