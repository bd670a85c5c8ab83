"""How a record type is defined, once, so that storing, syncing, merging, auditing and exporting can be derived.

A record type is one frozen struct whose fields carry `about(...)`, plus one `RecordType` saying where it lives.
Ordinary functions read both; there is no metaclass and no generated code.

Conventions that every reader relies on:
  * every field has a default, and a field at its default is absent: from the wire, from hashes, from storage (NULL);
  * text defaults to "", sets to (), everything else to None; a field never changes its type, it gets a new name;
  * `_at` is a UTC moment, `_on` a calendar date that is never converted, `_id` a reference, `_minutes` a duration.
"""

import datetime as dt
import types
import typing
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import Any, Final

import msgspec


class Compartment(StrEnum):
    """The second half of a bucket (SYNC 3.1): what kind of fact, for who may hold it."""

    CARD = "card"  # who this is and how to reach them safely
    CORE = "core"  # dates, codes, states, scores, demographics
    DOCUMENTS = "documents"  # letters, scans
    CLINICAL = "clinical"  # narrative, plans, assessments
    RESTRICTED = "restricted"  # concerns, sensitive


class SubjectKind(StrEnum):
    """The first half of a bucket: whose record this is. Never null."""

    PERSON = "person"
    TEAM = "team"
    PRACTITIONER = "practitioner"
    ORGANISATION = "organisation"


class Lifecycle(StrEnum):
    """When a record may change (SYNC 3.5)."""

    EDITABLE = "editable"
    IMMUTABLE = "immutable"  # from Save; a change is an Amendment
    SIGNED = "signed"  # editable until `signed_at` is set, then immutable
    SUPERSEDING = "superseding"  # from Save; a change is a new record naming what it `supersedes`


class Merge(StrEnum):
    """What happens when two people changed one field (SYNC 3.5)."""

    SCALAR = "scalar"  # last accepted wins, the other stays in history
    NARRATIVE = "narrative"  # both kept, an open conflict, no automatic text merge
    SAFETY = "safety"  # both kept, an open conflict, the more cautious shown first
    OWNER = "owner"  # who has taken it: two different people are an open conflict, never two owners in silence
    SET = "set"  # members are added and removed; operations commute
    STATE = "state"  # an allowed transition applies; two different ends clash
    POSITION = "position"  # fractional place in a list, last accepted wins
    FIXED = "fixed"  # says what the record is about; never changes after it is made


class Sensitivity(StrEnum):
    PLAIN = "plain"  # says nothing about a person
    PERSONAL = "personal"
    SPECIAL = "special"  # special category data (UK GDPR article 9)


class Kind(StrEnum):
    """The shape of a field's value, read from its annotation."""

    TEXT = "text"
    DATE = "date"
    MOMENT = "moment"
    NUMBER = "number"
    YES_NO = "yes_no"
    SET = "set"  # a tuple of distinct text members, sorted


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What `about` was told."""

    label: str
    merge: Merge
    help: str
    required: bool
    code_list: str
    refers_to: str
    search: int
    sensitivity: Sensitivity
    export: str
    counted: bool
    long: bool


def about(
    label: str,
    merge: Merge = Merge.SCALAR,
    *,
    help: str = "",
    required: bool = False,
    code_list: str = "",
    refers_to: str = "",
    search: int = 0,
    sensitivity: Sensitivity = Sensitivity.PERSONAL,
    export: str = "",
    counted: bool = False,
    long: bool = False,
) -> msgspec.Meta:
    """Describe one field.

    `code_list` names a list of `resources/code_lists`; `refers_to` a record type; `search` is 0 for not searched,
    1 for narrative, 2 for the finding index (names, identifiers); `export` is the NHS Data Dictionary or UK Core
    name used by exports; `counted` marks what a return may read under a return grant (never free text);
    `long` asks for a multi-line box. Narratives are always long.
    """
    return msgspec.Meta(
        extra={
            "about": About(
                label=label,
                merge=merge,
                help=help,
                required=required,
                code_list=code_list,
                refers_to=refers_to,
                search=search,
                sensitivity=sensitivity,
                export=export,
                counted=counted,
                long=long or merge is Merge.NARRATIVE,
            )
        }
    )


class Record(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=False):
    """What every record has. `subject` is the id of the person, team, practitioner or organisation it is about.

    The rest of the envelope (compartment, revision, sequence, removed) is the store's and the server's, not here.
    """

    id: str = ""
    subject: str = ""


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One field of a record type, as everything derived from the definition sees it."""

    name: str
    kind: Kind
    default: Any
    about: About

    @property
    def label(self) -> str:
        return self.about.label

    @property
    def merge(self) -> Merge:
        return self.about.merge


