"""What is typed and not yet saved: kept within a second, brought back after a lock, a crash or a flat battery.

A draft is this laptop's alone: it never syncs, is in no list but the drafts' own, and ends when its form is saved.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import msgspec

from wellbeing_desktop.domain.wire import to_wire
from wellbeing_desktop.storage.connection import Reader, Writer


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """`key` names the form it was typed in (`contact/<person>/<parked>`); `body` is that form's own, as JSON holds it."""

    key: str
    person_id: str
    body: dict[str, Any]
    saved_at: dt.datetime


def save_draft(
    writer: Writer, key: str, person_id: str, body: Mapping[str, Any], *, at: dt.datetime | None = None
) -> None:
    """Keep what is typed in a form; a later draft of the same form replaces it. `person_id` is empty for nobody's."""
    with _inside(writer):
        writer.execute(
            "INSERT INTO draft (key, person_id, body, saved_at) VALUES (?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET"
            " person_id = excluded.person_id, body = excluded.body, saved_at = excluded.saved_at",
            (key, person_id, msgspec.json.encode(body).decode(), to_wire(at or dt.datetime.now(dt.UTC))),
        )


def load_draft(reader: Reader, key: str) -> Draft | None:
    """What was last typed in a form, if it was not saved or discarded."""
    found = reader.row("SELECT key, person_id, body, saved_at FROM draft WHERE key = ?", (key,))
    return None if found is None else _draft(found)


def drafts(reader: Reader, person_id: str | None = None) -> list[Draft]:
    """Every draft, newest first; with `person_id` those about one person."""
    if person_id is None:
        found = reader.rows("SELECT key, person_id, body, saved_at FROM draft ORDER BY saved_at DESC, key")
    else:
        found = reader.rows(
            "SELECT key, person_id, body, saved_at FROM draft WHERE person_id = ? ORDER BY saved_at DESC, key",
            (person_id,),
        )
    return [_draft(row) for row in found]


def discard_draft(writer: Writer, key: str) -> bool:
    """Forget a draft; answers whether there was one.

    Call it in the transaction that saves the form, so that a crash leaves either the draft or the record.
    """
    with _inside(writer):
        return writer.execute("DELETE FROM draft WHERE key = ?", (key,)) > 0


@contextmanager
def _inside(writer: Writer) -> Iterator[None]:
    """The transaction that is open, or one of its own."""
    if writer.in_transaction:
        yield
        return
    with writer.immediate():
        yield


def _draft(found: tuple[Any, ...]) -> Draft:
    key, person_id, body, saved_at = found
    return Draft(
        key=key, person_id=person_id, body=msgspec.json.decode(body), saved_at=dt.datetime.fromisoformat(saved_at)
    )
