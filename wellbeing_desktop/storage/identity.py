"""Whose store this is: the one row that every store has, equal to what its envelopes say."""

from collections.abc import Callable
from typing import Any, Final

import msgspec

STORE_FORMAT: Final = 1
"""Of the folder and its files as a whole; the tables have the migrations' numbers."""


class Identity(msgspec.Struct, frozen=True):
    """Store, organisation and user ids (UUIDs as text), and the format of the store."""

    store_id: str
    organisation_id: str
    user_id: str
    format: int = STORE_FORMAT


def identity_of(fetch: Callable[[str], tuple[Any, ...] | None]) -> Identity | None:
    """The identity row, through a function that answers a statement's first row; None if there is no row."""
    row = fetch("SELECT store_id, organisation_id, user_id, format FROM identity")
    return None if row is None else Identity(*row)
