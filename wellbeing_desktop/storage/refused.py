"""Work of one's own that the server could not apply: kept there, and here until it is settled, with its words.

Its author may try again as it was, or take it back; somebody else may have applied it or set it aside meanwhile. What
stands in `result` beside the operation: `quarantined:why`, `held:why`, `set_aside:why`, `taken_back:why` until the
server has been told.
"""

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.definition import RecordType
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.operation import OperationKind
from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.storage import outbox, records
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.statements import fill, json_text

_ASK: Final = "Tell your administrator: the program that made this has a fault."

REASONS: Final[dict[str, tuple[str, str]]] = {
    "past_lease": (
        "It was written after this laptop had been away from its server too long.",
        "Your team lead decides about it.",
    ),
    "leaving": ("It arrived after your access here had ended.", "Your team decides about it."),
    "not_granted": (
        "You had no access to this part of the record when it arrived.",
        "Ask your team lead to apply it, or for access and then try again.",
    ),
    "another_author": ("It was written under another name.", "A colleague with access can apply it."),
    "wrong_subject": ("It was written in a record that it is not about.", _ASK),
    "another_record": ("Another record has the same number.", _ASK),
    "immutable": ("The record is not changed once it is saved.", "Amend it, with a reason."),
    "fixed_field": ("This part of the record is not changed once it is saved.", "Amend it, with a reason."),
    "not_a_step": (
        "The record had moved on to a state that this does not follow.",
        "Open the record, look at where it is now, and do it again if it is still right.",
    ),
    "made_by_merge": ("Only the server writes this.", _ASK),
    "already_settled": ("Somebody had settled this clash already.", "Open the clash to see what was chosen."),
    "changed_since": ("Somebody had changed the record since you looked.", "Look again, and choose again."),
    "before_creation": (
        "The record that it belongs to has not reached the server.",
        "It is applied when that arrives from the other laptop.",
    ),
    "held_with_another": (
        "It was saved together with something that waits for its record.",
        "It is applied when that arrives from the other laptop.",
    ),
    "refused_with_another": (
        "It was saved together with something that could not be applied.",
        "Look at what it was saved with.",
    ),
    "erased": ("The record was erased on request.", "Nothing more is kept about this person."),
    "never_created": (
        "The record that it belongs to never reached the server.",
        "Ask who made the record to sync, or write it again.",
    ),
    "salvaged": (
        "The server was restored from a backup, and lacks this. Another laptop had it.",
        "Somebody with access can put it back.",
    ),
}
"""For each of the server's words: what happened, and what to do."""

_SHAPE: Final = ("The server could not read it.", _ASK)


class UnappliedWork(msgspec.Struct, frozen=True, kw_only=True):
    """One operation that does not stand. `place` names it for what can be done about it. `state` is "open", "handed"
    to a colleague, "waiting" for its record, or "set_aside" by somebody, whose words are `note`. `words` are what was
    written, label and text, to read or to copy. `together` are the places of what stands or falls with it."""

    place: int
    n: int
    type: str
    id: str
    person_id: str
    at: str
    kind: str
    why_word: str
    why: str
    advice: str
    state: str
    note: str
    words: tuple[tuple[str, str], ...]
    together: tuple[int, ...]

    @property
    def text(self) -> str:
        """Everything that was written, to be copied out."""
        return "\n".join(f"{label}: {value}" for label, value in self.words)


def refused_work(reader: Reader, limit: int = 200) -> list[UnappliedWork]:
    """What the server could not apply and nobody has settled, newest first."""
    rows = reader.rows(_UNAPPLIED, (limit,))
    together: dict[str, list[int]] = {}
    for place, _n, txn, *_rest in rows:
        together.setdefault(txn, []).append(place)
    return [_work(row, tuple(sorted(together[row[2]]))) for row in rows]


def unapplied_count(reader: Reader) -> int:
    """How many operations wait to be settled."""
    return int(reader.value(_COUNT))


def reasons(why: str) -> tuple[str, str]:
    """What happened, and what to do, for one of the server's words."""
    return REASONS.get(why, _SHAPE)


def take_back(writer: Writer, places: Sequence[int]) -> tuple[str, ...]:
    """Its author takes work back, to write it otherwise or not at all; answers the words of each. A record that only
    it made leaves the lists. Within a transaction. Raises Refused if there is none of it any more."""
    works = _at(writer, places)
    for work in works:
        writer.execute("UPDATE outbox SET result = ? WHERE local = ?", (f"taken_back:{work.why_word}", work.place))
        _forget_if_only_here(writer, work)
    return tuple(work.text for work in works)


def try_again(writer: Writer, places: Sequence[int]) -> tuple[str, ...]:
    """Queue work once more as it was, under new operation ids; answers the records that it is about.

    Within a transaction. The server is told that the first try is taken back. Whoever calls this shows the work over
    the server's state again. Raises Refused if there is none of it any more.
    """
    works = _at(writer, places)
    txns: dict[str, str] = {}
    for work in works:
        [(txn,)] = writer.rows("SELECT txn FROM outbox WHERE local = ?", (work.place,))
        txns.setdefault(txn, new_id())
        writer.execute(_AGAIN, (new_id(), txns[txn], txns[txn], work.place))
        writer.execute("UPDATE outbox SET result = ? WHERE local = ?", (f"taken_back:{work.why_word}", work.place))
    return tuple(dict.fromkeys(work.id for work in works))


# With the server --------------------------------------------------------------------------------------------------


