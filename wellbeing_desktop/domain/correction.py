"""How the record says that it changed, clashed, was one person twice, or was written in the wrong place.

These follow their target: each is made in the compartment of the record it is about.
"""

import datetime as dt
from typing import Annotated, Final

from wellbeing_desktop.domain.definition import Compartment, Lifecycle, Merge, Record, RecordType, about

FIXED = Merge.FIXED

# What a clash may be about beside one field's value: whether the record is removed, which of two records that replace
# one another stands, and a signature, which is one thing in two fields (`signed_by` goes with `signed_at`).
REMOVED: Final = "removed"
SUPERSEDES: Final = "supersedes"
SIGNED_AT: Final = "signed_at"
SIGNED_BY: Final = "signed_by"


class Amendment(Record, frozen=True, kw_only=True, omit_defaults=True):
    """A change to an immutable record. The original stays; the effective value of a field is its newest head.

    `value` and `was` are the field's wire value as JSON text.
    """

    target_type: Annotated[str, about("Kind of record", FIXED, required=True)] = ""
    target_id: Annotated[str, about("Record", FIXED, required=True)] = ""
    field: Annotated[str, about("Field", FIXED, required=True)] = ""
    value: Annotated[str, about("New value", FIXED, long=True)] = ""
    was: Annotated[str, about("Value it replaces", FIXED, long=True)] = ""
    reason: Annotated[str, about("Reason", FIXED, required=True, long=True)] = ""
    supersedes: Annotated[str, about("Replaces amendment", FIXED, refers_to="amendment")] = ""
    amended_at: Annotated[dt.datetime | None, about("Amended at", FIXED)] = None
    amended_by: Annotated[str, about("Amended by", FIXED, refers_to="practitioner")] = ""


class Conflict(Record, frozen=True, kw_only=True, omit_defaults=True):
    """Two values for one field. Made by the merge, settled by a person, never dropped (SYNC 3.5).

    `base`, `mine` and `theirs` are wire values as JSON text; `mine` is the value of the later arrival's author,
    `theirs` what stands on the record. At most one is open for each (record, field, author).
    """

    target_type: Annotated[str, about("Kind of record", FIXED, required=True)] = ""
    target_id: Annotated[str, about("Record", FIXED, required=True)] = ""
    field: Annotated[str, about("Field", FIXED, required=True)] = ""
    base: Annotated[str, about("Value before both", FIXED, long=True)] = ""
    mine: Annotated[str, about("One value", long=True)] = ""
    mine_author: Annotated[str, about("Who wrote it", FIXED)] = ""
    mine_at: Annotated[str, about("When, by that laptop's clock")] = ""
    mine_device: Annotated[str, about("On which laptop", FIXED)] = ""
    theirs: Annotated[str, about("The other value", long=True)] = ""
    theirs_author: Annotated[str, about("Who wrote the other")] = ""
    theirs_at: Annotated[str, about("When the other was written")] = ""
    theirs_device: Annotated[str, about("On which laptop the other was written")] = ""
    operations: Annotated[tuple[str, ...], about("Operations", Merge.SET)] = ()
    owner_id: Annotated[str, about("Who settles it", refers_to="practitioner")] = ""
    due_on: Annotated[dt.date | None, about("By when")] = None
    state: Annotated[str, about("State", Merge.STATE, code_list="conflict_states")] = ""
    choice: Annotated[str, about("What was kept", code_list="conflict_choices")] = ""
    settled_value: Annotated[str, about("Value settled on", long=True)] = ""
    settled_by: Annotated[str, about("Settled by", refers_to="practitioner")] = ""
    settled_at: Annotated[dt.datetime | None, about("Settled at")] = None


class Alias(Record, frozen=True, kw_only=True, omit_defaults=True):
    """Two records are one person. Child records stay where they are and are read through this; ending it undoes it.
    One is made in each of the two buckets."""

    survivor_id: Annotated[str, about("Record kept", FIXED, required=True)] = ""
    vanished_id: Annotated[str, about("Record joined to it", FIXED, required=True)] = ""
    state: Annotated[str, about("State", Merge.STATE, code_list="alias_states", counted=True)] = ""
    reason: Annotated[str, about("Reason", long=True)] = ""
    made_by: Annotated[str, about("Made by", FIXED, refers_to="practitioner")] = ""


class Misfiling(Record, frozen=True, kw_only=True, omit_defaults=True):
    """Marks a record as written in the wrong person's record (PRACTICE W8). The target leaves every screen, print,
    letter, return and bundle; `copy_id` is its copy under the right person, with author and time kept."""

    target_type: Annotated[str, about("Kind of record", FIXED, required=True)] = ""
    target_id: Annotated[str, about("Record", FIXED, required=True)] = ""
    copy_id: Annotated[str, about("Copy under the right person", FIXED)] = ""
    right_person_id: Annotated[str, about("Right person", FIXED, refers_to="person")] = ""
    reason: Annotated[str, about("Reason", FIXED, required=True, long=True)] = ""
    marked_by: Annotated[str, about("Marked by", FIXED, refers_to="practitioner")] = ""
    marked_at: Annotated[dt.datetime | None, about("Marked at", FIXED)] = None
    ended: Annotated[bool | None, about("Taken back")] = None


def _following(
    struct: type[Record],
    name: str,
    label: str,
    plural: str,
    lifecycle: Lifecycle,
    head_of: tuple[str, ...] | None = None,
) -> RecordType:
    return RecordType(
        struct=struct,
        name=name,
        label=label,
        plural=plural,
        compartment=None,
        lifecycle=lifecycle,
        head_of=head_of,
        transitions={"": frozenset({"open"}), "open": frozenset({"settled"}), "settled": frozenset({"open"})}
        if name == "conflict"
        else {},
    )


AMENDMENT = _following(
    Amendment, "amendment", "Amendment", "Amendments", Lifecycle.IMMUTABLE, head_of=("target_id", "field")
)
CONFLICT = _following(Conflict, "conflict", "Clash of edits", "Clashes of edits", Lifecycle.EDITABLE)
MISFILING = _following(
    Misfiling, "misfiling", "Entry in the wrong record", "Entries in the wrong record", Lifecycle.EDITABLE
)
ALIAS = RecordType(
    struct=Alias,
    name="alias",
    label="Joined record",
    plural="Joined records",
    compartment=Compartment.CARD,
    transitions={"": frozenset({"active"}), "active": frozenset({"ended"}), "ended": frozenset({"active"})},
)