class RecordType(msgspec.Struct, frozen=True, kw_only=True):
    """Where a record type lives and how it behaves.

    `compartment` is None for a type that is put where its target is, or where its maker chooses: its record then
    names the compartment when it is created. `transitions` maps a state to the states that may follow it, for the
    field whose merge is STATE; the empty string is the state before the first. `head_of` names the fields that, with
    the subject, say which records that replace one another are rivals when two stand at once (docs/decisions/0008);
    it is None for a type of which any number stand. `open_to_all` is for what the organisation knows: whoever holds
    any grant may add and change one. `made_by` is the field that names the rule which made a record: several laptops
    may make the same one, under the same id, and it is one record.
    """

    struct: type[Record]
    name: str
    label: str
    plural: str
    compartment: Compartment | None
    subject_kind: SubjectKind = SubjectKind.PERSON
    lifecycle: Lifecycle = Lifecycle.EDITABLE
    transitions: Mapping[str, frozenset[str]] = {}
    head_of: tuple[str, ...] | None = None
    open_to_all: bool = False
    made_by: str = ""
    at: str = ""  # the field that places a record on the timeline

    @property
    def fields(self) -> tuple[Field, ...]:
        return fields_of(self.struct)

    def field(self, name: str) -> Field:
        """The field called `name`; KeyError if there is none."""
        return _fields_by_name(self.struct)[name]

    def has_field(self, name: str) -> bool:
        return name in _fields_by_name(self.struct)


@cache
def fields_of(struct: type[Record]) -> tuple[Field, ...]:
    """The fields of a record struct in order, without `id` and `subject`."""
    hints = typing.get_type_hints(struct, include_extras=True)
    found = []
    for info in msgspec.structs.fields(struct):
        if info.name in ("id", "subject"):
            continue
        description, shape = _read(struct, info.name, hints[info.name])
        found.append(
            Field(name=info.name, kind=_kind(struct, info.name, shape), default=info.default, about=description)
        )
    return tuple(found)


@cache
def _fields_by_name(struct: type[Record]) -> dict[str, Field]:
    return {field.name: field for field in fields_of(struct)}


def _read(struct: type[Record], name: str, hint: Any) -> tuple[About, Any]:
    if typing.get_origin(hint) is typing.Annotated:
        shape, *notes = typing.get_args(hint)
        for note in notes:
            if isinstance(note, msgspec.Meta) and note.extra and "about" in note.extra:
                return note.extra["about"], shape
    raise TypeError(f"{struct.__name__}.{name} says nothing about itself: annotate it with about(...)")


_SCALARS: Final[Mapping[Any, Kind]] = {
    str: Kind.TEXT,
    dt.date: Kind.DATE,
    dt.datetime: Kind.MOMENT,
    int: Kind.NUMBER,
    bool: Kind.YES_NO,
}


def _kind(struct: type[Record], name: str, shape: Any) -> Kind:
    if shape == tuple[str, ...]:
        return Kind.SET
    if typing.get_origin(shape) in (typing.Union, types.UnionType):
        shape = next(part for part in typing.get_args(shape) if part is not type(None))
    if shape in _SCALARS:
        return _SCALARS[shape]
    raise TypeError(f"{struct.__name__}.{name} has a shape that no column holds: {shape!r}")