def numbers_unsettled(reader: Reader, limit: int = 500) -> list[int]:
    """The numbers of what the server may have news of."""
    return [n for (n,) in reader.rows(_NUMBERS, (limit,))]


def numbers_taken_back(reader: Reader, limit: int = 200) -> list[int]:
    """The numbers of what the server has not been told was taken back."""
    return [n for (n,) in reader.rows(_TAKEN_BACK, (limit,))]


def note_state(writer: Writer, n: int, state: str, why: str, note: str) -> None:
    """What the server says has become of an operation: applied, set_aside, open, handed, waiting, taken_back."""
    if state in ("applied", "taken_back"):
        result, said = state, None
    elif state == "set_aside":
        result, said = f"set_aside:{why}", note
    elif state == "waiting":
        result, said = f"held:{why}", None
    else:
        result, said = f"quarantined:{why}", state if state == "handed" else None
    writer.execute(
        "UPDATE outbox SET result = ?, why = ? WHERE n = ? AND state = 3 AND result NOT LIKE 'taken_back%'"
        " AND (result <> ? OR coalesce(why, '') <> coalesce(?, ''))",
        (result, said, n, result, said),
    )


def note_told(writer: Writer, n: int) -> None:
    """The server knows that this was taken back."""
    writer.execute("UPDATE outbox SET result = 'gone' WHERE n = ? AND result LIKE 'taken_back%'", (n,))


_COLUMNS: Final = "local, n, txn, type, id, subject, kind, patch, at, result, why"
_SHOWN: Final = "state = 3 AND (result LIKE 'quarantined%' OR result LIKE 'held%' OR result LIKE 'set_aside%')"
_UNAPPLIED: Final = fill(
    "SELECT {columns} FROM outbox WHERE {shown} ORDER BY local DESC LIMIT +?", columns=_COLUMNS, shown=_SHOWN
)
_COUNT: Final = fill("SELECT count(*) FROM outbox WHERE {shown}", shown=_SHOWN)
_SOME: Final = fill(
    "SELECT {columns} FROM outbox WHERE {shown} AND local IN (SELECT value FROM json_each(?)) ORDER BY local",
    columns=_COLUMNS,
    shown=_SHOWN,
)
_NUMBERS: Final = (
    "SELECT n FROM outbox WHERE state = 3 AND (result LIKE 'quarantined%' OR result LIKE 'held%')"
    " ORDER BY n DESC LIMIT +?"
)
_TAKEN_BACK: Final = "SELECT n FROM outbox WHERE state = 3 AND result LIKE 'taken_back%' ORDER BY n LIMIT +?"
_AGAIN: Final = (
    "INSERT INTO outbox (op_id, door, txn, id, type, subject, compartment, kind, base, patch, was, at, author, schema,"
    " action) SELECT ?, ?, ?, id, type, subject, compartment, kind, base, patch, was, at, author, schema, action"
    " FROM outbox WHERE local = ?"
)


def _at(reader: Reader, places: Sequence[int]) -> list[UnappliedWork]:
    """The work at these places, with everything that stands or falls with it."""
    rows = reader.rows(_SOME, (json_text(sorted(set(places))),))
    if not rows:
        raise Refused("This has been settled meanwhile.")
    txns = {row[2] for row in rows}
    every = [row for row in reader.rows(_UNAPPLIED, (-1,)) if row[2] in txns]
    return [_work(row, ()) for row in sorted(every, key=lambda row: int(row[0]))]


def _work(row: tuple[Any, ...], together: tuple[int, ...]) -> UnappliedWork:
    place, n, _txn, type_name, id, subject, kind, patch, at, result, note = row
    became, _, why = result.partition(":")
    said, advice = reasons(why)
    if became == "set_aside":
        advice = "Somebody looked at it and set it aside. Copy what you need, then take it back."
    state = "waiting" if became == "held" else "set_aside" if became == "set_aside" else note or "open"
    return UnappliedWork(
        place=place,
        n=n or 0,
        type=type_name,
        id=id,
        person_id=subject,
        at=at,
        kind=kind,
        why_word=why,
        why=said,
        advice=advice,
        state=state,
        note=(note or "") if became == "set_aside" else "",
        words=words_of(RECORD_TYPES.get(type_name), msgspec.json.decode(patch)),
        together=together,
    )


def words_of(record_type: RecordType | None, patch: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """What was written, in the labels that people know."""
    lines = []
    for name, value in patch.items():
        field = record_type.field(name) if record_type is not None and record_type.has_field(name) else None
        label = field.label if field is not None else name.replace("_", " ").capitalize()
        code_list = field.about.code_list if field is not None else ""
        if isinstance(value, dict):
            parts = [f"{verb} {', '.join(map(str, value.get(key, ())))}" for key, verb in _VERBS if value.get(key)]
            said = "; ".join(parts)
        elif isinstance(value, list):
            said = ", ".join(map(str, value))
        elif isinstance(value, bool):
            said = "Yes" if value else "No"
        else:
            said = "" if value is None else label_of(code_list, str(value)) if code_list else str(value)
        lines.append((label, said or "(cleared)"))
    return tuple(lines)


_VERBS: Final = (("add", "added"), ("remove", "removed"))


def _forget_if_only_here(writer: Writer, work: UnappliedWork) -> None:
    envelope = records.envelope_of(writer, work.id)
    is_only_here = work.kind == OperationKind.CREATE and envelope is not None and envelope.rev == 0
    if is_only_here and not outbox.has_pending(writer, work.id):
        records.erase_row(writer, work.type, work.id)
